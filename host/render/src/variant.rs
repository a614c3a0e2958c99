//! What one cluster gets from a recipe: options merged, renderers chosen, values put together.

use std::collections::BTreeMap;

use fleet_core::diagnostic::Location;
use fleet_core::files::{self, Files, ReadError};
use fleet_core::options::ApplyOptions;
use fleet_core::problem::{Problem, Reason};
use fleet_core::remote;
use fleet_core::resource::{GitRepoSpec, KustomizePermissions};
use fleet_yaml::Duplicates;
use serde_json::{Map, Value, json};

use crate::recipe::{Customization, Options, Recipe};

/// Everything that decides what is rendered, besides the cluster's facts: equal variants are rendered once.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// The renderers, each stacked on the output of the one before.
    pub steps: Vec<RenderStep>,
    /// How the result is applied.
    pub apply: ApplyOptions,
    /// What is still to be filled into the values, for each cluster.
    pub templates: ValueTemplates,
}

/// `${ }` in values: filled in for each cluster, after everything is merged.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueTemplates {
    /// Whether `${ }` in the values means something.
    pub enabled: bool,
    /// Values made from templates, by key; they win over plain ones.
    pub values: BTreeMap<String, String>,
}

/// One call of a renderer.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderStep {
    /// Name of the plugin.
    pub plugin: String,
    /// Folder, relative to the top of the repository.
    pub path: String,
    /// The plugin's settings.
    pub settings: Value,
    /// Merged values.
    pub values: Value,
}

/// Merges the customisations that were selected for a cluster into the recipe and chooses the renderers.
///
/// # Errors
/// If a values file cannot be read, or the chart or overlay that is named does not exist.
pub fn variant(
    files: &dyn Files,
    recipe: &Recipe,
    selected: &[&Customization],
    repo: &GitRepoSpec,
) -> Result<Variant, Problem> {
    let mut options = with_values_files(files, recipe, &recipe.options)?;
    for customization in selected {
        merge(
            &mut options,
            with_values_files(files, recipe, &customization.options)?,
        );
    }
    if let Some(namespace) = &repo.target_namespace {
        options.namespace = Some(namespace.clone());
    }
    let apply = apply_options(&options, repo);
    let steps = steps(files, recipe, &options, &apply, repo.kustomize)?;
    let templates = ValueTemplates {
        enabled: !options.helm.disable_pre_process,
        values: options.helm.template_values,
    };
    Ok(Variant {
        steps,
        apply,
        templates,
    })
}

fn apply_options(options: &Options, repo: &GitRepoSpec) -> ApplyOptions {
    ApplyOptions {
        default_namespace: options
            .default_namespace
            .clone()
            .unwrap_or_else(|| "default".to_owned()),
        namespace: options.namespace.clone(),
        namespace_labels: options.namespace_labels.clone(),
        namespace_annotations: options.namespace_annotations.clone(),
        keep_resources: options.keep_resources || repo.keep_resources,
        delete_namespace: options.delete_namespace || repo.delete_namespace,
        delete_crd_resources: options.delete_crd_resources,
        correct_drift: repo
            .correct_drift
            .clone()
            .or_else(|| options.correct_drift.clone()),
        service_account: repo
            .service_account
            .clone()
            .or_else(|| options.service_account.clone()),
        force: options.helm.force,
        force_sync_generation: options
            .force_sync_generation
            .max(repo.force_sync_generation),
    }
}

fn steps(
    files: &dyn Files,
    recipe: &Recipe,
    options: &Options,
    apply: &ApplyOptions,
    permitted: KustomizePermissions,
) -> Result<Vec<RenderStep>, Problem> {
    let step = |plugin: &str, path: String, settings: Value, values: Value| RenderStep {
        plugin: plugin.to_owned(),
        path,
        settings,
        values,
    };
    if let Some(plugin) = &options.plugin {
        let values = Value::Object(options.helm.values.clone());
        return Ok(vec![step(
            &plugin.name,
            recipe.path.clone(),
            plugin.settings.clone(),
            values,
        )]);
    }
    let mut steps = Vec::new();
    if let Some(chart) = chart_of(files, recipe, options)? {
        steps.push(step(
            "helm",
            chart,
            helm_settings(recipe, options, apply),
            Value::Object(options.helm.values.clone()),
        ));
    }
    let overlay = inside(recipe, options.kustomize.dir.as_deref().unwrap_or("."))?;
    let has_overlay =
        files.is_file(&files::join(&overlay, "kustomization.yaml").unwrap_or_default());
    if has_overlay {
        let mut settings = json!({"order": "fifo"});
        if permitted.enable_helm {
            settings["enableHelm"] = json!(true);
        }
        steps.push(step("kustomize", overlay, settings, json!({})));
    } else if options.kustomize.dir.is_some() {
        return Err(missing(
            recipe,
            "kustomize.dir",
            &format!("there is no `kustomization.yaml` in `{overlay}`"),
        ));
    }
    if steps.is_empty() {
        let settings = json!({"overlays": options.yaml.overlays, "exclude": values_files(recipe)});
        steps.push(step("raw", recipe.path.clone(), settings, json!({})));
    }
    Ok(steps)
}

