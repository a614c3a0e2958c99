//! `fleet render DIR`: one folder on disk, rendered by the same plugins as in the controller, for no cluster at all.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fleet_core::diagnostic::Location;
use fleet_core::entropy::Entropy;
use fleet_core::facts::StaticFacts;
use fleet_core::files::{Entry, Files, ReadError};
use fleet_core::name::{ClusterName, RepoName};
use fleet_core::problem::{Problem, Reason};
use fleet_core::rendered::Rendered;
use fleet_core::resource::{Cluster, ClusterSpec, GitRepoSpec, Metadata, Target};
use fleet_core::secret::Secret;
use fleet_core::selector::LabelSelector;
use fleet_host_plan::targets::{self, Inventory, Rules};
use fleet_plugin::{CheckCache, Context, HostEntropy, RenderCache};
use fleet_render::collect::collect;
use fleet_render::discover::{BundleDir, RECIPE_FILES};
use fleet_render::recipe::{self, CustomizationMode};
use fleet_render::values;
use fleet_render::variant::{self, RenderStep};
use fleet_source::folder::Folder;
use fleet_yaml::Duplicates;
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use super::judge::{self, Judge};
use super::print::{self, Style};
use super::steps::{Chain, Step};
use super::{Outside, PluginSet, Shared, blocking};

/// What a folder is taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum As {
    /// What the controller would take it for: by its `fleet.yaml`, else by its content.
    #[default]
    Auto,
    /// Plain manifests.
    Raw,
    /// A chart.
    Helm,
    /// A kustomization.
    Kustomize,
}

/// How the result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A stream of YAML documents.
    #[default]
    Yaml,
    /// One JSON list.
    Json,
}

/// From where a kustomization may load files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LoadRestrictor {
    /// From its own folder and those below it.
    #[value(name = "LoadRestrictionsRootOnly")]
    RootOnly,
    /// From everywhere below the top.
    #[value(name = "LoadRestrictionsNone")]
    None,
}

/// What is rendered, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The folder.
    pub dir: PathBuf,
    /// The top of what may be read; by default the enclosing Git work tree, else the folder itself.
    pub root: Option<PathBuf>,
    /// What it is taken for.
    pub kind: As,
    /// How it is printed.
    pub format: Format,
    /// Name of the release; by default that of the recipe, else `release-name`, as in Helm.
    pub release: Option<String>,
    /// Namespace of the release; by default that of the recipe, else `default`.
    pub namespace: Option<String>,
    /// Files of values on disk, later ones win.
    pub values: Vec<PathBuf>,
    /// `--set` as it is written.
    pub set: Vec<String>,
    /// `--set-string` as it is written.
    pub set_string: Vec<String>,
    /// Whether definitions in `crds/` are rendered; in the controller they always are.
    pub include_crds: bool,
    /// Whether `.Release.IsUpgrade` is set.
    pub is_upgrade: bool,
    /// Whether `values.schema.json` is ignored.
    pub skip_schema_validation: bool,
    /// Kubernetes version; by default v1.35.0.
    pub kube_version: Option<String>,
    /// APIs that are served besides Helm's built-in set.
    pub api_versions: Vec<String>,
    /// kustomize's load restrictor; nothing is ever read from above the top.
    pub load_restrictor: Option<LoadRestrictor>,
    /// Whether charts inside kustomizations are rendered.
    pub enable_helm: bool,
    /// Labels of the cluster that is meant.
    pub cluster_labels: Vec<(String, String)>,
    /// What may be fetched from elsewhere; nothing without it.
    pub outside: Option<Outside>,
    /// The clock of templates, in seconds since the epoch.
    pub time: u64,
}

/// What is to be printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// On standard output.
    pub stdout: Vec<u8>,
    /// On standard error, besides.
    pub warnings: Vec<Problem>,
}

