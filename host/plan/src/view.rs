//! What people and machines see of the fleet: flat rows, ready to be printed or sent.

use fleet_core::digest::Digest;
use fleet_core::name::{BundleName, ClusterName, RepoName};
use fleet_core::problem::Problem;
use fleet_core::resource::{Cluster, GitRepo};
use fleet_core::state::{Health, State, Summary};
use fleet_core::wire::{AgentInfo, Changes, DeploymentReport, ObjectHealth};

use crate::fleet::{DeploymentKey, Now};

/// A GitRepo and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub struct RepoView {
    /// The resource.
    pub resource: GitRepo,
    /// The commit that was rendered last.
    pub commit: Option<String>,
    /// The newest commit that the source has.
    pub fetched: Option<String>,
    /// Whether a render is going on.
    pub rendering: bool,
    /// What is wrong with the source, the recipes or the commit as a whole.
    pub problems: Vec<Problem>,
    /// Findings that do not block.
    pub warnings: Vec<Problem>,
    /// Its bundles.
    pub bundles: Vec<BundleView>,
}

/// A bundle on all its clusters.
#[derive(Clone, Debug, PartialEq)]
pub struct BundleView {
    /// Its name.
    pub name: BundleName,
    /// The GitRepo that it comes from.
    pub repo: RepoName,
    /// The path that it comes from.
    pub path: String,
    /// Commit at which it was rendered last.
    pub commit: String,
    /// Its deployments.
    pub deployments: Vec<DeploymentView>,
}

/// A cluster and all that runs on it.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterView {
    /// The resource.
    pub resource: Cluster,
    /// What its agent told of it.
    pub about: AgentInfo,
    /// Whether a stream is open.
    pub connected: bool,
    /// Whether it has not been heard of for a while: what is shown of it is old.
    pub offline: bool,
    /// When it was heard of last.
    pub last_seen: Option<Now>,
    /// What it runs.
    pub deployments: Vec<DeploymentView>,
    /// What it runs and this host's store knows nothing of.
    pub orphans: Vec<DeploymentReport>,
}

/// One bundle on one cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct DeploymentView {
    /// The cluster.
    pub cluster: ClusterName,
    /// The bundle.
    pub bundle: BundleName,
    /// Its state, as the agent reported it last.
    pub state: State,
    /// Whether it is on its way out.
    pub removing: bool,
    /// Whether the cluster has not been heard of for a while.
    pub offline: bool,
    /// Why the newest content is not handed out.
    pub waiting: Option<String>,
    /// Its generation.
    pub generation: u64,
    /// The digest of what it runs.
    pub content: Option<Digest>,
    /// How many objects it has.
    pub n_objects: u32,
    /// The worst health among its objects.
    pub health: Option<Health>,
    /// What the last apply changed.
    pub changes: Option<Changes>,
    /// Objects that are not current.
    pub not_ready: Vec<ObjectHealth>,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// When the agent reported it last.
    pub reported: Option<Now>,
}

impl DeploymentView {
    /// A row with nothing but its key and its state.
    pub fn new(key: &DeploymentKey, state: State) -> Self {
        Self {
            cluster: key.0.clone(),
            bundle: key.1.clone(),
            state,
            removing: false,
            offline: false,
            waiting: None,
            generation: 0,
            content: None,
            n_objects: 0,
            health: None,
            changes: None,
            not_ready: Vec::new(),
            problems: Vec::new(),
            reported: None,
        }
    }
}

/// The fleet in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// GitRepos.
    pub repos: u64,
    /// GitRepos that have a problem.
    pub repos_with_problems: u64,
    /// Bundles.
    pub bundles: u64,
    /// Clusters.
    pub clusters: u64,
    /// Clusters whose agent listens.
    pub connected: u64,
    /// Deployments by state.
    pub deployments: Summary,
    /// Deployments whose newest content is held back.
    pub blocked: u64,
}

/// Counts the states of deployments.
pub fn summary<'a>(deployments: impl IntoIterator<Item = &'a DeploymentView>) -> Summary {
    Summary::of(deployments.into_iter().map(|deployment| deployment.state))
}
