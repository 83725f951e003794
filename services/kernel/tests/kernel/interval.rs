use matchday_kernel::{Instant, Interval, IntervalError, SignedDuration};
use proptest::prelude::*;

use crate::at;

fn from_to(start: &str, end: &str) -> Interval {
    Interval::new(at(start), at(end)).expect("the test writes a proper interval")
}

/// An interval within the first hundred microseconds of 1970, so that two often touch.
fn short() -> impl Strategy<Value = Interval> {
    (0..50_i64, 1..50_i64).prop_map(|(start, length)| {
        let moment = |micros| Instant::from_micros(micros).expect("1970 is within the calendar");
        Interval::new(moment(start), moment(start + length)).expect("the length is positive")
    })
}

#[test]
fn an_interval_is_never_empty() {
    let noon = at("2023-10-21T12:00:00Z");
    let error = Interval::new(noon, noon).expect_err("nothing lies between");
    assert_eq!(error, IntervalError::Empty { start: noon, end: noon });
    assert_eq!(error.to_string(), "the end 2023-10-21T12:00:00Z is not after the start 2023-10-21T12:00:00Z");
    assert!(Interval::new(noon, at("2023-10-21T11:59:59Z")).is_err());
}

#[test]
fn the_end_is_not_within() {
    let first = from_to("2023-10-21T12:00:00Z", "2023-10-21T14:00:00Z");
    let next = from_to("2023-10-21T14:00:00Z", "2023-10-21T16:00:00Z");
    assert!(first.contains(first.start()));
    assert!(!first.contains(first.end()));
    assert!(!first.overlaps(&next));
    assert_eq!(first.duration(), SignedDuration::from_hours(2));
    assert_eq!(first.to_string(), "2023-10-21T12:00:00Z/2023-10-21T14:00:00Z");
}

#[test]
fn buffers_widen_and_shifting_moves() {
    let match_17 = from_to("2023-10-21T12:00:00Z", "2023-10-21T14:00:00Z");
    let minutes = SignedDuration::from_mins;
    let occupied = from_to("2023-10-21T11:15:00Z", "2023-10-21T14:30:00Z");
    let delayed = from_to("2023-10-21T12:45:00Z", "2023-10-21T14:45:00Z");
    assert_eq!(match_17.with_buffers(minutes(45), minutes(30)), Ok(occupied));
    assert_eq!(match_17.shift(minutes(45)), Ok(delayed));
    assert_eq!(delayed.shift(minutes(-45)), Ok(match_17));
    assert!(match_17.with_buffers(minutes(-60), minutes(-60)).is_err());
}

#[test]
fn nothing_reaches_beyond_the_calendar() {
    let all = Interval::new(Instant::MIN, Instant::MAX).expect("the calendar is not empty");
    let hour = SignedDuration::from_hours(1);
    let beyond = Err(IntervalError::OutOfRange);
    assert_eq!(all.shift(hour), beyond);
    assert_eq!(all.shift(-hour), beyond);
    assert_eq!(all.with_buffers(hour, SignedDuration::ZERO), beyond);
    assert_eq!(all.with_buffers(SignedDuration::ZERO, hour), beyond);
    assert_eq!(all.with_buffers(SignedDuration::MIN, SignedDuration::MAX), beyond);
}

proptest! {
    #[test]
    fn two_overlap_when_they_share_a_moment(left in short(), right in short()) {
        let moments = (0..100).map(|micros| Instant::from_micros(micros).expect("1970 is within the calendar"));
        let shared = moments.into_iter().any(|moment| left.contains(moment) && right.contains(moment));
        prop_assert_eq!(left.overlaps(&right), shared);
        prop_assert_eq!(right.overlaps(&left), shared);
    }

    #[test]
    fn shifting_keeps_the_duration(interval in short(), by in -1_000_000_000_i64..1_000_000_000) {
        let shifted = interval.shift(SignedDuration::from_micros(by)).expect("it stays near 1970");
        prop_assert_eq!(shifted.duration(), interval.duration());
        prop_assert_eq!(shifted.start().since(interval.start()), SignedDuration::from_micros(by));
    }
}
