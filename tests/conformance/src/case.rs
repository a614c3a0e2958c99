//! A case of the suite: a folder with `case.yaml`, `input/`, and what is expected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use fleet_core::facts::StaticFacts;
use fleet_core::files::MemoryFiles;
use fleet_plugin::{Checked, Request};
use fleet_yaml::Duplicates;
use serde::Deserialize;
use serde_json::Value;

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Name of its folder.
    pub name: String,
    /// The files that the plugin may read: those of `input/`.
    pub files: MemoryFiles,
    /// What may be known of the target.
    pub facts: StaticFacts,
    /// What a renderer is asked.
    pub request: Request,
    /// What a policy is asked: the documents of `objects.yaml`.
    pub objects: Vec<Checked>,
    /// What comes of it.
    pub expected: Expected,
}

/// What comes of a case.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// These documents: `expected.yaml`.
    Documents(Vec<Value>),
    /// Diagnostics, each of which contains a line of `expected.txt`, in this order.
    Diagnostics(Vec<String>),
}

/// `case.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Description {
    path: String,
    settings: Value,
    values: Value,
    namespace: Option<String>,
    kube_version: Option<String>,
    api_versions: Vec<String>,
    labels: BTreeMap<String, String>,
    commit_time: u64,
}

/// All cases in a folder, sorted by name.
///
/// # Errors
/// If one of them is not complete.
pub fn all(folder: &Path) -> anyhow::Result<Vec<Case>> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("could not list {}", folder.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
        .iter()
        .map(|path| read(path).with_context(|| format!("case {}", path.display())))
        .collect()
}

fn read(folder: &Path) -> anyhow::Result<Case> {
    let text = |name: &str| std::fs::read_to_string(folder.join(name)).ok();
    let description = match text("case.yaml") {
        Some(text) => serde_json::from_value(fleet_yaml::from_str(&text, Duplicates::LastWins)?)?,
        None => Description::default(),
    };
    let documents = |text: &str| -> anyhow::Result<Vec<Value>> {
        let documents = fleet_yaml::documents(text, Duplicates::LastWins)?;
        Ok(documents.into_iter().map(|(_, value)| value).collect())
    };
    let expected = match (text("expected.yaml"), text("expected.txt")) {
        (Some(text), None) => Expected::Documents(documents(&text)?),
        (None, Some(text)) => Expected::Diagnostics(text.lines().map(str::to_owned).collect()),
        _ => bail!("it needs either `expected.yaml` or `expected.txt`"),
    };
    let mut files = MemoryFiles::new();
    let input = folder.join("input");
    if input.is_dir() {
        add(&input, "", &mut files)?;
    }
    let objects = documents(&text("objects.yaml").unwrap_or_default())?;
    let facts = StaticFacts::default();
    Ok(Case {
        name: folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        files,
        facts: StaticFacts {
            default_namespace: description.namespace.unwrap_or(facts.default_namespace),
            kube_version: description.kube_version.unwrap_or(facts.kube_version),
            api_versions: description.api_versions,
            labels: description.labels,
            commit_time: description.commit_time,
            ..StaticFacts::default()
        },
        request: Request {
            path: description.path,
            settings: description.settings,
            values: description.values,
            inputs: Vec::new(),
        },
        objects: objects
            .iter()
            .map(|object| Checked {
                json: fleet_core::canonical::to_string(object),
                origin: None,
            })
            .collect(),
        expected,
    })
}

fn add(folder: &Path, above: &str, files: &mut MemoryFiles) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_str().context("a file name is not UTF-8")?;
        let path = if above.is_empty() {
            name.to_owned()
        } else {
            format!("{above}/{name}")
        };
        if entry.file_type()?.is_dir() {
            add(&entry.path(), &path, files)?;
        } else {
            files.insert(path, std::fs::read(entry.path())?);
        }
    }
    Ok(())
}
