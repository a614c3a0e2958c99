//! Carries plans out: what is desired goes to the target, what is no longer wanted goes away.
//!
//! The procedure is the same for every [`Target`]: plan, save the inventory, apply phase by phase, prune,
//! save again. Only how an object is written, deleted and looked at differs.

pub mod directory;
pub mod kubernetes;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fleet_agent_plan::apply::{self as plan, Phase, Plan, Request};
use fleet_agent_plan::deletion::{self, Rank, Removal};
use fleet_agent_plan::outcome::{self, Action, Applied, Outcome};
use fleet_core::bundle::Bundle;
use fleet_core::inventory::{Entry, Inventory};
use fleet_core::name::BundleName;
use fleet_core::object::{Object, Scope};
use fleet_core::options::ApplyOptions;
use fleet_core::problem::{Problem, Reason};
use fleet_core::wire::{AgentInfo, ApplyStatus, Changes, DesiredDeployment, ObjectHealth, Removed};

use crate::state::{self, Disk};
use fleet_core::error::chain;

/// Where objects go.
pub trait Target: Send + Sync + 'static {
    /// The target as one deployment sees it.
    type Session: Session;

    /// What the target is.
    fn about(&self) -> impl Future<Output = Result<AgentInfo, Problem>> + Send;

    /// Prepares the target for work on one deployment, and on `objects` in particular.
    ///
    /// # Errors
    /// If the target is away: nothing is touched then.
    fn open(
        &self,
        deployment: &BundleName,
        options: &ApplyOptions,
        objects: &[Object],
    ) -> impl Future<Output = Result<Self::Session, Problem>> + Send;

    /// Looks at what a deployment owns.
    ///
    /// # Errors
    /// If the target is away.
    fn observe(
        &self,
        deployment: &BundleName,
        inventory: &Inventory,
    ) -> impl Future<Output = Result<Observed, Problem>> + Send;
}

/// The target as one deployment sees it, during one apply or removal.
///
/// Nothing here fails for a single object: what could not be done is an [`Outcome`]. What keeps the whole
/// from going on is [`Done::stop`].
pub trait Session: Send + Sync {
    /// The scope of an object's kind, if the target knows it.
    fn scope_of(&self, object: &Object) -> Option<Scope>;

    /// Finds everything in the target that carries the deployment's owner label.
    ///
    /// # Errors
    /// If the target is away.
    fn find_owned(&self) -> impl Future<Output = Result<Vec<Entry>, Problem>> + Send;

    /// Makes sure that a namespace exists, with the labels and annotations of the options.
    fn ensure_namespace(&self, name: &str) -> impl Future<Output = Done> + Send;

    /// Applies a phase and waits for what the next one needs.
    fn apply(&self, phase: &Phase) -> impl Future<Output = Done> + Send;

    /// Deletes objects of one rank, if they are the deployment's own.
    fn delete(&self, rank: Rank, entries: &[Entry]) -> impl Future<Output = Done> + Send;

    /// Takes the owner label from objects that stay.
    fn release(&self, entries: &[Entry]) -> impl Future<Output = Done> + Send;

    /// Deletes a namespace that the deployment does not own but is to take along.
    fn delete_namespace(&self, name: &str) -> impl Future<Output = Done> + Send;
}

/// What became of a part of an apply.
#[derive(Debug, Default)]
pub struct Done {
    /// What was done with each object.
    pub outcomes: Vec<Outcome>,
    /// Why nothing more can be done for now; objects without an outcome may or may not have been touched.
    pub stop: Option<Problem>,
}

impl Done {
    /// Nothing more can be done.
    pub fn stopped(problem: Problem) -> Self {
        Self {
            outcomes: Vec::new(),
            stop: Some(problem),
        }
    }

    /// Adds what was done later.
    fn and(&mut self, later: Self) {
        self.outcomes.extend(later.outcomes);
        self.stop = self.stop.take().or(later.stop);
    }
}

/// What a deployment's objects look like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// The objects that are not current.
    pub not_ready: Vec<ObjectHealth>,
    /// How many objects are missing or differ from what was applied.
    pub n_modified: u32,
}

/// Applies deployments to a target and keeps track of what they own.
#[derive(Debug)]
pub struct Applier<T> {
    target: Arc<T>,
    disk: Arc<Disk>,
    /// Deployments whose inventory is not known.
    lost: Arc<Mutex<BTreeSet<BundleName>>>,
}

impl<T> Clone for Applier<T> {
    fn clone(&self) -> Self {
        Self {
            target: self.target.clone(),
            disk: self.disk.clone(),
            lost: self.lost.clone(),
        }
    }
}

impl<T: Target> Applier<T> {
    /// An applier for `target` that keeps inventories on `disk`.
    pub fn new(target: Arc<T>, disk: Arc<Disk>) -> Self {
        Self {
            target,
            disk,
            lost: Arc::default(),
        }
    }

    /// Notes that the inventories of these deployments are lost: they are drawn up anew from the target before
    /// anything is done with them.
    pub fn set_lost(&self, names: BTreeSet<BundleName>) {
        *self.lost() = names;
    }

    /// The target.
    pub fn target(&self) -> &T {
        &self.target
    }

