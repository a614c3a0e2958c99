//! State in one redb file.

use std::path::{Path, PathBuf};

use redb::{
    Database, Durability, ReadableDatabase as _, ReadableTable as _, StorageError, Table,
    TableDefinition,
};
use tokio::sync::watch;

use crate::data_dir::DataDir;
use crate::state::{MAX_TOMBSTONES, holds, validate};
use crate::{
    Change, Changes, Error, Expect, Incarnation, Item, Operation, Revision, Store, Versioned, Write,
};

/// Format of the file; another number means another layout of the tables below.
const FORMAT: u64 = 1;

/// Memory that redb may use to keep pages: 64 MiB.
const CACHE_BYTES: usize = 64 << 20;

const NUMBERS: TableDefinition<&str, u64> = TableDefinition::new("numbers");
const INCARNATION: TableDefinition<(), [u8; 16]> = TableDefinition::new("incarnation");
const ITEMS: TableDefinition<&str, (u64, &[u8])> = TableDefinition::new("items");
/// The last change of each key, by revision, and whether it was a removal; a key is here once.
const LOG: TableDefinition<(u64, &str), bool> = TableDefinition::new("log");
/// Removed keys, with the revision that removed them.
const TOMBSTONES: TableDefinition<&str, u64> = TableDefinition::new("tombstones");
/// The same, by revision.
const REMOVALS: TableDefinition<(u64, &str), ()> = TableDefinition::new("removals");

/// State in one redb file.
#[derive(Debug)]
pub struct Disk {
    path: PathBuf,
    database: Database,
    newest: watch::Sender<Revision>,
    incarnation: Incarnation,
}

impl Disk {
    /// Opens `state.redb` in the data directory, or makes it with `fresh` as its incarnation.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if the file is damaged, [`Error::Format`] if another version wrote it.
    pub fn open(dir: &DataDir, fresh: [u8; 16]) -> Result<Self, Error> {
        let path = dir.path().join("state.redb");
        let database = Database::builder()
            .set_cache_size(CACHE_BYTES)
            // Reads the whole file once; without it redb may panic later on a page that was damaged.
            .set_check_integrity_on_open(true)
            .create(&path)
            .map_err(|error| fault(&path, "open the database", error))?;
        let (revision, incarnation) = prepare(&database, &path, fresh)?;
        Ok(Self {
            path,
            database,
            newest: watch::Sender::new(revision),
            incarnation,
        })
    }

    fn write(&self, writes: &[Write], durability: Durability) -> Result<Revision, Error> {
        validate(writes)?;
        let fault = |error: redb::Error| fault(&self.path, "commit", error);
        let mut transaction = self
            .database
            .begin_write()
            .map_err(|error| fault(error.into()))?;
        transaction
            .set_durability(durability)
            .map_err(|error| fault(error.into()))?;
        let outcome = {
            let tables = Tables::open(&transaction).map_err(|error| fault(error.into()))?;
            tables.apply(writes).map_err(|error| fault(error.into()))?
        };
        match outcome {
            Outcome::Changed(revision) => {
                transaction.commit().map_err(|error| fault(error.into()))?;
                // Writers may pass each other between their commit and here; the newest one stays.
                self.newest.send_if_modified(|newest| {
                    let newer = revision > *newest;
                    *newest = revision.max(*newest);
                    newer
                });
                Ok(revision)
            }
            Outcome::Unchanged(revision) => {
                transaction.abort().map_err(|error| fault(error.into()))?;
                Ok(revision)
            }
            Outcome::Conflict {
                key,
                expected,
                found,
            } => {
                transaction.abort().map_err(|error| fault(error.into()))?;
                Err(Error::Conflict {
                    key,
                    expected,
                    found,
                })
            }
        }
    }

