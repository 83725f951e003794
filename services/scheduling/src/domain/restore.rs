//! An earlier version again, as far as what has begun allows.

use std::collections::{BTreeMap, BTreeSet};

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::Instant;

use super::draft::{has_begun, is_same_plan, starts_by, takes_place};

/// The schedule that repeats an earlier version.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Restored {
    /// The whole schedule, each activity at the revision it stands at.
    pub activities: Vec<pb::Activity>,
    /// What stays as it stands although the earlier version has it otherwise: the activity, and why.
    pub not_restored: Vec<(String, &'static str)>,
}

/// Repeats what an `earlier` version says in place of what `stands`. What has begun by `now` stays, and so does
/// what that version has at a time that is over. Who plays stays in any case: draws, results and withdrawals decide
/// that, and what was called off because one of its teams has `left` stays so. What the version does not hold is
/// cancelled, for `reason`.
#[must_use]
pub fn restore(
    earlier: Vec<pb::Activity>,
    stands: Vec<pb::Activity>,
    left: &BTreeSet<String>,
    now: Instant,
    reason: &str,
) -> Restored {
    let mut earlier: BTreeMap<String, pb::Activity> =
        earlier.into_iter().map(|activity| (activity.name.clone(), activity)).collect();
    let mut restored = Restored::default();
    for stands in stands {
        let wanted = match earlier.remove(&stands.name).filter(takes_place) {
            Some(wanted) => again(wanted, &stands),
            None => cancelled(&stands, reason),
        };
        let why = if has_begun(&stands, now) {
            Some("it has begun")
        } else if takes_place(&wanted) && starts_by(&wanted, now) {
            Some("its time in that version is over")
        } else if !takes_place(&stands) && plays(&stands, left) {
            Some("a team that was to play it has withdrawn")
        } else {
            None
        };
        restored.activities.push(match why {
            None => wanted,
            Some(why) => {
                if !is_same_plan(&stands, &wanted) {
                    restored.not_restored.push((stands.name.clone(), why));
                }
                stands
            }
        });
    }
    restored
}

/// An activity as it was, with what has been decided since. Where others play it, it keeps the title that names them.
fn again(wanted: pb::Activity, stands: &pb::Activity) -> pb::Activity {
    let who = |activity: &pb::Activity| {
        activity.r#match.as_ref().map(|played| {
            [&played.home, &played.away, &played.home_slot, &played.away_slot].map(String::clone)
        })
    };
    let title = if who(&wanted) == who(stands) { wanted.title.clone() } else { stands.title.clone() };
    let played = wanted.r#match.zip(stands.r#match.as_ref()).map(|(was, is)| pb::Match {
        home: is.home.clone(),
        away: is.away.clone(),
        home_slot: is.home_slot.clone(),
        away_slot: is.away_slot.clone(),
        result: is.result.clone(),
        ..was
    });
    pb::Activity { title, revision: stands.revision, r#match: played, ..wanted }
}

/// Whether one of the teams plays it.
fn plays(activity: &pb::Activity, teams: &BTreeSet<String>) -> bool {
    activity
        .r#match
        .as_ref()
        .is_some_and(|game| [&game.home, &game.away].iter().any(|side| teams.contains(*side)))
}

fn cancelled(stands: &pb::Activity, reason: &str) -> pb::Activity {
    let mut cancelled = stands.clone();
    cancelled.set_state(pb::ActivityState::Cancelled);
    if takes_place(stands) {
        reason.clone_into(&mut cancelled.reason);
    }
    cancelled
}

#[cfg(test)]
mod tests {
    use prost_types::Timestamp;

    use super::*;

    fn activity(id: &str, hour: i64) -> pb::Activity {
        let at = |hour: i64| Some(Timestamp { seconds: hour * 3600, nanos: 0 });
        pb::Activity {
            name: format!("tournaments/t/activities/{id}"),
            kind: pb::ActivityKind::Match.into(),
            state: pb::ActivityState::Scheduled.into(),
            start_time: at(hour),
            end_time: at(hour + 2),
            r#match: Some(pb::Match { home: "winner of m25".into(), ..pb::Match::default() }),
            revision: 1,
            ..pb::Activity::default()
        }
    }

    fn at_hour(hour: i64) -> Instant {
        Instant::from_micros(hour * 3_600_000_000).unwrap()
    }

    fn cancel(activity: pb::Activity) -> pb::Activity {
        pb::Activity { state: pb::ActivityState::Cancelled.into(), ..activity }
    }

    #[test]
    fn what_moved_goes_back_what_is_new_goes_and_what_was_cancelled_takes_place() {
        let moved = pb::Activity { revision: 4, ..activity("moved", 30) };
        let stands = vec![moved, activity("new", 31), cancel(activity("off", 32))];
        let earlier = vec![activity("moved", 20), activity("off", 32)];
        let restored = restore(earlier, stands, &BTreeSet::new(), at_hour(1), "not in version 1");
        assert_eq!(restored.not_restored, []);
        let [moved, new, off] = restored.activities.try_into().unwrap();
        assert_eq!((moved.start_time, moved.revision), (activity("moved", 20).start_time, 4));
        assert_eq!((new.state(), new.reason.as_str()), (pb::ActivityState::Cancelled, "not in version 1"));
        assert!(takes_place(&off));
    }

    #[test]
    fn who_plays_stays() {
        let mut stands = activity("m29", 30);
        stands.r#match.as_mut().unwrap().home = "tournaments/t/teams/cn".into();
        stands.title = "China – open".into();
        let restored = restore(vec![activity("m29", 20)], vec![stands], &BTreeSet::new(), at_hour(1), "");
        assert_eq!(restored.activities[0].r#match.as_ref().unwrap().home, "tournaments/t/teams/cn");
        assert_eq!(restored.activities[0].title, "China – open");
    }

    #[test]
    fn what_has_begun_stays_and_nothing_goes_back_into_the_past() {
        let stands = vec![activity("begun", 9), activity("same", 8), activity("late", 30)];
        let earlier = vec![activity("begun", 40), activity("same", 8), activity("late", 5)];
        let restored = restore(earlier, stands.clone(), &BTreeSet::new(), at_hour(10), "");
        assert_eq!(restored.activities, stands);
        let name = |id: &str| format!("tournaments/t/activities/{id}");
        let why = [(name("begun"), "it has begun"), (name("late"), "its time in that version is over")];
        assert_eq!(restored.not_restored, why);
    }

    #[test]
    fn a_match_of_a_team_that_has_withdrawn_stays_called_off() {
        let of = |team: &str, id: &str| pb::Activity {
            r#match: Some(pb::Match { home: format!("tournaments/t/teams/{team}"), ..pb::Match::default() }),
            ..activity(id, 20)
        };
        let stands = vec![cancel(of("gone", "m1")), cancel(of("there", "m2"))];
        let earlier = vec![of("gone", "m1"), of("there", "m2")];
        let left = BTreeSet::from(["tournaments/t/teams/gone".to_owned()]);
        let restored = restore(earlier, stands.clone(), &left, at_hour(1), "");
        assert_eq!(restored.activities[0], stands[0]);
        assert!(takes_place(&restored.activities[1]));
        let why = "a team that was to play it has withdrawn";
        assert_eq!(restored.not_restored, [("tournaments/t/activities/m1".to_owned(), why)]);
    }
}
