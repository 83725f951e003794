//! Every step in every state; what becomes of the times; what always holds.

use proptest::prelude::*;

use super::*;
use crate::domain::slot::{
    State::{Abandoned, Cancelled, Delayed, Finished, InPlay, Rescheduled, Scheduled, Suspended},
    push,
    tests::{at, mins, slot},
};

const STATES: [State; 8] =
    [Scheduled, Delayed, Rescheduled, Cancelled, InPlay, Suspended, Abandoned, Finished];

const STEPS: [Step; 9] = [
    Step::KickOff,
    Step::Suspend,
    Step::Resume,
    Step::Extend,
    Step::Abandon,
    Step::Finish,
    Step::CorrectKickOff,
    Step::CorrectEnd,
    Step::Reopen,
];

/// A match from minute 100 to 215 that is to come.
fn to_come() -> Live {
    Live { slot: slot("m1", 100, 215), actual_start: None, actual_end: None, since: None }
}

/// The match in a state: kicked off at 107, suspended at 150, ended at 200.
fn in_state(state: State) -> Live {
    let now = at(1000);
    let in_play = || to_come().kick_off(at(107), now).unwrap();
    match state {
        Scheduled | Delayed | Rescheduled | Cancelled => {
            let live = to_come();
            Live { slot: Slot { state, ..live.slot }, ..live }
        }
        InPlay => in_play(),
        Suspended => in_play().suspend(at(150), now).unwrap(),
        Abandoned => in_play().abandon(at(200), now).unwrap(),
        Finished => in_play().finish(at(200), now).unwrap(),
    }
}

fn take(step: Step, live: Live, moment: Instant, now: Instant) -> Result<Live, Refusal> {
    match step {
        Step::KickOff => live.kick_off(moment, now),
        Step::Suspend => live.suspend(moment, now),
        Step::Resume => live.resume(moment, now),
        Step::Extend => live.extend(moment, Extension::ExtraTime.lasts(), now),
        Step::Abandon => live.abandon(moment, now),
        Step::Finish => live.finish(moment, now),
        Step::CorrectKickOff => live.correct_kick_off(moment, now),
        Step::CorrectEnd => live.correct_end(moment, now),
        Step::Reopen => live.reopen(None),
    }
}

/// A moment at which the step is possible, where the state allows it.
fn moment(step: Step) -> Instant {
    at(if matches!(step, Step::KickOff | Step::CorrectKickOff) { 110 } else { 205 })
}

#[test]
fn every_step_in_every_state_is_allowed_or_says_what_to_do() {
    let allowed = |step, state| match step {
        Step::KickOff => matches!(state, Scheduled | Delayed | Rescheduled),
        Step::Suspend | Step::Extend | Step::Finish => state == InPlay,
        Step::Resume => state == Suspended,
        Step::Abandon => matches!(state, InPlay | Suspended),
        Step::CorrectKickOff => matches!(state, InPlay | Suspended | Abandoned | Finished),
        Step::CorrectEnd | Step::Reopen => matches!(state, Abandoned | Finished),
    };
    for state in STATES {
        for step in STEPS {
            match take(step, in_state(state), moment(step), at(1000)) {
                Ok(_) => assert!(allowed(step, state), "{step:?} in {state:?}"),
                Err(Refusal::State { state: told, next, .. }) => {
                    assert!(!allowed(step, state) && told == state && !next.is_empty(), "{step:?} {state:?}");
                }
                Err(other) => panic!("{step:?} in {state:?}: {other}"),
            }
        }
    }
}

#[test]
fn each_step_leads_to_its_state() {
    for (step, from, to) in [
        (Step::KickOff, Delayed, InPlay),
        (Step::Suspend, InPlay, Suspended),
        (Step::Resume, Suspended, InPlay),
        (Step::Extend, InPlay, InPlay),
        (Step::Abandon, Suspended, Abandoned),
        (Step::Finish, InPlay, Finished),
        (Step::CorrectKickOff, Suspended, Suspended),
        (Step::CorrectEnd, Abandoned, Abandoned),
        (Step::Reopen, Finished, InPlay),
    ] {
        let live = take(step, in_state(from), moment(step), at(1000)).unwrap();
        assert_eq!(live.slot.state, to, "{step:?}");
        assert_eq!(live.actual_end.is_some(), matches!(to, Abandoned | Finished), "{step:?}");
    }
}

