//! `fleet.yaml`: how one path is rendered and how targets customise it.

use std::collections::BTreeMap;

use fleet_core::diagnostic::Location;
use fleet_core::files::Files;
use fleet_core::name::{BundleName, RepoName, helm_release_name};
use fleet_core::options::CorrectDrift;
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::{Policy, Target};
use fleet_core::selector::LabelSelector;
use fleet_yaml::Duplicates;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::discover::BundleDir;

mod keys;

/// The largest `fleet.yaml` that is read, in bytes. Rancher Fleet's whole bundle must fit into etcd's 1.5 MiB.
const MAX_BYTES: usize = 1 << 20;

/// `fleet.yaml` of one path after parsing and defaulting.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// The folder, relative to the top of the repository.
    pub path: String,
    /// Name of the bundle.
    pub name: BundleName,
    /// Labels of the bundle.
    pub labels: BTreeMap<String, String>,
    /// How the path is rendered and applied, before any customisation.
    pub options: Options,
    /// What particular targets change, in order.
    pub customizations: Vec<Customization>,
    /// Whether only the first customisation that matches counts, or all.
    pub customization_mode: CustomizationMode,
    /// Targets that replace those of the GitRepo.
    pub override_targets: Vec<Target>,
    /// Bundles that must be ready first.
    pub depends_on: Vec<DependsOn>,
    /// Whether clusters keep what they run.
    pub paused: bool,
    /// Policies that this bundle must pass, besides those of the host and of the GitRepo.
    pub policies: Vec<Policy>,
    /// Keys that are kept and that nothing acts on yet (`rolloutStrategy`, `imageScans` …).
    pub kept: Map<String, Value>,
}

/// How a path is rendered and applied; every key can also stand in a target customisation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// Namespace for objects that name none.
    pub default_namespace: Option<String>,
    /// Namespace for all objects.
    pub namespace: Option<String>,
    /// Labels of the namespace.
    pub namespace_labels: BTreeMap<String, String>,
    /// Annotations of the namespace.
    pub namespace_annotations: BTreeMap<String, String>,
    /// Service account that the agent acts as.
    pub service_account: Option<String>,
    /// Chart, values and release.
    pub helm: Helm,
    /// Overlay.
    pub kustomize: Kustomize,
    /// Overlays of plain manifests.
    pub yaml: Yaml,
    /// A plugin of the user's own in place of the built-in renderers.
    pub plugin: Option<Plugin>,
    /// Whether objects stay when the bundle is removed.
    pub keep_resources: bool,
    /// Whether the namespace goes with the bundle.
    pub delete_namespace: bool,
    /// Whether definitions go with the bundle.
    #[serde(rename = "deleteCRDResources")]
    pub delete_crd_resources: bool,
    /// Whether drift is corrected.
    pub correct_drift: Option<CorrectDrift>,
    /// Raised to apply again.
    pub force_sync_generation: u64,
}

/// The `helm` key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Helm {
    /// Folder, URL or name of the chart.
    pub chart: Option<String>,
    /// Helm repository, or `oci://…` of the chart itself.
    pub repo: Option<String>,
    /// Version or constraint.
    pub version: Option<String>,
    /// Release name.
    pub release_name: Option<String>,
    /// Values.
    pub values: Map<String, Value>,
    /// Files of values, in order; later ones win.
    pub values_files: Vec<String>,
    /// Values made from templates; they win over `values`.
    pub template_values: BTreeMap<String, String>,
    /// Values that the agent reads on its cluster.
    pub values_from: Vec<Value>,
    /// Seconds to wait for the release.
    pub timeout_seconds: i64,
    /// Kept: there is no Helm release here that could wait.
    pub wait_for_jobs: bool,
    /// Kept, see above.
    pub atomic: bool,
    /// Whether what cannot be changed is replaced.
    pub force: bool,
    /// Whether objects of others are taken over.
    pub take_ownership: bool,
    /// Kept, see above.
    pub max_history: i64,
    /// Whether `${ }` in values is left as it is.
    pub disable_pre_process: bool,
    /// Whether name lookups in templates are off; they always are.
    #[serde(rename = "disableDNS")]
    pub disable_dns: bool,
    /// Whether `values.schema.json` is ignored.
    pub skip_schema_validation: bool,
    /// Whether dependencies are taken as they are in the repository.
    pub disable_dependency_update: bool,
}

