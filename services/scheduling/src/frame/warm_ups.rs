//! Warm-up areas that matches need where a timetable puts them, as activities of their own: publishing reserves them.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::{common::v1::Provenance, scheduling::v1 as pb};
use matchday_kernel::{ActivityName, Instant};
use matchday_rpc::parse::to_timestamp;

use crate::domain::{
    draft::{has_begun, takes_place},
    instance::WarmUp,
};

/// Why the warm-up of a match is cancelled.
const NOT_NEEDED: &str = "its match does not need the warm-up area any more";

/// Books the areas: the warm-up of a match is `m17-warm-up`, and moves with it. One that has begun stays as it is, and
/// the match is given another, `m17-warm-up-2`. Where an activity of the schedule that stays holds the area for the
/// whole time already, that one is the warm-up.
pub(super) fn book(activities: &mut Vec<pb::Activity>, warm_ups: Vec<WarmUp>, now: Instant) {
    let mut of: BTreeMap<String, usize> =
        activities.iter().map(|activity| activity.name.clone()).zip(0..).collect();
    let is_open = |name: &String| of.get(name).is_none_or(|own| !has_begun(&activities[*own], now));
    let booked: Vec<(String, WarmUp)> = warm_ups
        .into_iter()
        .filter_map(|warm_up| {
            let first = format!("{}-warm-up", warm_up.game);
            let further = (2..).map(|number| format!("{first}-{number}"));
            let name = std::iter::once(first.clone()).chain(further).find(is_open)?;
            // an id that would be too long is left to be booked by hand
            name.parse::<ActivityName>().is_ok().then_some((name, warm_up))
        })
        .collect();
    let moving: BTreeSet<String> = booked.iter().map(|(name, _)| name.clone()).collect();
    for (name, WarmUp { game, area }) in booked {
        let own = of.get(&name).copied();
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
            let stays = other.name == name || !moving.contains(&other.name);
            stays
                && takes_place(other)
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
            of.insert(name.clone(), activities.len());
            activities.push(pb::Activity {
                name: name.clone(),
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

#[cfg(test)]
mod tests {
    use matchday_kernel::{Interval, SignedDuration};

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
        book(&mut activities, vec![needs("m1", Some(100)), needs("m2", None)], at(0));
        let warm_up = activities[2].clone();
        assert_eq!(activities.len(), 3);
        assert_eq!(
            (warm_up.name.as_str(), warm_up.title.as_str()),
            ("tournaments/t/activities/m1-warm-up", "Warm-up: m1, a match")
        );
        assert_eq!(warm_up.start_time, Some(to_timestamp(at(100))));
        book(&mut activities, vec![needs("m1", Some(500))], at(0));
        assert_eq!((activities.len(), activities[2].start_time), (3, Some(to_timestamp(at(500)))));
        assert_eq!(activities[2].state(), pb::ActivityState::Rescheduled);
        book(&mut activities, vec![needs("m1", None)], at(0));
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
        book(&mut activities, vec![needs("m1", Some(100))], at(0));
        assert_eq!(activities.len(), 3);
    }

    #[test]
    fn warm_ups_that_move_are_nobody_elses() {
        let mut activities = matches();
        book(&mut activities, vec![needs("m1", Some(100)), needs("m2", Some(200))], at(0));
        // the first takes the time of the second, which goes on
        book(&mut activities, vec![needs("m1", Some(200)), needs("m2", Some(300))], at(0));
        let starts: Vec<_> = activities[2..].iter().map(|warm_up| warm_up.start_time).collect();
        assert_eq!(starts, [Some(to_timestamp(at(200))), Some(to_timestamp(at(300)))]);
    }

    #[test]
    fn a_warm_up_that_has_begun_stays_and_the_match_is_given_another() {
        let mut activities = matches();
        book(&mut activities, vec![needs("m1", Some(100))], at(0));
        let begun = activities[2].clone();
        book(&mut activities, vec![needs("m1", None)], at(110));
        assert_eq!(activities[2..], *std::slice::from_ref(&begun));
        book(&mut activities, vec![needs("m1", Some(500))], at(110));
        assert_eq!(activities[2], begun);
        assert_eq!(
            (activities[3].name.as_str(), activities[3].start_time),
            ("tournaments/t/activities/m1-warm-up-2", Some(to_timestamp(at(500))))
        );
    }
}
