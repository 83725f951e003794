//! Rows and queries.

pub(crate) mod activities;
pub(crate) mod competitions;
pub(crate) mod frames;
pub(crate) mod live;
pub(crate) mod officials;
pub(crate) mod plans;
pub(crate) mod rules;
pub(crate) mod runs;
pub(crate) mod tournaments;
pub(crate) mod versions;
