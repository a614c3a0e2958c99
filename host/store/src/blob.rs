//! Blobs: immutable bytes named by their digest, one file each.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use fleet_core::digest::Digest;

use crate::Error;
use crate::data_dir::DataDir;

/// Blobs as files `blobs/sha256/ab/abcd…`, written whole or not at all.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// Opens the blobs of a data directory; removes what an earlier process left half-written.
    pub fn open(dir: &DataDir) -> Result<Self, Error> {
        let root = dir.path().join("blobs/sha256");
        let unfinished = root.join("tmp");
        match fs::remove_dir_all(&unfinished) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io("empty", &unfinished)(source));
            }
            _ => {}
        }
        fs::create_dir_all(&unfinished).map_err(Error::io("create", &unfinished))?;
        Ok(Self { root })
    }

    /// Keeps `bytes` and returns their digest; durable when it returns, and cheap if they are there already.
    pub fn put(&self, bytes: &[u8]) -> Result<Digest, Error> {
        let digest = Digest::of(bytes);
        let path = self.path(&digest);
        if path.is_file() {
            return Ok(digest);
        }
        let folder = path.parent().expect("a blob's path has a folder");
        let unfinished = self.root.join("tmp");
        let write = || -> io::Result<()> {
            fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(&unfinished)?;
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            sync_folder(folder)
        };
        write().map_err(Error::io("write", &path))?;
        Ok(digest)
    }

    /// The bytes of a blob, checked against its name.
    ///
    /// # Errors
    /// [`Error::NoBlob`] if it is not there, [`Error::WrongBytes`] if its file was damaged.
    pub fn get(&self, digest: &Digest) -> Result<Vec<u8>, Error> {
        let path = self.path(digest);
        let bytes = fs::read(&path).map_err(|source| missing(digest, &path, source))?;
        let found = Digest::of(&bytes);
        if found == *digest {
            Ok(bytes)
        } else {
            Err(Error::WrongBytes {
                expected: *digest,
                found,
            })
        }
    }

    /// Up to `len` bytes from `start`, not checked: for a reader that checks the whole.
    pub fn get_range(&self, digest: &Digest, start: u64, len: u64) -> Result<Vec<u8>, Error> {
        let path = self.path(digest);
        let mut file = File::open(&path).map_err(|source| missing(digest, &path, source))?;
        let mut bytes = Vec::new();
        let mut read = || -> io::Result<()> {
            file.seek(SeekFrom::Start(start))?;
            (&mut file).take(len).read_to_end(&mut bytes)?;
            Ok(())
        };
        read().map_err(Error::io("read", &path))?;
        Ok(bytes)
    }

    /// Size of a blob in bytes, or `None` if it is not there.
    pub fn size(&self, digest: &Digest) -> Result<Option<u64>, Error> {
        let path = self.path(digest);
        match fs::metadata(&path) {
            Ok(metadata) => Ok(Some(metadata.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(Error::io("look at", &path)(source)),
        }
    }

    /// Whether a blob is there.
    pub fn has(&self, digest: &Digest) -> Result<bool, Error> {
        Ok(self.size(digest)?.is_some())
    }

    /// The digests of all blobs, sorted.
    pub fn list(&self) -> Result<Vec<Digest>, Error> {
        let mut digests = Vec::new();
        for folder in entries(&self.root)? {
            if folder.file_name().is_none_or(|name| name.len() != 2) {
                continue;
            }
            for file in entries(&folder)? {
                let name = file
                    .file_name()
                    .and_then(|name| name.to_str())
                    .unwrap_or_default();
                digests.extend(Digest::parse(&format!("sha256:{name}")));
            }
        }
        digests.sort_unstable();
        Ok(digests)
    }

    /// Removes a blob; nothing happens if it is not there.
    pub fn delete(&self, digest: &Digest) -> Result<(), Error> {
        let path = self.path(digest);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(Error::io("remove", &path)(source))
            }
            _ => Ok(()),
        }
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.root.join(&hex[..2]).join(hex)
    }
}

fn missing(digest: &Digest, path: &Path, source: io::Error) -> Error {
    match source.kind() {
        io::ErrorKind::NotFound => Error::NoBlob(*digest),
        _ => Error::io("read", path)(source),
    }
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let read = || {
        fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<_>>()
    };
    read().map_err(Error::io("list", folder))
}

/// Makes a rename in `folder` survive a power cut.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&DataDir::open(dir.path()).unwrap()).unwrap();
        (dir, store)
    }

    #[test]
    fn blobs_are_kept_listed_and_removed() {
        let (_dir, store) = open();
        let mut digests: Vec<_> = [b"a".as_slice(), b"", &[0; 100_000]]
            .map(|bytes| store.put(bytes).unwrap())
            .into();
        assert_eq!(
            store.put(b"a").unwrap(),
            digests[0],
            "the same bytes are the same blob"
        );
        assert_eq!(store.get(&digests[0]).unwrap(), b"a");
        assert_eq!(store.size(&digests[2]).unwrap(), Some(100_000));
        assert_eq!(store.get_range(&digests[2], 99_990, 100).unwrap(), [0; 10]);
        store.delete(&digests[1]).unwrap();
        store.delete(&digests[1]).unwrap();
        assert!(matches!(store.get(&digests[1]), Err(Error::NoBlob(_))));
        assert!(!store.has(&digests[1]).unwrap());
        digests.remove(1);
        digests.sort_unstable();
        assert_eq!(store.list().unwrap(), digests);
    }

    /// A damaged bundle must never reach a cluster.
    #[test]
    fn damaged_bytes_are_not_given_out() {
        let (_dir, store) = open();
        let digest = store.put(b"right").unwrap();
        fs::write(store.path(&digest), "wrong").unwrap();
        assert!(matches!(store.get(&digest), Err(Error::WrongBytes { .. })));
    }

    #[test]
    fn half_written_files_are_removed_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        let lock = DataDir::open(dir.path()).unwrap();
        let store = Store::open(&lock).unwrap();
        fs::write(store.root.join("tmp/left"), "over").unwrap();
        let store = Store::open(&lock).unwrap();
        assert_eq!(fs::read_dir(store.root.join("tmp")).unwrap().count(), 0);
        assert_eq!(store.list().unwrap(), []);
    }
}
