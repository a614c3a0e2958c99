//! Between the generated types and our own: the one place where a later version of the contract is brought up to date.

use fleet_core::diagnostic::{Diagnostic, Location, ObjectId, Severity};
use fleet_core::entropy::KeyKind;
use fleet_core::files::{Entry, EntryKind, ReadError};
use fleet_core::rendered::{Failure, Manifest, Output, Rendered};
use serde_json::Value;

use crate::bindings::exports::fleet::plugin::{health, policy, renderer, transformer};
use crate::bindings::fleet::plugin::{entropy, log, source, types};
use crate::error::Cause;
use crate::{Checked, Health, Level};

/// The most values that all JSON manifests of one output may hold: each takes 32 bytes and more once it is parsed.
const MAX_VALUES: usize = 8_000_000;

pub(crate) fn location_in(location: &Location) -> types::Location {
    types::Location {
        file: location.file.clone(),
        line: location.line,
        column: location.column,
    }
}

fn location_out(location: types::Location) -> Location {
    Location {
        file: location.file,
        line: location.line,
        column: location.column,
    }
}

pub(crate) fn diagnostic_out(diagnostic: types::Diagnostic) -> Diagnostic {
    Diagnostic {
        severity: match diagnostic.severity {
            types::Severity::Error => Severity::Error,
            types::Severity::Warning => Severity::Warning,
            types::Severity::Info => Severity::Info,
        },
        code: diagnostic.code,
        message: diagnostic.message,
        location: diagnostic.location.map(location_out),
        object: diagnostic.object.map(|id| ObjectId {
            api_version: id.api_version,
            kind: id.kind,
            namespace: id.namespace,
            name: id.name,
        }),
        hint: diagnostic.hint,
    }
}

/// A failure that names no error is still one.
pub(crate) fn failure_out(failure: types::Failure) -> Failure {
    let mut diagnostics: Vec<_> = failure
        .diagnostics
        .into_iter()
        .map(diagnostic_out)
        .collect();
    if !diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity == Severity::Error)
    {
        diagnostics.push(Diagnostic::error(
            "plugin/no-reason",
            "it failed and gave no error",
        ));
    }
    Failure { diagnostics }
}

pub(crate) fn rendered_in(rendered: &Rendered) -> types::Rendered {
    types::Rendered {
        manifest: match &rendered.manifest {
            Manifest::Json(value) => types::Manifest::Json(value.to_string()),
            Manifest::Yaml(text) => types::Manifest::Yaml(text.clone()),
        },
        origin: rendered.origin.as_ref().map(location_in),
    }
}

pub(crate) fn object_in(checked: &Checked) -> types::Object {
    types::Object {
        json: checked.json.clone(),
        origin: checked.origin.as_ref().map(location_in),
    }
}

/// Checks and converts manifests: what says that it is JSON must be one JSON object.
fn manifests_out(manifests: Vec<types::Rendered>) -> Result<Vec<Rendered>, Cause> {
    let mut room = MAX_VALUES;
    let mut converted = Vec::with_capacity(manifests.len());
    for (n, rendered) in manifests.into_iter().enumerate() {
        let manifest = match rendered.manifest {
            types::Manifest::Yaml(text) => Manifest::Yaml(text),
            types::Manifest::Json(text) => {
                let values = text
                    .bytes()
                    .filter(|byte| matches!(byte, b',' | b'[' | b'{'))
                    .count();
                room = room.checked_sub(values).ok_or_else(|| {
                    Cause::BadOutput(format!("more than {MAX_VALUES} JSON values"))
                })?;
                let value: Value = serde_json::from_str(&text).map_err(|error| {
                    Cause::BadOutput(format!("manifest {n} is not JSON: {error}"))
                })?;
                if !value.is_object() {
                    return Err(Cause::BadOutput(format!(
                        "manifest {n} is JSON and no object"
                    )));
                }
                Manifest::Json(value)
            }
        };
        converted.push(Rendered {
            manifest,
            origin: rendered.origin.map(location_out),
        });
    }
    Ok(converted)
}

fn output_out(
    manifests: Vec<types::Rendered>,
    warnings: Vec<types::Diagnostic>,
) -> Result<Output, Cause> {
    let mut warnings: Vec<Diagnostic> = warnings.into_iter().map(diagnostic_out).collect();
    for warning in &mut warnings {
        // It gave an output, so what it says cannot be an error.
        warning.severity = warning.severity.max(Severity::Warning);
    }
    Ok(Output {
        manifests: manifests_out(manifests)?,
        warnings,
    })
}

pub(crate) fn rendered_output(output: renderer::Output) -> Result<Output, Cause> {
    output_out(output.manifests, output.warnings)
}

pub(crate) fn transformed_output(output: transformer::Output) -> Result<Output, Cause> {
    output_out(output.manifests, output.warnings)
}

pub(crate) fn findings_out(findings: Vec<policy::Diagnostic>) -> Vec<Diagnostic> {
    findings.into_iter().map(diagnostic_out).collect()
}

pub(crate) fn health_out(status: health::Status) -> Health {
    match status {
        health::Status::Current => Health::Current,
        health::Status::InProgress => Health::InProgress,
        health::Status::Failed => Health::Failed,
        health::Status::Suspended => Health::Suspended,
        health::Status::Unknown => Health::Unknown,
    }
}

pub(crate) fn read_error_in(error: ReadError) -> source::ReadError {
    match error {
        ReadError::NotFound => source::ReadError::NotFound,
        ReadError::NotAFile => source::ReadError::NotAFile,
        ReadError::NotADirectory => source::ReadError::NotADirectory,
        ReadError::NotUtf8 => source::ReadError::NotUtf8,
        ReadError::Denied(why) => source::ReadError::Denied(why),
        ReadError::TooLarge(size) => source::ReadError::TooLarge(size),
        ReadError::Other(why) => source::ReadError::Other(why),
    }
}

pub(crate) fn entry_in(entry: Entry) -> source::Entry {
    source::Entry {
        name: entry.name,
        kind: match entry.kind {
            EntryKind::File => source::EntryKind::File,
            EntryKind::Directory => source::EntryKind::Directory,
            EntryKind::Symlink => source::EntryKind::Symlink,
        },
        size: entry.size,
    }
}

pub(crate) fn key_kind_out(kind: entropy::KeyKind) -> KeyKind {
    match kind {
        entropy::KeyKind::Rsa2048 => KeyKind::Rsa2048,
        entropy::KeyKind::Rsa4096 => KeyKind::Rsa4096,
        entropy::KeyKind::EcdsaP256 => KeyKind::EcdsaP256,
        entropy::KeyKind::Ed25519 => KeyKind::Ed25519,
        entropy::KeyKind::Dsa2048 => KeyKind::Dsa2048,
    }
}

pub(crate) fn level_out(level: log::Level) -> Level {
    match level {
        log::Level::Trace => Level::Trace,
        log::Level::Debug => Level::Debug,
        log::Level::Info => Level::Info,
        log::Level::Warn => Level::Warn,
        log::Level::Error => Level::Error,
    }
}
