//! Which files of a folder are manifests.

use fleet_core::files::join;
use fleet_sdk::prelude::*;

use crate::File;

/// The deepest folder that is looked into, counted from the rendered one.
const MAX_DEPTH: usize = 64;

/// Folders with one of these are bundles or charts of their own.
const OWN_BUNDLE: [&str; 3] = ["fleet.yaml", "fleet.yml", "Chart.yaml"];

/// The manifests below a folder, sorted by name.
///
/// Hidden files, `overlays/`, what `.fleetignore` leaves out, and folders that are bundles or charts of their own
/// are not among them, nor is the folder's own `fleet.yaml`.
pub(crate) fn manifests(
    files: &dyn Files,
    path: &str,
    exclude: &[String],
) -> Result<Vec<File>, Failure> {
    let mut found = Vec::new();
    let mut ignored = Vec::new();
    let mut above = String::new();
    for part in path
        .split('/')
        .filter(|part| !part.is_empty() && *part != ".")
    {
        ignored.extend(patterns(files, &above)?);
        above = child(&above, part);
    }
    let exclude: Vec<String> = exclude
        .iter()
        .filter_map(|name| join(&above, name).ok())
        .collect();
    walk(files, &above, &above, &ignored, 0, &mut found)?;
    found.retain(|file: &File| !exclude.contains(&file.path));
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

fn walk(
    files: &dyn Files,
    top: &str,
    folder: &str,
    above: &[String],
    depth: usize,
    found: &mut Vec<File>,
) -> Result<(), Failure> {
    let entries = files.list(folder).map_err(|error| {
        Diagnostic::error(
            "source/list",
            format!("cannot list folder `{folder}`: {error}"),
        )
    })?;
    let is_top = depth == 0;
    let own_bundle = entries
        .iter()
        .any(|entry| OWN_BUNDLE.contains(&entry.name.as_str()));
    if depth > MAX_DEPTH || (!is_top && own_bundle) {
        return Ok(());
    }
    let mut ignored = above.to_vec();
    ignored.extend(patterns(files, folder)?);
    for entry in entries {
        let is_directory = entry.kind == EntryKind::Directory;
        let own = is_top && matches!(entry.name.as_str(), "fleet.yaml" | "fleet.yml");
        let overlays = is_top && is_directory && entry.name == "overlays";
        if own
            || overlays
            || entry.name.starts_with('.')
            || leaves_out(&ignored, &entry.name, is_directory)
        {
            continue;
        }
        let path = child(folder, &entry.name);
        match entry.kind {
            EntryKind::Directory => walk(files, top, &path, &ignored, depth + 1, found)?,
            EntryKind::File if is_manifest(&entry.name) => found.push(read(files, top, &path)?),
            _ => {}
        }
    }
    Ok(())
}

/// Reads one file.
pub(crate) fn read(files: &dyn Files, top: &str, path: &str) -> Result<File, Failure> {
    let text = files.read_text(path).map_err(|error| {
        Diagnostic::error("source/read", format!("cannot read `{path}`: {error}")).at(path, 0, 0)
    })?;
    let name = path
        .strip_prefix(top)
        .unwrap_or(path)
        .trim_start_matches('/')
        .to_owned();
    Ok(File {
        path: path.to_owned(),
        name,
        text,
    })
}

/// Whether a file name is one of a manifest.
pub(crate) fn is_manifest(name: &str) -> bool {
    [".yaml", ".yml", ".json"]
        .iter()
        .any(|ending| name.ends_with(ending))
}

/// The path of an entry of a folder.
pub(crate) fn child(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// The patterns of a folder's `.fleetignore`. One that is there and cannot be read is an error: without it, what it
/// leaves out would be deployed.
fn patterns(files: &dyn Files, folder: &str) -> Result<Vec<String>, Failure> {
    let path = child(folder, ".fleetignore");
    match files.read_text(&path) {
        Ok(text) => Ok(fleet_core::pattern::ignore_lines(&text)),
        Err(ReadError::NotFound | ReadError::NotAFile) => Ok(Vec::new()),
        Err(error) => {
            let message = format!("cannot read `{path}`: {error}");
            Err(Diagnostic::error("source/read", message)
                .at(path, 0, 0)
                .into())
        }
    }
}

fn leaves_out(patterns: &[String], name: &str, is_directory: bool) -> bool {
    patterns
        .iter()
        .any(|pattern| fleet_core::pattern::ignores(pattern, name, is_directory))
}
