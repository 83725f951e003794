//! Rows and queries.

pub(crate) mod bookings;
pub(crate) mod places;
pub(crate) mod work_orders;
