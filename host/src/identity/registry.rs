//! Which key belongs to which cluster: what each request of an agent is checked against.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use fleet_core::digest::Digest;
use fleet_core::name::ClusterName;
use fleet_host_plan::fleet::Now;
use fleet_store::{Store, Write};
use serde::{Deserialize, Serialize};

use super::Peer;
use super::authority::CLIENT_LIFE;
use crate::records;

const KEY: &str = "identity/key/";
const DENIED: &str = "identity/denied/";

/// Known keys, in memory and in the store.
#[derive(Clone)]
pub struct Registry {
    store: Arc<dyn Store>,
    inner: Arc<RwLock<Inner>>,
}

#[derive(Default)]
struct Inner {
    keys: BTreeMap<ClusterName, Digest>,
    clusters: BTreeMap<Digest, ClusterName>,
    /// Keys that are out though a certificate for them may still hold, until it ends for sure.
    denied: BTreeMap<Digest, Now>,
}

#[derive(Serialize, Deserialize)]
struct KeyRecord {
    key: Digest,
    /// When it was registered.
    since: Now,
}

#[derive(Serialize, Deserialize)]
struct DeniedRecord {
    until: Now,
}

/// What the register says of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The key is the cluster's.
    Known,
    /// No key is registered for a cluster of that name; the certificate is ours, so the key may be taken if the
    /// cluster exists. That happens where the store was lost and the authority was not.
    Unbound,
    /// The key is not, or no longer, the cluster's.
    Refused,
    /// The certificate has ended.
    Expired,
}

impl Registry {
    /// Reads the register; what belongs to clusters that are not `known` is dropped.
    ///
    /// # Errors
    /// If the store fails.
    pub fn load(
        store: Arc<dyn Store>,
        known: impl Fn(&ClusterName) -> bool,
    ) -> Result<Self, records::Error> {
        let mut inner = Inner::default();
        records::for_each(&*store, KEY, |key, value| {
            let name = key.strip_prefix(KEY).unwrap_or_default();
            let cluster = ClusterName::parse(name).map_err(|source| records::Error::Key {
                key: key.to_owned(),
                source: Some(source),
            })?;
            let record: KeyRecord = records::from_value(key, value)?;
            if known(&cluster) {
                inner.clusters.insert(record.key, cluster.clone());
                inner.keys.insert(cluster, record.key);
            }
            Ok(())
        })?;
        records::for_each(&*store, DENIED, |key, value| {
            let text = format!("sha256:{}", key.strip_prefix(DENIED).unwrap_or_default());
            let digest = Digest::parse(&text).map_err(|_| records::Error::Key {
                key: key.to_owned(),
                source: None,
            })?;
            let record: DeniedRecord = records::from_value(key, value)?;
            inner.denied.insert(digest, record.until);
            Ok(())
        })?;
        Ok(Self {
            store,
            inner: Arc::new(RwLock::new(inner)),
        })
    }

    /// Judges a certificate that the TLS layer has verified.
    pub fn check(&self, peer: &Peer, now: Now) -> Verdict {
        let inner = self.read();
        if peer.expires <= now {
            Verdict::Expired
        } else if inner.denied.contains_key(&peer.key) {
            Verdict::Refused
        } else {
            match inner.keys.get(&peer.cluster) {
                Some(key) if *key == peer.key => Verdict::Known,
                Some(_) => Verdict::Refused,
                None => Verdict::Unbound,
            }
        }
    }

    /// The cluster that a key is registered for.
    pub fn cluster_of(&self, key: &Digest) -> Option<ClusterName> {
        self.read().clusters.get(key).cloned()
    }

    /// Registers a key for a cluster, in one commit with `also`. A key that the cluster had before is out.
    ///
    /// Blocks. Returns whether another key was replaced.
    ///
    /// # Errors
    /// If the store fails, or an expectation in `also` does not hold; nothing was changed.
    pub fn bind(
        &self,
        cluster: &ClusterName,
        key: Digest,
        now: Now,
        also: Vec<Write>,
    ) -> Result<bool, fleet_store::Error> {
        // Held over the commit, so that memory and store cannot differ; readers wait for some milliseconds.
        let mut inner = self.write();
        let old = inner.keys.get(cluster).copied().filter(|old| *old != key);
        let mut writes = also;
        writes.push(Write::put(
            format!("{KEY}{cluster}"),
            records::to_value(KeyRecord { key, since: now }),
        ));
        writes.push(Write::delete(denied_key(&key)));
        writes.extend(old.map(|old| deny(&old, now)));
        self.store.commit(&writes)?;
        inner.forget(cluster, now);
        inner.denied.remove(&key);
        inner.clusters.insert(key, cluster.clone());
        inner.keys.insert(cluster.clone(), key);
        Ok(old.is_some())
    }

