//! The messages between host and agent; `docs/wire.md` has the routes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::inventory::Inventory;
use crate::name::{BundleName, ClusterName};
use crate::object::ObjectRef;
use crate::options::ApplyOptions;
use crate::problem::Problem;
use crate::state::Health;

/// The random id of a host's store; a new one means that the store was lost or replaced.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Incarnation(pub String);

/// `POST /v1/enrol`: an agent's first contact. The registration token is the bearer token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnrolRequest {
    /// Certificate signing request in PEM; the host takes only its public key.
    pub csr: String,
    /// Labels that the agent asks for; the token decides whether it gets them.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What the agent knows of its cluster.
    #[serde(default)]
    pub about: AgentInfo,
}

/// What an agent knows of itself and its cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AgentInfo {
    /// Version of the agent.
    pub version: String,
    /// Kubernetes version, for example `v1.36.3`; empty if the target is no cluster.
    pub kube_version: String,
    /// `group/version` and `group/version/Kind` that the cluster serves, sorted.
    pub api_versions: Vec<String>,
}

/// Answer to [`EnrolRequest`] and to `POST /v1/renew`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnrolResponse {
    /// The name under which the cluster is registered.
    pub cluster: ClusterName,
    /// The client certificate in PEM.
    pub certificate: String,
    /// The certificate authority of the host in PEM.
    pub ca: String,
    /// When to renew, in seconds from now: at two thirds of the certificate's life.
    pub renew_after_seconds: u64,
}

/// One line of `GET /v1/stream`; an empty line is a heartbeat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StreamMessage {
    /// The first line.
    Hello(Hello),
    /// The agent's desired state has changed.
    Desired(DesiredRef),
}

/// First line of a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// The host's store.
    pub incarnation: Incarnation,
    /// Version of the host.
    pub version: String,
}

/// Names one desired state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DesiredRef {
    /// Digest of the desired state's JSON.
    pub digest: Digest,
    /// Its number.
    pub state_revision: u64,
}

/// `GET /v1/desired`: everything that one agent is to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Desired {
    /// The store that this state is from; generations are compared within it only.
    pub incarnation: Incarnation,
    /// Grows with every change of the state.
    pub state_revision: u64,
    /// What is to run, sorted by name.
    pub deployments: Vec<DesiredDeployment>,
    /// What is to go away, sorted by name. Absence alone never deletes.
    pub removed: Vec<Removed>,
}

/// One bundle that is to run on the agent's cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DesiredDeployment {
    /// Name of bundle and deployment.
    pub name: BundleName,
    /// Grows with every change of the deployment.
    pub generation: u64,
    /// The bundle.
    pub bundle: Digest,
    /// How to apply it.
    pub options: ApplyOptions,
}

/// A deployment that is to go away; kept until the agent has reported that it is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Removed {
    /// Name of the deployment.
    pub name: BundleName,
    /// Generation of the removal, greater than any that the deployment had.
    pub generation: u64,
    /// How to remove it (what to keep, whether the namespace goes too).
    pub options: ApplyOptions,
}

/// `POST /v1/reports`: how the agent's deployments are doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Report {
    /// The store that the generations below are from; none if the agent never had a desired state.
    pub incarnation: Option<Incarnation>,
    /// Whether all deployments are listed, so that one that is not listed does not run.
    pub full: bool,
    /// The deployments, sorted by name.
    pub deployments: Vec<DeploymentReport>,
    /// Deployments that are gone, with the generation of their removal.
    pub removed: Vec<RemovedReport>,
    /// What the agent knows of its cluster, when it has changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<AgentInfo>,
}

/// How one deployment is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DeploymentReport {
    /// Name of the deployment.
    pub name: BundleName,
    /// Generation that this report is about.
    pub generation: u64,
    /// Bundle that this report is about.
    pub bundle: Digest,
    /// How far the apply of that generation got.
    pub apply: ApplyStatus,
    /// The worst health among the objects.
    pub health: Health,
    /// How many objects the deployment owns.
    pub n_objects: u32,
    /// What the last apply changed.
    pub changes: Changes,
    /// How many objects differ from the bundle.
    #[serde(default)]
    pub n_modified: u32,
    /// Objects that are not current, at most [`MAX_LISTED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_ready: Vec<ObjectHealth>,
    /// What went wrong, at most [`MAX_LISTED`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// How many objects are not current, listed or not.
    #[serde(default)]
    pub n_not_ready: u32,
    /// How many problems there are, listed or not.
    #[serde(default)]
    pub n_problems: u32,
    /// The whole inventory; only in answer to a new [`Incarnation`], so that the host can adopt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Inventory>,
}

/// The most objects and the most problems that a report lists, as in Rancher Fleet.
pub const MAX_LISTED: usize = 10;

/// How far an apply got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApplyStatus {
    /// It has not begun, or is going on.
    Waiting,
    /// All objects are applied, and what was to go is gone.
    Applied,
    /// Some objects could not be applied or deleted; the problems say which.
    Failed,
}

/// What an apply changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    /// Objects that did not exist before.
    pub created: u32,
    /// Objects that existed and were changed.
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectHealth {
    /// The object.
    pub object: ObjectRef,
    /// How it is doing.
    pub health: Health,
    /// Why, for people.
    pub message: String,
}

/// A deployment that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedReport {
    /// Name of the deployment.
    pub name: BundleName,
    /// Generation of the removal.
    pub generation: u64,
}

impl Desired {
    /// The JSON that is sent, and its digest.
    pub fn encode(&self) -> (Vec<u8>, Digest) {
        let bytes = serde_json::to_vec(self).expect("a desired state always has a JSON text");
        let digest = Digest::of(&bytes);
        (bytes, digest)
    }
}
