//! Runs of the timetable engine as rows.

use std::sync::LazyLock;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, Page, PageSize};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, StoreError, on_db, table};
use prost::Message;

use crate::domain::run::State;

table! {
    /// A run as stored.
    pub(crate) struct RunRow in "runs" {
        tournament: String,
        number: i64,
        kind: i32,
        state: i32,
        author: String,
        request_id: String,
        change_id: String,
        holder: String,
        body: Vec<u8>,
    }
}

impl RunRow {
    /// Where it stands.
    pub(crate) fn state(&self) -> Result<State, StoreError> {
        pb::RunState::try_from(self.state)
            .ok()
            .and_then(State::of)
            .ok_or_else(|| Common::internal(format!("{} has the state {}", self.name, self.state)).into())
    }

    /// The run of the row.
    pub(crate) fn run(&self) -> Result<pb::Run, StoreError> {
        let body = pb::Run::decode(self.body.as_slice()).map_err(StoreError::internal)?;
        Ok(pb::Run {
            name: self.name.clone(),
            kind: self.kind,
            state: self.state,
            author: self.author.clone(),
            create_time: Some(micros_to_timestamp(self.created)),
            ..body
        })
    }

    /// The row that says the same as a run; what stands in a column of its own stays.
    pub(crate) fn with(self, run: &pb::Run, state: State) -> Self {
        let body = pb::Run {
            name: String::new(),
            kind: 0,
            state: 0,
            author: String::new(),
            create_time: None,
            ..run.clone()
        };
        Self { state: pb::RunState::from(state).into(), body: body.encode_to_vec(), ..self }
    }
}

impl State {
    /// The state that the contract names; `None` for the one that says nothing.
    fn of(state: pb::RunState) -> Option<Self> {
        match state {
            pb::RunState::Unspecified => None,
            pb::RunState::Queued => Some(Self::Queued),
            pb::RunState::Running => Some(Self::Running),
            pb::RunState::Succeeded => Some(Self::Succeeded),
            pb::RunState::Infeasible => Some(Self::Infeasible),
            pb::RunState::Undecided => Some(Self::Undecided),
            pb::RunState::Cancelled => Some(Self::Cancelled),
            pb::RunState::Failed => Some(Self::Failed),
            pb::RunState::Interrupted => Some(Self::Interrupted),
        }
    }
}

impl From<State> for pb::RunState {
    fn from(state: State) -> Self {
        match state {
            State::Queued => Self::Queued,
            State::Running => Self::Running,
            State::Succeeded => Self::Succeeded,
            State::Infeasible => Self::Infeasible,
            State::Undecided => Self::Undecided,
            State::Cancelled => Self::Cancelled,
            State::Failed => Self::Failed,
            State::Interrupted => Self::Interrupted,
        }
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM runs WHERE {condition}", RunRow::sql().columns)
}

/// The run that a caller's request names.
pub(crate) async fn requested(
    conn: &mut Conn,
    author: &str,
    kind: pb::RunKind,
    request_id: &str,
) -> Result<Option<RunRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("author = $1 AND kind = $2 AND request_id = $3 AND request_id <> ''"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(author)
        .bind(i32::from(kind))
        .bind(request_id)
        .fetch_optional(c)
        .await)?)
}

/// The runs that wait or search in other processes, or in some that are gone.
pub(crate) async fn open_elsewhere(conn: &mut Conn, holder: &str) -> Result<Vec<RunRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("state <= 2 AND holder <> $1 ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(holder).fetch_all(c).await)?)
}

/// The highest number of a tournament's runs; 0 when there are none.
pub(crate) async fn highest(conn: &mut Conn, tournament: &str) -> Result<i64, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT coalesce(max(number), 0) FROM runs WHERE tournament = $1"
    )
    .bind(tournament)
    .fetch_one(c)
    .await)?)
}

/// A page of a tournament's runs, the latest first.
pub(crate) async fn page(
    conn: &mut Conn,
    tournament: &str,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<RunRow>, StoreError> {
    static SQL: LazyLock<String> =
        LazyLock::new(|| select("tournament = $1 AND number < $2 ORDER BY number DESC LIMIT $3"));
    let before: i64 = after.and_then(|key| key.parse().ok()).unwrap_or(i64::MAX);
    let rows: Vec<RunRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(tournament)
        .bind(before)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, |row| row.number.to_string()))
}
