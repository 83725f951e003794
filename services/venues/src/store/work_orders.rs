//! Work orders as rows, and as the contract shows them.

use std::sync::LazyLock;

use matchday_api::venues::v1 as pb;
use matchday_kernel::{Common, Instant, Interval, Page, PageSize, TimeKey};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, on_db, table};

use crate::domain::work_order::{State, Task, WorkOrder};

table! {
    /// A work order as stored; instants in microseconds.
    pub(crate) struct WorkOrderRow in "work_orders" {
        title: String,
        place: String,
        tournament: String,
        occasion: String,
        item: String,
        starts: i64,
        due: i64,
        planned_due: i64,
        assignee: String,
        by_hand: i32,
        state: i32,
        plan: String,
        begun: Option<i64>,
        done: Option<i64>,
    }
}

/// Which work orders a list holds.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Name of the site or the venue.
    pub(crate) ancestor: String,
    /// Only those due after this.
    pub(crate) from: Option<Instant>,
    /// Only those due before this.
    pub(crate) until: Option<Instant>,
    /// Only those in one of these states.
    pub(crate) states: [bool; 4],
    /// Only those of this tournament; empty means all.
    pub(crate) tournament: String,
}

impl WorkOrderRow {
    /// The row of a work order; `read` is the row it was read from, if any.
    pub(crate) fn of(order: WorkOrder, read: Option<&Self>) -> Self {
        let task = order.task;
        Self {
            name: order.name.to_string(),
            title: task.title,
            place: task.place,
            tournament: task.tournament,
            occasion: task.occasion,
            item: task.item,
            starts: task.time.start().as_micros(),
            due: task.time.end().as_micros(),
            planned_due: task.planned_due.as_micros(),
            assignee: task.assignee,
            by_hand: order.is_by_hand.into(),
            state: state_to_pb(order.state).into(),
            plan: task.plan,
            begun: order.begun.map(Instant::as_micros),
            done: order.done.map(Instant::as_micros),
            revision: read.map_or(0, |row| row.revision),
            created: read.map_or(0, |row| row.created),
            updated: read.map_or(0, |row| row.updated),
        }
    }

    /// The work order of the row.
    pub(crate) fn order(&self) -> Result<WorkOrder, StoreError> {
        self.read().map_err(|problem| Common::internal(format!("{}: {problem}", self.name)).into())
    }

    fn read(&self) -> Result<WorkOrder, Box<dyn std::error::Error>> {
        Ok(WorkOrder {
            name: self.name.parse()?,
            task: Task {
                title: self.title.clone(),
                place: self.place.clone(),
                tournament: self.tournament.clone(),
                occasion: self.occasion.clone(),
                item: self.item.clone(),
                time: Interval::new(Instant::from_micros(self.starts)?, Instant::from_micros(self.due)?)?,
                planned_due: Instant::from_micros(self.planned_due)?,
                assignee: self.assignee.clone(),
                plan: self.plan.clone(),
            },
            is_by_hand: self.by_hand != 0,
            state: match pb::WorkOrderState::try_from(self.state)? {
                pb::WorkOrderState::Planned => State::Planned,
                pb::WorkOrderState::InProgress => State::InProgress,
                pb::WorkOrderState::Done => State::Done,
                pb::WorkOrderState::Cancelled => State::Cancelled,
                pb::WorkOrderState::Unspecified => return Err("state 0".into()),
            },
            begun: self.begun.map(Instant::from_micros).transpose()?,
            done: self.done.map(Instant::from_micros).transpose()?,
        })
    }

    /// The key a page of work orders ends with.
    fn page_key(&self) -> String {
        TimeKey { micros: self.due, name: &self.name }.to_string()
    }
}

impl From<WorkOrderRow> for pb::WorkOrder {
    fn from(row: WorkOrderRow) -> Self {
        Self {
            etag: row.etag(),
            name: row.name,
            title: row.title,
            place: row.place,
            tournament: row.tournament,
            occasion: row.occasion,
            item: row.item,
            start_time: Some(micros_to_timestamp(row.starts)),
            due_time: Some(micros_to_timestamp(row.due)),
            planned_due_time: Some(micros_to_timestamp(row.planned_due)),
            assignee: row.assignee,
            state: row.state,
            plan: row.plan,
            begin_time: row.begun.map(micros_to_timestamp),
            done_time: row.done.map(micros_to_timestamp),
            revision: row.revision,
        }
    }
}

fn state_to_pb(state: State) -> pb::WorkOrderState {
    match state {
        State::Planned => pb::WorkOrderState::Planned,
        State::InProgress => pb::WorkOrderState::InProgress,
        State::Done => pb::WorkOrderState::Done,
        State::Cancelled => pb::WorkOrderState::Cancelled,
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM work_orders WHERE {condition}", WorkOrderRow::sql().columns)
}

/// Everything ever derived for an occasion, by name.
pub(crate) async fn of_occasion(conn: &mut Conn, occasion: &str) -> Result<Vec<WorkOrderRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("occasion = $1 ORDER BY name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(occasion).fetch_all(c).await)?)
}

/// The number of a tournament's work orders that are not cancelled.
pub(crate) async fn count(conn: &mut Conn, tournament: &str) -> Result<i64, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM work_orders WHERE tournament = $1 AND state IN (1, 2, 3)"
    )
    .bind(tournament)
    .fetch_one(c)
    .await)?)
}

/// A page of work orders by the moment they are due.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<WorkOrderRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "name > $1 AND name < $2 AND due > $3 AND due < $4 AND state IN ($5, $6, $7, $8) \
             AND ($9 = '' OR tournament = $9) AND (due, name) > ($10, $11) ORDER BY due, name LIMIT $12",
        )
    });
    let TimeKey { micros, name } = TimeKey::after(after);
    let states: Vec<i32> =
        (1..).zip(filter.states).map(|(number, is_wanted)| if is_wanted { number } else { 0 }).collect();
    let rows: Vec<WorkOrderRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(format!("{}/", filter.ancestor))
        .bind(format!("{}0", filter.ancestor))
        .bind(filter.from.map_or(i64::MIN, Instant::as_micros))
        .bind(filter.until.map_or(i64::MAX, Instant::as_micros))
        .bind(states[0])
        .bind(states[1])
        .bind(states[2])
        .bind(states[3])
        .bind(&filter.tournament)
        .bind(micros)
        .bind(name)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, WorkOrderRow::page_key))
}
