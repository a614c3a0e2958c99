//! The host's decisions: one state machine over closed events and effects.
//!
//! The machine knows every GitRepo, cluster, bundle and deployment. Whoever drives it carries the effects out
//! and hands results back as events; it never waits and never reads a clock.

use std::collections::{BTreeMap, BTreeSet};

use fleet_core::bundle::Origin;
use fleet_core::digest::Digest;
use fleet_core::name::{BundleName, ClusterName, GroupName, RepoName};
use fleet_core::options::ApplyOptions;
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::{Cluster, ClusterGroup, GitRepo};
use fleet_core::selector::LabelSelector;
use fleet_core::wire::{
    AgentInfo, DeploymentReport, Desired, DesiredDeployment, DesiredRef, Incarnation, Removed,
    Report,
};

mod progress;
mod render;
mod status;

pub use progress::{Fault, Progress};
pub use render::{BundleResult, RenderJob, RenderResult, Target};

/// Seconds since the epoch.
pub type Now = u64;

/// One cluster's copy of one bundle.
pub type DeploymentKey = (ClusterName, BundleName);

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// A GitRepo was created or changed.
    RepoSet(Box<GitRepo>),
    /// A GitRepo was deleted.
    RepoDeleted(RepoName),
    /// A cluster was created or changed.
    ClusterSet(Box<Cluster>),
    /// A cluster was deleted; its agent is no longer trusted.
    ClusterDeleted(ClusterName),
    /// A group was created or changed.
    GroupSet(Box<ClusterGroup>),
    /// A group was deleted.
    GroupDeleted(GroupName),
    /// The source has the content of a commit.
    Fetched {
        /// The GitRepo.
        repo: RepoName,
        /// Full commit id.
        commit: String,
    },
    /// What there is to say of the source that keeps nothing from working; it takes the place of what was said before.
    Noticed {
        /// The GitRepo.
        repo: RepoName,
        /// All of it.
        notices: Vec<Problem>,
    },
    /// What was fetched is not trusted any more: it is not rendered again, and what runs stays.
    Withdrawn(RepoName),
    /// The forge was told how a commit fares, or could not be told.
    ForgeTold {
        /// The GitRepo.
        repo: RepoName,
        /// Why not.
        problem: Option<Problem>,
    },
    /// The source could not look or fetch, or what it found is refused.
    FetchFailed {
        /// The GitRepo.
        repo: RepoName,
        /// The commit that is refused for what it is itself.
        refused: Option<String>,
        /// Why.
        problem: Problem,
    },
    /// A render job ended.
    Rendered(Box<RenderResult>),
    /// A render job could not begin or did not end: nothing is known of the commit, so what runs stays.
    RenderFailed {
        /// The GitRepo.
        repo: RepoName,
        /// Full commit id.
        commit: String,
        /// Why.
        problem: Problem,
    },
    /// What was rendered has grown old (a certificate in it, for example), or a person asks for it.
    RenderAgain(RepoName),
    /// An agent opened its stream.
    Connected(ClusterName),
    /// An agent's stream ended.
    Disconnected(ClusterName),
    /// An agent reported.
    Reported(ClusterName, Box<Report>),
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Keep what changed.
    Save(Vec<Change>),
    /// Start to watch a repository, or look at once because its GitRepo has changed.
    Watch(RepoName),
    /// Stop watching a repository.
    Unwatch(RepoName),
    /// Render a commit.
    Render(Box<RenderJob>),
    /// Tell an agent that its desired state has changed.
    Announce(ClusterName, DesiredRef),
    /// End the stream of an agent that is no longer registered.
    Expel(ClusterName),
}

/// One record to keep; `None` deletes it.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "few are made at a time, and each is written at once"
)]
pub enum Change {
    /// A GitRepo.
    Repo(RepoName, Option<RepoRecord>),
    /// A cluster.
    Cluster(ClusterName, Option<ClusterRecord>),
    /// A group.
    Group(GroupName, Option<ClusterGroup>),
    /// A bundle.
    Bundle(BundleName, Option<Bundle>),
    /// A deployment.
    Deployment(DeploymentKey, Option<Deployment>),
    /// A removal that an agent has not reported yet.
    Removal(DeploymentKey, Option<Removal>),
}

