//! What a draft changes, applied in the step in which it comes into force.

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::{ActivityName, TournamentName};
use matchday_rpc::parse;
use matchday_store::{Record, Tx};

use crate::{
    Error,
    domain::draft::takes_place,
    grpc::{activities::activity, emit, season},
    store::{
        activities::ActivityRow,
        versions::{self, VersionRow},
    },
};

/// Applies what a version changes, if it was a draft. What was changed by hand since it was fixed stays so;
/// returns the names of these.
///
/// Followers apply one event after the other: what is cancelled goes first, then what comes later makes room for
/// what comes before it.
pub(super) async fn apply(tx: &mut Tx, version: &VersionRow) -> Result<Vec<String>, Error> {
    let tournament = version.tournament()?;
    let fixed = versions::fixed(tx, &version.name).await?.into_iter().rev();
    let mut changes: Vec<pb::Activity> = fixed.filter(|one| one.is_changed).map(|one| one.activity).collect();
    changes.sort_by_key(takes_place);
    let is_draft = !changes.is_empty();
    let mut kept = Vec::new();
    for wanted in changes {
        let applied = match ActivityRow::find(tx, &wanted.name).await? {
            Some(row) if row.revision != wanted.revision => {
                kept.push(row.name);
                continue;
            }
            Some(row) => replan(tx, &tournament, row, &wanted, version).await?,
            None => create(tx, &tournament, wanted, version).await?,
        };
        versions::refix(tx, &version.name, &applied).await?;
    }
    if is_draft {
        // a match that came or went may decide who plays others
        season::catch_up(tx, &tournament).await?;
    }
    Ok(kept)
}

async fn create(
    tx: &mut Tx,
    tournament: &TournamentName,
    wanted: pb::Activity,
    version: &VersionRow,
) -> Result<pb::Activity, Error> {
    let created = pb::Activity::from(plan(wanted)?.create(tx).await?);
    let event = pb::ActivityCreated { activity: Some(created.clone()), version: version.name.clone() };
    emit(tx, &created.name, tournament, &event);
    Ok(created)
}

async fn replan(
    tx: &mut Tx,
    tournament: &TournamentName,
    row: ActivityRow,
    wanted: &pb::Activity,
    version: &VersionRow,
) -> Result<pb::Activity, Error> {
    let was = row.slot()?;
    let reason = reason(&row, wanted, version);
    let previous = Some(pb::Activity::from(row.clone()));
    if !takes_place(wanted) {
        let activity = pb::Activity::from(row.with_slot(&was.cancel()?, reason).save(tx).await?);
        let event = pb::ActivityCancelled { activity: Some(activity.clone()) };
        emit(tx, &activity.name, tournament, &event);
        return Ok(activity);
    }
    let plan = plan(wanted.clone())?;
    let place = plan.slot()?;
    let slot = was.clone().planned_for(place.zone, place.time);
    let is_moved = slot != was;
    let reason = if is_moved { reason } else { row.reason.clone() };
    let row = row.with_plan(plan).with_slot(&slot, reason);
    let activity = pb::Activity::from(row.save(tx).await?);
    let now = Some(activity.clone());
    if is_moved {
        emit(tx, &activity.name, tournament, &pb::ActivityMoved { activity: now, previous });
    } else {
        emit(tx, &activity.name, tournament, &pb::ActivityUpdated { activity: now });
    }
    Ok(activity)
}

/// An activity of a draft as a row; it was checked when it was proposed.
fn plan(wanted: pb::Activity) -> Result<ActivityRow, Error> {
    let name: ActivityName = parse::text_as("activity.name", &wanted.name)?;
    activity(&name, wanted)
}

/// Why an activity is changed: in the words of the draft, or the version that does it.
fn reason(row: &ActivityRow, wanted: &pb::Activity, version: &VersionRow) -> String {
    if !wanted.reason.is_empty() && wanted.reason != row.reason {
        return wanted.reason.clone();
    }
    match version.title.as_str() {
        "" => format!("version {}", version.number),
        title => format!("version {}: {title}", version.number),
    }
}
