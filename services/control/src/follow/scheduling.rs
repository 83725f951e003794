//! What scheduling reports: activities of published versions.

use matchday_agenda::Occasion;
use matchday_api::scheduling::v1::ActivityState;
use matchday_rpc::parse::to_timestamp;
use matchday_store::Defect;

use super::time;
use crate::domain::{
    activity::{Activity, Course},
    report::Report,
};

/// What an occasion says of an activity; a session has no line of its own.
pub(super) fn report(occasion: &Occasion) -> Result<Option<Report>, Defect> {
    let Some(activity) = &occasion.activity else {
        return Ok(None);
    };
    let start = time("activity.start_time", activity.start_time).map_err(Defect::new)?;
    let end = time("activity.end_time", activity.end_time).map_err(Defect::new)?;
    let planned = time("activity.planned_start_time", activity.planned_start_time.or(activity.start_time))
        .map_err(Defect::new)?;
    // what was told before ends were planned apart from starts lasts as long as planned
    let as_long = to_timestamp(planned.saturating_add(end.since(start)));
    let planned_end = activity.planned_end_time.or(Some(as_long));
    Ok(Some(Report::Activity(Activity {
        name: activity.name.clone(),
        tournament: occasion.tournament.clone(),
        title: activity.title.clone(),
        zone: activity.zone.clone(),
        is_match: activity.r#match.is_some(),
        start,
        end,
        planned,
        planned_end: time("activity.planned_end_time", planned_end).map_err(Defect::new)?,
        course: course(activity.state()),
        reason: activity.reason.clone(),
        takes_place: occasion.takes_place,
        revision: activity.revision,
    })))
}

fn course(state: ActivityState) -> Course {
    match state {
        ActivityState::InPlay => Course::InPlay,
        ActivityState::Suspended => Course::Suspended,
        ActivityState::Abandoned => Course::Abandoned,
        ActivityState::Finished => Course::Finished,
        ActivityState::Scheduled
        | ActivityState::Delayed
        | ActivityState::Rescheduled
        | ActivityState::Cancelled
        | ActivityState::Unspecified => Course::ToCome,
    }
}
