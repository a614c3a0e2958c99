//! The webhooks' listener, over loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use fleet_core::name::RepoName;
use fleet_core::resource::{GitRepo, GitRepoSpec, Metadata};
use fleet_host::host::{Host, Settings};
use fleet_host::webhook;
use fleet_host_plan::fleet::Event;
use fleet_webhook::Keys;
use reqwest::{Client, RequestBuilder, StatusCode};
use tempfile::TempDir;

const COMMIT: &str = "9049f1265b7d61be4a8904a9a27120d2064dab3b";

/// A host that takes webhooks, with a GitRepo or two.
struct Stage {
    dir: TempDir,
    host: Host,
    client: Client,
}

/// What a test changes of the listener.
#[derive(Default)]
struct With {
    secret: Option<&'static str>,
    allow_unsigned: bool,
    tls: bool,
}

impl Stage {
    async fn start(with: With) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut builder = Client::builder().no_proxy();
        let mut tls = None;
        if with.tls {
            let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
            let (certificate, key) = (dir.path().join("tls.crt"), dir.path().join("tls.key"));
            std::fs::write(&certificate, made.cert.pem()).unwrap();
            std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
            let root = reqwest::Certificate::from_pem(made.cert.pem().as_bytes()).unwrap();
            builder = builder.tls_certs_only([root]);
            tls = Some((certificate, key));
        }
        secret(dir.path(), "host", &[("secret", "of the host")]);
        secret(dir.path(), "team-a", &[("secret", "of team a")]);
        let host = Host::start(Settings {
            metrics: Some(loopback()),
            secrets: fleet_secrets::Place::Folder(dir.path().join("secrets")),
            webhooks: Some(webhook::Settings {
                address: loopback(),
                tls,
                secret: with.secret.map(str::to_owned),
                allow_unsigned: with.allow_unsigned,
            }),
            ..Settings::new(dir.path().join("data"))
        });
        let stage = Self {
            host: host.await.unwrap(),
            dir,
            client: builder.build().unwrap(),
        };
        stage
            .watch("shop", "https://127.0.0.1:9/team/shop.git", None)
            .await;
        stage
            .watch("own", "https://127.0.0.1:9/team/own.git", Some("team-a"))
            .await;
        stage
    }

    async fn watch(&self, name: &str, url: &str, webhook_secret: Option<&str>) {
        let repo = GitRepo {
            api_version: fleet_core::resource::API_VERSION.to_owned(),
            metadata: Metadata::named(RepoName::parse(name).unwrap()),
            spec: GitRepoSpec {
                repo: url.to_owned(),
                branch: Some("main".to_owned()),
                disable_polling: true,
                webhook_secret: webhook_secret.map(str::to_owned),
                ..GitRepoSpec::default()
            },
        };
        self.host
            .handle()
            .tell(Event::RepoSet(Box::new(repo)))
            .await
            .unwrap();
    }

    fn post(&self, body: &str) -> RequestBuilder {
        let url = self.host.webhooks_url().unwrap();
        self.client.post(url).body(body.to_owned())
    }

    /// A push to a repository of the team, signed with `key` now.
    fn push(&self, repo: &str, key: &str) -> RequestBuilder {
        let body = body(repo);
        sign(self.post(&body), &body, key, now())
    }

    /// How many webhooks ended so.
    async fn count(&self, outcome: &str) -> u64 {
        let url = self.host.metrics_url().unwrap();
        let client = Client::builder().no_proxy().build().unwrap();
        let text = client.get(url).send().await.unwrap().text().await.unwrap();
        let line = format!("fleet_webhooks_total{{outcome=\"{outcome}\"}} ");
        let found = text.lines().find_map(|found| found.strip_prefix(&line));
        found.map_or(0, |n| n.parse().unwrap())
    }
}

fn loopback() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap().as_secs()
}

fn secret(dir: &Path, name: &str, entries: &[(&str, &str)]) {
    let folder = dir.join("secrets").join(name);
    std::fs::create_dir_all(&folder).unwrap();
    for (key, value) in entries {
        std::fs::write(folder.join(key), value).unwrap();
    }
}

