//! Decides what the agent does next: one state machine over closed events and effects.
//!
//! The machine holds the newest desired state and what is known of each deployment. It never waits and
//! never reads a clock; whoever drives it carries the effects out and hands the results back as events.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fleet_core::digest::Digest;
use fleet_core::inventory::Inventory;
use fleet_core::name::BundleName;
use fleet_core::problem::Problem;
use fleet_core::state::Health;
use fleet_core::wire::{
    AgentInfo, ApplyStatus, Changes, DeploymentReport, Desired, DesiredDeployment, DesiredRef,
    Hello, Incarnation, MAX_LISTED, ObjectHealth, Removed, RemovedReport, Report,
};

/// Time since the agent started.
pub type Now = Duration;

/// The first wait after a failed apply; it doubles with each further failure.
const RETRY_FIRST: Duration = Duration::from_secs(2);
/// The longest wait after a failed apply.
const RETRY_MOST: Duration = Duration::from_secs(300);
/// How often health is looked at while something is on its way.
const OBSERVE_BUSY: Duration = Duration::from_secs(2);
/// How often health is looked at when everything is current.
const OBSERVE_CALM: Duration = Duration::from_secs(30);
/// How often the whole status is sent again, so that a host that lost it has it back.
const FULL_REPORT: Duration = Duration::from_secs(300);

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
    /// The host announced a desired state.
    Announced(DesiredRef),
    /// A desired state arrived.
    DesiredFetched(Desired),
    /// A bundle arrived, was verified and is on the disk.
    BundleFetched(Digest),
    /// A bundle could not be fetched.
    BundleFailed(Digest, Problem),
    /// An apply ended.
    Applied {
        /// The deployment.
        name: BundleName,
        /// The generation that was applied.
        generation: u64,
        /// What it came to.
        applied: crate::outcome::Applied,
    },
    /// A removal ended; `applied.inventory` is empty if everything is gone.
    Removed {
        /// The deployment.
        name: BundleName,
        /// The generation of the removal.
        generation: u64,
        /// What it came to.
        applied: crate::outcome::Applied,
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
    /// The digest of the desired state that was last fetched or announced.
    announced: Option<Digest>,
    deployments: BTreeMap<BundleName, Deployment>,
    bundles: BTreeSet<Digest>,
    /// Bundles that are being fetched, or when to try again.
    fetching: BTreeMap<Digest, Fetching>,
    gone: BTreeMap<BundleName, u64>,
    about: Option<AgentInfo>,
    connected: bool,
    host: Option<Incarnation>,
    report: ReportState,
}

#[derive(Debug)]
enum Fetching {
    Now { failures: u32 },
    Later { at: Now, failures: u32 },
}

#[derive(Debug, Default)]
struct ReportState {
    in_flight: bool,
    full_wanted: bool,
    about_wanted: bool,
    inventory_wanted: bool,
    next_full: Now,
    dirty: BTreeSet<BundleName>,
    sent: BTreeSet<BundleName>,
    sent_gone: BTreeMap<BundleName, u64>,
}

