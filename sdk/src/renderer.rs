//! The world of renderers: files and settings in, manifests out.

use fleet_core::diagnostic::Diagnostic;
use fleet_core::rendered::{Failure, Output, Rendered};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Host, settings};

/// A plugin that turns files and settings into manifests.
pub trait Renderer {
    /// Name of the plugin.
    const NAME: &'static str;
    /// Version of the plugin.
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    /// Its settings; unknown ones are best refused (`#[serde(deny_unknown_fields)]`).
    type Settings: DeserializeOwned;

    /// Renders one path.
    ///
    /// # Errors
    /// With at least one diagnostic of severity error.
    fn render(request: Request<Self::Settings>, host: &Host<'_>) -> Result<Output, Failure>;
}

/// What is to be rendered.
#[derive(Clone, Debug)]
pub struct Request<S> {
    /// Folder or file, relative to the top of the repository.
    pub path: String,
    /// The plugin's settings.
    pub settings: S,
    /// Merged values for this target; nothing of the cluster is in them.
    pub values: Value,
    /// What an earlier renderer made and this one is stacked on.
    pub inputs: Vec<Rendered>,
}

/// Runs a renderer on what came over the wire.
///
/// # Errors
/// If the settings or values cannot be read, or the renderer fails.
pub fn run<R: Renderer>(
    path: String,
    settings: &str,
    values: &str,
    inputs: Vec<Rendered>,
    host: &Host<'_>,
) -> Result<Output, Failure> {
    let settings = settings::read(R::NAME, settings)?;
    let values = match values.trim() {
        "" => Value::Null,
        values => serde_json::from_str(values).map_err(|error| {
            Diagnostic::error(
                "values/invalid",
                format!("the values are not JSON: {error}"),
            )
        })?,
    };
    R::render(
        Request {
            path,
            settings,
            values,
            inputs,
        },
        host,
    )
}

/// Makes a [`Renderer`] the component's own.
#[macro_export]
macro_rules! export_renderer {
    ($renderer:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::renderer::bindings::exports::fleet::plugin::{metadata, renderer};

            struct Component;

            impl metadata::Guest for Component {
                fn describe() -> metadata::Info {
                    metadata::Info {
                        name: <$renderer as $crate::renderer::Renderer>::NAME.into(),
                        version: <$renderer as $crate::renderer::Renderer>::VERSION.into(),
                        settings_schema: None,
                    }
                }
            }

            impl renderer::Guest for Component {
                fn render(
                    request: renderer::Request,
                ) -> Result<renderer::Output, renderer::Failure> {
                    $crate::renderer::wasm::render::<$renderer>(request)
                }
            }

    $crate::renderer::bindings::export!(Component with_types_in $crate::renderer::bindings);
        };
    };
}

#[cfg(all(target_arch = "wasm32", feature = "renderer"))]
#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "renderer-plugin",
        pub_export_macro: true,
    });
}

#[cfg(all(target_arch = "wasm32", feature = "renderer"))]
#[doc(hidden)]
pub mod wasm {
    //! Between the wire's types and ours.

    use std::rc::Rc;

    use fleet_core::entropy::Entropy;
    use fleet_core::facts::Facts;
    use fleet_core::files::Files;

    use super::bindings::exports::fleet::plugin::renderer as wire;
    use super::{Renderer, run};
    use crate::Host;

    crate::wasm::convert!(super::bindings::fleet::plugin);
    crate::wasm::imports!(super::bindings::fleet::plugin);

    /// Renders what came over the wire.
    pub fn render<R: Renderer>(request: wire::Request) -> Result<wire::Output, wire::Failure> {
        install_panic_hook();
        let inputs = request.inputs.into_iter().map(rendered_from).collect();
        let files: Rc<dyn Files> = Rc::new(Imports);
        let facts: Rc<dyn Facts> = Rc::new(Imports);
        let entropy: Rc<dyn Entropy> = Rc::new(Imports);
        let host = Host {
            files: &files,
            facts: &facts,
            entropy: &entropy,
        };
        match run::<R>(
            request.path,
            &request.settings,
            &request.values,
            inputs,
            &host,
        ) {
            Ok(output) => Ok(wire::Output {
                manifests: output.manifests.into_iter().map(rendered_into).collect(),
                warnings: output.warnings.into_iter().map(diagnostic_into).collect(),
            }),
            Err(failure) => Err(failure_into(failure)),
        }
    }
}
