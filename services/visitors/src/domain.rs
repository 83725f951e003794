//! The rules, pure: no clock, no store, no wire.

pub mod alert;
pub mod capacity;
pub mod course;
pub mod entry;
pub mod flow;
pub mod occupancy;
pub mod opening;
pub mod passages;
pub mod quota;
pub mod scan;
pub mod verdict;

#[cfg(test)]
mod gates_in_motion;
