//! What each reference of a commit stands for, written down: the same commit is rendered from the same bytes.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use fleet_core::digest::Digest;
use serde::{Deserialize, Serialize};

use crate::Error;

/// How many commits of one GitRepo are remembered, so that going back to one is still the same.
const MAX_COMMITS: usize = 10;

/// How old the file of a GitRepo must be before it is removed.
const MIN_AGE: Duration = Duration::from_secs(600);

/// For which commit of which GitRepo something is looked up.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    repo: String,
    /// Empty: nothing is written down.
    commit: String,
}

impl Scope {
    /// A commit of a GitRepo, which is named with its workspace.
    pub fn new(repo: impl Into<String>, commit: impl Into<String>) -> Self {
        Self {
            repo: repo.into(),
            commit: commit.into(),
        }
    }

    /// No commit at all: what a reference stands for is looked up anew each time.
    pub fn passing() -> Self {
        Self::new("", "")
    }

    fn is_passing(&self) -> bool {
        self.commit.is_empty()
    }
}

/// What a reference stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(crate) enum Pin {
    /// An archive, and where it was.
    Archive { url: String, digest: Digest },
    /// The one layer of an artifact in a registry, and where it was.
    Layer {
        registry: String,
        repository: String,
        digest: Digest,
    },
    /// A file.
    File { digest: Digest },
    /// A commit of a Git repository.
    Commit { commit: String },
}

/// All that is written down, one file for each GitRepo.
#[derive(Debug)]
pub(crate) struct Pins {
    root: PathBuf,
    repos: Mutex<HashMap<String, Repo>>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repo {
    name: String,
    /// The newest last.
    commits: Vec<Commit>,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Commit {
    commit: String,
    pins: BTreeMap<String, Pin>,
}

impl Repo {
    /// What is written down for a commit.
    fn pins(&self, scope: &Scope) -> Option<&BTreeMap<String, Pin>> {
        let mut commits = self.commits.iter();
        let commit = commits.find(|known| known.commit == scope.commit)?;
        Some(&commit.pins)
    }
}

impl Pins {
    pub(crate) fn open(root: &Path) -> Result<Self, Error> {
        fs::create_dir_all(root).map_err(Error::disk("open the folder of pins"))?;
        Ok(Self {
            root: root.to_owned(),
            repos: Mutex::default(),
        })
    }

    /// What a reference stands for, if that was looked up before.
    ///
    /// # Errors
    /// If it cannot be read: looking up anew could silently give something else.
    pub(crate) fn get(&self, scope: &Scope, reference: &str) -> Result<Option<Pin>, Error> {
        if scope.is_passing() {
            return Ok(None);
        }
        let mut repos = self.repos.lock().unwrap_or_else(PoisonError::into_inner);
        let repo = self.repo(&mut repos, &scope.repo)?;
        Ok(repo
            .pins(scope)
            .and_then(|pins| pins.get(reference))
            .cloned())
    }

    /// How many references of a commit are written down.
    pub(crate) fn count(&self, scope: &Scope) -> Result<usize, Error> {
        let mut repos = self.repos.lock().unwrap_or_else(PoisonError::into_inner);
        let repo = self.repo(&mut repos, &scope.repo)?;
        Ok(repo.pins(scope).map_or(0, BTreeMap::len))
    }

    /// Writes down what a reference stands for; durable when it returns.
    pub(crate) fn set(&self, scope: &Scope, reference: &str, pin: Pin) -> Result<(), Error> {
        if scope.is_passing() {
            return Ok(());
        }
        let mut repos = self.repos.lock().unwrap_or_else(PoisonError::into_inner);
        let mut repo = self.repo(&mut repos, &scope.repo)?.clone();
        let at = match repo
            .commits
            .iter()
            .position(|known| known.commit == scope.commit)
        {
            Some(at) => at,
            None => {
                let surplus = (repo.commits.len() + 1).saturating_sub(MAX_COMMITS);
                repo.commits.drain(..surplus);
                repo.commits.push(Commit {
                    commit: scope.commit.clone(),
                    pins: BTreeMap::new(),
                });
                repo.commits.len() - 1
            }
        };
        repo.commits[at].pins.insert(reference.to_owned(), pin);
        self.write(&repo)
            .map_err(Error::disk("write down what a reference stands for"))?;
        repos.insert(scope.repo.clone(), repo);
        Ok(())
    }

    /// Forgets all other GitRepos.
    pub(crate) fn retain(&self, repos: &[String]) {
        let mut known = self.repos.lock().unwrap_or_else(PoisonError::into_inner);
        // What is on disk is read again when it is asked for.
        known.retain(|name, _| repos.contains(name));
        let files: Vec<PathBuf> = repos.iter().map(|name| self.path(name)).collect();
        for entry in fs::read_dir(&self.root).into_iter().flatten().flatten() {
            // One that was just written may be of a GitRepo that came after the caller looked.
            let written = entry.metadata().and_then(|metadata| metadata.modified());
            let is_old = written.is_ok_and(|at| at.elapsed().is_ok_and(|age| age > MIN_AGE));
            if is_old && !files.contains(&entry.path()) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn repo<'r>(
        &self,
        repos: &'r mut HashMap<String, Repo>,
        name: &str,
    ) -> Result<&'r Repo, Error> {
        if !repos.contains_key(name) {
            let read = self
                .read(name)
                .map_err(Error::disk("read what references stand for"))?;
            repos.insert(name.to_owned(), read);
        }
        Ok(&repos[name])
    }

    fn read(&self, name: &str) -> io::Result<Repo> {
        match fs::read(self.path(name)) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Repo {
                name: name.to_owned(),
                commits: Vec::new(),
            }),
            Err(error) => Err(error),
        }
    }

