//! Read-only files, as a renderer sees them: a revision's tree, a folder, or memory.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use crate::remote;

/// What a directory entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    /// A file, or a symlink that leads to one.
    File,
    /// A directory, or a symlink that leads to one.
    Directory,
    /// A symlink that leads nowhere or outside.
    Symlink,
}

/// One entry of a directory.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Name without any `/`.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Size in bytes; 0 for directories.
    pub size: u64,
    /// Whether it is a symlink, which whoever walks a tree must not follow into a folder: links can form loops.
    /// Known to the host only; plugins are told what a link leads to.
    pub link: bool,
}

/// Why a path could not be read or listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is nothing at that path.
    #[error("no such file or directory")]
    NotFound,
    /// It is there and is not a file.
    #[error("not a file")]
    NotAFile,
    /// It is there and is not a directory.
    #[error("not a directory")]
    NotADirectory,
    /// Text was asked for and the bytes are not UTF-8.
    #[error("not UTF-8 text")]
    NotUtf8,
    /// It may not be read; the text says why.
    #[error("access denied: {0}")]
    Denied(String),
    /// It is larger than the limit; carries the size in bytes.
    #[error("too large: {0} bytes")]
    TooLarge(u64),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

/// Read-only files.
///
/// Paths are `/`-separated and relative to the top (no leading `/`; the top itself is `""` or `.`).
/// Implementations normalise `.` and `..`, follow symlinks that stay inside, and answer
/// [`ReadError::Denied`] to whatever leaves.
pub trait Files {
    /// The whole content of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;

    /// The entries of a directory, sorted by name, bytewise.
    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError>;

    /// Asks for something that is not in the repository (`oci://…`, a chart of a Helm repository, a
    /// remote base) and answers the path under which its files can be read.
    fn resolve(&self, reference: &str) -> Result<String, ReadError> {
        Err(ReadError::Denied(format!(
            "`{reference}` is outside the repository, and nothing fetches here"
        )))
    }

    /// The whole content of a text file.
    fn read_text(&self, path: &str) -> Result<String, ReadError> {
        String::from_utf8(self.read(path)?).map_err(|_| ReadError::NotUtf8)
    }

    /// Whether a file is there.
    fn is_file(&self, path: &str) -> bool {
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.list(dir).is_ok_and(|entries| {
            entries
                .iter()
                .any(|entry| entry.name == name && entry.kind == EntryKind::File)
        })
    }
}

impl<T: Files + ?Sized> Files for Rc<T> {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        (**self).read(path)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        (**self).list(path)
    }

    fn resolve(&self, reference: &str) -> Result<String, ReadError> {
        (**self).resolve(reference)
    }

    fn read_text(&self, path: &str) -> Result<String, ReadError> {
        (**self).read_text(path)
    }

    fn is_file(&self, path: &str) -> bool {
        (**self).is_file(path)
    }
}

/// Joins two paths and removes `.` and `..`; a path that would leave the top is an error, and so is one that would
/// leave a fetched thing ([`crate::remote`]): what comes from elsewhere must not reach into the repository.
///
/// An absolute `path` (leading `/`) is taken from the top.
pub fn join(base: &str, path: &str) -> Result<String, ReadError> {
    let mut parts: Vec<&str> = Vec::new();
    let base = if path.starts_with('/') { "" } else { base };
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                if remote::is_top(&parts) || parts.pop().is_none() {
                    return Err(ReadError::Denied(format!("`{path}` leaves the repository")));
                }
            }
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// Files in memory, for tests and for what plugins unpack.
#[derive(Clone, Default)]
pub struct MemoryFiles {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemoryFiles {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; directories come by themselves.
    pub fn insert(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }

    /// The same with one more file.
    #[must_use]
    pub fn with(mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.insert(path, content);
        self
    }

    /// All paths with their contents, sorted by path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, content)| (path.as_str(), content.as_slice()))
    }
}

impl fmt::Debug for MemoryFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.files.keys()).finish()
    }
}

impl Files for MemoryFiles {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let path = join("", path)?;
        match self.files.get(&path) {
            Some(content) => Ok(content.clone()),
            None if self.list(&path).is_ok() => Err(ReadError::NotAFile),
            None => Err(ReadError::NotFound),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let path = join("", path)?;
        if self.files.contains_key(&path) {
            return Err(ReadError::NotADirectory);
        }
        let prefix = if path.is_empty() {
            String::new()
        } else {
            format!("{path}/")
        };
        let mut entries: BTreeMap<&str, Entry> = BTreeMap::new();
        for (file, content) in self.files.range(prefix.clone()..) {
            let Some(rest) = file.strip_prefix(&prefix) else {
                break;
            };
            let (name, kind, size) = match rest.split_once('/') {
                Some((name, _)) => (name, EntryKind::Directory, 0),
                None => (rest, EntryKind::File, content.len() as u64),
            };
            entries.entry(name).or_insert_with(|| Entry {
                name: name.to_owned(),
                kind,
                size,
                link: false,
            });
        }
        if entries.is_empty() && !path.is_empty() {
            return Err(ReadError::NotFound);
        }
        Ok(entries.into_values().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn join_normalises_and_refuses_to_leave() {
        assert_eq!(join("a/b", "../c").unwrap(), "a/c");
        assert_eq!(join("a", "/c/./d").unwrap(), "c/d");
        assert!(matches!(join("a", "../../c"), Err(ReadError::Denied(_))));
    }

    #[test]
    fn what_was_fetched_does_not_lead_into_the_repository() {
        let base = ".fleet/remote/0a/deploy/base";
        assert_eq!(join(base, "../app").unwrap(), ".fleet/remote/0a/deploy/app");
        for path in ["../../../x", "../../../0b/x", "../../../../../apps"] {
            assert!(
                matches!(join(base, path), Err(ReadError::Denied(_))),
                "{path}"
            );
        }
    }

    #[test]
    fn directories_come_from_the_paths_of_files() {
        let files = MemoryFiles::new()
            .with("a/b.yaml", "x")
            .with("a/c/d.yaml", "yy")
            .with("z", "");
        let names = |path| -> Vec<_> {
            files
                .list(path)
                .unwrap()
                .into_iter()
                .map(|e| (e.name, e.kind))
                .collect()
        };
        assert_eq!(
            names(""),
            [
                ("a".to_owned(), EntryKind::Directory),
                ("z".to_owned(), EntryKind::File)
            ]
        );
        assert_eq!(
            names("a"),
            [
                ("b.yaml".to_owned(), EntryKind::File),
                ("c".to_owned(), EntryKind::Directory)
            ]
        );
        assert_eq!(files.list("nope"), Err(ReadError::NotFound));
        assert_eq!(files.read("a"), Err(ReadError::NotAFile));
        assert!(files.is_file("a/c/d.yaml") && !files.is_file("a/c"));
    }
}
