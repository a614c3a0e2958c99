//! What the agent keeps on its disk: identity, desired state, bundles and inventories.
//!
//! Every file is written beside its place, synced and renamed, so that a crash leaves the old or the new one.
//! A file that cannot be read is moved to `damaged/` and named in the log; it never keeps the agent from
//! starting. One process owns the folder at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use fleet_core::bundle::{self, Bundle};
use fleet_core::digest::Digest;
use fleet_core::inventory::Inventory;
use fleet_core::name::BundleName;
use fleet_core::wire::Desired;
use serde::Serialize;
use serde::de::DeserializeOwned;

use fleet_core::error::chain;

const DESIRED: &str = "desired.json";
const BUNDLES: &str = "bundles";
const INVENTORIES: &str = "inventories";
const DAMAGED: &str = "damaged";

/// The agent's folder.
#[derive(Debug)]
pub struct Disk {
    root: PathBuf,
    /// Held for as long as the folder is used.
    _lock: File,
}

/// What the folder held when the agent started.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The last desired state.
    pub desired: Option<Desired>,
    /// What is owned, by deployment; empty where it is lost.
    pub inventories: BTreeMap<BundleName, Inventory>,
    /// Deployments whose inventory was damaged: what they own is to be found in the target.
    pub lost: BTreeSet<BundleName>,
    /// The bundles that are there; their content is verified when they are used.
    pub bundles: BTreeSet<Digest>,
}

/// Why the disk did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system refused.
    #[error("could not {what} `{path}`")]
    Io {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Another agent uses the folder.
    #[error("`{0}` is used by another agent")]
    InUse(PathBuf),
    /// A bundle's file does not hold that bundle.
    #[error("bundle `{digest}` is damaged and was set aside")]
    Damaged {
        /// The bundle.
        digest: Digest,
        /// What is wrong with it.
        source: bundle::Error,
    },
}

impl Disk {
    /// Opens `root`, which is created with mode 0700 if it does not exist.
    ///
    /// # Errors
    /// If the folder cannot be made or is used by another agent.
    pub fn open(root: &Path) -> Result<Self, Error> {
        let make = |path: &Path| {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(path)
                .map_err(io_error("create", path))
        };
        make(root)?;
        let owner_only = fs::Permissions::from_mode(0o700);
        fs::set_permissions(root, owner_only).map_err(io_error("restrict", root))?;
        make(&root.join(BUNDLES))?;
        make(&root.join(INVENTORIES))?;
        let path = root.join("lock");
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(io_error("open", &path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(Error::InUse(root.to_owned())),
            Err(TryLockError::Error(source)) => return Err(io_error("lock", &path)(source)),
        }
        Ok(Self {
            root: root.to_owned(),
            _lock: lock,
        })
    }

    /// Reads all but the bundles' content.
    pub fn load(&self) -> Loaded {
        let mut loaded = Loaded {
            desired: self.read_json(Path::new(DESIRED)),
            ..Loaded::default()
        };
        for file in self.files(INVENTORIES) {
            let name = file
                .strip_suffix(".json")
                .and_then(|name| BundleName::parse(name).ok());
            let path = Path::new(INVENTORIES).join(&file);
            let Some(name) = name else {
                continue;
            };
            let inventory = self.read_json(&path).unwrap_or_else(|| {
                loaded.lost.insert(name.clone());
                Inventory::default()
            });
            loaded.inventories.insert(name, inventory);
        }
        let digests = self.files(BUNDLES).into_iter();
        loaded.bundles = digests
            .filter_map(|file| Digest::parse(&format!("sha256:{file}")).ok())
            .collect();
        loaded
    }

    /// Keeps a desired state.
    ///
    /// # Errors
    /// If it could not be written; the one before is still there.
    pub fn save_desired(&self, desired: &Desired) -> Result<(), Error> {
        self.write_json(Path::new(DESIRED), desired)
    }

    /// Keeps what a deployment owns.
    ///
    /// # Errors
    /// If it could not be written; the inventory before is still there.
    pub fn save_inventory(&self, name: &BundleName, inventory: &Inventory) -> Result<(), Error> {
        self.write_json(&inventory_path(name), inventory)
    }

    /// What a deployment owns, as it was saved last.
    pub fn inventory(&self, name: &BundleName) -> Option<Inventory> {
        self.read_json(&inventory_path(name))
    }

    /// Drops what is known of a deployment that owns nothing any more.
    ///
    /// # Errors
    /// If its file could not be removed.
    pub fn forget(&self, name: &BundleName) -> Result<(), Error> {
        self.remove(&inventory_path(name))
    }

    /// Keeps a verified bundle.
    ///
    /// # Errors
    /// If it could not be written.
    pub fn save_bundle(&self, bundle: &Bundle) -> Result<(), Error> {
        self.write(&bundle_path(&bundle.id()), bundle.bytes())
    }

    /// Reads a bundle and verifies it.
    ///
    /// # Errors
    /// If it is not there or is damaged; a damaged one is set aside, so that it can be fetched again.
    pub fn bundle(&self, digest: &Digest) -> Result<Bundle, Error> {
        let path = bundle_path(digest);
        let full = self.root.join(&path);
        let bytes = fs::read(&full).map_err(io_error("read", &full))?;
        Bundle::decode(bytes, digest).map_err(|source| {
            self.set_aside(&path, &source);
            Error::Damaged {
                digest: *digest,
                source,
            }
        })
    }

    /// Drops all bundles that are not in `keep`.
    ///
    /// # Errors
    /// If one of them could not be removed; the others are gone.
    pub fn keep_bundles(&self, keep: &BTreeSet<Digest>) -> Result<(), Error> {
        let keep: BTreeSet<String> = keep.iter().map(Digest::hex).collect();
        let unwanted = self
            .files(BUNDLES)
            .into_iter()
            .filter(|file| !keep.contains(file));
        let results: Vec<_> = unwanted
            .map(|file| self.remove(&Path::new(BUNDLES).join(file)))
            .collect();
        results.into_iter().collect()
    }

    /// Reads a JSON file below the folder; `None` if there is none or it was damaged and set aside.
    pub(crate) fn read_json<T: DeserializeOwned>(&self, path: &Path) -> Option<T> {
        let text = match fs::read(self.root.join(path)) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return None,
            Err(error) => {
                self.set_aside(path, &error);
                return None;
            }
        };
        serde_json::from_slice(&text)
            .inspect_err(|error| self.set_aside(path, error))
            .ok()
    }

