//! The world of health plugins: one live object in, a verdict out.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::settings;

/// How an object is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is what its spec says.
    Current,
    /// It is on its way.
    InProgress,
    /// It will not get there by itself.
    Failed,
    /// It is stopped on purpose.
    Suspended,
    /// Nobody can tell.
    Unknown,
}

/// A plugin that judges kinds that the built-in rules do not know.
pub trait HealthRules {
    /// Name of the plugin.
    const NAME: &'static str;
    /// Version of the plugin.
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    /// Its settings; unknown ones are best refused (`#[serde(deny_unknown_fields)]`).
    type Settings: DeserializeOwned;

    /// Judges one live object, secrets removed; the text says why.
    ///
    /// # Errors
    /// With a reason, if the object cannot be judged.
    fn assess(object: &Value, settings: &Self::Settings) -> Result<(Status, String), String>;
}

/// Runs a health plugin on what came over the wire.
///
/// # Errors
/// If the settings or the object cannot be read, or the object cannot be judged.
pub fn run<H: HealthRules>(object: &str, settings: &str) -> Result<(Status, String), String> {
    let settings = settings::read(H::NAME, settings).map_err(|failure| failure.to_string())?;
    let object =
        serde_json::from_str(object).map_err(|error| format!("the object is not JSON: {error}"))?;
    H::assess(&object, &settings)
}

/// Makes [`HealthRules`] the component's own.
#[macro_export]
macro_rules! export_health {
    ($rules:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::health::bindings::exports::fleet::plugin::{health, metadata};

            struct Component;

            impl metadata::Guest for Component {
                fn describe() -> metadata::Info {
                    metadata::Info {
                        name: <$rules as $crate::health::HealthRules>::NAME.into(),
                        version: <$rules as $crate::health::HealthRules>::VERSION.into(),
                        settings_schema: None,
                    }
                }
            }

            impl health::Guest for Component {
                fn assess(object: String, settings: String) -> Result<health::Verdict, String> {
                    $crate::health::wasm::assess::<$rules>(&object, &settings)
                }
            }

    $crate::health::bindings::export!(Component with_types_in $crate::health::bindings);
        };
    };
}

#[cfg(all(target_arch = "wasm32", feature = "health"))]
#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "health-plugin",
        pub_export_macro: true,
    });
}

#[cfg(all(target_arch = "wasm32", feature = "health"))]
#[doc(hidden)]
pub mod wasm {
    //! Between the wire's types and ours.

    use super::bindings::exports::fleet::plugin::health as wire;
    use super::{HealthRules, Status, run};

    /// Judges what came over the wire.
    pub fn assess<H: HealthRules>(object: &str, settings: &str) -> Result<wire::Verdict, String> {
        let (status, message) = run::<H>(object, settings)?;
        let status = match status {
            Status::Current => wire::Status::Current,
            Status::InProgress => wire::Status::InProgress,
            Status::Failed => wire::Status::Failed,
            Status::Suspended => wire::Status::Suspended,
            Status::Unknown => wire::Status::Unknown,
        };
        Ok(wire::Verdict { status, message })
    }
}
