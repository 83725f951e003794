use matchday_kernel::{Instant, SignedDuration, TimeError};
use proptest::prelude::*;

use crate::{any_instant, at, zone};

#[test]
fn the_range_is_that_of_the_calendar() {
    assert_eq!(Instant::from(jiff::Timestamp::MIN), Instant::MIN);
    assert_eq!(Instant::from(jiff::Timestamp::MAX), Instant::MAX);
    for micros in [i64::MIN, Instant::MIN.as_micros() - 1, Instant::MAX.as_micros() + 1, i64::MAX] {
        assert_eq!(Instant::from_micros(micros), Err(TimeError::OutOfRange { micros }));
    }
}

#[test]
fn any_offset_is_read_and_z_is_printed() {
    for text in ["2023-10-21T12:00:00Z", "2023-10-21T20:00:00+08:00", "2023-10-21T05:00-07:00"] {
        assert_eq!(at(text).to_string(), "2023-10-21T12:00:00Z");
    }
    assert_eq!(at("2023-10-21T12:00:00.000001Z").as_micros() % 1_000_000, 1);
    assert_eq!(at("1970-01-01T00:00:00Z").as_micros(), 0);
}

#[test]
fn a_time_without_offset_is_not_an_instant() {
    let cases = [
        "",
        "now",
        "2023-10-21",
        "2023-10-21T12:00:00",
        "2023-02-30T12:00:00Z",
        "2023-10-21T12:00Z[Asia/Tokyo]",
    ];
    for text in cases {
        let error = text.parse::<Instant>().expect_err("it has no offset or is no time");
        let message = format!("{text:?} is not a time: write it like 2023-10-21T20:00:00+08:00");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn an_instant_is_shown_in_a_zone() {
    let local = at("2023-10-21T12:00:00Z").in_zone(&zone("Asia/Shanghai"));
    assert_eq!(local.to_string(), "2023-10-21T20:00:00+08:00[Asia/Shanghai]");
    assert_eq!(Instant::from(local.timestamp()), at("2023-10-21T12:00:00Z"));
}

#[test]
fn adding_stops_at_the_ends_of_the_calendar() {
    let long = SignedDuration::MAX;
    assert_eq!(Instant::MAX.checked_add(SignedDuration::from_micros(1)), None);
    assert_eq!(Instant::MIN.checked_add(SignedDuration::from_micros(-1)), None);
    assert_eq!(at("2023-10-21T12:00:00Z").checked_add(long), None);
    assert_eq!(at("2023-10-21T12:00:00Z").saturating_add(long), Instant::MAX);
    assert_eq!(at("2023-10-21T12:00:00Z").saturating_add(SignedDuration::MIN), Instant::MIN);
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(instant in any_instant()) {
        prop_assert_eq!(instant.to_string().parse(), Ok(instant));
        prop_assert_eq!(Instant::from_micros(instant.as_micros()), Ok(instant));
        prop_assert_eq!(Instant::from(jiff::Timestamp::from(instant)), instant);
    }

    #[test]
    fn since_is_what_must_be_added(earlier in any_instant(), later in any_instant()) {
        prop_assert_eq!(earlier.checked_add(later.since(earlier)), Some(later));
        prop_assert_eq!(later.since(earlier).is_positive(), later > earlier);
    }

    #[test]
    fn no_text_panics(text in ".*|[-+0-9TZ:. ]*") {
        if let Ok(instant) = text.parse::<Instant>() {
            prop_assert!((Instant::MIN..=Instant::MAX).contains(&instant));
        }
    }
}

#[test]
fn the_basic_format_is_that_of_calendars() {
    let moment: Instant = "2023-10-25T10:30:59.9+08:00".parse().unwrap();
    assert_eq!(moment.basic_utc(), "20231025T023059Z");
}
