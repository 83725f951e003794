//! The rules, pure: no clock, no store, no wire.

pub mod course;
pub mod flow;
pub mod occupancy;
pub mod opening;
pub mod scan;
pub mod verdict;

#[cfg(test)]
mod gates_in_motion;
