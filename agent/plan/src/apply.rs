//! From a bundle and what is owned already to the steps of an apply.

use std::collections::{BTreeMap, BTreeSet};

use fleet_core::bundle::Bundle;
use fleet_core::digest::Digest;
use fleet_core::inventory::{Entry, Inventory};
use fleet_core::name::{self, BundleName};
use fleet_core::object::{Object, ObjectRef, Scope, builtin_scope};
use fleet_core::options::ApplyOptions;
use fleet_core::problem::{Problem, Reason};

use crate::deletion;
use crate::order::{self, Hook, Moment, Stage};

/// Label on everything that a deployment applies; its value is [`owner_value`]. What lacks it is never pruned.
pub const OWNER_LABEL: &str = "fleet.cattle.io/deployment";

/// Field manager of server-side apply. Renaming it would orphan every field that was ever applied.
pub const FIELD_MANAGER: &str = "fleet-agent";

/// The value of [`OWNER_LABEL`] for a deployment, cut to the 63 characters that a label value may have.
pub fn owner_value(deployment: &BundleName) -> String {
    name::limit(&deployment.as_str().replace('.', "-"), 63)
}

/// Whom a live object belongs to, by its [`OWNER_LABEL`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The deployment that asks.
    Us,
    /// Another deployment; its [`owner_value`].
    Other(String),
    /// No deployment.
    Nobody,
}

impl Owner {
    /// Reads the value of a live object's [`OWNER_LABEL`] for the deployment whose [`owner_value`] is `us`.
    pub fn of(label: Option<&str>, us: &str) -> Self {
        match label {
            None => Self::Nobody,
            Some(label) if label == us => Self::Us,
            Some(label) => Self::Other(label.to_owned()),
        }
    }
}

/// What to apply, in which order, and what to delete afterwards.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The deployment.
    pub deployment: BundleName,
    /// Its generation.
    pub generation: u64,
    /// Its bundle.
    pub bundle: Digest,
    /// How to apply it.
    pub options: ApplyOptions,
    /// Namespace to create if it is missing; it is not owned, and stays when the deployment goes.
    pub ensure_namespace: Option<String>,
    /// What to apply, one phase after the other.
    pub phases: Vec<Phase>,
    /// What is owned and no longer desired, in the order in which to delete it.
    pub prune: Vec<Entry>,
    /// What is owned, no longer desired and yet not to be deleted: it stays, and is no longer ours.
    pub release: Vec<Entry>,
    /// What to save before anything is applied: all that was owned and all that is about to be.
    pub inventory_before: Inventory,
    /// Objects that cannot be applied, with the reason; the others go on.
    pub problems: Vec<Problem>,
}

/// Objects that can be applied side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    /// When this phase runs.
    pub stage: Stage,
    /// The objects, in the bundle's order, with namespace and owner label set.
    pub steps: Vec<Step>,
}

/// One object of a [`Phase`].
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What to apply.
    pub object: Object,
    /// The Helm hook that it is, if it is one: it is deleted first where its policy says so, and the
    /// phase ends when it is done.
    pub hook: Option<Hook>,
}

impl Plan {
    /// All objects that the plan applies.
    pub fn objects(&self) -> impl Iterator<Item = &Object> {
        self.phases
            .iter()
            .flat_map(|phase| &phase.steps)
            .map(|step| &step.object)
    }
}

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The deployment.
    pub deployment: &'a BundleName,
    /// Its generation.
    pub generation: u64,
    /// Its bundle.
    pub bundle: &'a Bundle,
    /// How to apply it.
    pub options: &'a ApplyOptions,
    /// What the deployment owns already.
    pub inventory: &'a Inventory,
}

