//! The world of policies: objects in, findings out.

use fleet_core::diagnostic::{Diagnostic, Location};
use fleet_core::facts::Facts;
use fleet_core::rendered::Failure;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::settings;

/// A plugin that judges the objects of a bundle.
pub trait Policy {
    /// Name of the plugin.
    const NAME: &'static str;
    /// Version of the plugin.
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    /// Its settings; unknown ones are best refused (`#[serde(deny_unknown_fields)]`).
    type Settings: DeserializeOwned;

    /// Judges all objects of one bundle; a finding of severity error blocks the bundle.
    ///
    /// # Errors
    /// If the policy itself failed, which blocks the bundle too.
    fn check(
        objects: &[Checked],
        settings: &Self::Settings,
        facts: &dyn Facts,
    ) -> Result<Vec<Diagnostic>, Failure>;
}

/// One object to be judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// The object.
    pub object: Value,
    /// The file that it came from.
    pub origin: Option<Location>,
}

/// Runs a policy on what came over the wire.
///
/// # Errors
/// If the settings or an object cannot be read, or the policy fails.
pub fn run<P: Policy>(
    objects: Vec<(String, Option<Location>)>,
    settings: &str,
    facts: &dyn Facts,
) -> Result<Vec<Diagnostic>, Failure> {
    let settings = settings::read(P::NAME, settings)?;
    let mut checked = Vec::with_capacity(objects.len());
    for (json, origin) in objects {
        let object = serde_json::from_str(&json).map_err(|error| {
            Diagnostic::error("object/invalid", format!("an object is not JSON: {error}"))
        })?;
        checked.push(Checked { object, origin });
    }
    P::check(&checked, &settings, facts)
}

/// Makes a [`Policy`] the component's own.
#[macro_export]
macro_rules! export_policy {
    ($policy:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            use $crate::policy::bindings::exports::fleet::plugin::{metadata, policy};

            struct Component;

            impl metadata::Guest for Component {
                fn describe() -> metadata::Info {
                    metadata::Info {
                        name: <$policy as $crate::policy::Policy>::NAME.into(),
                        version: <$policy as $crate::policy::Policy>::VERSION.into(),
                        settings_schema: None,
                    }
                }
            }

            impl policy::Guest for Component {
                fn check(
                    objects: Vec<policy::Object>,
                    settings: String,
                ) -> Result<Vec<policy::Diagnostic>, policy::Failure> {
                    $crate::policy::wasm::check::<$policy>(objects, &settings)
                }
            }

    $crate::policy::bindings::export!(Component with_types_in $crate::policy::bindings);
        };
    };
}

#[cfg(all(target_arch = "wasm32", feature = "policy"))]
#[doc(hidden)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "policy-plugin",
        pub_export_macro: true,
    });
}

#[cfg(all(target_arch = "wasm32", feature = "policy"))]
#[doc(hidden)]
pub mod wasm {
    //! Between the wire's types and ours.

    use super::bindings::exports::fleet::plugin::policy as wire;
    use super::{Policy, run};

    crate::wasm::convert!(super::bindings::fleet::plugin);
    crate::wasm::facts!(super::bindings::fleet::plugin);

    /// Judges what came over the wire.
    pub fn check<P: Policy>(
        objects: Vec<wire::Object>,
        settings: &str,
    ) -> Result<Vec<wire::Diagnostic>, wire::Failure> {
        install_panic_hook();
        let objects = objects
            .into_iter()
            .map(|object| (object.json, object.origin.map(location_from)))
            .collect();
        match run::<P>(objects, settings, &Imports) {
            Ok(findings) => Ok(findings.into_iter().map(diagnostic_into).collect()),
            Err(failure) => Err(failure_into(failure)),
        }
    }
}
