//! What an agent meets: enrolment, the stream, desired states, bundles, reports, and being thrown out.

use std::time::Duration;

use fleet_core::bundle::Bundle;
use fleet_core::digest::Digest;
use fleet_core::wire::{
    AgentInfo, ApplyStatus, Changes, DeploymentReport, Desired, EnrolRequest, EnrolResponse,
    Report, StreamMessage,
};
use fleet_core::{name::BundleName, state::Health};
use rcgen::{CertificateParams, KeyPair};
use reqwest::{Certificate, Client, Identity, Response};
use serde_json::Value;

use crate::harness::{Host, Repo, config_map, has_plugin, shop};

/// An agent's key, and what it was given for it.
struct Agent {
    key: KeyPair,
    url: String,
    ca: String,
    certificate: Option<String>,
}

impl Agent {
    fn new(host: &Host) -> Self {
        let status = host.json(&["status"]);
        Self {
            key: KeyPair::generate().unwrap(),
            url: status["agentsUrl"].as_str().unwrap().to_owned(),
            ca: std::fs::read_to_string(host.data_dir().join("identity/ca.crt")).unwrap(),
            certificate: None,
        }
    }

    fn client(&self) -> Client {
        let ca = Certificate::from_pem(self.ca.as_bytes()).unwrap();
        let mut client = Client::builder().tls_certs_only([ca]);
        if let Some(certificate) = &self.certificate {
            let pem = format!("{certificate}{}", self.key.serialize_pem());
            client = client.identity(Identity::from_pem(pem.as_bytes()).unwrap());
        }
        client.timeout(Duration::from_secs(30)).build().unwrap()
    }

