//! Our own renderers in one warm process: the components, through the path of `fleet render`.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context as _, Result};
use fleet_core::entropy::Entropy;
use fleet_core::facts::StaticFacts;
use fleet_core::files::{Entry, Files, ReadError};
use fleet_core::problem::Problem;
use fleet_core::secret::Secret;
use fleet_host::render::dir::{As, LoadRestrictor, Options, Renderer};
use fleet_host::render::{PluginSet, find_plugin_dir};
use fleet_plugin::{Context, Engine, HostEntropy, Plugin, Request, Usage};
use fleet_source::folder::Folder;
use fleet_yaml::Duplicates;
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::corpus::{Case, Suite};
use crate::run::Rendered;

/// Commit time of everything that is rendered here.
pub const TIME: u64 = 1_700_000_000;

/// The components in one warm process.
pub struct Ours {
    runtime: Runtime,
    plugins: PluginSet,
    renderer: Renderer,
    /// For calls besides the renderer's; one for all, so that keys are made once.
    entropy: Arc<dyn Entropy + Send + Sync>,
}

impl Ours {
    /// Plugins from `dir`, else from where `fleet` looks for them; so many renders at once.
    ///
    /// # Errors
    /// If there are no plugins, or this machine cannot run them.
    pub fn new(dir: Option<PathBuf>, parallel: usize) -> Result<Self> {
        let runtime = Runtime::new()?;
        let beside = std::env::current_exe()?
            .ancestors()
            .skip(1)
            .map(|folder| folder.join("plugins"))
            .find(|folder| folder.is_dir());
        let dir = find_plugin_dir(dir)
            .or(beside)
            .context("there are no plugins; `cargo xtask plugins` builds them")?;
        let cache_dir = std::env::home_dir().map(|home| home.join(".cache/fleet/plugins"));
        let guard = runtime.enter();
        let engine = Engine::new(fleet_plugin::Options {
            cache_dir,
            ..fleet_plugin::Options::default()
        })?;
        let renderer = Renderer::new(PluginSet::open(engine.clone(), dir.clone()), parallel);
        let plugins = PluginSet::open(engine, dir);
        drop(guard);
        let entropy = HostEntropy::new(Secret::new([0; 32])).bundle("", TIME);
        Ok(Self {
            runtime,
            plugins,
            renderer,
            entropy: Arc::new(entropy),
        })
    }

    /// What `fleet render` would print, or why it prints nothing.
    ///
    /// # Errors
    /// With all problems in one text.
    pub fn render(&self, options: &Options) -> Rendered {
        match self.runtime.block_on(self.renderer.render(options)) {
            Ok(printed) => Ok(printed.stdout),
            Err(problems) => {
                let texts: Vec<String> = problems.iter().map(Problem::to_string).collect();
                Err(texts.join("; "))
            }
        }
    }

    /// A case that its component can be given again and again.
    ///
    /// # Errors
    /// If the case or its component cannot be read.
    pub fn ready(&self, case: &Case) -> Result<Ready<'_>> {
        let root = case.root();
        let folder = Folder::open(&root)?;
        let path = folder
            .relative(&case.input())
            .context("the case lies below its root")?;
        let facts = StaticFacts {
            kube_version: case
                .args
                .kube_version
                .clone()
                .unwrap_or(StaticFacts::default().kube_version),
            commit_time: TIME,
            ..StaticFacts::default()
        };
        let (plugin, settings) = settings(case);
        let request = Request {
            path,
            settings,
            values: Value::Object(values(case)?),
            inputs: Vec::new(),
        };
        let context = Context::new(Arc::new(Held::new(folder)), Arc::new(facts))
            .with_entropy(Arc::clone(&self.entropy));
        let plugin = self.runtime.block_on(self.plugins.get(plugin));
        Ok(Ready {
            runtime: &self.runtime,
            plugin: plugin.map_err(|problem| anyhow::anyhow!("{problem}"))?,
            request,
            context,
        })
    }
}

/// A case and its component. The files are read from disk once, as a host holds those of a commit.
pub struct Ready<'a> {
    runtime: &'a Runtime,
    plugin: Plugin,
    request: Request,
    context: Context,
}

impl Ready<'_> {
    /// Calls the component, and says what it used.
    ///
    /// # Errors
    /// If it does not render the case.
    pub fn call(&self) -> Result<Usage> {
        let call = self.plugin.render(&self.request, &self.context);
        let call = self.runtime.block_on(call);
        call.result?;
        Ok(call.usage)
    }
}