/// The `kustomize` key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Kustomize {
    /// Folder with the kustomization, relative to the path.
    pub dir: Option<String>,
}

/// The `yaml` key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Yaml {
    /// Names of folders below `overlays/`.
    pub overlays: Vec<String>,
}

/// The `plugin` key: ours, not Rancher Fleet's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plugin {
    /// Name of the plugin.
    pub name: String,
    /// Its settings.
    pub settings: Value,
}

/// What one target changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Customization {
    /// Which clusters.
    pub target: Target,
    /// What changes.
    pub options: Options,
}

/// Which customisations count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum CustomizationMode {
    /// The first that matches.
    #[default]
    FirstMatch,
    /// All that match, one after the other.
    AllMatches,
}

/// A bundle that must be ready first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DependsOn {
    /// By name.
    pub name: Option<String>,
    /// By label.
    pub selector: Option<LabelSelector>,
    /// States that count as ready.
    pub accepted_states: Vec<String>,
}

/// `fleet.yaml` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Document {
    name: Option<String>,
    labels: BTreeMap<String, String>,
    target_customizations: Vec<Value>,
    targets: Vec<Value>,
    target_customization_mode: CustomizationMode,
    override_targets: Vec<Target>,
    depends_on: Vec<DependsOn>,
    paused: bool,
    policies: Vec<Policy>,
}

/// Reads the recipe of a bundle folder; a folder without `fleet.yaml` has one of defaults.
///
/// Gives the recipe with what somebody should look at (keys that nobody reads).
///
/// # Errors
/// If `fleet.yaml` is no YAML, or a value has the wrong type.
pub fn read(
    files: &dyn Files,
    repo: &RepoName,
    dir: &BundleDir,
) -> Result<(Recipe, Vec<Problem>), Problem> {
    let Some(file) = &dir.recipe else {
        return Ok((defaults(repo, &dir.path), Vec::new()));
    };
    let fail = |message: String| {
        Problem::new(
            Reason::RecipeInvalid,
            format!("cannot read `{file}`: {message}"),
        )
        .at(Some(Location {
            file: file.clone(),
            line: 0,
            column: 0,
        }))
    };
    let text = files
        .read_text(file)
        .map_err(|error| fail(error.to_string()))?;
    if text.len() > MAX_BYTES {
        return Err(fail(format!(
            "{} bytes, and the limit is {MAX_BYTES}",
            text.len()
        )));
    }
    let value = fleet_yaml::from_str(&text, Duplicates::LastWins).map_err(|error| {
        fail(error.message.clone()).at(Some(Location {
            file: file.clone(),
            line: error.line,
            column: error.column,
        }))
    })?;
    let Value::Object(mut map) = (if value.is_null() {
        Value::Object(Map::new())
    } else {
        value
    }) else {
        return Err(fail("it must be a mapping".to_owned()));
    };
    let mut problems = Vec::new();
    let unknown = keys::normalise(&mut map);
    for key in unknown {
        let near = key.nearest.map(|near| format!("did you mean `{near}`?"));
        let mut problem = Problem::new(
            Reason::RecipeUnknownKey,
            format!(
                "`{}` is not a key of `fleet.yaml`, and is ignored",
                key.path
            ),
        )
        .at(Some(Location {
            file: file.clone(),
            line: line_of(&text, &key.path),
            column: 0,
        }));
        problem.hint = near;
        problems.push(problem);
    }
    let recipe = parse(map, repo, &dir.path).map_err(|(key, error)| {
        fail(format!("{key}{error}")).at(Some(Location {
            file: file.clone(),
            line: line_of(&text, key.trim_end_matches(": ")),
            column: 0,
        }))
    })?;
    Ok((recipe, problems))
}

