use matchday_kernel::{Instant, KeyMoment, KeyTime, KeyTimeError, Offset};
use proptest::prelude::*;

use crate::{any_instant, at};

fn relative(key: KeyTime, minutes: i32) -> KeyMoment {
    KeyMoment::Relative { key, offset: Offset::from_minutes(minutes).expect("it is within 7 days") }
}

#[test]
fn moments_are_read_as_people_write_them() {
    let cases = [
        ("KO-120", relative(KeyTime::KickOff, -120)),
        ("KO−120", relative(KeyTime::KickOff, -120)),
        (" ko - 120 ", relative(KeyTime::KickOff, -120)),
        ("END+30", relative(KeyTime::End, 30)),
        ("START", relative(KeyTime::Start, 0)),
        ("Gates+0", relative(KeyTime::GatesOpen, 0)),
        ("clear-0010", relative(KeyTime::Clear, -10)),
        ("KO+10080", relative(KeyTime::KickOff, 10_080)),
        ("2023-10-21T20:00:00+08:00", KeyMoment::Fixed(at("2023-10-21T12:00:00Z"))),
    ];
    for (text, moment) in cases {
        assert_eq!(text.parse(), Ok(moment), "{text}");
    }
}

#[test]
fn moments_are_printed_as_people_write_them() {
    assert_eq!(relative(KeyTime::KickOff, -120).to_string(), "KO−120");
    assert_eq!(relative(KeyTime::End, 30).to_string(), "END+30");
    assert_eq!(relative(KeyTime::Start, 0).to_string(), "START");
    assert_eq!(KeyMoment::Fixed(at("2023-10-21T12:00:00Z")).to_string(), "2023-10-21T12:00:00Z");
}

#[test]
fn other_texts_are_refused() {
    let malformed = |text: &str| KeyTimeError::Malformed { written: text.to_owned() };
    let unknown = |text: &str| KeyTimeError::UnknownKey { written: text.to_owned() };
    let cases = [
        ("", malformed("")),
        ("-120", malformed("-120")),
        ("2023-10-21", malformed("2023-10-21")),
        ("KO-", malformed("KO-")),
        ("KO+-5", malformed("KO+-5")),
        ("KO-1 20", malformed("KO-1 20")),
        ("KO-1h", malformed("KO-1h")),
        ("KO120", unknown("KO120")),
        ("HALFTIME+5", unknown("HALFTIME")),
        ("KO+10081", KeyTimeError::TooFar),
        ("KO-99999999999999999999", KeyTimeError::TooFar),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<KeyMoment>(), Err(error), "{text}");
    }
}

#[test]
fn refusals_say_what_to_write() {
    let message = |text: &str| text.parse::<KeyMoment>().expect_err("it is refused").to_string();
    assert_eq!(
        message("KO+x"),
        "\"KO+x\" is not a moment of a plan: write it like KO-120, END+30, START or 2023-10-21T12:00:00Z"
    );
    assert_eq!(message("HT+5"), "\"HT\" is not a key time: it is one of KO, END, START, GATES, CLEAR");
    assert_eq!(message("KO+20000"), "the offset is longer than 7 days (10080 minutes)");
}

#[test]
fn an_offset_is_at_most_7_days() {
    assert!(Offset::from_minutes(-10_080).is_ok());
    for minutes in [i32::MIN, -10_081, 10_081, i32::MAX] {
        assert_eq!(Offset::from_minutes(minutes), Err(KeyTimeError::TooFar));
    }
}

#[test]
fn a_moment_follows_its_key_time() {
    let kick_off = |key| (key == KeyTime::KickOff).then(|| at("2023-10-21T12:00:00Z"));
    let fixed = at("2023-10-21T08:00:00Z");
    assert_eq!(relative(KeyTime::KickOff, -120).resolve(kick_off), Some(at("2023-10-21T10:00:00Z")));
    assert_eq!(relative(KeyTime::End, 30).resolve(kick_off), None);
    assert_eq!(KeyMoment::Fixed(fixed).resolve(kick_off), Some(fixed));
    assert_eq!(relative(KeyTime::End, 1).resolve(|_| Some(Instant::MAX)), None);
}

fn any_moment() -> impl Strategy<Value = KeyMoment> {
    let longest = Offset::LONGEST_MINUTES;
    let relative = (prop::sample::select(KeyTime::ALL.to_vec()), -longest..=longest)
        .prop_map(|(key, minutes)| relative(key, minutes));
    prop_oneof![relative, any_instant().prop_map(KeyMoment::Fixed)]
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back(moment in any_moment()) {
        prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        prop_assert_eq!(moment.to_string().to_lowercase().replace('−', " - ").parse(), Ok(moment));
    }

    #[test]
    fn no_text_panics(text in ".*|(ko|END)? ?[-+−]? ?[0-9٣]*") {
        if let Ok(moment) = text.parse::<KeyMoment>() {
            prop_assert_eq!(moment.to_string().parse(), Ok(moment));
        }
    }
}
