//! The service as its callers see it, on both databases: it follows logs in which the test speaks for the others.

mod house;
mod log;
mod run_sheet;
