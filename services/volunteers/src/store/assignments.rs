//! Assignments as rows, and the queries the rules need.

use std::{collections::BTreeMap, sync::LazyLock};

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{AssignmentName, Common, Instant, Interval, Page, PageSize};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

use crate::domain::{
    assignment::{Assignment, State, Undone},
    duty::Duty,
};

/// Rows of one statement that writes many; `SQLite` takes 32,766 values in one.
const ROWS: usize = 500;
/// Volunteers that are asked for in one statement.
const VOLUNTEERS: usize = 64;

table! {
    /// An assignment as stored; instants in microseconds.
    pub(crate) struct AssignmentRow in "assignments" {
        shift: String,
        volunteer: String,
        state: i32,
        reason: String,
        starts: i64,
        ends: i64,
        signed_in: Option<i64>,
        signed_out: Option<i64>,
        former: i32,
        cause: String,
        pinned: i32,
        answer_by: Option<i64>,
        agreed: Option<i64>,
    }
}

/// Which assignments a list holds.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Name of the tournament or the shift.
    pub(crate) ancestor: String,
    /// Only those of this volunteer; empty means all.
    pub(crate) volunteer: String,
    /// Only those in one of these states.
    pub(crate) states: [bool; State::ALL.len()],
}

impl AssignmentRow {
    /// The row of an assignment on a shift at this time; `read` is the row it was made from, if any.
    pub(crate) fn of(assignment: Assignment, time: &Interval, read: Option<&Self>) -> Self {
        let (former, cause) = assignment
            .undone
            .map_or((0, String::new()), |undone| (state_to_pb(undone.former).into(), undone.cause));
        Self {
            shift: assignment.name.parent().to_string(),
            name: assignment.name.to_string(),
            volunteer: assignment.volunteer.to_string(),
            state: state_to_pb(assignment.state).into(),
            reason: assignment.reason,
            starts: time.start().as_micros(),
            ends: time.end().as_micros(),
            signed_in: assignment.signed_in.map(Instant::as_micros),
            signed_out: assignment.signed_out.map(Instant::as_micros),
            former,
            cause,
            pinned: assignment.is_pinned.into(),
            answer_by: assignment.answer_by.map(Instant::as_micros),
            agreed: assignment.agreed.map(Instant::as_micros),
            revision: read.map_or(0, |row| row.revision),
            created: read.map_or(0, |row| row.created),
            updated: read.map_or(0, |row| row.updated),
        }
    }

    /// The assignment of the row.
    pub(crate) fn assignment(&self) -> Result<Assignment, StoreError> {
        self.read().map_err(|problem| Common::internal(format!("assignment {}: {problem}", self.name)).into())
    }

    fn read(&self) -> Result<Assignment, Box<dyn std::error::Error>> {
        let instant = |micros: Option<i64>| micros.map(Instant::from_micros).transpose();
        let undone = match self.former {
            0 => None,
            former => Some(Undone { former: state(former)?, cause: self.cause.clone() }),
        };
        Ok(Assignment {
            name: self.name.parse()?,
            volunteer: self.volunteer.parse()?,
            state: state(self.state)?,
            reason: self.reason.clone(),
            signed_in: instant(self.signed_in)?,
            signed_out: instant(self.signed_out)?,
            undone,
            is_pinned: self.pinned != 0,
            answer_by: instant(self.answer_by)?,
            agreed: instant(self.agreed)?,
        })
    }

    /// Whether its shift shares time with an interval.
    pub(crate) fn time_overlaps(&self, time: &Interval) -> bool {
        self.starts < time.end().as_micros() && time.start().as_micros() < self.ends
    }

    /// When its shift takes place.
    pub(crate) fn time(&self) -> Result<Interval, StoreError> {
        let instant = |micros| Instant::from_micros(micros).map_err(Common::internal);
        Ok(Interval::new(instant(self.starts)?, instant(self.ends)?).map_err(Common::internal)?)
    }

    /// What it takes of the person's time.
    pub(crate) fn duty(&self) -> Result<Option<Duty>, StoreError> {
        let read = || -> Result<_, Box<dyn std::error::Error>> {
            let time = Interval::new(Instant::from_micros(self.starts)?, Instant::from_micros(self.ends)?)?;
            Ok((time, state(self.state)?, self.signed_out.map(Instant::from_micros).transpose()?))
        };
        let (time, state, signed_out) =
            read().map_err(|problem| Common::internal(format!("assignment {}: {problem}", self.name)))?;
        Ok(Duty::of(self.shift.clone(), time, state, signed_out))
    }
}

impl From<AssignmentRow> for pb::Assignment {
    fn from(row: AssignmentRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            volunteer: row.volunteer,
            state: row.state,
            reason: row.reason,
            start_time: Some(micros_to_timestamp(row.starts)),
            end_time: Some(micros_to_timestamp(row.ends)),
            sign_in_time: row.signed_in.map(micros_to_timestamp),
            sign_out_time: row.signed_out.map(micros_to_timestamp),
            pinned: row.pinned != 0,
            answer_by: row.answer_by.map(micros_to_timestamp),
        }
    }
}

