//! What a draft is about: the plan of an activity, apart from what the live day says of it.

use std::collections::BTreeMap;

use matchday_api::scheduling::v1 as pb;
use matchday_kernel::Instant;
use prost_types::Timestamp;

/// Whether it is known to have begun, or should have by now: where it is and when are facts.
#[must_use]
pub fn has_begun(activity: &pb::Activity, now: Instant) -> bool {
    let is_recorded = match activity.state() {
        pb::ActivityState::InPlay
        | pb::ActivityState::Suspended
        | pb::ActivityState::Abandoned
        | pb::ActivityState::Finished => true,
        pb::ActivityState::Scheduled
        | pb::ActivityState::Delayed
        | pb::ActivityState::Rescheduled
        | pb::ActivityState::Cancelled
        | pb::ActivityState::Unspecified => false,
    };
    is_recorded || activity.actual_start_time.is_some() || (takes_place(activity) && starts_by(activity, now))
}

/// Whether its start is not after `now`.
#[must_use]
pub fn starts_by(activity: &pb::Activity, now: Instant) -> bool {
    let micros =
        |time: Timestamp| time.seconds.saturating_mul(1_000_000).saturating_add(i64::from(time.nanos / 1000));
    activity.start_time.is_some_and(|start| micros(start) <= now.as_micros())
}

/// Whether an activity takes place.
#[must_use]
pub fn takes_place(activity: &pb::Activity) -> bool {
    activity.state() != pb::ActivityState::Cancelled
}

/// Why a change of a draft can no longer be applied to what `stands`; `None` when it can.
#[must_use]
pub fn outdated(change: &pb::Activity, stands: Option<&pb::Activity>, now: Instant) -> Option<String> {
    if let Some(stands) = stands {
        if change.revision == 0 {
            return Some("was created since".into());
        }
        if change.revision != stands.revision {
            let (made_from, is) = (change.revision, stands.revision);
            return Some(format!(
                "was changed since: the draft was made from revision {made_from}, it is at {is}"
            ));
        }
        if has_begun(stands, now) {
            return Some("has begun".into());
        }
    }
    (takes_place(change) && starts_by(change, now)).then(|| "would start at a time that is over".into())
}

/// Whether two say the same of what is planned: what it is, when and where, who plays and who leads. Results,
/// delays kept beside the plan, what really happened, provenance and revisions are no plan; of what does not take
/// place nothing else is.
#[must_use]
pub fn is_same_plan(one: &pb::Activity, other: &pb::Activity) -> bool {
    match (takes_place(one), takes_place(other)) {
        (true, true) => plan(one) == plan(other),
        (one, other) => one == other,
    }
}

/// What of a proposal differs from the schedule that it was made from. The rest is better left out: it stays as it
/// is, whatever is said of it meanwhile.
#[must_use]
pub fn changed(before: &[pb::Activity], proposed: Vec<pb::Activity>) -> Vec<pb::Activity> {
    let before: BTreeMap<&str, &pb::Activity> =
        before.iter().map(|activity| (activity.name.as_str(), activity)).collect();
    let is_changed = |wanted: &pb::Activity| {
        before.get(wanted.name.as_str()).is_none_or(|stood| !is_same_plan(stood, wanted))
    };
    proposed.into_iter().filter(is_changed).collect()
}

fn plan(activity: &pb::Activity) -> pb::Activity {
    let played = activity.r#match.clone().map(|played| pb::Match {
        result: None,
        home_slot: String::new(),
        away_slot: String::new(),
        ..played
    });
    pb::Activity {
        name: activity.name.clone(),
        kind: activity.kind,
        title: activity.title.clone(),
        zone: activity.zone.clone(),
        start_time: activity.start_time,
        end_time: activity.end_time,
        set_up: Some(activity.set_up.unwrap_or_default()),
        turnaround: Some(activity.turnaround.unwrap_or_default()),
        session: activity.session.clone(),
        r#match: played,
        service_class: activity.service_class.clone(),
        pinned: activity.pinned,
        ..pb::Activity::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn activity() -> pb::Activity {
        pb::Activity {
            name: "tournaments/t/activities/m01".into(),
            kind: pb::ActivityKind::Match.into(),
            state: pb::ActivityState::Scheduled.into(),
            r#match: Some(pb::Match { home: "winner of m25".into(), ..pb::Match::default() }),
            ..pb::Activity::default()
        }
    }

    #[test]
    fn what_the_live_day_says_is_no_plan() {
        let mut later = activity();
        later.state = pb::ActivityState::Delayed.into();
        later.reason = "rain".into();
        later.revision = 7;
        later.set_up = Some(prost_types::Duration::default());
        later.r#match.as_mut().unwrap().result =
            Some(pb::Result { home_goals: Some(1), ..pb::Result::default() });
        assert!(is_same_plan(&activity(), &later));
        later.r#match.as_mut().unwrap().home = "tournaments/t/teams/cn".into();
        assert!(!is_same_plan(&activity(), &later));
    }

    #[test]
    fn what_a_proposal_leaves_as_it_was_is_no_change() {
        let other = pb::Activity { name: "tournaments/t/activities/m02".into(), ..activity() };
        let moved = pb::Activity { zone: "sites/s/venues/v/zones/pitch".into(), ..other.clone() };
        let new = pb::Activity { name: "tournaments/t/activities/m02-warm-up".into(), ..activity() };
        let before = [activity(), other];
        let proposed = vec![activity(), moved.clone(), new.clone()];
        assert_eq!(changed(&before, proposed), [moved, new]);
    }

    #[test]
    fn what_was_changed_has_begun_or_is_over_is_outdated() {
        let at = |hour: i64| pb::Activity {
            start_time: Some(Timestamp { seconds: hour * 3600, nanos: 0 }),
            revision: 3,
            ..activity()
        };
        let now = Instant::from_micros(10 * 3_600_000_000).unwrap();
        let why =
            |change: pb::Activity, stands: Option<pb::Activity>| outdated(&change, stands.as_ref(), now);
        assert_eq!(why(at(20), Some(at(15))), None);
        assert_eq!(why(pb::Activity { revision: 0, ..at(20) }, None), None);
        let later = pb::Activity { revision: 4, ..at(15) };
        let changed = "was changed since: the draft was made from revision 3, it is at 4";
        assert_eq!(why(at(20), Some(later)).as_deref(), Some(changed));
        let created = why(pb::Activity { revision: 0, ..at(20) }, Some(at(15)));
        assert_eq!(created.as_deref(), Some("was created since"));
        assert_eq!(why(at(20), Some(at(10))).as_deref(), Some("has begun"));
        let in_play = pb::Activity { state: pb::ActivityState::InPlay.into(), ..at(15) };
        assert_eq!(why(at(20), Some(in_play)).as_deref(), Some("has begun"));
        assert_eq!(why(at(9), Some(at(15))).as_deref(), Some("would start at a time that is over"));
        let off = pb::Activity { state: pb::ActivityState::Cancelled.into(), ..at(9) };
        assert_eq!(why(at(20), Some(off.clone())), None, "what does not take place has not begun");
        assert_eq!(why(off, Some(at(15))), None);
    }

    #[test]
    fn what_does_not_take_place_is_nowhere() {
        let cancelled = pb::Activity { state: pb::ActivityState::Cancelled.into(), ..activity() };
        assert!(!is_same_plan(&activity(), &cancelled));
        let elsewhere = pb::Activity { zone: "sites/s/venues/v/zones/pitch".into(), ..cancelled.clone() };
        assert!(is_same_plan(&cancelled, &elsewhere));
    }
}
