//! The wall clock of a call, which stands still while the host itself is waited for.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How long the host may be waited for in one call, all in all.
const MAX_PAUSE: Duration = Duration::from_secs(900);

/// How long a call has waited for the host.
#[derive(Debug, Default)]
pub(crate) struct Pause(Mutex<Waited>);

#[derive(Debug, Default)]
struct Waited {
    before: Duration,
    since: Option<Instant>,
}

/// The call waits as long as this lives.
#[derive(Debug)]
pub(crate) struct Waiting<'p>(&'p Pause);

impl Pause {
    /// The host is waited for from now on.
    pub(crate) fn begin(&self) -> Waiting<'_> {
        self.lock().since = Some(Instant::now());
        Waiting(self)
    }

    fn total(&self) -> Duration {
        let waited = self.lock();
        let now = waited.since.map_or(Duration::ZERO, |since| since.elapsed());
        (waited.before + now).min(MAX_PAUSE)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Waited> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waited = self.0.lock();
        if let Some(since) = waited.since.take() {
            waited.before += since.elapsed();
        }
    }
}

/// What a future gives, if it takes no longer than `wall` besides what it waits for the host.
pub(crate) async fn within<F: Future>(
    wall: Duration,
    pause: &Pause,
    future: F,
) -> Option<F::Output> {
    let begin = Instant::now();
    let mut future = std::pin::pin!(future);
    loop {
        let left = (wall + pause.total()).saturating_sub(begin.elapsed());
        if left.is_zero() {
            return None;
        }
        if let Ok(output) = tokio::time::timeout(left, &mut future).await {
            return Some(output);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_time_that_the_host_takes_is_free() {
        let (wall, sleep) = (Duration::from_millis(50), Duration::from_millis(200));
        let pause = Pause::default();
        let waits = async {
            let _waiting = pause.begin();
            tokio::time::sleep(sleep).await;
        };
        assert_eq!(within(wall, &pause, waits).await, Some(()));
        let works = tokio::time::sleep(sleep);
        assert_eq!(within(wall, &Pause::default(), works).await, None);
    }
}
