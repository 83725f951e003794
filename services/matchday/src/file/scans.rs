//! The file of what a device decided without a network.

use std::path::Path;

use matchday_api::visitors::v1::{Direction, OfflineScan, Verdict};
use matchday_kernel::Instant;
use matchday_rpc::parse::to_timestamp;

use super::{
    Faults,
    rows::{self, Row},
};
use crate::words;

/// The columns of the file.
const COLUMNS: &[&str] = &["sequence", "code", "direction", "verdict", "time"];

/// Reads the file, in its order: a log may be written in any.
///
/// # Errors
/// Every fault of it.
pub(super) fn read(path: &Path) -> Result<Vec<OfflineScan>, Faults> {
    let (mut faults, mut scans) = (Faults::default(), Vec::new());
    rows::read(path, COLUMNS, |_| {}, &mut faults, |row, faults| scans.push(read_scan(row, faults)))?;
    faults.settle(scans)
}

fn read_scan(row: &Row<'_>, faults: &mut Faults) -> OfflineScan {
    let direction = words::read::<Direction>(row.text("direction"));
    let verdict = words::read::<Verdict>(row.text("verdict"));
    let time: Result<Instant, _> = row.text("time").parse();
    let time = faults.keep(time.map(to_timestamp).map(Some).map_err(|problem| row.wrong("time", problem)));
    let sequence = row.text("sequence").parse::<i64>();
    OfflineScan {
        sequence: faults.keep(sequence.map_err(|problem| row.wrong("sequence", problem))),
        code: row.text("code").to_owned(),
        direction: faults.keep(direction.map_err(|problem| row.wrong("direction", problem))).into(),
        verdict: faults.keep(verdict.map_err(|problem| row.wrong("verdict", problem))).into(),
        device_time: time,
    }
}