fn defaults(repo: &RepoName, path: &str) -> Recipe {
    Recipe {
        path: path.to_owned(),
        name: BundleName::derive(repo, path),
        labels: BTreeMap::new(),
        options: Options::default(),
        customizations: Vec::new(),
        customization_mode: CustomizationMode::default(),
        override_targets: Vec::new(),
        depends_on: Vec::new(),
        paused: false,
        policies: Vec::new(),
        kept: Map::new(),
    }
}

fn parse(
    mut map: Map<String, Value>,
    repo: &RepoName,
    path: &str,
) -> Result<Recipe, (String, String)> {
    // Each top-level key is read by itself, so that an error names it.
    for (key, value) in &map {
        let alone = Value::Object(Map::from_iter([(key.clone(), value.clone())]));
        let wrong = Options::deserialize(&alone)
            .err()
            .or_else(|| Document::deserialize(&alone).err());
        if let Some(error) = wrong {
            return Err((format!("{key}: "), error.to_string()));
        }
    }
    let whole = Value::Object(map.clone());
    let error = |error: serde_json::Error| (String::new(), error.to_string());
    let document = Document::deserialize(&whole).map_err(error)?;
    let options = Options::deserialize(&whole).map_err(error)?;
    let mut recipe = defaults(repo, path);
    if let Some(name) = document.name.filter(|name| !name.is_empty()) {
        recipe.name =
            BundleName::parse(name).map_err(|error| ("name: ".to_owned(), error.to_string()))?;
    }
    for (n, value) in document
        .target_customizations
        .into_iter()
        .chain(document.targets)
        .enumerate()
    {
        let key = || format!("targetCustomizations[{n}]: ");
        let read = |error: serde_json::Error| (key(), error.to_string());
        let mut target = Target::deserialize(&value).map_err(read)?;
        target.name.get_or_insert_with(|| format!("target{n:03}"));
        recipe.customizations.push(Customization {
            target,
            options: Options::deserialize(&value).map_err(read)?,
        });
    }
    for (n, depends_on) in document.depends_on.iter().enumerate() {
        check_dependency(n, depends_on)?;
    }
    map.retain(|key, _| keys::KEPT.contains(&key.as_str()));
    Ok(Recipe {
        labels: document.labels,
        options,
        customization_mode: document.target_customization_mode,
        override_targets: document.override_targets,
        depends_on: document.depends_on,
        paused: document.paused,
        policies: document.policies,
        kept: map,
        ..recipe
    })
}

fn check_dependency(n: usize, depends_on: &DependsOn) -> Result<(), (String, String)> {
    const STATES: [&str; 7] = [
        "Ready",
        "NotReady",
        "Pending",
        "OutOfSync",
        "Modified",
        "WaitApplied",
        "ErrApplied",
    ];
    if depends_on.name.is_none() && depends_on.selector.is_none() {
        return Err((
            format!("dependsOn[{n}]: "),
            "must specify either 'name' or 'selector'".to_owned(),
        ));
    }
    for (m, state) in depends_on.accepted_states.iter().enumerate() {
        if !STATES.contains(&state.as_str()) {
            return Err((
                format!("dependsOn[{n}].acceptedStates[{m}]: "),
                format!("invalid state \"{state}\""),
            ));
        }
    }
    Ok(())
}

/// The line (1-based) on which the last part of a dotted key stands for the first time; 0 if it cannot be found.
fn line_of(text: &str, path: &str) -> u32 {
    let key = path
        .rsplit('.')
        .next()
        .unwrap_or(path)
        .split('[')
        .next()
        .unwrap_or(path);
    if key.is_empty() {
        return 0;
    }
    let stands = |line: &str| {
        let line = line.trim_start().trim_start_matches("- ").trim_start();
        line.trim_start_matches(['"', '\''])
            .to_lowercase()
            .starts_with(&key.to_lowercase())
    };
    text.lines()
        .position(stands)
        .and_then(|n| u32::try_from(n + 1).ok())
        .unwrap_or(0)
}

impl Recipe {
    /// The Helm release name: the one that was set, else made from the bundle's name.
    pub fn release_name(&self, helm: &Helm) -> String {
        helm.release_name
            .clone()
            .unwrap_or_else(|| helm_release_name(self.name.as_str()))
    }
}

#[cfg(test)]
mod tests;
