//! What failed lately: it is not tried again before its time, and the pauses grow.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::pins::Scope;
use crate::{Error, Limits};

/// Longest wait that a server may ask for: one hour.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// How many failures are remembered; the oldest go when there are more.
const MAX_KEPT: usize = 10_000;

/// A reference of a commit that could not be fetched.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) error: Error,
    n_failures: u32,
    until: Instant,
}

impl Failure {
    /// How long it is still not tried again.
    pub(crate) fn wait(&self, now: Instant) -> Duration {
        self.until.saturating_duration_since(now)
    }
}

/// All failures that count, by what failed.
#[derive(Debug, Default)]
pub(crate) struct Failures(Mutex<HashMap<(Scope, String), Failure>>);

impl Failures {
    /// The failure that is still to be answered with.
    pub(crate) fn current(&self, scope: &Scope, reference: &str, now: Instant) -> Option<Failure> {
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failure = failures.get(&(scope.clone(), reference.to_owned()))?;
        (failure.until > now).then(|| failure.clone())
    }

    pub(crate) fn note(
        &self,
        scope: &Scope,
        reference: &str,
        error: Error,
        limits: &Limits,
        now: Instant,
    ) -> Failure {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (scope.clone(), reference.to_owned());
        let n_failures = failures.get(&key).map_or(0, |failure| failure.n_failures);
        let doubled = limits
            .first_back_off
            .saturating_mul(1 << n_failures.min(16));
        let asked = error.retry_after().unwrap_or_default().min(MAX_RETRY_AFTER);
        let failure = Failure {
            error,
            n_failures: n_failures + 1,
            until: now + doubled.min(limits.max_back_off).max(asked),
        };
        if failures.len() >= MAX_KEPT {
            failures.retain(|_, failure| failure.until > now);
        }
        if failures.len() < MAX_KEPT {
            failures.insert(key, failure.clone());
        }
        failure
    }

    pub(crate) fn forget(&self, scope: &Scope, reference: &str) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.remove(&(scope.clone(), reference.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound_and_a_server_may_ask_for_more() {
        let (failures, scope, limits) =
            (Failures::default(), Scope::new("a", "1"), Limits::default());
        let now = Instant::now();
        let seconds = |retry_after: Option<u64>| {
            let error = Error::Busy {
                url: String::new(),
                status: 429,
                retry_after: retry_after.map(Duration::from_secs),
            };
            failures
                .note(&scope, "r", error, &limits, now)
                .wait(now)
                .as_secs()
        };
        assert_eq!([seconds(None), seconds(None), seconds(None)], [10, 20, 40]);
        assert_eq!(seconds(Some(1000)), 1000);
        assert!((0..50).map(|_| seconds(None)).all(|pause| pause <= 300));
        assert!(failures.current(&scope, "r", now).is_some());
        assert!(
            failures
                .current(&scope, "r", now + Duration::from_secs(301))
                .is_none()
        );
        assert!(
            failures.current(&Scope::new("a", "2"), "r", now).is_none(),
            "a new commit is tried at once"
        );
        failures.forget(&scope, "r");
        assert_eq!(seconds(None), 10);
    }
}
