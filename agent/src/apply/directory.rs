//! A folder as target: one YAML file for each object, as k3s' auto-deploy and kubelet's static pods take them.
//!
//! Every file is a plain file directly in the folder, written beside its place and renamed. What is not such
//! a file of that very object, a symbolic link above all, is somebody else's and is never touched.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use fleet_agent_plan::apply::{OWNER_LABEL, Owner, Phase, Step, owner_value};
use fleet_agent_plan::deletion::Rank;
use fleet_agent_plan::outcome::{Action, Outcome};
use fleet_core::digest::Digest;
use fleet_core::inventory::{Entry, Inventory};
use fleet_core::name::{self, BundleName};
use fleet_core::object::{Object, ObjectRef, Scope};
use fleet_core::options::ApplyOptions;
use fleet_core::problem::{Problem, Reason};
use fleet_core::state::Health;
use fleet_core::wire::{AgentInfo, ObjectHealth};
use fleet_yaml::Duplicates;

use super::{Done, Observed, Session, Target, outcome_of};

/// The largest file that is read to see whose it is, in bytes; the API server takes no larger objects.
const MAX_FILE: u64 = 8 << 20;

/// A folder that objects are written into.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    written: Written,
}

/// The digests of the files that this process has written or found as desired.
type Written = Arc<Mutex<BTreeMap<ObjectRef, Digest>>>;

/// The folder as one deployment sees it.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    written: Written,
    owner: String,
}

/// What is at the place of an object's file.
enum Found {
    Nothing,
    /// A manifest of the object.
    Manifest {
        text: String,
        owner: Owner,
    },
    /// Something else, and what.
    Foreign(String),
}

impl Directory {
    /// A target that writes into `path`, which is created if it does not exist.
    ///
    /// # Errors
    /// If the folder cannot be made or found.
    pub fn open(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(path)?;
        Ok(Self {
            root: path.canonicalize()?,
            written: Arc::default(),
        })
    }
}

impl Target for Directory {
    type Session = Folder;

    async fn about(&self) -> Result<AgentInfo, Problem> {
        Ok(AgentInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ..AgentInfo::default()
        })
    }

    async fn open(
        &self,
        deployment: &BundleName,
        _: &ApplyOptions,
        _: &[Object],
    ) -> Result<Folder, Problem> {
        if !self.root.is_dir() {
            let message = format!("the folder `{}` is not there", self.root.display());
            return Err(Problem::new(Reason::ClusterUnreachable, message));
        }
        Ok(Folder {
            root: self.root.clone(),
            written: self.written.clone(),
            owner: owner_value(deployment),
        })
    }

    async fn observe(
        &self,
        deployment: &BundleName,
        inventory: &Inventory,
    ) -> Result<Observed, Problem> {
        let folder = self.open(deployment, &ApplyOptions::default(), &[]).await?;
        let entries = inventory.entries.clone();
        blocking(move || folder.look(&entries)).await
    }
}

impl Session for Folder {
    fn scope_of(&self, _: &Object) -> Option<Scope> {
        // A folder knows no more than what every Kubernetes knows.
        None
    }

    async fn find_owned(&self) -> Result<Vec<Entry>, Problem> {
        let folder = self.clone();
        let found = blocking(move || folder.owned()).await?;
        found.map_err(|error| Problem::new(Reason::ClusterUnreachable, error.to_string()))
    }

    async fn ensure_namespace(&self, _: &str) -> Done {
        // Who reads the folder cares for namespaces; a manifest of ours would be pruned with the deployment.
        Done::default()
    }

    async fn apply(&self, phase: &Phase) -> Done {
        let folder = self.clone();
        let mut done = each(phase.steps.clone(), move |step| folder.write(step)).await;
        // Once for all files: the names are as safe as their content then.
        let root = self.root.clone();
        let synced = blocking(move || File::open(root)?.sync_all()).await;
        if let Ok(Err(error)) = synced {
            let message = format!("could not sync `{}`: {error}", self.root.display());
            done.stop = Some(Problem::new(Reason::ApplyFailed, message));
        }
        done
    }

    async fn delete(&self, _: Rank, entries: &[Entry]) -> Done {
        let folder = self.clone();
        each(entries.to_vec(), move |entry| {
            outcome_of(entry, folder.delete(entry))
        })
        .await
    }

    async fn release(&self, entries: &[Entry]) -> Done {
        let folder = self.clone();
        each(entries.to_vec(), move |entry| {
            outcome_of(entry, folder.release(entry))
        })
        .await
    }

