//! The command line of an example.

use std::error::Error;
use std::str::FromStr;

/// What may go wrong.
pub(crate) type Failure = Box<dyn Error>;

/// Files, and options `--name value`.
pub(crate) struct Arguments {
    usage: &'static str,
    files: Vec<String>,
    options: Vec<(String, String)>,
}

impl Arguments {
    /// Reads the command line.
    pub(crate) fn read(usage: &'static str) -> Result<Self, Failure> {
        let (mut files, mut options) = (Vec::new(), Vec::new());
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                Some(name) => {
                    let value =
                        words.next().ok_or_else(|| format!("--{name} has no value; usage: {usage}"))?;
                    options.push((name.to_owned(), value));
                }
                None => files.push(word),
            }
        }
        Ok(Self { usage, files, options })
    }

    /// A file that must be named.
    pub(crate) fn file(&self, at: usize) -> Result<&str, Failure> {
        let file = self.files.get(at).map(String::as_str);
        file.ok_or_else(|| format!("a file is missing; usage: {}", self.usage).into())
    }

    /// The value of an option.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|option| option.0 == name).map(|option| option.1.as_str())
    }

    /// The number that an option gives, or another one.
    pub(crate) fn number<T: FromStr>(&self, name: &str, otherwise: T) -> Result<T, Failure> {
        let Some(text) = self.text(name) else { return Ok(otherwise) };
        text.parse().map_err(|_| format!("--{name} {text} is no number; usage: {}", self.usage).into())
    }
}
