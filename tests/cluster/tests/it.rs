//! The control plane itself works: it starts, keeps what it stores, and runs pods where asked to.

use std::thread;
use std::time::{Duration, Instant};

use fleet_test_cluster::{Options, own};
use serde_json::json;

#[test]
fn an_api_server_keeps_its_objects_while_it_is_away() {
    let Some(cluster) = own(&Options::default()) else {
        return;
    };
    let namespace = cluster.namespace("kept").unwrap();
    assert!(cluster.namespace("kept").unwrap() != namespace);
    cluster.stop_api_server();
    assert!(cluster.get(&["namespace", &namespace]).is_err());
    cluster.start_api_server().unwrap();
    let object = cluster.get(&["namespace", &namespace]).unwrap();
    assert_eq!(object["status"]["phase"], "Active");
}

#[test]
fn pods_become_ready_without_a_kubelet() {
    let Some(cluster) = own(&Options { pods_run: true }) else {
        return;
    };
    let container = json!({"name": "c", "image": "example.com/none:1"});
    let labels = json!({"app": "a"});
    cluster
        .create(&json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "d", "namespace": "default"},
            "spec": {
                "replicas": 2,
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
            },
        }))
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let deployment = cluster.get(&["-n", "default", "deployment", "d"]).unwrap();
        if deployment["status"]["availableReplicas"] == 2 {
            return;
        }
        assert!(
            Instant::now() < deadline,
            "{}\n{}",
            deployment["status"],
            cluster.log("kwok")
        );
        thread::sleep(Duration::from_millis(500));
    }
}
