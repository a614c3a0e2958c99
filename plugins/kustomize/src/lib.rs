//! The renderer for kustomizations: builds a folder as `kubectl kustomize` does, without network and without programs.

use fleet_chart::Surroundings;
use fleet_kustomize::loader::Restriction;
use fleet_kustomize::{Options, Order, build, inputs};
use fleet_sdk::prelude::*;
use serde::Deserialize;

/// Quicker than what the standard library brings for WebAssembly; see `docs/plugins.md`.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The renderer.
pub struct Kustomize;

/// Settings of the renderer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// The order of the objects, unless the kustomization says it in `sortOptions`.
    pub order: OrderSetting,
    /// Which files a kustomization may read; never more than the repository.
    pub load_restrictor: LoadRestrictor,
    /// Accepted without effect, as kustomize's flag: external plugins are not run.
    pub enable_alpha_plugins: bool,
    /// Whether charts inside kustomizations are rendered.
    pub enable_helm: bool,
}

/// The order of the objects.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrderSetting {
    /// By kind, as kubectl prints them.
    #[default]
    Legacy,
    /// As they were read, as Rancher Fleet takes them.
    Fifo,
}

/// Which files a kustomization may read.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub enum LoadRestrictor {
    /// Those in or below its folder.
    #[default]
    LoadRestrictionsRootOnly,
    /// All of the repository.
    LoadRestrictionsNone,
}

impl Renderer for Kustomize {
    const NAME: &'static str = "kustomize";
    type Settings = Settings;

    fn render(request: Request<Settings>, host: &Host<'_>) -> Result<Output, Failure> {
        let options = Options {
            restriction: match request.settings.load_restrictor {
                LoadRestrictor::LoadRestrictionsRootOnly => Restriction::RootOnly,
                LoadRestrictor::LoadRestrictionsNone => Restriction::None,
            },
            order: match request.settings.order {
                OrderSetting::Legacy => Order::Legacy,
                OrderSetting::Fifo => Order::Fifo,
            },
            charts: request.settings.enable_helm.then(|| Surroundings {
                files: host.files.clone(),
                facts: host.facts.clone(),
                entropy: host.entropy.clone(),
            }),
        };
        inputs(request.inputs)
            .and_then(|inputs| build(&**host.files, &request.path, &options, inputs))
            .map(fleet_kustomize::Built::into_output)
            .map_err(|error| Diagnostic::from(error).into())
    }
}

fleet_sdk::export_renderer!(Kustomize);

#[cfg(test)]
mod tests;
