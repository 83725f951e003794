//! Why a command failed: lines for people on standard error, an exit code for scripts.

use std::{
    error::Error,
    fmt::{self, Display},
    io::{self, Write},
};

use matchday_runtime::Exit;

/// A command failed.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    message: String,
    details: Vec<String>,
    hint: Option<String>,
}

impl Failure {
    /// A failure with its exit code and what is wrong.
    pub(crate) fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: message.to_string(), details: Vec::new(), hint: None }
    }

    /// A failure that an error explains, its causes included.
    pub(crate) fn of(exit: Exit, error: &dyn Error) -> Self {
        Self::new(exit, chain(error))
    }

    /// What was given is wrong: a name, a time, a file.
    pub(crate) fn input(message: impl Display) -> Self {
        Self::new(Exit::Input, message)
    }

    /// Nobody reads what is written: the command ends as if it were done.
    fn unread() -> Self {
        Self::new(Exit::Done, "")
    }

    /// Adds a line of its own.
    pub(crate) fn with_detail(mut self, detail: impl Display) -> Self {
        self.details.push(detail.to_string());
        self
    }

    /// Adds what can be done about it.
    pub(crate) fn with_hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// The same in other words: `told` rewrites the message and each line of details.
    pub(crate) fn in_words(mut self, told: impl Fn(&str) -> String) -> Self {
        self.message = told(&self.message);
        self.details.iter_mut().for_each(|detail| *detail = told(detail));
        self
    }

    /// The code the process ends with.
    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }

    /// Writes it to standard error.
    pub(crate) fn tell(&self) {
        if self.exit != Exit::Done {
            say(self);
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        for detail in &self.details {
            write!(f, "\n  {detail}")?;
        }
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\nhint: {hint}"))
    }
}

/// Standard output cannot be written. A reader that has seen enough (`| head`) is no failure.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::unread(),
            _ => Self::new(Exit::Failed, format!("standard output cannot be written: {error}")),
        }
    }
}

/// Writes a line for people to standard error. Where nobody listens nothing is lost.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// An error and its causes; a cause that the error itself tells is not told twice.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let told = next.to_string();
        if !text.contains(&told) {
            text = format!("{text}; {told}");
        }
        cause = next.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] io::Error);

    #[test]
    fn causes_are_told_once() {
        assert_eq!(chain(&Outer(io::Error::other("inner"))), "outer; inner");
        assert_eq!(chain(&Outer(io::Error::other("outer"))), "outer");
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let failure = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(failure.exit(), Exit::Done);
    }

    #[test]
    fn details_and_hint_stand_on_lines_of_their_own() {
        let failure = Failure::input("`x` is no name").with_detail("a: b").with_hint("write y");
        assert_eq!(failure.to_string(), "error: `x` is no name\n  a: b\nhint: write y");
    }
}