fn helm_settings(recipe: &Recipe, options: &Options, apply: &ApplyOptions) -> Value {
    let helm = &options.helm;
    json!({
        "releaseName": recipe.release_name(helm),
        "namespace": apply.release_namespace(),
        "includeCrds": true,
        "skipSchemaValidation": helm.skip_schema_validation,
        "dependencyUpdate": !helm.disable_dependency_update,
        // Offered lazily by the plugin: a chart that does not look at it renders once for all clusters.
        "clusterValues": true,
    })
}

/// The folder of the chart that the recipe renders, if it renders one.
fn chart_of(
    files: &dyn Files,
    recipe: &Recipe,
    options: &Options,
) -> Result<Option<String>, Problem> {
    let helm = &options.helm;
    let (chart, version) = (helm.chart.as_deref(), helm.version.as_deref());
    if let Some(repo) = helm.repo.as_deref().filter(|repo| !repo.is_empty()) {
        let chart = chart.filter(|chart| !chart.is_empty());
        if chart.is_none() && !repo.starts_with("oci://") {
            let why =
                "it is a Helm repository, and `helm.chart` does not say which chart of it is meant";
            return Err(missing(recipe, "helm.repo", why));
        }
        // What was written before Rancher Fleet took registries in `repo`.
        if let Some(chart) = chart.filter(|chart| chart.starts_with("oci://")) {
            return fetched(files, recipe, &remote::chart(chart, None, version)).map(Some);
        }
        return fetched(files, recipe, &remote::chart(repo, chart, version)).map(Some);
    }
    let Some(chart) = chart else {
        let here = files::join(&recipe.path, "Chart.yaml").unwrap_or_default();
        return Ok(files.is_file(&here).then(|| recipe.path.clone()));
    };
    if chart.contains("://") {
        return fetched(files, recipe, &remote::chart(chart, None, version)).map(Some);
    }
    let folder = inside(recipe, chart);
    if let Ok(folder) = &folder
        && files.is_file(&files::join(folder, "Chart.yaml").unwrap_or_default())
    {
        return Ok(Some(folder.clone()));
    }
    if is_remote(chart) {
        return fetched(files, recipe, &remote::chart(chart, None, version)).map(Some);
    }
    let why = format!("there is no `Chart.yaml` in `{}`", folder?);
    Err(missing(recipe, "helm.chart", &why))
}

/// Whether a chart is named by one of go-getter's forms rather than by a folder of the repository.
fn is_remote(chart: &str) -> bool {
    let scp = chart.split_once('@').is_some_and(|(user, rest)| {
        !user.contains(['/', ':'])
            && rest
                .split_once(':')
                .is_some_and(|(host, _)| !host.contains('/'))
    });
    let forges = ["github.com/", "gitlab.com/", "bitbucket.org/"];
    scp || chart.contains("::") || forges.iter().any(|forge| chart.starts_with(forge))
}

/// The folder in which the files of a chart from elsewhere are shown.
fn fetched(files: &dyn Files, recipe: &Recipe, reference: &str) -> Result<String, Problem> {
    files.resolve(reference).map_err(|error| {
        let why = match &error {
            ReadError::Denied(why) => why.clone(),
            other => other.to_string(),
        };
        let message = format!(
            "path `{}`: could not fetch the chart `{reference}`: {why}",
            recipe.path
        );
        Problem::new(remote::reason(&error), message).at(Some(place(recipe)))
    })
}

/// A path of the recipe, relative to its folder; it must stay inside the repository.
fn inside(recipe: &Recipe, path: &str) -> Result<String, Problem> {
    let inside = files::join(&recipe.path, path.trim_start_matches('/'))
        .map_err(|error| missing(recipe, path, &error.to_string()))?;
    if remote::is_below(&inside) {
        let why = format!(
            "what is below `{}` is not the repository's own",
            remote::ROOT
        );
        return Err(missing(recipe, path, &why));
    }
    Ok(inside)
}

