//! What an apply leaves on the API server.

use fleet_core::problem::Reason;
use fleet_core::wire::ApplyStatus;
use serde_json::{Value, json};

use crate::world::{OWNER, World, config_map};

fn managers(object: &Value) -> Vec<(&str, &str)> {
    let fields = object["metadata"]["managedFields"].as_array();
    let fields = fields.into_iter().flatten();
    fields
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap_or_default();
            (text("manager"), text("operation"))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn objects_get_our_field_manager_and_owner_and_are_left_alone_after() {
    let Some(mut world) = World::shared("manager").await else {
        return;
    };
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "creationTimestamp": null}, "stringData": {"k": "v"}});
    let objects = [config_map("a", "1"), secret];
    let first = world.applied(&objects).await;
    assert_eq!(first.changes.created, 2);
    assert!(
        first
            .inventory
            .entries
            .iter()
            .all(|entry| entry.uid.is_some())
    );

    let args = [
        "-n",
        &world.namespace,
        "configmap",
        "a",
        "--show-managed-fields",
    ];
    let live = world.cluster.get(&args).unwrap();
    assert_eq!(managers(&live), [("fleet-agent", "Apply")]);
    assert_eq!(live["metadata"]["labels"][OWNER], world.name.as_str());
    let secret = world.live("secret", "s").unwrap();
    assert_eq!(secret["data"]["k"], "dg==");

    let again = world.applied(&objects).await;
    assert_eq!((again.changes.unchanged, again.changes.configured), (2, 0));
    let same = world.live("configmap", "a").unwrap();
    assert_eq!(
        same["metadata"]["resourceVersion"],
        live["metadata"]["resourceVersion"]
    );

    let third = world
        .applied(&[config_map("a", "2"), objects[1].clone()])
        .await;
    assert_eq!((third.changes.unchanged, third.changes.configured), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_objects_are_looked_up_by_list_and_unchanged_ones_are_not_written() {
    let Some(mut world) = World::shared("many").await else {
        return;
    };
    let objects: Vec<_> = (0..60).map(|n| config_map(&format!("c{n}"), "1")).collect();
    assert_eq!(world.applied(&objects).await.changes.created, 60);
    assert_eq!(world.applied(&objects).await.changes.unchanged, 60);
    // Somebody changes one: the next apply sees it by its resource version, and puts it back.
    world.kubectl(&["label", "configmap", "c7", &format!("{OWNER}-")]);
    world.kubectl(&["label", "configmap", "c8", "extra=1"]);
    let again = world.applied(&objects).await;
    assert_eq!((again.changes.unchanged, again.changes.configured), (59, 1));
    assert_eq!(world.owned("configmap").len(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn namespaces_definitions_and_their_objects_come_in_one_bundle() {
    let Some(mut world) = World::shared("crd").await else {
        return;
    };
    let group = format!("{}.example.com", world.namespace);
    let other = format!("{}-other", world.namespace);
    let widget = json!({"apiVersion": format!("{group}/v1"), "kind": "Widget", "metadata": {"name": "w", "namespace": other}, "spec": {"size": 3}});
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": {"size": {"type": "integer"}}}}});
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": {"name": format!("widgets.{group}")},
        "spec": {
            "group": group, "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget"},
            "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
        },
    });
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": other}});
    let applied = world
        .applied(&[widget.clone(), definition.clone(), namespace.clone()])
        .await;
    assert_eq!(applied.changes.created, 3);
    let plural = format!("widgets.{group}");
    let live = world.cluster.get(&["-n", &other, &plural, "w"]).unwrap();
    assert_eq!(live["spec"]["size"], 3);

    // The custom resource goes; the definition would take all others along, and stays.
    let less = world.applied(&[namespace]).await;
    assert_eq!((less.changes.deleted, less.changes.skipped), (1, 1));
    let definition = world.cluster.get(&["crd", &plural]).unwrap();
    assert_eq!(definition["metadata"]["labels"].get(OWNER), None);
    assert!(world.cluster.get(&["-n", &other, &plural, "w"]).is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_namespace_is_made_with_its_labels_and_not_owned() {
    let Some(mut world) = World::shared("made").await else {
        return;
    };
    let name = format!("{}-release", world.namespace);
    world.options.default_namespace = name.clone();
    world.options.namespace_labels = [("team".to_owned(), "a".to_owned())].into();
    world.applied(&[config_map("a", "1")]).await;
    let live = world.cluster.get(&["namespace", &name]).unwrap();
    assert_eq!(live["metadata"]["labels"]["team"], "a");
    assert_eq!(live["metadata"]["labels"].get(OWNER), None);
    assert_eq!(world.inventory.entries.len(), 1);
    world.options.delete_namespace = true;
    let removed = world.remove().await;
    assert_eq!(
        removed.status,
        ApplyStatus::Applied,
        "{:?}",
        removed.problems
    );
    let gone = world.cluster.get(&["namespace", &name]);
    assert!(gone.is_err() || gone.unwrap()["status"]["phase"] == "Terminating");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_somebody_else_is_named_and_taken_over_only_by_force() {
    let Some(mut world) = World::shared("conflict").await else {
        return;
    };
    world
        .applied(&[config_map("a", "1"), config_map("b", "1")])
        .await;
    world.kubectl(&[
        "patch",
        "configmap",
        "a",
        "--field-manager=somebody",
        "-p",
        r#"{"data":{"key":"theirs"}}"#,
    ]);
    let objects = [config_map("a", "2"), config_map("b", "2")];
    let refused = world.apply(&objects).await;
    assert_eq!((refused.changes.configured, refused.changes.failed), (1, 1));
    let problem = &refused.problems[0];
    assert_eq!(problem.reason, Reason::FieldConflict);
    assert!(
        problem.message.contains(".data.key") && problem.message.contains("somebody"),
        "{problem}"
    );
    assert_eq!(
        world.live("configmap", "a").unwrap()["data"]["key"],
        "theirs"
    );
    world.options.force = true;
    world.applied(&objects).await;
    assert_eq!(world.live("configmap", "a").unwrap()["data"]["key"], "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_cannot_be_changed_is_made_anew_only_by_force() {
    let Some(mut world) = World::shared("immutable").await else {
        return;
    };
    let frozen = |value: &str| {
        let mut object = config_map("a", value);
        object["immutable"] = json!(true);
        object
    };
    world.applied(&[frozen("1")]).await;
    let uid = world.inventory.entries[0].uid.clone();
    let refused = world.apply(&[frozen("2")]).await;
    assert_eq!(
        refused.problems[0].reason,
        Reason::FieldImmutable,
        "{:?}",
        refused.problems
    );
    world.options.force = true;
    let forced = world.applied(&[frozen("2")]).await;
    assert_eq!(forced.changes.configured, 1);
    assert_ne!(world.inventory.entries[0].uid, uid);
    assert_eq!(world.live("configmap", "a").unwrap()["data"]["key"], "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_object_leaves_the_others_applied_and_nothing_pruned() {
    let Some(mut world) = World::shared("broken").await else {
        return;
    };
    world.applied(&[config_map("old", "1")]).await;
    let bad_field = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "bad"}, "spec": {"ports": [{"port": 99999}]}});
    let unknown = json!({"apiVersion": "nowhere.example.com/v1", "kind": "Nothing", "metadata": {"name": "n"}});
    let applied = world
        .apply(&[bad_field, unknown, config_map("good", "1")])
        .await;
    assert_eq!(applied.status, ApplyStatus::Failed);
    assert_eq!((applied.changes.created, applied.changes.failed), (1, 2));
    let reasons: Vec<_> = applied
        .problems
        .iter()
        .map(|problem| problem.reason)
        .collect();
    assert_eq!(reasons, [Reason::ApplyFailed, Reason::KindNotServed]);
    assert!(
        applied.problems[0].message.contains("99999"),
        "{:?}",
        applied.problems
    );
    assert!(world.live("configmap", "good").is_some());
    assert!(
        world.live("configmap", "old").is_some(),
        "the old object may be what still works"
    );
    let mended = world.applied(&[config_map("good", "1")]).await;
    assert!(world.live("configmap", "old").is_none());
    assert_eq!(
        mended.inventory.entries.len(),
        1,
        "what was never made is forgotten"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_of_another_deployment_is_not_taken() {
    let Some(mut world) = World::shared("first").await else {
        return;
    };
    let mut other = world.neighbour("second").await;
    world.applied(&[config_map("shared", "1")]).await;
    let refused = other
        .apply(&[config_map("shared", "2"), config_map("own", "2")])
        .await;
    assert_eq!(refused.problems[0].reason, Reason::NotOwned);
    assert_eq!(
        world.live("configmap", "shared").unwrap()["data"]["key"],
        "1"
    );
    // What it could not take it does not delete either.
    let removed = other.remove().await;
    assert_eq!((removed.changes.deleted, removed.changes.skipped), (1, 1));
    assert!(world.live("configmap", "shared").is_some());
}