/// What is kept of a GitRepo.
#[derive(Clone, Debug, PartialEq)]
pub struct RepoRecord {
    /// The resource.
    pub resource: GitRepo,
    /// The commit that was rendered last.
    pub commit: Option<String>,
}

/// What is kept of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterRecord {
    /// The resource.
    pub resource: Cluster,
    /// What its agent told of it.
    pub about: AgentInfo,
    /// Number of its desired state.
    pub state_revision: u64,
}

/// A bundle of one path, for all clusters.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// The GitRepo that it comes from.
    pub repo: RepoName,
    /// The path that it comes from.
    pub path: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// What must be ready first, on the same cluster.
    pub depends_on: Vec<Dependency>,
    /// Whether clusters keep what they run.
    pub paused: bool,
    /// Commit at which it was rendered last.
    pub commit: String,
}

/// A bundle that must be ready first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// By name.
    pub name: Option<String>,
    /// By label.
    pub selector: Option<LabelSelector>,
    /// States that count, besides `Ready` if there are none.
    pub accepted_states: Vec<String>,
}

/// What a cluster is to run, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Content {
    /// The bundle's digest.
    pub bundle: Digest,
    /// How to apply it.
    pub options: ApplyOptions,
    /// How many objects it has.
    pub n_objects: u32,
}

/// One bundle on one cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Grows with every change of `current`.
    pub generation: u64,
    /// What the cluster has been told to run.
    pub current: Option<Content>,
    /// What it is to run next; equal to `current` unless it waits.
    pub staged: Content,
}

/// A deployment that is to go away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Generation of the removal.
    pub generation: u64,
    /// What to keep.
    pub options: ApplyOptions,
}

/// What is held in memory only: agents hold the truth and tell it again.
#[derive(Clone, Debug, PartialEq)]
pub struct Observed {
    /// What the agent said.
    pub report: DeploymentReport,
    /// When.
    pub at: Now,
}

#[derive(Clone, Debug, Default)]
struct Soft {
    /// Streams of the agent that are open.
    streams: u32,
    last_seen: Option<Now>,
}

#[derive(Clone, Debug)]
struct Repo {
    record: RepoRecord,
    /// The newest commit that the source has.
    fetched: Option<String>,
    fetch_problem: Option<Problem>,
    /// The newest commit that was refused for what it is itself, and why; none once another one was taken.
    refused: Option<(String, Reason)>,
    /// What there is to say of the source that keeps nothing from working.
    notices: Vec<Problem>,
    /// Why the forge does not know how the newest commit fares.
    forge_problem: Option<Problem>,
    /// The commit that `problems` and the bundles are about, if this process rendered it.
    judged: Option<String>,
    problems: Vec<Problem>,
    /// Findings that do not block.
    warnings: Vec<Problem>,
    rendering: bool,
    render_again: bool,
}

/// The host's state.
#[derive(Clone, Debug)]
pub struct Fleet {
    incarnation: Incarnation,
    /// When this process took its first event: agents had no chance to be heard of before.
    started: Option<Now>,
    repos: BTreeMap<RepoName, Repo>,
    clusters: BTreeMap<ClusterName, ClusterRecord>,
    soft: BTreeMap<ClusterName, Soft>,
    groups: BTreeMap<GroupName, ClusterGroup>,
    bundles: BTreeMap<BundleName, Bundle>,
    deployments: BTreeMap<DeploymentKey, Deployment>,
    /// The deployments whose staged content is not handed out yet: few, while there may be many deployments.
    held: BTreeSet<DeploymentKey>,
    removals: BTreeMap<DeploymentKey, Removal>,
    /// What keeps the newest content from a deployment: its path did not render for that cluster.
    blocked: BTreeMap<DeploymentKey, Vec<Problem>>,
    observed: BTreeMap<DeploymentKey, Observed>,
    /// What agents run and this host's store knows nothing of.
    orphans: BTreeMap<DeploymentKey, DeploymentReport>,
    origins: BTreeMap<Digest, Origin>,
}

