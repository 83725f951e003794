//! What differs between two schedules, activity by activity.

use std::collections::BTreeMap;

use matchday_api::scheduling::v1 as pb;

use super::draft::{is_same_plan, takes_place};

/// What differs of one activity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// It takes place in the second schedule only.
    Added,
    /// It takes place in the first schedule only.
    Removed,
    /// Its start: kick-off of a match.
    Start,
    /// How long it lasts.
    Length,
    /// Its zone.
    Place,
    /// Who plays.
    Sides,
    /// Who leads it.
    Officials,
    /// The session it is part of.
    Session,
    /// Set-up or turnaround.
    Buffers,
    /// Anything else: title, kind, stage, class of the service plan.
    Details,
}

/// An activity that differs: as the first schedule has it and as the second has it, absent where it does not take
/// place.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Name of the activity.
    pub activity: String,
    /// In the first schedule.
    pub before: Option<pb::Activity>,
    /// In the second schedule.
    pub after: Option<pb::Activity>,
}

/// What differs between two schedules, by name. What does not take place stands in neither.
#[must_use]
pub fn diff(before: &[pb::Activity], after: &[pb::Activity]) -> Vec<Difference> {
    let mut both: BTreeMap<&str, (Option<&pb::Activity>, Option<&pb::Activity>)> = BTreeMap::new();
    for activity in before.iter().filter(|activity| takes_place(activity)) {
        both.entry(&activity.name).or_default().0 = Some(activity);
    }
    for activity in after.iter().filter(|activity| takes_place(activity)) {
        both.entry(&activity.name).or_default().1 = Some(activity);
    }
    both.retain(|_, both| !matches!(both, (Some(before), Some(after)) if is_same_plan(before, after)));
    let difference = |(name, (before, after)): (&str, (Option<&pb::Activity>, Option<&pb::Activity>))| {
        Difference { activity: name.to_owned(), before: before.cloned(), after: after.cloned() }
    };
    both.into_iter().map(difference).collect()
}

impl Difference {
    /// What differs, in the order of [`Aspect`]; something always does.
    #[must_use]
    pub fn aspects(&self) -> Vec<Aspect> {
        let (before, after) = match (&self.before, &self.after) {
            (Some(before), Some(after)) => (before, after),
            (Some(_), None) => return vec![Aspect::Removed],
            (None, _) => return vec![Aspect::Added],
        };
        let sides = |activity: &pb::Activity| {
            activity.r#match.as_ref().map(|played| (played.home.clone(), played.away.clone()))
        };
        let officials =
            |activity: &pb::Activity| activity.r#match.as_ref().map(|played| played.officials.clone());
        let buffers = |activity: &pb::Activity| {
            (activity.set_up.unwrap_or_default(), activity.turnaround.unwrap_or_default())
        };
        let mut aspects = Vec::new();
        let mut differs = |aspect: Aspect, is_other: bool| {
            if is_other {
                aspects.push(aspect);
            }
        };
        differs(Aspect::Start, before.start_time != after.start_time);
        differs(Aspect::Length, lasts(before) != lasts(after));
        differs(Aspect::Place, before.zone != after.zone);
        differs(Aspect::Sides, sides(before) != sides(after));
        differs(Aspect::Officials, officials(before) != officials(after));
        differs(Aspect::Session, before.session != after.session);
        differs(Aspect::Buffers, buffers(before) != buffers(after));
        differs(Aspect::Details, !is_same_plan(&without_aspects(before), &without_aspects(after)));
        aspects
    }
}

/// How long an activity lasts, in nanoseconds.
fn lasts(activity: &pb::Activity) -> i128 {
    let nanos = |time: Option<prost_types::Timestamp>| {
        time.map_or(0, |time| i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanos))
    };
    nanos(activity.end_time) - nanos(activity.start_time)
}

