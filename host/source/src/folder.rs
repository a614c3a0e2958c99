//! The files of a folder on disk, by the same rules as those of a commit.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fleet_core::files::{Entry, EntryKind, Files, ReadError};

use crate::resolve::{Kind, Nodes, resolve};

/// The files of a folder on disk; nothing above it can be read.
///
/// For `fleet render` and for tests. It trusts nobody to change the folder while it is read: a symlink that is
/// swapped in between may be followed out of it, so it is not for folders that others can write. What is a file and
/// what a folder is asked once.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    max_file_bytes: u64,
    /// What is at paths that were looked at.
    kinds: Arc<Mutex<HashMap<String, Kind>>>,
}

impl Folder {
    /// Opens a folder.
    ///
    /// # Errors
    /// If it is not there, or not a folder.
    pub fn open(root: &Path) -> io::Result<Self> {
        let root = fs::canonicalize(root)?;
        if !root.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok(Self {
            root,
            max_file_bytes: crate::Limits::default().max_file_bytes,
            kinds: Arc::default(),
        })
    }

    /// Where it is, without symlinks.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The top of the Git work tree that `folder` is in, if it is in one.
    pub fn enclosing_work_tree(folder: &Path) -> Option<PathBuf> {
        let folder = fs::canonicalize(folder).ok()?;
        // In a linked work tree or a submodule `.git` is a file.
        folder
            .ancestors()
            .find(|ancestor| ancestor.join(".git").exists())
            .map(Path::to_owned)
    }

    /// `path` as a path of this folder, if it lies inside.
    pub fn relative(&self, path: &Path) -> Option<String> {
        let path = fs::canonicalize(path).ok()?;
        let relative = path.strip_prefix(&self.root).ok()?;
        let parts: Option<Vec<&str>> = relative.iter().map(|part| part.to_str()).collect();
        Some(parts?.join("/"))
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let (path, kind) = resolve(self, path)?;
        if kind == Kind::Directory {
            return Err(ReadError::NotAFile);
        }
        let path = self.root.join(path);
        let metadata = fs::metadata(&path).map_err(|error| failed(&error))?;
        if !metadata.is_file() {
            return Err(ReadError::NotAFile);
        }
        if metadata.len() > self.max_file_bytes {
            return Err(ReadError::TooLarge(metadata.len()));
        }
        fs::read(&path).map_err(|error| failed(&error))
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let (path, kind) = resolve(self, path)?;
        if kind != Kind::Directory {
            return Err(ReadError::NotADirectory);
        }
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.root.join(&path)).map_err(|error| failed(&error))? {
            let entry = entry.map_err(|error| failed(&error))?;
            // As in a commit: a name that is not text is not there, and neither is Git's own folder.
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if name == ".git" {
                continue;
            }
            let inside = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}/{name}")
            };
            let node = kind_of(entry.file_type().map_err(|error| failed(&error))?);
            self.remember(&inside, node);
            let (kind, size) = match node {
                Kind::Link => self.behind(&inside)?,
                Kind::Directory => (EntryKind::Directory, 0),
                _ => {
                    let metadata = entry.metadata().map_err(|error| failed(&error))?;
                    (EntryKind::File, metadata.len())
                }
            };
            entries.push(Entry {
                name,
                kind,
                size,
                link: node == Kind::Link,
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn is_file(&self, path: &str) -> bool {
        matches!(resolve(self, path), Ok((_, Kind::File)))
    }
}

impl Folder {
    fn remember(&self, path: &str, kind: Kind) {
        let mut kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
        kinds.insert(path.to_owned(), kind);
    }

    /// What the symlink at a path leads to, and the size if it is a file.
    fn behind(&self, path: &str) -> Result<(EntryKind, u64), ReadError> {
        Ok(match resolve(self, path) {
            Ok((_, Kind::Directory)) => (EntryKind::Directory, 0),
            Ok((target, _)) => {
                let metadata =
                    fs::metadata(self.root.join(target)).map_err(|error| failed(&error))?;
                (EntryKind::File, metadata.len())
            }
            Err(_) => (EntryKind::Symlink, 0),
        })
    }
}

impl Nodes for Folder {
    fn kind(&self, path: &str) -> Result<Option<Kind>, ReadError> {
        if path.split('/').any(|part| part == ".git") {
            return Ok(None);
        }
        {
            let kinds = self.kinds.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(kind) = kinds.get(path) {
                return Ok(Some(*kind));
            }
        }
        match fs::symlink_metadata(self.root.join(path)) {
            Ok(metadata) => {
                let kind = kind_of(metadata.file_type());
                self.remember(path, kind);
                Ok(Some(kind))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn link(&self, path: &str) -> Result<String, ReadError> {
        let target = fs::read_link(self.root.join(path)).map_err(|error| failed(&error))?;
        target
            .into_os_string()
            .into_string()
            .map_err(|_| ReadError::NotUtf8)
    }
}

fn kind_of(found: fs::FileType) -> Kind {
    if found.is_dir() {
        Kind::Directory
    } else if found.is_symlink() {
        Kind::Link
    } else {
        Kind::File
    }
}

fn failed(error: &io::Error) -> ReadError {
    match error.kind() {
        io::ErrorKind::NotFound => ReadError::NotFound,
        io::ErrorKind::PermissionDenied => ReadError::Denied(error.to_string()),
        _ => ReadError::Other(error.to_string()),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_folder_is_read_like_a_commit() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("repo");
        fs::create_dir_all(root.join("a/.git")).unwrap();
        fs::create_dir_all(root.join(".git")).unwrap();
        fs::write(root.join("a/b.yaml"), "b").unwrap();
        fs::write(dir.path().join("secret"), "s").unwrap();
        symlink("a", root.join("to-a")).unwrap();
        symlink("../secret", root.join("out")).unwrap();
        symlink(dir.path().join("secret"), root.join("absolute")).unwrap();
        symlink("nowhere", root.join("dangling")).unwrap();
        let folder = Folder::open(&root).unwrap();
        let listed: Vec<_> = folder
            .list("")
            .unwrap()
            .into_iter()
            .map(|entry| (entry.name, entry.kind))
            .collect();
        let expected = [
            ("a", EntryKind::Directory),
            ("absolute", EntryKind::Symlink),
            ("dangling", EntryKind::Symlink),
            ("out", EntryKind::Symlink),
            ("to-a", EntryKind::Directory),
        ];
        assert_eq!(listed, expected.map(|(name, kind)| (name.to_owned(), kind)));
        assert_eq!(folder.read("to-a/b.yaml").unwrap(), b"b");
        assert_eq!(folder.list("to-a").unwrap().len(), 1);
        for path in ["out", "absolute", "../secret", "a/../../secret"] {
            assert!(
                matches!(folder.read(path), Err(ReadError::Denied(_))),
                "{path}"
            );
        }
        assert_eq!(folder.read(".git"), Err(ReadError::NotFound));
        assert_eq!(folder.read("a"), Err(ReadError::NotAFile));
        assert_eq!(folder.list("a/b.yaml"), Err(ReadError::NotADirectory));
        assert_eq!(
            Folder::enclosing_work_tree(&root.join("a/.git")).unwrap(),
            fs::canonicalize(root.join("a")).unwrap()
        );
        assert_eq!(
            folder.relative(&root.join("a/b.yaml")).as_deref(),
            Some("a/b.yaml")
        );
        assert_eq!(folder.relative(dir.path()), None);
    }
}
