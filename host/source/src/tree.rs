//! The files of one commit, read straight from Git objects.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use fleet_core::diagnostic::Location;
use fleet_core::files::{Entry, EntryKind, Files, ReadError};
use fleet_core::problem::{Problem, Reason};
use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice as _};
use gix::objs::tree::EntryKind as Mode;

use crate::mirror::Generation;
use crate::resolve::{Kind, Nodes, resolve};
use crate::{CommitId, Error, Limits};

/// How many problems of one tree are reported; a tree that is wrong everywhere needs no longer list.
const MAX_PROBLEMS: usize = 100;

/// Longest target of a symlink, in bytes: Linux' own bound (`PATH_MAX`).
const MAX_LINK_BYTES: u64 = 4096;

/// The files of one commit.
///
/// Its shape is read once, when it is made; contents are read when asked for. Names that are refused (not UTF-8, `.git`
/// in any disguise, control characters) are not there, and [`problems`](Self::problems) tells of them.
pub struct Tree {
    commit: CommitId,
    /// Where objects are: the repository's own first, then those of its submodules.
    stores: Vec<Arc<Generation>>,
    max_file_bytes: u64,
    n_entries: usize,
    folders: HashMap<String, Folder>,
    /// Places and what is wrong with them, until all are known.
    notes: Vec<Note>,
    problems: Vec<Problem>,
}

/// A place, and what is wrong with it.
type Note = (String, String);

/// Name of exact content in Git: the id of a blob or a tree object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContentId(ObjectId);

impl fmt::Display for ContentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

struct Folder {
    id: ObjectId,
    /// Which of the stores has it and what is in it.
    store: usize,
    /// Sorted by name, bytewise.
    nodes: Vec<Node>,
}

struct Node {
    name: String,
    kind: Kind,
    executable: bool,
    id: ObjectId,
}

/// One path of a tree, as Git has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Path from the top.
    pub path: String,
    /// Whether it is a symlink; its content is its target then.
    pub link: bool,
    /// Whether it is executable.
    pub executable: bool,
    /// Its content.
    pub content: ContentId,
}

impl Tree {
    pub(crate) fn read(
        url: &str,
        generation: Arc<Generation>,
        commit: CommitId,
        limits: &Limits,
    ) -> Result<Self, Error> {
        let repo = generation.repo();
        let damaged = |error: gix::Error| Error::Corrupt {
            url: url.to_owned(),
            why: error.to_string(),
        };
        let root = repo
            .find_commit(commit.0)
            .and_then(|commit| Ok(commit.tree_id()?.detach()))
            .map_err(damaged)?;
        let mut reader = Reader {
            url,
            repo: &repo,
            limits,
            n_entries: 0,
            folders: HashMap::new(),
            notes: Vec::new(),
        };
        // Depth first by a stack of our own, so that a deep tree cannot overflow the thread's.
        let mut open = vec![(String::new(), root, 0)];
        while let Some((path, id, depth)) = open.pop() {
            let below = reader.folder(path, id, depth)?;
            open.extend(below.into_iter().map(|(path, id)| (path, id, depth + 1)));
        }
        let Reader {
            folders,
            notes,
            n_entries,
            ..
        } = reader;
        Ok(Self {
            commit,
            stores: vec![generation],
            max_file_bytes: limits.max_file_bytes,
            n_entries,
            folders,
            notes,
            problems: Vec::new(),
        })
    }

