//! The four operations on state, and the plain data that they take and give.

use std::fmt;

use tokio::sync::watch;

use crate::Error;

/// Longest key, in bytes.
pub(crate) const MAX_KEY_BYTES: usize = 1024;

/// Largest value, in bytes: 16 MiB; what is larger is a blob.
pub(crate) const MAX_VALUE_BYTES: usize = 16 << 20;

/// How many removed keys are remembered for [`Store::changes`].
pub(crate) const MAX_TOMBSTONES: usize = 100_000;

/// A point in the history of one store: grows by one with each commit, 0 before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Random id of a store, made with it; another one means that the old store was lost or replaced.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Incarnation(pub [u8; 16]);

impl fmt::Display for Incarnation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Incarnation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A value and the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versioned {
    /// The value.
    pub value: Vec<u8>,
    /// The commit that wrote it.
    pub revision: Revision,
}

/// A key with its value and the commit that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The key.
    pub key: String,
    /// The value.
    pub value: Vec<u8>,
    /// The commit that wrote it.
    pub revision: Revision,
}

/// What must hold of a key for a commit to go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Anything.
    Any,
    /// The key is not there.
    Absent,
    /// The key was last written by exactly this commit.
    Revision(Revision),
}

/// What happens to a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// It gets this value.
    Put(Vec<u8>),
    /// It goes away; nothing happens if it is not there.
    Delete,
    /// Nothing: only the expectation is checked.
    Check,
}

/// One line of a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The key; each key at most once in a commit.
    pub key: String,
    /// What must hold of it.
    pub expect: Expect,
    /// What happens to it.
    pub operation: Operation,
}

impl Write {
    /// Writes `key`, whatever is there.
    pub fn put(key: impl Into<String>, value: Vec<u8>) -> Self {
        Self {
            key: key.into(),
            expect: Expect::Any,
            operation: Operation::Put(value),
        }
    }

    /// Writes `key`, which must not be there.
    pub fn create(key: impl Into<String>, value: Vec<u8>) -> Self {
        Self {
            key: key.into(),
            expect: Expect::Absent,
            operation: Operation::Put(value),
        }
    }

    /// Writes `key`, which must be as it was at `revision`.
    pub fn replace(key: impl Into<String>, revision: Revision, value: Vec<u8>) -> Self {
        Self {
            key: key.into(),
            expect: Expect::Revision(revision),
            operation: Operation::Put(value),
        }
    }

    /// Removes `key`, whatever is there.
    pub fn delete(key: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            expect: Expect::Any,
            operation: Operation::Delete,
        }
    }

    /// The same with another expectation.
    #[must_use]
    pub fn expecting(mut self, expect: Expect) -> Self {
        self.expect = expect;
        self
    }
}

/// That a key was written or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key.
    pub key: String,
    /// The last commit that touched it.
    pub revision: Revision,
    /// Whether that commit removed it.
    pub removed: bool,
}

/// What happened since a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Each key that was touched, once, in the order of the last commit that touched it; then the revision
    /// from which to go on.
    Since(Vec<Change>, Revision),
    /// So long ago that removals are forgotten: read everything again, then go on from this revision.
    Compacted(Revision),
}

/// Versioned state: four operations, one global revision.
///
/// Implementations are shared between threads and block; an async caller uses `spawn_blocking`.
pub trait Store: Send + Sync {
    /// The value of a key.
    fn get(&self, key: &str) -> Result<Option<Versioned>, Error>;

    /// Up to `limit` items whose key starts with `prefix`, sorted by key bytewise, beginning after the key `after`.
    fn range(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<Item>, Error>;

    /// Does all of `writes` or none, and returns the new revision.
    ///
    /// The commit is durable when this returns. A commit that changes nothing (no writes, only checks, only
    /// removals of absent keys) returns the revision as it is.
    ///
    /// # Errors
    /// [`Error::Conflict`] with the first key whose expectation does not hold; nothing was changed.
    fn commit(&self, writes: &[Write]) -> Result<Revision, Error>;

    /// The same, but not yet durable: it is seen at once, and survives a crash only together with the next
    /// [`commit`](Self::commit) or [`flush`](Self::flush). For state that its owners send again.
    fn commit_soon(&self, writes: &[Write]) -> Result<Revision, Error>;

    /// Makes everything durable that [`commit_soon`](Self::commit_soon) has done.
    fn flush(&self) -> Result<(), Error>;

    /// What was touched below `prefix` after `from`, coalesced: each key once, with its last change.
    fn changes(&self, prefix: &str, from: Revision) -> Result<Changes, Error>;

    /// The newest revision, to be waited on; then ask for [`changes`](Self::changes).
    fn watch(&self) -> watch::Receiver<Revision>;

    /// Random id of this store, made with it.
    fn incarnation(&self) -> Incarnation;
}

/// Refuses what no backend would take.
pub(crate) fn validate(writes: &[Write]) -> Result<(), Error> {
    let mut keys: Vec<&str> = writes.iter().map(|write| write.key.as_str()).collect();
    keys.sort_unstable();
    if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(Error::Invalid {
            key: pair[0].to_owned(),
            why: "it is written twice in one commit",
        });
    }
    for Write { key, operation, .. } in writes {
        let why = if key.is_empty() {
            "a key cannot be empty"
        } else if key.len() > MAX_KEY_BYTES {
            "a key has at most 1024 bytes"
        } else if matches!(operation, Operation::Put(value) if value.len() > MAX_VALUE_BYTES) {
            "a value has at most 16 MiB; put larger ones into a blob"
        } else {
            continue;
        };
        return Err(Error::Invalid {
            key: key.chars().take(100).collect(),
            why,
        });
    }
    Ok(())
}

/// Whether `expect` holds of a key that was last written at `found`.
pub(crate) fn holds(expect: Expect, found: Option<Revision>) -> bool {
    match expect {
        Expect::Any => true,
        Expect::Absent => found.is_none(),
        Expect::Revision(revision) => found == Some(revision),
    }
}