fn times(live: &Live) -> (Instant, Instant) {
    (live.slot.time.start(), live.slot.time.end())
}

#[test]
fn a_late_kick_off_moves_the_end_and_an_early_one_does_not() {
    let late = in_state(InPlay);
    assert_eq!((times(&late), late.actual_start), ((at(107), at(222)), Some(at(107))));
    assert_eq!((late.slot.planned_start, late.slot.planned_end), (at(100), at(215)));
    let early = to_come().kick_off(at(98), at(98)).unwrap();
    assert_eq!((times(&early), early.actual_start), ((at(100), at(215)), Some(at(98))));
}

#[test]
fn lost_time_comes_back_at_the_end() {
    let suspended = in_state(Suspended);
    assert_eq!(times(&suspended), (at(107), at(222)), "how long is not known yet");
    let resumed = suspended.resume(at(175), at(175)).unwrap();
    assert_eq!(times(&resumed), (at(107), at(247)));
}

#[test]
fn what_is_announced_counts_from_then_and_an_end_that_is_later_stays() {
    let live = in_state(InPlay);
    let extra = live.clone().extend(at(214), Extension::ExtraTime.lasts(), at(214)).unwrap();
    assert_eq!(times(&extra).1, at(214 + 38));
    let penalties = extra.extend(at(253), Extension::Penalties.lasts(), at(253)).unwrap();
    assert_eq!(times(&penalties).1, at(253 + 15));
    let within = live.extend(at(150), mins(10), at(150)).unwrap();
    assert_eq!(times(&within).1, at(222), "the slot of a knockout match holds extra time already");
}

#[test]
fn it_ends_when_it_ends() {
    assert_eq!(times(&in_state(Finished)), (at(107), at(200)));
    let corrected = in_state(Finished).correct_end(at(190), at(1000)).unwrap();
    assert_eq!((times(&corrected).1, corrected.actual_end), (at(190), Some(at(190))));
    let reopened = in_state(Abandoned).reopen(None).unwrap();
    assert_eq!((times(&reopened), reopened.actual_end), ((at(107), at(222)), None));
}

#[test]
fn what_kicked_off_early_may_be_over_before_its_planned_start() {
    let early = || to_come().kick_off(at(60), at(1000)).unwrap();
    let abandoned = early().abandon(at(90), at(1000)).unwrap();
    assert_eq!((times(&abandoned), abandoned.actual_end), ((at(100), at(101)), Some(at(90))));
    let corrected = abandoned.correct_kick_off(at(70), at(1000)).unwrap();
    assert_eq!((corrected.actual_start, times(&corrected)), (Some(at(70)), (at(100), at(101))));
    assert!(corrected.correct_kick_off(at(90), at(1000)).is_err());
    assert!(early().finish(at(60), at(1000)).is_err());
}

#[test]
fn what_was_abandoned_while_it_was_interrupted_is_interrupted_again() {
    let abandoned = in_state(Suspended).abandon(at(180), at(1000)).unwrap();
    let reopened = abandoned.reopen(Some(at(150))).unwrap();
    assert_eq!((reopened.slot.state, reopened.since), (Suspended, Some(at(150))));
    let resumed = reopened.resume(at(190), at(1000)).unwrap();
    assert_eq!(times(&resumed).1, at(222 + 40), "no lost time is forgotten");
    let finished = in_state(Finished).reopen(Some(at(150))).unwrap();
    assert_eq!(finished.slot.state, InPlay, "it was resumed before");
}

#[test]
fn what_a_result_alone_has_ended_is_to_come_again() {
    let ended = |slot: Slot| Live { slot: Slot { state: Finished, ..slot }, ..to_come() };
    let reopened = ended(to_come().slot).reopen(None).unwrap();
    assert_eq!(reopened, to_come());
    assert!(reopened.kick_off(at(100), at(100)).is_ok());
    let late = Slot { planned_start: at(80), planned_end: at(195), ..to_come().slot };
    assert_eq!(ended(late).reopen(None).unwrap().slot.state, Delayed);
}

