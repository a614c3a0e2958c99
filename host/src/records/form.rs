//! The serialized form of each record, converted by hand from and to the plan's types.

use std::borrow::Cow;
use std::collections::BTreeMap;

use fleet_core::digest::Digest;
use fleet_core::name::RepoName;
use fleet_core::options::ApplyOptions;
use fleet_core::resource;
use fleet_core::selector::LabelSelector;
use fleet_core::wire::AgentInfo;
use fleet_host_plan::fleet::{self, ClusterRecord, RepoRecord};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub(super) struct Repo<'a> {
    resource: Cow<'a, resource::GitRepo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    commit: Option<Cow<'a, str>>,
}

impl<'a> From<&'a RepoRecord> for Repo<'a> {
    fn from(record: &'a RepoRecord) -> Self {
        Self {
            resource: Cow::Borrowed(&record.resource),
            commit: record.commit.as_deref().map(Cow::Borrowed),
        }
    }
}

impl From<Repo<'_>> for RepoRecord {
    fn from(form: Repo<'_>) -> Self {
        Self {
            resource: form.resource.into_owned(),
            commit: form.commit.map(Cow::into_owned),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cluster<'a> {
    resource: Cow<'a, resource::Cluster>,
    about: Cow<'a, AgentInfo>,
    state_revision: u64,
}

impl<'a> From<&'a ClusterRecord> for Cluster<'a> {
    fn from(record: &'a ClusterRecord) -> Self {
        Self {
            resource: Cow::Borrowed(&record.resource),
            about: Cow::Borrowed(&record.about),
            state_revision: record.state_revision,
        }
    }
}

impl From<Cluster<'_>> for ClusterRecord {
    fn from(form: Cluster<'_>) -> Self {
        Self {
            resource: form.resource.into_owned(),
            about: form.about.into_owned(),
            state_revision: form.state_revision,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bundle {
    repo: RepoName,
    path: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    labels: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<Dependency>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    paused: bool,
    commit: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependency {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    selector: Option<LabelSelector>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    accepted_states: Vec<String>,
}

impl From<&fleet::Bundle> for Bundle {
    fn from(bundle: &fleet::Bundle) -> Self {
        let fleet::Bundle {
            repo,
            path,
            labels,
            depends_on,
            paused,
            commit,
        } = bundle.clone();
        let depends_on = depends_on.into_iter().map(|dependency| Dependency {
            name: dependency.name,
            selector: dependency.selector,
            accepted_states: dependency.accepted_states,
        });
        Self {
            repo,
            path,
            labels,
            depends_on: depends_on.collect(),
            paused,
            commit,
        }
    }
}

impl From<Bundle> for fleet::Bundle {
    fn from(form: Bundle) -> Self {
        let depends_on = form
            .depends_on
            .into_iter()
            .map(|dependency| fleet::Dependency {
                name: dependency.name,
                selector: dependency.selector,
                accepted_states: dependency.accepted_states,
            });
        Self {
            repo: form.repo,
            path: form.path,
            labels: form.labels,
            depends_on: depends_on.collect(),
            paused: form.paused,
            commit: form.commit,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content<'a> {
    bundle: Digest,
    options: Cow<'a, ApplyOptions>,
    n_objects: u32,
}

impl<'a> From<&'a fleet::Content> for Content<'a> {
    fn from(content: &'a fleet::Content) -> Self {
        Self {
            bundle: content.bundle,
            options: Cow::Borrowed(&content.options),
            n_objects: content.n_objects,
        }
    }
}

impl From<Content<'_>> for fleet::Content {
    fn from(form: Content<'_>) -> Self {
        Self {
            bundle: form.bundle,
            options: form.options.into_owned(),
            n_objects: form.n_objects,
        }
    }
}

/// `staged` is left out while it is what the cluster runs, which is nearly always.
#[derive(Serialize, Deserialize)]
pub(super) struct Deployment<'a> {
    generation: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    current: Option<Content<'a>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    staged: Option<Content<'a>>,
}

impl<'a> From<&'a fleet::Deployment> for Deployment<'a> {
    fn from(deployment: &'a fleet::Deployment) -> Self {
        let waits = deployment.current.as_ref() != Some(&deployment.staged);
        Self {
            generation: deployment.generation,
            current: deployment.current.as_ref().map(Content::from),
            staged: waits.then(|| Content::from(&deployment.staged)),
        }
    }
}

impl TryFrom<Deployment<'_>> for fleet::Deployment {
    type Error = &'static str;

    fn try_from(form: Deployment<'_>) -> Result<Self, Self::Error> {
        let current = form.current.map(fleet::Content::from);
        let staged = form
            .staged
            .map(fleet::Content::from)
            .or_else(|| current.clone())
            .ok_or("a deployment has neither `current` nor `staged`")?;
        Ok(Self {
            generation: form.generation,
            current,
            staged,
        })
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Removal<'a> {
    generation: u64,
    options: Cow<'a, ApplyOptions>,
}

impl<'a> From<&'a fleet::Removal> for Removal<'a> {
    fn from(removal: &'a fleet::Removal) -> Self {
        Self {
            generation: removal.generation,
            options: Cow::Borrowed(&removal.options),
        }
    }
}

impl From<Removal<'_>> for fleet::Removal {
    fn from(form: Removal<'_>) -> Self {
        Self {
            generation: form.generation,
            options: form.options.into_owned(),
        }
    }
}
