//! The phases of rosters.

use matchday_api::volunteers::v1 as pb;
use matchday_kernel::{Common, civil::Date};
use matchday_store::{Conn, StoreError, Tx, on_db};

use crate::domain::phase::{Phase, Phases};

/// The phases of a tournament.
pub(crate) async fn phases(conn: &mut Conn, tournament: &str) -> Result<Phases, StoreError> {
    let rows: Vec<(String, i32)> =
        on_db!(conn, |c| sqlx::query_as("SELECT day, phase FROM roster_phases WHERE tournament = $1")
            .bind(tournament)
            .fetch_all(c)
            .await)?;
    let mut phases = Phases::default();
    for (day, number) in rows {
        let phase = read(pb::RosterPhase::try_from(number).unwrap_or_default()).unwrap_or_default();
        if day.is_empty() {
            phases.others = phase;
        } else {
            phases.days.insert(day.parse().map_err(Common::internal)?, phase);
        }
    }
    Ok(phases)
}

/// Sets the phase of a day, or of the days that have none of their own; without a phase it has none any more.
pub(crate) async fn set(
    tx: &mut Tx,
    tournament: &str,
    day: Option<Date>,
    phase: Option<Phase>,
) -> Result<(), StoreError> {
    let day = day.map(|day| day.to_string()).unwrap_or_default();
    let Some(phase) = phase else {
        return Ok(on_db!(tx, |c| sqlx::query(
            "DELETE FROM roster_phases WHERE tournament = $1 AND day = $2"
        )
        .bind(tournament)
        .bind(&day)
        .execute(c)
        .await
        .map(drop))?);
    };
    let number = i32::from(told(phase));
    on_db!(tx, |c| sqlx::query(
        "INSERT INTO roster_phases (tournament, day, phase) VALUES ($1, $2, $3) \
         ON CONFLICT (tournament, day) DO UPDATE SET phase = excluded.phase"
    )
    .bind(tournament)
    .bind(&day)
    .bind(number)
    .execute(c)
    .await
    .map(drop))?;
    Ok(())
}

/// The phase that the contract means; `None` when it is not set.
pub(crate) fn read(phase: pb::RosterPhase) -> Option<Phase> {
    match phase {
        pb::RosterPhase::Unspecified => None,
        pb::RosterPhase::SignUp => Some(Phase::SignUp),
        pb::RosterPhase::Supervised => Some(Phase::Supervised),
        pb::RosterPhase::Locked => Some(Phase::Locked),
    }
}

/// A phase as the contract says it.
pub(crate) fn told(phase: Phase) -> pb::RosterPhase {
    match phase {
        Phase::SignUp => pb::RosterPhase::SignUp,
        Phase::Supervised => pb::RosterPhase::Supervised,
        Phase::Locked => pb::RosterPhase::Locked,
    }
}

/// The phases of a tournament as the contract says them.
pub(crate) fn told_all(tournament: &str, phases: &Phases) -> pb::RosterPhases {
    let day =
        |(day, phase): (&Date, &Phase)| pb::RosterDay { day: day.to_string(), phase: told(*phase).into() };
    pb::RosterPhases {
        tournament: tournament.to_owned(),
        phase: told(phases.others).into(),
        days: phases.days.iter().map(day).collect(),
    }
}
