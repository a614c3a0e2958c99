//! The renderer for plain manifests: the YAML and JSON files of a folder, as they are.

mod files;
mod overlay;

use fleet_core::object::{MAX_DEPTH, is_too_deep};
use fleet_sdk::prelude::*;
use fleet_yaml::Duplicates;
use serde::Deserialize;
use serde_json::Value;

/// The renderer.
pub struct Raw;

/// Settings of the renderer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Folders below `overlays/` whose files replace or patch those of the path, in order.
    pub overlays: Vec<String>,
    /// Files that are no manifests (values files, for example), relative to the path.
    pub exclude: Vec<String>,
}

impl Renderer for Raw {
    const NAME: &'static str = "raw";
    type Settings = Settings;

    fn render(request: Request<Settings>, host: &Host<'_>) -> Result<Output, Failure> {
        let mut manifests = files::manifests(host.files, &request.path, &request.settings.exclude)?;
        for overlay in &request.settings.overlays {
            overlay::apply(host.files, &request.path, overlay, &mut manifests)?;
        }
        let mut output = Output::default();
        let mut diagnostics = Vec::new();
        for file in manifests {
            match documents(&file) {
                Ok(documents) => take(&file.path, documents, &mut output),
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
        if diagnostics.is_empty() {
            Ok(output)
        } else {
            Err(Failure { diagnostics })
        }
    }
}

fleet_sdk::export_renderer!(Raw);

/// One file with manifests.
#[derive(Clone, Debug)]
struct File {
    /// Path relative to the top of the repository.
    path: String,
    /// Path relative to the rendered folder.
    name: String,
    /// The text.
    text: String,
}

/// The documents of a file, each with the line on which it starts.
fn documents(file: &File) -> Result<Vec<(u32, Value)>, Box<Diagnostic>> {
    let is_json = file.path.ends_with(".json");
    let documents = fleet_yaml::documents(&file.text, Duplicates::LastWins).map_err(|error| {
        let what = if is_json { "JSON" } else { "YAML" };
        let message = format!("cannot read `{}` as {what}: {}", file.path, error.message);
        Box::new(Diagnostic::error("manifest/syntax", message).at(
            &file.path,
            error.line,
            error.column,
        ))
    })?;
    if let Some((line, _)) = documents.iter().find(|(_, value)| is_too_deep(value)) {
        let message = format!(
            "a document of `{}` is more than {MAX_DEPTH} mappings and lists deep",
            file.path
        );
        return Err(Box::new(
            Diagnostic::error("manifest/too-deep", message).at(&file.path, *line, 0),
        ));
    }
    Ok(documents)
}

/// Adds the documents that are objects; as in Rancher Fleet the others are left out, here with a word about it.
fn take(path: &str, documents: Vec<(u32, Value)>, output: &mut Output) {
    for (line, value) in documents {
        let field = |key: &str| {
            value
                .get(key)
                .and_then(Value::as_str)
                .is_some_and(|text| !text.is_empty())
        };
        if !field("apiVersion") || !field("kind") {
            let message =
                format!("a document of `{path}` has no `apiVersion` and `kind`, and is left out");
            let hint = "rename the file or list it in `.fleetignore` if it is no manifest";
            output.warnings.push(
                Diagnostic::warning("manifest/not-an-object", message)
                    .at(path, line, 0)
                    .hint(hint),
            );
            continue;
        }
        let origin = Some(Location {
            file: path.to_owned(),
            line,
            column: 0,
        });
        let items = match value["items"].as_array() {
            Some(items) if value["kind"] == "List" => items.clone(),
            _ => vec![value],
        };
        let rendered = |value| Rendered {
            manifest: Manifest::Json(value),
            origin: origin.clone(),
        };
        output.manifests.extend(items.into_iter().map(rendered));
    }
}

#[cfg(test)]
mod tests;
