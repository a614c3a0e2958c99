//! What was fetched, kept on disk by its digest: within bounds, and apart for each credential.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use fleet_core::digest::Digest;
use fleet_core::files::MemoryFiles;

use crate::Error;

/// Who may read what is kept: everybody, or who has the credential that it was fetched with.
///
/// Without this, naming a digest would be enough to read what another team's credential has fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Partition {
    /// It was fetched without any credential.
    Public,
    /// It was fetched with the credential of this fingerprint.
    Credential(Digest),
}

impl Partition {
    fn folder(&self) -> String {
        match self {
            Self::Public => "public".to_owned(),
            Self::Credential(fingerprint) => fingerprint.hex()[..32].to_owned(),
        }
    }
}

/// Files `blobs/<partition>/<digest>`, written whole or not at all.
#[derive(Debug)]
pub(crate) struct Blobs {
    root: PathBuf,
    max_bytes: u64,
    writing: Mutex<()>,
}

struct Kept {
    used: SystemTime,
    path: PathBuf,
    size: u64,
}

impl Blobs {
    /// Opens the folder; removes what an earlier process left half-written.
    pub(crate) fn open(root: &Path, max_bytes: u64) -> Result<Self, Error> {
        let failed = Error::disk("open the folder of fetched charts");
        fs::create_dir_all(root).map_err(&failed)?;
        for unfinished in entries(root).into_iter().filter(|path| path.is_file()) {
            let old = modified(&unfinished)
                .elapsed()
                .is_ok_and(|age| age.as_secs() > 3600);
            if old {
                let _ = fs::remove_file(unfinished);
            }
        }
        Ok(Self {
            root: root.to_owned(),
            max_bytes,
            writing: Mutex::default(),
        })
    }

    /// What has this digest, if it is there and undamaged; it then counts as used now.
    pub(crate) fn get(
        &self,
        partition: &Partition,
        digest: &Digest,
        max_bytes: u64,
    ) -> Option<Vec<u8>> {
        let path = self.path(partition, digest);
        let file = File::open(&path).ok()?;
        let mut bytes = Vec::new();
        (&file)
            .take(max_bytes.saturating_add(1))
            .read_to_end(&mut bytes)
            .ok()?;
        if Digest::of(&bytes) != *digest {
            let _ = fs::remove_file(&path);
            return None;
        }
        // Only the order of eviction depends on it.
        let _ = File::options()
            .append(true)
            .open(&path)
            .and_then(|file| file.set_modified(SystemTime::now()));
        Some(bytes)
    }

    /// Keeps bytes, and makes room for them.
    pub(crate) fn put(
        &self,
        partition: &Partition,
        digest: &Digest,
        bytes: &[u8],
    ) -> Result<(), Error> {
        let path = self.path(partition, digest);
        let write = || -> io::Result<()> {
            let folder = path.parent().unwrap_or(&self.root);
            fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(&self.root)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(Error::disk("keep what was fetched"))?;
        self.shrink(&path);
        Ok(())
    }

    /// Removes what was not used for longest, but for one that was just put.
    fn shrink(&self, newest: &Path) {
        let _one = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept: Vec<Kept> = entries(&self.root)
            .iter()
            .flat_map(|folder| entries(folder))
            .filter_map(|path| {
                let metadata = fs::metadata(&path).ok()?;
                Some(Kept {
                    used: metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH),
                    size: metadata.len(),
                    path,
                })
            })
            .collect();
        let mut total: u64 = kept.iter().map(|kept| kept.size).sum();
        kept.sort_by(|a, b| (a.used, &a.path).cmp(&(b.used, &b.path)));
        for Kept { path, size, .. } in kept {
            if total <= self.max_bytes {
                break;
            }
            if path != newest && fs::remove_file(&path).is_ok() {
                total -= size;
            }
        }
    }

    fn path(&self, partition: &Partition, digest: &Digest) -> PathBuf {
        self.root.join(partition.folder()).join(digest.hex())
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).collect()
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .unwrap_or(SystemTime::UNIX_EPOCH)
}

/// Archives that were taken apart lately: a commit names the same chart for many targets.
#[derive(Debug)]
pub(crate) struct Unpacked {
    max_bytes: usize,
    /// The one used last is last.
    kept: Mutex<Vec<(Key, Arc<MemoryFiles>, usize)>>,
}

type Key = (Partition, Digest);

impl Unpacked {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self {
            max_bytes,
            kept: Mutex::default(),
        }
    }

    pub(crate) fn get(&self, key: &Key) -> Option<Arc<MemoryFiles>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().position(|(known, ..)| known == key)?;
        let used = kept.remove(at);
        let files = Arc::clone(&used.1);
        kept.push(used);
        Some(files)
    }

    pub(crate) fn put(&self, key: Key, files: &Arc<MemoryFiles>) {
        let size = files
            .iter()
            .map(|(path, content)| path.len() + content.len() + 100)
            .sum();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, ..)| *known != key);
        kept.push((key, Arc::clone(files), size));
        let mut total: usize = kept.iter().map(|(.., size)| size).sum();
        while total > self.max_bytes && kept.len() > 1 {
            total -= kept.remove(0).2;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(dir.path(), 250).unwrap();
        let put = |byte: u8, age: u64| {
            let bytes = vec![byte; 100];
            let digest = Digest::of(&bytes);
            blobs.put(&Partition::Public, &digest, &bytes).unwrap();
            let file = File::options()
                .append(true)
                .open(blobs.path(&Partition::Public, &digest))
                .unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(age))
                .unwrap();
            digest
        };
        let get = |digest| blobs.get(&Partition::Public, &digest, 1000).is_some();
        let (old, older) = (put(1, 100), put(2, 200));
        assert!(get(older), "it counts as used now");
        let new = put(3, 0);
        assert_eq!([get(old), get(older), get(new)], [false, true, true]);
    }

    #[test]
    fn a_digest_opens_nothing_that_another_credential_fetched() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(dir.path(), 1 << 20).unwrap();
        let digest = Digest::of(b"private");
        let theirs = Partition::Credential(Digest::of(b"their credential"));
        blobs.put(&theirs, &digest, b"private").unwrap();
        assert!(blobs.get(&theirs, &digest, 100).is_some());
        assert!(blobs.get(&Partition::Public, &digest, 100).is_none());
        assert!(
            blobs
                .get(&Partition::Credential(Digest::of(b"ours")), &digest, 100)
                .is_none()
        );
    }

    #[test]
    fn what_was_damaged_is_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(dir.path(), 1 << 20).unwrap();
        let digest = Digest::of(b"whole");
        blobs.put(&Partition::Public, &digest, b"whole").unwrap();
        fs::write(blobs.path(&Partition::Public, &digest), b"wholE").unwrap();
        assert!(blobs.get(&Partition::Public, &digest, 100).is_none());
        assert!(!blobs.path(&Partition::Public, &digest).exists());
    }
}