impl Fleet {
    /// A fleet as the store has it; what to do first is in the effects.
    pub fn new(incarnation: Incarnation, records: Vec<Change>) -> (Self, Vec<Effect>) {
        let mut fleet = Self {
            incarnation,
            started: None,
            repos: BTreeMap::new(),
            clusters: BTreeMap::new(),
            soft: BTreeMap::new(),
            groups: BTreeMap::new(),
            bundles: BTreeMap::new(),
            deployments: BTreeMap::new(),
            held: BTreeSet::new(),
            removals: BTreeMap::new(),
            blocked: BTreeMap::new(),
            observed: BTreeMap::new(),
            orphans: BTreeMap::new(),
            origins: BTreeMap::new(),
        };
        for record in records {
            match record {
                Change::Repo(name, Some(record)) => {
                    fleet.repos.insert(name, Repo::new(record));
                }
                Change::Cluster(name, Some(record)) => {
                    fleet.clusters.insert(name, record);
                }
                Change::Group(name, Some(group)) => {
                    fleet.groups.insert(name, group);
                }
                Change::Bundle(name, Some(bundle)) => {
                    fleet.bundles.insert(name, bundle);
                }
                Change::Deployment(key, Some(deployment)) => {
                    if deployment.current.as_ref() != Some(&deployment.staged) {
                        fleet.held.insert(key.clone());
                    }
                    fleet.deployments.insert(key, deployment);
                }
                Change::Removal(key, Some(removal)) => {
                    fleet.removals.insert(key, removal);
                }
                _ => {}
            }
        }
        let effects = fleet.repos.keys().cloned().map(Effect::Watch).collect();
        (fleet, effects)
    }

    /// Takes one event in and says what to do.
    pub fn step(&mut self, event: Event, now: Now) -> Vec<Effect> {
        let mut out = Out::default();
        self.started.get_or_insert(now);
        match event {
            Event::RepoSet(resource) => self.repo_set(*resource, &mut out),
            Event::RepoDeleted(name) => self.repo_deleted(&name, &mut out),
            Event::ClusterSet(resource) => self.cluster_set(*resource, &mut out),
            Event::ClusterDeleted(name) => self.cluster_deleted(&name, &mut out),
            Event::GroupSet(group) => {
                let name = group.metadata.name.clone();
                if self.groups.insert(name.clone(), (*group).clone()).as_ref() != Some(&*group) {
                    out.change(Change::Group(name, Some(*group)));
                    self.render_all(&mut out);
                }
            }
            Event::GroupDeleted(name) => {
                if self.groups.remove(&name).is_some() {
                    out.change(Change::Group(name, None));
                    self.render_all(&mut out);
                }
            }
            Event::Fetched { repo, commit } => {
                if let Some(state) = self.repos.get_mut(&repo) {
                    state.fetch_problem = None;
                    state.refused = None;
                    if state.fetched.as_ref() != Some(&commit) {
                        state.fetched = Some(commit);
                        self.render(&repo, &mut out);
                    }
                }
            }
            Event::Noticed { repo, notices } => {
                if let Some(state) = self.repos.get_mut(&repo) {
                    state.notices = notices;
                }
            }
            Event::Withdrawn(repo) => {
                if let Some(state) = self.repos.get_mut(&repo) {
                    state.fetched = None;
                }
            }
            Event::ForgeTold { repo, problem } => {
                if let Some(state) = self.repos.get_mut(&repo) {
                    state.forge_problem = problem;
                }
            }
            Event::FetchFailed {
                repo,
                refused,
                problem,
            } => {
                if let Some(state) = self.repos.get_mut(&repo) {
                    // That the server is away says nothing about a commit that was refused before.
                    if let Some(commit) = refused {
                        state.refused = Some((commit, problem.reason));
                    }
                    state.fetch_problem = Some(problem);
                }
            }
            Event::Rendered(result) => self.rendered(*result, &mut out),
            Event::RenderFailed {
                repo,
                commit,
                problem,
            } => self.render_failed(&repo, &commit, problem, &mut out),
            Event::RenderAgain(name) => self.render(&name, &mut out),
            Event::Connected(name) => {
                let soft = self.soft.entry(name).or_default();
                soft.streams += 1;
                soft.last_seen = Some(now);
            }
            Event::Disconnected(name) => {
                let soft = self.soft.entry(name).or_default();
                soft.streams = soft.streams.saturating_sub(1);
                soft.last_seen = Some(now);
            }
            Event::Reported(name, report) => self.reported(&name, *report, now, &mut out),
        }
        self.promote(&mut out);
        self.finish(out)
    }