/// Renders folders. Cheap to clone; thousands can be rendered by one in parallel.
#[derive(Clone, Debug)]
pub struct Renderer(Arc<Shared>);

impl Renderer {
    /// A renderer of folders with these plugins, of which at most `parallel` run at once.
    pub fn new(plugins: PluginSet, parallel: usize) -> Self {
        // Nobody deploys what is printed, so anybody may know what its passwords are made of.
        let entropy = HostEntropy::new(Secret::new([0; 32]));
        Self(Arc::new(Shared {
            plugins,
            options: super::Options {
                policies: Vec::new(),
                entropy,
                parallel,
            },
            renders: RenderCache::new(0),
            checks: CheckCache::new(0),
            permits: Semaphore::new(parallel.max(1)),
        }))
    }

    /// Renders a folder.
    ///
    /// # Errors
    /// With every reason why there is no output: a file that is missing, a renderer or a policy that refuses.
    pub async fn render(&self, options: &Options) -> Result<Printed, Vec<Problem>> {
        let options = Arc::new(options.clone());
        let plan = {
            let (options, shared) = (Arc::clone(&options), Arc::clone(&self.0));
            blocking(move || Plan::new(&options, &shared.options.entropy)).await
        };
        let plan = plan
            .and_then(|plan| plan)
            .map_err(|problem| vec![problem])?;
        let context = Context::new(plan.files, Arc::new(plan.facts.clone()));
        let context = context.with_entropy(plan.entropy);
        let style = match plan.steps.last() {
            Some(step) if step.plugin == "helm" => Style::Helm,
            _ => Style::Between,
        };
        let steps: Vec<Step> = plan.steps.into_iter().map(Step::new).collect();
        let made = Chain::default().run(&self.0, &steps, &context).await?;
        let mut warnings = plan.warnings;
        warnings.extend(made.warnings);
        let manifests = &made.output.manifests;
        if !plan.policies.is_empty() {
            warnings.extend(
                self.judge(&plan.policies, manifests.clone(), &context)
                    .await?,
            );
        }
        let stdout = match options.format {
            Format::Yaml => print::yaml(manifests, style),
            Format::Json => print::json(manifests)?,
        };
        Ok(Printed { stdout, warnings })
    }

    /// Asks the recipe's own policies.
    async fn judge(
        &self,
        policies: &[fleet_core::resource::Policy],
        manifests: Vec<Rendered>,
        context: &Context,
    ) -> Result<Vec<Problem>, Vec<Problem>> {
        let parse = move || {
            let collected = collect(manifests);
            let objects = Arc::new(judge::checked(&collected));
            (collected, objects)
        };
        let (collected, objects) = blocking(parse).await.map_err(|problem| vec![problem])?;
        if !collected.problems.is_empty() {
            return Err(collected.problems);
        }
        let mut judge = Judge::new(policies.iter());
        let found = judge.check(&self.0, &collected, &objects, context).await;
        if found.errors.is_empty() {
            Ok(found.warnings)
        } else {
            Err(found.errors)
        }
    }
}

/// A folder, and nothing outside of it.
struct Offline(Folder);

impl Files for Offline {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.0.read(path)
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        self.0.list(path)
    }

    fn resolve(&self, reference: &str) -> Result<String, ReadError> {
        Err(ReadError::Denied(format!(
            "`{reference}` lies outside the folder, and is fetched only with `--remote`"
        )))
    }

    fn is_file(&self, path: &str) -> bool {
        self.0.is_file(path)
    }
}

/// What is to be done for a folder.
struct Plan {
    files: Arc<dyn Files + Send + Sync>,
    entropy: Arc<dyn Entropy + Send + Sync>,
    steps: Vec<RenderStep>,
    facts: StaticFacts,
    policies: Vec<fleet_core::resource::Policy>,
    warnings: Vec<Problem>,
}

