//! Activities as rows, and as the contract shows them.

use std::sync::LazyLock;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{Common, Instant, Interval, Page, PageSize, SignedDuration, TimeKey};
use matchday_rpc::parse::{micros_to_timestamp, to_duration, to_provenance};
use matchday_store::{Conn, Record, StoreError, on_db, table};

use crate::domain::{
    live::Live,
    slot::{Slot, State},
};

table! {
    /// An activity as stored; instants and durations in microseconds.
    pub(crate) struct ActivityRow in "activities" {
        kind: i32,
        title: String,
        zone: String,
        starts: i64,
        ends: i64,
        planned_start: i64,
        planned_end: i64,
        set_up: i64,
        turnaround: i64,
        session: String,
        competition: String,
        stage: String,
        match_group: String,
        home: String,
        away: String,
        home_goals: Option<i32>,
        away_goals: Option<i32>,
        result_note: Option<String>,
        state: i32,
        reason: String,
        service_class: String,
        officials: String,
        pinned: i32,
        round: i32,
        actual_start: Option<i64>,
        actual_end: Option<i64>,
        state_since: Option<i64>,
        outcome: Option<i32>,
        home_penalties: Option<i32>,
        away_penalties: Option<i32>,
        awarded_to: String,
        home_slot: String,
        away_slot: String,
        source: String,
        generated: String,
    }
}

/// Which activities a list holds.
#[derive(Debug)]
pub(crate) struct Filter {
    /// Name of the tournament.
    pub(crate) tournament: String,
    /// Only those that end after this.
    pub(crate) from: Option<Instant>,
    /// Only those that start before this.
    pub(crate) until: Option<Instant>,
    /// Only those of this session; empty means all.
    pub(crate) session: String,
}

impl ActivityRow {
    /// When and where it takes place.
    pub(crate) fn slot(&self) -> Result<Slot, StoreError> {
        self.read_slot().map_err(|problem| Common::internal(format!("{}: {problem}", self.name)).into())
    }

    fn read_slot(&self) -> Result<Slot, Box<dyn std::error::Error>> {
        Ok(Slot {
            activity: self.name.clone(),
            zone: self.zone.parse()?,
            time: Interval::new(Instant::from_micros(self.starts)?, Instant::from_micros(self.ends)?)?,
            set_up: SignedDuration::from_micros(self.set_up),
            turnaround: SignedDuration::from_micros(self.turnaround),
            planned_start: Instant::from_micros(self.planned_start)?,
            planned_end: Instant::from_micros(self.planned_end)?,
            session: self.session.clone(),
            state: match pb::ActivityState::try_from(self.state)? {
                pb::ActivityState::Scheduled => State::Scheduled,
                pb::ActivityState::Delayed => State::Delayed,
                pb::ActivityState::Rescheduled => State::Rescheduled,
                pb::ActivityState::Cancelled => State::Cancelled,
                pb::ActivityState::InPlay => State::InPlay,
                pb::ActivityState::Suspended => State::Suspended,
                pb::ActivityState::Abandoned => State::Abandoned,
                pb::ActivityState::Finished => State::Finished,
                pb::ActivityState::Unspecified => return Err("state 0".into()),
            },
        })
    }

    /// The row with another slot, and why.
    pub(crate) fn with_slot(self, slot: &Slot, reason: String) -> Self {
        Self {
            zone: slot.zone.to_string(),
            starts: slot.time.start().as_micros(),
            ends: slot.time.end().as_micros(),
            planned_start: slot.planned_start.as_micros(),
            planned_end: slot.planned_end.as_micros(),
            state: in_contract(slot.state).into(),
            reason,
            ..self
        }
    }