    async fn delete_namespace(&self, _: &str) -> Done {
        Done::default()
    }
}

impl Folder {
    fn write(&self, step: &Step) -> Outcome {
        let object = step.object.reference();
        // A hook that runs once would run each time that the folder is read; what hooks refer to does no harm.
        let runs_once = matches!(
            (object.group.as_str(), object.kind.as_str()),
            ("batch", "Job") | ("", "Pod")
        );
        let action = match &step.hook {
            Some(_) if runs_once => Action::Skipped("a folder cannot run hooks".to_owned()),
            _ => self.write_object(&step.object, &object),
        };
        Outcome {
            object,
            version: step.object.version().to_owned(),
            uid: None,
            action,
        }
    }

    fn write_object(&self, object: &Object, reference: &ObjectRef) -> Action {
        let fail = |reason, message: String| failed(reason, message, reference);
        let text = fleet_yaml::to_string(object.value());
        let path = self.path(reference);
        let action = match self.find(reference) {
            Ok(Found::Nothing) => Action::Created,
            Ok(Found::Manifest {
                owner: Owner::Other(other),
                ..
            }) => {
                let message = format!("`{}` belongs to deployment `{other}`", path.display());
                return fail(Reason::NotOwned, message);
            }
            Ok(Found::Manifest { text: old, .. }) if old == text => Action::Unchanged,
            Ok(Found::Manifest { .. }) => Action::Configured,
            Ok(Found::Foreign(what)) => return fail(Reason::NotOwned, what),
            Err(error) => return fail(Reason::ApplyFailed, error.to_string()),
        };
        if action != Action::Unchanged
            && let Err(error) = replace(&self.root, &path, text.as_bytes())
        {
            let message = format!("could not write `{}`: {error}", path.display());
            return fail(Reason::ApplyFailed, message);
        }
        self.remember(reference, Some(Digest::of(text.as_bytes())));
        action
    }

