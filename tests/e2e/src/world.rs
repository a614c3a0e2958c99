//! Where things land: two folders, or two clusters, seen the same way.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use fleet_test_cluster::{ControlPlane, Options};
use serde_json::{Value, json};

use crate::agent::{self, Target};

/// Everything of ours on one cluster: a name and its content as text.
pub type Landed = BTreeMap<String, String>;

/// Where things land.
#[derive(Debug)]
pub enum World {
    /// A folder for each cluster.
    Folders(BTreeMap<String, PathBuf>),
    /// A control plane for each cluster.
    Clusters(BTreeMap<String, ControlPlane>),
}

impl World {
    /// A folder for each of these clusters, below `dir`.
    pub fn folders(dir: &Path, clusters: &[&str]) -> Self {
        let folder = |name: &&str| ((*name).to_owned(), dir.join(format!("{name}-manifests")));
        Self::Folders(clusters.iter().map(folder).collect())
    }

    /// A Kubernetes control plane for each of these clusters, in which pods become ready.
    ///
    /// # Errors
    /// If the programs cannot be had, or do not get ready.
    pub fn clusters(clusters: &[&str]) -> Result<Self> {
        let start = |name: &&str| {
            Ok((
                (*name).to_owned(),
                ControlPlane::start(&Options { pods_run: true })?,
            ))
        };
        Ok(Self::Clusters(
            clusters.iter().map(start).collect::<Result<_>>()?,
        ))
    }

    /// What the agent of a cluster applies to.
    ///
    /// # Errors
    /// If there is no such cluster.
    pub fn target(&self, cluster: &str) -> Result<Target> {
        match self {
            Self::Folders(folders) => {
                let folder = folders.get(cluster).context("no such cluster")?;
                std::fs::create_dir_all(folder)?;
                Ok(Target::Directory(folder.clone()))
            }
            Self::Clusters(clusters) => {
                let cluster = clusters.get(cluster).context("no such cluster")?;
                Ok(Target::Kubernetes(cluster.kubeconfig()))
            }
        }
    }

    /// What is there.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn landed(&self, cluster: &str) -> Result<Landed> {
        match self {
            Self::Folders(folders) => {
                agent::files(folders.get(cluster).context("no such cluster")?)
            }
            Self::Clusters(clusters) => objects(clusters.get(cluster).context("no such cluster")?),
        }
    }

    /// The pods of a cluster, as `kubectl get pods` shows them; none where there is only a folder.
    ///
    /// # Errors
    /// If the cluster does not answer.
    pub fn pods(&self, cluster: &str) -> Result<String> {
        match self {
            Self::Folders(_) => Ok(String::new()),
            Self::Clusters(clusters) => clusters
                .get(cluster)
                .context("no such cluster")?
                .kubectl(&["get", "pods", "--all-namespaces"]),
        }
    }

    /// Where a person finds it.
    pub fn place(&self, cluster: &str) -> String {
        match self {
            Self::Folders(folders) => folders
                .get(cluster)
                .map(|folder| folder.display().to_string())
                .unwrap_or_default(),
            Self::Clusters(clusters) => clusters
                .get(cluster)
                .map(|cluster| format!("KUBECONFIG={}", cluster.kubeconfig().display()))
                .unwrap_or_default(),
        }
    }
}

/// Kinds that are looked at; the quick start has no others.
const KINDS: &str = "deployments.apps,services,configmaps,secrets";
/// What an agent puts on everything that it applies.
const OWNER_LABEL: &str = "fleet.cattle.io/deployment";

/// Everything of ours on a cluster, without what the API server itself counts.
fn objects(cluster: &ControlPlane) -> Result<Landed> {
    let list = cluster.get(&[KINDS, "--all-namespaces", "--selector", OWNER_LABEL])?;
    let mut landed = Landed::new();
    for object in list["items"].as_array().into_iter().flatten() {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let metadata = &object["metadata"];
        let name = format!(
            "{}/{}/{}",
            text(&object["kind"]),
            text(&metadata["namespace"]),
            text(&metadata["name"])
        );
        let mut content = json!({
            "labels": metadata["labels"],
            "data": object["data"],
            "spec": object["spec"],
        });
        if let Some(spec) = content["spec"].as_object_mut() {
            // The API server draws them.
            spec.remove("clusterIP");
            spec.remove("clusterIPs");
        }
        landed.insert(name, serde_json::to_string_pretty(&content)?);
    }
    Ok(landed)
}

/// What is different, line by line; empty if nothing is.
pub fn changes(before: &Landed, after: &Landed) -> String {
    let mut text = String::new();
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for name in names {
        let (old, new) = (before.get(name), after.get(name));
        if old == new {
            continue;
        }
        let what = match (old, new) {
            (None, _) => "added",
            (_, None) => "removed",
            _ => "changed",
        };
        let _ = writeln!(text, "{what} {name}");
        if let (Some(old), Some(new)) = (old, new) {
            let (kept, old, new) = apart(old, new);
            for line in old.iter().filter(|line| !kept.contains(*line)) {
                let _ = writeln!(text, "  - {line}");
            }
            for line in new.iter().filter(|line| !kept.contains(*line)) {
                let _ = writeln!(text, "  + {line}");
            }
        }
    }
    text
}

/// The lines that both have, and the lines of each.
fn apart<'a>(old: &'a str, new: &'a str) -> (BTreeSet<&'a str>, Vec<&'a str>, Vec<&'a str>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let kept = old
        .iter()
        .copied()
        .filter(|line| new.contains(line))
        .collect();
    (kept, old, new)
}
