//! A namespace that is watched with no more rights than the documentation says.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fleet_secrets::{Error, Place, Secrets, Told};
use fleet_test_cluster::{ControlPlane, Options, own};
use serde_json::json;
use tokio_util::sync::CancellationToken;

/// What the watch told, and the secrets that it keeps.
struct Stage {
    secrets: Secrets,
    told: Arc<Mutex<Vec<Told>>>,
    stop: CancellationToken,
}

impl Stage {
    async fn new(kubeconfig: PathBuf, namespace: &str) -> Self {
        let place = Place::Namespace {
            name: namespace.to_owned(),
            kubeconfig: Some(kubeconfig),
            context: None,
        };
        let secrets = Secrets::open(place).await.unwrap();
        let (told, stop) = (Arc::<Mutex<Vec<Told>>>::default(), CancellationToken::new());
        let watched = secrets.namespace().unwrap().clone();
        let (heard, ended) = (told.clone(), stop.clone());
        tokio::spawn(async move {
            let tell = |what| heard.lock().unwrap().push(what);
            watched.watch(ended, tell, || 0.5).await;
        });
        Self {
            secrets,
            told,
            stop,
        }
    }

    fn password(&self, name: &str) -> Result<String, Error> {
        let entries = self.secrets.read(name)?;
        Ok(entries
            .text("password")
            .unwrap()
            .unwrap_or_default()
            .to_owned())
    }

