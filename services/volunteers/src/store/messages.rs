//! Messages as rows. Address and text stand here alone: they are in no event, and in no reply that is kept.

use std::sync::LazyLock;

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, Instant, Page, PageSize};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, Tx, on_db, table};

use super::words;
use crate::domain::message::{Channel, Next, State};

/// Rows of one statement that writes many; `SQLite` takes 32,766 values in one.
const ROWS: usize = 500;

table! {
    /// A message as stored; instants in microseconds.
    pub(crate) struct MessageRow in "messages" {
        broadcast: String,
        volunteer: String,
        key: String,
        channel: i32,
        languages: String,
        address: String,
        subject: String,
        body: String,
        state: i32,
        attempts: i32,
        attempted: Option<i64>,
        due: Option<i64>,
        recalled: i32,
        holder: String,
        problem: String,
    }
}

impl MessageRow {
    /// Where it stands.
    pub(crate) fn at(&self) -> Result<State, StoreError> {
        let place = usize::try_from(self.state).ok().and_then(|number| number.checked_sub(1));
        let state = place.and_then(|place| State::ALL.get(place)).copied();
        state.ok_or_else(|| Common::internal(format!("{}: state {}", self.name, self.state)).into())
    }

    /// How it leaves the house.
    pub(crate) fn channel(&self) -> Result<Channel, StoreError> {
        let channel = channel(self.channel);
        channel.ok_or_else(|| Common::internal(format!("{}: channel {}", self.name, self.channel)).into())
    }

    /// Attempts so far.
    pub(crate) fn attempts(&self) -> u32 {
        u32::try_from(self.attempts).unwrap_or_default()
    }

    /// The same, claimed for an attempt of a process that begins now.
    pub(crate) fn claimed(self, holder: &str, now: Instant) -> Self {
        Self {
            state: number(State::Sending),
            attempts: self.attempts.saturating_add(1),
            attempted: Some(now.as_micros()),
            due: None,
            holder: holder.to_owned(),
            ..self
        }
    }

    /// The same after an attempt. One that was recalled meanwhile is not tried again; of one that is settled for good
    /// the address is not kept.
    pub(crate) fn after(self, next: Next) -> Self {
        let is_recalled = self.recalled != 0 && next.state == State::Queued;
        let state = if is_recalled { State::Cancelled } else { next.state };
        let is_settled = matches!(state, State::Sent | State::Cancelled);
        Self {
            state: number(state),
            due: next.due.filter(|_| !is_recalled).map(Instant::as_micros),
            address: if is_settled { String::new() } else { self.address },
            problem: next.problem,
            holder: String::new(),
            ..self
        }
    }

    /// The same, to be sent again from the beginning, to an address.
    pub(crate) fn queued_again(self, address: String, now: Instant) -> Self {
        Self {
            state: number(State::Queued),
            attempts: 0,
            due: Some(now.as_micros()),
            address,
            recalled: 0,
            problem: String::new(),
            ..self
        }
    }
}

impl From<MessageRow> for pb::Message {
    fn from(row: MessageRow) -> Self {
        Self {
            name: row.name,
            volunteer: row.volunteer,
            languages: words(&row.languages),
            state: row.state,
            attempts: row.attempts,
            attempt_time: row.attempted.map(micros_to_timestamp),
            due_time: row.due.map(micros_to_timestamp),
            problem: row.problem,
            key: row.key,
        }
    }
}

/// The number that a state is kept as: that of the contract.
pub(crate) fn number(state: State) -> i32 {
    state as i32 + 1
}

/// The number that a channel is kept as: that of the contract.
pub(crate) fn channel_number(channel: Channel) -> i32 {
    channel as i32 + 1
}

/// The channel of a number of the contract.
pub(crate) fn channel(number: i32) -> Option<Channel> {
    Channel::ALL.into_iter().find(|channel| channel_number(*channel) == number)
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM messages WHERE {condition}", MessageRow::sql().columns)
}

/// Numbers for a list in a statement.
fn list(numbers: impl IntoIterator<Item = i32>) -> String {
    numbers.into_iter().map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
}

/// Writes new messages.
pub(crate) async fn insert_all(tx: &mut Tx, rows: &mut [MessageRow]) -> Result<(), StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| format!("INSERT INTO messages ({}) ", MessageRow::sql().columns));
    let now = tx.now().as_micros();
    for row in &mut *rows {
        row.stamp(now);
    }
    for rows in rows.chunks(ROWS) {
        on_db!(tx, |c| {
            let mut query = sqlx::QueryBuilder::new(SQL.as_str());
            query.push_values(rows, |mut values, row| {
                values.push_bind(&row.name).push_bind(&row.broadcast).push_bind(&row.volunteer);
                values.push_bind(&row.key).push_bind(row.channel).push_bind(&row.languages);
                values.push_bind(&row.address).push_bind(&row.subject).push_bind(&row.body);
                values.push_bind(row.state).push_bind(row.attempts).push_bind(row.attempted);
                values.push_bind(row.due).push_bind(row.recalled).push_bind(&row.holder);
                values.push_bind(&row.problem);
                values.push_bind(row.revision).push_bind(row.created).push_bind(row.updated);
            });
            query.build().execute(c).await.map(drop)
        })?;
    }
    Ok(())
}

