//! The host's data directory: one process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::Error;

/// A locked data directory; dropping it lets the next process in.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    // Holds the lock; the system lets go of it when the process ends, however it ends.
    _lock: File,
}

impl DataDir {
    /// Makes the directory if it is not there (readable by its owner only) and locks it.
    ///
    /// # Errors
    /// [`Error::InUse`] if another process has it.
    pub fn open(path: &Path) -> Result<Self, Error> {
        create_private(path)?;
        let lock_path = path.join("lock");
        let mut lock = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(Error::io("open", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Who holds it is only for people; a file that cannot be read changes nothing.
                let _ = (&mut lock).take(32).read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "unknown".to_owned(),
                    holder => holder.to_owned(),
                };
                return Err(Error::InUse {
                    path: path.to_owned(),
                    holder,
                });
            }
            Err(TryLockError::Error(source)) => return Err(Error::io("lock", &lock_path)(source)),
        }
        let write = |lock: &mut File| {
            lock.set_len(0)?;
            lock.seek(SeekFrom::Start(0))?;
            writeln!(lock, "{}", std::process::id())
        };
        write(&mut lock).map_err(Error::io("write", &lock_path))?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

fn create_private(path: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(path).map_err(Error::io("create", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two hosts on one directory would overwrite each other's state.
    #[test]
    fn a_second_opener_is_refused_and_told_who_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data");
        let held = DataDir::open(&path).unwrap();
        let error = DataDir::open(&path).unwrap_err().to_string();
        assert!(error.contains(&std::process::id().to_string()), "{error}");
        assert!(error.contains("data"), "{error}");
        drop(held);
        DataDir::open(&path).unwrap();
    }
}
