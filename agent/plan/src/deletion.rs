//! What is deleted, in which order, and what is let go instead of being deleted.

use std::collections::BTreeSet;

use fleet_core::inventory::{Entry, Inventory};
use fleet_core::object::{ObjectRef, builtin_scope};
use fleet_core::options::ApplyOptions;
use fleet_core::problem::Problem;
use fleet_core::wire::{ApplyStatus, Removed};

use crate::outcome::{Action, Applied, Outcome, tally};

/// Namespaces that every cluster has; they are never deleted.
const PROTECTED_NAMESPACES: &[&str] = &["default", "kube-node-lease", "kube-public", "kube-system"];

/// Where an entry stands in a deletion; lower goes first, and what is equal can go side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// Admission webhooks, which could refuse all that follows once their pods are gone.
    Webhooks,
    /// Custom resources: their finalizers need the controllers that are deleted next.
    CustomResources,
    /// Workloads and all that has no other place.
    Workloads,
    /// What workloads refer to.
    Foundations,
    /// Custom resource definitions.
    Definitions,
    /// Namespaces.
    Namespaces,
}

/// The rank of an object in a deletion.
pub fn rank(object: &ObjectRef) -> Rank {
    match (object.group.as_str(), object.kind.as_str()) {
        ("admissionregistration.k8s.io", _) => Rank::Webhooks,
        ("", "Namespace") => Rank::Namespaces,
        ("apiextensions.k8s.io", "CustomResourceDefinition") => Rank::Definitions,
        (
            "",
            "ServiceAccount"
            | "Secret"
            | "ConfigMap"
            | "PersistentVolumeClaim"
            | "PersistentVolume"
            | "ResourceQuota"
            | "LimitRange",
        )
        | ("rbac.authorization.k8s.io", _) => Rank::Foundations,
        (_, kind) if kind.ends_with("Class") => Rank::Foundations,
        // Kinds that Kubernetes itself does not serve.
        (group, kind) if builtin_scope(group, kind).is_none() => Rank::CustomResources,
        _ => Rank::Workloads,
    }
}

/// Sorts entries so that what others depend on is deleted last.
pub fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| (rank(&a.object), a).cmp(&(rank(&b.object), b)));
}

/// Sorted entries in groups of one rank.
pub fn batches(sorted: &[Entry]) -> impl Iterator<Item = (Rank, &[Entry])> {
    sorted
        .chunk_by(|a, b| rank(&a.object) == rank(&b.object))
        .map(|batch| (rank(&batch[0].object), batch))
}

/// Splits what is no longer wanted into what is to be deleted (sorted) and what is only let go: definitions
/// unless they may be deleted (all objects of their kinds would go with them), and namespaces in `in_use`.
pub(crate) fn split(
    mut entries: Vec<Entry>,
    options: &ApplyOptions,
    in_use: &BTreeSet<String>,
) -> (Vec<Entry>, Vec<Entry>) {
    sort(&mut entries);
    entries
        .into_iter()
        .partition(|entry| match rank(&entry.object) {
            Rank::Definitions => options.delete_crd_resources,
            Rank::Namespaces => {
                let name = entry.object.name.as_str();
                !in_use.contains(name) && !PROTECTED_NAMESPACES.contains(&name)
            }
            _ => true,
        })
}

/// How a deployment goes away.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    /// What it is and how it is to go.
    pub removed: Removed,
    /// What it owns.
    pub inventory: Inventory,
    /// What to delete, sorted.
    pub delete: Vec<Entry>,
    /// What stays, and is no longer ours.
    pub release: Vec<Entry>,
    /// The deployment's namespace, if it is to go too.
    pub namespace: Option<String>,
}

/// Plans how a deployment that owns `inventory` goes away; `in_use` are the namespaces in which other
/// deployments own objects.
pub fn removal(removed: &Removed, inventory: &Inventory, in_use: &BTreeSet<String>) -> Removal {
    let options = &removed.options;
    let entries = inventory.entries.clone();
    let (delete, release) = match options.keep_resources {
        true => (Vec::new(), entries),
        false => split(entries, options, in_use),
    };
    let namespace = options.release_namespace();
    let namespace_goes = options.delete_namespace
        && !options.keep_resources
        && !in_use.contains(namespace)
        && !PROTECTED_NAMESPACES.contains(&namespace);
    Removal {
        removed: removed.clone(),
        inventory: inventory.clone(),
        delete,
        release,
        namespace: namespace_goes.then(|| namespace.to_owned()),
    }
}

