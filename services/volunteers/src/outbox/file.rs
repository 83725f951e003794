//! Messages as files: `KEY.json` in a directory. A repeat writes the same file again.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use matchday_store::StoreError;

use super::sender::Letter;
use crate::domain::message::Outcome;

/// A directory that messages are written into.
pub(crate) struct Directory(PathBuf);

impl Directory {
    /// Opens the directory, and makes it where it is not there.
    ///
    /// # Errors
    /// [`StoreError::InvalidConfig`]
    pub(super) fn new(path: &Path) -> Result<Self, StoreError> {
        let problem = |error| format!("the directory of messages {} cannot be used: {error}", path.display());
        fs::create_dir_all(path).map_err(|error| StoreError::InvalidConfig(problem(error)))?;
        Ok(Self(path.to_owned()))
    }

    /// Writes the file of a message.
    pub(super) async fn send(&self, letter: Letter) -> Outcome {
        let directory = self.0.clone();
        let written = tokio::task::spawn_blocking(move || write(&directory, &letter)).await;
        match written {
            Ok(Ok(())) => Outcome::Taken,
            Ok(Err(error)) => Outcome::NotNow(format!("the file is not written: {}", error.kind())),
            Err(_) => Outcome::Unknown("the file may not be written".to_owned()),
        }
    }
}

/// Writes a file so that whoever looks finds all of it or nothing, also after a crash.
fn write(directory: &Path, letter: &Letter) -> io::Result<()> {
    let (unfinished, finished) =
        (directory.join(format!(".{}.part", letter.key)), directory.join(format!("{}.json", letter.key)));
    // it names a person: nobody else on the machine reads it
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    file.write_all(letter.to_json().to_string().as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&unfinished, &finished)?;
    // the name is durable when the directory is
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use matchday_kernel::Instant;

    use super::*;

    fn letter(body: &str) -> Letter {
        Letter {
            key: "0190.lin".into(),
            name: "tournaments/t/broadcasts/1/messages/lin".into(),
            volunteer: "tournaments/t/volunteers/lin".into(),
            address: String::new(),
            languages: vec!["en".into()],
            subject: "rain".into(),
            body: body.into(),
            written: Instant::MIN,
        }
    }

    #[tokio::test]
    async fn a_repeat_writes_the_same_file_again() {
        let parent = tempfile::tempdir().unwrap();
        let directory = Directory::new(&parent.path().join("out")).unwrap();
        for body in ["it rains", "it rains still"] {
            assert_eq!(directory.send(letter(body)).await, Outcome::Taken);
        }
        let files: Vec<_> =
            fs::read_dir(parent.path().join("out")).unwrap().map(|one| one.unwrap()).collect();
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].file_name(), "0190.lin.json");
        let text = fs::read_to_string(files[0].path()).unwrap();
        assert!(text.contains("it rains still"), "{text}");
    }

    #[tokio::test]
    async fn a_directory_that_is_gone_is_tried_again() {
        let parent = tempfile::tempdir().unwrap();
        let directory = Directory::new(&parent.path().join("out")).unwrap();
        fs::remove_dir(parent.path().join("out")).unwrap();
        assert!(matches!(directory.send(letter("it rains")).await, Outcome::NotNow(_)));
    }
}
