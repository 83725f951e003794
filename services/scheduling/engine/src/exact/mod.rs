//! The exact search: lazy clause generation over the compiled problem.
//!
//! `model` states the problem to the solver, `branch` says where it looks first and when it stops, `search`
//! minimises one measure after another, and `contradiction` finds rules that cannot hold together.

mod branch;
mod changes;
mod contradiction;
mod limits;
mod model;
mod objective;
mod search;
mod sessions;

pub use contradiction::{Core, contradiction};
pub(crate) use contradiction::{is_infeasible, shrink};
pub(crate) use search::{Incumbent, Proof, Search, measure, search};
