//! Agents that apply to a real Kubernetes API.

use fleet_test_cluster::{ControlPlane, Options, own};
use fleet_test_e2e::agent::Target;
use fleet_test_e2e::wait::{LONG, until};
use serde_json::Value;

use crate::stage::{Stage, TEAM, config_map};

/// A deployment, with the number of its copies as a customisation of the cluster.
const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'web:1'}]}
";

fn wait_gone(cluster: &ControlPlane, args: &[&str]) {
    until(&format!("{args:?} goes"), LONG, || {
        Ok(match cluster.get(args) {
            Err(_) => Ok(()),
            Ok(_) => Err("it is there".to_owned()),
        })
    })
    .unwrap();
}

fn managers(object: &Value) -> Vec<String> {
    let fields = object["metadata"]["managedFields"]
        .as_array()
        .into_iter()
        .flatten();
    fields
        .filter(|entry| entry["operation"] == "Apply")
        .filter_map(|entry| entry["manager"].as_str().map(str::to_owned))
        .collect()
}

/// Without this the product would not do what it is for.
#[test]
fn commits_become_objects_of_our_field_manager_and_go_with_the_gitrepo() {
    let Some(dev) = own(&Options { pods_run: true }) else {
        return;
    };
    let Some(prod) = own(&Options { pods_run: true }) else {
        return;
    };
    let mut stage = Stage::new();
    stage.join_target("dev", &["env=dev"], Target::Kubernetes(dev.kubeconfig()));
    stage.join_target("prod", &["env=prod"], Target::Kubernetes(prod.kubeconfig()));
    stage
        .repo
        .write(
            "web/Chart.yaml",
            "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        )
        .unwrap();
    stage
        .repo
        .write("web/templates/web.yaml", DEPLOYMENT)
        .unwrap();
    stage
        .repo
        .write("web/templates/extra.yaml", &config_map("extra", "one"))
        .unwrap();
    stage
        .repo
        .write(
            "web/fleet.yaml",
            "defaultNamespace: shop\nhelm: {values: {replicas: 1}}\ntargetCustomizations:\n- clusterSelector: {matchLabels: {env: prod}}\n  helm: {values: {replicas: 3}}\n",
        )
        .unwrap();
    let commit = stage.repo.commit("first").unwrap();
    stage.watch(&["web"]);
    stage.ready(&commit, 2);
    let web = ["-n", "shop", "deployments", "web", "--show-managed-fields"];
    for (cluster, replicas) in [(&dev, 1), (&prod, 3)] {
        let object = cluster.get(&web).unwrap();
        assert_eq!(object["spec"]["replicas"], replicas);
        assert_eq!(
            object["status"]["availableReplicas"], replicas,
            "ready means that pods run"
        );
        assert_eq!(managers(&object), ["fleet-agent"]);
    }

    // Somebody else's object in the same namespace, which must stay.
    dev.kubectl(&["-n", "shop", "create", "configmap", "foreign"])
        .unwrap();
    stage.repo.remove("web/templates/extra.yaml").unwrap();
    let commit = stage.repo.commit("second").unwrap();
    stage.ready(&commit, 2);
    wait_gone(&dev, &["-n", "shop", "configmaps", "extra"]);
    wait_gone(&prod, &["-n", "shop", "configmaps", "extra"]);

    // A host that dies and comes back changes nothing.
    let before = dev.get(&web).unwrap();
    stage.host.kill().unwrap();
    stage.host.restart().unwrap();
    stage.ready(&commit, 2);
    let after = dev.get(&web).unwrap();
    assert_eq!(before["metadata"]["uid"], after["metadata"]["uid"]);
    assert_eq!(
        before["metadata"]["generation"],
        after["metadata"]["generation"]
    );

    stage.host.run(&["delete", "gitrepo", TEAM]).unwrap();
    for cluster in [&dev, &prod] {
        wait_gone(cluster, &["-n", "shop", "deployments", "web"]);
    }
    dev.get(&["-n", "shop", "configmaps", "foreign"]).unwrap();
}

/// Without this a crash would leave objects in a cluster that nobody ever deletes.
#[test]
fn an_agent_that_is_killed_while_it_applies_to_a_cluster_leaves_nothing_unowned() {
    const N_OBJECTS: usize = 300;
    let Some(cluster) = fleet_test_cluster::shared() else {
        return;
    };
    let namespace = cluster.namespace("crash").unwrap();
    let mut stage = Stage::new();
    stage.join_target("dev", &[], Target::Kubernetes(cluster.kubeconfig()));
    for n in 0..N_OBJECTS {
        let name = format!("map-{n:03}");
        stage
            .repo
            .write(&format!("many/{name}.yaml"), &config_map(&name, "one"))
            .unwrap();
    }
    let recipe = format!("defaultNamespace: {namespace}\n");
    stage.repo.write("many/fleet.yaml", &recipe).unwrap();
    stage.repo.write("few/fleet.yaml", &recipe).unwrap();
    stage
        .repo
        .write("few/a.yaml", &config_map("few", "one"))
        .unwrap();
    let commit = stage.repo.commit("many").unwrap();
    let count = || -> anyhow::Result<usize> {
        let list = cluster.get(&[
            "-n",
            &namespace,
            "configmaps",
            "-l",
            "fleet.cattle.io/deployment",
        ])?;
        Ok(list["items"].as_array().map_or(0, Vec::len))
    };
    stage.watch(&["many", "few"]);
    until("the apply has begun", LONG, || {
        let n = count()?;
        Ok(if n > 3 {
            Ok(())
        } else {
            Err(format!("{n} objects"))
        })
    })
    .unwrap();
    stage.agents.get_mut("dev").unwrap().kill().unwrap();
    stage.agents.get_mut("dev").unwrap().restart().unwrap();
    stage.ready(&commit, 2);
    assert_eq!(count().unwrap(), N_OBJECTS + 1);

    stage.repo.remove("many").unwrap();
    stage.repo.commit("none of them").unwrap();
    stage.watch(&["few"]);
    until("all of them go", LONG, || {
        let n = count()?;
        Ok(if n == 1 {
            Ok(())
        } else {
            Err(format!("{n} objects"))
        })
    })
    .unwrap();
}
