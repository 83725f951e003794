//! Broadcasts as rows, and what is read to choose whom they go to.

use std::{collections::BTreeMap, sync::LazyLock};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, Interval, Page, PageSize};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};
use prost::Message;

use super::messages;
use crate::domain::{assignment, message::State, reach::Contact, selection::Held};

/// Names of one statement.
const NAMES: usize = 500;

table! {
    /// A broadcast as stored; content is the broadcast of the contract with its selection and what it says.
    pub(crate) struct BroadcastRow in "broadcasts" {
        tournament: String,
        number: i64,
        uid: String,
        channel: i32,
        content: Vec<u8>,
        author: String,
        unreached: i32,
    }
}

impl BroadcastRow {
    /// Adds it to the broadcasts of its tournament, under the tournament's lock.
    pub(crate) async fn add(self, tx: &mut Tx) -> Result<Self, StoreError> {
        let last: Option<i64> =
            on_db!(tx, |c| sqlx::query_scalar("SELECT MAX(number) FROM broadcasts WHERE tournament = $1")
                .bind(&self.tournament)
                .fetch_one(c)
                .await)?;
        let number = last.unwrap_or_default() + 1;
        let name = format!("{}/broadcasts/{number}", self.tournament);
        Self { name, number, ..self }.create(tx).await
    }

    /// Empties what it says when it was for one volunteer alone.
    pub(crate) async fn without(self, tx: &mut Tx, volunteer: &str) -> Result<(), StoreError> {
        let content = pb::Broadcast::decode(self.content.as_slice()).map_err(StoreError::internal)?;
        let named = content.selection.as_ref().map_or(&[][..], |one| one.volunteers.as_slice());
        if named == [volunteer] {
            let content = pb::Broadcast { texts: vec![], fields: vec![], ..content }.encode_to_vec();
            Self { content, ..self }.save(tx).await?;
        }
        Ok(())
    }

    /// The broadcast as a reader sees it.
    pub(crate) async fn shown(&self, conn: &mut Conn) -> Result<pb::Broadcast, StoreError> {
        let content = pb::Broadcast::decode(self.content.as_slice()).map_err(StoreError::internal)?;
        let mut shown = pb::Broadcast {
            name: self.name.clone(),
            channel: self.channel,
            author: self.author.clone(),
            create_time: Some(micros_to_timestamp(self.created)),
            unreached: self.unreached,
            ..content
        };
        for (state, count) in messages::counts(conn, &self.name).await? {
            let count = i32::try_from(count).unwrap_or(i32::MAX);
            let place = State::ALL.into_iter().find(|one| messages::number(*one) == state);
            match place.ok_or_else(|| Common::internal(format!("{}: state {state}", self.name)))? {
                State::Queued => shown.queued = count,
                State::Sending => shown.sending = count,
                State::Sent => shown.sent = count,
                State::Failed => shown.failed = count,
                State::Uncertain => shown.uncertain = count,
                State::Cancelled => shown.cancelled = count,
            }
        }
        Ok(shown)
    }

    /// The same without what it says: for replies that are kept.
    pub(crate) async fn told(&self, conn: &mut Conn) -> Result<pb::Broadcast, StoreError> {
        Ok(without_text(self.shown(conn).await?))
    }
}

/// A broadcast without what it says.
pub(crate) fn without_text(broadcast: pb::Broadcast) -> pb::Broadcast {
    pb::Broadcast { texts: Vec::new(), fields: Vec::new(), ..broadcast }
}

/// A page of a tournament's broadcasts, the latest first.
pub(crate) async fn page(
    conn: &mut Conn,
    tournament: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<BroadcastRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        let columns = &BroadcastRow::sql().columns;
        format!(
            "SELECT {columns} FROM broadcasts WHERE tournament = $1 AND number < $2 ORDER BY number DESC LIMIT $3"
        )
    });
    let before: i64 = after.and_then(|key| key.parse().ok()).unwrap_or(i64::MAX);
    let rows: Vec<BroadcastRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(tournament)
        .bind(before)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.number.to_string()))
}

type HeldRow = (String, String, String, String, i64, i64, i32);

/// What volunteers of a tournament hold: invited, accepted, signed in or signed out.
pub(crate) async fn held(conn: &mut Conn, tournament: &str) -> Result<Vec<Held>, StoreError> {
    let rows: Vec<HeldRow> = on_db!(conn, |c| sqlx::query_as(
        "SELECT a.volunteer, a.shift, s.post, s.place, a.starts, a.ends, a.state FROM assignments a \
         JOIN shifts s ON s.name = a.shift WHERE a.name > $1 AND a.name < $2 AND a.state IN (2, 3, 5, 6)"
    )
    .bind(format!("{tournament}/"))
    .bind(format!("{tournament}0"))
    .fetch_all(c)
    .await)?;
    let instant = |micros| Instant::from_micros(micros).map_err(StoreError::internal);
    let held = |(volunteer, shift, post, place, starts, ends, state): HeldRow| {
        let time = Interval::new(instant(starts)?, instant(ends)?).map_err(StoreError::internal)?;
        let state = match state {
            2 => assignment::State::Invited,
            3 => assignment::State::Accepted,
            5 => assignment::State::SignedIn,
            _ => assignment::State::SignedOut,
        };
        Ok(Held { volunteer, shift, post, place, time, state })
    };
    rows.into_iter().map(held).collect()
}

type ContactRow = (String, i32, Option<i64>, String, String);

/// How to reach these volunteers, by name; who is missing left nothing.
pub(crate) async fn contacts(
    conn: &mut Conn,
    volunteers: &[&str],
) -> Result<BTreeMap<String, Contact>, StoreError> {
    let mut contacts: BTreeMap<String, Contact> = BTreeMap::new();
    for names in volunteers.chunks(NAMES) {
        let rows: Vec<ContactRow> = on_db!(conn, |c| {
            let mut query = sqlx::QueryBuilder::new(
                "SELECT volunteer, state, consented, email, phone FROM applications \
                 WHERE volunteer <> '' AND volunteer IN (",
            );
            let mut list = query.separated(", ");
            for name in names {
                list.push_bind(*name);
            }
            query.push(")");
            query.build_query_as().fetch_all(c).await
        })?;
        for (volunteer, state, consented, email, phone) in rows {
            let application = super::applications::state(&volunteer, state)?;
            let has_consent = consented.is_some();
            let contact =
                Contact { is_erased: false, application: Some(application), has_consent, email, phone };
            contacts.insert(volunteer, contact);
        }
        for volunteer in super::erasures::among(conn, names).await? {
            contacts.insert(volunteer, Contact { is_erased: true, ..Contact::default() });
        }
    }
    Ok(contacts)
}
