//! A commit that a webhook announced: forges may send the webhook before the branch shows it to everybody.

use std::time::Duration;

use fleet_source::CommitId;

/// How long to look for it: 30 seconds, as Rancher Fleet does.
const PATIENCE: Duration = Duration::from_secs(30);

/// The pause between two looks.
const PAUSE: Duration = Duration::from_secs(2);

/// A commit that was announced and has not shown yet.
///
/// It only says how long to go on looking; what is deployed is what the server shows.
#[derive(Clone, Debug)]
pub(super) struct Awaited {
    commit: String,
    /// Where the reference stood when the webhook came.
    before: Option<CommitId>,
    until: Duration,
}

/// What a look says of an announced commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// It has come, or something else that is newer than the webhook.
    Arrived,
    /// Nothing has changed: look again at this time.
    NotYet(Duration),
    /// It does not come; the next poll finds what there is.
    Never,
}

impl Awaited {
    /// Begins to wait for `commit`, where the reference stood at `before`.
    pub(super) fn new(commit: String, before: Option<CommitId>, now: Duration) -> Self {
        Self {
            commit,
            before,
            until: now + PATIENCE,
        }
    }

    /// Judges a look that ended at `now` and found `commit`.
    pub(super) fn seen(&self, commit: CommitId, now: Duration) -> Wait {
        if commit.to_string() == self.commit || self.before.is_some_and(|before| before != commit) {
            Wait::Arrived
        } else if now + PAUSE <= self.until {
            Wait::NotYet(now + PAUSE)
        } else {
            Wait::Never
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn an_announced_commit_is_looked_for_and_then_given_up() {
        let commit = |digit: &str| CommitId::parse(&digit.repeat(40)).unwrap();
        let (old, new, newer) = (commit("a"), commit("b"), commit("c"));
        let awaited = Awaited::new(new.to_string(), Some(old), 100 * SECOND);
        for (found, second, expected) in [
            (new, 100, Wait::Arrived),
            (newer, 100, Wait::Arrived),
            (old, 100, Wait::NotYet(102 * SECOND)),
            (old, 128, Wait::NotYet(130 * SECOND)),
            (old, 129, Wait::Never),
            (new, 1000, Wait::Arrived),
        ] {
            let seen = awaited.seen(found, second * SECOND);
            assert_eq!(seen, expected, "{found} after {second} s");
        }
        // The first look ever has nothing to compare with.
        let awaited = Awaited::new(new.to_string(), None, Duration::ZERO);
        assert_eq!(awaited.seen(old, SECOND), Wait::NotYet(3 * SECOND));
    }
}
