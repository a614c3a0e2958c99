//! What an operator meets: commands, their errors, and a host that starts and stops as it should.

use crate::harness::Host;

#[test]
fn a_second_host_on_the_same_data_directory_is_refused() {
    let host = Host::start();
    let error = host.fails(1, &["host", "--agents", "127.0.0.1:0", "--metrics", "off"]);
    assert!(error.contains("in use by process"), "{error}");
    // The first one goes on.
    host.ok(&["status"]);
}

#[test]
fn a_host_ends_in_order_and_keeps_what_it_knows() {
    let mut host = Host::start();
    host.apply("kind: Cluster\nmetadata: {name: edge-1, labels: {env: dev}}\n");
    let before = host.json(&["status"]);
    assert_eq!(host.terminate(), Some(0), "{}", host.log());
    assert!(!host.data_dir().join("control.sock").exists());
    let error = host.fails(1, &["status"]);
    assert!(
        error.contains("control.sock") && error.contains("fleet host"),
        "{error}"
    );
    host.run();
    let after = host.json(&["status"]);
    assert_eq!(after["incarnation"], before["incarnation"]);
    assert_eq!(after["caPin"], before["caPin"]);
    let cluster = host.json(&["get", "clusters", "edge-1"]);
    assert_eq!(cluster["metadata"]["labels"]["env"], "dev");
}

#[test]
fn the_socket_and_the_data_directory_are_closed_to_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let host = Host::start();
    for (path, expected) in [
        ("", 0o700),
        ("control.sock", 0o600),
        ("identity/ca.key", 0o600),
    ] {
        let metadata = std::fs::metadata(host.data_dir().join(path)).unwrap();
        assert_eq!(metadata.permissions().mode() & 0o777, expected, "{path}");
    }
}

#[test]
fn mistakes_in_files_are_told_with_their_place_and_nothing_is_applied() {
    let host = Host::start();
    let file = host.data_dir().join("bad.yaml");
    std::fs::write(
        &file,
        "kind: Cluster\nmetadata: {name: a}\n---\nkind: GitRepo\nmetadata: {name: b}\nspec:\n  repo: /x\n  brunch: main\n",
    )
    .unwrap();
    let error = host.fails(1, &["apply", "-f", file.to_str().unwrap()]);
    assert!(error.contains("bad.yaml:8:3"), "{error}");
    assert!(error.contains("did you mean `branch`?"), "{error}");
    assert_eq!(
        host.json(&["get", "clusters"])["items"],
        serde_json::json!([])
    );
    // What only the host can judge is told the same way.
    std::fs::write(
        &file,
        "kind: GitRepo\nmetadata: {name: b}\nspec: {repo: 'ftp://x/y'}\n",
    )
    .unwrap();
    let error = host.fails(1, &["apply", "-f", file.to_str().unwrap()]);
    assert!(
        error.contains("bad.yaml:1: gitrepo/b: cannot use `ftp://x/y`"),
        "{error}"
    );
}

#[test]
fn a_repository_that_is_not_there_is_shown_with_reason_and_hint() {
    let host = Host::start();
    host.apply("kind: GitRepo\nmetadata: {name: lost}\nspec: {repo: /nonexistent/repo}\n");
    host.eventually("the problem shows", |host| {
        let text = host.ok(&["describe", "gitrepo", "lost"]);
        text.contains("GitRepositoryNotFound") && text.contains("hint:")
    });
    let table = host.ok(&["get", "gitrepos"]);
    assert!(table.contains("Error   GitRepositoryNotFound"), "{table}");
    host.ok(&["delete", "gitrepo", "lost"]);
    let error = host.fails(1, &["delete", "gitrepo", "lost"]);
    assert!(error.contains("there is no GitRepo `lost`"), "{error}");
    host.ok(&["delete", "gitrepo", "lost", "--ignore-not-found"]);
}

#[test]
fn what_is_printed_can_be_applied() {
    let host = Host::start();
    host.apply(
        "kind: ClusterGroup\nmetadata: {name: default}\nspec: {selector: {matchLabels: {env: dev}}}\n---\nkind: Cluster\nmetadata: {name: a}\n",
    );
    for kind in ["clusters", "clustergroups"] {
        let yaml = host.ok(&["get", kind, "-o", "yaml"]);
        let file = host.data_dir().join("again.yaml");
        std::fs::write(&file, yaml).unwrap();
        let text = host.ok(&["apply", "-f", file.to_str().unwrap()]);
        assert!(text.contains("unchanged"), "{kind}: {text}");
    }
}

#[test]
fn metrics_and_health_are_served() {
    let host = Host::start();
    let url = host.json(&["status"])["metricsUrl"]
        .as_str()
        .unwrap()
        .to_owned();
    let get = |url: String| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move {
            let response = reqwest::get(url).await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        })
    };
    let (status, text) = get(url.clone());
    assert_eq!(status, 200);
    assert!(text.contains("fleet_clusters 0"), "{text}");
    assert!(text.ends_with("# EOF\n"), "{text}");
    for path in ["healthz", "readyz"] {
        let (status, text) = get(url.replace("metrics", path));
        assert_eq!((status, text.as_str()), (200, "ok\n"));
    }
}
