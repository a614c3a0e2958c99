//! What operators see: resources with their status, in the shape of Kubernetes objects and Rancher Fleet's words.
//!
//! These are the bodies of the control socket and of `fleet get -o json`. Fields are added, never renamed.

mod convert;

use std::collections::BTreeMap;

use fleet_core::resource::{ClusterGroupSpec, ClusterSpec, GitRepoSpec};
use serde::{Deserialize, Serialize};

pub use convert::{Fold, fold};

/// The kinds that `fleet get`, `describe` and `delete` know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// A repository to watch.
    GitRepo,
    /// The objects of one path.
    Bundle,
    /// A registered cluster.
    Cluster,
    /// A selector over clusters.
    ClusterGroup,
    /// One bundle on one cluster.
    BundleDeployment,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [
        Self::GitRepo,
        Self::Bundle,
        Self::Cluster,
        Self::ClusterGroup,
        Self::BundleDeployment,
    ];

    /// The plural, as in routes and on the command line.
    pub fn plural(self) -> &'static str {
        match self {
            Self::GitRepo => "gitrepos",
            Self::Bundle => "bundles",
            Self::Cluster => "clusters",
            Self::ClusterGroup => "clustergroups",
            Self::BundleDeployment => "deployments",
        }
    }

    /// The kind that a word means: singular or plural, with or without capitals, and a few short forms.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "gitrepo" | "gitrepos" | "repo" | "repos" => Self::GitRepo,
            "bundle" | "bundles" => Self::Bundle,
            "cluster" | "clusters" => Self::Cluster,
            "clustergroup" | "clustergroups" | "group" | "groups" => Self::ClusterGroup,
            "deployment" | "deployments" | "bundledeployment" | "bundledeployments" | "bd" => {
                Self::BundleDeployment
            }
            _ => return None,
        })
    }
}

/// Several resources of one kind.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    /// The resources, sorted by name.
    pub items: Vec<T>,
}

/// Metadata of a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Meta {
    /// Name.
    pub name: String,
    /// Workspace.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

macro_rules! resource {
    ($(#[$doc:meta])* $name:ident, $spec:ty, $status:ty) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub struct $name {
            /// Group and version.
            pub api_version: String,
            /// Kind.
            pub kind: Kind,
            /// Name, workspace, labels.
            pub metadata: Meta,
            /// What is wanted.
            pub spec: $spec,
            /// How it is.
            pub status: $status,
        }
    };
}

resource! {
    /// A repository and what became of it.
    GitRepo, GitRepoSpec, GitRepoStatus
}
resource! {
    /// The objects of one path, on all its clusters.
    Bundle, BundleSpec, BundleStatus
}
resource! {
    /// A cluster and all that runs on it.
    Cluster, ClusterSpec, ClusterStatus
}
resource! {
    /// A selector over clusters and what it selects.
    ClusterGroup, ClusterGroupSpec, ClusterGroupStatus
}
resource! {
    /// One bundle on one cluster.
    BundleDeployment, DeploymentSpec, DeploymentStatus
}

/// How many deployments are in each state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Summary {
    /// All.
    pub desired_ready: u64,
    /// Applied, unmodified and healthy.
    pub ready: u64,
    /// Applied and not healthy.
    pub not_ready: u64,
    /// Not handed to the cluster yet.
    pub pending: u64,
    /// An older bundle runs on purpose.
    pub out_of_sync: u64,
    /// Live objects differ.
    pub modified: u64,
    /// Handed to the cluster and not applied yet.
    pub wait_applied: u64,
    /// Could not be applied.
    pub err_applied: u64,
    /// Of all of these: on clusters that have not been heard of for a while.
    pub offline: u64,
}

/// Short forms for tables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Display {
    /// One word for the whole.
    pub state: String,
    /// Deployments that are ready, of all: `3/4`.
    pub ready: String,
    /// What is wrong, in a few words; empty if nothing is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// Something wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Problem {
    /// The word for its kind.
    pub reason: String,
    /// What exactly.
    pub message: String,
    /// The object, `Kind.group/namespace/name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// File in the repository.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

/// Status of a GitRepo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GitRepoStatus {
    /// Commit that was rendered last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Newest commit that was fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched_commit: Option<String>,
    /// Whether a render is going on.
    pub rendering: bool,
    /// How many bundles it has.
    pub bundles: u64,
    /// Clusters that it deploys to.
    pub desired_ready_clusters: u64,
    /// Clusters on which all its deployments are ready.
    pub ready_clusters: u64,
    /// Deployments by state.
    pub summary: Summary,
    /// Short forms.
    pub display: Display,
    /// What is wrong with the source, the recipes, or the renders.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// Findings that do not block.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Problem>,
}

/// Where a bundle comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BundleSpec {
    /// GitRepo.
    pub repo: String,
    /// Path in the repository.
    pub path: String,
}

