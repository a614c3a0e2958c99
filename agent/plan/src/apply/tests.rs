//! What an apply plan must be, as tables of small bundles.

use serde_json::{Value, json};

use super::*;

fn object(api_version: &str, kind: &str, name: &str) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}})
}

fn bundle(objects: Vec<Value>) -> Bundle {
    Bundle::new(
        objects
            .into_iter()
            .map(|value| Object::parse(value).unwrap())
            .collect(),
    )
}

fn plan_of(bundle: &Bundle, options: &ApplyOptions, inventory: &Inventory) -> Plan {
    let deployment = BundleName::parse("shop").unwrap();
    let request = Request {
        deployment: &deployment,
        generation: 7,
        bundle,
        options,
        inventory,
    };
    plan(&request, &|_| None)
}

fn applied(plan: &Plan) -> Vec<String> {
    plan.objects()
        .map(|object| object.reference().to_string())
        .collect()
}

#[test]
fn objects_go_into_the_default_namespace_unless_they_name_one() {
    let mut named = object("v1", "ConfigMap", "named");
    named["metadata"]["namespace"] = json!("other");
    let bundle = bundle(vec![
        object("v1", "ConfigMap", "plain"),
        named,
        object("v1", "Namespace", "cluster-wide"),
    ]);
    let options = ApplyOptions {
        default_namespace: "shop".to_owned(),
        ..Default::default()
    };
    let plan = plan_of(&bundle, &options, &Inventory::default());
    assert_eq!(
        applied(&plan),
        [
            "Namespace/cluster-wide",
            "ConfigMap/shop/plain",
            "ConfigMap/other/named"
        ]
    );
    assert_eq!(plan.ensure_namespace.as_deref(), Some("shop"));
    assert!(
        plan.objects()
            .all(|object| object.label(OWNER_LABEL) == Some("shop"))
    );
}

#[test]
fn a_forced_namespace_refuses_cluster_scoped_objects_and_keeps_the_others() {
    let bundle = bundle(vec![
        object("v1", "ConfigMap", "a"),
        object("rbac.authorization.k8s.io/v1", "ClusterRole", "b"),
    ]);
    let options = ApplyOptions {
        namespace: Some("forced".to_owned()),
        ..Default::default()
    };
    let plan = plan_of(&bundle, &options, &Inventory::default());
    assert_eq!(applied(&plan), ["ConfigMap/forced/a"]);
    assert_eq!(plan.problems.len(), 1);
}

#[test]
fn a_definition_in_the_bundle_tells_the_scope_of_its_kind() {
    let mut definition = object(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "widgets.example.com",
    );
    definition["spec"] =
        json!({"group": "example.com", "scope": "Cluster", "names": {"kind": "Widget"}});
    let bundle = bundle(vec![object("example.com/v1", "Widget", "w"), definition]);
    let plan = plan_of(&bundle, &ApplyOptions::default(), &Inventory::default());
    assert_eq!(
        applied(&plan),
        [
            "CustomResourceDefinition.apiextensions.k8s.io/widgets.example.com",
            "Widget.example.com/w"
        ]
    );
}

/// What is about to be applied is saved first, so that a crash in between leaves nothing unowned.
#[test]
fn the_inventory_before_is_a_superset_of_old_and_new() {
    let old = plan_of(
        &bundle(vec![object("v1", "ConfigMap", "old")]),
        &ApplyOptions::default(),
        &Inventory::default(),
    );
    let new = bundle(vec![object("v1", "ConfigMap", "new")]);
    let plan = plan_of(&new, &ApplyOptions::default(), &old.inventory_before);
    let names: Vec<_> = plan
        .inventory_before
        .entries
        .iter()
        .map(|e| e.object.name.as_str())
        .collect();
    assert_eq!(names, ["new", "old"]);
    assert_eq!(
        plan.prune
            .iter()
            .map(|e| e.object.name.as_str())
            .collect::<Vec<_>>(),
        ["old"]
    );
}

#[test]
fn namespaces_are_deleted_last() {
    let old = bundle(vec![
        object("v1", "Namespace", "n"),
        object("v1", "Secret", "s"),
        object("apps/v1", "Deployment", "d"),
        object(
            "admissionregistration.k8s.io/v1",
            "ValidatingWebhookConfiguration",
            "w",
        ),
    ]);
    let old = plan_of(&old, &ApplyOptions::default(), &Inventory::default());
    let plan = plan_of(
        &bundle(vec![]),
        &ApplyOptions::default(),
        &old.inventory_before,
    );
    let kinds: Vec<_> = plan.prune.iter().map(|e| e.object.kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "ValidatingWebhookConfiguration",
            "Deployment",
            "Secret",
            "Namespace"
        ]
    );
}

#[test]
fn hooks_run_once_for_each_bundle_and_test_hooks_never() {
    let mut job = object("batch/v1", "Job", "migrate");
    job["metadata"]["annotations"] = json!({"helm.sh/hook": "pre-install,pre-upgrade"});
    let mut test = object("v1", "Pod", "test");
    test["metadata"]["annotations"] = json!({"helm.sh/hook": "test"});
    let bundle = bundle(vec![object("v1", "ConfigMap", "a"), job, test]);
    let first = plan_of(&bundle, &ApplyOptions::default(), &Inventory::default());
    assert_eq!(
        applied(&first),
        ["Job.batch/default/migrate", "ConfigMap/default/a"]
    );
    let mut inventory = first.inventory_before.clone();
    inventory.bundle = Some(bundle.id());
    let again = plan_of(&bundle, &ApplyOptions::default(), &inventory);
    assert_eq!(applied(&again), ["ConfigMap/default/a"]);
    assert!(again.prune.is_empty(), "a hook that has run is still owned");
}

#[test]
fn an_object_that_is_there_twice_is_reported() {
    let bundle = bundle(vec![
        object("v1", "ConfigMap", "a"),
        object("v1", "ConfigMap", "a"),
    ]);
    let plan = plan_of(&bundle, &ApplyOptions::default(), &Inventory::default());
    assert_eq!(applied(&plan).len(), 1);
    assert_eq!(plan.problems[0].reason, Reason::ObjectConflict);
}
