//! `yaml.overlays` of `fleet.yaml`: files that replace or patch those of the path.

use fleet_sdk::prelude::*;
use fleet_yaml::Duplicates;
use serde_json::Value;

use crate::File;
use crate::files::{child, is_manifest, read};

/// Applies the folder `overlays/NAME`: a file replaces the one of the same name or is added, and `x_patch.yaml` is
/// merged into `x.yaml`.
pub(crate) fn apply(
    files: &dyn Files,
    path: &str,
    name: &str,
    manifests: &mut Vec<File>,
) -> Result<(), Failure> {
    let top = if path == "." { "" } else { path };
    let folder = child(&child(top, "overlays"), name);
    let mut paths = Vec::new();
    walk(files, &folder, &mut paths, 0)?;
    for path in paths {
        let file = read(files, &folder, &path)?;
        match target_of(&file.name) {
            Some(target) => patch(manifests, &target, &file)?,
            None => {
                manifests.retain(|known| known.name != file.name);
                manifests.push(file);
            }
        }
    }
    manifests.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(())
}

fn walk(
    files: &dyn Files,
    folder: &str,
    paths: &mut Vec<String>,
    depth: usize,
) -> Result<(), Failure> {
    let entries = files.list(folder).map_err(|error| {
        Diagnostic::error(
            "overlay/missing",
            format!("cannot read overlay `{folder}`: {error}"),
        )
        .hint("each name in `yaml.overlays` is a folder below `overlays/`")
    })?;
    for entry in entries {
        let path = child(folder, &entry.name);
        match entry.kind {
            EntryKind::Directory if depth < 64 => walk(files, &path, paths, depth + 1)?,
            EntryKind::File if is_manifest(&entry.name) => paths.push(path),
            _ => {}
        }
    }
    Ok(())
}

/// `a/x_patch.yaml` is for `a/x.yaml`.
fn target_of(name: &str) -> Option<String> {
    let (stem, ending) = name.rsplit_once('.')?;
    Some(format!("{}.{ending}", stem.strip_suffix("_patch")?))
}

fn patch(manifests: &mut [File], target: &str, patch: &File) -> Result<(), Failure> {
    let Some(file) = manifests.iter_mut().find(|file| file.name == target) else {
        let message = format!(
            "`{}` patches `{target}`, and there is no such file",
            patch.path
        );
        return Err(Diagnostic::error("overlay/no-target", message)
            .at(&patch.path, 0, 0)
            .into());
    };
    let parse = |file: &File| {
        fleet_yaml::from_str(&file.text, Duplicates::LastWins).map_err(|error| {
            let message = format!("cannot read `{}`: {}", file.path, error.message);
            Diagnostic::error("manifest/syntax", message).at(&file.path, error.line, error.column)
        })
    };
    let mut value = parse(file)?;
    match parse(patch)? {
        Value::Array(_) => {
            let message = format!(
                "`{}` is a JSON patch, which raw overlays cannot apply yet",
                patch.path
            );
            return Err(Diagnostic::error("overlay/json-patch", message)
                .hint("use a kustomization for JSON patches")
                .into());
        }
        over => merge(&mut value, over),
    }
    file.text = fleet_yaml::to_string(&value);
    Ok(())
}

/// A JSON merge patch (RFC 7386).
fn merge(base: &mut Value, over: Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                if value.is_null() {
                    base.remove(&key);
                } else {
                    merge(base.entry(key).or_insert(Value::Null), value);
                }
            }
        }
        (base, over) => *base = over,
    }
}