    /// Puts the files of another repository where the submodule `path` is.
    pub(crate) fn graft(
        &mut self,
        path: &str,
        mut part: Self,
        url: &str,
        limits: &Limits,
    ) -> Result<(), Error> {
        let exceeded = |what, limit: usize| Error::LimitExceeded {
            url: url.to_owned(),
            what,
            limit: limit as u64,
            path: Some(path.to_owned()),
        };
        self.n_entries += part.n_entries;
        if self.n_entries > limits.max_entries {
            return Err(exceeded(
                "the number of files, with those of submodules,",
                limits.max_entries,
            ));
        }
        let (above, name) = path.rsplit_once('/').unwrap_or(("", path));
        let nodes = self
            .folders
            .get_mut(above)
            .map(|folder| &mut folder.nodes)
            .into_iter()
            .flatten();
        let root = part.folders.get("").map(|folder| folder.id);
        for node in nodes.filter(|node| node.name == name) {
            node.kind = Kind::Directory;
            node.id = root.unwrap_or(node.id);
        }
        let first_store = self.stores.len();
        for (below, mut folder) in part.folders.drain() {
            let place = match below.as_str() {
                "" => path.to_owned(),
                below => format!("{path}/{below}"),
            };
            if place.matches('/').count() >= limits.max_depth {
                return Err(exceeded(
                    "the number of folders inside each other",
                    limits.max_depth,
                ));
            }
            folder.store += first_store;
            self.folders.insert(place, folder);
        }
        self.stores.append(&mut part.stores);
        let notes = part.notes.into_iter();
        self.notes
            .extend(notes.map(|(place, what)| (child(path, &place), what)));
        Ok(())
    }

    /// Notes something that is wrong with a place.
    pub(crate) fn note(&mut self, path: String, what: &str) {
        self.notes.push((path, what.to_owned()));
    }

    /// Ends the making: nothing is put into it any more.
    pub(crate) fn finish(mut self) -> Self {
        self.notes.sort();
        self.notes.truncate(MAX_PROBLEMS);
        self.problems = self.notes.drain(..).map(refused).collect();
        self
    }

    /// The commit that it is of.
    pub fn commit(&self) -> CommitId {
        self.commit
    }

    /// What is wrong with names in it, sorted by place; at most 100.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Names the exact content of a file or folder, symlinks on the way followed.
    ///
    /// Two folders with one id have the same files, except for what symlinks in them reach outside the folder.
    pub fn digest(&self, path: &str) -> Result<ContentId, ReadError> {
        match resolve(self, path)? {
            (path, Kind::Directory) => Ok(ContentId(self.folder(&path)?.id)),
            (path, _) => Ok(ContentId(self.node(&path).ok_or(ReadError::NotFound)?.1.id)),
        }
    }

    /// All files and symlinks below a folder, sorted by path, bytewise; symlinks are not followed.
    pub fn walk(&self, path: &str) -> Result<Vec<Listed>, ReadError> {
        let (top, _) = resolve(self, path)?;
        let mut listed = Vec::new();
        let mut open = vec![top];
        while let Some(path) = open.pop() {
            for node in &self.folder(&path)?.nodes {
                let path = child(&path, &node.name);
                match node.kind {
                    Kind::Directory => open.push(path),
                    Kind::Submodule => {}
                    Kind::File | Kind::Link => listed.push(Listed {
                        path,
                        link: node.kind == Kind::Link,
                        executable: node.executable,
                        content: ContentId(node.id),
                    }),
                }
            }
        }
        listed.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(listed)
    }

    /// Folders that are submodules whose files are not there, sorted by path.
    pub fn submodules(&self) -> Vec<(String, CommitId)> {
        let mut found: Vec<_> = self
            .folders
            .iter()
            .flat_map(|(path, folder)| folder.nodes.iter().map(move |node| (path, node)))
            .filter(|(_, node)| node.kind == Kind::Submodule)
            .map(|(path, node)| (child(path, &node.name), CommitId(node.id)))
            .collect();
        found.sort_unstable();
        found
    }

    fn folder(&self, path: &str) -> Result<&Folder, ReadError> {
        match self.folders.get(path) {
            Some(folder) => Ok(folder),
            None if self.node(path).is_some() => Err(ReadError::NotADirectory),
            None => Err(ReadError::NotFound),
        }
    }

    /// What is at a path, and the folder that it is in.
    fn node(&self, path: &str) -> Option<(&Folder, &Node)> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.folders.get(folder)?;
        let at = folder
            .nodes
            .binary_search_by(|node| node.name.as_str().cmp(name))
            .ok()?;
        Some((folder, &folder.nodes[at]))
    }

    /// The kind of what is at a path itself: neither symlinks nor folders are looked through.
    pub(crate) fn is_plain_file(&self, path: &str) -> bool {
        self.node(path)
            .is_some_and(|(_, node)| node.kind == Kind::File)
    }

    fn blob(&self, path: &str, max_bytes: u64) -> Result<Vec<u8>, ReadError> {
        let (folder, node) = self.node(path).ok_or(ReadError::NotFound)?;
        let repo = self.stores[folder.store].repo();
        let id = node.id;
        let size = size(&repo, id)?;
        if size > max_bytes {
            return Err(ReadError::TooLarge(size));
        }
        let mut blob = repo.find_blob(id).map_err(|error| damaged(id, &error))?;
        Ok(blob.take_data())
    }
}