    /// What an agent is to run.
    pub fn desired(&self, cluster: &ClusterName) -> Option<Desired> {
        let record = self.clusters.get(cluster)?;
        let deployments = of_cluster(&self.deployments, cluster)
            .filter_map(|(name, deployment)| {
                let content = deployment.current.as_ref()?;
                Some(DesiredDeployment {
                    name: name.clone(),
                    generation: deployment.generation,
                    bundle: content.bundle,
                    options: content.options.clone(),
                })
            })
            .collect();
        let removed = of_cluster(&self.removals, cluster)
            .map(|(name, removal)| Removed {
                name: name.clone(),
                generation: removal.generation,
                options: removal.options.clone(),
            })
            .collect();
        Some(Desired {
            incarnation: self.incarnation.clone(),
            state_revision: record.state_revision,
            deployments,
            removed,
        })
    }

    /// Whether an agent may read a bundle: only what its desired state names.
    pub fn may_read(&self, cluster: &ClusterName, bundle: &Digest) -> bool {
        of_cluster(&self.deployments, cluster).any(|(_, deployment)| {
            deployment
                .current
                .as_ref()
                .is_some_and(|content| content.bundle == *bundle)
        })
    }

    /// The bundles that are in use; all others can go from the blob store.
    pub fn bundles_in_use(&self) -> BTreeSet<Digest> {
        let contents = self
            .deployments
            .values()
            .flat_map(|d| d.current.iter().chain([&d.staged]));
        contents.map(|content| content.bundle).collect()
    }

    /// The random id of the store.
    pub fn incarnation(&self) -> &Incarnation {
        &self.incarnation
    }

    /// The resource of a GitRepo.
    pub fn repo(&self, name: &RepoName) -> Option<&GitRepo> {
        self.repos.get(name).map(|repo| &repo.record.resource)
    }

    /// The record of a GitRepo.
    pub fn repo_record(&self, name: &RepoName) -> Option<&RepoRecord> {
        self.repos.get(name).map(|repo| &repo.record)
    }

    /// A group.
    pub fn group(&self, name: &GroupName) -> Option<&ClusterGroup> {
        self.groups.get(name)
    }

    /// All groups, sorted by name.
    pub fn groups(&self) -> impl Iterator<Item = &ClusterGroup> {
        self.groups.values()
    }

    /// The record of a cluster.
    pub fn cluster(&self, name: &ClusterName) -> Option<&ClusterRecord> {
        self.clusters.get(name)
    }

    /// All clusters.
    pub fn clusters(&self) -> impl Iterator<Item = (&ClusterName, &ClusterRecord)> {
        self.clusters.iter()
    }

