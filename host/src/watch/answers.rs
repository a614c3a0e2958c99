//! One answer for all who ask the same at about the same time.
//!
//! Many GitRepos follow the same branch of the same repository; the server is asked once for all of them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Answers older than this are forgotten, if nobody waits for a new one.
const KEEP: Duration = Duration::from_secs(3600);

type Slot<V> = Arc<Mutex<Option<(Instant, V)>>>;

/// The latest answer to each question.
#[derive(Debug)]
pub(super) struct Answers<K, V> {
    slots: Mutex<BTreeMap<K, Slot<V>>>,
}

impl<K, V> Default for Answers<K, V> {
    fn default() -> Self {
        Self {
            slots: Mutex::default(),
        }
    }
}

impl<K: Ord, V: Clone> Answers<K, V> {
    /// The answer that somebody began to ask for after `not_before`, or else a new one.
    ///
    /// Blocks while somebody asks the same.
    pub(super) fn ask(&self, key: K, not_before: Instant, ask: impl FnOnce() -> V) -> V {
        let slot = self.slot(key);
        // An answer that panicked away is asked for again.
        let mut answer = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = answer.as_ref().filter(|(began, _)| *began > not_before) {
            return known.clone();
        }
        let began = Instant::now();
        let new = ask();
        *answer = Some((began, new.clone()));
        new
    }

    fn slot(&self, key: K) -> Slot<V> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if !slots.contains_key(&key) {
            slots.retain(|_, slot| {
                let recent = match slot.try_lock() {
                    Ok(answer) => answer
                        .as_ref()
                        .is_some_and(|(began, _)| began.elapsed() < KEEP),
                    // Somebody asks just now.
                    Err(_) => true,
                };
                recent || Arc::strong_count(slot) > 1
            });
        }
        slots.entry(key).or_default().clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn what_is_recent_enough_is_not_asked_for_again() {
        let (answers, n_asked) = (Answers::default(), AtomicU32::new(0));
        let ask = |key: &str, not_before| {
            answers.ask(key.to_owned(), not_before, || {
                n_asked.fetch_add(1, Ordering::Relaxed)
            })
        };
        let before = Instant::now();
        assert_eq!(ask("a", before), 0);
        assert_eq!(ask("a", before), 0);
        assert_eq!(ask("b", before), 1);
        // Somebody who was woken later wants to know how it is since then.
        let woken = Instant::now();
        assert_eq!(ask("a", woken), 2);
        assert_eq!(ask("a", before), 2);
    }

    #[test]
    fn those_who_ask_at_once_share_one_answer() {
        let (answers, n_asked) = (Answers::default(), AtomicU32::new(0));
        let before = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    answers.ask((), before, || {
                        std::thread::sleep(Duration::from_millis(20));
                        n_asked.fetch_add(1, Ordering::Relaxed)
                    })
                });
            }
        });
        assert_eq!(n_asked.into_inner(), 1);
    }
}
