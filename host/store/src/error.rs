//! What can go wrong with the store.

use std::io;
use std::path::{Path, PathBuf};

use fleet_core::digest::Digest;

use crate::{Expect, Revision};

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Somebody else was faster: an expectation does not hold, and nothing was changed.
    #[error("`{key}` was expected to be {expected:?} and was last written at {found:?}")]
    Conflict {
        /// The first key whose expectation does not hold.
        key: String,
        /// What was expected of it.
        expected: Expect,
        /// The commit that last wrote it, if it is there.
        found: Option<Revision>,
    },
    /// The caller asked for something that no store takes.
    #[error("cannot write `{key}`: {why}")]
    Invalid {
        /// The key.
        key: String,
        /// Why not.
        why: &'static str,
    },
    /// Another process has the data directory.
    #[error("the data directory `{}` is in use by process {holder}\n  hint: stop that process, or choose another directory", path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// Who has it, as that process wrote it down: its id, or `unknown`.
        holder: String,
    },
    /// The file of the store is damaged.
    #[error("the store `{}` is damaged: {why}\n  hint: move it aside and start again; agents keep what they run and report it", path.display())]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// What the library found.
        why: String,
    },
    /// The file was written by another version of this program.
    #[error("the store `{}` has format {found}, and this program reads format {known}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The format that it has.
        found: u64,
        /// The format that is known.
        known: u64,
    },
    /// There is no such blob.
    #[error("there is no blob {0}")]
    NoBlob(Digest),
    /// The bytes of a blob are not the ones that its name promises.
    #[error("blob {expected} has other bytes than its name promises ({found})")]
    WrongBytes {
        /// The digest asked for.
        expected: Digest,
        /// The digest of what is there.
        found: Digest,
    },
    /// The file system refused.
    #[error("could not {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The database refused.
    #[error("could not {action} in the store")]
    Database {
        /// What was tried.
        action: &'static str,
        /// Why not.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl Error {
    /// For `map_err`: an [`Error::Io`] about `path`.
    pub(crate) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}
