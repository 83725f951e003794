//! The peer: CP-SAT on the same problem, where Python has ortools and `../shared` is beside the project.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use matchday_timetable::model::{Instance, Minute, Place, Timetable};
use serde::Deserialize;

/// What the peer says.
#[derive(Debug, Deserialize)]
pub(crate) struct Answer {
    /// `OPTIMAL`, `INFEASIBLE`, `FEASIBLE`, or why a timetable cannot be stated.
    pub(crate) status: String,
    /// Cost of what it found.
    pub(crate) cost: Option<i64>,
    /// Seconds to the first timetable.
    #[serde(default)]
    pub(crate) first: Option<f64>,
    /// Seconds in all.
    #[serde(default)]
    pub(crate) seconds: f64,
    /// Slot and pitch of each match.
    #[serde(default)]
    places: Option<Vec<(usize, usize)>>,
}

/// Where it is.
#[derive(Debug)]
pub(crate) struct Peer {
    python: String,
    folder: PathBuf,
}

impl Peer {
    /// Finds it: `PEER_PYTHON` names a Python with ortools, `python3` is tried without it. Says why it is not there.
    pub(crate) fn find() -> Result<Self, String> {
        let folder = root().join("../shared/tools/timetable");
        if !folder.join("peer_cpsat.py").exists() {
            return Err(format!("the peer is left out: {} has no peer_cpsat.py", folder.display()));
        }
        let python = env::var("PEER_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let asked = Command::new(&python).args(["-c", "import ortools"]).output();
        if asked.is_ok_and(|output| output.status.success()) {
            Ok(Self { python, folder })
        } else {
            Err(format!("the peer is left out: {python} has no ortools (PEER_PYTHON names another Python)"))
        }
    }

    /// Asks it: see `peer.py`.
    pub(crate) fn ask(&self, what: &[&str]) -> Result<Answer, String> {
        let script = root().join("services/scheduling/engine/tests/peer/peer.py");
        let output = Command::new(&self.python)
            .arg(script)
            .arg(&self.folder)
            .args(what)
            .output()
            .map_err(|error| format!("{}: {error}", self.python))?;
        if !output.status.success() {
            return Err(format!("the peer failed: {}", String::from_utf8_lossy(&output.stderr)));
        }
        serde_json::from_slice(&output.stdout).map_err(|error| format!("the peer's answer: {error}"))
    }
}

impl Answer {
    /// Its timetable, without officials.
    pub(crate) fn timetable(&self, instance: &Instance) -> Option<Timetable> {
        let at = |&(slot, pitch): &(usize, usize)| {
            instance.kick_offs.get(slot).map(|&start: &Minute| Place { start, pitch })
        };
        let places: Option<Vec<Place>> = self.places.as_ref()?.iter().map(at).collect();
        Some(Timetable { places: places?, officials: Vec::new() })
    }
}

/// A timetable as the peer takes it.
pub(crate) fn places(instance: &Instance, timetable: &Timetable) -> String {
    let pairs = timetable.places.iter().map(|place| {
        let slot = instance.kick_offs.iter().position(|start| *start == place.start).unwrap_or(usize::MAX);
        (slot, place.pitch)
    });
    let pairs: Vec<String> = pairs.map(|(slot, pitch)| format!("[{slot}, {pitch}]")).collect();
    format!("[{}]", pairs.join(", "))
}

/// One of the files in `instances`.
pub(crate) fn instance(name: &str) -> Result<Instance, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("instances").join(format!("{name}.json"));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..")
}
