//! Whether anything is booked twice, worked out from the bookings alone.

use matchday_api::venues::v1::{Booking, BookingState};
use prost_types::{Duration, Timestamp};

/// An instant in microseconds since 1970.
///
/// # Panics
/// When it is absent.
#[must_use]
pub fn micros(time: Option<&Timestamp>) -> i64 {
    let time = time.expect("a time");
    time.seconds * 1_000_000 + i64::from(time.nanos) / 1000
}

fn length(duration: Option<&Duration>) -> i64 {
    duration.map_or(0, |duration| duration.seconds * 1_000_000 + i64::from(duration.nanos) / 1000)
}

/// From when until when a zone is taken: with set-up and turnaround.
///
/// # Panics
/// When a time is absent.
#[must_use]
pub fn taken(
    start: Option<&Timestamp>,
    end: Option<&Timestamp>,
    set_up: Option<&Duration>,
    turnaround: Option<&Duration>,
) -> (i64, i64) {
    (micros(start) - length(set_up), micros(end) + length(turnaround))
}

/// From when until when a booking takes its zone.
///
/// # Panics
/// When a time is absent.
#[must_use]
pub fn taken_by(booking: &Booking) -> (i64, i64) {
    taken(
        booking.start_time.as_ref(),
        booking.end_time.as_ref(),
        booking.set_up.as_ref(),
        booking.turnaround.as_ref(),
    )
}

/// Every pair that is booked in one zone at one time.
#[must_use]
pub fn double_bookings(bookings: &[Booking]) -> Vec<(String, String)> {
    let booked: Vec<(&Booking, (i64, i64))> = bookings
        .iter()
        .filter(|booking| booking.state() == BookingState::Booked)
        .map(|booking| (booking, taken_by(booking)))
        .collect();
    let mut pairs = Vec::new();
    for (index, (one, (from, until))) in booked.iter().enumerate() {
        for (other, (other_from, other_until)) in &booked[index + 1..] {
            if one.zone == other.zone && from < other_until && other_from < until {
                pairs.push((one.name.clone(), other.name.clone()));
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::make::{at, minutes, pitch};

    fn booking(zone: u64, from: i64, until: i64, state: BookingState) -> Booking {
        Booking {
            zone: pitch(zone),
            start_time: Some(at(from)),
            end_time: Some(at(until)),
            set_up: Some(minutes(10)),
            state: state.into(),
            ..Booking::default()
        }
    }

    #[test]
    fn finds_what_overlaps_and_nothing_else() {
        use BookingState::{Booked, Displaced};
        let first = booking(1, 100, 200, Booked);
        let after = booking(1, 210, 300, Booked);
        assert!(double_bookings(&[first.clone(), after]).is_empty());
        assert!(double_bookings(&[first.clone(), booking(2, 100, 200, Booked)]).is_empty());
        assert!(double_bookings(&[first.clone(), booking(1, 100, 200, Displaced)]).is_empty());
        assert_eq!(double_bookings(&[first.clone(), booking(1, 209, 300, Booked)]).len(), 1);
        assert_eq!(double_bookings(&[first.clone(), first]).len(), 1);
    }
}
