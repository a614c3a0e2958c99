//! A plugin's settings as a typed value.

use fleet_core::diagnostic::Diagnostic;
use fleet_core::rendered::Failure;
use serde::de::DeserializeOwned;

/// Reads settings; no settings are the same as `{}`.
///
/// # Errors
/// A diagnostic that names the plugin, the place in the JSON and what was expected there.
pub fn read<S: DeserializeOwned>(plugin: &str, json: &str) -> Result<S, Failure> {
    let json = match json.trim() {
        "" | "null" => "{}",
        json => json,
    };
    serde_json::from_str(json).map_err(|error| {
        let message = format!("cannot read the settings of plugin `{plugin}`: {error}");
        Diagnostic::error("settings/invalid", message)
            .hint("correct the plugin's settings in `fleet.yaml`, or the options that are passed on to it")
            .into()
    })
}
