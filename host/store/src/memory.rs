//! State in memory, for tests and simulation.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::state::{MAX_TOMBSTONES, holds, validate};
use crate::{
    Change, Changes, Error, Incarnation, Item, Operation, Revision, Store, Versioned, Write,
};

/// State in memory.
#[derive(Debug)]
pub struct Memory {
    state: Mutex<State>,
    newest: watch::Sender<Revision>,
    incarnation: Incarnation,
}

#[derive(Debug, Default)]
struct State {
    revision: Revision,
    items: BTreeMap<String, Versioned>,
    // The last change of each key, by revision; a key is here once.
    log: BTreeMap<(Revision, String), bool>,
    tombstones: BTreeMap<String, Revision>,
    compacted: Revision,
}

impl Memory {
    /// Returns an empty store with this incarnation.
    pub fn new(incarnation: [u8; 16]) -> Self {
        Self {
            state: Mutex::default(),
            newest: watch::Sender::new(Revision(0)),
            incarnation: Incarnation(incarnation),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Each commit checks everything before it changes anything, so the state is whole even after a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn last_touched(&self, key: &str) -> Option<Revision> {
        let item = self.items.get(key).map(|item| item.revision);
        item.or_else(|| self.tombstones.get(key).copied())
    }

    fn touch(&mut self, key: &str, revision: Revision, removed: bool) {
        if let Some(last) = self.last_touched(key) {
            self.log.remove(&(last, key.to_owned()));
        }
        self.log.insert((revision, key.to_owned()), removed);
    }

    fn compact(&mut self) {
        while self.tombstones.len() > MAX_TOMBSTONES {
            let oldest = self
                .log
                .iter()
                .find(|(_, removed)| **removed)
                .map(|(at, _)| at.clone());
            let Some((revision, key)) = oldest else { break };
            self.tombstones.remove(&key);
            self.log.remove(&(revision, key));
            self.compacted = revision;
        }
    }
}

impl Store for Memory {
    fn get(&self, key: &str) -> Result<Option<Versioned>, Error> {
        Ok(self.lock().items.get(key).cloned())
    }

    fn range(&self, prefix: &str, after: Option<&str>, limit: usize) -> Result<Vec<Item>, Error> {
        let state = self.lock();
        let start = match after {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let items = state.items.range::<str, _>((start, Bound::Unbounded));
        Ok(items
            .take_while(|(key, _)| key.starts_with(prefix))
            .take(limit)
            .map(|(key, Versioned { value, revision })| Item {
                key: key.clone(),
                value: value.clone(),
                revision: *revision,
            })
            .collect())
    }

    fn commit(&self, writes: &[Write]) -> Result<Revision, Error> {
        validate(writes)?;
        let mut state = self.lock();
        for Write { key, expect, .. } in writes {
            let found = state.items.get(key).map(|item| item.revision);
            if !holds(*expect, found) {
                return Err(Error::Conflict {
                    key: key.clone(),
                    expected: *expect,
                    found,
                });
            }
        }
        let next = Revision(state.revision.0 + 1);
        let mut changed = false;
        for Write { key, operation, .. } in writes {
            match operation {
                Operation::Put(value) => {
                    state.touch(key, next, false);
                    state.tombstones.remove(key);
                    state.items.insert(
                        key.clone(),
                        Versioned {
                            value: value.clone(),
                            revision: next,
                        },
                    );
                }
                Operation::Delete if state.items.contains_key(key) => {
                    state.touch(key, next, true);
                    state.items.remove(key);
                    state.tombstones.insert(key.clone(), next);
                }
                Operation::Delete | Operation::Check => continue,
            }
            changed = true;
        }
        if changed {
            state.revision = next;
            state.compact();
            self.newest.send_replace(next);
        }
        Ok(state.revision)
    }

    fn commit_soon(&self, writes: &[Write]) -> Result<Revision, Error> {
        self.commit(writes)
    }

    fn flush(&self) -> Result<(), Error> {
        Ok(())
    }

    fn changes(&self, prefix: &str, from: Revision) -> Result<Changes, Error> {
        let state = self.lock();
        if from < state.compacted {
            return Ok(Changes::Compacted(state.revision));
        }
        let after = (Revision(from.0 + 1), String::new());
        let changes = state
            .log
            .range(after..)
            .filter(|((_, key), _)| key.starts_with(prefix));
        let changes = changes.map(|((revision, key), removed)| Change {
            key: key.clone(),
            revision: *revision,
            removed: *removed,
        });
        Ok(Changes::Since(changes.collect(), state.revision))
    }

    fn watch(&self) -> watch::Receiver<Revision> {
        self.newest.subscribe()
    }

    fn incarnation(&self) -> Incarnation {
        self.incarnation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Expect;

    #[test]
    fn conforms() {
        let mut n = 0;
        crate::conformance::check(|| {
            n += 1;
            Box::new(Memory::new([n; 16]))
        });
    }

    /// A store that remembers every removal for ever grows without bound.
    #[test]
    fn old_removals_are_forgotten_and_said_to_be() {
        let store = Memory::new([0; 16]);
        let keys = |n: usize| (0..n).map(|i| format!("k/{i:06}"));
        let n = MAX_TOMBSTONES + 10;
        store
            .commit(
                &keys(n)
                    .map(|key| Write::put(key, vec![]))
                    .collect::<Vec<_>>(),
            )
            .unwrap();
        for chunk in keys(n).collect::<Vec<_>>().chunks(n / 2) {
            store
                .commit(
                    &chunk
                        .iter()
                        .map(|key| Write::delete(key.as_str()))
                        .collect::<Vec<_>>(),
                )
                .unwrap();
        }
        assert_eq!(
            store.changes("", Revision(0)).unwrap(),
            Changes::Compacted(Revision(3))
        );
        assert!(matches!(
            store.changes("", Revision(2)).unwrap(),
            Changes::Since(_, Revision(3))
        ));
        let again = Write::create("k/000001", vec![]).expecting(Expect::Absent);
        assert_eq!(store.commit(&[again]).unwrap(), Revision(4));
    }
}
