//! Credentials in Secrets of a Kubernetes API server, as they come, change and go.

use fleet_test_cluster::{ControlPlane, Options, own};
use fleet_test_e2e::wait::{LONG, until};
use fleet_test_git::http::Access;
use serde_json::json;

use crate::git_stage::{GitStage, REPO};
use crate::seen::Seen;
use crate::stage::config_map;

fn create(cluster: &ControlPlane, namespace: &str, authority: &str, password: &str) {
    let secret = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/basic-auth",
        "metadata": {"name": "git", "namespace": namespace},
        "stringData": {"username": "ada", "password": password, "cacerts": authority},
    });
    cluster.create(&secret).unwrap();
}

/// Waits until the host counts this.
fn metric(stage: &GitStage, line: &str) {
    let waited = until(line, LONG, || {
        let metrics = stage.host.metrics()?;
        let found = metrics.lines().any(|found| found == line);
        Ok(found.then_some(()).ok_or(metrics))
    });
    waited.unwrap();
}

/// Without this a host in a cluster would need its secrets mounted, and a restart for each new one.
#[test]
fn a_secret_of_the_cluster_counts_as_it_comes_changes_and_goes() {
    if !fleet_test_git::available() {
        return;
    }
    let Some(cluster) = own(&Options::default()) else {
        return;
    };
    let namespace = cluster.namespace("fleet").unwrap();
    let mut stage = GitStage::with_secrets_of(&cluster, &namespace);
    stage.join("dev");
    let server = stage.https();
    let wants = |password: &str| {
        server.set_access(Access::Basic {
            user: "ada".to_owned(),
            password: password.to_owned(),
        });
    };
    let write = |stage: &GitStage, value: &str| {
        let text = config_map("app", value);
        stage.repo.write("app/map.yaml", &text).unwrap();
        stage.repo.commit(value).unwrap()
    };
    let authority = stage.authority.pem().to_owned();
    wants("planted-one");
    let first = write(&stage, "one");
    stage.watch("team", &server.url(REPO), "app", &["clientSecretName: git"]);
    let missing = format!(
        "cannot use the credential `git`: there is no such secret in namespace `{namespace}`"
    );
    stage.told("team", "GitAuthenticationFailed", &missing);
    create(&cluster, &namespace, &authority, "planted-one");
    stage.ready(&["team"], &first);
    let mut seen = Seen::default();
    seen.add_commands(&stage, &["team"]);

    // A credential of the cluster itself is none for Git.
    let account = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/service-account-token",
        "metadata": {
            "name": "account",
            "namespace": namespace,
            "annotations": {"kubernetes.io/service-account.name": "default"},
        },
    });
    cluster.create(&account).unwrap();
    stage.watch(
        "other",
        &server.url(REPO),
        "app",
        &["clientSecretName: account"],
    );
    stage.told("other", "GitAuthenticationFailed", "of a type that is read");
    stage.host.run(&["delete", "gitrepo", "other"]).unwrap();

    wants("planted-two");
    stage.told(
        "team",
        "GitAuthenticationFailed",
        "it does not take the credential",
    );
    seen.add_commands(&stage, &["team"]);
    let patch = json!({"stringData": {"password": "planted-two"}}).to_string();
    let args = ["-n", &namespace, "patch", "secret", "git", "-p", &patch];
    cluster.kubectl(&args).unwrap();
    let second = write(&stage, "two");
    stage.ready(&["team"], &second);

    cluster.stop_api_server();
    metric(&stage, "fleet_secrets_away 1");
    let third = write(&stage, "three");
    stage.ready(&["team"], &third);
    let before = stage.landed("dev");
    stage.host.restart().unwrap();
    stage.told(
        "team",
        "SecretUnavailable",
        &format!("the Secrets of namespace `{namespace}` have not been read yet: "),
    );
    assert_eq!(stage.landed("dev"), before, "what runs stays");
    cluster.start_api_server().unwrap();
    metric(&stage, "fleet_secrets_away 0");
    let fourth = write(&stage, "four");
    stage.ready(&["team"], &fourth);

    let args = ["-n", &namespace, "delete", "secret", "git"];
    cluster.kubectl(&args).unwrap();
    stage.told("team", "GitAuthenticationFailed", &missing);
    seen.add_host(&stage);
    seen.add_commands(&stage, &["team"]);
    seen.add_processes(stage.host.id().unwrap());
    seen.holds_none_of(&[
        ("the password", "planted-one".to_owned()),
        ("the password after it", "planted-two".to_owned()),
        // Both as the API server and as a Git server are told them.
        ("the password, encoded", "cGxhbnRlZC".to_owned()),
        ("user and password, encoded", "YWRhOnBsYW50ZWQt".to_owned()),
    ]);
}
