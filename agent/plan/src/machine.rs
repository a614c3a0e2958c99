//! Decides what the agent does next: one state machine over closed events and effects.
//!
//! The machine holds the newest desired state and what is known of each deployment. It never waits and
//! never reads a clock; whoever drives it carries the effects out and hands the results back as events.

mod deployment;
mod reports;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fleet_core::digest::Digest;
use fleet_core::inventory::Inventory;
use fleet_core::name::BundleName;
use fleet_core::problem::Problem;
use fleet_core::wire::{
    AgentInfo, ApplyStatus, Desired, DesiredDeployment, DesiredRef, Hello, ObjectHealth, Removed,
    Report,
};

use crate::outcome::Applied;
use deployment::Deployment;
use reports::Reports;

/// Time since the agent started.
pub type Now = Duration;

/// The first wait after a failed apply or fetch; it doubles with each further failure.
const RETRY_FIRST: Duration = Duration::from_secs(2);
/// The longest wait after a failed apply or fetch.
const RETRY_MOST: Duration = Duration::from_secs(300);
/// The longest wait while the target itself is away: nothing was refused, so nothing needs time to mend.
const RETRY_AWAY_MOST: Duration = Duration::from_secs(15);
/// How often health is looked at while something is on its way.
const OBSERVE_BUSY: Duration = Duration::from_secs(2);
/// How often health is looked at when everything is current.
const OBSERVE_CALM: Duration = Duration::from_secs(30);
/// Something that happened.
#[derive(Clone, Debug)]
pub enum Event {
    /// The agent started with what its disk holds.
    Started {
        /// The last desired state, if there ever was one.
        desired: Option<Desired>,
        /// What is owned, by deployment.
        inventories: BTreeMap<BundleName, Inventory>,
        /// Bundles that are on the disk.
        bundles: BTreeSet<Digest>,
    },
    /// The stream to the host is open.
    Connected(Hello),
    /// The stream to the host is closed: nothing is sent until it is open again.
    Disconnected,
    /// The host announced a desired state.
    Announced(DesiredRef),
    /// A desired state arrived.
    DesiredFetched(Desired),
    /// A bundle arrived, was verified and is on the disk.
    BundleFetched(Digest),
    /// A bundle could not be fetched.
    BundleFailed(Digest, Problem),
    /// A bundle that was to be applied is not (readable) on the disk any more.
    BundleLost {
        /// The deployment that was to be applied.
        name: BundleName,
        /// The bundle.
        bundle: Digest,
        /// What is wrong with it.
        problem: Problem,
    },
    /// An apply ended.
    Applied {
        /// The deployment.
        name: BundleName,
        /// The generation that was applied.
        generation: u64,
        /// What it came to.
        applied: Applied,
    },
    /// A removal ended; `applied.inventory` is empty if everything is gone.
    Removed {
        /// The deployment.
        name: BundleName,
        /// The generation of the removal.
        generation: u64,
        /// What it came to.
        applied: Applied,
    },
    /// The live objects of a deployment were looked at.
    Observed {
        /// The deployment.
        name: BundleName,
        /// The objects that are not current.
        not_ready: Vec<ObjectHealth>,
        /// How many objects differ from the bundle.
        n_modified: u32,
    },
    /// The live objects of a deployment could not be looked at; what is known of them stays.
    NotObserved(BundleName),
    /// What is known of the cluster has changed.
    About(AgentInfo),
    /// The host took a report.
    Reported,
    /// The host did not take a report.
    ReportFailed,
    /// Time has passed.
    Tick,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Keep a desired state on the disk.
    SaveDesired(Desired),
    /// Ask the host for the desired state.
    FetchDesired,
    /// Ask the host for a bundle, verify it and keep it on the disk.
    FetchBundle(Digest),
    /// Apply a deployment.
    Apply(DesiredDeployment),
    /// Delete what a deployment owns.
    Remove(Removed),
    /// Look at the live objects of a deployment.
    Observe(BundleName),
    /// Drop what the disk holds of a deployment that is gone.
    Forget(BundleName),
    /// Drop bundles that no deployment needs.
    KeepBundles(BTreeSet<Digest>),
    /// Send a report.
    Report(Report),
}

/// The agent's decisions.
#[derive(Debug, Default)]
pub struct Machine {
    desired: Option<Desired>,
    /// The digest of the desired state that was last fetched.
    announced: Option<Digest>,
    deployments: BTreeMap<BundleName, Deployment>,
    bundles: BTreeSet<Digest>,
    fetching: BTreeMap<Digest, Fetching>,
    reports: Reports,
}

/// A bundle that is being fetched, or is to be fetched again.
#[derive(Debug)]
enum Fetching {
    Now { failures: u32 },
    Later { at: Now, failures: u32 },
}