/// An activity without everything that has an aspect of its own.
fn without_aspects(activity: &pb::Activity) -> pb::Activity {
    let played = activity.r#match.clone().map(|played| pb::Match {
        home: String::new(),
        away: String::new(),
        officials: vec![],
        ..played
    });
    pb::Activity {
        start_time: None,
        end_time: None,
        zone: String::new(),
        session: String::new(),
        set_up: None,
        turnaround: None,
        r#match: played,
        ..activity.clone()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;
    use prost_types::{Duration, Timestamp};

    use super::*;

    /// A match from numbers: its hour, pitch, session, official, set-up, and whether it takes place.
    type Numbers = (i64, u8, u8, u8, i64, bool);

    pub(crate) fn numbers() -> impl Strategy<Value = Vec<Numbers>> {
        prop::collection::vec((0i64..20, 0u8..3, 0u8..2, 0u8..4, 0i64..2, prop::bool::weighted(0.8)), 8)
    }

    /// Eight matches: two groups of three teams play two each, then two semi-finals and two finals.
    pub(crate) fn schedule(numbers: &[Numbers]) -> Vec<pb::Activity> {
        let team = |id: &str| format!("tournaments/t/teams/{id}");
        let sides = [
            (team("a1"), team("a2")),
            (team("a2"), team("a3")),
            (team("b1"), team("b2")),
            (team("b2"), team("b3")),
            ("first of group A".to_owned(), "second of group B".to_owned()),
            ("first of group B".to_owned(), "second of group A".to_owned()),
            ("winner of m4".to_owned(), "winner of m5".to_owned()),
            ("loser of m4".to_owned(), "loser of m5".to_owned()),
        ];
        let at = |minute: i64| Some(Timestamp { seconds: minute * 60, nanos: 0 });
        let activity = |index: usize, (home, away): (String, String), numbers: &Numbers| {
            let (hour, pitch, session, officials, buffer, takes_place) = *numbers;
            let state = if takes_place { pb::ActivityState::Scheduled } else { pb::ActivityState::Cancelled };
            let group = ["A", "A", "B", "B", "", "", "", ""][index];
            pb::Activity {
                name: format!("tournaments/t/activities/m{index}"),
                kind: pb::ActivityKind::Match.into(),
                state: state.into(),
                zone: format!("sites/s/venues/v{pitch}/zones/pitch"),
                start_time: at(hour * 60),
                end_time: at(hour * 60 + 115),
                set_up: Some(Duration { seconds: buffer * 600, nanos: 0 }),
                session: format!("tournaments/t/sessions/s{session}"),
                r#match: Some(pb::Match {
                    competition: "men".into(),
                    group: group.into(),
                    home,
                    away,
                    officials: vec![format!("referee-{officials}")],
                    ..pb::Match::default()
                }),
                ..pb::Activity::default()
            }
        };
        let matches = sides.into_iter().zip(numbers).enumerate();
        matches.map(|(index, (sides, numbers))| activity(index, sides, numbers)).collect()
    }

    fn apply(before: &[pb::Activity], differences: &[Difference]) -> Vec<pb::Activity> {
        let mut by_name: BTreeMap<String, pb::Activity> =
            before.iter().map(|activity| (activity.name.clone(), activity.clone())).collect();
        for difference in differences {
            match &difference.after {
                Some(after) => drop(by_name.insert(difference.activity.clone(), after.clone())),
                None => drop(by_name.remove(&difference.activity)),
            }
        }
        by_name.into_values().filter(takes_place).collect()
    }

    #[test]
    fn what_differs_is_named() {
        let before = schedule(&[(10, 0, 0, 0, 0, true); 8]);
        let mut after = before.clone();
        after[0].start_time = Some(Timestamp { seconds: 11 * 3600, nanos: 0 });
        after[0].end_time = Some(Timestamp { seconds: 11 * 3600 + 115 * 60, nanos: 0 });
        after[0].zone = "sites/s/venues/v1/zones/pitch".into();
        after[1].r#match.as_mut().unwrap().officials = vec![];
        after[2].r#match.as_mut().unwrap().home = "tournaments/t/teams/b9".into();
        after[3].session = String::new();
        after[4].turnaround = Some(Duration { seconds: 60, nanos: 0 });
        after[5].title = "The other semi-final".into();
        after[6].end_time = Some(Timestamp { seconds: 13 * 3600, nanos: 0 });
        after.remove(7);
        let aspects: Vec<_> = diff(&before, &after).iter().map(Difference::aspects).collect();
        let expected: [&[Aspect]; 8] = [
            &[Aspect::Start, Aspect::Place],
            &[Aspect::Officials],
            &[Aspect::Sides],
            &[Aspect::Session],
            &[Aspect::Buffers],
            &[Aspect::Details],
            &[Aspect::Length],
            &[Aspect::Removed],
        ];
        assert_eq!(aspects, expected);
        assert_eq!(diff(&after, &before)[7].aspects(), [Aspect::Added]);
    }

    proptest! {
        /// The differences, applied to the first schedule, give the second; there are none between one and itself.
        #[test]
        fn differences_lead_from_one_to_the_other(before in numbers(), after in numbers()) {
            let (before, after) = (schedule(&before), schedule(&after));
            prop_assert_eq!(diff(&before, &before), vec![]);
            let differences = diff(&before, &after);
            let expected: Vec<_> = after.iter().filter(|activity| takes_place(activity)).cloned().collect();
            prop_assert_eq!(apply(&before, &differences), expected);
            for difference in &differences {
                prop_assert!(!difference.aspects().is_empty(), "{:?}", difference);
            }
        }
    }
}