    fn read<T>(
        &self,
        action: &'static str,
        read: impl FnOnce(&redb::ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, Error> {
        let transaction = self.database.begin_read().map_err(redb::Error::from);
        transaction
            .and_then(|transaction| read(&transaction))
            .map_err(|error| fault(&self.path, action, error))
    }
}

impl Store for Disk {
    fn get(&self, key: &str) -> Result<Option<Versioned>, Error> {
        self.read("read a key", |transaction| {
            let found = transaction.open_table(ITEMS)?.get(key)?;
            Ok(found.map(|found| {
                let (revision, value) = found.value();
                Versioned {
                    value: value.to_vec(),
                    revision: Revision(revision),
                }
            }))
        })
    }

    fn range(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<Item>, Error> {
        self.read("read a range", |transaction| {
            let table = transaction.open_table(ITEMS)?;
            let start = after.map_or(prefix, |after| after.max(prefix));
            let mut items = Vec::new();
            for entry in table.range(start..)? {
                if items.len() == limit {
                    break;
                }
                let (key, found) = entry?;
                let key = key.value();
                if !key.starts_with(prefix) {
                    break;
                }
                if Some(key) == after {
                    continue;
                }
                let (revision, value) = found.value();
                items.push(Item {
                    key: key.to_owned(),
                    value: value.to_vec(),
                    revision: Revision(revision),
                });
            }
            Ok(items)
        })
    }

    fn commit(&self, writes: &[Write]) -> Result<Revision, Error> {
        self.write(writes, Durability::Immediate)
    }

    fn commit_soon(&self, writes: &[Write]) -> Result<Revision, Error> {
        self.write(writes, Durability::None)
    }

    fn flush(&self) -> Result<(), Error> {
        let flush = || -> Result<(), redb::Error> {
            // An empty durable transaction takes everything before it to the disk.
            self.database.begin_write()?.commit()?;
            Ok(())
        };
        flush().map_err(|error| fault(&self.path, "flush", error))
    }

    fn changes(&self, prefix: &str, from: Revision) -> Result<Changes, Error> {
        self.read("read the changes", |transaction| {
            let numbers = transaction.open_table(NUMBERS)?;
            let number = |name| {
                numbers
                    .get(name)
                    .map(|found| found.map_or(0, |found| found.value()))
            };
            let revision = Revision(number("revision")?);
            if from.0 < number("compacted")? {
                return Ok(Changes::Compacted(revision));
            }
            let mut changes = Vec::new();
            for entry in transaction.open_table(LOG)?.range((from.0 + 1, "")..)? {
                let (at, removed) = entry?;
                let (revision, key) = at.value();
                if key.starts_with(prefix) {
                    let (key, revision) = (key.to_owned(), Revision(revision));
                    changes.push(Change {
                        key,
                        revision,
                        removed: removed.value(),
                    });
                }
            }
            Ok(Changes::Since(changes, revision))
        })
    }

    fn watch(&self) -> watch::Receiver<Revision> {
        self.newest.subscribe()
    }

    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }
}

enum Outcome {
    Changed(Revision),
    Unchanged(Revision),
    Conflict {
        key: String,
        expected: Expect,
        found: Option<Revision>,
    },
}

struct Tables<'t> {
    numbers: Table<'t, &'static str, u64>,
    items: Table<'t, &'static str, (u64, &'static [u8])>,
    log: Table<'t, (u64, &'static str), bool>,
    tombstones: Table<'t, &'static str, u64>,
    removals: Table<'t, (u64, &'static str), ()>,
}

impl<'t> Tables<'t> {
    fn open(transaction: &'t redb::WriteTransaction) -> Result<Self, redb::TableError> {
        Ok(Self {
            numbers: transaction.open_table(NUMBERS)?,
            items: transaction.open_table(ITEMS)?,
            log: transaction.open_table(LOG)?,
            tombstones: transaction.open_table(TOMBSTONES)?,
            removals: transaction.open_table(REMOVALS)?,
        })
    }

