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

/// What is left to prune after `outcomes`: an object that was applied through another group keeps its UID
/// under its old name, and deleting the old name would delete it.
pub fn to_prune(plan: &Plan, outcomes: &[Outcome]) -> Vec<Entry> {
    let applied: BTreeSet<&str> = outcomes
        .iter()
        .filter_map(|outcome| outcome.uid.as_deref())
        .collect();
    let is_applied = |entry: &Entry| {
        let uid = entry.uid.as_deref();
        uid.is_some_and(|uid| applied.contains(uid))
    };
    plan.prune
        .iter()
        .filter(|entry| !is_applied(entry))
        .cloned()
        .collect()
}

/// Draws the sum of an apply; `stop` is what kept it from going on to its end.
pub fn finish(plan: &Plan, outcomes: &[Outcome], stop: Option<Problem>) -> Applied {
    let (changes, problems) = tally(outcomes);
    let mut problems: Vec<_> = plan.problems.iter().cloned().chain(problems).collect();
    problems.extend(stop);
    let is_complete = problems.is_empty();
    let mut inventory = plan.inventory_before.clone();
    for outcome in outcomes {
        match outcome.action {
            Action::Created | Action::Configured | Action::Unchanged => inventory.insert(Entry {
                object: outcome.object.clone(),
                version: outcome.version.clone(),
                uid: outcome.uid.clone(),
            }),
            // Gone, or found not to be ours: either way no longer owned.
            Action::Deleted | Action::Skipped(_) => inventory.remove(&outcome.object),
            // Still (perhaps) there: it stays owned, and the next apply tries again.
            Action::Failed(_) => {}
        }
    }
    if is_complete {
        // What was to be pruned and is known under another name now is owned under that name only.
        let kept = to_prune(plan, outcomes);
        for entry in &plan.prune {
            if !kept.contains(entry) {
                inventory.remove(&entry.object);
            }
        }
        inventory.bundle = Some(plan.bundle);
    }
    problems.sort_by(|a, b| (a.reason, &a.object).cmp(&(b.reason, &b.object)));
    Applied {
        inventory,
        status: match is_complete {
            true => ApplyStatus::Applied,
            false => ApplyStatus::Failed,
        },
        changes,
        problems,
    }
}

/// Counts what was done, and collects what went wrong.
pub(crate) fn tally(outcomes: &[Outcome]) -> (Changes, Vec<Problem>) {
    let mut changes = Changes::default();
    let mut problems = Vec::new();
    for outcome in outcomes {
        let count = match &outcome.action {
            Action::Created => &mut changes.created,
            Action::Configured => &mut changes.configured,
            Action::Unchanged => &mut changes.unchanged,
            Action::Deleted => &mut changes.deleted,
            Action::Skipped(_) => &mut changes.skipped,
            Action::Failed(problem) => {
                problems.push(problem.clone());
                &mut changes.failed
            }
        };
        *count += 1;
    }
    (changes, problems)
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
        let before = finish(&plan_for(&["old"], &Inventory::default()), &[], None).inventory;
        let plan = plan_for(&["good", "bad"], &before);
        let objects: Vec<_> = plan.objects().map(Object::reference).collect();
        let failed = Action::Failed(Problem::new(Reason::ApplyFailed, "refused"));
        let outcomes = [
            outcome(&objects[0], Action::Created),
            outcome(&objects[1], failed),
        ];
        assert!(!may_prune(&plan, &outcomes));
        let applied = finish(&plan, &outcomes, None);
        assert_eq!(applied.status, ApplyStatus::Failed);
        assert_eq!(owned(&applied), ["bad", "good", "old"]);
        assert_eq!(
            applied.inventory.bundle, before.bundle,
            "a failed apply does not count as this bundle's"
        );
    }

    #[test]
    fn what_was_pruned_is_no_longer_owned() {
        let before = finish(
            &plan_for(&["old", "foreign"], &Inventory::default()),
            &[],
            None,
        )
        .inventory;
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
        let applied = finish(&plan, &outcomes, None);
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

    /// An Ingress that moves from group `extensions` to `networking.k8s.io` is the same object under two names.
    #[test]
    fn an_object_under_a_new_name_is_not_pruned_under_its_old_one() {
        let before = finish(&plan_for(&["old"], &Inventory::default()), &[], None).inventory;
        let mut known = before.clone();
        known.entries[0].uid = Some("u".to_owned());
        let plan = plan_for(&["new"], &known);
        let object = plan.objects().next().unwrap().reference();
        let outcomes = [outcome(&object, Action::Configured)];
        assert_eq!(to_prune(&plan, &outcomes), []);
        assert_eq!(owned(&finish(&plan, &outcomes, None)), ["new"]);
    }

    #[test]
    fn an_apply_that_was_cut_short_owns_all_that_it_may_have_touched() {
        let plan = plan_for(&["a", "b"], &Inventory::default());
        let stop = Problem::new(Reason::ClusterUnreachable, "connection refused");
        let object = plan.objects().next().unwrap().reference();
        let applied = finish(&plan, &[outcome(&object, Action::Created)], Some(stop));
        assert_eq!(applied.status, ApplyStatus::Failed);
        assert_eq!(owned(&applied), ["a", "b"]);
        assert_eq!(applied.changes.failed, 0, "nobody refused anything");
    }
}
