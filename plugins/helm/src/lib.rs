//! The renderer for Helm charts.

use fleet_chart::{Options, Surroundings};
use fleet_sdk::prelude::*;
use serde::Deserialize;

/// Quicker than what the standard library brings for WebAssembly; see `docs/plugins.md`.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The renderer.
pub struct Helm;

/// Settings of the renderer: what `helm template` takes as flags.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Name of the release; the bundle's, if it is not set.
    pub release_name: Option<String>,
    /// Namespace of the release; the target's default, if it is not set.
    pub namespace: Option<String>,
    /// Whether the definitions in `crds/` come first in the output.
    pub include_crds: bool,
    /// Whether `.Release.IsUpgrade` is set instead of `.Release.IsInstall`.
    pub is_upgrade: bool,
    /// Whether `values.schema.json` is ignored.
    pub skip_schema_validation: bool,
    /// API versions that the target serves besides those that it is known to serve.
    pub api_versions: Vec<String>,
    /// Texts of `--set`, in order; they win over the values.
    pub set: Vec<String>,
    /// Texts of `--set-string`, in order; they win over `set`.
    pub set_string: Vec<String>,
    /// Whether dependencies that are declared and not in `charts/` are asked for, as `helm dependency update` would.
    pub dependency_update: bool,
    /// Whether `global.fleet` of the values offers what is known of the cluster.
    pub cluster_values: bool,
}

impl Renderer for Helm {
    const NAME: &'static str = "helm";
    type Settings = Settings;

    fn render(request: Request<Settings>, host: &Host<'_>) -> Result<Output, Failure> {
        if !request.inputs.is_empty() {
            let message = "a chart cannot be stacked on the output of another renderer";
            return Err(Diagnostic::error("helm/inputs", message).into());
        }
        let settings = request.settings;
        let options = Options {
            release: settings
                .release_name
                .unwrap_or_else(|| host.facts.bundle_name()),
            namespace: settings
                .namespace
                .unwrap_or_else(|| host.facts.default_namespace()),
            is_upgrade: settings.is_upgrade,
            include_crds: settings.include_crds,
            skip_schema_validation: settings.skip_schema_validation,
            api_versions: settings.api_versions,
            set: settings.set,
            set_string: settings.set_string,
            cluster_values: settings.cluster_values,
            dependency_update: settings.dependency_update,
            ..Options::default()
        };
        let surroundings = Surroundings {
            files: host.files.clone(),
            facts: host.facts.clone(),
            entropy: host.entropy.clone(),
        };
        let (path, values) = (&request.path, &request.values);
        let release = fleet_chart::render_last(path, values, &options, &surroundings)?;
        Ok(release.into_output())
    }
}

fleet_sdk::export_renderer!(Helm);

#[cfg(test)]
mod tests;