impl Machine {
    /// A machine that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one event in and says what to do.
    pub fn step(&mut self, event: Event, now: Now) -> Vec<Effect> {
        let mut effects = Vec::new();
        match event {
            Event::Started {
                desired,
                inventories,
                bundles,
            } => {
                self.announced = desired.as_ref().map(|desired| desired.encode().1);
                self.desired = desired;
                self.bundles = bundles;
                self.deployments = inventories
                    .into_iter()
                    .map(|(name, inventory)| (name, Deployment::with_inventory(inventory)))
                    .collect();
            }
            Event::Connected(hello) => self.connected(&hello, now),
            Event::Disconnected => self.reports.disconnected(),
            Event::Announced(reference) => {
                if self.announced != Some(reference.digest) {
                    effects.push(Effect::FetchDesired);
                }
            }
            Event::DesiredFetched(desired) => self.desired_fetched(desired, now, &mut effects),
            Event::BundleFetched(digest) => {
                self.fetching.remove(&digest);
                self.bundles.insert(digest);
            }
            Event::BundleFailed(digest, problem) => self.bundle_failed(digest, &problem, now),
            Event::BundleLost {
                name,
                bundle,
                problem,
            } => {
                self.bundles.remove(&bundle);
                self.deployment(&name).could_not_start(problem);
                self.reports.dirty(name);
            }
            Event::Applied { name, applied, .. } => {
                self.deployment(&name).applied(applied, now);
                self.reports.dirty(name);
            }
            Event::Removed {
                name,
                generation,
                applied,
            } => self.removed(name, generation, applied, now, &mut effects),
            Event::Observed {
                name,
                not_ready,
                n_modified,
            } => {
                let known = self.deployments.get_mut(&name);
                if known.is_some_and(|known| known.observed(not_ready, n_modified, now)) {
                    self.reports.dirty(name);
                }
            }
            Event::NotObserved(name) => {
                if let Some(deployment) = self.deployments.get_mut(&name) {
                    deployment.not_observed(now);
                }
            }
            Event::About(about) => self.reports.about(about),
            Event::Reported => self.reports.taken(),
            Event::ReportFailed => self.reports.not_taken(),
            Event::Tick => {}
        }
        self.next(now, &mut effects);
        effects
    }

    /// When the machine wants to be woken by [`Event::Tick`], if nothing else happens before.
    pub fn wake_at(&self) -> Option<Now> {
        let desired = self.desired.iter().flat_map(|desired| &desired.deployments);
        let removed = self.desired.iter().flat_map(|desired| &desired.removed);
        // What is neither desired nor to be removed waits for nothing.
        let times = desired
            .filter_map(|wanted| self.next_look(wanted))
            .chain(removed.filter_map(|removed| self.idle(&removed.name)?.retry_at));
        let fetches = self
            .fetching
            .values()
            .filter_map(|fetching| match fetching {
                Fetching::Later { at, .. } => Some(*at),
                Fetching::Now { .. } => None,
            });
        times.chain(fetches).chain(self.reports.wake_at()).min()
    }

    /// What a deployment owns, as far as the machine knows.
    pub fn inventory(&self, name: &BundleName) -> Option<&Inventory> {
        self.deployments
            .get(name)
            .map(|deployment| &deployment.inventory)
    }

    /// The names of all deployments that own something or are desired.
    pub fn deployments(&self) -> impl Iterator<Item = &BundleName> {
        self.deployments.keys()
    }

    fn deployment(&mut self, name: &BundleName) -> &mut Deployment {
        self.deployments.entry(name.clone()).or_default()
    }

    fn idle(&self, name: &BundleName) -> Option<&Deployment> {
        self.deployments
            .get(name)
            .filter(|deployment| !deployment.busy)
    }

    /// When a deployment is to be applied again or looked at.
    fn next_look(&self, wanted: &DesiredDeployment) -> Option<Now> {
        let deployment = self.idle(&wanted.name)?;
        // A bundle that is on its way comes first.
        if self.fetching.contains_key(&wanted.bundle) {
            return None;
        }
        let observe_at = deployment.observe_at.filter(|_| !deployment.observing);
        deployment.retry_at.into_iter().chain(observe_at).min()
    }

    fn connected(&mut self, hello: &Hello, now: Now) {
        let known = self.desired.as_ref().map(|desired| &desired.incarnation);
        // A host with another store knows nothing of what runs here: tell it everything, so that it can
        // adopt. What runs stays as it is. Whatever is desired will be announced after the greeting.
        self.reports
            .connected(known != Some(&hello.incarnation), now);
        for fetching in self.fetching.values_mut() {
            if let Fetching::Later { at, .. } = fetching {
                *at = now;
            }
        }
    }

