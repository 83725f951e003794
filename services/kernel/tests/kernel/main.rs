//! The kernel as its users see it, one file per subject.

mod error;
mod injected;
mod interval;
mod key_time;
mod names;
mod page;
mod scope;
mod time;
mod zone;

use matchday_kernel::{Instant, Zone};
use proptest::prelude::*;

/// An instant written in RFC 3339.
fn at(text: &str) -> Instant {
    text.parse().expect("the test writes a proper instant")
}

/// A zone by its IANA name.
fn zone(name: &str) -> Zone {
    name.parse().expect("the test names a real zone")
}

/// Any instant of the calendar.
fn any_instant() -> impl Strategy<Value = Instant> {
    (Instant::MIN.as_micros()..=Instant::MAX.as_micros())
        .prop_map(|micros| Instant::from_micros(micros).expect("the range is that of instants"))
}

/// An instant of the years 1970 to 2100, where the rules of the zones are known.
fn modern_instant() -> impl Strategy<Value = Instant> {
    let end = at("2100-01-01T00:00:00Z").as_micros();
    (0..end).prop_map(|micros| Instant::from_micros(micros).expect("the range is that of instants"))
}
