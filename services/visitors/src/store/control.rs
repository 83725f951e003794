//! Limits, counts and entry states of openings as rows, and as the contract shows them.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::Common;
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

use super::admissions;
use crate::domain::{
    capacity::{Approved, Filling, Limits, Tier},
    entry::EntryState,
};

table! {
    /// The limits of an opening as stored, named as the opening.
    pub(crate) struct EntryControlRow in "entry_controls" {
        approved: Option<i64>,
        permit: String,
        entry_figure: Option<i64>,
        holding: Option<i64>,
        exit_figure: Option<i64>,
        emergency: Option<i64>,
        everyone: Option<i64>,
        safe_limit: Option<i64>,
        raised_to: Option<i64>,
    }
}

impl EntryControlRow {
    /// The row of these limits in place of another, which ends what a supervisor raised.
    pub(crate) fn of(limits: Limits, before: Self) -> Self {
        let (approved, permit) = match limits.approved {
            Some(Approved { number, permit }) => (Some(number), permit),
            None => (None, String::new()),
        };
        Self {
            approved,
            permit,
            entry_figure: limits.entry,
            holding: limits.holding,
            exit_figure: limits.exit,
            emergency: limits.emergency,
            everyone: limits.everyone,
            safe_limit: limits.safe_limit,
            raised_to: None,
            ..before
        }
    }

    /// The limits of the row.
    pub(crate) fn limits(&self) -> Limits {
        let permit = self.permit.clone();
        Limits {
            approved: self.approved.map(|number| Approved { number, permit }),
            entry: self.entry_figure,
            holding: self.holding,
            exit: self.exit_figure,
            emergency: self.emergency,
            everyone: self.everyone,
            safe_limit: self.safe_limit,
        }
    }

    /// People of the public who may be inside; `None` without a limit.
    pub(crate) fn public_limit(&self) -> Option<i64> {
        self.raised_to.or_else(|| self.limits().governing())
    }

    /// What the contract shows of it, with the entry states.
    pub(crate) fn into_pb(self, states: &[EntryStateRow], identity_checked: bool) -> pb::EntryControl {
        pb::EntryControl {
            etag: self.etag(),
            public_limit: self.public_limit().map(number),
            limits: Some(limits_to_pb(self.limits())),
            raised_to: self.raised_to.map(number),
            states: states.iter().map(EntryStateRow::to_pb).collect(),
            identity_checked,
            name: self.name,
        }
    }
}

/// A count as the contract has it: what it cannot hold is far above every count.
pub(crate) fn number(count: i64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// The limits as the contract shows them.
pub(crate) fn limits_to_pb(limits: Limits) -> pb::CapacityLimits {
    pb::CapacityLimits {
        approved: limits.approved.as_ref().map(|approved| number(approved.number)),
        permit: limits.approved.map(|approved| approved.permit).unwrap_or_default(),
        entry: limits.entry.map(number),
        holding: limits.holding.map(number),
        exit: limits.exit.map(number),
        emergency: limits.emergency.map(number),
        everyone: limits.everyone.map(number),
        safe_limit: limits.safe_limit.map(number),
    }
}

/// The tier as the contract numbers it.
pub(crate) fn tier_to_pb(tier: Option<Tier>) -> pb::CapacityTier {
    match tier {
        None => pb::CapacityTier::Unspecified,
        Some(Tier::Green) => pb::CapacityTier::Green,
        Some(Tier::Yellow) => pb::CapacityTier::Yellow,
        Some(Tier::Orange) => pb::CapacityTier::Orange,
        Some(Tier::Red) => pb::CapacityTier::Red,
    }
}

/// The entry state of a gate as stored; an empty gate is all of them.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct EntryStateRow {
    pub(crate) gate: String,
    pub(crate) state: i32,
    pub(crate) since: i64,
    pub(crate) room: i64,
}

impl EntryStateRow {
    fn to_pb(&self) -> pb::GateEntry {
        pb::GateEntry {
            gate: self.gate.clone(),
            state: self.state,
            since_time: Some(micros_to_timestamp(self.since)),
            room: number(self.room),
        }
    }
}

/// The state of the contract's number for it; without a row it is normal.
pub(crate) fn entry_state(state: Option<i32>, room: Option<i64>) -> Result<EntryState, StoreError> {
    let state = pb::EntryState::try_from(state.unwrap_or(pb::EntryState::Normal.into()));
    match state.map_err(Common::internal)? {
        pb::EntryState::Normal => Ok(EntryState::Normal),
        pb::EntryState::Paused => Ok(EntryState::Paused),
        pb::EntryState::OneInOneOut => Ok(EntryState::OneInOneOut { room: room.unwrap_or_default() }),
        pb::EntryState::Unspecified => Err(Common::internal("entry state 0").into()),
    }
}

/// Whether an opening lets in only those whose identity was confirmed.
pub(crate) async fn is_identity_checked(conn: &mut Conn, opening: &str) -> Result<bool, StoreError> {
    let since: Option<i64> =
        on_db!(conn, |c| sqlx::query_scalar("SELECT since FROM identity_checks WHERE opening = $1")
            .bind(opening)
            .fetch_optional(c)
            .await)?;
    Ok(since.is_some())
}

