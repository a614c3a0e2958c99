//! The one place that reads the clock.

use std::time::{SystemTime, UNIX_EPOCH};

use fleet_host_plan::fleet::Now;

/// Seconds since the epoch; 0 for a clock that stands before it.
pub(crate) fn now() -> Now {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// A point in time as RFC 3339 in UTC, whole seconds.
pub(crate) fn rfc3339(at: Now) -> String {
    let second = i64::try_from(at).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(second).map_or_else(|_| "unknown".to_owned(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(u64::MAX), "unknown");
    }
}
