//! Waiting for something with an end.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// How long anything may take. Generous, because a machine that builds at the same time is slow; what goes well
/// never takes that long.
pub const LONG: Duration = Duration::from_secs(120);

/// How long to wait between two looks, where a person would not notice.
const PAUSE: Duration = Duration::from_millis(50);

/// Asks `look` again and again until it gives a value.
///
/// # Errors
/// After `limit`, with what was seen last; at once, if `look` itself fails.
pub fn until<T>(
    what: &str,
    limit: Duration,
    look: impl FnMut() -> Result<std::result::Result<T, String>>,
) -> Result<T> {
    until_each(PAUSE, what, limit, look)
}

/// The same with another pause between two looks, where what is measured is short.
///
/// # Errors
/// As above.
pub fn until_each<T>(
    pause: Duration,
    what: &str,
    limit: Duration,
    mut look: impl FnMut() -> Result<std::result::Result<T, String>>,
) -> Result<T> {
    let started = Instant::now();
    loop {
        let seen = match look()? {
            Ok(value) => return Ok(value),
            Err(seen) => seen,
        };
        if started.elapsed() > limit {
            bail!(
                "{what}: not within {} s; last seen: {seen}",
                limit.as_secs()
            );
        }
        std::thread::sleep(pause);
    }
}