    fn apply(mut self, writes: &[Write]) -> Result<Outcome, StorageError> {
        for Write { key, expect, .. } in writes {
            let found = self
                .items
                .get(key.as_str())?
                .map(|found| Revision(found.value().0));
            if !holds(*expect, found) {
                return Ok(Outcome::Conflict {
                    key: key.clone(),
                    expected: *expect,
                    found,
                });
            }
        }
        let last = self
            .numbers
            .get("revision")?
            .map_or(0, |found| found.value());
        let next = last + 1;
        let mut changed = false;
        for Write { key, operation, .. } in writes {
            let key = key.as_str();
            match operation {
                Operation::Put(value) => {
                    let replaced = self
                        .items
                        .insert(key, (next, value.as_slice()))?
                        .map(|old| old.value().0);
                    self.forget(key, replaced)?;
                    self.log.insert((next, key), false)?;
                }
                Operation::Delete => {
                    let removed = self.items.remove(key)?.map(|old| old.value().0);
                    if removed.is_none() {
                        continue;
                    }
                    self.forget(key, removed)?;
                    self.log.insert((next, key), true)?;
                    self.tombstones.insert(key, next)?;
                    self.removals.insert((next, key), ())?;
                }
                Operation::Check => continue,
            }
            changed = true;
        }
        if !changed {
            return Ok(Outcome::Unchanged(Revision(last)));
        }
        self.numbers.insert("revision", next)?;
        self.compact()?;
        Ok(Outcome::Changed(Revision(next)))
    }

    /// Takes the last change of `key` out of the log: one that wrote it at `written`, or one that removed it.
    fn forget(&mut self, key: &str, written: Option<u64>) -> Result<(), StorageError> {
        let removed = self.tombstones.remove(key)?.map(|found| found.value());
        if let Some(revision) = removed {
            self.removals.remove((revision, key))?;
        }
        if let Some(revision) = written.or(removed) {
            self.log.remove((revision, key))?;
        }
        Ok(())
    }

    fn compact(&mut self) -> Result<(), StorageError> {
        use redb::ReadableTableMetadata as _;
        while self.removals.len()? > MAX_TOMBSTONES as u64 {
            let Some((at, ())) = self.removals.pop_first()?.map(|(at, unit)| {
                let (revision, key) = at.value();
                ((revision, key.to_owned()), unit.value())
            }) else {
                break;
            };
            self.tombstones.remove(at.1.as_str())?;
            self.log.remove((at.0, at.1.as_str()))?;
            self.numbers.insert("compacted", at.0)?;
        }
        Ok(())
    }
}

/// Makes the tables, or checks that they are ours.
fn prepare(
    database: &Database,
    path: &Path,
    fresh: [u8; 16],
) -> Result<(Revision, Incarnation), Error> {
    let prepare = || -> Result<_, redb::Error> {
        let transaction = database.begin_write()?;
        let (format, revision, incarnation) = {
            let mut tables = Tables::open(&transaction)?;
            let mut incarnations = transaction.open_table(INCARNATION)?;
            let known = incarnations.get(())?.map(|found| found.value());
            if known.is_none() {
                incarnations.insert((), fresh)?;
                tables.numbers.insert("format", FORMAT)?;
            }
            let format = tables
                .numbers
                .get("format")?
                .map_or(0, |found| found.value());
            let revision = tables
                .numbers
                .get("revision")?
                .map_or(0, |found| found.value());
            (format, revision, known.unwrap_or(fresh))
        };
        transaction.commit()?;
        Ok((format, Revision(revision), Incarnation(incarnation)))
    };
    let (format, revision, incarnation) =
        prepare().map_err(|error| fault(path, "prepare the tables", error))?;
    if format != FORMAT {
        return Err(Error::Format {
            path: path.to_owned(),
            found: format,
            known: FORMAT,
        });
    }
    Ok((revision, incarnation))
}

/// Tells damage from everything else that the database says.
fn fault(path: &Path, action: &'static str, error: impl Into<redb::Error>) -> Error {
    let path = path.to_owned();
    match error.into() {
        redb::Error::Corrupted(why) => Error::Corrupt { path, why },
        redb::Error::Io(io) if io.kind() == std::io::ErrorKind::InvalidData => Error::Corrupt {
            path,
            why: io.to_string(),
        },
        redb::Error::Io(io) if io.kind() == std::io::ErrorKind::UnexpectedEof => Error::Corrupt {
            path,
            why: "it is shorter than it says".to_owned(),
        },
        error @ (redb::Error::TableTypeMismatch { .. }
        | redb::Error::TypeDefinitionChanged { .. }) => Error::Corrupt {
            path,
            why: error.to_string(),
        },
        error => Error::Database {
            action,
            source: Box::new(error),
        },
    }
}

#[cfg(test)]
mod tests;