#[test]
fn a_corrected_kick_off_keeps_what_came_after() {
    let later = in_state(InPlay).correct_kick_off(at(112), at(1000)).unwrap();
    assert_eq!((times(&later), later.since), ((at(112), at(227)), Some(at(112))));
    let earlier = in_state(InPlay).correct_kick_off(at(102), at(1000)).unwrap();
    assert_eq!(times(&earlier), (at(102), at(222)), "an end only gets later");
    let suspended = in_state(Suspended).correct_kick_off(at(110), at(1000)).unwrap();
    assert_eq!(suspended.since, Some(at(150)));
    assert!(in_state(Suspended).correct_kick_off(at(150), at(1000)).is_err());
    let over = in_state(Finished).correct_kick_off(at(110), at(1000)).unwrap();
    assert_eq!(times(&over), (at(110), at(200)));
    assert!(in_state(Finished).correct_kick_off(at(200), at(1000)).is_err());
}

#[test]
fn facts_are_of_the_past_and_in_order() {
    let refused = |result: Result<Live, Refusal>, words: &str| {
        let error = result.unwrap_err();
        assert!(matches!(error, Refusal::Time { .. }) && error.to_string().contains(words), "{error}");
    };
    refused(to_come().kick_off(at(107), at(106)), "lies in the future");
    refused(to_come().kick_off(at(39), at(1000)), "move it first");
    refused(to_come().kick_off(at(100 + 24 * 60 + 1), at(9000)), "move it first");
    refused(in_state(InPlay).suspend(at(106), at(1000)), "correct that first");
    refused(in_state(Suspended).resume(at(149), at(1000)), "correct that first");
    refused(in_state(Finished).correct_end(at(107), at(1000)), "not after its start");
    refused(in_state(Finished).correct_end(at(1001), at(1000)), "lies in the future");
}

#[test]
fn the_end_stays_within_the_calendar() {
    let last = Instant::MAX.checked_add(mins(-130)).unwrap();
    let moved = slot("m1", 100, 215).move_to(Some(last), None, None).unwrap();
    let live = Live { slot: moved, ..to_come() };
    assert!(matches!(live.kick_off(Instant::MAX, Instant::MAX), Err(Refusal::Calendar(_))));
}

proptest! {
    /// Whatever is recorded, the end is after the start, the plan is kept, and while the activity is under way
    /// its end only gets later.
    #[test]
    fn the_plan_is_kept_and_an_end_only_gets_later(steps in prop::collection::vec((0usize..9, 0i64..40), 1..40)) {
        let mut live = to_come();
        let mut now = 95;
        for (step, later) in steps {
            now += later;
            let before = live.clone();
            live = take(STEPS[step], live.clone(), at(now), at(now)).unwrap_or(live);
            prop_assert!(live.slot.time.start() < live.slot.time.end());
            prop_assert_eq!((live.slot.planned_start, live.slot.planned_end), (at(100), at(215)));
            let is_under_way = |live: &Live| matches!(live.slot.state, InPlay | Suspended);
            prop_assert!(!is_under_way(&live) || !is_under_way(&before) || times(&before).1 <= times(&live).1);
            prop_assert_eq!(live.actual_start.is_some(), !matches!(live.slot.state, Scheduled));
        }
    }

    /// Pushing what comes after on one pitch never makes two overlap that did not, buffers included.
    #[test]
    fn a_push_makes_no_overlap(
        gaps in prop::collection::vec((30i64..150, 0i64..60, 0i64..20, 0i64..30), 2..8),
        late in 0i64..90,
        lost in 0i64..60,
    ) {
        let mut start = 100;
        let pitch: Vec<Slot> = gaps.iter().enumerate().map(|(index, (length, gap, set_up, turnaround))| {
            let from = start + set_up;
            start = from + length + turnaround + gap;
            Slot { set_up: mins(*set_up), turnaround: mins(*turnaround), ..slot(&format!("m{index}"), from, from + length) }
        }).collect();
        let first = pitch[0].clone();
        let live = Live { slot: first.clone(), ..to_come() };
        let kicked_off = first.time.start().checked_add(mins(late)).unwrap();
        let stopped = kicked_off.checked_add(mins(5)).unwrap();
        let on = stopped.checked_add(mins(lost)).unwrap();
        let live = live.kick_off(kicked_off, on).unwrap().suspend(stopped, on).unwrap().resume(on, on).unwrap();
        let changed = push(first, live.slot, pitch.clone()).unwrap();
        let after: Vec<&Slot> = pitch.iter().map(|before| {
            changed.iter().find(|slot| slot.activity == before.activity).unwrap_or(before)
        }).collect();
        for pair in after.windows(2) {
            let free = pair[0].time.end().checked_add(pair[0].turnaround).unwrap();
            prop_assert!(free <= pair[1].time.start().checked_add(-pair[1].set_up).unwrap());
        }
    }
}
