//! What the tests share: a folder as files, keys, and a way to render.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::OnceLock;

use fleet_chart::{Failed, Options, Release, Surroundings};
use fleet_core::entropy::{Entropy, KeyKind};
use fleet_core::facts::StaticFacts;
use fleet_core::files::{Entry, EntryKind, Files, MemoryFiles, ReadError, join};
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::rand_core::{Infallible, TryCryptoRng, TryRng};

/// A folder of this machine.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    fn path(&self, path: &str) -> Result<PathBuf, ReadError> {
        Ok(self.0.join(join("", path)?))
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = self.path(path)?;
        if path.is_dir() {
            return Err(ReadError::NotAFile);
        }
        std::fs::read(path).map_err(|_| ReadError::NotFound)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let path = self.path(path)?;
        if path.is_file() {
            return Err(ReadError::NotADirectory);
        }
        let entries = std::fs::read_dir(path).map_err(|_| ReadError::NotFound)?;
        let mut entries: Vec<_> = entries
            .map(|entry| {
                let entry = entry.unwrap();
                let metadata = std::fs::metadata(entry.path()).unwrap();
                let is_dir = metadata.is_dir();
                Entry {
                    name: entry.file_name().into_string().unwrap(),
                    kind: if is_dir {
                        EntryKind::Directory
                    } else {
                        EntryKind::File
                    },
                    size: if is_dir { 0 } else { metadata.len() },
                    link: false,
                }
            })
            .collect();
        entries.sort();
        Ok(entries)
    }
}

/// Plainly not random; the keys are real ones, for certificates are signed with them.
pub(crate) struct TestEntropy;

impl Entropy for TestEntropy {
    fn derive(&self, label: &str, len: u32) -> Vec<u8> {
        let mut numbers = Numbers::new(label);
        let mut bytes = vec![0; len as usize];
        numbers.try_fill_bytes(&mut bytes).unwrap();
        bytes
    }

    fn private_key(&self, label: &str, kind: KeyKind) -> String {
        // PKCS#8 without the public half: a fixed head, then 32 bytes.
        let der: Vec<u8> = match kind {
            KeyKind::Rsa2048 | KeyKind::Rsa4096 | KeyKind::Dsa2048 => return rsa_key().to_owned(),
            KeyKind::Ed25519 => [ED25519_HEAD, &self.derive(label, 32)].concat(),
            KeyKind::EcdsaP256 => [P256_HEAD, &self.derive(label, 32)].concat(),
        };
        use rsa::pkcs8::der::pem;
        pem::encode_string("PRIVATE KEY", LineEnding::LF, &der).unwrap()
    }

    fn window(&self, _: &str, _: u32) -> u64 {
        1_700_000_000
    }
}

const ED25519_HEAD: &[u8] = &[
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

const P256_HEAD: &[u8] = &[
    0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01,
    0x01, 0x04, 0x20,
];

fn rsa_key() -> &'static str {
    static KEY: OnceLock<String> = OnceLock::new();
    KEY.get_or_init(|| {
        let key = rsa::PrivateKey::new(&mut Numbers::new("rsa"), 2048).unwrap();
        key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
    })
}

/// Numbers that follow from a seed.
struct Numbers(u64);

impl Numbers {
    fn new(seed: &str) -> Self {
        let hash = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, hash))
    }
}

impl TryRng for Numbers {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|n| (n >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let n = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Ok(n ^ (n >> 31))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Numbers {}

/// The release `rel` in the namespace `ns`.
pub(crate) fn options() -> Options {
    Options {
        release: "rel".to_owned(),
        namespace: "ns".to_owned(),
        ..Options::default()
    }
}

/// A chart in memory, and how it is to be rendered.
pub(crate) struct Case {
    pub(crate) files: MemoryFiles,
    pub(crate) options: Options,
    pub(crate) facts: StaticFacts,
    pub(crate) values: serde_json::Value,
}

impl Case {
    /// A chart of the files; each name is relative to the chart, which is in the folder `web`.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let mut memory = MemoryFiles::new().with(
            "web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 1.2.3\n",
        );
        for (name, content) in files {
            memory.insert(format!("web/{name}"), *content);
        }
        Self {
            files: memory,
            options: options(),
            facts: StaticFacts::default(),
            values: serde_json::json!({}),
        }
    }

    pub(crate) fn values(mut self, yaml: &str) -> Self {
        self.values = fleet_chart::read_values([("values", yaml)]).unwrap();
        self
    }

    pub(crate) fn options(mut self, change: impl FnOnce(&mut Options)) -> Self {
        change(&mut self.options);
        self
    }

    pub(crate) fn facts(mut self, facts: StaticFacts) -> Self {
        self.facts = facts;
        self
    }

    pub(crate) fn surroundings(&self) -> Surroundings {
        Surroundings {
            files: Rc::new(self.files.clone()),
            facts: Rc::new(self.facts.clone()),
            entropy: Rc::new(TestEntropy),
        }
    }

    pub(crate) fn render(&self) -> Result<Release, Failed> {
        fleet_chart::render("web", &self.values, &self.options, &self.surroundings())
    }
}