fn body(repo: &str) -> String {
    format!(
        r#"{{"repo": "git@127.0.0.1:team/{repo}.git", "ref": "refs/heads/main", "commit": "{COMMIT}"}}"#
    )
}

fn sign(request: RequestBuilder, body: &str, key: &str, at: u64) -> RequestBuilder {
    let keys: Keys = [("secret", key)].into_iter().collect();
    request
        .header("X-Fleet-Timestamp", at.to_string())
        .header("X-Fleet-Signature", keys.sign(at, body.as_bytes()).unwrap())
}

/// Status and text of an answer.
async fn answer(request: RequestBuilder) -> (StatusCode, String) {
    let response = request.send().await.unwrap();
    (response.status(), response.text().await.unwrap())
}

/// Without this the listener could be asked which repositories there are.
#[tokio::test]
async fn a_stranger_is_refused_in_the_same_words_whatever_he_names() {
    let stage = Stage::start(With {
        secret: Some("host"),
        ..With::default()
    })
    .await;
    let mut refusals = Vec::new();
    for repo in ["shop", "own", "no-such-repository"] {
        refusals.push(answer(stage.push(repo, "guessed")).await);
        let unsigned = stage.post(&body(repo)).header("X-Fleet-Timestamp", "1");
        refusals.push(answer(unsigned).await);
    }
    assert_eq!(refusals[0].0, StatusCode::UNAUTHORIZED);
    refusals.dedup();
    assert_eq!(refusals.len(), 1, "{refusals:?}");
    assert_eq!(stage.count("unverified").await, 6);

    let known = answer(stage.push("shop", "of the host")).await;
    let unknown = answer(stage.push("no-such-repository", "of the host")).await;
    assert_eq!(known.0, StatusCode::OK);
    assert_eq!(known, unknown);
    assert_eq!(stage.count("woken").await, 1);
    assert_eq!(stage.count("unmatched").await, 1);
}