/// The state as the contract numbers it.
pub(crate) fn state_to_pb(state: State) -> pb::AssignmentState {
    match state {
        State::Proposed => pb::AssignmentState::Proposed,
        State::Invited => pb::AssignmentState::Invited,
        State::Accepted => pb::AssignmentState::Accepted,
        State::Declined => pb::AssignmentState::Declined,
        State::SignedIn => pb::AssignmentState::SignedIn,
        State::SignedOut => pb::AssignmentState::SignedOut,
        State::NoShow => pb::AssignmentState::NoShow,
        State::ToBeReplaced => pb::AssignmentState::ToBeReplaced,
        State::Withdrawn => pb::AssignmentState::Withdrawn,
        State::Left => pb::AssignmentState::Left,
    }
}

fn state(number: i32) -> Result<State, String> {
    let is_it = |state: &State| i32::from(state_to_pb(*state)) == number;
    State::ALL.into_iter().find(is_it).ok_or_else(|| format!("state {number}"))
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM assignments WHERE {condition}", AssignmentRow::sql().columns)
}

/// Every assignment on a shift, by name.
pub(crate) async fn of_shift(conn: &mut Conn, shift: &str) -> Result<Vec<AssignmentRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("shift = $1 ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(shift).fetch_all(c).await)?)
}

/// Every assignment of a tournament, by name.
pub(crate) async fn of_tournament(
    conn: &mut Conn,
    tournament: &str,
) -> Result<Vec<AssignmentRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("name > $1 AND name < $2 ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(format!("{tournament}/"))
        .bind(format!("{tournament}0"))
        .fetch_all(c)
        .await)?)
}

/// The assignments of a volunteer, by start.
pub(crate) async fn of_volunteer(conn: &mut Conn, volunteer: &str) -> Result<Vec<AssignmentRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("volunteer = $1 ORDER BY starts, name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(volunteer).fetch_all(c).await)?)
}

/// The assignments of a volunteer in a state, by start.
pub(crate) async fn in_state(
    conn: &mut Conn,
    volunteer: &str,
    state: State,
) -> Result<Vec<AssignmentRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("volunteer = $1 AND state = $2 ORDER BY starts, name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(volunteer)
        .bind(i32::from(state_to_pb(state)))
        .fetch_all(c)
        .await)?)
}

/// Invitations of a tournament whose deadline lies before a moment, the oldest first: at most so many.
pub(crate) async fn overdue(
    conn: &mut Conn,
    tournament: &str,
    now: Instant,
    most: i64,
) -> Result<Vec<AssignmentRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "state = 2 AND answer_by IS NOT NULL AND answer_by < $1 AND name > $2 AND name < $3 \
             ORDER BY answer_by, name LIMIT $4",
        )
    });
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(now.as_micros())
        .bind(format!("{tournament}/"))
        .bind(format!("{tournament}0"))
        .bind(most)
        .fetch_all(c)
        .await)?)
}

/// Assignments of a tournament that a change has broken, by name.
pub(crate) async fn broken_by(
    conn: &mut Conn,
    tournament: &str,
    change: &str,
) -> Result<Vec<AssignmentRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("cause = $1 AND state = $2 AND name > $3 AND name < $4 ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(change)
        .bind(i32::from(state_to_pb(State::ToBeReplaced)))
        .bind(format!("{tournament}/"))
        .bind(format!("{tournament}0"))
        .fetch_all(c)
        .await)?)
}

/// The assignments in a state on shifts of a tournament or of one shift, by name: at most 10,000.
pub(crate) async fn in_state_below(
    conn: &mut Conn,
    ancestor: &str,
    state: State,
) -> Result<Vec<AssignmentRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("name > $1 AND name < $2 AND state = $3 ORDER BY name LIMIT 10000"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(format!("{ancestor}/"))
        .bind(format!("{ancestor}0"))
        .bind(i32::from(state_to_pb(state)))
        .fetch_all(c)
        .await)?)
}

/// What the schedule has broken last in each tournament: its name, when, in microseconds, and by which change.
pub(crate) async fn last_broken(conn: &mut Conn) -> Result<BTreeMap<String, (i64, String)>, StoreError> {
    const BROKEN: i32 = pb::AssignmentState::ToBeReplaced as i32;
    // the number stands in the text: only so the index of what is broken serves on both databases
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!("SELECT name, updated, cause FROM assignments WHERE state = {BROKEN} ORDER BY updated")
    });
    let rows: Vec<(String, i64, String)> = on_db!(conn, |c| sqlx::query_as(&SQL).fetch_all(c).await)?;
    let mut last = BTreeMap::new();
    for (name, updated, cause) in rows {
        let name: AssignmentName = name.parse().map_err(Common::internal)?;
        last.insert(name.parent().parent().to_string(), (updated, cause));
    }
    Ok(last)
}