/// Lets an opening check identities from now on, or not any more.
pub(crate) async fn check_identity(tx: &mut Tx, opening: &str, is_checked: bool) -> Result<(), StoreError> {
    let now = tx.now().as_micros();
    if is_checked {
        on_db!(tx, |c| sqlx::query(
            "INSERT INTO identity_checks (opening, since) VALUES ($1, $2) ON CONFLICT (opening) DO NOTHING"
        )
        .bind(opening)
        .bind(now)
        .execute(c)
        .await
        .map(drop))?;
        return Ok(());
    }
    on_db!(tx, |c| sqlx::query("DELETE FROM identity_checks WHERE opening = $1")
        .bind(opening)
        .execute(c)
        .await
        .map(drop))?;
    Ok(())
}

/// The entry states of an opening that are not normal.
pub(crate) async fn states(conn: &mut Conn, opening: &str) -> Result<Vec<EntryStateRow>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT gate, state, since, room FROM entry_states WHERE opening = $1 ORDER BY gate"
    )
    .bind(opening)
    .fetch_all(c)
    .await)?)
}

/// Writes the entry state of a gate, from now on and without room; a normal one is no row.
pub(crate) async fn set_state(
    tx: &mut Tx,
    opening: &str,
    gate: &str,
    state: pb::EntryState,
) -> Result<(), StoreError> {
    let since = tx.now().as_micros();
    on_db!(tx, |c| sqlx::query("DELETE FROM entry_states WHERE opening = $1 AND gate = $2")
        .bind(opening)
        .bind(gate)
        .execute(c)
        .await
        .map(drop))?;
    if state == pb::EntryState::Normal {
        return Ok(());
    }
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO entry_states (opening, gate, state, since, room) VALUES ($1, $2, $3, $4, 0)"
    )
    .bind(opening)
    .bind(gate)
    .bind(i32::from(state))
    .bind(since)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Gives room to the gates that let in one for one, or takes it.
pub(crate) async fn make_room(tx: &mut Tx, opening: &str, gate: &str, room: i64) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "UPDATE entry_states SET room = room + $1 WHERE opening = $2 AND gate IN ('', $3) AND state = 3"
    )
    .bind(room)
    .bind(opening)
    .bind(gate)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// Who is inside of an opening that has limits, and whether one was reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct CountRow {
    pub(crate) public_limit: Option<i64>,
    pub(crate) everyone_limit: Option<i64>,
    pub(crate) public_inside: i64,
    pub(crate) everyone_inside: i64,
    pub(crate) held: i64,
    pub(crate) reached: i32,
}

impl CountRow {
    /// Who is inside, and what limits it.
    pub(crate) fn filling(&self) -> Filling {
        Filling {
            public_limit: self.public_limit,
            everyone_limit: self.everyone_limit,
            public: self.public_inside,
            everyone: self.everyone_inside,
            held: self.held,
        }
    }

    /// The row of another filling.
    pub(crate) fn of(filling: Filling, is_reached: bool) -> Self {
        Self {
            public_limit: filling.public_limit,
            everyone_limit: filling.everyone_limit,
            public_inside: filling.public,
            everyone_inside: filling.everyone,
            held: filling.held,
            reached: i32::from(is_reached),
        }
    }
}

/// The count of an opening; `None` when nothing ever limited it.
pub(crate) async fn count(conn: &mut Conn, opening: &str) -> Result<Option<CountRow>, StoreError> {
    Ok(on_db!(conn, |c| {
        sqlx::query_as(
        "SELECT public_limit, everyone_limit, public_inside, everyone_inside, held, reached FROM entry_counts \
         WHERE opening = $1"
    )
    .bind(opening)
    .fetch_optional(c)
    .await
    })?)
}

/// The count of an opening; where none was kept yet, of its admissions.
pub(crate) async fn count_from_now_on(conn: &mut Conn, opening: &str) -> Result<CountRow, StoreError> {
    if let Some(count) = count(conn, opening).await? {
        return Ok(count);
    }
    let inside = admissions::count(conn, opening).await?.occupancy;
    Ok(CountRow { public_inside: inside.public, everyone_inside: inside.everyone, ..CountRow::default() })
}

/// Writes the count of an opening. It is read and written under the lock of the openings.
pub(crate) async fn save_count(tx: &mut Tx, opening: &str, count: &CountRow) -> Result<(), StoreError> {
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO entry_counts \
         (opening, public_limit, everyone_limit, public_inside, everyone_inside, held, reached) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (opening) DO UPDATE SET \
         public_limit = excluded.public_limit, everyone_limit = excluded.everyone_limit, \
         public_inside = excluded.public_inside, everyone_inside = excluded.everyone_inside, \
         held = excluded.held, reached = excluded.reached"
    )
    .bind(opening)
    .bind(count.public_limit)
    .bind(count.everyone_limit)
    .bind(count.public_inside)
    .bind(count.everyone_inside)
    .bind(count.held)
    .bind(count.reached)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}
