//! An agent: the real state machine over a disk and a cluster that are maps.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use fleet_agent_plan::apply::{self, OWNER_LABEL, Plan, Request, owner_value};
use fleet_agent_plan::deletion;
use fleet_agent_plan::machine::{Effect, Event, Machine, Now};
use fleet_agent_plan::outcome::{self, Action, Applied, Outcome};
use fleet_core::bundle::Bundle;
use fleet_core::digest::Digest;
use fleet_core::inventory::{Entry, Inventory};
use fleet_core::name::{BundleName, ClusterName};
use fleet_core::object::{Object, ObjectRef};
use fleet_core::wire::{Desired, DesiredDeployment, Removed, Report};

use crate::rng::Rng;

/// What survives a crash of the agent.
#[derive(Clone, Debug, Default)]
pub struct Disk {
    /// The last desired state.
    pub desired: Option<Desired>,
    /// What is owned.
    pub inventories: BTreeMap<BundleName, Inventory>,
    /// Bundles.
    pub bundles: BTreeMap<Digest, Bundle>,
}

/// An object of a cluster with the UID that its API server gave.
pub type Live = BTreeMap<ObjectRef, (String, Object)>;

/// An agent and its cluster.
#[derive(Debug)]
pub struct Agent {
    /// Name of the cluster.
    pub name: ClusterName,
    machine: Machine,
    /// What is on its disk.
    pub disk: Disk,
    /// What its cluster runs.
    pub live: Live,
    /// Whether its stream is open.
    pub connected: bool,
    pending: VecDeque<Effect>,
    n_uids: u64,
}

/// What an agent asks of the host.
#[derive(Debug)]
pub enum Ask {
    /// Its desired state.
    Desired,
    /// A bundle.
    Bundle(Digest),
    /// To take a report.
    Report(Report),
}

impl Agent {
    /// An agent with an empty disk, in a cluster that runs something of somebody else.
    pub fn new(name: ClusterName) -> Self {
        let mut agent = Self {
            name,
            machine: Machine::new(),
            disk: Disk::default(),
            live: Live::new(),
            connected: false,
            pending: VecDeque::new(),
            n_uids: 0,
        };
        for name in ["foreign-0", "foreign-1"] {
            let mut object = crate::host::config_map(name);
            object.set_namespace("default");
            agent
                .live
                .insert(object.reference(), ("foreign".to_owned(), object));
        }
        agent.restart(Now::ZERO);
        agent
    }

    /// Starts again with what is on the disk; what was under way is lost.
    pub fn restart(&mut self, now: Now) {
        self.machine = Machine::new();
        self.connected = false;
        self.pending.clear();
        let event = Event::Started {
            desired: self.disk.desired.clone(),
            inventories: self.disk.inventories.clone(),
            bundles: self.disk.bundles.keys().copied().collect(),
        };
        self.step(event, now);
    }

    /// Takes an event in; what is to be done waits until [`Agent::work`] is called.
    pub fn step(&mut self, event: Event, now: Now) {
        let effects = self.machine.step(event, now);
        self.pending.extend(effects);
    }

    /// Notes that the stream broke.
    pub fn disconnect(&mut self, now: Now) {
        self.connected = false;
        self.step(Event::Disconnected, now);
    }

    /// Whether there is something to do.
    pub fn is_busy(&self) -> bool {
        !self.pending.is_empty()
    }

    /// When the machine wants to be woken.
    pub fn wake_at(&self) -> Option<Now> {
        self.machine.wake_at()
    }

    /// Carries out the oldest effect. What must be asked of the host is returned. With `crash` an apply or a removal
    /// ends after that many objects, and the agent starts again.
    pub fn work(&mut self, now: Now, rng: &mut Rng, crash: Option<usize>) -> Option<Ask> {
        match self.pending.pop_front()? {
            Effect::SaveDesired(desired) => self.disk.desired = Some(desired),
            Effect::FetchDesired => return Some(Ask::Desired),
            Effect::FetchBundle(digest) => return Some(Ask::Bundle(digest)),
            Effect::Report(report) => return Some(Ask::Report(report)),
            Effect::Forget(name) => {
                self.disk.inventories.remove(&name);
            }
            Effect::KeepBundles(keep) => {
                self.disk.bundles.retain(|digest, _| keep.contains(digest))
            }
            Effect::Observe(name) => {
                let not_ready = Vec::new();
                let event = Event::Observed {
                    name,
                    not_ready,
                    n_modified: 0,
                };
                self.step(event, now);
            }
            Effect::Apply(wanted) => match self.apply(&wanted, rng, crash) {
                Some(applied) => {
                    self.save_inventory(&wanted.name, &applied.inventory);
                    let DesiredDeployment {
                        name, generation, ..
                    } = wanted;
                    self.step(
                        Event::Applied {
                            name,
                            generation,
                            applied,
                        },
                        now,
                    );
                }
                None => self.restart(now),
            },
            Effect::Remove(removed) => match self.remove(&removed, crash) {
                Some(applied) => {
                    self.save_inventory(&removed.name, &applied.inventory);
                    let Removed {
                        name, generation, ..
                    } = removed;
                    self.step(
                        Event::Removed {
                            name,
                            generation,
                            applied,
                        },
                        now,
                    );
                }
                None => self.restart(now),
            },
        }
        None
    }

    fn save_inventory(&mut self, name: &BundleName, inventory: &Inventory) {
        self.disk
            .inventories
            .insert(name.clone(), inventory.clone());
    }