/// All the work of these volunteers, by start.
pub(crate) async fn duties(
    conn: &mut Conn,
    volunteers: &[&str],
) -> Result<BTreeMap<String, Vec<Duty>>, StoreError> {
    static SQL: LazyLock<[(usize, String); 2]> = LazyLock::new(|| {
        [1, VOLUNTEERS].map(|count| {
            let names: Vec<String> = (1..=count).map(|number| format!("${number}")).collect();
            (
                count,
                select(&format!(
                    "volunteer IN ({}) AND state IN (1, 2, 3, 5, 6, 10) ORDER BY starts, name",
                    names.join(", ")
                )),
            )
        })
    });
    let mut duties: BTreeMap<String, Vec<Duty>> = BTreeMap::new();
    for volunteers in volunteers.chunks(VOLUNTEERS) {
        let [alone, many] = &*SQL;
        let (count, sql) = if volunteers.len() == 1 { alone } else { many };
        let rows: Vec<AssignmentRow> = on_db!(conn, |c| {
            let mut query = sqlx::query_as(sql);
            // one text for any number: the first is asked for again
            for volunteer in volunteers.iter().chain(std::iter::repeat(&volunteers[0])).take(*count) {
                query = query.bind(*volunteer);
            }
            query.fetch_all(c).await
        })?;
        for row in rows {
            if let Some(duty) = row.duty()? {
                duties.entry(row.volunteer).or_default().push(duty);
            }
        }
    }
    Ok(duties)
}

/// All the work of a volunteer, by start.
pub(crate) async fn duties_of(conn: &mut Conn, volunteer: &str) -> Result<Vec<Duty>, StoreError> {
    Ok(duties(conn, &[volunteer]).await?.remove(volunteer).unwrap_or_default())
}

/// Gives every assignment on a shift its new time.
pub(crate) async fn retime(tx: &mut Tx, shift: &str, time: &Interval) -> Result<(), StoreError> {
    let now = tx.now().as_micros();
    on_db!(tx, |c| {
        sqlx::query(
        "UPDATE assignments SET starts = $2, ends = $3, revision = revision + 1, updated = $4 WHERE shift = $1"
    )
    .bind(shift)
    .bind(time.start().as_micros())
    .bind(time.end().as_micros())
    .bind(now)
    .execute(c)
    .await
    .map(drop)
    })?;
    Ok(())
}

/// Writes new rows that are stamped already.
pub(crate) async fn insert_all(tx: &mut Tx, rows: &[AssignmentRow]) -> Result<(), StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| format!("INSERT INTO assignments ({}) ", AssignmentRow::sql().columns));
    for rows in rows.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(SQL.as_str());
            query.push_values(rows, |mut values, row| {
                values
                    .push_bind(&row.name)
                    .push_bind(&row.shift)
                    .push_bind(&row.volunteer)
                    .push_bind(row.state);
                values.push_bind(&row.reason).push_bind(row.starts).push_bind(row.ends);
                values.push_bind(row.signed_in).push_bind(row.signed_out).push_bind(row.former);
                values
                    .push_bind(&row.cause)
                    .push_bind(row.pinned)
                    .push_bind(row.answer_by)
                    .push_bind(row.agreed)
                    .push_bind(row.revision)
                    .push_bind(row.created)
                    .push_bind(row.updated);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// A page of assignments by name.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<AssignmentRow>, StoreError> {
    const CONDITION: &str =
        "name > $1 AND name < $2 AND state IN ($3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    static ALL: LazyLock<String> = LazyLock::new(|| select(&format!("{CONDITION} ORDER BY name LIMIT $13")));
    static OF_VOLUNTEER: LazyLock<String> =
        LazyLock::new(|| select(&format!("{CONDITION} AND volunteer = $14 ORDER BY name LIMIT $13")));
    let (first, until) = (format!("{}/", filter.ancestor), format!("{}0", filter.ancestor));
    let after = after.filter(|key| key.starts_with(&first)).unwrap_or(&first);
    let sql = if filter.volunteer.is_empty() { &*ALL } else { &*OF_VOLUNTEER };
    let rows: Vec<AssignmentRow> = on_db!(conn, |c| {
        let mut query = sqlx::query_as(sql).bind(after).bind(&until);
        for (number, is_wanted) in (1..).zip(filter.states) {
            query = query.bind(if is_wanted { number } else { 0 });
        }
        query = query.bind(i64::from(size.get()) + 1);
        if !filter.volunteer.is_empty() {
            query = query.bind(&filter.volunteer);
        }
        query.fetch_all(c).await
    })?;
    Ok(Page::cut(rows, size, |row| row.name.clone()))
}
