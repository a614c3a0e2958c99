//! How long to wait before the host is asked again.

use std::time::Duration;

/// The window from which the first wait is drawn; it doubles with each failure.
const FIRST: Duration = Duration::from_secs(5);

/// Waits with full jitter: each is drawn evenly from zero to a window that doubles up to `most`, so that
/// thousands of agents that lost their host at the same moment do not come back at the same moment.
#[derive(Debug)]
pub(crate) struct Backoff {
    most: Duration,
    failures: u32,
}

impl Backoff {
    pub(crate) fn new(most: Duration) -> Self {
        Self { most, failures: 0 }
    }

    /// Begins again with the smallest window.
    pub(crate) fn reset(&mut self) {
        self.failures = 0;
    }

    /// The next wait.
    pub(crate) fn next(&mut self) -> Duration {
        let window = FIRST.saturating_mul(1 << self.failures.min(10));
        self.failures += 1;
        window.min(self.most).mul_f64(fraction())
    }
}

/// A number from 0 to 1 that nobody can foresee.
fn fraction() -> f64 {
    let mut bytes = [0; 4];
    // Without randomness there is no TLS either; waiting the whole window is the safe choice.
    match aws_lc_rs::rand::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_within_the_growing_window_and_differ() {
        let most = Duration::from_secs(60);
        let mut backoff = Backoff::new(most);
        let waits: Vec<_> = (0..20).map(|_| backoff.next()).collect();
        assert!(waits[0] <= FIRST && waits[1] <= FIRST * 2);
        assert!(waits.iter().all(|wait| *wait <= most));
        let longest = waits.iter().max().unwrap();
        assert!(*longest > Duration::from_secs(20), "{waits:?}");
        backoff.reset();
        assert!(backoff.next() <= FIRST);
    }
}
