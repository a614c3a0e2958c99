//! What needs pods that run, or an API server that stops: control planes of the tests' own.

use std::time::{Duration, Instant};

use fleet_agent::apply::Target;
use fleet_core::problem::Reason;
use fleet_core::state::Health;
use fleet_test_cluster::{Options, own};
use serde_json::{Value, json};

use crate::world::{World, config_map};

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

fn job(name: &str, hook: &str) -> Value {
    let container = json!({"name": "c", "image": "example.com/none:1"});
    json!({
        "apiVersion": "batch/v1", "kind": "Job",
        "metadata": {"name": name, "annotations": {"helm.sh/hook": hook, "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded"}},
        "spec": {"backoffLimit": 0, "template": {"spec": {"restartPolicy": "Never", "containers": [container]}}},
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_run_to_their_end_and_workloads_become_current() {
    let Some(cluster) = own(&Options { pods_run: true }) else {
        return;
    };
    let mut world = World::on(&cluster, "running").await;
    let labels = json!({"app": "a"});
    let container = json!({"name": "c", "image": "example.com/none:1"});
    let deployment = json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"},
        "spec": {
            "replicas": 2, "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    });
    let objects = [
        job("before", "pre-install,pre-upgrade"),
        deployment,
        job("after", "post-install"),
    ];
    let applied = world.applied(&objects).await;
    assert_eq!((applied.changes.created, applied.changes.deleted), (3, 2));
    assert_eq!(
        applied.inventory.entries.len(),
        1,
        "hooks that succeeded are gone"
    );
    assert!(world.live("job", "before").is_none());
    let deadline = Instant::now() + PATIENCE;
    loop {
        let target = world.applier.target();
        let observed = target.observe(&world.name, &world.inventory).await.unwrap();
        if observed.not_ready.is_empty() {
            break;
        }
        assert_eq!(
            observed.not_ready[0].health,
            Health::InProgress,
            "{observed:?}"
        );
        assert!(Instant::now() < deadline, "{observed:?}");
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    // The same bundle again runs no hook.
    assert_eq!(world.applied(&objects).await.changes.created, 0);
    assert!(world.live("job", "before").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_server_that_is_away_changes_nothing_and_is_found_again() {
    let Some(cluster) = own(&Options::default()) else {
        return;
    };
    let mut world = World::on(&cluster, "away").await;
    world
        .applied(&[config_map("a", "1"), config_map("b", "1")])
        .await;
    let before = world.inventory.clone();
    cluster.stop_api_server();
    let objects = [config_map("a", "2")];
    let away = world.apply(&objects).await;
    let reasons: Vec<_> = away.problems.iter().map(|problem| problem.reason).collect();
    assert_eq!(reasons, [Reason::ClusterUnreachable]);
    assert_eq!((away.changes.failed, away.changes.deleted), (0, 0));
    assert_eq!(
        away.inventory.entries, before.entries,
        "nothing is known to be gone"
    );
    let target = world.applier.target();
    assert!(target.observe(&world.name, &world.inventory).await.is_err());
    cluster.start_api_server().unwrap();
    let back = world.applied(&objects).await;
    assert_eq!((back.changes.configured, back.changes.deleted), (1, 1));
}