    fn repo_set(&mut self, resource: GitRepo, out: &mut Out) {
        let name = resource.metadata.name.clone();
        match self.repos.get_mut(&name) {
            Some(repo) if repo.record.resource == resource => return,
            Some(repo) => {
                let same_source = {
                    let (old, new) = (&repo.record.resource.spec, &resource.spec);
                    (&old.repo, &old.branch, &old.revision)
                        == (&new.repo, &new.branch, &new.revision)
                        // What was fetched may not be signed by who is trusted now, or lack files.
                        && (&old.verify, old.recurse_submodules)
                            == (&new.verify, new.recurse_submodules)
                };
                repo.record.resource = resource;
                if !same_source {
                    repo.fetched = None;
                    repo.judged = None;
                    repo.refused = None;
                }
            }
            None => {
                self.repos.insert(
                    name.clone(),
                    Repo::new(RepoRecord {
                        resource,
                        commit: None,
                    }),
                );
            }
        }
        out.change(Change::Repo(
            name.clone(),
            Some(self.repos[&name].record.clone()),
        ));
        out.effects.push(Effect::Watch(name.clone()));
        self.render(&name, out);
    }

    fn repo_deleted(&mut self, name: &RepoName, out: &mut Out) {
        if self.repos.remove(name).is_none() {
            return;
        }
        out.change(Change::Repo(name.clone(), None));
        out.effects.push(Effect::Unwatch(name.clone()));
        let bundles: Vec<_> = self
            .bundles
            .iter()
            .filter(|(_, b)| b.repo == *name)
            .map(|(n, _)| n.clone())
            .collect();
        for bundle in bundles {
            self.remove_bundle(&bundle, out);
        }
    }

    fn cluster_set(&mut self, resource: Cluster, out: &mut Out) {
        let name = resource.metadata.name.clone();
        match self.clusters.get_mut(&name) {
            Some(record) if record.resource == resource => return,
            Some(record) => record.resource = resource,
            None => {
                let record = ClusterRecord {
                    resource,
                    about: AgentInfo::default(),
                    state_revision: 0,
                };
                self.clusters.insert(name.clone(), record);
            }
        }
        out.touched.insert(name.clone());
        out.change(Change::Cluster(
            name.clone(),
            Some(self.clusters[&name].clone()),
        ));
        self.render_all(out);
    }

    fn cluster_deleted(&mut self, name: &ClusterName, out: &mut Out) {
        if self.clusters.remove(name).is_none() {
            return;
        }
        out.change(Change::Cluster(name.clone(), None));
        out.effects.push(Effect::Expel(name.clone()));
        // The agent keeps what it runs: nobody can tell it anything any more.
        let keys: BTreeSet<DeploymentKey> = self
            .deployments
            .keys()
            .chain(self.removals.keys())
            .filter(|(cluster, _)| cluster == name)
            .cloned()
            .collect();
        for key in keys {
            self.held.remove(&key);
            if self.deployments.remove(&key).is_some() {
                out.change(Change::Deployment(key.clone(), None));
            }
            if self.removals.remove(&key).is_some() {
                out.change(Change::Removal(key.clone(), None));
            }
            self.blocked.remove(&key);
            self.observed.remove(&key);
        }
        self.orphans.retain(|(cluster, _), _| cluster != name);
        self.soft.remove(name);
    }

    fn reported(&mut self, cluster: &ClusterName, report: Report, now: Now, out: &mut Out) {
        let Some(record) = self.clusters.get_mut(cluster) else {
            return;
        };
        self.soft.entry(cluster.clone()).or_default().last_seen = Some(now);
        if let Some(about) = report.about
            && record.about != about
        {
            record.about = about;
            out.change(Change::Cluster(cluster.clone(), Some(record.clone())));
            self.render_all(out);
        }
        // Generations of another store mean nothing here; what runs is shown until it is desired again.
        let same_store = report.incarnation.as_ref() == Some(&self.incarnation);
        if report.full {
            let listed: BTreeSet<&BundleName> =
                report.deployments.iter().map(|d| &d.name).collect();
            self.observed
                .retain(|(c, name), _| c != cluster || listed.contains(name));
            self.orphans.retain(|(c, _), _| c != cluster);
        }
        for deployment in report.deployments {
            let key = (cluster.clone(), deployment.name.clone());
            if !self.deployments.contains_key(&key) && !self.removals.contains_key(&key) {
                self.orphans.insert(key, deployment);
            } else if same_store {
                self.observed.insert(
                    key,
                    Observed {
                        report: deployment,
                        at: now,
                    },
                );
            }
        }
        if same_store {
            for removed in report.removed {
                let key = (cluster.clone(), removed.name);
                self.orphans.remove(&key);
                if self
                    .removals
                    .get(&key)
                    .is_some_and(|removal| removal.generation <= removed.generation)
                {
                    self.removals.remove(&key);
                    self.observed.remove(&key);
                    out.touched.insert(cluster.clone());
                    out.change(Change::Removal(key, None));
                }
            }
        }
    }