impl Plan {
    fn new(options: &Options, entropy: &HostEntropy) -> Result<Self, Problem> {
        let (folder, path) = open(options)?;
        let files: Arc<dyn Files + Send + Sync> = match &options.outside {
            Some(outside) => Arc::new(outside.view(Arc::new(folder))),
            None => Arc::new(Offline(folder)),
        };
        let mut plan = Self {
            files,
            entropy: Arc::new(entropy.bundle("", options.time)),
            steps: Vec::new(),
            facts: StaticFacts {
                kube_version: options
                    .kube_version
                    .clone()
                    .unwrap_or(StaticFacts::default().kube_version),
                labels: options.cluster_labels.iter().cloned().collect(),
                commit_time: options.time,
                ..StaticFacts::default()
            },
            policies: Vec::new(),
            warnings: Vec::new(),
        };
        let values = values_of(&options.values)?;
        let (plugin, settings) = match options.kind {
            As::Auto => {
                plan.by_recipe(options, path, values)?;
                return Ok(plan);
            }
            As::Raw => ("raw", json!({})),
            As::Helm => ("helm", json!({})),
            As::Kustomize => ("kustomize", json!({"order": "legacy"})),
        };
        let release = options.release.as_deref().unwrap_or("release-name");
        release.clone_into(&mut plan.facts.bundle_name);
        plan.facts.default_namespace = options
            .namespace
            .clone()
            .unwrap_or_else(|| "default".to_owned());
        let mut step = RenderStep {
            plugin: plugin.to_owned(),
            path,
            settings,
            values: Value::Object(Map::new()),
        };
        apply_flags(options, &mut step, values);
        plan.steps.push(step);
        Ok(plan)
    }

    /// As the controller would: the folder's recipe, and the customisations that the cluster's labels select.
    fn by_recipe(
        &mut self,
        options: &Options,
        path: String,
        values: Map<String, Value>,
    ) -> Result<(), Problem> {
        let files = &*self.files;
        let recipe = RECIPE_FILES
            .iter()
            .filter_map(|name| fleet_core::files::join(&path, name).ok())
            .find(|file| files.is_file(file));
        let name = RepoName::parse("render")
            .map_err(|error| Problem::new(Reason::RenderFailed, error.to_string()))?;
        let (recipe, warnings) = recipe::read(files, &name, &BundleDir { path, recipe })?;
        self.warnings = warnings;
        let selected = selected(&recipe, &options.cluster_labels);
        let selected: Vec<_> = selected
            .iter()
            .map(|n| &recipe.customizations[*n])
            .collect();
        let variant = variant::variant(files, &recipe, &selected, &GitRepoSpec::default())?;
        self.facts.bundle_name = recipe.name.to_string();
        self.facts.default_namespace = match &options.namespace {
            Some(namespace) => namespace.clone(),
            None => variant.apply.release_namespace().to_owned(),
        };
        self.steps = values::fill(
            &variant.steps,
            &variant.templates,
            &self.facts,
            &self.entropy,
        )?;
        for step in &mut self.steps {
            apply_flags(options, step, values.clone());
        }
        self.policies = recipe.policies;
        Ok(())
    }
}

/// The customisations that apply to a cluster with these labels.
fn selected(recipe: &recipe::Recipe, labels: &[(String, String)]) -> Vec<usize> {
    let Ok(name) = ClusterName::parse("local") else {
        return Vec::new();
    };
    let mut metadata = Metadata::named(name);
    metadata.labels = labels.iter().cloned().collect();
    let cluster = Cluster {
        api_version: fleet_core::resource::API_VERSION.to_owned(),
        metadata,
        spec: ClusterSpec::default(),
    };
    let everywhere = [Target {
        cluster_selector: Some(LabelSelector::default()),
        ..Target::default()
    }];
    let customizations: Vec<Target> = recipe
        .customizations
        .iter()
        .map(|c| c.target.clone())
        .collect();
    let rules = Rules {
        targets: &everywhere,
        customizations: &customizations,
        all_matches: recipe.customization_mode == CustomizationMode::AllMatches,
    };
    let inventory = Inventory {
        clusters: vec![&cluster],
        groups: Vec::new(),
    };
    targets::select(&rules, &inventory)
        .into_values()
        .next()
        .unwrap_or_default()
}

