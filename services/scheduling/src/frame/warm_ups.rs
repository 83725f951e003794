//! Warm-up areas that matches need where a timetable puts them, as activities of their own: publishing reserves them.

use std::collections::BTreeMap;

use matchday_api::{common::v1::Provenance, scheduling::v1 as pb};
use matchday_kernel::ActivityName;
use matchday_rpc::parse::to_timestamp;

use crate::domain::instance::WarmUp;

/// Why the warm-up of a match is cancelled.
const NOT_NEEDED: &str = "its match does not need the warm-up area any more";

/// Books the areas: the warm-up of a match is `m17-warm-up`, and moves with it. Where another activity of the schedule
/// holds the area for the whole time already, that one is the warm-up.
pub(super) fn book(activities: &mut Vec<pb::Activity>, warm_ups: Vec<WarmUp>) {
    let mut of: BTreeMap<String, usize> =
        activities.iter().map(|activity| activity.name.clone()).zip(0..).collect();
    for WarmUp { game, area } in warm_ups {
        // an id that would be too long is left to be booked by hand
        let Ok(name) = format!("{game}-warm-up").parse::<ActivityName>() else { continue };
        let own = of.get(name.as_str()).copied();
        let Some((zone, time)) = area else {
            if let Some(own) = own.and_then(|own| activities.get_mut(own)).filter(|own| takes_place(own)) {
                own.state = pb::ActivityState::Cancelled.into();
                NOT_NEEDED.clone_into(&mut own.reason);
            }
            continue;
        };
        let (start, end) = (to_timestamp(time.start()), to_timestamp(time.end()));
        let holds = |other: &pb::Activity| {
            let starts = other.start_time.map(|time| (time.seconds, time.nanos));
            let ends = other.end_time.map(|time| (time.seconds, time.nanos));
            takes_place(other)
                && other.zone == zone
                && starts <= Some((start.seconds, start.nanos))
                && ends >= Some((end.seconds, end.nanos))
        };
        if activities.iter().any(holds) {
            continue;
        }
        let title = of.get(&game).map_or(game.as_str(), |game| activities[*game].title.as_str());
        let title = format!("Warm-up: {title}");
        let index = own.unwrap_or_else(|| {
            of.insert(name.to_string(), activities.len());
            activities.push(pb::Activity {
                name: name.to_string(),
                kind: pb::ActivityKind::Training.into(),
                title,
                provenance: Some(Provenance { generated: vec!["*".to_owned()], ..Provenance::default() }),
                ..pb::Activity::default()
            });
            activities.len() - 1
        });
        let warm_up = &mut activities[index];
        warm_up.state = if own.is_some() && takes_place(warm_up) {
            pb::ActivityState::Rescheduled.into()
        } else {
            pb::ActivityState::Scheduled.into()
        };
        warm_up.reason.clear();
        warm_up.zone = zone;
        (warm_up.start_time, warm_up.end_time) = (Some(start), Some(end));
        warm_up.planned_start_time = Some(start);
    }
}

fn takes_place(activity: &pb::Activity) -> bool {
    activity.state != i32::from(pb::ActivityState::Cancelled)
}

#[cfg(test)]
mod tests {
    use matchday_kernel::{Instant, Interval, SignedDuration};

    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_micros(minute * 60_000_000).unwrap()
    }

    fn needs(game: &str, from: Option<i64>) -> WarmUp {
        let time =
            |from| Interval::new(at(from), at(from).saturating_add(SignedDuration::from_mins(30))).unwrap();
        let area = from.map(|from| ("sites/s/venues/v/zones/warm-up".to_owned(), time(from)));
        WarmUp { game: format!("tournaments/t/activities/{game}"), area }
    }

    fn matches() -> Vec<pb::Activity> {
        let game = |id: &str| pb::Activity {
            name: format!("tournaments/t/activities/{id}"),
            title: format!("{id}, a match"),
            ..pb::Activity::default()
        };
        vec![game("m1"), game("m2")]
    }

    #[test]
    fn a_warm_up_is_booked_moved_and_given_up_with_its_match() {
        let mut activities = matches();
        book(&mut activities, vec![needs("m1", Some(100)), needs("m2", None)]);
        let warm_up = activities[2].clone();
        assert_eq!(activities.len(), 3);
        assert_eq!(
            (warm_up.name.as_str(), warm_up.title.as_str()),
            ("tournaments/t/activities/m1-warm-up", "Warm-up: m1, a match")
        );
        assert_eq!(warm_up.start_time, Some(to_timestamp(at(100))));
        book(&mut activities, vec![needs("m1", Some(500))]);
        assert_eq!((activities.len(), activities[2].start_time), (3, Some(to_timestamp(at(500)))));
        assert_eq!(activities[2].state(), pb::ActivityState::Rescheduled);
        book(&mut activities, vec![needs("m1", None)]);
        assert_eq!(
            (activities[2].state(), activities[2].reason.as_str()),
            (pb::ActivityState::Cancelled, NOT_NEEDED)
        );
    }

    #[test]
    fn what_holds_the_area_already_is_the_warm_up() {
        let mut activities = matches();
        activities.push(pb::Activity {
            name: "tournaments/t/activities/opening-warm-up".into(),
            zone: "sites/s/venues/v/zones/warm-up".into(),
            start_time: Some(to_timestamp(at(90))),
            end_time: Some(to_timestamp(at(130))),
            ..pb::Activity::default()
        });
        book(&mut activities, vec![needs("m1", Some(100))]);
        assert_eq!(activities.len(), 3);
    }
}
