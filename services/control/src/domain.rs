//! The rules of the service: pure, synchronous, without I/O.

pub mod activity;
pub mod entry;
pub mod item;
pub mod line;
pub mod opening;
pub mod report;
pub mod shift;
pub mod work_order;
