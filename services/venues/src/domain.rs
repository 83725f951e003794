//! The rules of the service: pure, synchronous, without I/O.

pub mod booking;
pub mod occupant;
pub mod reserve;
pub mod work_order;
