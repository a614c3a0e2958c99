//! Repositories made by the `git` program, and a source to read them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use fleet_core::files::{EntryKind, Files};
use fleet_source::{CommitId, Error, Limits, Options, Reference, Remote, Revision, Source, Tree};
use fleet_test_git::objects::Objects;

/// Never set: nobody interrupts.
pub(crate) static GO_ON: AtomicBool = AtomicBool::new(false);

/// A bare repository with a branch `main`, written by plumbing so that any content can be made.
pub(crate) struct Repo {
    dir: tempfile::TempDir,
    path: PathBuf,
    objects: Objects,
}

impl Repo {
    /// The name of its folder.
    pub(crate) const NAME: &str = "app.git";

    pub(crate) fn empty() -> Self {
        let repo = Self::unborn();
        repo.git(&["init", "--quiet", "--bare", "--initial-branch=main", "."]);
        repo
    }

    /// An empty folder.
    pub(crate) fn unborn() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(Self::NAME);
        std::fs::create_dir(&path).unwrap();
        let objects = Objects::of(&path);
        Self { dir, path, objects }
    }

    /// One commit with these files.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let repo = Self::empty();
        repo.commit("main", files, "first");
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder that holds nothing but the repository.
    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn remote(&self) -> Remote {
        Remote::new(self.path().to_str().unwrap()).unwrap()
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        self.objects.git(args).unwrap()
    }

    pub(crate) fn git_with(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let output = self.objects.git_with(args, |stdin| stdin.write_all(input));
        output.unwrap()
    }

    pub(crate) fn blob(&self, content: &[u8]) -> String {
        self.objects.blob(content).unwrap()
    }

    /// A tree object of `(mode, name, id)`, whatever the names are.
    pub(crate) fn tree(&self, entries: &[(&str, &[u8], &str)]) -> String {
        self.objects.tree(entries).unwrap()
    }

    /// Puts `tree` on a branch with the branch's tip as parent, and returns the commit.
    pub(crate) fn commit_tree(&self, branch: &str, tree: &str, message: &str) -> CommitId {
        let name = format!("refs/heads/{branch}");
        let tip = self.git(&["for-each-ref", "--format=%(objectname)", &name]);
        let mut args = vec!["commit-tree", tree, "-m", message];
        if !tip.is_empty() {
            args.extend(["-p", &tip]);
        }
        let commit = self.git(&args);
        self.git(&["update-ref", &name, &commit]);
        CommitId::parse(&commit).unwrap()
    }

    /// Puts exactly these files on a branch.
    pub(crate) fn commit(&self, branch: &str, files: &[(&str, &str)], message: &str) -> CommitId {
        let index = self.path().join("index");
        let _ = std::fs::remove_file(&index);
        for (path, content) in files {
            let (mode, path) = match path.strip_prefix("link:") {
                Some(path) => ("120000", path),
                None => ("100644", *path),
            };
            let id = self.blob(content.as_bytes());
            self.git(&[
                "update-index",
                "--add",
                "--cacheinfo",
                &format!("{mode},{id},{path}"),
            ]);
        }
        let tree = self.git(&["write-tree"]);
        self.commit_tree(branch, &tree, message)
    }
}

/// A source in a folder of its own.
pub(crate) struct Host {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) source: Source,
}

impl Host {
    pub(crate) fn new() -> Self {
        Self::with(Limits::default())
    }

    pub(crate) fn with(limits: Limits) -> Self {
        Self::with_options(Options {
            limits,
            ..Options::default()
        })
    }

    pub(crate) fn with_options(options: Options) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let source = Source::open(dir.path(), options).unwrap();
        Self { dir, source }
    }

    pub(crate) fn poll(&self, remote: &Remote, branch: &str) -> Result<CommitId, Error> {
        self.source.poll(remote, &Reference::branch(branch), &GO_ON)
    }

    pub(crate) fn fetch(&self, remote: &Remote, commit: &CommitId) -> Result<Revision, Error> {
        self.source.fetch(remote, commit, &GO_ON)
    }

    /// Poll, fetch and read.
    pub(crate) fn tree(&self, remote: &Remote, branch: &str) -> Result<Arc<Tree>, Error> {
        let commit = self.poll(remote, branch)?;
        self.source.tree(&self.fetch(remote, &commit)?)
    }

    /// Folders of mirrors with the generations in each.
    pub(crate) fn mirrors(&self) -> Vec<PathBuf> {
        let list = |path: &Path| -> Vec<PathBuf> {
            let mut found: Vec<_> = std::fs::read_dir(path)
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .collect();
            found.sort();
            found
        };
        list(self.dir.path())
            .iter()
            .flat_map(|mirror| list(mirror))
            .collect()
    }
}

/// All files below the top as text, symlinks followed, in order.
pub(crate) fn texts(files: &dyn Files) -> Vec<(String, String)> {
    fn below(files: &dyn Files, folder: &str, texts: &mut Vec<(String, String)>) {
        for entry in files.list(folder).unwrap() {
            let path = if folder.is_empty() {
                entry.name
            } else {
                format!("{folder}/{}", entry.name)
            };
            match entry.kind {
                EntryKind::Directory => below(files, &path, texts),
                EntryKind::File => {
                    let text = files
                        .read_text(&path)
                        .unwrap_or_else(|error| format!("<{error}>"));
                    assert_eq!(
                        entry.size,
                        files
                            .read(&path)
                            .map_or(entry.size, |content| content.len() as u64)
                    );
                    texts.push((path, text));
                }
                EntryKind::Symlink => texts.push((path, "<dangling>".to_owned())),
            }
        }
    }
    let mut texts = Vec::new();
    below(files, "", &mut texts);
    texts
}

pub(crate) fn pairs(files: &[(&str, &str)]) -> Vec<(String, String)> {
    files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), (*text).to_owned()))
        .collect()
}
