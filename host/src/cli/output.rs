//! What commands print on standard output.

use std::io::{self, Write as _};

use clap::ValueEnum;
use owo_colors::OwoColorize as _;
use serde::Serialize;

use super::Failure;

/// How resources are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A table with more columns.
    Wide,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

/// Prints text, with colours only where somebody sees them.
///
/// # Errors
/// If standard output does not take it; a reader that has gone away (`| head`) is no error.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// A value as JSON or YAML text.
pub(super) fn to_text<T: Serialize>(value: &T, yaml: bool) -> Result<String, Failure> {
    let value = serde_json::to_value(value)
        .map_err(|error| Failure::new(format!("cannot print this: {error}")))?;
    Ok(if yaml {
        fleet_yaml::to_string(&value)
    } else {
        format!("{value:#}\n")
    })
}

/// A state, coloured by how bad it is.
pub(super) fn state(text: &str) -> String {
    match text.split_whitespace().next().unwrap_or_default() {
        "Ready" => text.green().to_string(),
        "ErrApplied" | "Error" => text.red().to_string(),
        "" => String::new(),
        _ => text.yellow().to_string(),
    }
}
