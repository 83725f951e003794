//! Runs the program: once, or as a server with a data directory of its own.

use std::{
    fmt,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio},
    sync::Arc,
};

use matchday_kernel::Instant;
use matchday_runtime::ambient;
use tempfile::TempDir;

/// A file of these tests.
pub(crate) fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/files").join(name);
    path.display().to_string()
}

/// The program with these arguments, and without the variables of whoever runs the tests.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_matchday"));
    command.args(arguments).env_clear().stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Ran {
    command(arguments).output().expect("the program was built for this test").into()
}

/// How a run ended, and what it printed.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Ran {
    /// What it printed, when it did what it was asked.
    pub(crate) fn done(self) -> String {
        assert_eq!(self.code, Some(0), "{self}");
        self.out
    }
}

/// For snapshots: what differs from run to run is hidden.
impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code.map_or("by a signal".to_owned(), |code| code.to_string());
        write!(f, "exit {code}\n--- stdout\n{}--- stderr\n{}", without_ids(&self.out), without_ids(&self.err))
    }
}

/// Replaces every UUID by as many letters, so that tables keep their form.
pub(crate) fn without_ids(text: &str) -> String {
    const FORM: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    let is_id = |part: &str| {
        part.chars()
            .zip(FORM.chars())
            .all(|(c, form)| if form == '-' { c == '-' } else { c.is_ascii_hexdigit() })
    };
    let mut shown = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let part = rest.get(..FORM.len()).filter(|part| is_id(part));
        shown.push_str(if part.is_some() { FORM } else { &rest[..first.len_utf8()] });
        rest = &rest[part.map_or(first.len_utf8(), str::len)..];
    }
    shown
}

/// Hides the minutes and seconds of what happened just now, in the hour that [`House::staffed`] begins with, so
/// that tables keep their form.
pub(crate) fn without_clock(text: &str) -> String {
    const HOUR: &str = "2023-10-21 17:";
    let mut parts = text.split(HOUR);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |shown, part| {
        let is_exact = part.as_bytes().get(2) == Some(&b':');
        let rest = part.get(5..).filter(|_| is_exact).map(|rest| format!("mm:ss{rest}"));
        [&shown, HOUR, rest.as_deref().unwrap_or(part)].concat()
    })
}

/// A running server with everything in it; it is killed when dropped.
pub(crate) struct House {
    child: Child,
    err: BufReader<ChildStderr>,
    address: String,
    data: PathBuf,
    directory: Arc<TempDir>,
}

impl House {
    /// Starts a server and waits until it is ready.
    pub(crate) fn start() -> Self {
        Self::start_in(Arc::new(tempfile::tempdir().expect("a temporary directory can be made")), None)
    }

    /// Starts another server on the data of this one, which has ended.
    pub(crate) fn start_again(&self) -> Self {
        Self::start_in(self.directory.clone(), None)
    }

    /// Starts a server on whose clock it is this moment now.
    pub(crate) fn start_at(moment: &str) -> Self {
        let moment: Instant = moment.parse().expect("it is a moment");
        let shift = moment.since(ambient::clock().now());
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        Self::start_in(Arc::new(directory), Some(shift.to_string()))
    }

    fn start_in(directory: Arc<TempDir>, clock_shift: Option<String>) -> Self {
        let data = directory.path().join("data");
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--log", "error"];
        let mut child = command(&arguments)
            .env("MATCHDAY_DATA", &data)
            .envs(clock_shift.map(|shift| ("MATCHDAY_CLOCK_SHIFT", shift)))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program was built for this test");
        let mut err = BufReader::new(child.stderr.take().expect("it was piped"));
        let mut line = String::new();
        while !line.starts_with("ready on ") {
            line.clear();
            let read = err.read_line(&mut line).expect("standard error is text");
            assert!(read > 0, "the server ended before it was ready");
        }
        let address = line.trim_start_matches("ready on http://").trim().to_owned();
        Self { child, err, address, data, directory }
    }