    fn desired_fetched(&mut self, desired: Desired, now: Now, effects: &mut Vec<Effect>) {
        let older = self.desired.as_ref().is_some_and(|known| {
            known.incarnation == desired.incarnation
                && known.state_revision > desired.state_revision
        });
        if older {
            return;
        }
        self.announced = Some(desired.encode().1);
        self.reports.new_state();
        let known = self.desired.as_ref().map(|known| &known.incarnation);
        if known.is_some_and(|known| *known != desired.incarnation) {
            // What was told so far counted by another store, so that this one knows none of it.
            self.reports.full();
        }
        for wanted in &desired.deployments {
            self.reports.no_longer_gone(&wanted.name);
        }
        effects.push(Effect::SaveDesired(desired.clone()));
        self.desired = Some(desired);
        for deployment in self.deployments.values_mut() {
            deployment.new_chance(now);
        }
    }

    fn bundle_failed(&mut self, digest: Digest, problem: &Problem, now: Now) {
        let failures = match self.fetching.get(&digest) {
            Some(Fetching::Now { failures } | Fetching::Later { failures, .. }) => failures + 1,
            None => 1,
        };
        self.fetching.insert(
            digest,
            Fetching::Later {
                at: now + backoff(failures, RETRY_MOST),
                failures,
            },
        );
        let wanted = self.desired.iter().flat_map(|desired| &desired.deployments);
        let waiting: Vec<BundleName> = wanted
            .filter(|wanted| wanted.bundle == digest)
            .map(|wanted| wanted.name.clone())
            .collect();
        for name in waiting {
            self.deployment(&name).waits_for(problem.clone());
            self.reports.dirty(name);
        }
    }

    fn removed(
        &mut self,
        name: BundleName,
        generation: u64,
        applied: Applied,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let deployment = self.deployment(&name);
        deployment.ended(applied, now);
        let is_gone = deployment.inventory.entries.is_empty()
            && deployment.status == Some(ApplyStatus::Applied);
        if is_gone {
            self.deployments.remove(&name);
            self.reports.gone(name.clone(), generation);
            effects.push(Effect::Forget(name));
        } else {
            self.reports.dirty(name);
        }
    }

    /// Starts whatever can start now.
    fn next(&mut self, now: Now, effects: &mut Vec<Effect>) {
        if let Some(desired) = self.desired.take() {
            for wanted in &desired.deployments {
                self.next_for(wanted, now, effects);
            }
            for removed in &desired.removed {
                self.next_removal(removed, now, effects);
            }
            let needed: BTreeSet<Digest> = desired
                .deployments
                .iter()
                .map(|wanted| wanted.bundle)
                .collect();
            self.fetching.retain(|digest, _| needed.contains(digest));
            let running = self.deployments.values().flat_map(Deployment::bundles);
            let keep: BTreeSet<Digest> = needed.iter().copied().chain(running).collect();
            if !self.bundles.is_subset(&keep) {
                self.bundles.retain(|digest| keep.contains(digest));
                effects.push(Effect::KeepBundles(keep));
            }
            self.desired = Some(desired);
        }
        let report = self
            .reports
            .next(&self.deployments, self.desired.as_ref(), now);
        effects.extend(report.map(Effect::Report));
    }

    fn next_for(&mut self, wanted: &DesiredDeployment, now: Now, effects: &mut Vec<Effect>) {
        let deployment = self.deployments.entry(wanted.name.clone()).or_default();
        if deployment.busy {
            return;
        }
        let due = |at: Option<Now>| at.is_some_and(|at| at <= now);
        let is_newest = deployment.applied.as_ref() == Some(wanted);
        let failed = deployment.status == Some(ApplyStatus::Failed);
        if !is_newest || (failed && due(deployment.retry_at)) {
            if !self.bundles.contains(&wanted.bundle) {
                let failures = match self.fetching.get(&wanted.bundle) {
                    None => 0,
                    Some(Fetching::Later { at, failures }) if *at <= now => *failures,
                    Some(_) => return,
                };
                self.fetching
                    .insert(wanted.bundle, Fetching::Now { failures });
                effects.push(Effect::FetchBundle(wanted.bundle));
                return;
            }
            deployment.start(wanted.clone());
            if !is_newest {
                self.reports.dirty(wanted.name.clone());
            }
            effects.push(Effect::Apply(wanted.clone()));
        } else if due(deployment.observe_at) && !deployment.observing {
            deployment.observing = true;
            effects.push(Effect::Observe(wanted.name.clone()));
        }
    }

    fn next_removal(&mut self, removed: &Removed, now: Now, effects: &mut Vec<Effect>) {
        let Some(deployment) = self.deployments.get_mut(&removed.name) else {
            // Never heard of, or gone already: say so, else the host would wait forever.
            self.reports.gone(removed.name.clone(), removed.generation);
            return;
        };
        let waiting = deployment.retry_at.is_some_and(|at| at > now);
        if !deployment.busy && !waiting {
            deployment.busy = true;
            deployment.retry_at = None;
            effects.push(Effect::Remove(removed.clone()));
        }
    }
}

/// How long to wait after `failures` failures in a row.
fn backoff(failures: u32, most: Duration) -> Duration {
    let doubled = RETRY_FIRST.saturating_mul(1 << failures.saturating_sub(1).min(10));
    doubled.min(most)
}

#[cfg(test)]
mod tests;
