//! What the machine knows of one deployment.

use fleet_core::digest::Digest;
use fleet_core::inventory::Inventory;
use fleet_core::name::BundleName;
use fleet_core::problem::{Problem, Reason};
use fleet_core::state::Health;
use fleet_core::wire::{
    ApplyStatus, Changes, DeploymentReport, DesiredDeployment, MAX_LISTED, ObjectHealth,
};

use super::{Now, OBSERVE_BUSY, OBSERVE_CALM, RETRY_AWAY_MOST, RETRY_MOST, backoff};
use crate::outcome::Applied;

#[derive(Debug, Default)]
pub(super) struct Deployment {
    pub(super) inventory: Inventory,
    /// What the newest finished apply was for, whether it succeeded or not.
    pub(super) applied: Option<DesiredDeployment>,
    /// What the running apply is for.
    applying: Option<DesiredDeployment>,
    pub(super) status: Option<ApplyStatus>,
    changes: Changes,
    problems: Vec<Problem>,
    not_ready: Vec<ObjectHealth>,
    n_modified: u32,
    has_been_observed: bool,
    pub(super) busy: bool,
    pub(super) observing: bool,
    failures: u32,
    pub(super) retry_at: Option<Now>,
    pub(super) observe_at: Option<Now>,
}

impl Deployment {
    /// A deployment of which nothing is known but what it owns.
    pub(super) fn with_inventory(inventory: Inventory) -> Self {
        Self {
            inventory,
            ..Self::default()
        }
    }

    /// An apply begins.
    pub(super) fn start(&mut self, wanted: DesiredDeployment) {
        if self.applied.as_ref() != Some(&wanted) {
            self.status = Some(ApplyStatus::Waiting);
        }
        self.applying = Some(wanted);
        self.busy = true;
        self.retry_at = None;
    }

    /// An apply that began could not be started after all.
    pub(super) fn could_not_start(&mut self, problem: Problem) {
        self.applying = None;
        self.busy = false;
        self.waits_for(problem);
    }

    /// An apply cannot begin yet.
    pub(super) fn waits_for(&mut self, problem: Problem) {
        self.problems = vec![problem];
    }

    /// An apply ended.
    pub(super) fn applied(&mut self, applied: Applied, now: Now) {
        self.ended(applied, now);
        self.applied = self.applying.take();
        self.observe_at = Some(now);
    }

    /// An apply or a removal ended.
    pub(super) fn ended(&mut self, applied: Applied, now: Now) {
        self.busy = false;
        self.inventory = applied.inventory;
        self.status = Some(applied.status);
        self.changes = applied.changes;
        self.problems = applied.problems;
        if applied.status == ApplyStatus::Failed {
            self.failures += 1;
            let is_away = |problem: &Problem| problem.reason == Reason::ClusterUnreachable;
            let most = match self.problems.iter().all(is_away) {
                true => RETRY_AWAY_MOST,
                false => RETRY_MOST,
            };
            self.retry_at = Some(now + backoff(self.failures, most));
        } else {
            self.failures = 0;
            self.retry_at = None;
        }
    }

    /// A new state is a new chance: what waits to be tried again is tried at once.
    pub(super) fn new_chance(&mut self, now: Now) {
        self.failures = 0;
        self.retry_at = self.retry_at.map(|_| now);
    }

    /// The live objects were looked at; says whether that is news.
    pub(super) fn observed(
        &mut self,
        not_ready: Vec<ObjectHealth>,
        n_modified: u32,
        now: Now,
    ) -> bool {
        let is_news =
            !self.has_been_observed || self.not_ready != not_ready || self.n_modified != n_modified;
        self.has_been_observed = true;
        self.observing = false;
        self.not_ready = not_ready;
        self.n_modified = n_modified;
        let is_moving = self
            .not_ready
            .iter()
            .any(|object| object.health != Health::Failed);
        self.observe_at = Some(
            now + if is_moving {
                OBSERVE_BUSY
            } else {
                OBSERVE_CALM
            },
        );
        is_news
    }

    /// The live objects could not be looked at.
    pub(super) fn not_observed(&mut self, now: Now) {
        self.observing = false;
        self.observe_at = Some(now + OBSERVE_CALM);
    }

    /// The bundles that the deployment runs or is about to run.
    pub(super) fn bundles(&self) -> impl Iterator<Item = Digest> + use<> {
        let applied = self.applied.as_ref().map(|applied| applied.bundle);
        let applying = self.applying.as_ref().map(|applying| applying.bundle);
        [applied.or(self.inventory.bundle), applying]
            .into_iter()
            .flatten()
    }

    /// How the deployment is doing, for the host; `None` if there is nothing to name.
    pub(super) fn report(
        &self,
        name: &BundleName,
        wanted: Option<&DesiredDeployment>,
        with_inventory: bool,
    ) -> Option<DeploymentReport> {
        let applied = self.applied.as_ref();
        let (generation, bundle) = match (wanted, applied) {
            (Some(known), _) | (None, Some(known)) => (known.generation, known.bundle),
            (None, None) => (self.inventory.generation, self.inventory.bundle?),
        };
        let is_current = match wanted {
            Some(wanted) => applied == Some(wanted),
            None => self.inventory.bundle == Some(bundle),
        };
        let apply = match self.status {
            Some(status) if is_current => status,
            _ => ApplyStatus::Waiting,
        };
        let worst = self
            .not_ready
            .iter()
            .map(|object| object.health)
            .max()
            .unwrap_or(Health::Current);
        Some(DeploymentReport {
            name: name.clone(),
            generation,
            bundle,
            apply,
            health: match self.has_been_observed {
                true => worst,
                false => Health::Unknown,
            },
            n_objects: count(self.inventory.entries.len()),
            changes: self.changes,
            n_modified: self.n_modified,
            not_ready: self.not_ready.iter().take(MAX_LISTED).cloned().collect(),
            n_not_ready: count(self.not_ready.len()),
            problems: self.problems.iter().take(MAX_LISTED).cloned().collect(),
            n_problems: count(self.problems.len()),
            inventory: with_inventory.then(|| self.inventory.clone()),
        })
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
