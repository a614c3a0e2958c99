//! From a commit to deployments: the whole path of the host with raw manifests.

use serde_json::Value;

use crate::harness::{Host, Repo, config_map, has_plugin, shop};

const CLUSTERS: &str = "\
kind: Cluster
metadata: {name: dev, labels: {env: dev}}
---
kind: Cluster
metadata: {name: prod, labels: {env: prod}}
---
";

/// Cluster, bundle, generation and content of each deployment.
fn deployments(host: &Host) -> Vec<(String, String, u64, String)> {
    let list = host.json(&["get", "deployments"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let spec = &item["spec"];
            let generation = spec["generation"].as_u64().unwrap();
            (
                text(&spec["cluster"]),
                text(&spec["bundle"]),
                generation,
                text(&spec["content"]),
            )
        })
        .collect()
}

fn wait_for_commit(host: &Host, commit: &str) {
    host.eventually("the commit is taken", |host| {
        host.json(&["get", "gitrepos", "shop"])["status"]["commit"] == commit
    });
}

#[test]
fn a_commit_becomes_deployments_on_the_clusters_that_are_meant() {
    if !has_plugin("raw") {
        return;
    }
    let mut host = Host::start();
    let repo = Repo::new();
    let first = repo.commit(&[
        ("apps/web/cm.yaml", &config_map("web", "1")),
        ("apps/db/cm.yaml", &config_map("db", "1")),
        ("other/cm.yaml", &config_map("other", "1")),
    ]);
    host.apply(&format!("{CLUSTERS}{}", shop(&repo.url())));
    wait_for_commit(&host, &first);
    let before = deployments(&host);
    let names: Vec<_> = before
        .iter()
        .map(|(cluster, bundle, generation, _)| (cluster.as_str(), bundle.as_str(), *generation))
        .collect();
    assert_eq!(
        names,
        [("dev", "shop-apps-db", 1), ("dev", "shop-apps-web", 1)]
    );

    // A change of one path touches that path alone.
    let second = repo.commit(&[("apps/web/cm.yaml", &config_map("web", "2"))]);
    wait_for_commit(&host, &second);
    let after = deployments(&host);
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].2, 2);
    assert_ne!(after[1].3, before[1].3);

    // Nothing is lost when the host is killed, and nothing changes by starting again.
    host.kill();
    host.run();
    assert_eq!(deployments(&host), after);
    host.eventually("the commit is rendered again", |host| {
        let log = host.log();
        log.contains("rendered n_bundles=2")
    });
    assert_eq!(deployments(&host), after);

    // A path that goes takes its bundle along; the GitRepo takes the rest.
    let third = repo.commit(&[("apps/db/cm.yaml", "")]);
    wait_for_commit(&host, &third);
    let table = host.ok(&["get", "bundles"]);
    assert!(
        table.contains("shop-apps-web") && !table.contains("shop-apps-db"),
        "{table}"
    );
    host.ok(&["delete", "gitrepo", "shop"]);
    assert_eq!(
        host.json(&["get", "bundles"])["items"],
        serde_json::json!([])
    );
    let table = host.ok(&["get", "deployments"]);
    assert_eq!(table.matches("Removing").count(), 2, "{table}");
}

#[test]
fn a_broken_path_is_shown_with_its_place_and_the_others_go_on() {
    if !has_plugin("raw") {
        return;
    }
    let host = Host::start();
    let repo = Repo::new();
    let commit = repo.commit(&[
        ("apps/good/cm.yaml", &config_map("good", "1")),
        ("apps/bad/cm.yaml", "kind: ConfigMap\nmetadata: {name: a\n"),
    ]);
    host.apply(&format!("{CLUSTERS}{}", shop(&repo.url())));
    wait_for_commit(&host, &commit);
    let text = host.ok(&["describe", "gitrepo", "shop"]);
    assert!(text.contains("apps/bad/cm.yaml:"), "{text}");
    let good = host.json(&["get", "deployments", "dev/shop-apps-good"]);
    assert_eq!(good["spec"]["objects"], 1);
    let bad = host.json(&["get", "deployments", "dev/shop-apps-bad"]);
    let problem = &bad["status"]["problems"][0];
    assert_eq!(problem["file"], "apps/bad/cm.yaml", "{bad:#}");
    assert!(problem["line"].as_u64() > Some(0), "{bad:#}");
}

/// Invariant 11: the last good state stays, and the host says what it is and why there is no newer one.
#[test]
fn a_host_that_starts_without_its_git_server_knows_what_it_rendered() {
    if !has_plugin("raw") {
        return;
    }
    let mut host = Host::start();
    let repo = Repo::new();
    let commit = repo.commit(&[
        ("apps/web/cm.yaml", &config_map("web", "1")),
        ("apps/bad/cm.yaml", "kind: [\n"),
    ]);
    host.apply(&format!("{CLUSTERS}{}", shop(&repo.url())));
    wait_for_commit(&host, &commit);
    let before = deployments(&host);
    host.kill();
    drop(repo);
    host.run();
    host.eventually("both problems show", |host| {
        let text = host.ok(&["describe", "gitrepo", "shop"]);
        text.contains("GitRepositoryNotFound") && text.contains("apps/bad/cm.yaml:")
    });
    assert_eq!(deployments(&host), before);
}
