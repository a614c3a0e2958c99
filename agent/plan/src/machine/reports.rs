//! Decides what the host is told, and when.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use fleet_core::name::BundleName;
use fleet_core::wire::{AgentInfo, Desired, RemovedReport, Report};

use super::Now;
use super::deployment::Deployment;

/// How often the whole status is sent again, so that a host that lost it has it back.
const FULL_REPORT: Duration = Duration::from_secs(300);

/// What the host has not been told yet. At most one report is on its way; what changes meanwhile goes into
/// the next one, so that a slow host costs nothing but freshness.
#[derive(Debug, Default)]
pub(super) struct Reports {
    is_connected: bool,
    next_full: Now,
    about: Option<AgentInfo>,
    unsent: Content,
    in_flight: Option<Content>,
    /// Removals that this host has taken note of.
    told_gone: BTreeMap<BundleName, u64>,
}

/// What a report says.
#[derive(Clone, Debug, Default)]
struct Content {
    full: bool,
    about: bool,
    inventory: bool,
    dirty: BTreeSet<BundleName>,
    gone: BTreeMap<BundleName, u64>,
}

impl Content {
    fn is_empty(&self) -> bool {
        !self.full && !self.about && self.dirty.is_empty() && self.gone.is_empty()
    }

    /// Takes in what was not delivered; what is known here is newer.
    fn merge(&mut self, older: Self) {
        self.full |= older.full;
        self.about |= older.about;
        self.inventory |= older.inventory;
        self.dirty.extend(older.dirty);
        for (name, generation) in older.gone {
            self.gone.entry(name).or_insert(generation);
        }
    }
}

impl Reports {
    /// A host answers; `is_new` if it does not know what runs here.
    pub(super) fn connected(&mut self, is_new: bool, now: Now) {
        self.disconnected();
        self.is_connected = true;
        self.told_gone.clear();
        self.unsent.full = true;
        self.unsent.inventory |= is_new;
        self.unsent.about = self.about.is_some();
        self.next_full = now + FULL_REPORT;
    }

    /// The host is away.
    pub(super) fn disconnected(&mut self) {
        self.is_connected = false;
        self.not_taken();
    }

    /// The host is to be told everything.
    pub(super) fn full(&mut self) {
        self.unsent.full = true;
    }

    /// There is news of a deployment.
    pub(super) fn dirty(&mut self, name: BundleName) {
        self.unsent.dirty.insert(name);
    }

    /// A deployment is gone.
    pub(super) fn gone(&mut self, name: BundleName, generation: u64) {
        self.unsent.dirty.remove(&name);
        let is_told = self.told_gone.get(&name) == Some(&generation);
        let is_being_told = self
            .in_flight
            .as_ref()
            .is_some_and(|content| content.gone.get(&name) == Some(&generation));
        if !is_told && !is_being_told {
            self.unsent.gone.insert(name, generation);
        }
    }

    /// A deployment that was gone is wanted again.
    pub(super) fn no_longer_gone(&mut self, name: &BundleName) {
        self.unsent.gone.remove(name);
    }

    /// There is a new desired state. A removal that it lists may be another one than the one that was told,
    /// with the same generation: between the two the host may have forgotten the deployment and made it anew.
    pub(super) fn new_state(&mut self) {
        self.told_gone.clear();
        if let Some(content) = &mut self.in_flight {
            content.gone.clear();
        }
    }

    /// What is known of the cluster.
    pub(super) fn about(&mut self, about: AgentInfo) {
        self.unsent.about |= self.about.as_ref() != Some(&about);
        self.about = Some(about);
    }

    /// The host took the report.
    pub(super) fn taken(&mut self) {
        if let Some(content) = self.in_flight.take() {
            self.told_gone.extend(content.gone);
        }
    }

    /// The host did not take the report: what it said is still to be said.
    pub(super) fn not_taken(&mut self) {
        if let Some(content) = self.in_flight.take() {
            self.unsent.merge(content);
        }
    }

    /// When the next report is due even if nothing happens.
    pub(super) fn wake_at(&self) -> Option<Now> {
        self.is_connected.then_some(self.next_full)
    }

    /// The next report, if there is something to say and nothing on its way.
    pub(super) fn next(
        &mut self,
        deployments: &BTreeMap<BundleName, Deployment>,
        desired: Option<&Desired>,
        now: Now,
    ) -> Option<Report> {
        if !self.is_connected || self.in_flight.is_some() {
            return None;
        }
        if now >= self.next_full {
            self.unsent.full = true;
        }
        if self.unsent.is_empty() {
            return None;
        }
        let content = std::mem::take(&mut self.unsent);
        if content.full {
            self.next_full = now + FULL_REPORT;
        }
        let wanted = |name: &BundleName| {
            let mut wanted = desired.into_iter().flat_map(|desired| &desired.deployments);
            wanted.find(|deployment| deployment.name == *name)
        };
        let reports = deployments
            .iter()
            .filter(|(name, _)| content.full || content.dirty.contains(*name))
            .filter_map(|(name, deployment)| {
                deployment.report(name, wanted(name), content.inventory)
            })
            .collect();
        let removed = content
            .gone
            .iter()
            .map(|(name, generation)| RemovedReport {
                name: name.clone(),
                generation: *generation,
            })
            .collect();
        let report = Report {
            incarnation: desired.map(|desired| desired.incarnation.clone()),
            full: content.full,
            deployments: reports,
            removed,
            about: self.about.clone().filter(|_| content.about),
        };
        self.in_flight = Some(content);
        Some(report)
    }
}