fn missing(recipe: &Recipe, key: &str, why: &str) -> Problem {
    Problem::new(
        Reason::RecipeInvalid,
        format!("cannot use `{key}` of path `{}`: {why}", recipe.path),
    )
    .at(Some(place(recipe)))
}

fn place(recipe: &Recipe) -> Location {
    Location {
        file: files::join(&recipe.path, "fleet.yaml").unwrap_or_default(),
        line: 0,
        column: 0,
    }
}

/// The options with the contents of their values files merged over their values.
fn with_values_files(
    files: &dyn Files,
    recipe: &Recipe,
    options: &Options,
) -> Result<Options, Problem> {
    let mut options = options.clone();
    for name in std::mem::take(&mut options.helm.values_files) {
        let file = values_file(files, recipe, &options, &name)?;
        let fail = |why: String, line, column| {
            Problem::new(
                Reason::RecipeInvalid,
                format!("cannot read values file `{file}`: {why}"),
            )
            .at(Some(Location {
                file: file.clone(),
                line,
                column,
            }))
        };
        let text = files
            .read_text(&file)
            .map_err(|error| fail(error.to_string(), 0, 0))?;
        let value = fleet_yaml::from_str(&text, Duplicates::LastWins)
            .map_err(|error| fail(error.message.clone(), error.line, error.column))?;
        match value {
            Value::Null => {}
            Value::Object(map) => merge_values(&mut options.helm.values, map),
            _ => return Err(fail("it must be a mapping".to_owned(), 1, 1)),
        }
    }
    Ok(options)
}

/// Where a values file is: below the path, else (as in Rancher Fleet) below the chart.
fn values_file(
    files: &dyn Files,
    recipe: &Recipe,
    options: &Options,
    name: &str,
) -> Result<String, Problem> {
    let plain = inside(recipe, name)?;
    if files.is_file(&plain) {
        return Ok(plain);
    }
    let chart = options
        .helm
        .chart
        .as_deref()
        .or(recipe.options.helm.chart.as_deref())
        .filter(|chart| !chart.contains("://") && !is_remote(chart))
        .unwrap_or(".");
    let in_chart =
        files::join(&inside(recipe, chart)?, name.trim_start_matches('/')).unwrap_or_default();
    Ok(if files.is_file(&in_chart) {
        in_chart
    } else {
        plain
    })
}

