//! Bare repositories on the host's disk that hold what was fetched.
//!
//! One mirror belongs to one URL and one set of credentials. It lives in generations: packs add up with each
//! fetch and nothing collects them, so after some of them a new generation begins with a fresh fetch, and the old one is
//! removed when the last tree that reads from it is gone.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gix::ObjectId;
use sha2::{Digest as _, Sha256};

use crate::source::Remote;
use crate::{CommitId, Error};

/// How many fetched commits are said to be known; the newest ones share most with what comes next.
const MAX_KNOWN: usize = 8;

/// File of a mirror that names the mirrors of its submodules, one a line.
const SUBMODULES: &str = "fleet-submodules";

/// Names the mirror of a URL read with one set of credentials.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Key([u8; 16]);

impl Key {
    pub(crate) fn of(remote: &Remote) -> Self {
        let mut hash = Sha256::new();
        hash.update(remote.fingerprint());
        hash.update(remote.location().to_string());
        let bytes: [u8; 32] = hash.finalize().into();
        Self(std::array::from_fn(|i| bytes[i]))
    }

    pub(crate) fn folder(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn from_folder(name: &str) -> Option<Self> {
        let byte = |i: usize| u8::from_str_radix(name.get(2 * i..2 * i + 2)?, 16).ok();
        let bytes: Option<Vec<u8>> = (0..16).map(byte).collect();
        Some(Self(bytes?.try_into().ok()?)).filter(|key| key.folder() == name)
    }
}

/// The mirror of one URL.
#[derive(Debug)]
pub(crate) struct Mirror {
    folder: PathBuf,
    /// Held while fetching: one fetch at a time.
    current: Mutex<Option<Arc<Generation>>>,
}

/// One bare repository.
pub(crate) struct Generation {
    path: PathBuf,
    number: u64,
    repo: gix::ThreadSafeRepository,
    /// The newest commits that were fetched whole, oldest first.
    known: Mutex<Vec<ObjectId>>,
    retired: AtomicBool,
}

impl Mirror {
    pub(crate) fn new(root: &Path, key: Key) -> Self {
        Self {
            folder: root.join(key.folder()),
            current: Mutex::default(),
        }
    }

    /// Notes which mirrors are those of its submodules; others that were noted before stay.
    pub(crate) fn note_submodules(&self, keys: impl IntoIterator<Item = Key>) {
        let known = self.submodules();
        let new: BTreeSet<String> = keys.into_iter().map(|key| key.folder()).collect();
        let mut all: BTreeSet<String> = known.iter().map(Key::folder).collect();
        let n_known = all.len();
        all.extend(new);
        if all.len() == n_known {
            return;
        }
        let text: String = all.iter().map(|folder| format!("{folder}\n")).collect();
        // Only saves bytes in the next fetch.
        let _ = fs::write(self.folder.join(SUBMODULES), text);
    }

    /// The mirrors of its submodules.
    pub(crate) fn submodules(&self) -> Vec<Key> {
        let text = fs::read_to_string(self.folder.join(SUBMODULES)).unwrap_or_default();
        text.lines().filter_map(Key::from_folder).collect()
    }

    /// The newest generation, for as long as the guard lives nobody else fetches.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Option<Arc<Generation>>> {
        // It holds a handle only, which is whole at any time.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The generation to fetch into, made if there is none.
    pub(crate) fn generation(
        &self,
        remote: &Remote,
        current: &mut Option<Arc<Generation>>,
    ) -> Result<Arc<Generation>, Error> {
        if let Some(generation) = current {
            return Ok(generation.clone());
        }
        let failed = |action, source: io::Error| mirror_error(remote, action, source);
        let mut numbers = numbers(&self.folder).map_err(|error| failed("look around", error))?;
        let newest = numbers.pop();
        for old in numbers {
            // Left by an earlier process; what cannot be removed now is tried again at the next start.
            let _ = fs::remove_dir_all(self.folder.join(old.to_string()));
        }
        let opened = newest.map(|number| Generation::open(&self.folder, number));
        let generation = match opened {
            Some(Ok(generation)) => generation,
            // A mirror is a cache: one that cannot be opened is made anew.
            Some(Err(_)) | None => {
                Generation::create(&self.folder, newest.map_or(0, |number| number + 1))
                    .map_err(|error| mirror_error(remote, "make a repository", error))?
            }
        };
        Ok(current.insert(Arc::new(generation)).clone())
    }

