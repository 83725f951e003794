//! What scheduling reports: activities of published versions.

use matchday_agenda::Occasion;
use matchday_store::Defect;

use super::time;
use crate::domain::{activity::Activity, report::Report};

/// What an occasion says of an activity; a session has no line of its own.
pub(super) fn report(occasion: &Occasion) -> Result<Option<Report>, Defect> {
    let Some(activity) = &occasion.activity else {
        return Ok(None);
    };
    let start = time("activity.start_time", activity.start_time).map_err(Defect::new)?;
    Ok(Some(Report::Activity(Activity {
        name: activity.name.clone(),
        tournament: occasion.tournament.clone(),
        title: activity.title.clone(),
        zone: activity.zone.clone(),
        is_match: activity.r#match.is_some(),
        start,
        end: time("activity.end_time", activity.end_time).map_err(Defect::new)?,
        planned: time("activity.planned_start_time", activity.planned_start_time.or(activity.start_time))
            .map_err(Defect::new)?,
        takes_place: occasion.takes_place,
        revision: activity.revision,
    })))
}