#[derive(Debug, Default)]
struct Deployment {
    inventory: Inventory,
    /// The generation and the bundle that the newest apply was for.
    applied: Option<(u64, Digest)>,
    status: Option<ApplyStatus>,
    changes: Changes,
    problems: Vec<Problem>,
    not_ready: Vec<ObjectHealth>,
    n_modified: u32,
    observed: bool,
    busy: bool,
    observing: bool,
    failures: u32,
    retry_at: Option<Now>,
    observe_at: Option<Now>,
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
                for (name, inventory) in inventories {
                    self.deployments.insert(
                        name,
                        Deployment {
                            inventory,
                            ..Default::default()
                        },
                    );
                }
            }
            Event::Connected(hello) => self.connected(hello, now),
            Event::Announced(reference) => {
                if self.announced != Some(reference.digest) {
                    effects.push(Effect::FetchDesired);
                }
            }
            Event::DesiredFetched(desired) => self.desired_fetched(desired, &mut effects),
            Event::BundleFetched(digest) => {
                self.fetching.remove(&digest);
                self.bundles.insert(digest);
            }
            Event::BundleFailed(digest, problem) => self.bundle_failed(digest, &problem, now),
            Event::Applied {
                name,
                generation,
                applied,
            } => {
                let bundle = self.wanted(&name).map(|wanted| wanted.bundle);
                let deployment = self.deployments.entry(name.clone()).or_default();
                deployment.ended(applied, now);
                deployment.applied = bundle.map(|bundle| (generation, bundle));
                deployment.observe_at = Some(now);
                self.report.dirty.insert(name);
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
            } => self.observed(name, not_ready, n_modified, now),
            Event::About(about) => {
                self.report.about_wanted |= self.about.as_ref() != Some(&about);
                self.about = Some(about);
            }
            Event::Reported => {
                self.report.in_flight = false;
                self.report.sent.clear();
                for (name, generation) in std::mem::take(&mut self.report.sent_gone) {
                    if self.gone.get(&name) == Some(&generation) {
                        self.gone.remove(&name);
                    }
                }
            }
            Event::ReportFailed => {
                self.report.in_flight = false;
                self.report.sent_gone.clear();
                let unsent = std::mem::take(&mut self.report.sent);
                self.report.dirty.extend(unsent);
                self.report.about_wanted = self.about.is_some();
            }
            Event::Tick => {}
        }
        self.next(now, &mut effects);
        effects
    }

    /// When the machine wants to be woken by [`Event::Tick`], if nothing else happens before.
    pub fn wake_at(&self) -> Option<Now> {
        let deployments = self
            .deployments
            .values()
            .filter(|deployment| !deployment.busy);
        let times = deployments
            .flat_map(|d| [d.retry_at, d.observe_at.filter(|_| !d.observing)])
            .flatten();
        let fetches = self
            .fetching
            .values()
            .filter_map(|fetching| match fetching {
                Fetching::Later { at, .. } => Some(*at),
                Fetching::Now { .. } => None,
            });
        times
            .chain(fetches)
            .chain(self.connected.then_some(self.report.next_full))
            .min()
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

    /// Notes that the stream to the host is closed: nothing is sent until it is open again.
    pub fn disconnected(&mut self) {
        self.connected = false;
        self.report.in_flight = false;
        let unsent = std::mem::take(&mut self.report.sent);
        self.report.dirty.extend(unsent);
        self.report.sent_gone.clear();
    }

    fn connected(&mut self, hello: Hello, now: Now) {
        self.disconnected();
        self.connected = true;
        let known = self.desired.as_ref().map(|desired| &desired.incarnation);
        // A host with another store knows nothing of what runs here: tell it everything, so that it can
        // adopt. What runs stays as it is.
        self.report.inventory_wanted = known != Some(&hello.incarnation);
        self.report.full_wanted = true;
        self.report.about_wanted = self.about.is_some();
        self.report.next_full = now + FULL_REPORT;
        self.host = Some(hello.incarnation);
        // Whatever is desired will be announced after the greeting.
    }

    fn desired_fetched(&mut self, desired: Desired, effects: &mut Vec<Effect>) {
        let older = self.desired.as_ref().is_some_and(|known| {
            known.incarnation == desired.incarnation
                && known.state_revision > desired.state_revision
        });
        if older {
            return;
        }
        self.announced = Some(desired.encode().1);
        for wanted in &desired.deployments {
            self.gone.remove(&wanted.name);
        }
        effects.push(Effect::SaveDesired(desired.clone()));
        self.desired = Some(desired);
        for deployment in self.deployments.values_mut() {
            // A new state is a new chance.
            deployment.failures = 0;
            deployment.retry_at = None;
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
                at: now + backoff(failures),
                failures,
            },
        );
        let waiting = self
            .desired
            .iter()
            .flat_map(|desired| &desired.deployments)
            .filter(|d| d.bundle == digest);
        for wanted in waiting {
            let deployment = self.deployments.entry(wanted.name.clone()).or_default();
            deployment.problems = vec![problem.clone()];
            self.report.dirty.insert(wanted.name.clone());
        }
    }

    fn removed(
        &mut self,
        name: BundleName,
        generation: u64,
        applied: crate::outcome::Applied,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let deployment = self.deployments.entry(name.clone()).or_default();
        deployment.ended(applied, now);
        if deployment.inventory.entries.is_empty()
            && deployment.status == Some(ApplyStatus::Applied)
        {
            self.deployments.remove(&name);
            self.report.dirty.remove(&name);
            self.gone.insert(name.clone(), generation);
            effects.push(Effect::Forget(name));
        } else {
            self.report.dirty.insert(name);
        }
    }

    fn observed(
        &mut self,
        name: BundleName,
        not_ready: Vec<ObjectHealth>,
        n_modified: u32,
        now: Now,
    ) {
        let Some(deployment) = self.deployments.get_mut(&name) else {
            return;
        };
        let changed = !deployment.observed
            || deployment.not_ready != not_ready
            || deployment.n_modified != n_modified;
        deployment.observed = true;
        deployment.observing = false;
        deployment.not_ready = not_ready;
        deployment.n_modified = n_modified;
        let busy = deployment
            .not_ready
            .iter()
            .any(|object| object.health != Health::Failed);
        deployment.observe_at = Some(now + if busy { OBSERVE_BUSY } else { OBSERVE_CALM });
        if changed {
            self.report.dirty.insert(name);
        }
    }

    fn wanted(&self, name: &BundleName) -> Option<&DesiredDeployment> {
        self.desired
            .as_ref()?
            .deployments
            .iter()
            .find(|wanted| wanted.name == *name)
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
            let running: BTreeSet<Digest> = self
                .deployments
                .values()
                .filter_map(|d| d.applied.map(|(_, bundle)| bundle).or(d.inventory.bundle))
                .collect();
            self.fetching.retain(|digest, _| needed.contains(digest));
            let keep: BTreeSet<Digest> = needed.union(&running).copied().collect();
            if !self.bundles.is_subset(&keep) {
                self.bundles.retain(|digest| keep.contains(digest));
                effects.push(Effect::KeepBundles(keep));
            }
            self.desired = Some(desired);
        }
        self.next_report(now, effects);
    }

    fn next_for(&mut self, wanted: &DesiredDeployment, now: Now, effects: &mut Vec<Effect>) {
        let deployment = self.deployments.entry(wanted.name.clone()).or_default();
        if deployment.busy {
            return;
        }
        let due = |at: Option<Now>| at.is_some_and(|at| at <= now);
        let newest = deployment.applied == Some((wanted.generation, wanted.bundle));
        let failed = deployment.status == Some(ApplyStatus::Failed);
        if !newest || (failed && due(deployment.retry_at)) {
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
            deployment.busy = true;
            deployment.retry_at = None;
            if !newest {
                deployment.status = Some(ApplyStatus::Waiting);
                self.report.dirty.insert(wanted.name.clone());
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
            self.gone
                .entry(removed.name.clone())
                .or_insert(removed.generation);
            return;
        };
        let waiting = deployment.retry_at.is_some_and(|at| at > now);
        if !deployment.busy && !waiting {
            deployment.busy = true;
            deployment.retry_at = None;
            effects.push(Effect::Remove(removed.clone()));
        }
    }

    fn next_report(&mut self, now: Now, effects: &mut Vec<Effect>) {
        let state = &mut self.report;
        if !self.connected || state.in_flight {
            return;
        }
        if now >= state.next_full {
            state.full_wanted = true;
        }
        let full = std::mem::take(&mut state.full_wanted);
        let about = std::mem::take(&mut state.about_wanted);
        if !full && !about && state.dirty.is_empty() && self.gone.is_empty() {
            return;
        }
        if full {
            state.next_full = now + FULL_REPORT;
        }
        let with_inventory = std::mem::take(&mut state.inventory_wanted);
        let dirty = std::mem::take(&mut state.dirty);
        let names: Vec<&BundleName> = match full {
            true => self.deployments.keys().collect(),
            false => dirty
                .iter()
                .filter(|name| self.deployments.contains_key(*name))
                .collect(),
        };
        let deployments = names
            .iter()
            .filter_map(|name| {
                let wanted = self
                    .desired
                    .iter()
                    .flat_map(|d| &d.deployments)
                    .find(|wanted| wanted.name == **name);
                self.deployments[*name].report(name, wanted, with_inventory)
            })
            .collect();
        let report = Report {
            incarnation: self
                .desired
                .as_ref()
                .map(|desired| desired.incarnation.clone()),
            full,
            deployments,
            removed: self
                .gone
                .iter()
                .map(|(name, generation)| RemovedReport {
                    name: name.clone(),
                    generation: *generation,
                })
                .collect(),
            about: if about { self.about.clone() } else { None },
        };
        let state = &mut self.report;
        state.sent = dirty;
        state.sent_gone = self.gone.clone();
        state.in_flight = true;
        effects.push(Effect::Report(report));
    }
}

