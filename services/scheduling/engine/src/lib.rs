//! The timetable engine: makes and repairs the timetable of a tournament, and proves what it says. Pure: no I/O, no
//! async, no clock.

mod change;
pub mod check;
pub mod disruption;
pub mod exact;
mod explain;
pub mod festival;
mod ladder;
pub mod model;
mod neighbourhood;
mod officials;
pub mod outcome;
mod problem;
mod random;
pub mod repair;
pub mod solve;
mod state;
pub mod suggest;
pub mod validate;
mod whole;
