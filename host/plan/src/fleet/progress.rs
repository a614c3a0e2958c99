//! How far the newest commit of a GitRepo has come, in numbers and words that say nothing of any one cluster.

use std::collections::{BTreeMap, BTreeSet};

use fleet_core::diagnostic::Location;
use fleet_core::name::{ClusterName, RepoName};
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::GitRepo;
use fleet_core::state::{Health, State};

use super::{DeploymentKey, Fleet, Now, status};

/// How long after the start of this process clusters may not have been heard of, in seconds: agents come back within
/// a minute.
const ARRIVAL: Now = 60;

/// How far the newest commit of a GitRepo has come.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// The GitRepo.
    pub resource: GitRepo,
    /// The newest commit that this process knows, also if it is refused.
    pub commit: Option<String>,
    /// Whether that commit was rendered or refused; everything below is about another one until then.
    pub judged: bool,
    /// Whether some clusters had no chance yet to tell what they run: more may be applied than is counted.
    pub unheard: bool,
    /// Clusters that the GitRepo selects.
    pub n_clusters: u64,
    /// Those where all of it is applied.
    pub n_applied: u64,
    /// What is wrong, sorted by reason; first what is wrong with the commit as a whole.
    pub faults: Vec<Fault>,
}

/// Something wrong with a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What kind.
    pub reason: Reason,
    /// The first place in the repository that it was found in.
    pub location: Option<Location>,
    /// On how many clusters; none if it is about the commit as a whole.
    pub n_clusters: Option<u64>,
}

#[derive(Default)]
struct Tally<'f> {
    clusters: BTreeMap<&'f ClusterName, Step>,
    faults: BTreeMap<Reason, (Option<Location>, BTreeSet<&'f ClusterName>)>,
    unheard: bool,
}

/// How far a cluster is; the greatest of its deployments counts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Applied,
    OnItsWay,
    Failed,
}

impl Fleet {
    /// How far the newest commits have come of the GitRepos that want their forge to know, sorted by name.
    pub fn progress(&self, now: Now) -> Vec<Progress> {
        let wanted = self
            .repos
            .iter()
            .filter(|(_, repo)| repo.record.resource.spec.commit_status.is_some());
        let mut tallies: BTreeMap<&RepoName, Tally<'_>> =
            wanted.map(|(name, _)| (name, Tally::default())).collect();
        if tallies.is_empty() {
            return Vec::new();
        }
        let arriving = self
            .started
            .is_none_or(|started| now.saturating_sub(started) <= ARRIVAL);
        let never_begun = self
            .blocked
            .keys()
            .filter(|key| !self.deployments.contains_key(*key));
        for key in self.deployments.keys().chain(never_begun) {
            let bundle = self.bundles.get(&key.1);
            if let Some(tally) = bundle.and_then(|bundle| tallies.get_mut(&bundle.repo)) {
                self.count(key, arriving, tally);
            }
        }
        let progress = |(name, tally): (&RepoName, Tally<'_>)| {
            let repo = &self.repos[name];
            if let Some((commit, reason)) = &repo.refused {
                return Progress {
                    resource: repo.record.resource.clone(),
                    commit: Some(commit.clone()),
                    judged: true,
                    unheard: false,
                    n_clusters: count(tally.clusters.len()),
                    n_applied: 0,
                    faults: vec![Fault {
                        reason: *reason,
                        location: None,
                        n_clusters: None,
                    }],
                };
            }
            let whole = repo.problems.iter().map(|problem| Fault {
                reason: problem.reason,
                location: problem.location.clone(),
                n_clusters: None,
            });
            let of_clusters = tally
                .faults
                .into_iter()
                .map(|(reason, (location, clusters))| Fault {
                    reason,
                    location,
                    n_clusters: Some(count(clusters.len())),
                });
            let applied = tally.clusters.values();
            let applied = applied.filter(|step| **step == Step::Applied).count();
            let commit = repo.fetched.as_ref().or(repo.judged.as_ref());
            let mut faults: Vec<Fault> = whole.collect();
            faults.sort_by_key(|fault| fault.reason);
            faults.extend(of_clusters);
            Progress {
                resource: repo.record.resource.clone(),
                commit: commit.cloned(),
                judged: commit.is_some() && repo.judged.as_ref() == commit,
                unheard: tally.unheard,
                n_clusters: count(tally.clusters.len()),
                n_applied: count(applied),
                faults,
            }
        };
        tallies.into_iter().map(progress).collect()
    }

    fn count<'f>(&'f self, key: &'f DeploymentKey, arriving: bool, tally: &mut Tally<'f>) {
        let (step, fault) = match self.fault(key) {
            Some(fault) => (Step::Failed, Some(fault)),
            None => (self.way(key), None),
        };
        let cluster = tally.clusters.entry(&key.0).or_insert(step);
        *cluster = step.max(*cluster);
        if let Some((reason, location)) = fault {
            let known = tally.faults.entry(reason).or_default();
            known.0 = known.0.take().or(location);
            known.1.insert(&key.0);
        }
        let told = self
            .deployments
            .get(key)
            .is_some_and(|d| d.current.is_some());
        tally.unheard |= arriving && told && !self.observed.contains_key(key);
    }

    fn way(&self, key: &DeploymentKey) -> Step {
        let state = self
            .deployments
            .get(key)
            .map(|deployment| status::state(deployment, self.observed.get(key)));
        match state {
            // What somebody changed later on the cluster is no fault of the commit.
            Some(State::Ready | State::Modified) => Step::Applied,
            _ => Step::OnItsWay,
        }
    }

    /// What keeps the newest content from running on a cluster.
    fn fault(&self, key: &DeploymentKey) -> Option<(Reason, Option<Location>)> {
        let first = |problems: &[Problem], otherwise: Reason| match problems.first() {
            Some(problem) => (problem.reason, problem.location.clone()),
            None => (otherwise, None),
        };
        if let Some(problems) = self.blocked.get(key) {
            return Some(first(problems, Reason::RenderFailed));
        }
        let deployment = self.deployments.get(key)?;
        let observed = self.observed.get(key);
        if deployment.current.as_ref() != Some(&deployment.staged) {
            return None;
        }
        let report = &observed?.report;
        let (reason, location) = match status::state(deployment, observed) {
            State::ErrApplied => first(&report.problems, Reason::ApplyFailed),
            State::NotReady if report.health == Health::Failed => (Reason::Unhealthy, None),
            _ => return None,
        };
        // The agent knows objects; the host knows which file they come from.
        let object = report
            .problems
            .first()
            .and_then(|problem| problem.object.as_ref());
        let origin = self.origins.get(&deployment.staged.bundle);
        let place = || origin?.of_any_namespace(object?).cloned();
        Some((reason, location.or_else(place)))
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
