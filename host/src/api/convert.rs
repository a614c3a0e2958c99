//! From the state machine's views to what operators see.

use std::collections::{BTreeMap, BTreeSet};

use fleet_core::name::{BundleName, ClusterName};
use fleet_core::object::ObjectRef;
use fleet_core::problem::{self, Reason};
use fleet_core::resource::{API_VERSION, Metadata};
use fleet_core::state::State;
use fleet_host_plan::fleet::Now;
use fleet_host_plan::view::{BundleView, ClusterView, DeploymentView, RepoView};

use super::{
    AgentStatus, Bundle, BundleDeployment, BundleSpec, BundleStatus, Changes, Cluster,
    ClusterGroup, ClusterGroupStatus, ClusterStatus, DeploymentSpec, DeploymentStatus, Display,
    GitRepo, GitRepoStatus, Kind, Meta, ObjectStatus, Problem, Summary,
};
use crate::clock;

/// The most problems that a GitRepo shows; each deployment has its own.
const MAX_PROBLEMS: usize = 50;

/// What deployments add up to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    /// By state.
    pub summary: Summary,
    worst: Option<State>,
    removing: u64,
    reasons: BTreeMap<&'static str, u64>,
    waiting: u64,
}

/// Adds deployments up.
pub fn fold<'a>(deployments: impl IntoIterator<Item = &'a DeploymentView>) -> Fold {
    let mut fold = Fold::default();
    for deployment in deployments {
        for problem in &deployment.problems {
            *fold.reasons.entry(problem.reason.as_str()).or_default() += 1;
        }
        if deployment.removing {
            fold.removing += 1;
            continue;
        }
        let summary = &mut fold.summary;
        summary.desired_ready += 1;
        summary.offline += u64::from(deployment.offline);
        *match deployment.state {
            State::Ready => &mut summary.ready,
            State::NotReady => &mut summary.not_ready,
            State::Pending => &mut summary.pending,
            State::OutOfSync => &mut summary.out_of_sync,
            State::Modified => &mut summary.modified,
            State::WaitApplied => &mut summary.wait_applied,
            State::ErrApplied => &mut summary.err_applied,
        } += 1;
        fold.worst = fold.worst.max(Some(deployment.state));
        fold.waiting += u64::from(deployment.waiting.is_some());
    }
    fold
}

impl Fold {
    fn display(&self, nothing: &str) -> Display {
        let state = match self.worst {
            Some(worst) => worst.to_string(),
            None if self.removing > 0 => "Removing".to_owned(),
            None => nothing.to_owned(),
        };
        let mut parts: Vec<String> = self
            .reasons
            .iter()
            .map(|(reason, n)| match n {
                1 => (*reason).to_owned(),
                n => format!("{reason} ({n})"),
            })
            .collect();
        if self.waiting > 0 {
            parts.push(format!("{} waiting", self.waiting));
        }
        if self.removing > 0 {
            parts.push(format!("{} being removed", self.removing));
        }
        if self.summary.offline > 0 {
            parts.push(format!("{} offline", self.summary.offline));
        }
        Display {
            state,
            ready: format!("{}/{}", self.summary.ready, self.summary.desired_ready),
            message: parts.join(", "),
        }
    }
}

impl From<&RepoView> for GitRepo {
    fn from(view: &RepoView) -> Self {
        let deployments: Vec<&DeploymentView> = view
            .bundles
            .iter()
            .flat_map(|bundle| &bundle.deployments)
            .collect();
        let mut fold = fold(deployments.iter().copied());
        let mut clusters: BTreeMap<&ClusterName, bool> = BTreeMap::new();
        for deployment in deployments.iter().filter(|deployment| !deployment.removing) {
            *clusters.entry(&deployment.cluster).or_insert(true) &=
                deployment.state == State::Ready;
        }
        for problem in &view.problems {
            *fold.reasons.entry(problem.reason.as_str()).or_default() += 1;
        }
        let unread = view.fetched.is_none() && view.commit.is_none();
        let mut display = fold.display(match () {
            () if unread && view.problems.is_empty() => "GitUpdating",
            () if view.problems.is_empty() => "NoTargets",
            () => "Error",
        });
        if view.resource.spec.paused {
            display.state = format!("{} (paused)", display.state);
        }
        // The same thing goes wrong on many clusters: it is shown once.
        let mut seen = BTreeSet::new();
        let problems = view
            .problems
            .iter()
            .chain(
                deployments
                    .iter()
                    .flat_map(|deployment| &deployment.problems),
            )
            .filter(|problem| seen.insert(problem.to_string()))
            .take(MAX_PROBLEMS)
            .map(Problem::from);
        Self {
            api_version: API_VERSION.to_owned(),
            kind: Kind::GitRepo,
            metadata: Meta::from(&view.resource.metadata),
            spec: view.resource.spec.clone(),
            status: GitRepoStatus {
                commit: view.commit.clone(),
                fetched_commit: view.fetched.clone(),
                rendering: view.rendering,
                bundles: count(view.bundles.len()),
                desired_ready_clusters: count(clusters.len()),
                ready_clusters: count(clusters.values().filter(|ready| **ready).count()),
                summary: fold.summary,
                display,
                problems: problems.collect(),
                warnings: view.warnings.iter().map(Problem::from).collect(),
            },
        }
    }
}

