//! Cases on disk: what a tool was called with, and what it printed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::compare::Mask;

/// A folder of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suite {
    /// `helm/CHART/cases/CASE`: charts with the output of `helm template`.
    Helm,
    /// `kustomize/ID`: overlays with the output of `kubectl kustomize`.
    Kustomize,
    /// `krusty/ID`: kustomize's own tests in the same layout.
    Krusty,
}

impl Suite {
    /// All suites of cases.
    pub const ALL: [Self; 3] = [Self::Helm, Self::Kustomize, Self::Krusty];

    /// Name of its folder.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Helm => "helm",
            Self::Kustomize => "kustomize",
            Self::Krusty => "krusty",
        }
    }
}

/// One call of a tool with what it printed.
#[derive(Clone, Debug)]
pub struct Case {
    /// The suite.
    pub suite: Suite,
    /// Folder of the case relative to that of the suite.
    pub id: String,
    /// Folder of the case.
    pub dir: PathBuf,
    /// How the tool was called.
    pub args: Args,
    /// What the tool printed; `None` where it failed.
    pub expected: Option<Vec<u8>>,
}

/// `args.json` of a case; a suite uses its own part.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Args {
    /// Chart or kustomization, relative to the folder of the case.
    pub path: String,
    /// Release name.
    pub release: String,
    /// Release namespace.
    pub namespace: String,
    /// Files of values, relative to the folder of the case.
    pub values: Vec<String>,
    /// Whether CRDs are printed.
    pub include_crds: bool,
    /// Whether the release is an upgrade.
    pub is_upgrade: bool,
    /// Whether `values.schema.json` is ignored.
    pub skip_schema_validation: bool,
    /// Version of Kubernetes; the tool's default if there is none.
    pub kube_version: Option<String>,
    /// API versions besides the tool's own.
    pub api_versions: Vec<String>,
    /// More flags, as they were on the command line.
    pub args: Vec<String>,
    /// `ok` or `error`.
    pub expect: String,
    /// Values that change from run to run: an object (or the number of a document) and a path in it.
    pub mask: Vec<(Value, Vec<Value>)>,
}

impl Case {
    /// The chart or the kustomization.
    pub fn input(&self) -> PathBuf {
        normalise(&self.dir.join(&self.args.path))
    }

    /// The top of the tree that may be read: the folder `input` of the case or of its chart.
    pub fn root(&self) -> PathBuf {
        let input = self.input();
        let top = input
            .ancestors()
            .find(|folder| folder.file_name().is_some_and(|name| name == "input"));
        top.unwrap_or(&input).to_owned()
    }

    /// Files of values.
    pub fn values(&self) -> Vec<PathBuf> {
        let file = |name: &String| normalise(&self.dir.join(name));
        self.args.values.iter().map(file).collect()
    }

    /// What is not compared.
    pub fn mask(&self) -> Mask {
        Mask::new(&self.args.mask)
    }
}

/// The corpus, or `None` with a loud word where there is none.
pub fn find() -> Option<PathBuf> {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let folder = std::env::var_os("FLEET_CORPUS")
        .map_or_else(|| home.join(".cache/fleet/corpus/render"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED: there is no corpus at {} (set FLEET_CORPUS to a folder of cases)",
        folder.display()
    );
    None
}

/// The cases of a suite, sorted by id; none where the suite has no folder.
///
/// # Errors
/// If a case cannot be read.
pub fn cases(corpus: &Path, suite: Suite) -> Result<Vec<Case>> {
    let top = corpus.join(suite.as_str());
    let mut cases = Vec::new();
    for folder in folders(&top)? {
        let dirs = match suite {
            Suite::Helm => folders(&folder.join("cases"))?,
            Suite::Kustomize | Suite::Krusty => vec![folder],
        };
        for dir in dirs {
            cases.push(
                read(&top, suite, dir.clone())
                    .with_context(|| format!("could not read case {}", dir.display()))?,
            );
        }
    }
    Ok(cases)
}

fn read(top: &Path, suite: Suite, dir: PathBuf) -> Result<Case> {
    let args: Args = serde_json::from_slice(&fs::read(dir.join("args.json"))?)?;
    let expected = match args.expect.as_str() {
        "error" => None,
        _ => Some(fs::read(dir.join("expected.yaml"))?),
    };
    Ok(Case {
        suite,
        id: dir.strip_prefix(top)?.to_string_lossy().into_owned(),
        dir,
        args,
        expected,
    })
}

fn folders(dir: &Path) -> Result<Vec<PathBuf>> {
    let Ok(entries) = fs::read_dir(dir) else {
        return Ok(Vec::new());
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders.push(entry.path());
        }
    }
    folders.sort();
    Ok(folders)
}

/// Takes `.` and `..` out of a path, by its text alone.
fn normalise(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                clean.pop();
            }
            std::path::Component::CurDir => {}
            part => clean.push(part),
        }
    }
    clean
}
