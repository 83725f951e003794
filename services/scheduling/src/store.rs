//! Rows and queries.

pub(crate) mod activities;
pub(crate) mod tournaments;
pub(crate) mod versions;
