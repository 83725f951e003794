use matchday_kernel::civil::{self, date};
use matchday_kernel::{Instant, LocalTimeError, SignedDuration, TimeError, Zone};
use proptest::prelude::*;

use crate::{any_instant, at, modern_instant, zone};

#[test]
fn only_iana_names_are_zones() {
    assert_eq!(zone("Asia/Shanghai").to_string(), "Asia/Shanghai");
    assert_eq!(zone("europe/paris").name(), "Europe/Paris");
    assert_eq!(zone("UTC").name(), "UTC");
    for text in ["", "Mars/Base", "+08:00", "CST-8", "Etc/Unknown", "../etc/passwd"] {
        let error = text.parse::<Zone>().expect_err("it is no zone");
        let message = format!("{text:?} is not a time zone: write an IANA name such as Asia/Shanghai");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn a_time_that_happens_twice_must_be_written_with_its_offset() {
    let paris = zone("Europe/Paris");
    let local = date(2023, 10, 29).at(2, 30, 0, 0);
    let (earlier, later) = (at("2023-10-29T00:30:00Z"), at("2023-10-29T01:30:00Z"));

    let error = paris.resolve(local).expect_err("the clocks show it twice");
    assert_eq!(error, LocalTimeError::Ambiguous { local, zone: paris.clone(), earlier, later });
    assert_eq!(
        error.to_string(),
        "2023-10-29 02:30 happens twice in Europe/Paris: \
         write 2023-10-29 02:30 +02:00 or 2023-10-29 02:30 +01:00"
    );
    assert_eq!(paris.parse_local_or_offset("2023-10-29 02:30"), Err(TimeError::Local(error)));
    assert_eq!(paris.parse_local_or_offset("2023-10-29 02:30 +02:00"), Ok(earlier));
    assert_eq!(paris.parse_local_or_offset("2023-10-29T02:30+01:00"), Ok(later));
}

#[test]
fn a_time_that_never_happens_is_refused_with_its_neighbours() {
    let paris = zone("Europe/Paris");
    let local = date(2023, 3, 26).at(2, 30, 0, 0);
    let (before, after) = (at("2023-03-26T00:30:00Z"), at("2023-03-26T01:30:00Z"));

    let error = paris.resolve(local).expect_err("the clocks never show it");
    assert_eq!(error, LocalTimeError::Gap { local, zone: paris.clone(), before, after });
    assert_eq!(
        error.to_string(),
        "2023-03-26 02:30 does not exist in Europe/Paris, where the clocks are put forward: \
         write 2023-03-26 01:30 +01:00 or 2023-03-26 03:30 +02:00"
    );
    assert_eq!(paris.parse_local_or_offset("2023-03-26T02:30"), Err(TimeError::Local(error)));
}

#[test]
fn the_ends_of_a_change_of_clocks_are_plain() {
    let paris = zone("Europe/Paris");
    let cases = [
        ("2023-10-29 01:59:59", "2023-10-28T23:59:59Z"),
        ("2023-10-29 03:00", "2023-10-29T02:00:00Z"),
        ("2023-03-26 01:59:59", "2023-03-26T00:59:59Z"),
        ("2023-03-26 03:00", "2023-03-26T01:00:00Z"),
    ];
    for (local, moment) in cases {
        assert_eq!(paris.parse_local_or_offset(local), Ok(at(moment)), "{local}");
    }
}

#[test]
fn local_times_and_offsets_are_read() {
    let shanghai = zone("Asia/Shanghai");
    let cases = [
        "2023-10-21 20:00",
        " 2023-10-21 20:00 ",
        "2023-10-21T20:00",
        "2023-10-21T20:00:00",
        "2023-10-21 20:00 +08:00",
        "2023-10-21T20:00+08:00",
        "2023-10-21T14:00:00+02:00",
        "2023-10-21 12:00Z",
        "2023-10-21T12:00:00Z",
    ];
    for text in cases {
        assert_eq!(shanghai.parse_local_or_offset(text), Ok(at("2023-10-21T12:00:00Z")), "{text}");
    }
}

#[test]
fn other_texts_are_not_times() {
    let cases = [
        "",
        "20:00",
        "2023-10-21",
        "2023-10-21 20",
        "2023-10-21 2000",
        "2023-10-21 25:00",
        "2023-02-29 20:00",
        "21/10/2023 20:00",
        "2023-10-21 20:00 CST",
        "2023-10-21 20:00+99:00",
        "2023-10-21 20:00[Asia/Tokyo]",
        "2023-10-21T20:00+08:00[Asia/Tokyo]",
        "2023-10-21 T20:00",
        "2023-10-21 2 0:00Z",
    ];
    for text in cases {
        let error = zone("Asia/Shanghai").parse_local_or_offset(text).expect_err(text);
        let message =
            format!("{text:?} is not a time: write it like 2023-10-21 20:00 or 2023-10-21T20:00:00+08:00");
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn days_are_as_long_as_the_clocks_make_them() {
    let cases = [
        ("Asia/Shanghai", date(2023, 10, 21), "2023-10-20T16:00:00Z", 24),
        ("Europe/Paris", date(2023, 3, 26), "2023-03-25T23:00:00Z", 23),
        ("Europe/Paris", date(2023, 10, 29), "2023-10-28T22:00:00Z", 25),
        // The clocks skip from midnight to one o'clock.
        ("America/Sao_Paulo", date(2018, 11, 4), "2018-11-04T03:00:00Z", 23),
    ];
    for (name, date, start, hours) in cases {
        let day = zone(name).day(date);
        assert_eq!(day.start(), at(start), "{name} {date}");
        assert_eq!(day.duration(), SignedDuration::from_hours(hours), "{name} {date}");
    }
}

#[test]
fn a_day_that_never_was_is_as_short_as_can_be() {
    let microsecond = SignedDuration::from_micros(1);
    assert_eq!(zone("Pacific/Apia").day(date(2011, 12, 30)).duration(), microsecond);
    for name in ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"] {
        assert!(zone(name).day(civil::Date::MIN).start() >= Instant::MIN);
        assert!(zone(name).day(civil::Date::MAX).end() <= Instant::MAX);
        assert!(zone(name).resolve(civil::DateTime::MIN).is_err());
    }
}

#[test]
fn the_local_date_is_that_of_the_zone() {
    let evening = at("2023-10-21T17:00:00Z");
    assert_eq!(zone("Asia/Shanghai").local_date(evening), date(2023, 10, 22));
    assert_eq!(zone("Europe/Paris").local_date(evening), date(2023, 10, 21));
}

#[test]
fn a_moment_is_printed_with_its_offset() {
    let shanghai = zone("Asia/Shanghai");
    assert_eq!(shanghai.format(at("2023-10-21T12:00:00Z")), "2023-10-21 20:00 +08:00");
    assert_eq!(shanghai.format(at("2023-10-21T12:00:07Z")), "2023-10-21 20:00:07 +08:00");
    assert_eq!(zone("UTC").format(at("2023-10-21T12:00:00Z")), "2023-10-21 12:00 +00:00");
}

fn any_zone() -> impl Strategy<Value = Zone> {
    let names =
        ["UTC", "Asia/Shanghai", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"];
    prop::sample::select(names.to_vec()).prop_map(zone)
}

proptest! {
    #[test]
    fn what_is_printed_is_read_back_to_the_second(zone in any_zone(), moment in modern_instant()) {
        let second = moment.as_micros() / 1_000_000 * 1_000_000;
        prop_assert_eq!(zone.parse_local_or_offset(&zone.format(moment)), Instant::from_micros(second));
    }

    #[test]
    fn a_local_time_resolves_to_the_moment_or_names_it(zone in any_zone(), moment in modern_instant()) {
        match zone.resolve(moment.in_zone(&zone).datetime()) {
            Ok(resolved) => prop_assert_eq!(resolved, moment),
            Err(LocalTimeError::Ambiguous { earlier, later, .. }) => {
                prop_assert!(earlier < later);
                prop_assert!(moment == earlier || moment == later);
            }
            Err(error) => prop_assert!(false, "{}", error),
        }
    }

    #[test]
    fn a_moment_lies_in_its_day(zone in any_zone(), moment in modern_instant()) {
        prop_assert!(zone.day(zone.local_date(moment)).contains(moment));
    }

    #[test]
    fn nothing_panics(zone in any_zone(), moment in any_instant(), text in ".*|[-0-9]{10}[ T][-+:0-9. Z]*") {
        let printed = zone.format(moment);
        prop_assert!(!printed.is_empty());
        if let Err(error) = zone.parse_local_or_offset(&text) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
