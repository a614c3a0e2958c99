//! Bundles as blobs: kept before anything names them, encoded once, removed a while after nothing names them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use fleet_core::bundle::Bundle;
use fleet_core::digest::Digest;
use fleet_store::blob;

/// How long a bundle stays after nothing names it any more: agents may still be on their way to it.
const GRACE: Duration = Duration::from_secs(3600);

/// Memory for encoded bundles: 64 MiB. Thousands of agents ask for the same few at the same time.
const CACHE_BYTES: usize = 64 << 20;

/// zstd's own default: 57 kB for 532 kB of manifests; higher levels gain a fifth for ten times the work.
const ZSTD_LEVEL: i32 = 3;

/// All bundles that the host holds.
pub(crate) struct Bundles {
    blobs: blob::Store,
    /// When each bundle was last put or in use, as far as it matters for [`GRACE`].
    fresh: Mutex<BTreeMap<Digest, Instant>>,
    cache: Mutex<Cache>,
}

/// A bundle as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Sendable {
    /// The bytes, compressed or not.
    pub(crate) bytes: Bytes,
    /// Size before compression.
    pub(crate) decoded_len: u64,
}

#[derive(Default)]
struct Cache {
    entries: BTreeMap<(Digest, bool), (u64, Sendable)>,
    n_bytes: usize,
    clock: u64,
}

impl Bundles {
    pub(crate) fn new(blobs: blob::Store) -> Self {
        Self {
            blobs,
            fresh: Mutex::default(),
            cache: Mutex::default(),
        }
    }

    /// Keeps a bundle; durable when it returns. Blocks.
    pub(crate) fn keep(&self, bundle: &Bundle) -> Result<(), fleet_store::Error> {
        // Under the lock, so that the collector cannot remove what is found to be there already.
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        fresh.insert(bundle.id(), Instant::now());
        self.blobs.put(bundle.bytes())?;
        Ok(())
    }

    /// A bundle as it is sent, with zstd or plain. Blocks.
    pub(crate) fn sendable(&self, id: &Digest, zstd: bool) -> Result<Sendable, fleet_store::Error> {
        if let Some(found) = self.cache().get(&(*id, zstd)) {
            return Ok(found);
        }
        let plain = self.blobs.get(id)?;
        let decoded_len = plain.len() as u64;
        let bytes = if zstd {
            zstd::bulk::compress(&plain, ZSTD_LEVEL).map_err(|source| fleet_store::Error::Io {
                action: "compress",
                path: id.to_string().into(),
                source,
            })?
        } else {
            plain
        };
        let sendable = Sendable {
            bytes: bytes.into(),
            decoded_len,
        };
        self.cache().put((*id, zstd), sendable.clone());
        Ok(sendable)
    }

    /// Removes bundles that nothing has named for a while; returns how many. Blocks.
    pub(crate) fn collect(
        &self,
        in_use: &BTreeSet<Digest>,
        now: Instant,
    ) -> Result<usize, fleet_store::Error> {
        let mut n_removed = 0;
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        for id in self.blobs.list()? {
            if in_use.contains(&id) {
                fresh.insert(id, now);
                continue;
            }
            // What an earlier process left is given the same grace, from when it is first seen.
            let since = *fresh.entry(id).or_insert(now);
            if now.saturating_duration_since(since) >= GRACE {
                self.blobs.delete(&id)?;
                fresh.remove(&id);
                n_removed += 1;
            }
        }
        Ok(n_removed)
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cache {
    fn get(&mut self, key: &(Digest, bool)) -> Option<Sendable> {
        self.clock += 1;
        let (used, sendable) = self.entries.get_mut(key)?;
        *used = self.clock;
        Some(sendable.clone())
    }

    fn put(&mut self, key: (Digest, bool), sendable: Sendable) {
        self.clock += 1;
        self.n_bytes += sendable.bytes.len();
        if let Some((_, old)) = self.entries.insert(key, (self.clock, sendable)) {
            self.n_bytes -= old.bytes.len();
        }
        while self.n_bytes > CACHE_BYTES {
            let oldest = self.entries.iter().min_by_key(|(_, (used, _))| *used);
            let Some(key) = oldest.map(|(key, _)| *key) else {
                break;
            };
            if let Some((_, old)) = self.entries.remove(&key) {
                self.n_bytes -= old.bytes.len();
            }
        }
    }
}

/// All bundles, shared.
pub(crate) type Shared = Arc<Bundles>;

#[cfg(test)]
mod tests {
    use fleet_core::object::Object;
    use fleet_store::data_dir::DataDir;
    use serde_json::json;

    use super::*;

    fn bundle(name: &str) -> Bundle {
        let value = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
        Bundle::new(vec![Object::parse(value).unwrap()])
    }

    fn open() -> (tempfile::TempDir, Bundles) {
        let dir = tempfile::tempdir().unwrap();
        let blobs = blob::Store::open(&DataDir::open(dir.path()).unwrap()).unwrap();
        (dir, Bundles::new(blobs))
    }

    #[test]
    fn what_is_sent_decodes_to_the_bundle() {
        let (_dir, bundles) = open();
        let bundle = bundle("a");
        bundles.keep(&bundle).unwrap();
        for _ in 0..2 {
            let plain = bundles.sendable(&bundle.id(), false).unwrap();
            assert_eq!(plain.bytes, bundle.bytes());
            let packed = bundles.sendable(&bundle.id(), true).unwrap();
            assert_eq!(packed.decoded_len, bundle.bytes().len() as u64);
            let decoded = zstd::bulk::decompress(&packed.bytes, 1 << 20).unwrap();
            assert_eq!(decoded, bundle.bytes());
        }
        assert!(bundles.sendable(&Digest::of(b"none"), true).is_err());
    }

    /// A bundle that was just rendered is named by nothing until the state machine has taken the render.
    #[test]
    fn bundles_go_a_while_after_nothing_names_them() {
        let (_dir, bundles) = open();
        let (used, unused) = (bundle("used"), bundle("unused"));
        for bundle in [&used, &unused] {
            bundles.keep(bundle).unwrap();
        }
        let in_use = BTreeSet::from([used.id()]);
        let start = Instant::now();
        assert_eq!(bundles.collect(&in_use, start).unwrap(), 0);
        assert_eq!(bundles.collect(&in_use, start + GRACE * 2).unwrap(), 1);
        assert!(bundles.sendable(&unused.id(), false).is_err());
        assert!(bundles.sendable(&used.id(), false).is_ok());
        // It was in use until a moment ago.
        assert_eq!(
            bundles
                .collect(&BTreeSet::new(), start + GRACE * 2)
                .unwrap(),
            0
        );
    }
}