    /// Sets what a cluster is to run next.
    fn stage(&mut self, key: DeploymentKey, content: Content, out: &mut Out) {
        self.blocked.remove(&key);
        self.orphans.remove(&key);
        // A deployment that comes back continues the numbers of its removal, which the agent may not have seen.
        let removed = self.removals.remove(&key);
        if removed.is_some() {
            out.touched.insert(key.0.clone());
            out.change(Change::Removal(key.clone(), None));
        }
        match self.deployments.get_mut(&key) {
            Some(deployment) if deployment.staged == content => {}
            Some(deployment) => {
                deployment.staged = content;
                if deployment.current.as_ref() == Some(&deployment.staged) {
                    self.held.remove(&key);
                } else {
                    self.held.insert(key.clone());
                }
                out.change(Change::Deployment(key, Some(deployment.clone())));
            }
            None => {
                let generation = removed.map_or(0, |removal| removal.generation);
                let deployment = Deployment {
                    generation,
                    current: None,
                    staged: content,
                };
                out.change(Change::Deployment(key.clone(), Some(deployment.clone())));
                self.held.insert(key.clone());
                self.deployments.insert(key, deployment);
            }
        }
    }

    fn remove_deployment(&mut self, key: &DeploymentKey, out: &mut Out) {
        self.blocked.remove(key);
        self.held.remove(key);
        let Some(deployment) = self.deployments.remove(key) else {
            return;
        };
        out.change(Change::Deployment(key.clone(), None));
        // What was never handed out needs no removal.
        if let Some(content) = deployment.current {
            let removal = Removal {
                generation: deployment.generation + 1,
                options: content.options,
            };
            out.change(Change::Removal(key.clone(), Some(removal.clone())));
            out.touched.insert(key.0.clone());
            self.removals.insert(key.clone(), removal);
        }
    }

    fn remove_bundle(&mut self, name: &BundleName, out: &mut Out) {
        self.bundles.remove(name);
        out.change(Change::Bundle(name.clone(), None));
        let keys: Vec<_> = self
            .deployments
            .keys()
            .filter(|(_, bundle)| bundle == name)
            .cloned()
            .collect();
        for key in keys {
            self.remove_deployment(&key, out);
        }
        self.blocked.retain(|(_, bundle), _| bundle != name);
    }

    /// Hands out what is staged, unless something is paused or a dependency is not ready.
    fn promote(&mut self, out: &mut Out) {
        let ready: Vec<DeploymentKey> = self
            .held
            .iter()
            .filter(|key| self.waits(key).is_none())
            .cloned()
            .collect();
        for key in ready {
            self.held.remove(&key);
            let Some(deployment) = self.deployments.get_mut(&key) else {
                continue;
            };
            deployment.current = Some(deployment.staged.clone());
            deployment.generation += 1;
            out.touched.insert(key.0.clone());
            out.change(Change::Deployment(key, Some(deployment.clone())));
        }
    }