    /// Applies as a target does; `None` if the agent died on the way.
    fn apply(
        &mut self,
        wanted: &DesiredDeployment,
        rng: &mut Rng,
        crash: Option<usize>,
    ) -> Option<Applied> {
        let bundle = self.disk.bundles.get(&wanted.bundle)?.clone();
        let inventory = self
            .disk
            .inventories
            .get(&wanted.name)
            .cloned()
            .unwrap_or_default();
        let request = Request {
            deployment: &wanted.name,
            generation: wanted.generation,
            bundle: &bundle,
            options: &wanted.options,
            inventory: &inventory,
        };
        let plan = apply::plan(&request, &|_| None);
        self.save_inventory(&wanted.name, &plan.inventory_before);
        let mut outcomes = Vec::new();
        for object in plan.objects() {
            if crash == Some(outcomes.len()) {
                return None;
            }
            outcomes.push(self.put(object, rng));
        }
        if outcome::may_prune(&plan, &outcomes) {
            for entry in &plan.prune {
                if crash == Some(outcomes.len()) {
                    return None;
                }
                self.check_prune(&plan, entry);
                outcomes.push(self.delete(entry, &wanted.name));
            }
        }
        Some(outcome::finish(&plan, &outcomes, None))
    }

    fn put(&mut self, object: &Object, rng: &mut Rng) -> Outcome {
        let reference = object.reference();
        // The API server refuses something now and then.
        if rng.one_in(50) {
            let problem = fleet_core::problem::Problem::new(
                fleet_core::problem::Reason::ApplyFailed,
                "refused",
            );
            return outcome_of(object, None, Action::Failed(problem));
        }
        let action = match self.live.get_mut(&reference) {
            Some((_, live)) if live == object => Action::Unchanged,
            Some((_, live)) => {
                *live = object.clone();
                Action::Configured
            }
            None => {
                self.n_uids += 1;
                let uid = format!("{}-{}", self.name, self.n_uids);
                self.live.insert(reference.clone(), (uid, object.clone()));
                Action::Created
            }
        };
        let uid = self.live[&reference].0.clone();
        outcome_of(object, Some(uid), action)
    }

    /// Invariant 5: nothing is deleted that the desired state still holds.
    fn check_prune(&self, plan: &Plan, entry: &Entry) {
        let wanted = self
            .disk
            .desired
            .iter()
            .flat_map(|desired| &desired.deployments);
        let newest = wanted
            .filter(|wanted| wanted.name == plan.deployment)
            .any(|wanted| wanted.generation == plan.generation);
        let held = plan
            .objects()
            .any(|object| object.reference() == entry.object);
        assert!(
            !newest || !held,
            "{} is desired and was to be pruned",
            entry.object
        );
    }

    fn remove(&mut self, removed: &Removed, crash: Option<usize>) -> Option<Applied> {
        let listed = self
            .disk
            .desired
            .iter()
            .flat_map(|desired| &desired.removed);
        assert!(
            listed.into_iter().any(|listed| listed.name == removed.name),
            "{} goes without a word of the host",
            removed.name
        );
        let inventory = self
            .disk
            .inventories
            .get(&removed.name)
            .cloned()
            .unwrap_or_default();
        let removal = deletion::removal(removed, &inventory, &BTreeSet::new());
        let mut outcomes = Vec::new();
        for entry in &removal.delete {
            if crash == Some(outcomes.len()) {
                return None;
            }
            outcomes.push(self.delete(entry, &removed.name));
        }
        Some(deletion::finish(&removal, &outcomes, None))
    }

    fn delete(&mut self, entry: &Entry, deployment: &BundleName) -> Outcome {
        let owner = owner_value(deployment);
        let ours = self.live.get(&entry.object).is_some_and(|(uid, object)| {
            object.label(OWNER_LABEL) == Some(&owner)
                && entry.uid.as_ref().is_none_or(|wanted| wanted == uid)
        });
        let action = if ours || !self.live.contains_key(&entry.object) {
            self.live.remove(&entry.object);
            Action::Deleted
        } else {
            Action::Skipped("it is not ours".to_owned())
        };
        Outcome {
            object: entry.object.clone(),
            version: entry.version.clone(),
            uid: entry.uid.clone(),
            action,
        }
    }

    /// What the cluster runs of ours that no inventory on the disk knows.
    pub fn unowned(&self) -> Vec<&ObjectRef> {
        let owned: BTreeSet<&ObjectRef> = self
            .disk
            .inventories
            .values()
            .flat_map(|inventory| &inventory.entries)
            .map(|entry| &entry.object)
            .collect();
        self.live
            .iter()
            .filter(|(_, (_, object))| object.label(OWNER_LABEL).is_some())
            .map(|(reference, _)| reference)
            .filter(|reference| !owned.contains(reference))
            .collect()
    }

    /// What the cluster runs of ours: names with their content.
    pub fn runs(&self) -> BTreeSet<String> {
        self.live
            .values()
            .filter(|(_, object)| object.label(OWNER_LABEL).is_some())
            .map(|(_, object)| {
                let content = object.value()["data"]["content"]
                    .as_str()
                    .unwrap_or_default();
                format!("{}@{content}", object.name())
            })
            .collect()
    }

    /// How many objects of somebody else there are.
    pub fn n_foreign(&self) -> usize {
        self.live
            .values()
            .filter(|(uid, _)| uid == "foreign")
            .count()
    }
}

fn outcome_of(object: &Object, uid: Option<String>, action: Action) -> Outcome {
    Outcome {
        object: object.reference(),
        version: object.version().to_owned(),
        uid,
        action,
    }
}
