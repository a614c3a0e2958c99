//! How deployments are doing, in Rancher Fleet's words, and how that adds up.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// State of a deployment; greater is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum State {
    /// Applied, unmodified and healthy.
    Ready,
    /// Applied, and not all objects are healthy.
    NotReady,
    /// Not handed to the cluster yet.
    Pending,
    /// The cluster runs an older bundle on purpose (paused, or its turn has not come).
    OutOfSync,
    /// Live objects differ from the bundle.
    Modified,
    /// Handed to the cluster, and not applied yet.
    WaitApplied,
    /// Could not be applied.
    ErrApplied,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// How one object is doing, in kstatus' words; greater is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Health {
    /// It is what its spec says.
    Current,
    /// It is on its way.
    InProgress,
    /// It is being deleted.
    Terminating,
    /// Nobody can tell.
    Unknown,
    /// It will not get there by itself.
    Failed,
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// How many deployments are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Count for each state that occurs.
    pub states: BTreeMap<State, u64>,
}

impl Summary {
    /// Counts `states`.
    pub fn of(states: impl IntoIterator<Item = State>) -> Self {
        let mut summary = Self::default();
        for state in states {
            *summary.states.entry(state).or_default() += 1;
        }
        summary
    }

    /// How many there are in all.
    pub fn desired(&self) -> u64 {
        self.states.values().sum()
    }

    /// How many are [`State::Ready`].
    pub fn ready(&self) -> u64 {
        self.states.get(&State::Ready).copied().unwrap_or_default()
    }

    /// The worst state that occurs.
    pub fn worst(&self) -> Option<State> {
        self.states.keys().next_back().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_state_wins() {
        let summary = Summary::of([
            State::Ready,
            State::ErrApplied,
            State::NotReady,
            State::Ready,
        ]);
        assert_eq!(
            (summary.desired(), summary.ready(), summary.worst()),
            (4, 2, Some(State::ErrApplied))
        );
        // Rank of Rancher Fleet's `fleet.StateRank`, worst first.
        let mut ranked = [
            State::Ready,
            State::NotReady,
            State::Pending,
            State::OutOfSync,
            State::Modified,
            State::WaitApplied,
            State::ErrApplied,
        ];
        ranked.sort();
        assert_eq!(ranked.last(), Some(&State::ErrApplied));
        assert_eq!(ranked.first(), Some(&State::Ready));
    }
}
