//! One cell for each agent that listens: the newest desired state, never a queue.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fleet_core::name::ClusterName;
use fleet_core::wire::DesiredRef;
use tokio::sync::watch;

/// What a listening agent is told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    /// Nothing yet since it began to listen.
    Nothing,
    /// Its desired state.
    Desired(DesiredRef),
    /// It is no longer registered.
    Expelled,
}

/// The cells of all agents that listen.
#[derive(Clone, Debug, Default)]
pub(crate) struct Feeds {
    cells: Arc<Mutex<BTreeMap<ClusterName, watch::Sender<Told>>>>,
}

/// One agent's ear; its cell goes when the last one for the cluster does.
#[derive(Debug)]
pub(crate) struct Listener {
    feeds: Feeds,
    cluster: ClusterName,
    receiver: Option<watch::Receiver<Told>>,
}

impl Feeds {
    /// Begins to listen for `cluster`.
    pub(crate) fn listen(&self, cluster: &ClusterName) -> Listener {
        let mut cells = self.cells();
        let cell = cells
            .entry(cluster.clone())
            .or_insert_with(|| watch::Sender::new(Told::Nothing));
        Listener {
            feeds: self.clone(),
            cluster: cluster.clone(),
            receiver: Some(cell.subscribe()),
        }
    }

    /// Tells an agent of its desired state, if it listens.
    pub(crate) fn announce(&self, cluster: &ClusterName, desired: DesiredRef) {
        if let Some(cell) = self.cells().get(cluster) {
            cell.send_replace(Told::Desired(desired));
        }
    }

    /// Tells an agent, if it listens, that it is no longer registered.
    pub(crate) fn expel(&self, cluster: &ClusterName) {
        if let Some(cell) = self.cells().remove(cluster) {
            cell.send_replace(Told::Expelled);
        }
    }

    /// How many agents listen.
    pub(crate) fn n_listening(&self) -> usize {
        self.cells().len()
    }

    fn cells(&self) -> MutexGuard<'_, BTreeMap<ClusterName, watch::Sender<Told>>> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listener {
    /// The next thing to be told; what was missed in between is gone, because only the newest counts.
    ///
    /// Cancel-safe.
    pub(crate) async fn next(&mut self) -> Told {
        let Some(receiver) = &mut self.receiver else {
            return Told::Expelled;
        };
        match receiver.changed().await {
            Ok(()) => receiver.borrow_and_update().clone(),
            Err(_) => Told::Expelled,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut cells = self.feeds.cells();
        self.receiver = None;
        // An expelled cell was taken out before; one of the same name may have been made since.
        if cells
            .get(&self.cluster)
            .is_some_and(|cell| cell.receiver_count() == 0)
        {
            cells.remove(&self.cluster);
        }
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::digest::Digest;

    use super::*;

    fn desired(state_revision: u64) -> DesiredRef {
        DesiredRef {
            digest: Digest::of(&state_revision.to_le_bytes()),
            state_revision,
        }
    }

    #[tokio::test]
    async fn a_slow_agent_gets_the_newest_value_only() {
        let feeds = Feeds::default();
        let cluster = ClusterName::parse("a").unwrap();
        let mut listener = feeds.listen(&cluster);
        for n in 1..=3 {
            feeds.announce(&cluster, desired(n));
        }
        assert_eq!(listener.next().await, Told::Desired(desired(3)));
        feeds.expel(&cluster);
        assert_eq!(listener.next().await, Told::Expelled);
    }

    #[tokio::test]
    async fn cells_live_as_long_as_somebody_listens() {
        let feeds = Feeds::default();
        let cluster = ClusterName::parse("a").unwrap();
        let (first, second) = (feeds.listen(&cluster), feeds.listen(&cluster));
        drop(first);
        assert_eq!(feeds.n_listening(), 1);
        feeds.expel(&cluster);
        let mut third = feeds.listen(&cluster);
        drop(second);
        assert_eq!(feeds.n_listening(), 1);
        feeds.announce(&cluster, desired(1));
        assert_eq!(third.next().await, Told::Desired(desired(1)));
        drop(third);
        assert_eq!(feeds.n_listening(), 0);
    }
}
