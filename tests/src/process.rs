//! One process of the program: started until it is ready, killed, ended, started again.

use std::{
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use tokio::{sync::mpsc, time::timeout};

use crate::PATIENCE;

/// What a process prints when it answers.
const READY: &str = "ready on http://";
/// Lines of a process shown when its test fails.
const SHOWN: usize = 60;

/// The program, beside the executable of the test.
///
/// # Panics
/// When it was not built.
#[must_use]
pub fn program() -> PathBuf {
    let test = std::env::current_exe().expect("the test has an executable");
    let beside = test.ancestors().skip(1).take(3);
    let found = beside
        .map(|directory| directory.join(format!("matchday{}", std::env::consts::EXE_SUFFIX)))
        .find(|path| path.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "the program matchday is not built beside {}: run `cargo build -p matchday`, or test the whole \
             workspace, which builds it",
            test.display()
        )
    })
}

/// Runs a command of the program to its end, and returns what it printed.
///
/// # Panics
/// When it fails, with what it said.
#[must_use]
pub fn command(arguments: &[&str]) -> String {
    let mut command = Command::new(program());
    without_settings(command.args(arguments));
    let output = command.output().expect("the program starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "matchday {}: {said}", arguments.join(" "));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the tests are told is not meant for the program.
fn without_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MATCHDAY_") {
            command.env_remove(name);
        }
    }
}

/// A process of the program, killed when it is dropped.
#[derive(Debug)]
pub struct Process {
    arguments: Vec<String>,
    child: Option<Child>,
    lines: mpsc::UnboundedReceiver<String>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts `matchday serve` with these arguments and waits until it answers.
    ///
    /// # Panics
    /// When it ends instead, or does not answer in time.
    pub async fn serve(arguments: Vec<String>) -> Self {
        let mut process = Self::launch(arguments);
        process.until_ready().await;
        process
    }

    /// Starts `matchday serve` with these arguments and waits for nothing.
    ///
    /// # Panics
    /// When the program is not built.
    #[must_use]
    pub fn launch(arguments: Vec<String>) -> Self {
        let mut process =
            Self { arguments, child: None, lines: mpsc::unbounded_channel().1, said: Arc::default() };
        process.spawn();
        process
    }

    fn spawn(&mut self) {
        let mut command = Command::new(program());
        command.arg("serve").args(&self.arguments).stdin(Stdio::null());
        without_settings(&mut command);
        let spawned = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = spawned.expect("the program starts");
        let stderr = child.stderr.take().expect("it was asked for");
        let (sender, lines) = mpsc::unbounded_channel();
        let said = self.said.clone();
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                said.lock().unwrap_or_else(PoisonError::into_inner).push(line.clone());
                // nobody may be waiting for it
                let _ = sender.send(line);
            }
        });
        self.lines = lines;
        self.child = Some(child);
    }

    async fn until_ready(&mut self) {
        let ready = async {
            while let Some(line) = self.lines.recv().await {
                if line.contains(READY) {
                    return true;
                }
            }
            false
        };
        let is_ready = timeout(PATIENCE, ready).await;
        assert_eq!(is_ready, Ok(true), "the process is ready: {}", self.said());
    }

    /// Kills it as a crash would: it does nothing more.
    ///
    /// # Panics
    /// When it does not run.
    pub fn kill(&mut self) {
        let mut child = self.child.take().expect("it runs");
        child.kill().expect("it can be killed");
        child.wait().expect("it has ended");
    }

    /// Starts it again with the same arguments, and waits until it answers.
    ///
    /// # Panics
    /// When it runs already, or does not answer in time.
    pub async fn start_again(&mut self) {
        assert!(self.child.is_none(), "it runs");
        self.spawn();
        self.until_ready().await;
    }

    /// Asks it to end, as a service manager does.
    ///
    /// # Panics
    /// When it does not run.
    pub fn terminate(&self) {
        let id = self.child.as_ref().expect("it runs").id();
        let sent = Command::new("kill").args(["-TERM", &id.to_string()]).status();
        assert!(sent.expect("kill starts").success(), "the signal is sent");
    }

    /// Waits until it has ended.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn ended(&mut self) -> ExitStatus {
        // its end closes the other side
        let closed = async { while self.lines.recv().await.is_some() {} };
        let in_time = timeout(PATIENCE, closed).await;
        assert!(in_time.is_ok(), "it ends: {}", self.said());
        let mut child = self.child.take().expect("it ran");
        child.wait().expect("it has ended")
    }

    /// The last lines it has written.
    #[must_use]
    pub fn said(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said[said.len().saturating_sub(SHOWN)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // it may have ended on its own
            let _ = child.kill();
            let _ = child.wait();
        }
        if thread::panicking() {
            eprintln!("matchday serve {}:\n{}", self.arguments.join(" "), self.said());
        }
    }
}
