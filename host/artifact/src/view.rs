//! The files of a commit, with what they name outside of it shown below one folder.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fleet_core::files::{self, Entry, Files, ReadError};
use fleet_core::remote::{self, ROOT};

use crate::access::Access;
use crate::pins::Scope;
use crate::remotes::{Content, Failed, Remotes};

type Shown = Arc<dyn Files + Send + Sync>;

/// The files of a commit, and of everything outside of it that was asked for.
///
/// One answer is given to one question as long as it lives, even if that is a refusal, so that all that is rendered from
/// it fits together. What was not asked for through it cannot be read, and nothing of the repository can take its place.
pub struct View {
    remotes: Arc<Remotes>,
    files: Shown,
    scope: Scope,
    access: Access,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    answers: HashMap<String, Result<String, ReadError>>,
    mounts: BTreeMap<String, Shown>,
    retry_after: Option<Duration>,
}

impl View {
    pub(crate) fn new(remotes: Arc<Remotes>, files: Shown, scope: Scope, access: Access) -> Self {
        Self {
            remotes,
            files,
            scope,
            access,
            state: Mutex::default(),
        }
    }

    /// When to look again for what could not be fetched: so long after the first of them failed; `None` if nothing can
    /// change by itself.
    pub fn retry_after(&self) -> Option<Duration> {
        self.lock().retry_after
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The files that a path is of, and the path in them.
    fn locate(&self, path: &str) -> Result<(Shown, String), ReadError> {
        let path = files::join("", path)?;
        if path == ROOT {
            return Err(ReadError::NotFound);
        }
        let Some((name, inner)) = remote::split(&path) else {
            return Ok((Arc::clone(&self.files), path));
        };
        let mount = self.lock().mounts.get(name).cloned();
        Ok((mount.ok_or(ReadError::NotFound)?, inner.to_owned()))
    }
}

impl Files for View {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let (files, path) = self.locate(path)?;
        files.read(&path)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let (files, inner) = self.locate(path)?;
        let mut entries = files.list(&inner)?;
        // A folder of that name in the repository is covered, so it is not shown either.
        if let Some((folder, name)) = ROOT.rsplit_once('/')
            && files::join("", path).as_deref() == Ok(folder)
        {
            entries.retain(|entry| entry.name != name);
        }
        Ok(entries)
    }

    fn resolve(&self, reference: &str) -> Result<String, ReadError> {
        if let Some(answer) = self.lock().answers.get(reference) {
            return answer.clone();
        }
        let obtained = self.remotes.obtain(&self.scope, reference, &self.access);
        let mut state = self.lock();
        if let Some(answer) = state.answers.get(reference) {
            return answer.clone();
        }
        let answer = match obtained {
            Ok(Content { name, files, path }) => {
                let shown = match path.as_str() {
                    "" => format!("{ROOT}/{name}"),
                    path => format!("{ROOT}/{name}/{path}"),
                };
                state.mounts.insert(name, files);
                Ok(shown)
            }
            Err(Failed { error, wait }) => {
                state.retry_after = state.retry_after.into_iter().chain(wait).min();
                Err(error.to_read_error())
            }
        };
        state.answers.insert(reference.to_owned(), answer.clone());
        answer
    }

    fn is_file(&self, path: &str) -> bool {
        self.locate(path)
            .is_ok_and(|(files, path)| files.is_file(&path))
    }
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View")
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