    /// Throws a cluster out at once, and returns the writes that keep it out.
    pub fn expel(&self, cluster: &ClusterName, now: Now) -> Vec<Write> {
        let mut inner = self.write();
        let mut writes = vec![Write::delete(format!("{KEY}{cluster}"))];
        writes.extend(inner.forget(cluster, now).map(|key| deny(&key, now)));
        writes
    }

    /// Forgets keys that are out and whose certificates have all ended; returns the writes.
    pub fn sweep(&self, now: Now) -> Vec<Write> {
        let mut inner = self.write();
        let over: Vec<Digest> = inner
            .denied
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(key, _)| *key)
            .collect();
        for key in &over {
            inner.denied.remove(key);
        }
        over.iter()
            .map(|key| Write::delete(denied_key(key)))
            .collect()
    }

    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.inner.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.inner.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Takes the key from a cluster; certificates for it may hold for one more life.
    fn forget(&mut self, cluster: &ClusterName, now: Now) -> Option<Digest> {
        let key = self.keys.remove(cluster)?;
        self.clusters.remove(&key);
        self.denied.insert(key, now + CLIENT_LIFE);
        Some(key)
    }
}

fn denied_key(key: &Digest) -> String {
    format!("{DENIED}{}", key.hex())
}

fn deny(key: &Digest, now: Now) -> Write {
    let until = now + CLIENT_LIFE;
    Write::put(denied_key(key), records::to_value(DeniedRecord { until }))
}

#[cfg(test)]
mod tests {
    use fleet_store::memory::Memory;

    use super::*;

    fn cluster(name: &str) -> ClusterName {
        ClusterName::parse(name).unwrap()
    }

    fn peer(name: &str, key: &str) -> Peer {
        Peer {
            cluster: cluster(name),
            key: Digest::of(key.as_bytes()),
            expires: 1_000_000,
        }
    }

    fn load(store: &Arc<Memory>) -> Registry {
        Registry::load(store.clone(), |_| true).unwrap()
    }

    fn bind(registry: &Registry, name: &str, key: &str) -> bool {
        registry
            .bind(&cluster(name), Digest::of(key.as_bytes()), 10, Vec::new())
            .unwrap()
    }

    #[test]
    fn a_bound_key_is_known_also_after_a_restart() {
        let store = Arc::new(Memory::new([1; 16]));
        let registry = load(&store);
        assert_eq!(registry.check(&peer("a", "1"), 10), Verdict::Unbound);
        assert!(!bind(&registry, "a", "1"));
        for registry in [registry, load(&store)] {
            assert_eq!(registry.check(&peer("a", "1"), 10), Verdict::Known);
            assert_eq!(registry.check(&peer("a", "2"), 10), Verdict::Refused);
            assert_eq!(registry.check(&peer("a", "1"), 1_000_000), Verdict::Expired);
            assert_eq!(registry.cluster_of(&Digest::of(b"1")), Some(cluster("a")));
        }
    }

    /// A cluster of the same name that comes later is another one.
    #[test]
    fn the_key_of_a_deleted_cluster_stays_out() {
        let store = Arc::new(Memory::new([1; 16]));
        let registry = load(&store);
        bind(&registry, "a", "1");
        store.commit(&registry.expel(&cluster("a"), 20)).unwrap();
        for registry in [&registry, &load(&store)] {
            assert_eq!(registry.check(&peer("a", "1"), 30), Verdict::Refused);
            assert_eq!(registry.cluster_of(&Digest::of(b"1")), None);
        }
        // A new token for the same key lets it in again.
        bind(&registry, "a", "1");
        assert_eq!(load(&store).check(&peer("a", "1"), 30), Verdict::Known);
    }

    #[test]
    fn another_key_for_a_cluster_replaces_the_first() {
        let store = Arc::new(Memory::new([1; 16]));
        let registry = load(&store);
        bind(&registry, "a", "1");
        assert!(bind(&registry, "a", "2"));
        for registry in [registry, load(&store)] {
            assert_eq!(registry.check(&peer("a", "1"), 10), Verdict::Refused);
            assert_eq!(registry.check(&peer("a", "2"), 10), Verdict::Known);
        }
    }

    #[test]
    fn what_is_out_is_forgotten_when_its_certificates_have_ended() {
        let store = Arc::new(Memory::new([1; 16]));
        let registry = load(&store);
        bind(&registry, "a", "1");
        store.commit(&registry.expel(&cluster("a"), 20)).unwrap();
        assert_eq!(registry.sweep(20 + CLIENT_LIFE - 1).len(), 0);
        store.commit(&registry.sweep(20 + CLIENT_LIFE)).unwrap();
        assert_eq!(store.range(DENIED, None, 10).unwrap().len(), 0);
    }

    /// A crash between the deletion of a cluster and of its key must not leave the key behind.
    #[test]
    fn keys_of_unknown_clusters_are_not_loaded() {
        let store = Arc::new(Memory::new([1; 16]));
        bind(&load(&store), "a", "1");
        let registry = Registry::load(store, |_| false).unwrap();
        assert_eq!(registry.check(&peer("a", "1"), 10), Verdict::Unbound);
    }
}
