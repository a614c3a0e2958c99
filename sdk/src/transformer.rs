//! The world of transformers: manifests in, changed manifests out.

use fleet_core::rendered::{Failure, Output, Rendered};
use serde::de::DeserializeOwned;

use crate::settings;

/// A plugin that changes what a renderer made, or files before a renderer reads them.
pub trait Transformer {
    /// Name of the plugin.
    const NAME: &'static str;
    /// Version of the plugin.
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    /// Its settings; unknown ones are best refused (`#[serde(deny_unknown_fields)]`).
    type Settings: DeserializeOwned;

    /// Changes manifests; their order is the order of installation.
    ///
    /// # Errors
    /// With at least one diagnostic of severity error.
    fn transform(manifests: Vec<Rendered>, settings: &Self::Settings) -> Result<Output, Failure>;

    /// Turns a file into plain text before a renderer reads it; by default every file stays as it is.
    ///
    /// # Errors
    /// With at least one diagnostic of severity error.
    fn transform_file(
        _path: &str,
        content: Vec<u8>,
        _settings: &Self::Settings,
    ) -> Result<Vec<u8>, Failure> {
        Ok(content)
    }
}

/// Runs a transformer on what came over the wire.
///
/// # Errors
/// If the settings cannot be read, or the transformer fails.
pub fn run<T: Transformer>(manifests: Vec<Rendered>, settings: &str) -> Result<Output, Failure> {
    T::transform(manifests, &settings::read(T::NAME, settings)?)
}

/// Makes a [`Transformer`] the component's own.
#[macro_export]
macro_rules! export_transformer {
    ($transformer:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::transformer::bindings::exports::fleet::plugin::{metadata, transformer};

            struct Component;

            impl metadata::Guest for Component {
                fn describe() -> metadata::Info {
                    metadata::Info {
                        name: <$transformer as $crate::transformer::Transformer>::NAME.into(),
                        version: <$transformer as $crate::transformer::Transformer>::VERSION.into(),
                        settings_schema: None,
                    }
                }
            }

            impl transformer::Guest for Component {
                fn transform(
                    manifests: Vec<transformer::Rendered>,
                    settings: String,
                ) -> Result<transformer::Output, transformer::Failure> {
                    $crate::transformer::wasm::transform::<$transformer>(manifests, &settings)
                }

                fn transform_file(
                    path: String,
                    content: Vec<u8>,
                    settings: String,
                ) -> Result<Vec<u8>, transformer::Failure> {
                    $crate::transformer::wasm::transform_file::<$transformer>(&path, content, &settings)
                }
            }

            $crate::transformer::bindings::export!(Component with_types_in $crate::transformer::bindings);
        };
    };
}

#[cfg(all(target_arch = "wasm32", feature = "transformer"))]
#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "transformer-plugin",
        pub_export_macro: true,
    });
}

#[cfg(all(target_arch = "wasm32", feature = "transformer"))]
#[doc(hidden)]
pub mod wasm {
    //! Between the wire's types and ours.

    use super::bindings::exports::fleet::plugin::transformer as wire;
    use super::{Transformer, run};
    use crate::settings;

    crate::wasm::convert!(super::bindings::fleet::plugin);

    /// Changes what came over the wire.
    pub fn transform<T: Transformer>(
        manifests: Vec<wire::Rendered>,
        settings: &str,
    ) -> Result<wire::Output, wire::Failure> {
        install_panic_hook();
        match run::<T>(manifests.into_iter().map(rendered_from).collect(), settings) {
            Ok(output) => Ok(wire::Output {
                manifests: output.manifests.into_iter().map(rendered_into).collect(),
                warnings: output.warnings.into_iter().map(diagnostic_into).collect(),
            }),
            Err(failure) => Err(failure_into(failure)),
        }
    }

    /// Turns a file into plain text.
    pub fn transform_file<T: Transformer>(
        path: &str,
        content: Vec<u8>,
        text: &str,
    ) -> Result<Vec<u8>, wire::Failure> {
        install_panic_hook();
        let settings = settings::read(T::NAME, text).map_err(failure_into)?;
        T::transform_file(path, content, &settings).map_err(failure_into)
    }
}
