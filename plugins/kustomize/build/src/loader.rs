//! Files as one kustomization may see them.

use std::cell::Cell;
use std::rc::Rc;

use fleet_core::files::{self, Files, ReadError};

use crate::error::{Error, Result};

/// Which files a kustomization may read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Restriction {
    /// Those in or below its own folder.
    #[default]
    RootOnly,
    /// All of the repository.
    None,
}

/// How deep kustomizations may nest; each level takes its part of the stack.
const MAX_NESTED: usize = 100;

/// How many kustomizations may be built for one: bases that are each used twice double with every level.
const MAX_KUSTOMIZATIONS: usize = 10_000;

/// Files as the kustomization in one folder may see them.
#[derive(Clone)]
pub struct Loader<'a> {
    files: &'a dyn Files,
    restriction: Restriction,
    /// The folders from the outermost kustomization to this one.
    roots: Vec<String>,
    /// How many kustomizations have been entered, by all loaders of the build.
    n_entered: Rc<Cell<usize>>,
}

/// What stands at a path of `resources`.
#[derive(Debug)]
pub enum Found {
    /// A file with its path from the top of the repository and its content.
    File(String, Vec<u8>),
    /// A folder.
    Folder,
}

impl<'a> Loader<'a> {
    /// The files of the folder that is built.
    ///
    /// # Errors
    /// If it is no folder.
    pub fn new(files: &'a dyn Files, restriction: Restriction, root: &str) -> Result<Self> {
        let root = files::join("", root).map_err(|error| cannot("build", root, &error))?;
        match files.list(&root) {
            Ok(_) => Ok(Self {
                files,
                restriction,
                roots: vec![root],
                n_entered: Rc::default(),
            }),
            Err(error) => Err(Error::new(
                "kustomize/file",
                format!("must build at directory: cannot list `{root}`: {error}"),
            )),
        }
    }

    /// Path of the folder, from the top of the repository.
    pub fn root(&self) -> &str {
        self.roots.last().map_or("", String::as_str)
    }

    /// A path relative to the folder, from the top of the repository.
    ///
    /// # Errors
    /// If it leaves the repository or is absolute.
    pub fn path(&self, path: &str) -> Result<String> {
        if path.starts_with('/') {
            return Err(Error::new(
                "kustomize/security",
                format!("security; path `{path}` cannot be absolute"),
            )
            .hint("give the path relative to the kustomization"));
        }
        files::join(self.root(), path).map_err(|error| cannot("read", path, &error))
    }

    /// The content of a file.
    ///
    /// # Errors
    /// If it cannot be read, or the load restriction forbids it.
    pub fn read(&self, path: &str) -> Result<Vec<u8>> {
        match self.find(path)? {
            Found::File(_, content) => Ok(content),
            Found::Folder => Err(Error::new(
                "kustomize/file",
                format!("`{path}` must resolve to a file"),
            )),
        }
    }

    /// The content of a text file.
    ///
    /// # Errors
    /// If it cannot be read or is no UTF-8, or the load restriction forbids it.
    pub fn read_text(&self, path: &str) -> Result<String> {
        text(self.read(path)?, path)
    }

    /// What stands at a path: a file is read, a folder only found.
    ///
    /// # Errors
    /// If there is nothing, or it is a file that cannot be read or that the load restriction forbids.
    pub fn find(&self, path: &str) -> Result<Found> {
        if path.is_empty() {
            return Err(Error::new("kustomize/file", "a path cannot be empty"));
        }
        if is_remote(path) {
            return self.found(self.resolve(path)?, path);
        }
        let full = self.path(path)?;
        if self.restriction == Restriction::RootOnly && !contains(self.root(), &full) {
            return match self.files.list(&full) {
                Ok(_) => Ok(Found::Folder),
                Err(ReadError::NotADirectory) => Err(Error::new(
                    "kustomize/security",
                    format!(
                        "security; file `{full}` is not in or below `{}`",
                        display(self.root())
                    ),
                )
                .hint("move the file, make a kustomization of its folder, or set the load restrictor to `LoadRestrictionsNone`")),
                Err(error) => Err(cannot("read", path, &error)),
            };
        }
        self.found(full, path)
    }