/// The messages of a broadcast in some states, at most so many, by name after a key.
pub(crate) async fn page(
    conn: &mut Conn,
    broadcast: &str,
    states: &[State],
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<MessageRow>, StoreError> {
    let states = list(states.iter().map(|state| number(*state)));
    let sql = select(&format!("name > $1 AND name < $2 AND state IN ({states}) ORDER BY name LIMIT $3"));
    let (first, until) = (format!("{broadcast}/"), format!("{broadcast}0"));
    let rows: Vec<MessageRow> = on_db!(conn, |c| sqlx::query_as(&sql)
        .bind(after.filter(|key| key.starts_with(&first)).unwrap_or(&first))
        .bind(&until)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.name.clone()))
}

/// All messages of a broadcast in some states, by name.
pub(crate) async fn of_broadcast(
    conn: &mut Conn,
    broadcast: &str,
    states: &[State],
) -> Result<Vec<MessageRow>, StoreError> {
    let states = list(states.iter().map(|state| number(*state)));
    let sql = select(&format!("name > $1 AND name < $2 AND state IN ({states}) ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&sql)
        .bind(format!("{broadcast}/"))
        .bind(format!("{broadcast}0"))
        .fetch_all(c)
        .await)?)
}

/// How many messages of a broadcast stand where, by number of the state.
pub(crate) async fn counts(conn: &mut Conn, broadcast: &str) -> Result<Vec<(i32, i64)>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_as(
        "SELECT state, COUNT(*) FROM messages WHERE name > $1 AND name < $2 GROUP BY state"
    )
    .bind(format!("{broadcast}/"))
    .bind(format!("{broadcast}0"))
    .fetch_all(c)
    .await)?)
}

/// Whether a message of a broadcast waits or is under way.
pub(crate) async fn is_open(conn: &mut Conn, broadcast: &str) -> Result<bool, StoreError> {
    let open: Option<String> = on_db!(conn, |c| sqlx::query_scalar(
        "SELECT name FROM messages WHERE broadcast = $1 AND state IN (1, 2) LIMIT 1"
    )
    .bind(broadcast)
    .fetch_optional(c)
    .await)?;
    Ok(open.is_some())
}

/// Takes back what has not gone of a broadcast; returns how much.
pub(crate) async fn recall(tx: &mut Tx, broadcast: &str) -> Result<u64, StoreError> {
    let now = tx.now().as_micros();
    let cancelled = on_db!(tx, |c| sqlx::query(
        "UPDATE messages SET state = 6, due = NULL, address = '', revision = revision + 1, updated = $2 \
         WHERE broadcast = $1 AND state = 1"
    )
    .bind(broadcast)
    .bind(now)
    .execute(c)
    .await
    .map(|done| done.rows_affected()))?;
    on_db!(tx, |c| sqlx::query(
        "UPDATE messages SET recalled = 1, revision = revision + 1, updated = $2 \
         WHERE broadcast = $1 AND state = 2"
    )
    .bind(broadcast)
    .bind(now)
    .execute(c)
    .await
    .map(drop))?;
    Ok(cancelled)
}

/// Messages that are due on these channels, the longest due first: at most so many.
pub(crate) async fn due(
    conn: &mut Conn,
    channels: &[Channel],
    now: Instant,
    most: usize,
) -> Result<Vec<MessageRow>, StoreError> {
    let channels = list(channels.iter().map(|channel| channel_number(*channel)));
    let sql =
        select(&format!("state = 1 AND channel IN ({channels}) AND due <= $1 ORDER BY due, name LIMIT $2"));
    Ok(on_db!(conn, |c| sqlx::query_as(&sql)
        .bind(now.as_micros())
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(c)
        .await)?)
}

/// When the next message on these channels is due.
pub(crate) async fn next_due(conn: &mut Conn, channels: &[Channel]) -> Result<Option<Instant>, StoreError> {
    let channels = list(channels.iter().map(|channel| channel_number(*channel)));
    let sql = format!("SELECT MIN(due) FROM messages WHERE state = 1 AND channel IN ({channels})");
    let due: Option<i64> = on_db!(conn, |c| sqlx::query_scalar(&sql).fetch_one(c).await)?;
    due.map(Instant::from_micros).transpose().map_err(StoreError::internal)
}

/// Messages that a process has claimed.
pub(crate) async fn held_by(conn: &mut Conn, holder: &str) -> Result<Vec<MessageRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("state = 2 AND holder = $1 ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(holder).fetch_all(c).await)?)
}

/// Other processes that have claimed messages.
pub(crate) async fn other_holders(conn: &mut Conn, holder: &str) -> Result<Vec<String>, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT DISTINCT holder FROM messages WHERE state = 2 AND holder <> $1"
    )
    .bind(holder)
    .fetch_all(c)
    .await)?)
}