/// Plans the apply of a bundle.
///
/// `scope_of` answers from the target's discovery; what it does not know is looked up among the definitions
/// in the bundle, then among the kinds that every Kubernetes serves.
pub fn plan(request: &Request<'_>, scope_of: &dyn Fn(&Object) -> Option<Scope>) -> Plan {
    let Request {
        deployment,
        generation,
        bundle,
        options,
        inventory,
    } = request.clone();
    let defined = defined_scopes(bundle.objects());
    let moment = if inventory.entries.is_empty() {
        Moment::Install
    } else {
        Moment::Upgrade
    };
    // Hooks belong to a change of the bundle, not to each time that it is applied.
    let run_hooks = inventory.bundle != Some(bundle.id());
    let owner = owner_value(deployment);

    let mut problems = Vec::new();
    let mut phases: BTreeMap<Stage, Vec<Step>> = BTreeMap::new();
    let mut wanted = BTreeSet::new();
    let mut inventory_before = inventory.clone();
    inventory_before.generation = generation;
    let mut namespaces = BTreeSet::new();
    for object in bundle.objects() {
        let mut object = object.clone();
        let scope = scope_of(&object)
            .or_else(|| {
                defined
                    .get(&(object.group().to_owned(), object.kind().to_owned()))
                    .copied()
            })
            .or_else(|| builtin_scope(object.group(), object.kind()));
        if let Err(problem) = set_namespace(&mut object, scope, options) {
            problems.push(problem);
            continue;
        }
        object.set_label(OWNER_LABEL, &owner);
        let hook = order::hook_of(&object);
        let stage = match &hook {
            None => order::stage_of(&object),
            Some(hook) => match hook.stage(moment) {
                Some(stage) => stage,
                None => continue,
            },
        };
        let reference = object.reference();
        if !wanted.insert(reference.clone()) {
            problems.push(
                Problem::new(
                    Reason::ObjectConflict,
                    "the bundle holds this object twice; the first one is applied",
                )
                .about(reference),
            );
            continue;
        }
        namespaces.insert(object.namespace().to_owned());
        // A hook that has run stays owned if it is still there.
        if hook.is_none() || run_hooks {
            inventory_before.insert(Entry {
                object: reference,
                version: object.version().to_owned(),
                uid: None,
            });
            phases.entry(stage).or_default().push(Step { object, hook });
        }
    }

    let namespace = options.release_namespace();
    let declared = |object: &ObjectRef| {
        object.kind == "Namespace" && object.group.is_empty() && object.name == namespace
    };
    let ensure_namespace = (namespaces.contains(namespace) && !wanted.iter().any(declared))
        .then(|| namespace.to_owned());
    let unwanted = inventory.not_in(&wanted).cloned().collect();
    let (prune, release) = deletion::split(unwanted, options, &namespaces);
    Plan {
        deployment: deployment.clone(),
        generation,
        bundle: bundle.id(),
        options: options.clone(),
        ensure_namespace,
        phases: phases
            .into_iter()
            .map(|(stage, steps)| Phase { stage, steps })
            .collect(),
        prune,
        release,
        inventory_before,
        problems,
    }
}

/// Gives a namespaced object its namespace and takes it from a cluster-scoped one.
fn set_namespace(
    object: &mut Object,
    scope: Option<Scope>,
    options: &ApplyOptions,
) -> Result<(), Problem> {
    match scope {
        Some(Scope::Cluster) => {
            if let Some(namespace) = &options.namespace {
                let message = format!(
                    "`namespace: {namespace}` forces every object into that namespace, and this one belongs to the whole cluster"
                );
                return Err(Problem::new(Reason::ApplyFailed, message)
                    .about(object.reference())
                    .hint("use `defaultNamespace` instead of `namespace`, or move the object to another path"));
            }
            object.clear_namespace();
        }
        Some(Scope::Namespaced) => match &options.namespace {
            Some(namespace) => object.set_namespace(namespace),
            None if object.namespace().is_empty() => {
                object.set_namespace(options.release_namespace())
            }
            None => {}
        },
        // A kind that nobody knows is left as it is: the API server will say what it is.
        None => {}
    }
    Ok(())
}

/// The scopes of the kinds that the definitions among `objects` define.
fn defined_scopes(objects: &[Object]) -> BTreeMap<(String, String), Scope> {
    let definitions = objects
        .iter()
        .filter(|object| object.kind() == "CustomResourceDefinition");
    definitions
        .filter_map(|object| {
            let spec = &object.value()["spec"];
            let scope = match spec["scope"].as_str()? {
                "Cluster" => Scope::Cluster,
                _ => Scope::Namespaced,
            };
            Some((
                (
                    spec["group"].as_str()?.to_owned(),
                    spec["names"]["kind"].as_str()?.to_owned(),
                ),
                scope,
            ))
        })
        .collect()
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