    fn route(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    async fn get(&self, path: &str) -> Response {
        self.client().get(self.route(path)).send().await.unwrap()
    }

    async fn enrol(&mut self, token: Option<&str>) -> Result<EnrolResponse, u16> {
        let csr = CertificateParams::default()
            .serialize_request(&self.key)
            .unwrap();
        let request = EnrolRequest {
            csr: csr.pem().unwrap(),
            labels: [("env".to_owned(), "prod".to_owned())].into(),
            about: AgentInfo {
                version: "test".to_owned(),
                kube_version: "v1.36.3".to_owned(),
                api_versions: Vec::new(),
            },
        };
        let mut send = self.client().post(self.route("/v1/enrol")).json(&request);
        if let Some(token) = token {
            send = send.bearer_auth(token);
        }
        let response = send.send().await.unwrap();
        if !response.status().is_success() {
            let status = response.status().as_u16();
            let body: Value = response.json().await.unwrap();
            assert!(body["error"].is_string(), "{body}");
            return Err(status);
        }
        let enrolled: EnrolResponse = response.json().await.unwrap();
        self.certificate = Some(enrolled.certificate.clone());
        Ok(enrolled)
    }

    /// Enrols as `cluster` with a new token, and with the label `env=dev`.
    async fn join(&mut self, host: &Host, cluster: &str) -> EnrolResponse {
        let token = token(host, cluster);
        self.enrol(Some(&token)).await.unwrap()
    }

    async fn desired(&self) -> Desired {
        let response = self.get("/v1/desired").await;
        assert_eq!(response.status(), 200);
        let tag = response.headers()["etag"].to_str().unwrap().to_owned();
        let bytes = response.bytes().await.unwrap();
        assert_eq!(tag, format!("\"{}\"", Digest::of(&bytes)));
        serde_json::from_slice(&bytes).unwrap()
    }
}

fn token(host: &Host, cluster: &str) -> String {
    let args = [
        "token",
        "create",
        "--cluster",
        cluster,
        "-l",
        "env=dev",
        "-o",
        "token",
    ];
    host.ok(&args).trim().to_owned()
}

/// The next line of a stream that is no heartbeat; none if it ended.
async fn line(stream: &mut Response, rest: &mut String) -> Option<StreamMessage> {
    loop {
        while let Some((line, tail)) = rest.split_once('\n') {
            let (line, tail) = (line.to_owned(), tail.to_owned());
            *rest = tail;
            if !line.is_empty() {
                return Some(serde_json::from_str(&line).unwrap());
            }
        }
        let chunk = stream.chunk().await.unwrap()?;
        rest.push_str(std::str::from_utf8(&chunk).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_enrols_listens_fetches_and_reports() {
    if !has_plugin("raw") {
        return;
    }
    let host = Host::start();
    let mut agent = Agent::new(&host);
    let enrolled = agent.join(&host, "edge-1").await;
    assert_eq!(enrolled.cluster.as_str(), "edge-1");
    assert_eq!(enrolled.renew_after_seconds, 16 * 3600);
    assert_eq!(enrolled.ca, agent.ca);
    // Labels come from the token, not from the agent.
    let cluster = host.json(&["get", "clusters", "edge-1"]);
    assert_eq!(cluster["metadata"]["labels"]["env"], "dev");
    assert_eq!(cluster["status"]["agent"]["kubeVersion"], "v1.36.3");

    let mut stream = agent.get("/v1/stream").await;
    assert_eq!(stream.version(), reqwest::Version::HTTP_2);
    let mut rest = String::new();
    let Some(StreamMessage::Hello(hello)) = line(&mut stream, &mut rest).await else {
        panic!("the first line is the hello")
    };
    let Some(StreamMessage::Desired(first)) = line(&mut stream, &mut rest).await else {
        panic!("an agent that has nothing is told at once")
    };
    assert!(agent.desired().await.deployments.is_empty());

    let repo = Repo::new();
    repo.commit(&[("apps/web/cm.yaml", &config_map("web", "1"))]);
    host.apply(&shop(&repo.url()));
    let Some(StreamMessage::Desired(second)) = line(&mut stream, &mut rest).await else {
        panic!("a change is announced")
    };
    assert!(second.state_revision > first.state_revision);
    let desired = agent.desired().await;
    assert_eq!(desired.encode().1, second.digest);
    assert_eq!(desired.incarnation, hello.incarnation);
    let [deployment] = desired.deployments.as_slice() else {
        panic!("{desired:?}")
    };
    assert_eq!(deployment.name.as_str(), "shop-apps-web");

    // The bundle, packed and resumed.
    let path = format!("/v1/blobs/{}", deployment.bundle);
    let plain = agent.get(&path).await;
    let length: usize = plain.headers()["fleet-decoded-length"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let plain = plain.bytes().await.unwrap();
    assert_eq!(plain.len(), length);
    let bundle = Bundle::decode(plain.to_vec(), &deployment.bundle).unwrap();
    assert_eq!(bundle.objects().len(), 1);
    let ask = |range: Option<&str>| {
        let mut ask = agent
            .client()
            .get(agent.route(&path))
            .header("accept-encoding", "zstd");
        if let Some(range) = range {
            ask = ask.header("range", range);
        }
        ask.send()
    };
    let whole = ask(None).await.unwrap();
    assert_eq!(whole.headers()["content-encoding"], "zstd");
    let whole = whole.bytes().await.unwrap();
    assert_eq!(zstd::bulk::decompress(&whole, 1 << 20).unwrap(), plain);
    let tail = ask(Some("bytes=10-")).await.unwrap();
    assert_eq!(tail.status(), 206);
    assert_eq!(tail.bytes().await.unwrap(), whole[10..]);
    // What the desired state does not name is not there.
    let other = format!("/v1/blobs/{}", Digest::of(b"other"));
    assert_eq!(agent.get(&other).await.status(), 404);

    // The agent's word is what operators see.
    let report = Report {
        incarnation: Some(desired.incarnation.clone()),
        full: true,
        deployments: vec![DeploymentReport {
            name: deployment.name.clone(),
            generation: deployment.generation,
            bundle: deployment.bundle,
            apply: ApplyStatus::Applied,
            health: Health::Current,
            n_objects: 1,
            changes: Changes::default(),
            n_modified: 0,
            not_ready: Vec::new(),
            problems: Vec::new(),
            n_not_ready: 0,
            n_problems: 0,
            inventory: None,
        }],
        ..Report::default()
    };
    let body = zstd::bulk::compress(&serde_json::to_vec(&report).unwrap(), 3).unwrap();
    let response = agent
        .client()
        .post(agent.route("/v1/reports"))
        .header("content-encoding", "zstd")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 204);
    host.eventually("it is ready", |host| {
        host.json(&["get", "gitrepos", "shop"])["status"]["display"]["state"] == "Ready"
    });
    let table = host.ok(&["get", "clusters"]);
    assert!(table.contains("edge-1   1/1     Ready   now"), "{table}");

    // An agent that has the newest state hears the hello and then nothing: here, until a long poll ends.
    let poll = format!("/v1/stream?wait=1&digest={}", desired.encode().1);
    let text = agent.get(&poll).await.text().await.unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_once_and_a_known_key_needs_none() {
    let mut host = Host::start();
    let mut agent = Agent::new(&host);
    assert_eq!(agent.enrol(None).await.unwrap_err(), 401);
    assert_eq!(agent.enrol(Some("fleet-x")).await.unwrap_err(), 401);
    let token = token(&host, "edge-1");
    agent.enrol(Some(&token)).await.unwrap();
    let mut thief = Agent::new(&host);
    assert_eq!(thief.enrol(Some(&token)).await.unwrap_err(), 401);

    // A certificate has ended, the bootstrap secret is gone, the host was killed: the key is enough.
    host.kill();
    host.run();
    let mut again = Agent {
        certificate: None,
        url: Agent::new(&host).url,
        ..agent
    };
    let enrolled = again.enrol(None).await.unwrap();
    assert_eq!(enrolled.cluster.as_str(), "edge-1");
    assert_eq!(again.get("/v1/desired").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_get_nothing() {
    let host = Host::start();
    let stranger = Agent::new(&host);
    for path in ["/v1/desired", "/v1/stream", "/v1/blobs/sha256:00"] {
        assert_eq!(stranger.get(path).await.status(), 401, "{path}");
    }
    assert_eq!(stranger.get("/").await.status(), 404);
    // A certificate of another authority fails in the handshake already.
    let other = Host::start();
    let mut foreign = Agent::new(&other);
    foreign.join(&other, "edge-1").await;
    foreign.url.clone_from(&stranger.url);
    foreign.ca.clone_from(&stranger.ca);
    let sent = foreign
        .client()
        .get(foreign.route("/v1/desired"))
        .send()
        .await;
    assert!(sent.is_err(), "{sent:?}");
}

/// A cluster that is deleted is out at once, also if another of the same name comes after it.
#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_cluster_is_thrown_out() {
    let host = Host::start();
    let mut agent = Agent::new(&host);
    agent.join(&host, "edge-1").await;
    let unused = token(&host, "edge-1");
    let mut stream = agent.get("/v1/stream").await;
    let mut rest = String::new();
    assert!(line(&mut stream, &mut rest).await.is_some());
    assert!(line(&mut stream, &mut rest).await.is_some());
    host.ok(&["delete", "cluster", "edge-1"]);
    assert_eq!(line(&mut stream, &mut rest).await, None, "the stream ends");
    assert_eq!(agent.get("/v1/desired").await.status(), 403);
    host.apply("kind: Cluster\nmetadata: {name: edge-1}\n");
    assert_eq!(agent.get("/v1/desired").await.status(), 403);
    agent.certificate = None;
    assert_eq!(agent.enrol(Some(&unused)).await.unwrap_err(), 401);
    agent.join(&host, "edge-1").await;
    assert_eq!(agent.get("/v1/desired").await.status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_agent_for_a_cluster_replaces_the_old_one() {
    let host = Host::start();
    let (mut old, mut new) = (Agent::new(&host), Agent::new(&host));
    old.join(&host, "edge-1").await;
    new.join(&host, "edge-1").await;
    assert_eq!(old.get("/v1/desired").await.status(), 403);
    assert_eq!(new.get("/v1/desired").await.status(), 200);
}

/// The authority was kept apart and the store was lost: agents come back without anybody's help, and what they run
/// is shown as orphaned until it is wanted again.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_lost_its_store_takes_its_agents_back() {
    let mut host = Host::start();
    let mut agent = Agent::new(&host);
    agent.join(&host, "edge-1").await;
    let before = host.json(&["status"])["incarnation"].clone();
    host.kill();
    std::fs::remove_file(host.data_dir().join("state.redb")).unwrap();
    host.run();
    agent.url = Agent::new(&host).url;
    assert_ne!(host.json(&["status"])["incarnation"], before);
    assert_eq!(agent.get("/v1/desired").await.status(), 403);
    host.apply("kind: Cluster\nmetadata: {name: edge-1}\n");
    let desired = agent.desired().await;
    assert_eq!((desired.deployments.len(), desired.removed.len()), (0, 0));
    let report = Report {
        full: true,
        deployments: vec![DeploymentReport {
            name: BundleName::parse("old").unwrap(),
            generation: 7,
            bundle: Digest::of(b"old"),
            apply: ApplyStatus::Applied,
            health: Health::Current,
            n_objects: 1,
            changes: Changes::default(),
            n_modified: 0,
            not_ready: Vec::new(),
            problems: Vec::new(),
            n_not_ready: 0,
            n_problems: 0,
            inventory: None,
        }],
        ..Report::default()
    };
    let sent = agent
        .client()
        .post(agent.route("/v1/reports"))
        .json(&report);
    assert_eq!(sent.send().await.unwrap().status(), 204);
    host.eventually("it is shown as orphaned", |host| {
        host.ok(&["describe", "cluster", "edge-1"])
            .contains("  old\n")
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_stops_ends_its_streams() {
    let mut host = Host::start();
    let mut agent = Agent::new(&host);
    agent.join(&host, "edge-1").await;
    let mut stream = agent.get("/v1/stream").await;
    let mut rest = String::new();
    assert!(line(&mut stream, &mut rest).await.is_some());
    assert!(line(&mut stream, &mut rest).await.is_some());
    let stopped = tokio::task::spawn_blocking(move || (host.terminate(), host.log()));
    assert_eq!(line(&mut stream, &mut rest).await, None);
    let (code, log) = stopped.await.unwrap();
    assert_eq!(code, Some(0), "{log}");
}
