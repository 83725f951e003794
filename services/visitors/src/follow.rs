//! What happens when the logs of others grow: passes follow accreditations (`accreditations`), and the openings of sessions follow the schedule and the service plan.
//!
//! It never refuses. What cannot be derived leaves the opening as it is, and is told by [`problems`].

pub(crate) mod accreditations;

use std::collections::{HashMap, HashSet};

use matchday_agenda::Occasion;
use matchday_api::{scheduling::v1::GatePlan, visitors::v1 as pb};
use matchday_kernel::{Instant, OpeningName, SessionName, Slug};
use matchday_store::{BoxFuture, Conn, Defect, Effect, Event, Locks, Record, StoreError, Tx};

use crate::{
    Error,
    domain::{
        course::Times,
        opening::{Followed, Opening, Wanted},
    },
    grpc::{changed, emit, openings_of},
    store::{gates, openings::OpeningRow, scans},
};

/// Follows scheduling.
pub(crate) struct Scheduling;

impl Effect for Scheduling {
    /// The tournaments, against what is imported into them, and their openings, against scans.
    fn locks(&self, events: &[Event]) -> Locks {
        let tournaments = matchday_agenda::locks(events);
        Locks::of(tournaments.iter().flat_map(|name| [name.to_owned(), openings_of(name)]))
    }

    fn apply<'t>(&'t self, tx: &'t mut Tx, event: &'t Event) -> BoxFuture<'t, Result<(), Defect>> {
        Box::pin(async move {
            let occasions = matchday_agenda::hear(tx, event).await?;
            for session in occasions.iter().filter(|occasion| occasion.is_session) {
                follow(tx, session, matchday_agenda::time_of(event)?).await?;
            }
            Ok(())
        })
    }
}

async fn follow(tx: &mut Tx, session: &Occasion, event_time: Instant) -> Result<(), Error> {
    let name = opening_name(session)?;
    let wanted = match gate_plan(session).map(|plan| wanted(session, plan)) {
        // told as a problem; what was derived before stays
        Some(Err(_)) => return Ok(()),
        Some(Ok(wanted)) => Some(wanted),
        None => None,
    };
    let Some(row) = OpeningRow::find(tx, name.as_str()).await? else {
        return match wanted {
            Some(wanted) => create(tx, &name, session, wanted, event_time).await,
            None => Ok(()),
        };
    };
    // the event may be heard late: what a scan has seen of the phase is not taken back
    let last_scan = scans::last_decided(tx, name.as_str()).await?;
    let last_scan = last_scan.and_then(|micros| Instant::from_micros(micros).ok());
    let now = last_scan.map_or(event_time, |scan| scan.max(event_time));
    let before = row.to_pb(now)?;
    match row.opening()?.follow(wanted, now) {
        Followed::Same => {}
        Followed::Revived(opening) => {
            let opening = OpeningRow::of(opening, Some(&row)).save(tx).await?.to_pb(now)?;
            emit(tx, name.as_str(), &pb::OpeningPlanned { opening: Some(opening) });
        }
        Followed::Changed(opening) => {
            let opening = OpeningRow::of(opening, Some(&row)).save(tx).await?.to_pb(now)?;
            changed(tx, &opening, before);
        }
        Followed::Cancelled(opening) => {
            let opening = OpeningRow::of(opening, Some(&row)).save(tx).await?.to_pb(now)?;
            emit(tx, name.as_str(), &pb::OpeningCancelled { opening: Some(opening) });
        }
    }
    Ok(())
}

async fn create(
    tx: &mut Tx,
    name: &OpeningName,
    session: &Occasion,
    wanted: Wanted,
    now: Instant,
) -> Result<(), Error> {
    let opening = Opening::planned(name.to_string(), session.name.clone(), wanted);
    let opening = OpeningRow::of(opening, None).create(tx).await?.to_pb(now)?;
    emit(tx, name.as_str(), &pb::OpeningPlanned { opening: Some(opening) });
    Ok(())
}

/// The name of a session's opening. Scheduling has checked the session's; what cannot be read is a defect.
fn opening_name(session: &Occasion) -> Result<OpeningName, Error> {
    let name: SessionName = session.name.parse().map_err(StoreError::internal)?;
    let id: Slug = name.id().parse().map_err(StoreError::internal)?;
    Ok(OpeningName::new(&name.parent(), id))
}

/// What the plan says of the gates of a session that takes place; `None` when it has no opening.
fn gate_plan(session: &Occasion) -> Option<&GatePlan> {
    session.class.as_ref().filter(|_| session.takes_place)?.gates.as_ref()
}

/// What a session asks of its opening, or why it cannot be told.
fn wanted(session: &Occasion, plan: &GatePlan) -> Result<Wanted, String> {
    let moment = |text: &str| session.moment(text).map_err(|problem| problem.to_string());
    let times = Times {
        open: moment(&plan.opens)?,
        exit_only: moment(&plan.exit_only)?,
        free_egress: moment(&plan.free_egress)?,
        clear: moment(&plan.clears)?,
    };
    Ok(Wanted {
        title: session.title.clone(),
        venue: session.venue.to_string(),
        gates: gate_names(session, plan).collect(),
        times: times.in_order().map_err(|problem| format!("{}: {problem}", session.name))?,
        plan: session.plan.clone(),
        expected_attendance: session.expected_attendance,
    })
}

fn gate_names<'a>(session: &'a Occasion, plan: &'a GatePlan) -> impl Iterator<Item = String> + 'a {
    plan.gates.iter().map(|gate| format!("{}/gates/{gate}", session.venue))
}

/// What of the plan cannot be derived, or opens gates that do not exist, one sentence each.
pub(crate) async fn problems(conn: &mut Conn, tournament: &str) -> Result<Vec<String>, StoreError> {
    let mut problems = Vec::new();
    let mut known: HashMap<String, HashSet<String>> = HashMap::new();
    for session in matchday_agenda::occasions(conn, tournament).await? {
        let Some(plan) = gate_plan(&session).filter(|_| session.is_session) else {
            continue;
        };
        if let Err(problem) = wanted(&session, plan) {
            problems.push(problem);
        }
        let venue = session.venue.as_str();
        if !known.contains_key(venue) {
            known.insert(venue.to_owned(), gates::names_at(conn, venue).await?);
        }
        let at_venue = &known[venue];
        if plan.gates.is_empty() && at_venue.is_empty() {
            problems.push(format!("{}: {venue} has no gates: import them", session.name));
        }
        for gate in gate_names(&session, plan).filter(|gate| !at_venue.contains(gate)) {
            let next = "import it, or apply another plan";
            problems.push(format!("{}: {gate} does not exist: {next}", session.name));
        }
    }
    Ok(problems)
}

#[cfg(test)]
mod tests;
