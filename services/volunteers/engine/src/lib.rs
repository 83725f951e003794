//! The roster engine: makes the roster of volunteers, proves how good it is, explains what stays open, and repairs it.
//! Pure: no I/O, no async, no clock.

pub mod bound;
pub mod check;
mod exact;
pub mod explain;
mod lanes;
pub mod model;
pub mod outcome;
pub mod pace;
mod problem;
mod random;
mod real;
pub mod repair;
mod rule;
mod search;
pub mod solve;
mod state;
pub mod validate;