/// What was read of a folder, in memory.
struct Held {
    folder: Folder,
    files: Mutex<HashMap<String, Result<Vec<u8>, ReadError>>>,
    lists: Mutex<HashMap<String, Result<Vec<Entry>, ReadError>>>,
}

impl Held {
    fn new(folder: Folder) -> Self {
        Self {
            folder,
            files: Mutex::default(),
            lists: Mutex::default(),
        }
    }
}

/// What is known for a path, else what `ask` says.
fn held<T: Clone>(known: &Mutex<HashMap<String, T>>, path: &str, ask: impl FnOnce() -> T) -> T {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(answer) = known.get(path) {
        return answer.clone();
    }
    let answer = ask();
    known.insert(path.to_owned(), answer.clone());
    answer
}

impl Files for Held {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        held(&self.files, path, || self.folder.read(path))
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        held(&self.lists, path, || self.folder.list(path))
    }

    fn is_file(&self, path: &str) -> bool {
        self.folder.is_file(path)
    }
}

/// Values files of a case, merged as Helm merges them.
fn values(case: &Case) -> Result<Map<String, Value>> {
    let mut merged = Map::new();
    for file in case.values() {
        let text = fs::read_to_string(&file)?;
        if let Value::Object(values) = fleet_yaml::from_str(&text, Duplicates::LastWins)? {
            fleet_render::variant::merge_values(&mut merged, values);
        }
    }
    Ok(merged)
}

fn settings(case: &Case) -> (&'static str, Value) {
    let args = &case.args;
    match case.suite {
        Suite::Helm => (
            "helm",
            json!({
                "releaseName": args.release,
                "namespace": args.namespace,
                "includeCrds": args.include_crds,
                "isUpgrade": args.is_upgrade,
                "skipSchemaValidation": args.skip_schema_validation,
                "apiVersions": args.api_versions,
            }),
        ),
        Suite::Kustomize | Suite::Krusty => {
            let mut settings = json!({"order": "legacy"});
            if unrestricted(case) {
                settings["loadRestrictor"] = json!("LoadRestrictionsNone");
            }
            ("kustomize", settings)
        }
    }
}

/// Whether a kustomization may read from above its folder.
pub fn unrestricted(case: &Case) -> bool {
    let mut args = case.args.args.iter();
    args.any(|arg| arg.contains("LoadRestrictionsNone"))
}

/// How `fleet render` renders a case.
pub fn options(case: &Case) -> Options {
    let common = Options {
        dir: case.input(),
        root: Some(case.root()),
        time: TIME,
        ..Options::default()
    };
    let args = &case.args;
    match case.suite {
        Suite::Helm => Options {
            kind: As::Helm,
            release: Some(args.release.clone()),
            namespace: Some(args.namespace.clone()),
            values: case.values(),
            include_crds: args.include_crds,
            is_upgrade: args.is_upgrade,
            skip_schema_validation: args.skip_schema_validation,
            kube_version: args.kube_version.clone(),
            api_versions: args.api_versions.clone(),
            ..common
        },
        Suite::Kustomize | Suite::Krusty => Options {
            kind: As::Kustomize,
            load_restrictor: unrestricted(case).then_some(LoadRestrictor::None),
            ..common
        },
    }
}

/// The same as arguments of `fleet render`.
pub fn arguments(case: &Case) -> Vec<OsString> {
    let args = &case.args;
    let mut list: Vec<OsString> = vec![
        "render".into(),
        case.input().into(),
        "--root".into(),
        case.root().into(),
    ];
    let mut add = |words: &[&str]| list.extend(words.iter().map(OsString::from));
    match case.suite {
        Suite::Helm => {
            add(&["--as", "helm", "--release", &args.release]);
            add(&["--namespace", &args.namespace]);
            for (flag, set) in [
                ("--include-crds", args.include_crds),
                ("--is-upgrade", args.is_upgrade),
                ("--skip-schema-validation", args.skip_schema_validation),
            ] {
                if set {
                    add(&[flag]);
                }
            }
            if let Some(version) = &args.kube_version {
                add(&["--kube-version", version]);
            }
            for api in &args.api_versions {
                add(&["--api-versions", api]);
            }
            for file in case.values() {
                list.extend(["--values".into(), file.into_os_string()]);
            }
        }
        Suite::Kustomize | Suite::Krusty => {
            add(&["--as", "kustomize"]);
            if unrestricted(case) {
                add(&["--load-restrictor", "LoadRestrictionsNone"]);
            }
        }
    }
    list
}
