//! Laws that hold for every plan, whatever is in the bundle.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::outcome::{Action, Outcome, finish, may_prune, to_prune};

const KINDS: &[(&str, &str)] = &[
    ("v1", "ConfigMap"),
    ("v1", "Namespace"),
    ("apps/v1", "Deployment"),
    ("example.com/v1", "Widget"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("batch/v1", "Job"),
];

/// What happens to each object of an apply.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Well,
    Refused,
    Foreign,
    /// The apply is cut short before it.
    Lost,
}

fn objects() -> impl Strategy<Value = Vec<Object>> {
    let object = (0..KINDS.len(), 0..4_u8, any::<bool>()).prop_map(|(kind, name, is_hook)| {
        let (api_version, kind) = KINDS[kind];
        let mut value = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": format!("x{name}")}});
        if is_hook && kind == "Job" {
            value["metadata"]["annotations"] = json!({"helm.sh/hook": "pre-install,post-upgrade"});
        }
        Object::parse(value).expect("it has all that it needs")
    });
    prop::collection::vec(object, 0..8)
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate = prop_oneof![
        6 => Just(Fate::Well),
        1 => Just(Fate::Refused),
        1 => Just(Fate::Foreign),
        1 => Just(Fate::Lost),
    ];
    prop::collection::vec(fate, 16)
}

fn plan_of(objects: &[Object], inventory: &Inventory) -> Plan {
    let deployment = BundleName::parse("shop").unwrap();
    let bundle = Bundle::new(objects.to_vec());
    let options = ApplyOptions::default();
    let request = Request {
        deployment: &deployment,
        generation: inventory.generation + 1,
        bundle: &bundle,
        options: &options,
        inventory,
    };
    plan(&request, &|_| None)
}

fn outcome(object: &ObjectRef, action: Action) -> Outcome {
    Outcome {
        object: object.clone(),
        version: "v1".to_owned(),
        uid: Some(object.to_string()),
        action,
    }
}

/// A cluster that does what `fates` say; `live` are the objects of ours that are there.
fn carry_out(plan: &Plan, fates: &[Fate], live: &mut BTreeSet<ObjectRef>) -> Inventory {
    let mut outcomes = Vec::new();
    for (object, fate) in plan.objects().map(Object::reference).zip(fates) {
        match fate {
            Fate::Well => {
                live.insert(object.clone());
                outcomes.push(outcome(&object, Action::Created));
            }
            Fate::Refused => {
                let problem = Problem::new(Reason::ApplyFailed, "refused");
                outcomes.push(outcome(&object, Action::Failed(problem)));
            }
            Fate::Foreign => {
                live.remove(&object);
                outcomes.push(outcome(&object, Action::Skipped("foreign".to_owned())));
            }
            Fate::Lost => {
                // It may have been written before the answer was lost.
                live.insert(object);
                let stop = Problem::new(Reason::ClusterUnreachable, "away");
                return finish(plan, &outcomes, Some(stop)).inventory;
            }
        }
    }
    if may_prune(plan, &outcomes) {
        for entry in to_prune(plan, &outcomes) {
            live.remove(&entry.object);
            outcomes.push(outcome(&entry.object, Action::Deleted));
        }
        for entry in &plan.release {
            live.remove(&entry.object);
            outcomes.push(outcome(&entry.object, Action::Skipped("stays".to_owned())));
        }
    }
    finish(plan, &outcomes, None).inventory
}

proptest! {
    /// Invariant 9: whatever goes wrong, what is there and ours is in the inventory, before and after.
    #[test]
    fn nothing_of_ours_is_ever_outside_the_inventory(
        bundles in prop::collection::vec((objects(), fates()), 1..5)
    ) {
        let mut live = BTreeSet::new();
        let mut inventory = Inventory::default();
        for (objects, fates) in bundles {
            let plan = plan_of(&objects, &inventory);
            for object in plan.objects().map(Object::reference).chain(live.iter().cloned()) {
                prop_assert!(plan.inventory_before.get(&object).is_some(), "{object} not written down");
            }
            inventory = carry_out(&plan, &fates, &mut live);
            for object in &live {
                prop_assert!(inventory.get(object).is_some(), "{object} is unowned");
            }
        }
    }

    #[test]
    fn a_bundle_applied_twice_prunes_nothing_and_runs_no_hook(objects in objects()) {
        let mut live = BTreeSet::new();
        let well = [Fate::Well; 16];
        let first = plan_of(&objects, &Inventory::default());
        prop_assume!(first.problems.is_empty());
        let inventory = carry_out(&first, &well, &mut live);
        let second = plan_of(&objects, &inventory);
        prop_assert_eq!(&second.prune, &[]);
        prop_assert!(second.phases.iter().flat_map(|phase| &phase.steps).all(|step| step.hook.is_none()));
        let entries = |inventory: &Inventory| inventory.entries.clone();
        prop_assert_eq!(entries(&carry_out(&second, &well, &mut live)), entries(&inventory));
    }

    #[test]
    fn the_order_of_a_bundle_does_not_change_what_is_applied_when(objects in objects()) {
        let stages = |objects: &[Object]| -> BTreeMap<ObjectRef, Stage> {
            let plan = plan_of(objects, &Inventory::default());
            let steps = plan.phases.iter().flat_map(|phase| phase.steps.iter().map(|step| (phase.stage, step)));
            steps.map(|(stage, step)| (step.object.reference(), stage)).collect()
        };
        let unique: BTreeMap<_, _> = objects.into_iter().map(|object| (object.reference(), object)).collect();
        let forward: Vec<_> = unique.into_values().collect();
        let backward: Vec<_> = forward.iter().rev().cloned().collect();
        prop_assert_eq!(stages(&forward), stages(&backward));
    }

    #[test]
    fn phases_and_deletions_are_in_order(objects in objects()) {
        let plan = plan_of(&objects, &Inventory::default());
        prop_assert!(plan.phases.is_sorted_by_key(|phase| phase.stage));
        let empty = plan_of(&[], &plan.inventory_before);
        prop_assert!(empty.prune.is_sorted_by_key(|entry| deletion::rank(&entry.object)));
        prop_assert_eq!(empty.prune.len() + empty.release.len(), plan.inventory_before.entries.len());
    }
}
