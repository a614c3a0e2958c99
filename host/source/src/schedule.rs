//! Decides when each repository is polled: pure, with time and randomness as arguments.
//!
//! Every repository is polled once per interval, a little later than due (up to a tenth) so that a thousand of them
//! spread out; failures back off, doubling up to a bound; a webhook wakes it at once; and no more than so many polls run
//! at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A point in time, counted from wherever the caller likes.
pub type Instant = Duration;

/// Longest pause after failures, unless the interval is longer: 5 minutes.
pub const MAX_BACK_OFF: Duration = Duration::from_secs(300);

/// Default interval: 15 seconds, as in Rancher Fleet.
pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(15);

/// Longest wait that a server may ask for: one hour.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// When repositories are polled; `K` names one.
#[derive(Debug)]
pub struct Schedule<K> {
    max_running: usize,
    repos: BTreeMap<K, Repo>,
    /// Idle repositories that have a time, soonest first.
    due: BTreeSet<(Instant, K)>,
    n_running: usize,
}

#[derive(Debug)]
struct Repo {
    /// `None`: polled only when woken.
    interval: Option<Duration>,
    n_failures: u32,
    state: State,
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    /// Waits for this time, or to be woken.
    Idle(Option<Instant>),
    /// A poll runs; woken meanwhile, it is polled again right after.
    Running { woken: bool },
}

/// How a poll ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server answered.
    Answered,
    /// It did not, or with an error; it may have asked to wait.
    Failed {
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
}

impl<K: Ord + Clone> Schedule<K> {
    /// Returns an empty schedule that runs at most `max_running` polls at the same time.
    pub fn new(max_running: usize) -> Self {
        Self {
            max_running: max_running.max(1),
            repos: BTreeMap::new(),
            due: BTreeSet::new(),
            n_running: 0,
        }
    }

    /// Adds a repository, or changes its interval; without one it is polled when it is added and when it is woken.
    ///
    /// A new one is due within its interval's first tenth, `random` (0 to 1) deciding when.
    pub fn set(&mut self, key: K, interval: Option<Duration>, now: Instant, random: f64) {
        match self.repos.get_mut(&key) {
            Some(repo) if repo.interval == interval => {}
            Some(repo) => {
                repo.interval = interval;
                if let State::Idle(at) = repo.state {
                    let sooner = interval.map(|interval| now + interval);
                    let next = match (at, sooner) {
                        (Some(at), Some(sooner)) => Some(at.min(sooner)),
                        (at, sooner) => sooner.or(at.filter(|at| *at <= now)),
                    };
                    self.idle(&key, next);
                }
            }
            None => {
                let state = State::Idle(None);
                self.repos.insert(
                    key.clone(),
                    Repo {
                        interval,
                        n_failures: 0,
                        state,
                    },
                );
                let spread = interval
                    .unwrap_or(DEFAULT_INTERVAL)
                    .mul_f64(0.1 * clamped(random));
                self.idle(&key, Some(now + spread));
            }
        }
    }

    /// Forgets a repository; the end of a poll that still runs is ignored, but counted until then.
    pub fn remove(&mut self, key: &K) {
        if let Some(repo) = self.repos.remove(key)
            && let State::Idle(Some(at)) = repo.state
        {
            self.due.remove(&(at, key.clone()));
        }
    }

    /// Makes a repository due now (a webhook, or a person); it does not wait for its back-off.
    ///
    /// Returns whether there is such a repository.
    pub fn wake(&mut self, key: &K, now: Instant) -> bool {
        let Some(repo) = self.repos.get_mut(key) else {
            return false;
        };
        match &mut repo.state {
            State::Running { woken } => *woken = true,
            State::Idle(at) if at.is_some_and(|at| at <= now) => {}
            State::Idle(_) => self.idle(key, Some(now)),
        }
        true
    }

    /// The repositories whose poll starts now; each is to be [`finish`](Self::finish)ed.
    pub fn start(&mut self, now: Instant) -> Vec<K> {
        let mut started = Vec::new();
        while self.n_running < self.max_running {
            let Some((at, key)) = self.due.first() else {
                break;
            };
            if *at > now {
                break;
            }
            let (at, key) = (*at, key.clone());
            self.due.remove(&(at, key.clone()));
            if let Some(repo) = self.repos.get_mut(&key) {
                repo.state = State::Running { woken: false };
                self.n_running += 1;
                started.push(key);
            }
        }
        started
    }

    /// Notes that a poll ended, and decides when the next one is.
    pub fn finish(&mut self, key: &K, outcome: Outcome, now: Instant, random: f64) {
        self.n_running = self.n_running.saturating_sub(1);
        let Some(repo) = self.repos.get_mut(key) else {
            return;
        };
        let State::Running { woken } = repo.state else {
            return;
        };
        let interval = repo.interval;
        let next = match outcome {
            Outcome::Answered => {
                repo.n_failures = 0;
                interval.map(|interval| now + interval + interval.mul_f64(0.1 * clamped(random)))
            }
            Outcome::Failed { retry_after } => {
                repo.n_failures = repo.n_failures.saturating_add(1);
                // A repository that is only woken is tried again too: nobody wakes it a second time.
                let pause = back_off(
                    interval.unwrap_or(DEFAULT_INTERVAL),
                    repo.n_failures,
                    random,
                );
                let asked = retry_after.map_or(Duration::ZERO, |asked| asked.min(MAX_RETRY_AFTER));
                Some(now + pause.max(asked))
            }
        };
        self.idle(key, if woken { Some(now) } else { next });
    }

    /// When to call [`start`](Self::start) again; `None` if nothing is due or no more polls may run.
    pub fn next(&self) -> Option<Instant> {
        if self.n_running >= self.max_running {
            return None;
        }
        self.due.first().map(|(at, _)| *at)
    }

    /// How many polls in a row have failed.
    pub fn n_failures(&self, key: &K) -> u32 {
        self.repos.get(key).map_or(0, |repo| repo.n_failures)
    }

    fn idle(&mut self, key: &K, next: Option<Instant>) {
        let Some(repo) = self.repos.get_mut(key) else {
            return;
        };
        if let State::Idle(Some(at)) = repo.state {
            self.due.remove(&(at, key.clone()));
        }
        repo.state = State::Idle(next);
        if let Some(at) = next {
            self.due.insert((at, key.clone()));
        }
    }
}

/// The pause after `n_failures` failures in a row: doubling from the interval to a bound, its last half random.
fn back_off(interval: Duration, n_failures: u32, random: f64) -> Duration {
    let doubled = interval.saturating_mul(1 << n_failures.min(16));
    let bound = doubled.min(MAX_BACK_OFF.max(interval));
    bound.mul_f64(0.5 + 0.5 * clamped(random))
}

fn clamped(random: f64) -> f64 {
    if random.is_finite() {
        random.clamp(0.0, 1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests;
