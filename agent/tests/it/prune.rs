//! What goes away, and what does not.

use std::fs;
use std::time::Duration;

use fleet_core::problem::Reason;
use fleet_core::wire::ApplyStatus;
use serde_json::json;

use crate::world::{OWNER, World, config_map};

#[tokio::test(flavor = "multi_thread")]
async fn only_what_has_our_label_and_the_known_uid_is_pruned() {
    let Some(mut world) = World::shared("prune").await else {
        return;
    };
    let objects = ["ours", "theirs", "anew", "kept", "stays"].map(|name| {
        let mut object = config_map(name, "1");
        if name == "kept" {
            object["metadata"]["annotations"] = json!({"helm.sh/resource-policy": "keep"});
        }
        object
    });
    world.applied(&objects).await;
    world.kubectl(&[
        "label",
        "--overwrite",
        "configmap",
        "theirs",
        &format!("{OWNER}=somebody"),
    ]);
    let copy = world.live("configmap", "anew").unwrap();
    world.kubectl(&["delete", "configmap", "anew"]);
    let mut copy = copy;
    for field in ["uid", "resourceVersion", "creationTimestamp"] {
        copy["metadata"].as_object_mut().unwrap().remove(field);
    }
    world.cluster.create(&copy).unwrap();

    let pruned = world.applied(&[objects[4].clone()]).await;
    assert_eq!((pruned.changes.deleted, pruned.changes.skipped), (1, 3));
    assert!(world.live("configmap", "ours").is_none());
    for name in ["theirs", "anew", "kept", "stays"] {
        assert!(world.live("configmap", name).is_some(), "{name}");
    }
    assert_eq!(world.inventory.entries.len(), 1);
    assert_eq!(world.disk.load().inventories[&world.name], world.inventory);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_applied_that_could_not_be_written_down_before() {
    let Some(mut world) = World::shared("unsaved").await else {
        return;
    };
    let inventories = world.file("state/inventories");
    fs::remove_dir(&inventories).unwrap();
    let refused = world.apply(&[config_map("a", "1")]).await;
    assert_eq!(refused.problems[0].reason, Reason::StateNotSaved);
    assert!(world.live("configmap", "a").is_none());
    fs::create_dir(&inventories).unwrap();
    world.applied(&[config_map("a", "1")]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_takes_all_that_is_owned_and_nothing_else() {
    let Some(mut world) = World::shared("removal").await else {
        return;
    };
    world.kubectl(&["create", "configmap", "foreign"]);
    let account = json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "sa"}});
    world.applied(&[config_map("a", "1"), account]).await;
    let removed = world.remove().await;
    assert_eq!(
        (removed.status, removed.changes.deleted),
        (ApplyStatus::Applied, 2)
    );
    assert!(removed.inventory.entries.is_empty());
    assert!(world.live("configmap", "a").is_none() && world.live("serviceaccount", "sa").is_none());
    assert!(world.live("configmap", "foreign").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn kept_resources_stay_and_may_be_taken_over() {
    let Some(mut world) = World::shared("keep").await else {
        return;
    };
    world.applied(&[config_map("a", "1")]).await;
    world.options.keep_resources = true;
    let removed = world.remove().await;
    assert_eq!(
        (removed.status, removed.changes.deleted),
        (ApplyStatus::Applied, 0)
    );
    let live = world.live("configmap", "a").unwrap();
    assert_eq!(live["metadata"]["labels"].get(OWNER), None);
    let mut heir = world.neighbour("heir").await;
    let taken = heir.applied(&[config_map("a", "2")]).await;
    assert_eq!(taken.changes.configured, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_somebody_deleted_is_seen_and_comes_back() {
    let Some(mut world) = World::shared("deleted").await else {
        return;
    };
    let objects = [config_map("a", "1"), config_map("b", "1")];
    world.applied(&objects).await;
    let observe = async |world: &World<'_>| {
        let target = world.applier.target();
        let observed = fleet_agent::apply::Target::observe(target, &world.name, &world.inventory);
        observed.await.unwrap()
    };
    assert_eq!(observe(&world).await.n_modified, 0);
    world.kubectl(&["delete", "configmap", "a"]);
    let observed = observe(&world).await;
    assert_eq!((observed.n_modified, observed.not_ready.len()), (1, 1));
    assert_eq!(world.applied(&objects).await.changes.created, 1);
    assert_eq!(observe(&world).await.n_modified, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_inventory_is_drawn_up_anew_from_the_labels() {
    let Some(mut world) = World::shared("lost").await else {
        return;
    };
    let service = json!({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"selector": {"app": "a"}, "ports": [{"port": 80}]}});
    world
        .applied(&[config_map("a", "1"), config_map("b", "1"), service])
        .await;
    // Its controller gives the Service's labels to an object of its own.
    let copied = async {
        while world.owned("endpointslices").is_empty() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let copied = tokio::time::timeout(Duration::from_secs(60), copied).await;
    copied.expect("no EndpointSlice was made");
    let known = world.inventory.entries.clone();
    let inventory = format!("state/inventories/{}.json", world.name);
    fs::write(world.file(&inventory), "{").unwrap();
    let loaded = world.disk.load();
    assert!(loaded.lost.contains(&world.name));
    world.inventory = loaded.inventories[&world.name].clone();
    world.applier.set_lost(loaded.lost);
    let applied = world.applied(&[config_map("a", "1")]).await;
    assert_eq!((applied.changes.unchanged, applied.changes.deleted), (1, 2));
    assert_eq!(world.inventory.entries, known[..1]);
}