/// All values files that the recipe names: they are no manifests.
fn values_files(recipe: &Recipe) -> Vec<String> {
    let all =
        std::iter::once(&recipe.options).chain(recipe.customizations.iter().map(|c| &c.options));
    let mut names: Vec<_> = all
        .flat_map(|options| options.helm.values_files.iter().cloned())
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Merges a customisation over the options, as Rancher Fleet's `options.Merge` does.
fn merge(base: &mut Options, over: Options) {
    fn text(base: &mut Option<String>, over: Option<String>) {
        if over.as_ref().is_some_and(|over| !over.is_empty()) {
            *base = over;
        }
    }
    text(&mut base.default_namespace, over.default_namespace);
    text(&mut base.namespace, over.namespace);
    text(&mut base.service_account, over.service_account);
    text(&mut base.kustomize.dir, over.kustomize.dir);
    let (helm, changed) = (&mut base.helm, over.helm);
    text(&mut helm.chart, changed.chart);
    text(&mut helm.repo, changed.repo);
    text(&mut helm.version, changed.version);
    text(&mut helm.release_name, changed.release_name);
    merge_values(&mut helm.values, changed.values);
    helm.template_values.extend(changed.template_values);
    for source in changed.values_from {
        if !helm.values_from.contains(&source) {
            helm.values_from.push(source);
        }
    }
    match changed.timeout_seconds {
        0 => {}
        seconds => helm.timeout_seconds = seconds.max(0),
    }
    helm.force |= changed.force;
    helm.atomic |= changed.atomic;
    helm.take_ownership |= changed.take_ownership;
    helm.disable_pre_process |= changed.disable_pre_process;
    helm.wait_for_jobs |= changed.wait_for_jobs;
    helm.disable_dns |= changed.disable_dns;
    // Rancher Fleet forgets these three in its merge; a user who writes them means them.
    helm.skip_schema_validation |= changed.skip_schema_validation;
    base.delete_namespace |= over.delete_namespace;
    base.delete_crd_resources |= over.delete_crd_resources;
    base.keep_resources |= over.keep_resources;
    base.yaml.overlays.extend(over.yaml.overlays);
    base.namespace_labels.extend(over.namespace_labels);
    base.namespace_annotations
        .extend(over.namespace_annotations);
    base.correct_drift = over.correct_drift.or(base.correct_drift.take());
    base.plugin = over.plugin.or(base.plugin.take());
    if over.force_sync_generation > 0 {
        base.force_sync_generation = over.force_sync_generation;
    }
}

/// Merges mappings deeply; everything else is replaced.
pub fn merge_values(base: &mut Map<String, Value>, over: Map<String, Value>) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Value::Object(base)), Value::Object(over)) => merge_values(base, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::files::MemoryFiles;
    use fleet_core::name::RepoName;

    use super::*;
    use crate::discover::BundleDir;
    use crate::recipe;

    fn variant_of(files: &MemoryFiles, selected: &[usize]) -> Result<Variant, Problem> {
        let recipe = files
            .is_file("app/fleet.yaml")
            .then(|| "app/fleet.yaml".to_owned());
        let dir = BundleDir {
            path: "app".to_owned(),
            recipe,
        };
        let (recipe, _) = recipe::read(files, &RepoName::parse("shop").unwrap(), &dir).unwrap();
        let selected: Vec<_> = selected
            .iter()
            .map(|n| &recipe.customizations[*n])
            .collect();
        variant(files, &recipe, &selected, &GitRepoSpec::default())
    }

    fn plugins(variant: &Variant) -> Vec<(&str, &str)> {
        variant
            .steps
            .iter()
            .map(|step| (step.plugin.as_str(), step.path.as_str()))
            .collect()
    }

    #[test]
    fn the_content_of_a_path_chooses_the_renderer() {
        let check = |files: &[(&str, &str)], expected: &[(&str, &str)]| {
            let files = files.iter().fold(MemoryFiles::new(), |all, (path, text)| {
                all.with(*path, *text)
            });
            assert_eq!(plugins(&variant_of(&files, &[]).unwrap()), expected);
        };
        check(&[("app/x.yaml", "")], &[("raw", "app")]);
        check(&[("app/Chart.yaml", "")], &[("helm", "app")]);
        check(&[("app/kustomization.yaml", "")], &[("kustomize", "app")]);
        check(
            &[
                ("app/fleet.yaml", "helm: {chart: c}"),
                ("app/c/Chart.yaml", ""),
            ],
            &[("helm", "app/c")],
        );
        check(
            &[
                ("app/fleet.yaml", "kustomize: {dir: o}"),
                ("app/Chart.yaml", ""),
                ("app/o/kustomization.yaml", ""),
            ],
            &[("helm", "app"), ("kustomize", "app/o")],
        );
        check(
            &[("app/fleet.yaml", "plugin: {name: mine, settings: {a: 1}}")],
            &[("mine", "app")],
        );
    }

    #[test]
    fn charts_inside_kustomizations_are_on_where_the_repository_permits_them() {
        let files = MemoryFiles::new().with("app/kustomization.yaml", "");
        let mut spec = GitRepoSpec::default();
        let settings = |spec: &GitRepoSpec| {
            let dir = BundleDir {
                path: "app".to_owned(),
                recipe: None,
            };
            let (recipe, _) =
                recipe::read(&files, &RepoName::parse("shop").unwrap(), &dir).unwrap();
            variant(&files, &recipe, &[], spec)
                .unwrap()
                .steps
                .remove(0)
                .settings
        };
        assert_eq!(settings(&spec), json!({"order": "fifo"}));
        spec.kustomize.enable_helm = true;
        assert_eq!(
            settings(&spec),
            json!({"order": "fifo", "enableHelm": true})
        );
    }

    /// Order of Rancher Fleet: values, their files, then the customisation's values and files.
    #[test]
    fn later_values_win_and_lists_are_replaced() {
        let files = MemoryFiles::new()
            .with("app/Chart.yaml", "")
            .with("app/base.yaml", "a: {file: 1, both: file}\nlist: [1, 2]\n")
            .with("app/dev.yaml", "a: {both: dev-file}\n")
            .with(
                "app/fleet.yaml",
                "helm: {values: {a: {inline: 1, both: inline}}, valuesFiles: [base.yaml]}\n\
                 targetCustomizations:\n- clusterName: dev\n  defaultNamespace: dev\n  helm: {values: {list: [3], a: {both: dev}}, valuesFiles: [dev.yaml]}\n",
            );
        let plain = variant_of(&files, &[]).unwrap();
        assert_eq!(
            plain.steps[0].values,
            json!({"a": {"inline": 1, "file": 1, "both": "file"}, "list": [1, 2]})
        );
        let dev = variant_of(&files, &[0]).unwrap();
        assert_eq!(
            dev.steps[0].values,
            json!({"a": {"inline": 1, "file": 1, "both": "dev-file"}, "list": [3]})
        );
        assert_eq!(dev.apply.default_namespace, "dev");
        assert_eq!(dev.steps[0].settings["namespace"], "dev");
    }

    /// A repository whose charts from elsewhere are all there.
    struct Elsewhere(MemoryFiles);

    impl Files for Elsewhere {
        fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
            self.0.read(path)
        }

        fn list(&self, path: &str) -> Result<Vec<fleet_core::files::Entry>, ReadError> {
            self.0.list(path)
        }

        fn resolve(&self, reference: &str) -> Result<String, ReadError> {
            Ok(format!("{}/{reference}", remote::ROOT))
        }
    }

    #[test]
    fn charts_from_elsewhere_are_asked_for_in_every_form_of_rancher_fleet() {
        let check = |helm: &str, expected: &str| {
            let files = MemoryFiles::new()
                .with("app/fleet.yaml", format!("helm: {{{helm}}}"))
                .with("app/github.com/o/r/Chart.yaml", "");
            let files = Elsewhere(files);
            let dir = BundleDir {
                path: "app".to_owned(),
                recipe: Some("app/fleet.yaml".to_owned()),
            };
            let (recipe, _) =
                recipe::read(&files, &RepoName::parse("shop").unwrap(), &dir).unwrap();
            let found = match variant(&files, &recipe, &[], &GitRepoSpec::default()) {
                Ok(variant) => variant.steps[0].path.clone(),
                Err(problem) => problem.message,
            };
            let found = found.strip_prefix(".fleet/remote/").unwrap_or(&found);
            assert_eq!(found, expected, "{helm}");
        };
        check(
            "repo: 'https://c.example', chart: web, version: ^1",
            "https://c.example#web@^1",
        );
        check(
            "repo: 'oci://r.example/web', version: 1.0.0",
            "oci://r.example/web#@1.0.0",
        );
        check("repo: 'oci://r.example', chart: web", "oci://r.example#web");
        check("chart: 'oci://r.example/web'", "oci://r.example/web#");
        check(
            "chart: 'https://c.example/web-1.tgz'",
            "https://c.example/web-1.tgz#",
        );
        check(
            "chart: 'git::https://g.example/o/r//web?ref=v1'",
            "git::https://g.example/o/r//web?ref=v1#",
        );
        check(
            "chart: 'git@g.example:o/r.git//web'",
            "git@g.example:o/r.git//web#",
        );
        check("chart: 'github.com/o/other'", "github.com/o/other#");
        check("chart: 'github.com/o/r'", "app/github.com/o/r");
        check(
            "repo: 'https://c.example'",
            "cannot use `helm.repo` of path `app`: it is a Helm repository, and `helm.chart` does not say which chart of it is meant",
        );
    }

    #[test]
    fn a_chart_that_cannot_be_had_is_told_by_its_own_reason() {
        let files =
            MemoryFiles::new().with("app/fleet.yaml", "helm: {chart: 'oci://r.example/web'}");
        let problem = variant_of(&files, &[]).unwrap_err();
        assert_eq!(problem.reason, Reason::RemoteRefused);
        assert!(
            problem.message.contains("`app`") && problem.message.contains("oci://r.example/web"),
            "{problem}"
        );
        assert_eq!(problem.location.unwrap().file, "app/fleet.yaml");
    }

    #[test]
    fn what_is_named_and_missing_is_an_error() {
        for text in [
            "helm: {chart: nope}",
            "kustomize: {dir: nope}",
            "helm: {valuesFiles: [nope.yaml]}",
            "helm: {chart: ../../x}",
            "helm: {chart: ../.fleet/remote/x}",
            "helm: {valuesFiles: [../.fleet/remote/x/values.yaml]}",
        ] {
            let files = MemoryFiles::new().with("app/fleet.yaml", text);
            let problem = variant_of(&files, &[]).unwrap_err();
            assert_eq!(problem.reason, Reason::RecipeInvalid, "{text}");
        }
    }
}