/// Status of a bundle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BundleStatus {
    /// Commit at which it was rendered last.
    pub commit: String,
    /// Deployments by state.
    pub summary: Summary,
    /// Short forms.
    pub display: Display,
}

/// Status of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterStatus {
    /// What its agent told.
    pub agent: AgentStatus,
    /// Deployments by state.
    pub summary: Summary,
    /// Short forms.
    pub display: Display,
    /// What it runs and this host's store knows nothing of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orphaned: Vec<String>,
}

/// What is known of a cluster's agent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AgentStatus {
    /// Version of the agent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub version: String,
    /// Kubernetes version.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kube_version: String,
    /// Whether its stream is open.
    pub connected: bool,
    /// Whether it has not been heard of for a while: what is shown of it is old.
    pub offline: bool,
    /// When it was heard of last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<String>,
    /// The same in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen_seconds: Option<u64>,
}

/// Status of a ClusterGroup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterGroupStatus {
    /// Clusters that it selects.
    pub cluster_count: u64,
    /// Those that are not ready.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub non_ready_clusters: Vec<String>,
    /// Deployments by state.
    pub summary: Summary,
    /// Short forms.
    pub display: Display,
}

/// What a cluster is to run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeploymentSpec {
    /// Cluster.
    pub cluster: String,
    /// Bundle.
    pub bundle: String,
    /// Grows with each change.
    pub generation: u64,
    /// Digest of the content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// How many objects it has.
    pub objects: u32,
}

/// Status of a deployment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeploymentStatus {
    /// One of Rancher Fleet's seven states.
    pub state: String,
    /// Short forms.
    pub display: Display,
    /// Whether it is on its way out.
    pub removing: bool,
    /// Whether its cluster has not been heard of for a while.
    pub offline: bool,
    /// What it waits on, if it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<String>,
    /// The worst health among its objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub health: Option<String>,
    /// What the last apply changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// Objects that are not current.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not_ready: Vec<ObjectStatus>,
    /// What is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// When the agent reported last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reported: Option<String>,
}

/// What an apply changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Changes {
    /// Objects that did not exist before.
    pub created: u32,
    /// Objects that were changed.
    pub configured: u32,
    /// Objects that were as desired.
    pub unchanged: u32,
    /// Objects that were deleted.
    pub deleted: u32,
    /// Objects that were left alone on purpose.
    pub skipped: u32,
    /// Objects that could not be applied or deleted.
    pub failed: u32,
}

/// How one object is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectStatus {
    /// The object, `Kind.group/namespace/name`.
    pub object: String,
    /// Its health.
    pub health: String,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// `GET /v1/host`: the host itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Host {
    /// Version of the program.
    pub version: String,
    /// Random id of its store.
    pub incarnation: String,
    /// Where agents dial it.
    pub agents_url: String,
    /// Digest of its certificate authority, for join commands.
    pub ca_pin: String,
    /// Where its metrics are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics_url: Option<String>,
    /// Where webhooks are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhooks_url: Option<String>,
    /// Its data directory.
    pub data_dir: String,
    /// Where its plugins are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plugins: Option<String>,
    /// Registered clusters.
    pub clusters: u64,
    /// Those whose agent listens.
    pub connected: u64,
    /// Deployments by state.
    pub summary: Summary,
}

/// `POST /v1/apply`: resources to create or change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplyRequest {
    /// The resources, in order.
    pub resources: Vec<fleet_core::resource::Resource>,
    /// Whether they are only judged.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of each resource of an [`ApplyRequest`], in its order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ApplyResponse {
    /// One outcome each.
    pub outcomes: Vec<ApplyOutcome>,
}

/// What became of one resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ApplyOutcome {
    /// It did not exist.
    Created,
    /// It was changed.
    Configured,
    /// It was as wanted.
    Unchanged,
    /// It was not taken.
    Refused(ErrorBody),
}

/// `POST /v1/tokens`: a registration token to make.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenRequest {
    /// The cluster that it registers.
    pub cluster: String,
    /// Workspace of the cluster.
    pub namespace: String,
    /// Labels that the cluster gets.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Whether it also gets the labels that the agent asks for.
    #[serde(default)]
    pub accept_labels: bool,
    /// How long it holds, in seconds.
    pub ttl_seconds: u64,
}

/// A registration token that was made.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenResponse {
    /// The token; it is shown once and kept nowhere.
    pub token: String,
    /// When it ends.
    pub expires: String,
    /// Where to dial.
    pub agents_url: String,
    /// Digest of the host's certificate authority.
    pub ca_pin: String,
    /// Whether a cluster of that name exists already.
    pub known: bool,
}

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorBody {
    /// What is wrong.
    pub error: String,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}