    /// Writes a JSON file below the folder.
    pub(crate) fn write_json<T: Serialize>(&self, path: &Path, value: &T) -> Result<(), Error> {
        let text = serde_json::to_vec(value).expect("our own types always have a JSON text");
        self.write(path, &text)
    }

    /// Writes a file below the folder: beside its place, synced, then renamed; readable by the owner only.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), Error> {
        let path = self.root.join(path);
        let folder = path.parent().unwrap_or(&self.root);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let beside = folder.join(format!(".{name}.new"));
        let written = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&beside)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(&beside, &path))
            .and_then(|()| File::open(folder)?.sync_all());
        written.map_err(io_error("write", &path))
    }

    fn remove(&self, path: &Path) -> Result<(), Error> {
        let path = self.root.join(path);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != ErrorKind::NotFound => {
                Err(io_error("remove", &path)(source))
            }
            _ => Ok(()),
        }
    }

    /// The names of the files in a sub-folder, sorted; what was left half-written is not among them.
    fn files(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.root.join(folder)).into_iter().flatten();
        let mut names: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .collect();
        names.sort();
        names
    }

    /// Moves a damaged file out of the way, and says so.
    fn set_aside(&self, path: &Path, why: &dyn std::error::Error) {
        let from = self.root.join(path);
        let folder = self.root.join(DAMAGED);
        let name = path.to_string_lossy().replace('/', "-");
        let to = (0..)
            .map(|n| folder.join(format!("{name}.{n}")))
            .find(|to| !to.exists())
            .expect("there are more numbers than files");
        let moved = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)
            .and_then(|()| fs::rename(&from, &to));
        tracing::error!(
            path = %from.display(), set_aside = %to.display(), moved = moved.is_ok(), error = chain(why),
            "a file of the agent's state is damaged"
        );
    }
}

fn inventory_path(name: &BundleName) -> PathBuf {
    Path::new(INVENTORIES).join(format!("{name}.json"))
}

fn bundle_path(digest: &Digest) -> PathBuf {
    Path::new(BUNDLES).join(digest.hex())
}

fn io_error(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_owned();
    move |source| Error::Io { what, path, source }
}

#[cfg(test)]
mod tests {
    use fleet_core::object::Object;
    use fleet_core::wire::Incarnation;
    use serde_json::json;

    use super::*;

    fn bundle(name: &str) -> Bundle {
        let value = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}});
        Bundle::new(vec![Object::parse(value).unwrap()])
    }

    fn desired() -> Desired {
        Desired {
            incarnation: Incarnation("one".to_owned()),
            state_revision: 3,
            deployments: vec![],
            removed: vec![],
        }
    }

    #[test]
    fn what_was_saved_is_there_after_a_restart() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("state");
        let (bundle, other) = (bundle("a"), bundle("b"));
        let shop = BundleName::parse("shop").unwrap();
        {
            let disk = Disk::open(&root).unwrap();
            assert!(matches!(Disk::open(&root), Err(Error::InUse(_))));
            disk.save_desired(&desired()).unwrap();
            disk.save_bundle(&bundle).unwrap();
            disk.save_bundle(&other).unwrap();
            disk.keep_bundles(&BTreeSet::from([bundle.id()])).unwrap();
            disk.save_inventory(&shop, &Inventory::default()).unwrap();
        }
        let disk = Disk::open(&root).unwrap();
        let loaded = disk.load();
        assert_eq!(loaded.desired, Some(desired()));
        assert_eq!(loaded.bundles, BTreeSet::from([bundle.id()]));
        assert_eq!(disk.bundle(&bundle.id()).unwrap(), bundle);
        assert_eq!(loaded.inventories.keys().collect::<Vec<_>>(), [&shop]);
        disk.forget(&shop).unwrap();
        disk.forget(&shop).unwrap();
        assert_eq!(disk.load().inventories.len(), 0);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&root), mode(&root.join(DESIRED))), (0o700, 0o600));
    }

    #[test]
    fn damaged_files_are_set_aside_and_the_rest_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::open(folder.path()).unwrap();
        let good = BundleName::parse("good").unwrap();
        disk.save_inventory(&good, &Inventory::default()).unwrap();
        disk.save_bundle(&bundle("a")).unwrap();
        let id = bundle("a").id();
        for (path, text) in [
            (DESIRED.to_owned(), "{"),
            (format!("{INVENTORIES}/bad.json"), "[]"),
            (format!("{BUNDLES}/{}", id.hex()), "fleet-bundle/1\n"),
        ] {
            fs::write(folder.path().join(path), text).unwrap();
        }
        let loaded = disk.load();
        assert_eq!(loaded.desired, None);
        assert_eq!(loaded.inventories.len(), 2, "a lost one is still known of");
        assert!(!loaded.lost.contains(&good) && loaded.lost.len() == 1);
        assert!(matches!(disk.bundle(&id), Err(Error::Damaged { .. })));
        assert!(matches!(disk.bundle(&id), Err(Error::Io { .. })));
        assert_eq!(disk.files(DAMAGED).len(), 3);
    }
}