    fn write(&self, repo: &Repo) -> io::Result<()> {
        let path = self.path(&repo.name);
        let mut file = tempfile::NamedTempFile::new_in(&self.root)?;
        file.write_all(&serde_json::to_vec(repo)?)?;
        file.as_file().sync_all()?;
        file.persist(path)?;
        fs::File::open(&self.root)?.sync_all()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root
            .join(format!("{}.json", Digest::of(name.as_bytes()).hex()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(text: &str) -> Pin {
        let digest = Digest::of(text.as_bytes());
        Pin::File { digest }
    }

    #[test]
    fn pins_outlive_the_process_and_belong_to_one_commit() {
        let dir = tempfile::tempdir().unwrap();
        let (first, second) = (Scope::new("n/a", "1"), Scope::new("n/a", "2"));
        let pins = Pins::open(dir.path()).unwrap();
        pins.set(&first, "r", pin("x")).unwrap();
        pins.set(&second, "r", pin("y")).unwrap();
        let again = Pins::open(dir.path()).unwrap();
        assert_eq!(again.get(&first, "r").unwrap(), Some(pin("x")));
        assert_eq!(again.get(&second, "r").unwrap(), Some(pin("y")));
        assert_eq!(again.get(&Scope::new("n/b", "1"), "r").unwrap(), None);
        assert_eq!(again.count(&first).unwrap(), 1);
        for n in 0..MAX_COMMITS - 1 {
            again
                .set(&Scope::new("n/a", format!("c{n}")), "r", pin("z"))
                .unwrap();
        }
        assert_eq!(
            again.get(&first, "r").unwrap(),
            None,
            "the oldest is forgotten"
        );
        assert_eq!(again.get(&second, "r").unwrap(), Some(pin("y")));
        again.retain(&["n/b".to_owned()]);
        assert_eq!(again.get(&second, "r").unwrap(), Some(pin("y")));
        let file = fs::File::options()
            .append(true)
            .open(again.path("n/a"))
            .unwrap();
        file.set_modified(std::time::SystemTime::now() - 2 * MIN_AGE)
            .unwrap();
        again.retain(&["n/b".to_owned()]);
        assert_eq!(
            Pins::open(dir.path()).unwrap().get(&second, "r").unwrap(),
            None
        );
    }

    #[test]
    fn a_damaged_file_is_an_error_and_not_a_new_look() {
        let dir = tempfile::tempdir().unwrap();
        let pins = Pins::open(dir.path()).unwrap();
        pins.set(&Scope::new("n/a", "1"), "r", pin("x")).unwrap();
        fs::write(pins.path("n/a"), "{").unwrap();
        let again = Pins::open(dir.path()).unwrap();
        assert!(again.get(&Scope::new("n/a", "1"), "r").is_err());
    }
}
