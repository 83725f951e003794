//! The handlers, thin: parse, write under locks, answer.

mod log;
mod run_sheet;
mod watch;
