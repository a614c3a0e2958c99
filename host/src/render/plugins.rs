//! The plugins in a folder, `NAME.wasm` each: loaded when first asked for, and again when the file changes.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use fleet_core::problem::{Problem, Reason};
use fleet_plugin::{Engine, Plugin};
use tokio::sync::OnceCell;

/// The plugins of a host.
#[derive(Clone, Debug)]
pub struct PluginSet(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    engine: Engine,
    dir: PathBuf,
    loaded: Mutex<HashMap<String, Slot>>,
}

/// A file as it was when it was loaded; whoever asks at the same time waits for one load.
#[derive(Clone, Debug)]
struct Slot {
    file: FileState,
    plugin: Arc<OnceCell<Result<Plugin, Problem>>>,
}

/// What tells one version of a file from another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct FileState {
    modified: Option<SystemTime>,
    len: u64,
}

impl PluginSet {
    /// The plugins of a folder. Nothing is read yet.
    pub fn open(engine: Engine, dir: impl Into<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            engine,
            dir: dir.into(),
            loaded: Mutex::default(),
        }))
    }

    /// Where they are.
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }

    /// One plugin.
    ///
    /// # Errors
    /// If there is none of that name, or its file is no component that this host can run.
    pub async fn get(&self, name: &str) -> Result<Plugin, Problem> {
        let path = self.path(name)?;
        let metadata = tokio::fs::metadata(&path)
            .await
            .map_err(|error| not_found(name, &path, &error))?;
        let file = FileState::of(&metadata);
        let slot = {
            let mut loaded = self.0.loaded.lock().unwrap_or_else(PoisonError::into_inner);
            match loaded.get(name) {
                Some(slot) if slot.file == file => slot.clone(),
                _ => {
                    let plugin = Arc::default();
                    let slot = Slot { file, plugin };
                    loaded.insert(name.to_owned(), slot.clone());
                    slot
                }
            }
        };
        slot.plugin
            .get_or_init(|| self.load(name, &path))
            .await
            .clone()
    }

    async fn load(&self, name: &str, path: &Path) -> Result<Plugin, Problem> {
        let bytes = tokio::fs::read(path)
            .await
            .map_err(|error| not_found(name, path, &error))?;
        let begin = std::time::Instant::now();
        let plugin = Plugin::load(&self.0.engine, bytes)
            .await
            .map_err(|error| error.problem(name))?;
        let elapsed_ms = begin.elapsed().as_millis();
        let identity = plugin.identity();
        tracing::info!(plugin = name, version = %identity.version, digest = %identity.digest, elapsed_ms, "plugin loaded");
        Ok(plugin)
    }

    /// The file of a plugin. A name comes from a repository, so it must not lead out of the folder.
    fn path(&self, name: &str) -> Result<PathBuf, Problem> {
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || name.starts_with('.') || name.len() > 64 || !name.chars().all(good) {
            let name: String = name.escape_debug().take(80).collect();
            let message = format!("`{name}` cannot be the name of a plugin");
            return Err(Problem::new(Reason::PluginNotFound, message));
        }
        Ok(self.0.dir.join(format!("{name}.wasm")))
    }
}

impl FileState {
    fn of(metadata: &Metadata) -> Self {
        Self {
            modified: metadata.modified().ok(),
            len: metadata.len(),
        }
    }
}

fn not_found(name: &str, path: &Path, error: &std::io::Error) -> Problem {
    let message = format!(
        "there is no plugin `{name}`: could not read `{}`: {error}",
        path.display()
    );
    Problem::new(Reason::PluginNotFound, message)
        .hint("build the plugins with `cargo xtask plugins`, or name their folder by `--plugins` or FLEET_PLUGINS")
}

/// The folder of plugins: the one that was named, else `plugins/` beside this program or one folder up.
pub fn find_plugin_dir(named: Option<PathBuf>) -> Option<PathBuf> {
    if named.is_some() {
        return named;
    }
    let program = std::env::current_exe().ok()?;
    let folders = program.ancestors().skip(1).take(3);
    folders
        .map(|folder| folder.join("plugins"))
        .find(|dir| dir.is_dir())
}
