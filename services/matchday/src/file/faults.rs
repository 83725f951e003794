//! Everything that is wrong with what is to be sent, collected, so that a file is mended in one go.

use super::FileError;
use crate::failure::Failure;

/// Faults that are told one by one; of the others, how many there are.
const TOLD: usize = 50;

/// What is wrong with a file, or with files that belong together.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    told: Vec<FileError>,
    untold: usize,
}

impl Faults {
    /// Adds one.
    pub(super) fn add(&mut self, fault: FileError) {
        if self.told.len() < TOLD {
            self.told.push(fault);
        } else {
            self.untold += 1;
        }
    }

    /// What was read; where it is wrong, the fault is kept and nothing stands in its place: what has faults
    /// is never sent.
    pub(super) fn keep<T: Default>(&mut self, read: Result<T, FileError>) -> T {
        read.unwrap_or_else(|fault| {
            self.add(fault);
            T::default()
        })
    }

    /// Adds all of others.
    pub(super) fn add_all(&mut self, others: Self) {
        others.told.into_iter().for_each(|fault| self.add(fault));
        self.untold += others.untold;
    }

    /// What is wrong, one line each, for who goes on all the same.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        let more = (self.untold > 0).then(|| format!("and {} more", self.untold));
        self.told.iter().map(ToString::to_string).chain(more)
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// What was read, when nothing is wrong.
    ///
    /// # Errors
    /// The faults.
    pub(super) fn settle<T>(self, read: T) -> Result<T, Self> {
        if self.is_empty() { Ok(read) } else { Err(self) }
    }
}

impl From<FileError> for Faults {
    fn from(fault: FileError) -> Self {
        Self { told: vec![fault], untold: 0 }
    }
}

impl From<Faults> for Failure {
    fn from(faults: Faults) -> Self {
        if let ([fault], 0) = (faults.told.as_slice(), faults.untold) {
            return Self::input(fault);
        }
        let count = faults.told.len() + faults.untold;
        let failure = Self::input(format!("{count} faults; nothing was sent"));
        let failure = faults.told.iter().fold(failure, Self::with_detail);
        if faults.untold == 0 { failure } else { failure.with_detail(format!("and {} more", faults.untold)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(line: u64) -> FileError {
        FileError::field("f", line, "id".to_owned(), "is empty")
    }

    #[test]
    fn one_fault_stands_alone_and_many_are_told_up_to_a_number() {
        assert_eq!(Failure::from(Faults::from(fault(3))).to_string(), "error: f:3: id: is empty");
        let mut faults = Faults::default();
        assert_eq!(faults.keep(Ok(1)), 1);
        assert!(faults.is_empty());
        for line in 1..=60 {
            assert_eq!(faults.keep::<u8>(Err(fault(line))), 0);
        }
        let said = Failure::from(faults.settle(()).unwrap_err()).to_string();
        assert!(
            said.starts_with("error: 60 faults; nothing was sent\n  f:1: id: is empty\n  f:2:"),
            "{said}"
        );
        assert!(said.ends_with("\n  f:50: id: is empty\n  and 10 more"), "{said}");
    }
}