    /// The activity on its day.
    pub(crate) fn live(&self) -> Result<Live, StoreError> {
        let instant = |micros: Option<i64>| micros.map(Instant::from_micros).transpose();
        Ok(Live {
            slot: self.slot()?,
            actual_start: instant(self.actual_start).map_err(StoreError::internal)?,
            actual_end: instant(self.actual_end).map_err(StoreError::internal)?,
            since: instant(self.state_since).map_err(StoreError::internal)?,
        })
    }

    /// The row after a step of the day, and why.
    pub(crate) fn with_live(self, live: &Live, reason: String) -> Self {
        Self {
            actual_start: live.actual_start.map(Instant::as_micros),
            actual_end: live.actual_end.map(Instant::as_micros),
            state_since: live.since.map(Instant::as_micros),
            ..self.with_slot(&live.slot, reason)
        }
    }

    /// The slots of the sides, kept only where a plan leaves the side as it is: who is set by hand takes no slot.
    pub(crate) fn slots_beside(&self, home: &str, away: &str) -> [String; 2] {
        [(home, &self.home, &self.home_slot), (away, &self.away, &self.away_slot)]
            .map(|(side, was, slot)| if side == was { slot.clone() } else { String::new() })
    }

    /// The row with what a plan says beside time and place; what really happened, and its result, stay.
    pub(crate) fn with_plan(self, plan: Self) -> Self {
        let [home_slot, away_slot] = self.slots_beside(&plan.home, &plan.away);
        Self {
            home_slot,
            away_slot,
            kind: plan.kind,
            title: plan.title,
            set_up: plan.set_up,
            turnaround: plan.turnaround,
            session: plan.session,
            competition: plan.competition,
            stage: plan.stage,
            match_group: plan.match_group,
            home: plan.home,
            away: plan.away,
            service_class: plan.service_class,
            officials: plan.officials,
            pinned: plan.pinned,
            round: plan.round,
            ..self
        }
    }

    /// The row as if nobody had recorded a result.
    pub(crate) fn without_result(self) -> Self {
        Self {
            home_goals: None,
            away_goals: None,
            home_penalties: None,
            away_penalties: None,
            outcome: None,
            awarded_to: String::new(),
            result_note: None,
            ..self
        }
    }

    /// Whether it takes place: it is not cancelled.
    pub(crate) fn takes_place(&self) -> bool {
        self.state != i32::from(pb::ActivityState::Cancelled)
    }

    fn page_key(&self) -> String {
        TimeKey { micros: self.starts, name: &self.name }.to_string()
    }
}

/// A state as the contract has it.
pub(crate) fn in_contract(state: State) -> pb::ActivityState {
    match state {
        State::Scheduled => pb::ActivityState::Scheduled,
        State::Delayed => pb::ActivityState::Delayed,
        State::Rescheduled => pb::ActivityState::Rescheduled,
        State::Cancelled => pb::ActivityState::Cancelled,
        State::InPlay => pb::ActivityState::InPlay,
        State::Suspended => pb::ActivityState::Suspended,
        State::Abandoned => pb::ActivityState::Abandoned,
        State::Finished => pb::ActivityState::Finished,
    }
}