/// Draws the sum of a removal; `stop` is what kept it from going on to its end.
pub fn finish(removal: &Removal, outcomes: &[Outcome], stop: Option<Problem>) -> Applied {
    let (changes, mut problems) = tally(outcomes);
    problems.extend(stop);
    let mut inventory = removal.inventory.clone();
    inventory.generation = removal.removed.generation;
    for outcome in outcomes {
        if matches!(outcome.action, Action::Deleted | Action::Skipped(_)) {
            inventory.remove(&outcome.object);
        }
    }
    let status = match problems.is_empty() {
        true => ApplyStatus::Applied,
        false => ApplyStatus::Failed,
    };
    Applied {
        inventory,
        status,
        changes,
        problems,
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::name::BundleName;

    use super::*;

    fn entry(api_version: &str, kind: &str, namespace: &str, name: &str) -> Entry {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Entry {
            object: ObjectRef {
                group: group.to_owned(),
                kind: kind.to_owned(),
                namespace: namespace.to_owned(),
                name: name.to_owned(),
            },
            version: version.to_owned(),
            uid: None,
        }
    }

    fn inventory() -> Inventory {
        let mut inventory = Inventory::default();
        for entry in [
            entry("v1", "Namespace", "", "shop"),
            entry("v1", "ConfigMap", "shop", "c"),
            entry("apps/v1", "Deployment", "shop", "d"),
            entry("example.com/v1", "Widget", "shop", "w"),
            entry(
                "apiextensions.k8s.io/v1",
                "CustomResourceDefinition",
                "",
                "widgets.example.com",
            ),
        ] {
            inventory.insert(entry);
        }
        inventory
    }

    #[track_caller]
    fn check(options: ApplyOptions, in_use: &[&str], deleted: &[&str], namespace: Option<&str>) {
        let removed = Removed {
            name: BundleName::parse("shop").unwrap(),
            generation: 9,
            options,
        };
        let in_use = in_use.iter().map(|name| (*name).to_owned()).collect();
        let removal = removal(&removed, &inventory(), &in_use);
        let kinds: Vec<_> = removal
            .delete
            .iter()
            .map(|e| e.object.kind.as_str())
            .collect();
        assert_eq!(kinds, deleted);
        assert_eq!(
            removal.delete.len() + removal.release.len(),
            5,
            "nothing is left out"
        );
        assert_eq!(removal.namespace.as_deref(), namespace);
    }

    #[test]
    fn custom_resources_go_before_their_controllers_and_definitions_stay_unless_asked() {
        let options = ApplyOptions::default();
        check(
            options.clone(),
            &[],
            &["Widget", "Deployment", "ConfigMap", "Namespace"],
            None,
        );
        let options = ApplyOptions {
            delete_crd_resources: true,
            ..options
        };
        check(
            options,
            &[],
            &[
                "Widget",
                "Deployment",
                "ConfigMap",
                "CustomResourceDefinition",
                "Namespace",
            ],
            None,
        );
    }

    #[test]
    fn a_namespace_that_others_use_stays() {
        let options = ApplyOptions {
            default_namespace: "shop".to_owned(),
            delete_namespace: true,
            ..Default::default()
        };
        check(
            options.clone(),
            &["shop"],
            &["Widget", "Deployment", "ConfigMap"],
            None,
        );
        check(
            options,
            &[],
            &["Widget", "Deployment", "ConfigMap", "Namespace"],
            Some("shop"),
        );
        let options = ApplyOptions {
            delete_namespace: true,
            ..Default::default()
        };
        check(
            options,
            &["shop"],
            &["Widget", "Deployment", "ConfigMap"],
            None,
        );
    }

    #[test]
    fn kept_resources_are_let_go_and_the_deployment_is_gone() {
        let options = ApplyOptions {
            keep_resources: true,
            delete_namespace: true,
            ..Default::default()
        };
        check(options, &[], &[], None);
    }
}