impl From<&BundleView> for Bundle {
    fn from(view: &BundleView) -> Self {
        let fold = fold(&view.deployments);
        let display = fold.display("NoTargets");
        Self {
            api_version: API_VERSION.to_owned(),
            kind: Kind::Bundle,
            metadata: named(&view.name),
            spec: BundleSpec {
                repo: view.repo.to_string(),
                path: view.path.clone(),
            },
            status: BundleStatus {
                commit: view.commit.clone(),
                summary: fold.summary,
                display,
            },
        }
    }
}

impl From<&ClusterView> for Cluster {
    fn from(view: &ClusterView) -> Self {
        let fold = fold(&view.deployments);
        let mut display = fold.display("Ready");
        if view.last_seen.is_none() && view.about.version.is_empty() {
            "WaitCheckIn".clone_into(&mut display.state);
        } else if view.offline {
            display.state = format!("Offline ({})", display.state);
        }
        if view.resource.spec.paused {
            display.state = format!("{} (paused)", display.state);
        }
        if !view.orphans.is_empty() {
            let separator = if display.message.is_empty() { "" } else { ", " };
            display.message += &format!("{separator}{} orphaned", view.orphans.len());
        }
        Self {
            api_version: API_VERSION.to_owned(),
            kind: Kind::Cluster,
            metadata: Meta::from(&view.resource.metadata),
            spec: view.resource.spec.clone(),
            status: ClusterStatus {
                agent: AgentStatus {
                    version: view.about.version.clone(),
                    kube_version: view.about.kube_version.clone(),
                    connected: view.connected,
                    offline: view.offline,
                    last_seen: view.last_seen.map(clock::rfc3339),
                    last_seen_seconds: view.last_seen,
                },
                summary: fold.summary,
                display,
                orphaned: view.orphans.iter().map(|o| o.name.to_string()).collect(),
            },
        }
    }
}

impl ClusterGroup {
    /// A group with what it selects of `clusters`.
    pub fn new(group: &fleet_core::resource::ClusterGroup, clusters: &[ClusterView]) -> Self {
        let selected: Vec<&ClusterView> = clusters
            .iter()
            .filter(|cluster| cluster.resource.metadata.namespace == group.metadata.namespace)
            .filter(|cluster| {
                let labels = &cluster.resource.metadata.labels;
                let selector = group.spec.selector.as_ref();
                selector.is_some_and(|selector| selector.matches(labels))
            })
            .collect();
        let fold = fold(selected.iter().flat_map(|cluster| &cluster.deployments));
        let display = fold.display(if selected.is_empty() {
            "Empty"
        } else {
            "Ready"
        });
        let ready = |cluster: &ClusterView| {
            let mut deployments = cluster.deployments.iter();
            !cluster.offline && deployments.all(|d| d.removing || d.state == State::Ready)
        };
        Self {
            api_version: API_VERSION.to_owned(),
            kind: Kind::ClusterGroup,
            metadata: Meta::from(&group.metadata),
            spec: group.spec.clone(),
            status: ClusterGroupStatus {
                cluster_count: count(selected.len()),
                non_ready_clusters: selected
                    .iter()
                    .filter(|cluster| !ready(cluster))
                    .map(|cluster| cluster.resource.metadata.name.to_string())
                    .collect(),
                summary: fold.summary,
                display,
            },
        }
    }
}

