//! What the tests share.

use std::path::PathBuf;
use std::rc::Rc;

use fleet_core::entropy::{Entropy, KeyKind};
use fleet_template::functions::Environment;

/// Not random at all: whether values are is the host's concern.
struct Fixed;

impl Entropy for Fixed {
    fn derive(&self, label: &str, len: u32) -> Vec<u8> {
        label.bytes().cycle().take(len as usize).collect()
    }

    fn private_key(&self, _: &str, kind: KeyKind) -> String {
        match kind {
            KeyKind::Rsa2048 | KeyKind::Rsa4096 => include_str!("../data/keys/Rsa2048.pem"),
            KeyKind::EcdsaP256 => include_str!("../data/keys/EcdsaP256.pem"),
            KeyKind::Ed25519 => include_str!("../data/keys/Ed25519.pem"),
            KeyKind::Dsa2048 => include_str!("../data/keys/Dsa2048.pem"),
        }
        .to_owned()
    }

    fn window(&self, _: &str, _: u32) -> u64 {
        0
    }
}

pub(crate) fn environment() -> Environment {
    Environment {
        entropy: Rc::new(Fixed),
        commit_time: 1_700_000_000,
    }
}

/// Where the corpus of real charts is, if it is on this machine.
pub(crate) fn corpus() -> Option<PathBuf> {
    let dir = match std::env::var_os("FLEET_CORPUS") {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".cache/fleet/corpus/render"),
    };
    dir.is_dir().then_some(dir)
}