/// What the flags say wins over what the recipe says.
fn apply_flags(options: &Options, step: &mut RenderStep, values: Map<String, Value>) {
    let settings = &mut step.settings;
    match step.plugin.as_str() {
        "helm" => {
            let direct = options.kind == As::Helm;
            if direct || options.release.is_some() {
                settings["releaseName"] =
                    json!(options.release.as_deref().unwrap_or("release-name"));
            }
            if direct || options.namespace.is_some() {
                settings["namespace"] = json!(options.namespace.as_deref().unwrap_or("default"));
            }
            if direct || options.include_crds {
                settings["includeCrds"] = json!(options.include_crds);
            }
            if direct && options.outside.is_some() {
                settings["dependencyUpdate"] = json!(true);
            }
            if options.skip_schema_validation {
                settings["skipSchemaValidation"] = json!(true);
            }
            if options.is_upgrade {
                settings["isUpgrade"] = json!(true);
            }
            for (key, list) in [
                ("apiVersions", &options.api_versions),
                ("set", &options.set),
                ("setString", &options.set_string),
            ] {
                if !list.is_empty() {
                    settings[key] = json!(list);
                }
            }
            match &mut step.values {
                Value::Object(base) => variant::merge_values(base, values),
                other => *other = Value::Object(values),
            }
        }
        "kustomize" => {
            if let Some(restrictor) = options.load_restrictor {
                settings["loadRestrictor"] = json!(match restrictor {
                    LoadRestrictor::RootOnly => "LoadRestrictionsRootOnly",
                    LoadRestrictor::None => "LoadRestrictionsNone",
                });
            }
            if options.enable_helm {
                settings["enableHelm"] = json!(true);
            }
        }
        _ => {}
    }
}

/// The folder's files, and where in them the folder is.
fn open(options: &Options) -> Result<(Folder, String), Problem> {
    let dir = &options.dir;
    let fail = |path: &Path, why: &dyn std::fmt::Display| {
        let message = format!("cannot render `{}`: {why}", path.display());
        Problem::new(Reason::PathNotFound, message)
    };
    let here = Folder::open(dir).map_err(|error| fail(dir, &error))?;
    let root = match &options.root {
        Some(root) => root.clone(),
        None => Folder::enclosing_work_tree(dir).unwrap_or_else(|| here.root().to_owned()),
    };
    let folder = Folder::open(&root).map_err(|error| fail(&root, &error))?;
    let path = folder.relative(dir).ok_or_else(|| {
        fail(
            dir,
            &format!(
                "it is not below `{}`, the top of what may be read",
                root.display()
            ),
        )
    })?;
    Ok((folder, path))
}

/// Files of values, merged; later ones win.
fn values_of(files: &[PathBuf]) -> Result<Map<String, Value>, Problem> {
    let mut values = Map::new();
    for file in files {
        let fail = |why: String, line, column| {
            let message = format!("cannot read values file `{}`: {why}", file.display());
            Problem::new(Reason::RenderFailed, message).at(Some(Location {
                file: file.display().to_string(),
                line,
                column,
            }))
        };
        let text = std::fs::read_to_string(file).map_err(|error| fail(error.to_string(), 0, 0))?;
        let value = fleet_yaml::from_str(&text, Duplicates::LastWins)
            .map_err(|error| fail(error.message.clone(), error.line, error.column))?;
        match value {
            Value::Null => {}
            Value::Object(map) => variant::merge_values(&mut values, map),
            _ => return Err(fail("it must be a mapping".to_owned(), 1, 1)),
        }
    }
    Ok(values)
}