    fn delete(&self, entry: &Entry) -> Action {
        let path = self.path(&entry.object);
        let action = match self.find(&entry.object) {
            Ok(Found::Nothing) => Action::Deleted,
            Ok(Found::Foreign(what)) => Action::Skipped(what),
            Ok(Found::Manifest { owner, .. }) if owner != Owner::Us => {
                Action::Skipped(format!("`{}` is not ours any more", path.display()))
            }
            Ok(Found::Manifest { .. }) => match fs::remove_file(&path) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    let message = format!("could not delete `{}`: {error}", path.display());
                    return failed(Reason::PruneFailed, message, &entry.object);
                }
                _ => Action::Deleted,
            },
            Err(error) => return failed(Reason::PruneFailed, error.to_string(), &entry.object),
        };
        self.remember(&entry.object, None);
        action
    }

    /// Takes the owner label from a file that stays.
    fn release(&self, entry: &Entry) -> Action {
        let released = Action::Skipped("it stays, and is no longer ours".to_owned());
        let Ok(Found::Manifest {
            text,
            owner: Owner::Us,
        }) = self.find(&entry.object)
        else {
            return released;
        };
        let written = fleet_yaml::from_str(&text, Duplicates::LastWins)
            .map_err(|error| error.to_string())
            .and_then(|mut value| {
                if let Some(labels) = value["metadata"]["labels"].as_object_mut() {
                    labels.remove(OWNER_LABEL);
                }
                let text = fleet_yaml::to_string(&value);
                replace(&self.root, &self.path(&entry.object), text.as_bytes())
                    .map_err(|error| error.to_string())
            });
        match written {
            Ok(()) => released,
            Err(why) => failed(Reason::PruneFailed, why, &entry.object),
        }
    }

    /// The objects of all files that are ours, at the places where they belong.
    fn owned(&self) -> io::Result<Vec<Entry>> {
        let mut owned = Vec::new();
        for file in fs::read_dir(&self.root)? {
            let file = file?;
            let is_plain = file.file_type()?.is_file() && file.metadata()?.len() <= MAX_FILE;
            let manifest = Some(file.path())
                .filter(|_| is_plain)
                .and_then(|path| fs::read_to_string(path).ok())
                .and_then(|text| fleet_yaml::from_str(&text, Duplicates::LastWins).ok())
                .and_then(|value| Object::parse(value).ok());
            let Some(manifest) = manifest else {
                continue;
            };
            let object = manifest.reference();
            let owner = Owner::of(manifest.label(OWNER_LABEL), &self.owner);
            if owner == Owner::Us && file.file_name() == *file_name(&object) {
                owned.push(Entry {
                    object,
                    version: manifest.version().to_owned(),
                    uid: None,
                });
            }
        }
        Ok(owned)
    }

    fn look(&self, entries: &[Entry]) -> Observed {
        let written = self.written.lock();
        let written = written.unwrap_or_else(PoisonError::into_inner);
        let mut observed = Observed::default();
        for Entry { object, .. } in entries {
            let Ok(Found::Manifest { text, .. }) = self.find(object) else {
                observed.n_modified += 1;
                observed.not_ready.push(ObjectHealth {
                    object: object.clone(),
                    health: Health::Unknown,
                    message: "its file is gone".to_owned(),
                });
                continue;
            };
            let digest = Digest::of(text.as_bytes());
            let is_changed = written.get(object).is_some_and(|known| *known != digest);
            observed.n_modified += u32::from(is_changed);
        }
        observed
    }

    fn remember(&self, object: &ObjectRef, digest: Option<Digest>) {
        let written = self.written.lock();
        let mut written = written.unwrap_or_else(PoisonError::into_inner);
        match digest {
            Some(digest) => written.insert(object.clone(), digest),
            None => written.remove(object),
        };
    }

    fn path(&self, object: &ObjectRef) -> PathBuf {
        self.root.join(file_name(object))
    }

    /// Looks at the place of an object's file.
    fn find(&self, object: &ObjectRef) -> io::Result<Found> {
        let path = self.path(object);
        let metadata = match fs::symlink_metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
            Err(error) => return Err(error),
        };
        let foreign = |why: &str| Ok(Found::Foreign(format!("`{}` {why}", path.display())));
        if !metadata.is_file() {
            return foreign("is no plain file");
        }
        if metadata.len() > MAX_FILE {
            return foreign("is larger than any object");
        }
        let Ok(text) = fs::read_to_string(&path) else {
            return foreign("cannot be read as text");
        };
        let manifest = fleet_yaml::from_str(&text, Duplicates::LastWins)
            .ok()
            .and_then(|value| Object::parse(value).ok());
        match manifest {
            None => foreign("holds no manifest"),
            Some(manifest) if manifest.reference() != *object => foreign("holds another object"),
            Some(manifest) => Ok(Found::Manifest {
                owner: Owner::of(manifest.label(OWNER_LABEL), &self.owner),
                text,
            }),
        }
    }
}

/// The name of an object's file: readable, the same each time, and never that of two objects.
///
/// The part before the first dot is a DNS label of its own, because k3s names what it makes of a file by it.
pub fn file_name(object: &ObjectRef) -> String {
    let ObjectRef {
        group,
        kind,
        namespace,
        name,
    } = object;
    let words = [namespace, kind, name].map(|text| {
        let lower = text.to_lowercase();
        lower.replace(|c: char| !c.is_ascii_alphanumeric(), "-")
    });
    let words: Vec<_> = words.iter().filter(|word| !word.is_empty()).collect();
    let words: Vec<_> = words.iter().map(|word| word.trim_matches('-')).collect();
    // No part can hold a `/`.
    let exact = format!("{namespace}/{group}/{kind}/{name}");
    let hash = &Digest::of(exact.as_bytes()).hex()[..10];
    let readable = name::limit(&words.join("-"), 52);
    format!("{}-{hash}.yaml", readable.trim_matches('-'))
}

/// Writes a file beside its place, syncs its content and renames it; readers of such folders skip names that begin with
/// a dot.
fn replace(root: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = root.join(format!(".{name}.new"));
    // Whatever is at this place, a link perhaps, is removed and not followed.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        // Some of them are Secrets.
        .mode(0o600)
        .open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}

fn failed(reason: Reason, message: String, object: &ObjectRef) -> Action {
    Action::Failed(Problem::new(reason, message).about(object.clone()))
}

/// Does one thing after the other on a thread where blocking does no harm.
async fn each<T: Send + 'static>(
    items: Vec<T>,
    act: impl Fn(&T) -> Outcome + Send + 'static,
) -> Done {
    match blocking(move || items.iter().map(act).collect()).await {
        Ok(outcomes) => Done {
            outcomes,
            stop: None,
        },
        Err(problem) => Done::stopped(problem),
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Problem::new(Reason::ApplyFailed, error.to_string()))
}

#[cfg(test)]
mod tests;