impl Files for Tree {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let (path, kind) = resolve(self, path)?;
        if kind == Kind::Directory {
            return Err(ReadError::NotAFile);
        }
        let content = self.blob(&path, self.max_file_bytes)?;
        if is_lfs_pointer(&content) {
            let why = format!(
                "`{path}` is a pointer of Git LFS, and its content is not in the repository"
            );
            return Err(ReadError::Denied(why));
        }
        Ok(content)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let (path, kind) = resolve(self, path)?;
        if kind != Kind::Directory {
            return Err(ReadError::NotADirectory);
        }
        let folder = self.folder(&path)?;
        let repo = self.stores[folder.store].repo();
        let mut entries = Vec::new();
        for node in &folder.nodes {
            let (kind, size) = match node.kind {
                Kind::Submodule => continue,
                Kind::File => (EntryKind::File, size(&repo, node.id)?),
                Kind::Directory => (EntryKind::Directory, 0),
                Kind::Link => match resolve(self, &child(&path, &node.name)) {
                    Ok((_, Kind::Directory)) => (EntryKind::Directory, 0),
                    Ok((target, _)) => {
                        let (of, target) = self.node(&target).ok_or(ReadError::NotFound)?;
                        let size = size(&self.stores[of.store].repo(), target.id)?;
                        (EntryKind::File, size)
                    }
                    Err(_) => (EntryKind::Symlink, 0),
                },
            };
            entries.push(Entry {
                name: node.name.clone(),
                kind,
                size,
                link: node.kind == Kind::Link,
            });
        }
        Ok(entries)
    }

    fn is_file(&self, path: &str) -> bool {
        matches!(resolve(self, path), Ok((_, Kind::File)))
    }
}

impl Nodes for Tree {
    fn kind(&self, path: &str) -> Result<Option<Kind>, ReadError> {
        Ok(self.node(path).map(|(_, node)| node.kind))
    }

    fn link(&self, path: &str) -> Result<String, ReadError> {
        String::from_utf8(self.blob(path, MAX_LINK_BYTES)?).map_err(|_| ReadError::NotUtf8)
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("commit", &self.commit)
            .field("folders", &self.folders.len())
            .finish()
    }
}

struct Reader<'a> {
    url: &'a str,
    repo: &'a gix::Repository,
    limits: &'a Limits,
    n_entries: usize,
    folders: HashMap<String, Folder>,
    notes: Vec<Note>,
}