impl From<ActivityRow> for pb::Activity {
    fn from(row: ActivityRow) -> Self {
        let is_known = row.home_goals.is_some()
            || row.away_goals.is_some()
            || row.result_note.is_some()
            || row.outcome.is_some();
        let result = is_known.then(|| pb::Result {
            home_goals: row.home_goals,
            away_goals: row.away_goals,
            note: row.result_note.clone().unwrap_or_default(),
            outcome: row.outcome.unwrap_or_default(),
            home_penalties: row.home_penalties,
            away_penalties: row.away_penalties,
            awarded_to: row.awarded_to.clone(),
        });
        let is_match = row.kind == i32::from(pb::ActivityKind::Match);
        Self {
            etag: row.etag(),
            name: row.name,
            kind: row.kind,
            title: row.title,
            zone: row.zone,
            start_time: Some(micros_to_timestamp(row.starts)),
            end_time: Some(micros_to_timestamp(row.ends)),
            planned_start_time: Some(micros_to_timestamp(row.planned_start)),
            planned_end_time: Some(micros_to_timestamp(row.planned_end)),
            set_up: Some(to_duration(SignedDuration::from_micros(row.set_up))),
            turnaround: Some(to_duration(SignedDuration::from_micros(row.turnaround))),
            session: row.session,
            r#match: is_match.then_some(pb::Match {
                competition: row.competition,
                stage: row.stage,
                group: row.match_group,
                home: row.home,
                away: row.away,
                result,
                officials: row.officials.split_whitespace().map(str::to_owned).collect(),
                round: row.round,
                home_slot: row.home_slot,
                away_slot: row.away_slot,
            }),
            state: row.state,
            reason: row.reason,
            service_class: row.service_class,
            pinned: row.pinned != 0,
            actual_start_time: row.actual_start.map(micros_to_timestamp),
            actual_end_time: row.actual_end.map(micros_to_timestamp),
            state_time: row.state_since.map(micros_to_timestamp),
            provenance: Some(to_provenance(row.source, &row.generated)),
            revision: row.revision,
            create_time: Some(micros_to_timestamp(row.created)),
            update_time: Some(micros_to_timestamp(row.updated)),
        }
    }
}

fn select(condition: &str) -> String {
    format!("SELECT {} FROM activities WHERE {condition}", ActivityRow::sql().columns)
}

/// The activities of a session, by start.
pub(crate) async fn of_session(conn: &mut Conn, session: &str) -> Result<Vec<ActivityRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("session = $1 ORDER BY starts, name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL).bind(session).fetch_all(c).await)?)
}

/// Every activity of a tournament, by start.
pub(crate) async fn of_tournament(conn: &mut Conn, tournament: &str) -> Result<Vec<ActivityRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| select("name > $1 AND name < $2 ORDER BY starts, name"));
    Ok(on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(format!("{tournament}/"))
        .bind(format!("{tournament}0"))
        .fetch_all(c)
        .await)?)
}

/// A page of activities by start.
pub(crate) async fn page(
    conn: &mut Conn,
    filter: &Filter,
    after: Option<&str>,
    size: PageSize,
) -> Result<Page<ActivityRow>, StoreError> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        select(
            "name > $1 AND name < $2 AND ends > $3 AND starts < $4 AND ($5 = '' OR session = $5) \
             AND (starts, name) > ($6, $7) ORDER BY starts, name LIMIT $8",
        )
    });
    let TimeKey { micros, name } = TimeKey::after(after);
    let rows: Vec<ActivityRow> = on_db!(conn, |c| sqlx::query_as(&SQL)
        .bind(format!("{}/", filter.tournament))
        .bind(format!("{}0", filter.tournament))
        .bind(filter.from.map_or(i64::MIN, Instant::as_micros))
        .bind(filter.until.map_or(i64::MAX, Instant::as_micros))
        .bind(&filter.session)
        .bind(micros)
        .bind(name)
        .bind(i64::from(size.get()) + 1)
        .fetch_all(c)
        .await)?;
    Ok(Page::cut(rows, size, ActivityRow::page_key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_set_by_a_plan_leaves_its_slot() {
        let row = |home: &str, away: &str| ActivityRow {
            home: format!("tournaments/t/teams/{home}"),
            away: format!("tournaments/t/teams/{away}"),
            ..ActivityRow::default()
        };
        let slots = ["winner of m1", "winner of m2"].map(str::to_owned);
        let [home_slot, away_slot] = slots.clone();
        let stands = ActivityRow { home_slot, away_slot, ..row("a", "b") };
        let planned = stands.clone().with_plan(row("a", "c"));
        assert_eq!([planned.home_slot, planned.away_slot], [slots[0].clone(), String::new()]);
        let planned = stands.with_plan(row("a", "b"));
        assert_eq!([planned.home_slot, planned.away_slot], slots);
    }
}
