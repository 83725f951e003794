//! The data directory, which one process uses at a time.

use std::{
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
};

use crate::StoreError;

/// A data directory that this process holds until the value is dropped.
#[derive(Debug)]
pub struct DataDirectory {
    path: PathBuf,
    _lock: File,
}

impl DataDirectory {
    /// Makes the directory where it is missing, readable to its owner only, and takes its lock.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another process holds it, [`StoreError::Directory`] when it cannot be
    /// made or written.
    pub fn lock(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let path = path.as_ref().to_path_buf();
        let unusable = |cause| StoreError::Directory { path: path.clone(), cause };
        make(&path).map_err(unusable)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { path, _lock: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::Locked { path }),
            Err(TryLockError::Error(cause)) => Err(StoreError::Directory { path, cause }),
        }
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file of a service's database.
    #[must_use]
    pub fn database(&self, service: &str) -> PathBuf {
        self.path.join(format!("{service}.db"))
    }
}

fn make(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
