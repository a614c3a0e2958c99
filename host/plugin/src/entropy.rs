//! Values that other tools draw at random: derived from a secret of the host, so that every render gets the same.
//!
//! `HMAC-SHA256(secret, purpose, bundle, label)` is the seed of a label, and HMAC in counter mode its stream (NIST
//! SP 800-108). Private keys are made from that stream by the rules in [`keys`], which depend on no version of any
//! library: a newer host finds the same keys.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use fleet_core::entropy::{Entropy, KeyKind};
use fleet_core::secret::Secret;

mod der;
mod keys;
mod stream;

use stream::{Seed, Stream};

/// How many private keys are remembered. An RSA key takes up to a second to make and about 2 KiB to keep.
const MAX_KEYS: usize = 4096;

const SECONDS_A_DAY: u64 = 24 * 60 * 60;

/// The secret of a host, and the private keys that were made from it.
#[derive(Clone)]
pub struct HostEntropy {
    secret: Secret<[u8; 32]>,
    keys: Arc<Mutex<Keys>>,
}

#[derive(Default)]
struct Keys {
    made: HashMap<Seed, Arc<OnceLock<Secret<String>>>>,
    oldest_first: VecDeque<Seed>,
}

impl HostEntropy {
    /// Entropy that stems from this secret. Whoever knows it knows every key and password that was ever rendered.
    pub fn new(secret: Secret<[u8; 32]>) -> Self {
        Self {
            secret,
            keys: Arc::default(),
        }
    }

    /// Entropy for one bundle, named so that it stays the same from commit to commit; `now` is in seconds since the
    /// epoch and decides only which window is current.
    pub fn bundle(&self, identity: &str, now: u64) -> BundleEntropy {
        BundleEntropy {
            host: self.clone(),
            identity: identity.to_owned(),
            now,
        }
    }

    fn key(&self, seed: Seed, kind: KeyKind) -> String {
        let slot = {
            let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(slot) = keys.made.get(&seed) {
                Arc::clone(slot)
            } else {
                if keys.oldest_first.len() >= MAX_KEYS
                    && let Some(oldest) = keys.oldest_first.pop_front()
                {
                    keys.made.remove(&oldest);
                }
                let slot = Arc::default();
                keys.made.insert(seed, Arc::clone(&slot));
                keys.oldest_first.push_back(seed);
                slot
            }
        };
        // Whoever comes second waits for the first instead of making the key again.
        let pem = slot.get_or_init(|| Secret::new(keys::private_key(&mut Stream::new(seed), kind)));
        pem.reveal().clone()
    }
}

impl fmt::Debug for HostEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostEntropy").finish_non_exhaustive()
    }
}

/// Entropy for the renders of one bundle.
#[derive(Clone, Debug)]
pub struct BundleEntropy {
    host: HostEntropy,
    identity: String,
    now: u64,
}

impl BundleEntropy {
    fn seed(&self, purpose: &str, label: &str) -> Seed {
        stream::seed(self.host.secret.reveal(), &[purpose, &self.identity, label])
    }
}

impl Entropy for BundleEntropy {
    fn derive(&self, label: &str, len: u32) -> Vec<u8> {
        let mut bytes = vec![0; len as usize];
        Stream::new(self.seed("derive", label)).fill(&mut bytes);
        bytes
    }

    fn private_key(&self, label: &str, kind: KeyKind) -> String {
        self.host.key(self.seed(keys::purpose(kind), label), kind)
    }

    /// Windows begin every two thirds of `days`, for each label at a time of its own, so that a certificate that is
    /// valid for `days` from there is always replaced while it has a third of its life left, and not all at once.
    fn window(&self, label: &str, days: u32) -> u64 {
        let period = period(days);
        let mut offset = [0; 8];
        Stream::new(self.seed("window", label)).fill(&mut offset);
        let offset = u64::from_le_bytes(offset) % period;
        let elapsed = (self.now % period + period - offset) % period;
        self.now.saturating_sub(elapsed)
    }
}

/// Seconds from the start of a window of `days` days to the start of the next one.
pub(crate) fn period(days: u32) -> u64 {
    u64::from(days.max(1)) * SECONDS_A_DAY * 2 / 3
}

#[cfg(test)]
mod tests;
