//! What one conversation with a server may still cost.

use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What one conversation may still cost: time, bytes, and the caller's patience.
#[derive(Debug)]
pub(crate) struct Budget<'a> {
    started: Instant,
    pub(crate) timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) connect_timeout: Duration,
    max_bytes: u64,
    bytes: AtomicU64,
    /// When the last byte came, in milliseconds after `started`.
    last_byte_ms: AtomicU64,
    interrupt: &'a AtomicBool,
}

/// Why a conversation was ended from our side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    #[error("stopped")]
    Interrupted,
    #[error("it took longer than {0:?}")]
    TimedOut(Duration),
    #[error("no byte came for {0:?}")]
    Idle(Duration),
    #[error("more than {0} bytes came")]
    TooManyBytes(u64),
}

impl From<Stop> for io::Error {
    fn from(stop: Stop) -> Self {
        // Not `Interrupted` nor `TimedOut`: readers take the former as a wish to try again.
        Self::other(stop)
    }
}

impl<'a> Budget<'a> {
    pub(crate) fn new(
        limits: &crate::Limits,
        timeout: Duration,
        max_bytes: u64,
        interrupt: &'a AtomicBool,
    ) -> Self {
        Self {
            started: Instant::now(),
            timeout,
            idle_timeout: limits.idle_timeout,
            connect_timeout: limits.connect_timeout,
            max_bytes,
            bytes: AtomicU64::new(0),
            last_byte_ms: AtomicU64::new(0),
            interrupt,
        }
    }

    /// Whether to go on.
    pub(crate) fn check(&self) -> Result<(), Stop> {
        let elapsed = self.started.elapsed();
        let silent = elapsed.saturating_sub(Duration::from_millis(
            self.last_byte_ms.load(Ordering::Relaxed),
        ));
        if self.interrupt.load(Ordering::Relaxed) {
            Err(Stop::Interrupted)
        } else if elapsed > self.timeout {
            Err(Stop::TimedOut(self.timeout))
        } else if silent > self.idle_timeout {
            Err(Stop::Idle(self.idle_timeout))
        } else if self.bytes.load(Ordering::Relaxed) > self.max_bytes {
            Err(Stop::TooManyBytes(self.max_bytes))
        } else {
            Ok(())
        }
    }

    /// Time that is left, at least a millisecond.
    pub(crate) fn remaining(&self) -> Duration {
        self.timeout
            .saturating_sub(self.started.elapsed())
            .max(Duration::from_millis(1))
    }

    pub(crate) fn received(&self, n_bytes: usize) {
        self.bytes.fetch_add(n_bytes as u64, Ordering::Relaxed);
        self.touch();
    }

    /// Starts the silence anew.
    pub(crate) fn touch(&self) {
        let elapsed_ms = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_byte_ms.store(elapsed_ms, Ordering::Relaxed);
    }

    pub(crate) fn interrupt(&self) -> &'a AtomicBool {
        self.interrupt
    }
}

/// A reader that stays within a budget.
///
/// A reader below that gives up now and then with `WouldBlock` or `TimedOut` is asked again until the budget is spent.
#[derive(Debug)]
pub(crate) struct Bounded<'a, R> {
    pub(crate) inner: R,
    pub(crate) budget: &'a Budget<'a>,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.budget.check()?;
            match self.inner.read(buffer) {
                Ok(n_bytes) => {
                    self.budget.received(n_bytes);
                    return Ok(n_bytes);
                }
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
                    ) => {}
                Err(error) => {
                    // A child that the watchdog ended looks like a broken pipe; the reason is the budget's.
                    self.budget.check()?;
                    return Err(error);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget<'a>(timeout_ms: u64, max_bytes: u64, interrupt: &'a AtomicBool) -> Budget<'a> {
        Budget::new(
            &crate::Limits::default(),
            Duration::from_millis(timeout_ms),
            max_bytes,
            interrupt,
        )
    }

    fn stop(error: &io::Error) -> Option<Stop> {
        error.get_ref()?.downcast_ref().copied()
    }

    struct Drip;

    impl Read for Drip {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_millis(1));
            buffer[0] = 0;
            Ok(1)
        }
    }

    /// A server that sends a byte now and then would hold a thread for ever.
    #[test]
    fn a_slow_drip_ends_with_the_time() {
        let go_on = AtomicBool::new(false);
        let budget = budget(50, 1000, &go_on);
        let error = Bounded {
            inner: Drip,
            budget: &budget,
        }
        .read_to_end(&mut Vec::new())
        .unwrap_err();
        assert!(matches!(stop(&error), Some(Stop::TimedOut(_))), "{error}");
    }

    #[test]
    fn bytes_are_counted() {
        let go_on = AtomicBool::new(false);
        let budget = budget(60_000, 1000, &go_on);
        let error = Bounded {
            inner: io::repeat(0),
            budget: &budget,
        }
        .read_to_end(&mut Vec::new())
        .unwrap_err();
        assert_eq!(stop(&error), Some(Stop::TooManyBytes(1000)));
    }

    #[test]
    fn the_caller_can_stop_it() {
        let halt = AtomicBool::new(true);
        let budget = budget(60_000, 1000, &halt);
        let error = Bounded {
            inner: Drip,
            budget: &budget,
        }
        .read(&mut [0])
        .unwrap_err();
        assert_eq!(stop(&error), Some(Stop::Interrupted));
    }
}