#[tokio::test]
async fn a_gitrepo_with_its_own_secret_is_woken_by_that_alone() {
    let stage = Stage::start(With {
        secret: Some("host"),
        ..With::default()
    })
    .await;
    // The host's key is good, but not for this one.
    let status = answer(stage.push("own", "of the host")).await.0;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(stage.count("woken").await, 0);
    let status = answer(stage.push("shop", "of team a")).await.0;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let status = answer(stage.push("own", "of team a")).await.0;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(stage.count("woken").await, 1);

    // A secret that is changed counts at once.
    secret(stage.dir.path(), "team-a", &[("secret", "rotated")]);
    let status = answer(stage.push("own", "of team a")).await.0;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let status = answer(stage.push("own", "rotated")).await.0;
    assert_eq!(status, StatusCode::OK);
    std::fs::remove_dir_all(stage.dir.path().join("secrets/team-a")).unwrap();
    let status = answer(stage.push("own", "rotated")).await.0;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn without_any_secret_everything_is_refused_unless_the_operator_says_otherwise() {
    let closed = Stage::start(With::default()).await;
    let unsigned = |stage: &Stage, repo: &str| {
        let request = stage.post(&body(repo));
        request.header("X-Fleet-Timestamp", now().to_string())
    };
    for request in [unsigned(&closed, "shop"), closed.push("shop", "guessed")] {
        assert_eq!(answer(request).await.0, StatusCode::UNAUTHORIZED);
    }
    let open = Stage::start(With {
        allow_unsigned: true,
        ..With::default()
    })
    .await;
    assert_eq!(answer(unsigned(&open, "shop")).await.0, StatusCode::OK);
    assert_eq!(open.count("woken").await, 1);
    // Who sets a secret is not let down by the flag.
    assert_eq!(answer(unsigned(&open, "own")).await.0, StatusCode::OK);
    assert_eq!(open.count("woken").await, 1);
}

#[tokio::test]
async fn what_was_taken_before_has_no_effect() {
    let stage = Stage::start(With {
        secret: Some("host"),
        ..With::default()
    })
    .await;
    let (body, at) = (body("shop"), now());
    let once = || sign(stage.post(&body), &body, "of the host", at);
    let first = answer(once()).await;
    assert_eq!(answer(once()).await, first);
    assert_eq!(stage.count("woken").await, 1);
    assert_eq!(stage.count("duplicate").await, 1);
    let old = sign(stage.post(&body), &body, "of the host", at - 1000);
    assert_eq!(answer(old).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn size_and_form_are_bounded() {
    let stage = Stage::start(With {
        secret: Some("host"),
        ..With::default()
    })
    .await;
    let large = " ".repeat((4 << 20) + 1);
    let announced = stage.post(&large).header("X-GitHub-Event", "push");
    let chunks = vec![Ok::<_, std::io::Error>(large)];
    let unannounced = stage
        .post("")
        .header("X-GitHub-Event", "push")
        .body(reqwest::Body::wrap_stream(futures::stream::iter(chunks)));
    for request in [announced, unannounced] {
        assert_eq!(answer(request).await.0, StatusCode::PAYLOAD_TOO_LARGE);
    }
    for request in [
        stage.post("{}"),
        stage.post("{").header("X-GitHub-Event", "push"),
        stage
            .push("shop", "of the host")
            .header("X-GitHub-Event", "push"),
    ] {
        assert_eq!(answer(request).await.0, StatusCode::BAD_REQUEST);
    }
    let url = stage.host.webhooks_url().unwrap();
    let get = stage.client.get(url);
    assert_eq!(answer(get).await.0, StatusCode::METHOD_NOT_ALLOWED);
    let elsewhere = stage.client.post(format!("{url}/other"));
    assert_eq!(answer(elsewhere).await.0, StatusCode::NOT_FOUND);
    assert_eq!(stage.count("too_large").await, 2);
    assert_eq!(stage.count("malformed").await, 3);
}

/// Rancher Fleet's listener has no path, and its `Test connection` from Bitbucket no signature.
#[tokio::test]
async fn what_is_set_up_for_rancher_fleet_goes_on() {
    let stage = Stage::start(With {
        secret: Some("host"),
        ..With::default()
    })
    .await;
    let url = stage.host.webhooks_url().unwrap();
    let root = url.strip_suffix("v1/webhooks").unwrap();
    let body = body("shop");
    let request = stage.client.post(root).body(body.clone());
    let request = sign(request, &body, "of the host", now());
    assert_eq!(answer(request).await.0, StatusCode::OK);
    let ping = r#"{"test": true}"#;
    let ping = stage.post(ping).header("X-Event-Key", "diagnostics:ping");
    assert_eq!(answer(ping).await.0, StatusCode::OK);
    assert_eq!(stage.count("ping").await, 1);
}

#[tokio::test]
async fn too_many_are_told_when_to_come_again() {
    let stage = Stage::start(With {
        secret: Some("host"),
        ..With::default()
    })
    .await;
    for _ in 0..2000 {
        let response = stage.push("shop", "guessed").send().await.unwrap();
        if response.status() == StatusCode::TOO_MANY_REQUESTS {
            assert_eq!(response.headers()["retry-after"], "1");
            return;
        }
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    }
    panic!("2000 requests at once were let in");
}

#[tokio::test]
async fn it_speaks_tls_with_the_operators_certificate() {
    let stage = Stage::start(With {
        secret: Some("host"),
        tls: true,
        ..With::default()
    })
    .await;
    let url = stage.host.webhooks_url().unwrap();
    assert!(url.starts_with("https://"), "{url}");
    let status = answer(stage.push("shop", "of the host")).await.0;
    assert_eq!(status, StatusCode::OK);

    let settings = Settings {
        webhooks: Some(webhook::Settings {
            address: loopback(),
            tls: Some(("/nonexistent".into(), "/nonexistent".into())),
            secret: None,
            allow_unsigned: false,
        }),
        ..Settings::new(stage.dir.path().join("other"))
    };
    assert!(Host::start(settings).await.is_err());
}
