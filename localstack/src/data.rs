//! The folder with everything that outlives a run, used by one runner at a time.

use crate::RunError;
use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::Write as _,
    path::{Path, PathBuf},
    process,
};

/// A data folder that this process owns until this is dropped.
pub(crate) struct Data {
    folder: PathBuf,
    lock: File,
}

impl Data {
    /// Takes the folder, creating it if necessary.
    ///
    /// The kernel's lock on the file decides, and it ends with its process, however that ends. The number in the file is
    /// for people, and for `make clean-data`.
    pub(crate) fn take(folder: &Path) -> Result<Self, RunError> {
        let unusable = |error| format!("{} cannot be used: {error}", folder.display());
        fs::create_dir_all(folder).map_err(unusable)?;
        let file = folder.join("lock");
        let lock = OpenOptions::new().write(true).create(true).truncate(false).open(&file);
        let mut lock = lock.map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(taken(&file).into()),
            Err(TryLockError::Error(error)) => return Err(unusable(error).into()),
        }
        lock.set_len(0).and_then(|()| write!(lock, "{}", process::id())).map_err(unusable)?;
        Ok(Self { folder: folder.to_owned(), lock })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        // The file stays: if two runners created and removed it, each could hold a lock on a file of its own.
        let _ = self.lock.set_len(0);
    }
}

fn taken(lock: &Path) -> String {
    let process = fs::read_to_string(lock).unwrap_or_default();
    format!("Yemae already runs on this data as process {process}: stop it first")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn one_runner_at_a_time_has_the_data() {
        let folder = TempDir::new().expect("a folder");
        let data = Data::take(folder.path()).expect("free");
        let refusal = Data::take(folder.path()).err().expect("taken").to_string();
        assert!(refusal.contains(&process::id().to_string()), "{refusal}");
        drop(data);
        assert!(Data::take(folder.path()).is_ok());
    }

    #[test]
    fn a_lock_that_was_left_behind_is_taken_over() {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("lock"), "1234567").expect("written");
        let _data = Data::take(folder.path()).expect("the lock is free");
        let process = fs::read_to_string(folder.path().join("lock")).expect("there");
        assert_eq!(process, process::id().to_string());
    }
}