impl Deployment {
    fn ended(&mut self, applied: crate::outcome::Applied, now: Now) {
        self.busy = false;
        self.inventory = applied.inventory;
        self.status = Some(applied.status);
        self.changes = applied.changes;
        self.problems = applied.problems;
        if applied.status == ApplyStatus::Failed {
            self.failures += 1;
            self.retry_at = Some(now + backoff(self.failures));
        } else {
            self.failures = 0;
            self.retry_at = None;
        }
    }

    fn report(
        &self,
        name: &BundleName,
        wanted: Option<&DesiredDeployment>,
        with_inventory: bool,
    ) -> Option<DeploymentReport> {
        let (generation, bundle) = match (wanted, self.applied) {
            (Some(wanted), _) => (wanted.generation, wanted.bundle),
            (None, Some((generation, bundle))) => (generation, bundle),
            (None, None) => (self.inventory.generation, self.inventory.bundle?),
        };
        let current = self.applied == Some((generation, bundle))
            || (wanted.is_none() && self.inventory.bundle == Some(bundle));
        let apply = match self.status {
            Some(status) if current => status,
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
            health: if self.observed {
                worst
            } else {
                Health::Unknown
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

fn backoff(failures: u32) -> Duration {
    let doubled = RETRY_FIRST.saturating_mul(1 << failures.saturating_sub(1).min(10));
    doubled.min(RETRY_MOST)
}

#[cfg(test)]
mod tests;
