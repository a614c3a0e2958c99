//! From what happened during an apply to the next inventory and the report.

use std::collections::BTreeSet;

use fleet_core::inventory::{Entry, Inventory};
use fleet_core::object::ObjectRef;
use fleet_core::problem::Problem;
use fleet_core::wire::{ApplyStatus, Changes};

use crate::apply::Plan;

/// What was done with one object.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The object.
    pub object: ObjectRef,
    /// API version through which it was reached.
    pub version: String,
    /// UID that the API server gave, where there is one.
    pub uid: Option<String>,
    /// What was done.
    pub action: Action,
}

/// What was done with an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// It did not exist and was created.
    Created,
    /// It existed and was changed.
    Configured,
    /// It was as desired.
    Unchanged,
    /// It was deleted, or was gone already.
    Deleted,
    /// It was left alone on purpose: it is not ours (any more), and the text says why.
    Skipped(String),
    /// It could not be applied or deleted.
    Failed(Problem),
}

/// What an apply came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// What is owned now.
    pub inventory: Inventory,
    /// How far it got.
    pub status: ApplyStatus,
    /// What changed.
    pub changes: Changes,
    /// What went wrong.
    pub problems: Vec<Problem>,
}

/// Whether a plan's deletions may go on after its objects were applied.
///
/// Nothing is pruned while something could not be applied: the old object may be what still works.
pub fn may_prune(plan: &Plan, outcomes: &[Outcome]) -> bool {
    plan.problems.is_empty()
        && !outcomes
            .iter()
            .any(|outcome| matches!(outcome.action, Action::Failed(_)))
}

/// Draws the sum of an apply.
pub fn finish(plan: &Plan, outcomes: &[Outcome]) -> Applied {
    let mut changes = Changes::default();
    let mut problems = plan.problems.clone();
    let mut inventory = plan.inventory_before.clone();
    let prune: BTreeSet<&ObjectRef> = plan.prune.iter().map(|entry| &entry.object).collect();
    for Outcome {
        object,
        version,
        uid,
        action,
    } in outcomes
    {
        let owned = |uid: &Option<String>| Entry {
            object: object.clone(),
            version: version.clone(),
            uid: uid.clone(),
        };
        match action {
            Action::Created => changes.created += 1,
            Action::Configured => changes.configured += 1,
            Action::Unchanged => changes.unchanged += 1,
            Action::Deleted => changes.deleted += 1,
            Action::Skipped(_) => changes.skipped += 1,
            Action::Failed(problem) => {
                changes.failed += 1;
                problems.push(problem.clone());
            }
        }
        match action {
            Action::Created | Action::Configured | Action::Unchanged => {
                inventory.insert(owned(uid))
            }
            // Gone, or found not to be ours: either way no longer owned. An object that was to be
            // applied and was skipped was never ours.
            Action::Deleted | Action::Skipped(_) => {
                if prune.contains(object) || matches!(action, Action::Skipped(_)) {
                    inventory.remove(object);
                }
            }
            // Still (perhaps) there: it stays owned, and the next apply tries again.
            Action::Failed(_) => {}
        }
    }
    problems.sort_by(|a, b| (a.reason, &a.object).cmp(&(b.reason, &b.object)));
    let status = if problems.is_empty() {
        ApplyStatus::Applied
    } else {
        ApplyStatus::Failed
    };
    if status == ApplyStatus::Applied {
        inventory.bundle = Some(plan.bundle);
    }
    Applied {
        inventory,
        status,
        changes,
        problems,
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::bundle::Bundle;
    use fleet_core::name::BundleName;
    use fleet_core::object::Object;
    use fleet_core::options::ApplyOptions;
    use fleet_core::problem::Reason;
    use serde_json::json;

    use super::*;
    use crate::apply::{Request, plan};

    fn plan_for(names: &[&str], inventory: &Inventory) -> Plan {
        let objects = names
            .iter()
            .map(
                |name| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}}),
            )
            .map(|value| Object::parse(value).unwrap());
        let bundle = Bundle::new(objects.collect());
        let deployment = BundleName::parse("shop").unwrap();
        let options = ApplyOptions::default();
        plan(
            &Request {
                deployment: &deployment,
                generation: 1,
                bundle: &bundle,
                options: &options,
                inventory,
            },
            &|_| None,
        )
    }

    fn outcome(object: &ObjectRef, action: Action) -> Outcome {
        Outcome {
            object: object.clone(),
            version: "v1".to_owned(),
            uid: Some("u".to_owned()),
            action,
        }
    }

    fn owned(applied: &Applied) -> Vec<&str> {
        applied
            .inventory
            .entries
            .iter()
            .map(|entry| entry.object.name.as_str())
            .collect()
    }

    #[test]
    fn what_failed_stays_owned_and_nothing_is_pruned() {
        let before = finish(&plan_for(&["old"], &Inventory::default()), &[]).inventory;
        let plan = plan_for(&["good", "bad"], &before);
        let objects: Vec<_> = plan.objects().map(Object::reference).collect();
        let failed = Action::Failed(Problem::new(Reason::ApplyFailed, "refused"));
        let outcomes = [
            outcome(&objects[0], Action::Created),
            outcome(&objects[1], failed),
        ];
        assert!(!may_prune(&plan, &outcomes));
        let applied = finish(&plan, &outcomes);
        assert_eq!(applied.status, ApplyStatus::Failed);
        assert_eq!(owned(&applied), ["bad", "good", "old"]);
        assert_eq!(
            applied.inventory.bundle, before.bundle,
            "a failed apply does not count as this bundle's"
        );
    }

    #[test]
    fn what_was_pruned_is_no_longer_owned() {
        let before = finish(&plan_for(&["old", "foreign"], &Inventory::default()), &[]).inventory;
        let plan = plan_for(&["new"], &before);
        let mut outcomes: Vec<_> = plan
            .objects()
            .map(|o| outcome(&o.reference(), Action::Created))
            .collect();
        assert!(may_prune(&plan, &outcomes));
        for entry in &plan.prune {
            let action = match entry.object.name.as_str() {
                "old" => Action::Deleted,
                _ => Action::Skipped("its owner label names another deployment".to_owned()),
            };
            outcomes.push(outcome(&entry.object, action));
        }
        let applied = finish(&plan, &outcomes);
        assert_eq!(owned(&applied), ["new"]);
        assert_eq!(
            (
                applied.changes.created,
                applied.changes.deleted,
                applied.changes.skipped
            ),
            (1, 1, 1)
        );
        assert_eq!(applied.inventory.bundle, Some(plan.bundle));
    }
}