    /// Applies a bundle for a deployment that owns `inventory`.
    ///
    /// May be dropped at any time: what is about to be applied is in the inventory on the disk before.
    pub async fn apply(
        &self,
        wanted: &DesiredDeployment,
        bundle: &Bundle,
        inventory: &Inventory,
    ) -> Applied {
        let opened = self
            .target
            .open(&wanted.name, &wanted.options, bundle.objects());
        let session = match opened.await {
            Ok(session) => session,
            Err(problem) => return untouched(inventory, problem),
        };
        let inventory = &match self.recovered(&session, &wanted.name, inventory).await {
            Ok(inventory) => inventory,
            Err(problem) => return untouched(inventory, problem),
        };
        let request = Request {
            deployment: &wanted.name,
            generation: wanted.generation,
            bundle,
            options: &wanted.options,
            inventory,
        };
        let plan = plan::plan(&request, &|object| session.scope_of(object));
        if plan.inventory_before != *inventory
            && let Err(problem) = self.save(&plan.deployment, &plan.inventory_before).await
        {
            return untouched(inventory, problem);
        }
        let done = carry_out(&session, &plan).await;
        let applied = outcome::finish(&plan, &done.outcomes, done.stop);
        self.keep(&plan.deployment, applied, &plan.inventory_before)
            .await
    }

    /// Deletes what a deployment owns; `in_use` are the namespaces in which others own objects.
    pub async fn remove(
        &self,
        removed: &Removed,
        inventory: &Inventory,
        in_use: &BTreeSet<String>,
    ) -> Applied {
        let session = match self.target.open(&removed.name, &removed.options, &[]).await {
            Ok(session) => session,
            Err(problem) => return untouched(inventory, problem),
        };
        let inventory = &match self.recovered(&session, &removed.name, inventory).await {
            Ok(inventory) => inventory,
            Err(problem) => return untouched(inventory, problem),
        };
        let removal = deletion::removal(removed, inventory, in_use);
        let done = take_away(&session, &removal).await;
        let applied = deletion::finish(&removal, &done.outcomes, done.stop);
        self.keep(&removed.name, applied, inventory).await
    }

    /// The inventory, drawn up anew from the target if it is lost.
    async fn recovered(
        &self,
        session: &impl Session,
        name: &BundleName,
        inventory: &Inventory,
    ) -> Result<Inventory, Problem> {
        let mut inventory = inventory.clone();
        let is_lost = self.lost().contains(name);
        if is_lost {
            let found = session.find_owned().await?;
            tracing::warn!(n_objects = found.len(), "inventory drawn up anew");
            for entry in found {
                inventory.insert(entry);
            }
            self.save(name, &inventory).await?;
            self.lost().remove(name);
        }
        Ok(inventory)
    }

    fn lost(&self) -> MutexGuard<'_, BTreeSet<BundleName>> {
        self.lost.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Saves what is owned now; if that fails, what was saved before still covers it.
    async fn keep(&self, name: &BundleName, mut applied: Applied, before: &Inventory) -> Applied {
        if applied.inventory != *before
            && let Err(problem) = self.save(name, &applied.inventory).await
        {
            applied.status = ApplyStatus::Failed;
            applied.problems.push(problem);
        }
        applied
    }

    async fn save(&self, name: &BundleName, inventory: &Inventory) -> Result<(), Problem> {
        let (disk, name, inventory) = (self.disk.clone(), name.clone(), inventory.clone());
        let save = tokio::task::spawn_blocking(move || disk.save_inventory(&name, &inventory));
        match save.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(not_saved(&error)),
            Err(error) => Err(Problem::new(Reason::StateNotSaved, error.to_string())),
        }
    }
}

/// Applies all phases, then prunes.
async fn carry_out(session: &impl Session, plan: &Plan) -> Done {
    let mut done = Done::default();
    if let Some(namespace) = &plan.ensure_namespace {
        done.and(session.ensure_namespace(namespace).await);
    }
    for phase in &plan.phases {
        if done.stop.is_some() {
            return done;
        }
        done.and(session.apply(phase).await);
    }
    if done.stop.is_none() && outcome::may_prune(plan, &done.outcomes) {
        done.and(session.release(&plan.release).await);
        let prune = outcome::to_prune(plan, &done.outcomes);
        delete_in_order(session, &prune, &mut done).await;
    }
    done
}

/// Lets go what stays and deletes the rest.
async fn take_away(session: &impl Session, removal: &Removal) -> Done {
    let mut done = session.release(&removal.release).await;
    delete_in_order(session, &removal.delete, &mut done).await;
    if let Some(namespace) = &removal.namespace
        && done.stop.is_none()
    {
        done.and(session.delete_namespace(namespace).await);
    }
    done
}

async fn delete_in_order(session: &impl Session, sorted: &[Entry], done: &mut Done) {
    for (rank, batch) in deletion::batches(sorted) {
        if done.stop.is_some() {
            return;
        }
        done.and(session.delete(rank, batch).await);
    }
}

/// The sum of an apply that could not begin.
fn untouched(inventory: &Inventory, problem: Problem) -> Applied {
    Applied {
        inventory: inventory.clone(),
        status: ApplyStatus::Failed,
        changes: Changes::default(),
        problems: vec![problem],
    }
}

/// The agent's own state could not be written.
pub(crate) fn not_saved(error: &state::Error) -> Problem {
    Problem::new(Reason::StateNotSaved, chain(error))
        .hint("make room on the agent's disk, or make its state folder writable")
}

/// What was done with an entry.
fn outcome_of(entry: &Entry, action: Action) -> Outcome {
    Outcome {
        object: entry.object.clone(),
        version: entry.version.clone(),
        uid: entry.uid.clone(),
        action,
    }
}
