//! Rows and queries.

pub(crate) mod admissions;
pub(crate) mod alerts;
pub(crate) mod control;
pub(crate) mod credentials;
pub(crate) mod flow;
pub(crate) mod gates;
pub(crate) mod offline;
pub(crate) mod openings;
pub(crate) mod passages;
pub(crate) mod passes;
pub(crate) mod redeem;
pub(crate) mod scans;

/// The parts of a text that keeps names, separated by spaces.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}
