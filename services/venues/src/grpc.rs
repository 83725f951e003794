//! The handlers, thin: parse, write under locks, answer.

mod bookings;
mod places;
mod reserve;
mod work_orders;

use matchday_api::venues::v1 as pb;
use matchday_store::{NewEvent, Tx};

use crate::domain::booking::Booking;

/// An event of a booking, which belongs to the booking's tournament if it has one.
pub(crate) fn emit<M: prost::Name>(tx: &mut Tx, booking: &pb::Booking, payload: &M) {
    let mut event = NewEvent::new(&booking.name, None, payload);
    event.tournament.clone_from(&booking.tournament);
    tx.emit(event);
}

/// Names of bookings.
pub(crate) fn names(bookings: Vec<&Booking>) -> Vec<String> {
    bookings.into_iter().map(|booking| booking.name.to_string()).collect()
}