    /// Ends the current generation; the next fetch begins a new one.
    pub(crate) fn renew(
        &self,
        remote: &Remote,
        current: &mut Option<Arc<Generation>>,
    ) -> Result<Arc<Generation>, Error> {
        let number = current.take().map_or(0, |old| {
            old.retired.store(true, Ordering::Relaxed);
            old.number + 1
        });
        let generation = Generation::create(&self.folder, number)
            .map_err(|error| mirror_error(remote, "make a repository", error))?;
        Ok(current.insert(Arc::new(generation)).clone())
    }
}

impl Generation {
    fn create(
        folder: &Path,
        number: u64,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let path = folder.join(number.to_string());
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        let options = gix::create::Options::default();
        gix::ThreadSafeRepository::init(&path, gix::create::Kind::Bare, options)?;
        Self::open(folder, number)
    }

    fn open(folder: &Path, number: u64) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let path = folder.join(number.to_string());
        // A process that died in the middle of a fetch leaves its lock, and this process is the only one here.
        match fs::remove_file(path.join("shallow.lock")) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let repo = gix::ThreadSafeRepository::open_opts(&path, gix::open::Options::isolated())?;
        let known = fs::read_to_string(path.join("fleet-known")).unwrap_or_default();
        let known = known
            .lines()
            .filter_map(|line| CommitId::parse(line).ok())
            .map(|commit| commit.0)
            .collect();
        Ok(Self {
            path,
            number,
            repo,
            known: Mutex::new(known),
            retired: AtomicBool::new(false),
        })
    }

    /// A handle for this thread.
    pub(crate) fn repo(&self) -> gix::Repository {
        self.repo.to_thread_local()
    }

    /// Whether a commit was fetched whole.
    pub(crate) fn has(&self, commit: CommitId) -> bool {
        self.repo().has_object(commit.0)
    }

    /// The commits whose objects need not be sent again.
    pub(crate) fn known(&self) -> Vec<ObjectId> {
        self.known
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notes that a commit was fetched whole.
    pub(crate) fn note(&self, commit: CommitId) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|id| *id != commit.0);
        known.push(commit.0);
        let surplus = known.len().saturating_sub(MAX_KNOWN);
        known.drain(..surplus);
        let text: String = known.iter().map(|id| format!("{id}\n")).collect();
        // Only saves bytes in the next fetch.
        let _ = fs::write(self.path.join("fleet-known"), text);
    }

    /// How many packs there are.
    pub(crate) fn n_packs(&self) -> usize {
        let entries = fs::read_dir(self.path.join("objects/pack"));
        let packs = entries.into_iter().flatten().flatten();
        packs
            .filter(|entry| {
                entry
                    .path()
                    .extension()
                    .is_some_and(|extension| extension == "pack")
            })
            .count()
    }
}

impl Drop for Generation {
    fn drop(&mut self) {
        if self.retired.load(Ordering::Relaxed) {
            // What stays is removed at the next start.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

impl std::fmt::Debug for Generation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Generation").field(&self.path).finish()
    }
}

fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        numbers.extend(
            entry?
                .file_name()
                .to_str()
                .and_then(|name| name.parse::<u64>().ok()),
        );
    }
    numbers.sort_unstable();
    Ok(numbers)
}

pub(crate) fn mirror_error(
    remote: &Remote,
    action: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::Mirror {
        url: remote.to_string(),
        action,
        source: source.into(),
    }
}
