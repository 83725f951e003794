//! The program as a process of its own, started without a harness in between.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use matchday_tests::process;

/// What it prints when it answers.
const READY: &str = "ready on ";

/// A process that answers; killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    /// Where it answers.
    pub(crate) url: String,
    /// How long that took from before it was spawned.
    pub(crate) ready_after: Duration,
}

impl Program {
    /// Hosts all services on a database, or on files in the data directory.
    ///
    /// # Panics
    /// When it is not built, or does not get ready.
    pub(crate) fn serve(data: &Path, database: Option<&str>) -> Self {
        let mut command = Command::new(process::program());
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.args(database.into_iter().flat_map(|url| ["--database", url]));
        let begun = Instant::now();
        let spawned = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.expect("the program starts");
        let mut said = BufReader::new(child.stderr.take().expect("it was asked for")).lines();
        let ready = said.by_ref().map_while(Result::ok).find_map(|line| {
            let (_, url) = line.split_once(READY)?;
            Some((url.trim().to_owned(), begun.elapsed()))
        });
        // what it says from now on must not fill the pipe
        thread::spawn(move || said.map_while(Result::ok).for_each(drop));
        let Some((url, ready_after)) = ready else {
            let _ = child.kill();
            panic!("the program ended before it was ready");
        };
        Self { child, url, ready_after }
    }

    /// Memory it has in RAM now, in MB of a million bytes.
    ///
    /// # Panics
    /// When the machine does not say.
    pub(crate) fn resident(&self) -> f64 {
        self.status("VmRSS:")
    }

    /// The most it has had.
    ///
    /// # Panics
    /// When the machine does not say.
    pub(crate) fn most_resident(&self) -> f64 {
        self.status("VmHWM:")
    }

    fn status(&self, key: &str) -> f64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = fs::read_to_string(path).expect("Linux says how much memory a process has");
        let line = status.lines().find_map(|line| line.strip_prefix(key)).expect("a line for it");
        let kibibytes: f64 = line.trim().trim_end_matches(" kB").parse().expect("a number of kibibytes");
        kibibytes * 1024.0 / 1e6
    }

    /// Asks it to end, and waits until it has.
    ///
    /// # Panics
    /// When it cannot be asked, or fails.
    pub(crate) fn end(mut self) {
        let asked = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(asked.expect("kill starts").success(), "the signal is sent");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "it ended in good order: {status}");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // it may have ended
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
