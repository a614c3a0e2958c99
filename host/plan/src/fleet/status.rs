//! What the state machine tells about itself.

use std::collections::BTreeMap;

use fleet_core::name::{BundleName, ClusterName, RepoName};
use fleet_core::problem::Problem;
use fleet_core::resource::GitRepo;
use fleet_core::state::{Health, State, Summary};
use fleet_core::wire::{ApplyStatus, DeploymentReport};

use super::{Bundle, ClusterRecord, Deployment, DeploymentKey, Fleet, Now, Observed, Repo};
use crate::view::{BundleView, ClusterView, Counts, DeploymentView, RepoView};

/// Age of the last sign of life at which a cluster without an open stream counts as offline, in seconds.
/// Three heartbeats of the stream (20 s each).
const OFFLINE_AFTER: Now = 60;

/// The state of a deployment, in Rancher Fleet's words (`fleet.GetDeploymentState`).
pub(super) fn state(deployment: &Deployment, observed: Option<&Observed>) -> State {
    let Some(current) = &deployment.current else {
        return State::Pending;
    };
    let report = observed.map(|observed| &observed.report).filter(|report| {
        report.generation == deployment.generation && report.bundle == current.bundle
    });
    let Some(report) = report else {
        return State::WaitApplied;
    };
    match report.apply {
        ApplyStatus::Failed => State::ErrApplied,
        ApplyStatus::Waiting => State::WaitApplied,
        ApplyStatus::Applied if report.health != Health::Current => State::NotReady,
        ApplyStatus::Applied if deployment.staged != *current => State::OutOfSync,
        ApplyStatus::Applied if report.n_modified > 0 => State::Modified,
        ApplyStatus::Applied => State::Ready,
    }
}

fn view_repo(repo: &Repo, bundles: Vec<BundleView>) -> RepoView {
    let problems = repo.fetch_problem.iter().chain(&repo.problems);
    let source = repo.notices.iter().chain(&repo.forge_problem);
    let warnings = source.chain(&repo.warnings);
    RepoView {
        resource: repo.record.resource.clone(),
        commit: repo.record.commit.clone(),
        fetched: repo.fetched.clone(),
        rendering: repo.rendering,
        problems: problems.cloned().collect(),
        warnings: warnings.cloned().collect(),
        bundles,
    }
}

fn view_bundle(name: &BundleName, bundle: &Bundle, deployments: Vec<DeploymentView>) -> BundleView {
    BundleView {
        name: name.clone(),
        repo: bundle.repo.clone(),
        path: bundle.path.clone(),
        commit: bundle.commit.clone(),
        deployments,
    }
}

impl Fleet {
    /// All GitRepos, sorted by name.
    pub fn view_repos(&self, now: Now) -> Vec<RepoView> {
        let mut bundles: BTreeMap<RepoName, Vec<BundleView>> = BTreeMap::new();
        for bundle in self.view_bundles_of(None, now) {
            bundles.entry(bundle.repo.clone()).or_default().push(bundle);
        }
        self.repos
            .iter()
            .map(|(name, repo)| view_repo(repo, bundles.remove(name).unwrap_or_default()))
            .collect()
    }

    /// One GitRepo.
    pub fn view_repo(&self, name: &RepoName, now: Now) -> Option<RepoView> {
        let repo = self.repos.get(name)?;
        Some(view_repo(repo, self.view_bundles_of(Some(name), now)))
    }

    /// All bundles, or those of one GitRepo, sorted by name.
    pub fn view_bundles_of(&self, repo: Option<&RepoName>, now: Now) -> Vec<BundleView> {
        let meant = |bundle: &Bundle| repo.is_none_or(|repo| bundle.repo == *repo);
        let of_meant = |key: &DeploymentKey| self.bundles.get(&key.1).is_some_and(meant);
        // One pass over all deployments, however many bundles there are.
        let mut deployments: BTreeMap<BundleName, Vec<DeploymentView>> = BTreeMap::new();
        for deployment in self.view_deployments(of_meant, now) {
            let of_bundle = deployments.entry(deployment.bundle.clone());
            of_bundle.or_default().push(deployment);
        }
        self.bundles
            .iter()
            .filter(|(_, bundle)| meant(bundle))
            .map(|(name, bundle)| {
                view_bundle(name, bundle, deployments.remove(name).unwrap_or_default())
            })
            .collect()
    }

    /// One bundle.
    pub fn view_bundle(&self, name: &BundleName, now: Now) -> Option<BundleView> {
        let bundle = self.bundles.get(name)?;
        let deployments = self.view_deployments(|key| key.1 == *name, now);
        Some(view_bundle(name, bundle, deployments))
    }

    /// All clusters, sorted by name.
    pub fn view_clusters(&self, now: Now) -> Vec<ClusterView> {
        let mut deployments: BTreeMap<ClusterName, Vec<DeploymentView>> = BTreeMap::new();
        for deployment in self.view_deployments(|_| true, now) {
            let of_cluster = deployments.entry(deployment.cluster.clone());
            of_cluster.or_default().push(deployment);
        }
        self.clusters
            .iter()
            .map(|(name, record)| {
                let deployments = deployments.remove(name).unwrap_or_default();
                self.view_cluster_with(name, record, deployments, now)
            })
            .collect()
    }

