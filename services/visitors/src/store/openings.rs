//! Openings as rows, and as the contract shows them.

use matchday_api::visitors::v1 as pb;
use matchday_kernel::{Common, Instant, SignedDuration};
use matchday_rpc::parse::micros_to_timestamp;
use matchday_store::{Conn, Record, StoreError, on_db, table};

use super::words;
use crate::domain::{
    course::{Course, Phase, Times},
    opening::Opening,
};

table! {
    /// An opening as stored; instants in microseconds, gates as names separated by spaces. The phase is the
    /// lower bound set by hand or by the schedule.
    pub(crate) struct OpeningRow in "openings" {
        session: String,
        title: String,
        venue: String,
        gates: String,
        opens: i64,
        exit_only: i64,
        free_egress: i64,
        clears: i64,
        phase: i32,
        plan: String,
        expected_attendance: i32,
    }
}

impl OpeningRow {
    /// The row of an opening; `read` is the row it was made from, if any.
    pub(crate) fn of(opening: Opening, read: Option<&Self>) -> Self {
        let Course { times, by_hand } = opening.course;
        Self {
            name: opening.name,
            session: opening.session,
            title: opening.title,
            venue: opening.venue,
            gates: opening.gates.join(" "),
            opens: times.open.as_micros(),
            exit_only: times.exit_only.as_micros(),
            free_egress: times.free_egress.as_micros(),
            clears: times.clear.as_micros(),
            phase: phase_to_pb(by_hand).into(),
            plan: opening.plan,
            expected_attendance: opening.expected_attendance,
            revision: read.map_or(0, |row| row.revision),
            created: read.map_or(0, |row| row.created),
            updated: read.map_or(0, |row| row.updated),
        }
    }

    /// The opening of the row.
    pub(crate) fn opening(&self) -> Result<Opening, StoreError> {
        Ok(Opening {
            name: self.name.clone(),
            session: self.session.clone(),
            title: self.title.clone(),
            venue: self.venue.clone(),
            gates: words(&self.gates),
            course: self.course()?,
            plan: self.plan.clone(),
            expected_attendance: self.expected_attendance,
        })
    }

    /// Its times and its phase.
    pub(crate) fn course(&self) -> Result<Course, StoreError> {
        self.read_course()
            .map_err(|problem| Common::internal(format!("opening {}: {problem}", self.name)).into())
    }

    fn read_course(&self) -> Result<Course, Box<dyn std::error::Error>> {
        let times = Times {
            open: Instant::from_micros(self.opens)?,
            exit_only: Instant::from_micros(self.exit_only)?,
            free_egress: Instant::from_micros(self.free_egress)?,
            clear: Instant::from_micros(self.clears)?,
        };
        let by_hand = phase_of(pb::OpeningPhase::try_from(self.phase)?).ok_or("phase 0")?;
        Ok(Course { times, by_hand })
    }

    /// The opening as the contract shows it, in the phase it is in now.
    pub(crate) fn to_pb(&self, now: Instant) -> Result<pb::Opening, StoreError> {
        Ok(pb::Opening {
            name: self.name.clone(),
            session: self.session.clone(),
            title: self.title.clone(),
            venue: self.venue.clone(),
            gates: words(&self.gates),
            open_time: Some(micros_to_timestamp(self.opens)),
            exit_only_time: Some(micros_to_timestamp(self.exit_only)),
            free_egress_time: Some(micros_to_timestamp(self.free_egress)),
            clear_time: Some(micros_to_timestamp(self.clears)),
            phase: phase_to_pb(self.course()?.phase(now)).into(),
            plan: self.plan.clone(),
            expected_attendance: self.expected_attendance,
            revision: self.revision,
            etag: self.etag(),
        })
    }
}

fn phase_to_pb(phase: Phase) -> pb::OpeningPhase {
    match phase {
        Phase::Planned => pb::OpeningPhase::Planned,
        Phase::Open => pb::OpeningPhase::Open,
        Phase::ExitOnly => pb::OpeningPhase::ExitOnly,
        Phase::FreeEgress => pb::OpeningPhase::FreeEgress,
        Phase::Cleared => pb::OpeningPhase::Cleared,
        Phase::Cancelled => pb::OpeningPhase::Cancelled,
    }
}

/// The phase of the contract's number for it; `None` when none is set.
pub(crate) fn phase_of(phase: pb::OpeningPhase) -> Option<Phase> {
    match phase {
        pb::OpeningPhase::Unspecified => None,
        pb::OpeningPhase::Planned => Some(Phase::Planned),
        pb::OpeningPhase::Open => Some(Phase::Open),
        pb::OpeningPhase::ExitOnly => Some(Phase::ExitOnly),
        pb::OpeningPhase::FreeEgress => Some(Phase::FreeEgress),
        pb::OpeningPhase::Cleared => Some(Phase::Cleared),
        pb::OpeningPhase::Cancelled => Some(Phase::Cancelled),
    }
}

/// Number of a tournament's openings that take place.
pub(crate) async fn count_taking_place(conn: &mut Conn, tournament: &str) -> Result<i64, StoreError> {
    Ok(on_db!(conn, |c| sqlx::query_scalar(
        "SELECT COUNT(*) FROM openings WHERE name > $1 AND name < $2 AND phase <> $3"
    )
    .bind(format!("{tournament}/openings/"))
    .bind(format!("{tournament}/openings0"))
    .bind(i32::from(pb::OpeningPhase::Cancelled))
    .fetch_one(c)
    .await)?)
}

/// An opening that nobody cleared is under way until so long after it should have been.
const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

/// Openings that should have been cleared before this time, in microseconds, are not under way any more.
pub(crate) fn forgotten(now: Instant) -> i64 {
    now.saturating_add(-FORGOTTEN_AFTER).as_micros()
}

/// The openings of a venue whose gates are open, exit-only or in free egress, by name.
pub(crate) async fn under_way(
    conn: &mut Conn,
    venue: &str,
    now: Instant,
) -> Result<Vec<Opening>, StoreError> {
    let sql = format!(
        "SELECT {} FROM openings WHERE venue = $1 AND phase NOT IN (5, 6) AND clears > $2 \
         AND (opens <= $3 OR phase > 1) ORDER BY name",
        OpeningRow::sql().columns
    );
    let rows: Vec<OpeningRow> = on_db!(conn, |c| sqlx::query_as(&sql)
        .bind(venue)
        .bind(forgotten(now))
        .bind(now.as_micros())
        .fetch_all(c)
        .await)?;
    rows.iter().map(OpeningRow::opening).collect()
}
