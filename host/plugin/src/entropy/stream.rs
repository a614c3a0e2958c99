//! From a secret and some names to as many bytes as are wanted.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// What a stream begins from.
pub(super) type Seed = [u8; 32];

/// The seed that a secret has for some names; their lengths count, so that no two lists are the same.
pub(super) fn seed(secret: &[u8; 32], names: &[&str]) -> Seed {
    let mut mac = hmac(secret);
    mac.update(b"fleet-entropy/1");
    for name in names {
        mac.update(&(name.len() as u64).to_le_bytes());
        mac.update(name.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

/// HMAC-SHA256 in counter mode (NIST SP 800-108, section 4.1).
pub(super) struct Stream {
    seed: Seed,
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl Stream {
    pub(super) fn new(seed: Seed) -> Self {
        Self {
            seed,
            counter: 0,
            block: [0; 32],
            used: 32,
        }
    }

    /// The next bytes.
    pub(super) fn fill(&mut self, mut bytes: &mut [u8]) {
        while !bytes.is_empty() {
            if self.used == self.block.len() {
                self.counter += 1;
                let mut mac = hmac(&self.seed);
                mac.update(&self.counter.to_le_bytes());
                self.block = mac.finalize().into_bytes().into();
                self.used = 0;
            }
            let n = bytes.len().min(self.block.len() - self.used);
            let (head, tail) = bytes.split_at_mut(n);
            head.copy_from_slice(&self.block[self.used..self.used + n]);
            self.used += n;
            bytes = tail;
        }
    }
}

fn hmac(key: &[u8; 32]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}