    fn found(&self, full: String, path: &str) -> Result<Found> {
        match self.files.read(&full) {
            Ok(content) => Ok(Found::File(full, content)),
            Err(ReadError::NotAFile) => Ok(Found::Folder),
            Err(error) => Err(cannot("read", path, &error)),
        }
    }

    /// Whether there is a folder at a path from the top of the repository.
    pub fn is_folder(&self, full: &str) -> bool {
        self.files.list(full).is_ok()
    }

    /// Where the host puts what is not in the repository.
    ///
    /// # Errors
    /// If it does not.
    pub fn resolve(&self, reference: &str) -> Result<String> {
        self.files.resolve(reference).map_err(|error| {
            Error::new(
                "kustomize/remote",
                format!("cannot use the remote resource `{reference}`: {error}"),
            )
            .hint("copy it into the repository, or have the operator allow remote bases")
        })
    }

    /// The files of another folder, as `resources` and `components` name it.
    ///
    /// # Errors
    /// If it is no folder, or contains one that is being built.
    pub fn enter(&self, path: &str) -> Result<Self> {
        let root = if is_remote(path) {
            self.resolve(path)?
        } else {
            self.path(path)?
        };
        if let Err(error) = self.files.list(&root) {
            return Err(Error::new(
                "kustomize/file",
                format!("must build at directory: cannot list `{path}`: {error}"),
            ));
        }
        if let Some(visited) = self
            .roots
            .iter()
            .rev()
            .find(|visited| contains(&root, visited))
        {
            return Err(Error::new(
                "kustomize/cycle",
                format!(
                    "cycle detected: candidate root `{}` contains visited root `{}`",
                    display(&root),
                    display(visited)
                ),
            ));
        }
        let limit = |what: String| Err(Error::new("kustomize/limit", what));
        if self.roots.len() >= MAX_NESTED {
            return limit(format!(
                "kustomizations nest deeper than {MAX_NESTED} levels"
            ));
        }
        self.n_entered.set(self.n_entered.get() + 1);
        if self.n_entered.get() > MAX_KUSTOMIZATIONS {
            return limit(format!(
                "more than {MAX_KUSTOMIZATIONS} kustomizations are built for this one"
            ));
        }
        let mut roots = self.roots.clone();
        roots.push(root);
        Ok(Self {
            roots,
            ..self.clone()
        })
    }

    /// The kustomization file of the folder: its path, its name and its text.
    ///
    /// # Errors
    /// If there is none, or more than one.
    pub fn kustomization(&self) -> Result<(String, &'static str, String)> {
        let root = self.root();
        let entries = self
            .files
            .list(root)
            .map_err(|error| cannot("list", root, &error))?;
        let mut names = crate::kustomization::FILE_NAMES
            .into_iter()
            .filter(|name| entries.iter().any(|entry| entry.name == *name));
        let Some(name) = names.next() else {
            return Err(Error::new(
                "kustomize/missing",
                format!(
                    "unable to find one of `kustomization.yaml`, `kustomization.yml` or `Kustomization` in directory `{}`",
                    display(root)
                ),
            ));
        };
        if let Some(other) = names.next() {
            return Err(Error::new(
                "kustomize/missing",
                format!(
                    "found multiple kustomization files under `{}`: `{name}` and `{other}`",
                    display(root)
                ),
            ));
        }
        let path = files::join(root, name).map_err(|error| cannot("read", name, &error))?;
        let content = self
            .files
            .read(&path)
            .map_err(|error| cannot("read", &path, &error))?;
        Ok((path, name, text(content, name)?))
    }
}

fn text(content: Vec<u8>, path: &str) -> Result<String> {
    String::from_utf8(content).map_err(|_| {
        Error::new(
            "kustomize/file",
            format!("cannot read `{path}`: it is not UTF-8 text"),
        )
    })
}

