//! A run as it goes on: one line of progress on standard error, until it has ended.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use matchday_api::scheduling::v1::{Run, RunProgress, RunState};
use matchday_runtime::Exit;
use tonic::Streaming;

use crate::{
    failure::{Failure, say},
    output::Cell,
};

use super::super::times;

/// Follows a run until it has ended; `run_of` takes it out of a message. Ctrl-C ends the following, not the run.
///
/// # Errors
/// [`Failure`] when the server cannot be heard any more, and on Ctrl-C; both say how to find the run again.
pub(super) async fn to_its_end<T>(
    mut messages: Streaming<T>,
    run_of: fn(T) -> Option<Run>,
) -> Result<Run, Failure> {
    let mut line = Line::new();
    let mut last = Run::default();
    while !has_ended(&last) {
        let message = tokio::select! {
            message = messages.message() => message,
            _ = tokio::signal::ctrl_c() => {
                drop(line);
                return Err(Failure::new(Exit::Interrupted, "not waited for any longer").with_hint(goes_on(&last)));
            }
        };
        match message {
            Ok(Some(message)) => last = run_of(message).unwrap_or_default(),
            Ok(None) => {
                let gone =
                    Failure::new(Exit::Unreachable, "the server ends, and does not tell how the run goes on");
                return Err(gone.with_hint(goes_on(&last)));
            }
            Err(status) if last.name.is_empty() => return Err(status.into()),
            Err(status) => return Err(Failure::from(status).with_hint(goes_on(&last))),
        }
        line.show(&last);
    }
    Ok(last)
}

fn has_ended(run: &Run) -> bool {
    !matches!(run.state(), RunState::Unspecified | RunState::Queued | RunState::Running)
}

/// How to find a run again.
fn goes_on(run: &Run) -> String {
    let name = short(&run.name);
    format!(
        "the run goes on: `matchday schedule runs watch {name}` finds it again, `matchday schedule runs cancel {name}` \
         ends it"
    )
}

/// A name as staff write it: `fisu-2023/3`.
pub(super) fn short(name: &str) -> String {
    Cell::name(name).short(&times::utc())
}

/// The line of progress; lines one below the other where standard error is no terminal.
struct Line {
    bar: ProgressBar,
    /// What was said last, in plain lines.
    said: Option<(i32, Option<i64>, Option<i64>)>,
}

impl Line {
    fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            bar.set_style(style);
        }
        // a bar that is not drawn needs no thread to move it
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, said: None }
    }

    fn show(&mut self, run: &Run) {
        let progress = run.progress.unwrap_or_default();
        let text = match run.state() {
            RunState::Queued => "queued".to_owned(),
            _ => text(&progress),
        };
        let now = (run.state, progress.best, progress.bound);
        if !self.bar.is_hidden() {
            self.bar.set_message(text);
        } else if self.said != Some(now) {
            say(format_args!("{} {text}", short(&run.name)));
            self.said = Some(now);
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// How far a run is: `best 1,272  bound 1,100  iteration 512  3.1 s`.
pub(super) fn text(progress: &RunProgress) -> String {
    let elapsed = progress.elapsed.unwrap_or_default();
    let told = |name: &str, number: Option<i64>| number.map(|number| format!("{name} {}  ", grouped(number)));
    format!(
        "{}{}iteration {}  {}.{} s",
        told("best", progress.best).unwrap_or_else(|| "no timetable yet  ".to_owned()),
        told("bound", progress.bound).unwrap_or_default(),
        grouped(progress.iteration),
        elapsed.seconds,
        elapsed.nanos / 100_000_000
    )
}

/// A number with a comma at every thousand: `1,272`.
pub(super) fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let groups: Vec<&str> = digits
        .as_bytes()
        .rchunks(3)
        .rev()
        .map(|group| std::str::from_utf8(group).unwrap_or_default())
        .collect();
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", groups.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_one_line() {
        let mut progress = RunProgress {
            iteration: 1_234_567,
            elapsed: Some(prost_types::Duration { seconds: 3, nanos: 140_000_000 }),
            ..RunProgress::default()
        };
        assert_eq!(text(&progress), "no timetable yet  iteration 1,234,567  3.1 s");
        (progress.best, progress.bound) = (Some(1272), Some(-12));
        assert_eq!(text(&progress), "best 1,272  bound -12  iteration 1,234,567  3.1 s");
    }

    #[test]
    fn numbers_have_a_comma_at_every_thousand() {
        for (number, text) in [(0, "0"), (999, "999"), (-1000, "-1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(number), text);
        }
    }
}