    /// One cluster.
    pub fn view_cluster(&self, name: &ClusterName, now: Now) -> Option<ClusterView> {
        let record = self.clusters.get(name)?;
        let deployments = self.view_deployments(|key| key.0 == *name, now);
        Some(self.view_cluster_with(name, record, deployments, now))
    }

    fn view_cluster_with(
        &self,
        name: &ClusterName,
        record: &ClusterRecord,
        deployments: Vec<DeploymentView>,
        now: Now,
    ) -> ClusterView {
        let soft = self.soft.get(name);
        ClusterView {
            resource: record.resource.clone(),
            about: record.about.clone(),
            connected: soft.is_some_and(|soft| soft.streams > 0),
            offline: self.is_offline(name, now),
            last_seen: soft.and_then(|soft| soft.last_seen),
            deployments,
            orphans: self.orphans_of(name),
        }
    }

    /// The deployments whose key is meant, sorted by cluster and bundle, with those that are blocked before they
    /// ever began and those that are on their way out.
    pub fn view_deployments(
        &self,
        meant: impl Fn(&DeploymentKey) -> bool,
        now: Now,
    ) -> Vec<DeploymentView> {
        let mut views: Vec<_> = self
            .deployments
            .iter()
            .filter(|(key, _)| meant(key))
            .map(|(key, deployment)| self.view_deployment(key, deployment, now))
            .collect();
        let never = self
            .blocked
            .iter()
            .filter(|(key, _)| meant(key) && !self.deployments.contains_key(*key));
        views.extend(never.map(|(key, problems)| DeploymentView {
            problems: problems.clone(),
            offline: self.is_offline(&key.0, now),
            ..DeploymentView::new(key, State::Pending)
        }));
        views.extend(
            self.removals
                .iter()
                .filter(|(key, _)| meant(key))
                .map(|(key, removal)| DeploymentView {
                    generation: removal.generation,
                    removing: true,
                    offline: self.is_offline(&key.0, now),
                    problems: self
                        .observed
                        .get(key)
                        .map(|o| o.report.problems.clone())
                        .unwrap_or_default(),
                    ..DeploymentView::new(key, State::WaitApplied)
                }),
        );
        views.sort_by(|a, b| (&a.cluster, &a.bundle).cmp(&(&b.cluster, &b.bundle)));
        views
    }

    fn view_deployment(
        &self,
        key: &DeploymentKey,
        deployment: &Deployment,
        now: Now,
    ) -> DeploymentView {
        let observed = self.observed.get(key);
        let state = state(deployment, observed);
        let report = observed.map(|observed| &observed.report);
        let content = deployment.current.as_ref().unwrap_or(&deployment.staged);
        let origin = self.origins.get(&content.bundle);
        let from_agent = report
            .map(|report| report.problems.clone())
            .unwrap_or_default();
        // The agent knows objects; the host knows which file they come from.
        let from_agent = from_agent.into_iter().map(|problem| {
            let place = problem
                .object
                .as_ref()
                .and_then(|object| origin?.of_any_namespace(object))
                .cloned();
            problem.at(place)
        });
        let mut problems: Vec<Problem> = self.blocked.get(key).cloned().unwrap_or_default();
        problems.extend(from_agent);
        let waiting = (deployment.current.as_ref() != Some(&deployment.staged))
            .then(|| self.waits(key))
            .flatten();
        DeploymentView {
            generation: deployment.generation,
            content: Some(content.bundle),
            n_objects: content.n_objects,
            waiting,
            health: report.map(|report| report.health),
            changes: report.map(|report| report.changes),
            not_ready: report
                .map(|report| report.not_ready.clone())
                .unwrap_or_default(),
            offline: self.is_offline(&key.0, now),
            reported: observed.map(|observed| observed.at),
            problems,
            ..DeploymentView::new(key, state)
        }
    }

    fn is_offline(&self, cluster: &ClusterName, now: Now) -> bool {
        let silent = |since: Now| now.saturating_sub(since) > OFFLINE_AFTER;
        match self.soft.get(cluster) {
            Some(soft) => soft.streams == 0 && soft.last_seen.is_none_or(silent),
            // After a restart, agents come back within a minute; until then nobody can tell.
            None => self.started.is_none_or(silent),
        }
    }

    fn orphans_of(&self, cluster: &ClusterName) -> Vec<DeploymentReport> {
        super::of_cluster(&self.orphans, cluster)
            .map(|(_, report)| report.clone())
            .collect()
    }

    /// The fleet in numbers; cheap enough to be asked for every few seconds.
    pub fn counts(&self) -> Counts {
        let n = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let wrong = |repo: &&Repo| repo.fetch_problem.is_some() || !repo.problems.is_empty();
        let states = self
            .deployments
            .iter()
            .map(|(key, deployment)| state(deployment, self.observed.get(key)));
        Counts {
            repos: n(self.repos.len()),
            repos_with_problems: n(self.repos.values().filter(wrong).count()),
            bundles: n(self.bundles.len()),
            clusters: n(self.clusters.len()),
            connected: n(self.soft.values().filter(|soft| soft.streams > 0).count()),
            deployments: Summary::of(states),
            blocked: n(self.blocked.len()),
        }
    }

    /// All resources as they can be applied again.
    pub fn resources(&self) -> (Vec<&GitRepo>, Vec<&ClusterRecord>) {
        (
            self.repos
                .values()
                .map(|repo| &repo.record.resource)
                .collect(),
            self.clusters.values().collect(),
        )
    }
}
