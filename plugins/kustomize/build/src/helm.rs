//! Charts inside a kustomization, as `helmCharts` describes them.

use serde::Deserialize;
use serde_json::{Map, Value};

pub(crate) mod inflate;

/// Settings for all charts of a kustomization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HelmGlobals {
    /// The folder in which charts are; `charts` if empty.
    pub chart_home: String,
    /// Helm's own configuration.
    pub config_home: String,
}

/// One chart.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HelmChart {
    /// Name of the chart.
    pub name: String,
    /// Version of the chart.
    pub version: String,
    /// Where the chart is got from, if it is not in the repository.
    pub repo: String,
    /// Name of the release.
    pub release_name: String,
    /// Namespace of the release.
    pub namespace: String,
    /// Files with values, merged over the others.
    pub additional_values_files: Vec<String>,
    /// File with values, in place of the chart's own.
    pub values_file: String,
    /// Values.
    pub values_inline: Map<String, Value>,
    /// How `valuesInline` and the file go together: `merge`, `override` or `replace`.
    pub values_merge: String,
    /// Whether custom resource definitions are rendered.
    #[serde(rename = "includeCRDs")]
    pub include_crds: bool,
    /// Whether hooks are left out.
    pub skip_hooks: bool,
    /// API versions that the cluster is taken to have.
    pub api_versions: Vec<String>,
    /// Version that the cluster is taken to have.
    pub kube_version: String,
    /// Template for the name of the release.
    pub name_template: String,
    /// Whether tests are left out.
    pub skip_tests: bool,
    /// More output from Helm.
    pub debug: bool,
    /// Whether development versions are taken too.
    pub devel: bool,
}

/// One chart, as the older `helmChartInflationGenerator` describes it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HelmChartArgs {
    /// Name of the chart.
    pub chart_name: String,
    /// Version of the chart.
    pub chart_version: String,
    /// Where the chart is got from.
    pub chart_repo_url: String,
    /// The folder in which charts are.
    pub chart_home: String,
    /// Read and not used.
    pub chart_repo_name: String,
    /// Read and not used.
    pub helm_bin: String,
    /// Helm's own configuration.
    pub helm_home: String,
    /// File with values.
    pub values: String,
    /// Values.
    pub values_local: Map<String, Value>,
    /// How values go together.
    pub values_merge: String,
    /// Name of the release.
    pub release_name: String,
    /// Read and not used.
    pub release_namespace: String,
    /// Read and not used.
    pub extra_args: Vec<String>,
}

impl From<HelmChartArgs> for HelmChart {
    fn from(args: HelmChartArgs) -> Self {
        Self {
            name: args.chart_name,
            version: args.chart_version,
            repo: args.chart_repo_url,
            values_file: args.values,
            values_inline: args.values_local,
            values_merge: args.values_merge,
            release_name: args.release_name,
            ..Self::default()
        }
    }
}

/// What older descriptions say for all charts; the last one that says something wins.
pub fn globals(charts: &[HelmChartArgs]) -> Option<HelmGlobals> {
    let last = |field: fn(&HelmChartArgs) -> &String| {
        charts
            .iter()
            .map(field)
            .rfind(|text| !text.is_empty())
            .cloned()
            .unwrap_or_default()
    };
    let globals = HelmGlobals {
        chart_home: last(|chart| &chart.chart_home),
        config_home: last(|chart| &chart.helm_home),
    };
    (globals != HelmGlobals::default()).then_some(globals)
}