    /// Waits until a secret reads as this, or a refusal holds this text.
    async fn reads(&self, name: &str, expected: Result<&str, &str>) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let found = self.password(name);
            let holds = match (&found, expected) {
                (Ok(found), Ok(expected)) => found == expected,
                (Err(found), Err(expected)) => found.to_string().contains(expected),
                _ => false,
            };
            if holds {
                return;
            }
            assert!(
                Instant::now() < deadline,
                "{found:?} instead of {expected:?}"
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until something was told since the last call.
    async fn hears(&self, expected: &Told) {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let found = std::mem::take(&mut *self.told.lock().unwrap());
            if found.contains(expected) {
                return;
            }
            assert!(Instant::now() < deadline, "{expected:?} was not told");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn changed(name: &str) -> Told {
    Told::Changed(BTreeSet::from([name.to_owned()]))
}

fn create(cluster: &ControlPlane, namespace: &str, name: &str, kind: &str, password: &str) {
    let data = json!({"username": "ada", "password": password});
    let metadata = json!({"name": name, "namespace": namespace});
    let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": kind, "stringData": data});
    cluster.create(&secret).unwrap();
}

/// A kubeconfig for a service account of `namespace` with these rights on its Secrets.
fn account(
    cluster: &ControlPlane,
    namespace: &str,
    name: &str,
    verbs: &str,
    dir: &Path,
) -> PathBuf {
    let kubectl = |args: &[&str]| {
        let in_namespace = [&["-n", namespace], args].concat();
        cluster.kubectl(&in_namespace).unwrap()
    };
    kubectl(&["create", "serviceaccount", name]);
    kubectl(&["create", "role", name, verbs, "--resource=secrets"]);
    let (role, account) = (
        format!("--role={name}"),
        format!("--serviceaccount={namespace}:{name}"),
    );
    kubectl(&["create", "rolebinding", name, &role, &account]);
    let token = kubectl(&["create", "token", name]);
    let file = dir.join(name);
    std::fs::copy(cluster.kubeconfig(), &file).unwrap();
    let config = format!("--kubeconfig={}", file.display());
    let token = format!("--token={}", token.trim());
    let context = cluster.kubectl(&["config", "current-context"]).unwrap();
    cluster
        .kubectl(&[&config, "config", "set-credentials", name, &token])
        .unwrap();
    let user = format!("--user={name}");
    cluster
        .kubectl(&[&config, "config", "set-context", context.trim(), &user])
        .unwrap();
    file
}

/// Without this a rotated credential would count late, a slip of the API server would take all of them away, or a host
/// would need more rights than it is told to have.
#[tokio::test(flavor = "multi_thread")]
async fn secrets_follow_the_namespace_and_hold_while_the_api_server_is_away() {
    let Some(cluster) = own(&Options::default()) else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let namespace = cluster.namespace("fleet").unwrap();
    let elsewhere = cluster.namespace("other").unwrap();
    let config = account(
        &cluster,
        &namespace,
        "host",
        "--verb=list,watch",
        dir.path(),
    );
    for n in 0..120 {
        create(&cluster, &namespace, &format!("many-{n}"), "Opaque", "x");
    }
    create(&cluster, &elsewhere, "theirs", "Opaque", "x");
    let stage = Stage::new(config, &namespace).await;
    stage.hears(&Told::Back).await;
    assert_eq!(
        stage.secrets.namespace().unwrap().n_held(),
        120,
        "more than one page"
    );
    let missing = format!("there is no such secret in namespace `{namespace}`");
    stage.reads("git", Err(&missing)).await;
    stage.reads("theirs", Err(&missing)).await;

    create(
        &cluster,
        &namespace,
        "git",
        "kubernetes.io/basic-auth",
        "one",
    );
    stage.hears(&changed("git")).await;
    stage.reads("git", Ok("one")).await;
    let patch = |password: &str| {
        let patch = json!({"stringData": {"password": password}}).to_string();
        let args = ["-n", &namespace, "patch", "secret", "git", "-p", &patch];
        cluster.kubectl(&args).unwrap();
    };
    patch("two");
    stage.hears(&changed("git")).await;
    stage.reads("git", Ok("two")).await;

    cluster.stop_api_server();
    stage.hears(&Told::Away).await;
    stage.reads("git", Ok("two")).await;
    stage
        .reads("other", Err("when the API server answered last"))
        .await;
    cluster.start_api_server().unwrap();
    stage.hears(&Told::Back).await;
    patch("three");
    stage.reads("git", Ok("three")).await;

    cluster
        .kubectl(&["-n", &namespace, "delete", "secret", "git"])
        .unwrap();
    stage.hears(&changed("git")).await;
    stage.reads("git", Err(&missing)).await;
    stage.stop.cancel();
}

/// Without this a GitRepo could send a credential of the cluster itself to a Git server of its author.
#[tokio::test(flavor = "multi_thread")]
async fn credentials_of_the_cluster_are_never_read() {
    let Some(cluster) = fleet_test_cluster::shared() else {
        return;
    };
    let namespace = cluster.namespace("types").unwrap();
    let stage = Stage::new(cluster.kubeconfig(), &namespace).await;
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
    create(
        cluster,
        &namespace,
        "bootstrap",
        "bootstrap.kubernetes.io/token",
        "x",
    );
    create(cluster, &namespace, "own", "example.org/own", "x");
    create(cluster, &namespace, "last", "Opaque", "x");
    stage.reads("last", Ok("x")).await;
    for name in ["account", "bootstrap"] {
        stage
            .reads(name, Err("of a type that is read (`Opaque`"))
            .await;
    }
    stage
        .reads("own", Err("it is a Secret of type `example.org/own`"))
        .await;
    stage.stop.cancel();
}

/// Without this nobody would know why nothing works.
#[tokio::test(flavor = "multi_thread")]
async fn before_the_first_answer_it_is_said_why_there_is_none() {
    let Some(cluster) = fleet_test_cluster::shared() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let namespace = cluster.namespace("forbidden").unwrap();
    create(cluster, &namespace, "git", "Opaque", "one");
    let config = account(cluster, &namespace, "guest", "--verb=get", dir.path());
    let stage = Stage::new(config, &namespace).await;
    stage.hears(&Told::Away).await;
    let error = stage.password("git").unwrap_err();
    assert!(error.is_passing(), "{error}");
    let text = error.to_string();
    assert!(
        text.contains("have not been read yet: secrets is forbidden"),
        "{text}"
    );
    let patch = r#"[{"op": "add", "path": "/rules/0/verbs", "value": ["list", "watch"]}]"#;
    let args = [
        "-n",
        &namespace,
        "patch",
        "role",
        "guest",
        "--type=json",
        "-p",
        patch,
    ];
    cluster.kubectl(&args).unwrap();
    stage.reads("git", Ok("one")).await;
    stage.stop.cancel();
}