fn cannot(what: &str, path: &str, error: &ReadError) -> Error {
    let code = match error {
        ReadError::Denied(_) => "kustomize/security",
        _ => "kustomize/file",
    };
    Error::new(code, format!("cannot {what} `{path}`: {error}"))
}

/// The top of the repository has no name of its own.
fn display(root: &str) -> &str {
    if root.is_empty() { "." } else { root }
}

/// Whether a folder is, or contains, another one.
fn contains(folder: &str, path: &str) -> bool {
    folder.is_empty()
        || path == folder
        || path
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
}

/// Whether a path names something outside the repository: a URL, `git@host:path`, or a repository on GitHub.
pub fn is_remote(path: &str) -> bool {
    let path = path.strip_prefix("git::").unwrap_or(path);
    let lower = path.to_ascii_lowercase();
    if ["https://", "http://", "ssh://", "file://"]
        .iter()
        .any(|scheme| lower.starts_with(scheme))
    {
        return true;
    }
    let user = path
        .split_once('@')
        .is_some_and(|(user, rest)| !user.contains(['/', ':']) && rest.contains([':', '/']));
    user || lower.starts_with("github.com/") || lower.starts_with("github.com:")
}

#[cfg(test)]
mod tests {
    use fleet_core::files::MemoryFiles;

    use super::*;

    fn files() -> MemoryFiles {
        MemoryFiles::new()
            .with("base/kustomization.yaml", "x")
            .with("base/a.yaml", "a")
            .with("over/lay/kustomization.yaml", "x")
            .with("over/lay/Kustomization", "x")
            .with("other/a.yaml", "a")
    }

    #[test]
    fn only_files_below_the_root_are_read() {
        let files = files();
        let read = |restriction, path: &str| {
            Loader::new(&files, restriction, "over/lay")
                .unwrap()
                .read(path)
                .map_err(|error| error.message().to_owned())
        };
        assert!(read(Restriction::RootOnly, "kustomization.yaml").is_ok());
        assert!(
            read(Restriction::RootOnly, "../../other/a.yaml")
                .unwrap_err()
                .starts_with("security; file `other/a.yaml` is not in or below `over/lay`")
        );
        assert!(read(Restriction::None, "../../other/a.yaml").is_ok());
        assert!(
            read(Restriction::None, "../../../x")
                .unwrap_err()
                .contains("leaves the repository")
        );
        assert!(
            read(Restriction::None, "/etc/passwd")
                .unwrap_err()
                .contains("absolute")
        );
    }

    #[test]
    fn a_folder_may_not_contain_one_that_is_being_built() {
        let files = files();
        let outer = Loader::new(&files, Restriction::RootOnly, "over/lay").unwrap();
        let base = outer.enter("../../base").unwrap();
        assert_eq!(base.root(), "base");
        for (loader, path) in [
            (&outer, "."),
            (&outer, ".."),
            (&base, "../over/lay"),
            (&base, ".."),
        ] {
            let error = loader.enter(path).err().unwrap();
            assert!(error.message().starts_with("cycle detected"), "{error}");
        }
        let error = outer.enter("../../nope").err().unwrap();
        assert!(
            error.message().starts_with("must build at directory"),
            "{error}"
        );
    }

    #[test]
    fn there_must_be_exactly_one_kustomization() {
        let files = files();
        let of = |root: &str| {
            Loader::new(&files, Restriction::RootOnly, root)
                .unwrap()
                .kustomization()
        };
        assert_eq!(of("base").unwrap().0, "base/kustomization.yaml");
        assert!(
            of("other")
                .unwrap_err()
                .message()
                .starts_with("unable to find one of")
        );
        assert!(of("over/lay").unwrap_err().message().contains("multiple"));
    }

    #[test]
    fn remote_bases_are_told_from_paths() {
        for (path, expected) in [
            ("https://example.com/x.yaml", true),
            ("git@github.com:a/b", true),
            ("github.com/a/b//c?ref=v1", true),
            ("ssh://git@host/a", true),
            ("../base", false),
            ("a@b.yaml", false),
            ("example.com/a", false),
        ] {
            assert_eq!(is_remote(path), expected, "{path}");
        }
    }
}
