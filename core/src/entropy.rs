//! Values that other tools draw at random, made stable.

use std::rc::Rc;

/// Kinds of private keys that templates can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// RSA, 2048 bits.
    Rsa2048,
    /// RSA, 4096 bits.
    Rsa4096,
    /// ECDSA on P-256.
    EcdsaP256,
    /// Ed25519.
    Ed25519,
    /// DSA, 2048 bits.
    Dsa2048,
}

/// Deterministic randomness: the same label gives the same bytes in every render.
///
/// The documentation of each call is in `wit/plugin.wit`, interface `entropy`.
pub trait Entropy {
    /// `len` bytes for `label`.
    fn derive(&self, label: &str, len: u32) -> Vec<u8>;
    /// A private key as PKCS#8 PEM for `label`.
    fn private_key(&self, label: &str, kind: KeyKind) -> String;
    /// Start, in seconds since the epoch, of the current validity window of `days` days for `label`.
    fn window(&self, label: &str, days: u32) -> u64;
}

impl<T: Entropy + ?Sized> Entropy for Rc<T> {
    fn derive(&self, label: &str, len: u32) -> Vec<u8> {
        (**self).derive(label, len)
    }

    fn private_key(&self, label: &str, kind: KeyKind) -> String {
        (**self).private_key(label, kind)
    }

    fn window(&self, label: &str, days: u32) -> u64 {
        (**self).window(label, days)
    }
}