impl From<&DeploymentView> for BundleDeployment {
    fn from(view: &DeploymentView) -> Self {
        let state = view.state.to_string();
        let mut display = fold([view]).display("Ready");
        if view.removing {
            "Removing".clone_into(&mut display.state);
            display.message.clear();
        }
        if let Some(waiting) = &view.waiting {
            display.message.clone_from(waiting);
        }
        if display.message.is_empty()
            && let Some(object) = view.not_ready.first()
        {
            let more = view.not_ready.len() - 1;
            let more = if more == 0 {
                String::new()
            } else {
                format!(" (and {more} more)")
            };
            display.message = format!("{}: {}{more}", object.object, object.message);
        }
        if view.offline && view.reported.is_some() {
            display.state = format!("Offline ({})", display.state);
        } else if view.offline && view.problems.is_empty() && view.waiting.is_none() {
            "its cluster has not been heard of".clone_into(&mut display.message);
        }
        Self {
            api_version: API_VERSION.to_owned(),
            kind: Kind::BundleDeployment,
            metadata: named(&view.bundle),
            spec: DeploymentSpec {
                cluster: view.cluster.to_string(),
                bundle: view.bundle.to_string(),
                generation: view.generation,
                content: view.content.map(|digest| digest.to_string()),
                objects: view.n_objects,
            },
            status: DeploymentStatus {
                state,
                display,
                removing: view.removing,
                offline: view.offline,
                waiting: view.waiting.clone(),
                health: view.health.map(|health| health.to_string()),
                changes: view.changes.map(|changes| Changes {
                    created: changes.created,
                    configured: changes.configured,
                    unchanged: changes.unchanged,
                    deleted: changes.deleted,
                    skipped: changes.skipped,
                    failed: changes.failed,
                }),
                not_ready: view
                    .not_ready
                    .iter()
                    .map(|object| ObjectStatus {
                        object: object.object.to_string(),
                        health: object.health.to_string(),
                        message: object.message.clone(),
                    })
                    .collect(),
                problems: view.problems.iter().map(Problem::from).collect(),
                reported: view.reported.map(|at: Now| clock::rfc3339(at)),
            },
        }
    }
}

impl From<&problem::Problem> for Problem {
    fn from(problem: &problem::Problem) -> Self {
        let known = |n: u32| (n > 0).then_some(n);
        let place = problem.location.as_ref();
        Self {
            reason: Reason::as_str(problem.reason).to_owned(),
            message: problem.message.clone(),
            object: problem.object.as_ref().map(ObjectRef::to_string),
            file: place.map(|place| place.file.clone()),
            line: place.and_then(|place| known(place.line)),
            column: place.and_then(|place| known(place.column)),
            hint: problem.hint.clone(),
        }
    }
}

impl<N: ToString> From<&Metadata<N>> for Meta {
    fn from(metadata: &Metadata<N>) -> Self {
        Self {
            name: metadata.name.to_string(),
            namespace: metadata.namespace.clone(),
            labels: metadata.labels.clone(),
            annotations: metadata.annotations.clone(),
        }
    }
}

fn named(name: &BundleName) -> Meta {
    Meta {
        name: name.to_string(),
        ..Meta::default()
    }
}

fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use fleet_core::state::Health;

    use super::*;

    fn view(state: State) -> DeploymentView {
        let key = (
            ClusterName::parse("edge-1").unwrap(),
            BundleName::parse("shop-web").unwrap(),
        );
        DeploymentView::new(&key, state)
    }

    #[test]
    fn the_worst_state_and_what_is_wrong_come_first() {
        let mut broken = view(State::ErrApplied);
        broken.problems = vec![
            problem::Problem::new(Reason::ApplyFailed, "a"),
            problem::Problem::new(Reason::ApplyFailed, "b"),
        ];
        let mut waiting = view(State::Pending);
        waiting.waiting = Some("paused".to_owned());
        let mut leaving = view(State::WaitApplied);
        leaving.removing = true;
        let fold = fold(&[view(State::Ready), broken, waiting, leaving]);
        let expected = Display {
            state: "ErrApplied".to_owned(),
            ready: "1/3".to_owned(),
            message: "ApplyFailed (2), 1 waiting, 1 being removed".to_owned(),
        };
        assert_eq!(fold.display("-"), expected);
        assert_eq!(Fold::default().display("NoTargets").state, "NoTargets");
    }

    /// What a deployment shows must not claim health that nobody has seen for a while.
    #[test]
    fn an_offline_deployment_says_so_before_its_state() {
        let mut offline = view(State::Ready);
        offline.offline = true;
        offline.health = Some(Health::Current);
        offline.reported = Some(0);
        let shown = BundleDeployment::from(&offline);
        assert_eq!(shown.status.display.state, "Offline (Ready)");
        assert_eq!(shown.status.state, "Ready");
    }
}
