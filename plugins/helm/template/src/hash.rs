//! A hash for names that come from one's own sources: quick, and not made against attacks.

use std::hash::{BuildHasherDefault, Hasher};

/// For maps whose keys are few or short.
pub(crate) type FastHash = BuildHasherDefault<Fnv>;

/// The FNV-1a hash, over eight bytes at a time.
pub(crate) struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

const PRIME: u64 = 0x0000_0100_0000_01b3;

impl Fnv {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(PRIME);
        // Multiplication only carries to the left; the table looks at both ends.
        self.0 ^= self.0 >> 32;
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        // The length keeps apart what only differs in zeros.
        let last = rest.iter().rev();
        let last = last.fold(0, |word, byte| (word << 8) | u64::from(*byte));
        self.mix(last ^ ((bytes.len() as u64) << 56));
    }

    fn write_usize(&mut self, n: usize) {
        self.mix(n as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}