    /// Why a deployment's staged content is not handed out.
    fn waits(&self, key: &DeploymentKey) -> Option<String> {
        let bundle = self.bundles.get(&key.1)?;
        if bundle.paused {
            return Some(format!("bundle `{}` is paused", key.1));
        }
        if self
            .repos
            .get(&bundle.repo)
            .is_some_and(|repo| repo.record.resource.spec.paused)
        {
            return Some(format!("GitRepo `{}` is paused", bundle.repo));
        }
        if self
            .clusters
            .get(&key.0)
            .is_some_and(|cluster| cluster.resource.spec.paused)
        {
            return Some(format!("cluster `{}` is paused", key.0));
        }
        bundle
            .depends_on
            .iter()
            .find_map(|dependency| self.waits_on(key, dependency))
    }

    fn waits_on(&self, key: &DeploymentKey, dependency: &Dependency) -> Option<String> {
        let meant = |name: &BundleName, bundle: &Bundle| {
            dependency
                .name
                .as_ref()
                .is_none_or(|wanted| wanted == name.as_str())
                && dependency
                    .selector
                    .as_ref()
                    .is_none_or(|selector| selector.matches(&bundle.labels))
        };
        let mut found = false;
        for (name, _) in self
            .bundles
            .iter()
            .filter(|(name, bundle)| **name != key.1 && meant(name, bundle))
        {
            let other = (key.0.clone(), name.clone());
            let Some(deployment) = self.deployments.get(&other) else {
                continue;
            };
            found = true;
            let state = status::state(deployment, self.observed.get(&other)).to_string();
            let accepted = match dependency.accepted_states.as_slice() {
                [] => state == "Ready",
                states => states.contains(&state),
            };
            if !accepted {
                return Some(format!("waiting on bundle `{name}`, which is {state}"));
            }
        }
        let wanted = dependency.name.as_deref().unwrap_or("of the selector");
        (!found).then(|| format!("waiting on bundle `{wanted}`, which this cluster does not have"))
    }

    fn finish(&mut self, mut out: Out) -> Vec<Effect> {
        let mut announcements = Vec::new();
        for name in std::mem::take(&mut out.touched) {
            let Some(record) = self.clusters.get_mut(&name) else {
                continue;
            };
            record.state_revision += 1;
            out.changes
                .push(Change::Cluster(name.clone(), Some(record.clone())));
            if let Some(reference) = self.desired_ref(&name) {
                announcements.push(Effect::Announce(name, reference));
            }
        }
        let mut effects = Vec::new();
        if !out.changes.is_empty() {
            effects.push(Effect::Save(out.changes));
        }
        effects.extend(out.effects);
        effects.extend(announcements);
        effects
    }

    /// The name of what an agent is to run.
    pub fn desired_ref(&self, cluster: &ClusterName) -> Option<DesiredRef> {
        let desired = self.desired(cluster)?;
        Some(DesiredRef {
            digest: desired.encode().1,
            state_revision: desired.state_revision,
        })
    }
}

impl Repo {
    fn new(record: RepoRecord) -> Self {
        Self {
            record,
            fetched: None,
            fetch_problem: None,
            refused: None,
            notices: Vec::new(),
            forge_problem: None,
            judged: None,
            problems: Vec::new(),
            warnings: Vec::new(),
            rendering: false,
            render_again: false,
        }
    }
}

/// What one step brings about.
#[derive(Default)]
struct Out {
    changes: Vec<Change>,
    effects: Vec<Effect>,
    /// Clusters whose desired state has changed.
    touched: BTreeSet<ClusterName>,
}

impl Out {
    fn change(&mut self, change: Change) {
        self.changes.push(change);
    }
}

/// The entries of one cluster, by bundle.
fn of_cluster<'a, T>(
    map: &'a BTreeMap<DeploymentKey, T>,
    cluster: &'a ClusterName,
) -> impl Iterator<Item = (&'a BundleName, &'a T)> {
    // Keys are sorted by cluster first; the bundle name `0` sorts before every other.
    let first = (
        cluster.clone(),
        BundleName::parse("0").expect("`0` is a valid name"),
    );
    map.range(first..)
        .take_while(move |((name, _), _)| name == cluster)
        .map(|((_, bundle), value)| (bundle, value))
}

#[cfg(test)]
mod tests;
