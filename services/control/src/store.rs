//! Rows and queries.

pub(crate) mod entries;
pub(crate) mod numbers;
pub(crate) mod pages;
pub(crate) mod run_sheet;