    /// Starts a server that knows the places and the tournament of these tests.
    pub(crate) fn furnished() -> Self {
        let house = Self::start();
        house.run(&["site", "import", &file("site.yaml")]).done();
        house.run(&["tournament", "import", &file("tournament.yaml")]).done();
        house
    }

    /// Starts a server an hour before the gates of the opening open, with the schedule published, its plan in
    /// force and followed, and people, gates and tickets.
    pub(crate) fn staffed() -> Self {
        let house = Self::start_at("2023-10-21T17:00:10+08:00");
        house.run(&["site", "import", &file("site.yaml")]).done();
        house.run(&["tournament", "import", &file("tournament.yaml")]).done();
        house.run(&["plan", "apply", &file("plan.yaml")]).done();
        house.run(&["gate", "import", &file("gates.yaml")]).done();
        let (people, groups) = (file("volunteers.csv"), file("groups.csv"));
        house.run(&["volunteer", "import", &people, "--tournament", "cup", "--groups", &groups]).done();
        house.run(&["credential", "import", &file("credentials.csv"), "--tournament", "cup"]).done();
        let mut watch = house.stream(&["runsheet", "cup", "--watch", "--output", "csv"]);
        house.run(&["tournament", "publish", "cup"]).done();
        watch.wait_for_all(&[
            "/shifts/opening-stewards,",
            "/shifts/opening-security,",
            "/shifts/m01-interpreter,",
            "/work-orders/opening-sweep,",
            ",gates-open,",
            ",exit-only,",
            ",clear,",
            ",activity,开幕式,",
            ",activity,揭幕战 opening match,",
            ",activity,Training,",
        ]);
        house
    }

    /// A command that calls this server.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command.env("MATCHDAY_SERVER", format!("http://{}", self.address)).env("MATCHDAY_DATA", &self.data);
        command
    }

    /// Runs a command that calls this server.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.command(arguments).output().expect("the program was built for this test").into()
    }

    /// Starts a command that calls this server and goes on until it is dropped.
    pub(crate) fn stream(&self, arguments: &[&str]) -> Stream {
        let mut child = self
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program was built for this test");
        let out = BufReader::new(child.stdout.take().expect("it was piped"));
        Stream { child, out }
    }

    /// The address it listens on.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// Its data directory.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    /// Sends it a signal by its name, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.expect("`kill` is on every Unix").success());
    }

    /// Reads on in its standard error to a line that begins like this.
    pub(crate) fn wait_for(&mut self, beginning: &str) {
        let mut line = String::new();
        while !line.starts_with(beginning) {
            line.clear();
            let read = self.err.read_line(&mut line).expect("standard error is text");
            assert!(read > 0, "the server ended without the line `{beginning}`");
        }
    }

    /// Waits for its end: the exit code and the rest of what it printed.
    pub(crate) fn wait(&mut self) -> Ran {
        let mut ran = Ran { code: None, out: String::new(), err: String::new() };
        self.err.read_to_string(&mut ran.err).expect("standard error is text");
        let mut out = self.child.stdout.take().expect("it was piped");
        out.read_to_string(&mut ran.out).expect("standard output is text");
        ran.code = self.child.wait().expect("it is a child of this test").code();
        ran
    }
}

impl Drop for House {
    fn drop(&mut self) {
        // it has ended already where the test waited for it
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that prints what happens; it is killed when dropped.
pub(crate) struct Stream {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Stream {
    /// Reads on to a line that holds this.
    pub(crate) fn wait_for(&mut self, part: &str) {
        self.wait_for_all(&[part]);
    }

    /// Reads on until each of these was in a line, in whatever order.
    pub(crate) fn wait_for_all(&mut self, parts: &[&str]) {
        let mut missing = parts.to_vec();
        while !missing.is_empty() {
            let mut line = String::new();
            let read = self.out.read_line(&mut line).expect("standard output is text");
            assert!(read > 0, "the command ended without {missing:?}");
            missing.retain(|part| !line.contains(part));
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // it has ended already where its server did
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
