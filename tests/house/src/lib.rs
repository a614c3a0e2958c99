//! What the checks of the house have in common: where the house is, its crates and its files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

/// One crate of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its folder, relative to the top.
    pub folder: String,
    /// Crates that it uses outside tests, ours and others.
    pub uses: BTreeSet<String>,
    /// Crates that only its tests use.
    pub dev_uses: BTreeSet<String>,
}

/// The top of the house.
pub fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate is two folders below the top")
}

/// Our crates by name, as their manifests have them.
///
/// # Errors
/// If cargo cannot read them.
pub fn packages() -> Result<BTreeMap<String, Package>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--no-deps", "--offline"])
        .current_dir(top())
        .output()
        .context("could not run cargo")?;
    ensure!(
        output.status.success(),
        "cargo metadata: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let mut packages = BTreeMap::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        let folder = manifest.parent().context("a manifest is in a folder")?;
        let of_kind = |dev: bool| {
            let dependencies = package["dependencies"].as_array().into_iter().flatten();
            dependencies
                .filter(|dependency| (dependency["kind"] == "dev") == dev)
                .map(|dependency| text(&dependency["name"]))
                .collect()
        };
        packages.insert(
            text(&package["name"]),
            Package {
                folder: folder.strip_prefix(top())?.to_string_lossy().into_owned(),
                uses: of_kind(false),
                dev_uses: of_kind(true),
            },
        );
    }
    Ok(packages)
}

/// The rows of the table below `heading` in a Markdown text whose head begins with `first`; cells without backticks.
pub fn table(text: &str, heading: &str, first: &str) -> Vec<Vec<String>> {
    let below = text.split_once(heading).map_or("", |(_, below)| below);
    let head = format!("| {first} |");
    let rows = below
        .lines()
        .skip_while(|line| !line.starts_with(&head))
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|line| {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().replace('`', "")).collect()
    })
    .collect()
}

/// All files below `folder` (relative to the top) whose names end with `.ending`, sorted; build output left out.
///
/// # Errors
/// If a folder cannot be read.
pub fn files(folder: &str, ending: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![top().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)
            .with_context(|| format!("could not list {}", folder.display()))?
        {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if entry.file_type()?.is_dir() {
                if name != "target" && !name.starts_with('.') {
                    folders.push(entry.path());
                }
            } else if name.ends_with(&format!(".{ending}")) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// A path as it is shown: relative to the top.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(top())
        .unwrap_or(path)
        .to_string_lossy()
        .into_owned()
}

/// Source text without what follows its tests (`#[cfg(test)]`), without comments.
pub fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}