impl Reader<'_> {
    /// Reads one folder and returns those in it.
    fn folder(
        &mut self,
        path: String,
        id: ObjectId,
        depth: usize,
    ) -> Result<Vec<(String, ObjectId)>, Error> {
        let exceeded = |what, limit: usize| Error::LimitExceeded {
            url: self.url.to_owned(),
            what,
            limit: limit as u64,
            path: Some(path.clone()),
        };
        if depth > self.limits.max_depth {
            return Err(exceeded(
                "the number of folders inside each other",
                self.limits.max_depth,
            ));
        }
        let damaged = |error: &dyn fmt::Display| Error::Corrupt {
            url: self.url.to_owned(),
            why: format!("the folder `{path}` ({id}): {error}"),
        };
        let tree = self.repo.find_tree(id).map_err(|error| damaged(&error))?;
        let decoded = tree.decode().map_err(|error| damaged(&error))?;
        self.n_entries += decoded.entries.len();
        if self.n_entries > self.limits.max_entries {
            return Err(exceeded("the number of files", self.limits.max_entries));
        }
        let mut nodes = Vec::with_capacity(decoded.entries.len());
        let mut below = Vec::new();
        for entry in &decoded.entries {
            let name = match self.checked(&path, entry.filename) {
                Ok(name) => name,
                Err(note) => {
                    self.note(note);
                    continue;
                }
            };
            let (kind, executable) = match entry.mode.kind() {
                Mode::Tree => (Kind::Directory, false),
                Mode::Blob => (Kind::File, false),
                Mode::BlobExecutable => (Kind::File, true),
                Mode::Link => (Kind::Link, false),
                Mode::Commit => (Kind::Submodule, false),
            };
            let id = entry.oid.to_owned();
            if kind == Kind::Directory {
                below.push((child(&path, &name), id));
            }
            nodes.push(Node {
                name,
                kind,
                executable,
                id,
            });
        }
        // Git sorts a folder as if its name ended in `/`; readers want plain order.
        nodes.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = nodes.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(damaged(&format!("`{}` is in it twice", pair[0].name)));
        }
        self.report_collisions(&path, &nodes);
        self.folders.insert(
            path,
            Folder {
                id,
                store: 0,
                nodes,
            },
        );
        Ok(below)
    }

    /// The name as text, if it is one that may be there.
    fn checked(&self, folder: &str, name: &BStr) -> Result<String, Note> {
        let refuse = |path: String, what: String| (path, what);
        let lossy = || child(folder, &name.to_str_lossy());
        let Ok(text) = name.to_str() else {
            return Err(refuse(lossy(), "the name is not UTF-8".to_owned()));
        };
        if text.chars().any(char::is_control) {
            return Err(refuse(
                lossy().escape_default().to_string(),
                "the name has control characters".to_owned(),
            ));
        }
        if text.contains('\\') {
            return Err(refuse(lossy(), "the name has a backslash".to_owned()));
        }
        let limit = self.limits.max_path_bytes;
        if folder.len() + 1 + text.len() > limit {
            let start: String = lossy().chars().take(200).collect();
            return Err(refuse(
                start,
                format!("the path is longer than allowed (limit {limit} bytes)"),
            ));
        }
        let rules = gix::validate::path::component::Options {
            // Device names and drive letters mean nothing here: no name of a repository becomes one on a disk.
            protect_windows: false,
            protect_hfs: true,
            protect_ntfs: true,
        };
        match gix::validate::path::component(name, None, rules) {
            Ok(_) => Ok(text.to_owned()),
            Err(error) => Err(refuse(lossy(), format!("the name is refused: {error}"))),
        }
    }

    fn report_collisions(&mut self, folder: &str, nodes: &[Node]) {
        let mut seen: HashMap<String, &str> = HashMap::new();
        let mut collisions = Vec::new();
        for node in nodes {
            if let Some(other) = seen.insert(node.name.to_lowercase(), &node.name) {
                let what = format!("differs from `{other}` only in upper and lower case");
                collisions.push((child(folder, &node.name), what));
            }
        }
        collisions.into_iter().for_each(|note| self.note(note));
    }

    fn note(&mut self, note: Note) {
        // Some more than are kept, so that those kept do not depend on the order of reading in small cases.
        if self.notes.len() < 10 * MAX_PROBLEMS {
            self.notes.push(note);
        }
    }
}

fn refused((path, what): Note) -> Problem {
    let message = format!("`{path}`: {what}");
    Problem::new(Reason::ContentRefused, message).at(Some(Location {
        file: path,
        line: 0,
        column: 0,
    }))
}

fn size(repo: &gix::Repository, id: ObjectId) -> Result<u64, ReadError> {
    repo.find_header(id)
        .map(|header| header.size())
        .map_err(|error| damaged(id, &error))
}

fn damaged(id: ObjectId, error: &gix::Error) -> ReadError {
    ReadError::Other(format!("object {id} is damaged or missing: {error}"))
}

fn child(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// Whether content stands for a file that Git LFS keeps elsewhere, after the specification of its pointer file.
fn is_lfs_pointer(content: &[u8]) -> bool {
    const MAX_POINTER_BYTES: usize = 1024;
    content.len() < MAX_POINTER_BYTES
        && content.starts_with(b"version https://git-lfs.github.com/spec/")
}
