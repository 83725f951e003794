//! The machine the figures come from, and what else it does.

use std::{fs, thread};

/// Its processor, cores and kernel.
pub(crate) fn description() -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let kernel = read("/proc/sys/kernel/osrelease");
    let processor = read("/proc/cpuinfo")
        .lines()
        .find_map(|line| {
            Some(line.strip_prefix("model name")?.trim_start_matches(['\t', ' ', ':']).to_owned())
        })
        .unwrap_or_else(|| "unknown processor".into());
    let build =
        if cfg!(debug_assertions) { "debug build: the figures mean nothing" } else { "release build" };
    format!("{cores} cores, {processor}, Linux {kernel}, {build}")
}

/// The load averages over 1, 5 and 15 minutes, and the tasks that run now.
pub(crate) fn load() -> String {
    read("/proc/loadavg")
}

fn read(path: &str) -> String {
    fs::read_to_string(path).map_or_else(|_| "unknown".into(), |text| text.trim().to_owned())
}
