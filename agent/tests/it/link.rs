//! The link against a host that misbehaves.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use fleet_agent::link::{Error, Link, Settings};
use fleet_agent::state::Disk;
use fleet_agent_plan::machine::Event;
use fleet_core::bundle;
use fleet_core::digest::Digest;
use fleet_core::secret::Secret;
use fleet_core::wire::Report;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::host::{Host, TOKEN};
use crate::world::{bundle, config_map};

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

struct Agent {
    link: Link,
    folder: TempDir,
}

impl Agent {
    fn new(host: &Host, pin: Digest, token: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            link: open(host, &folder, Some(pin), Some(token)),
            folder,
        }
    }

    async fn enrolled(host: &Host) -> Self {
        let agent = Self::new(host, host.pin, TOKEN);
        let identity = agent.link.enrol().await.unwrap();
        assert_eq!(identity.cluster().as_str(), "c1");
        agent
    }

    /// Stops, and starts again without token and pin.
    fn restarted(self, host: &Host) -> Self {
        drop(self.link);
        Self {
            link: open(host, &self.folder, None, None),
            folder: self.folder,
        }
    }

    /// Runs the link and gives its events.
    fn run(&self) -> (mpsc::Receiver<Event>, CancellationToken) {
        let stop = CancellationToken::new();
        let (events_in, events) = mpsc::channel(16);
        tokio::spawn(self.link.clone().run(stop.clone(), events_in));
        (events, stop)
    }
}

fn open(host: &Host, folder: &TempDir, pin: Option<Digest>, token: Option<&str>) -> Link {
    let settings = Settings {
        host: host.url.clone(),
        token: token.map(|token| Secret::new(token.to_owned())),
        ca_pin: pin,
        labels: Default::default(),
        reconnect_most: Duration::from_millis(200),
    };
    let disk = Arc::new(Disk::open(folder.path()).unwrap());
    Link::open(settings, disk).unwrap()
}

async fn next(events: &mut mpsc::Receiver<Event>) -> Event {
    let event = tokio::time::timeout(PATIENCE, events.recv()).await;
    event.expect("no event came").expect("the link has ended")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_enrols_once_and_then_proves_who_it_is() {
    let host = Host::start().await;
    let agent = Agent::enrolled(&host).await.restarted(&host);
    let (mut events, _stop) = agent.run();
    assert!(matches!(next(&mut events).await, Event::Connected(hello) if hello.version == "test"));
    let Event::Announced(reference) = next(&mut events).await else {
        panic!("nothing announced")
    };
    let desired = agent.link.desired().await.unwrap();
    assert_eq!(desired.encode().1, reference.digest);
    agent.link.report(&Report::default()).await.unwrap();
    assert_eq!(host.with(|host| host.reports.len()), 1);
    assert_eq!(
        (host.count("enrol", false), host.count("enrol", true)),
        (1, 0)
    );
    for route in ["stream", "desired", "report"] {
        assert_eq!(
            (host.count(route, false), host.count(route, true)),
            (0, 1),
            "{route}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_key_makes_the_agent_enrol_again_and_not_fail() {
    let host = Host::start().await;
    let agent = Agent::enrolled(&host).await;
    drop(agent.link);
    std::fs::write(agent.folder.path().join("key.json"), "{").unwrap();
    let link = open(&host, &agent.folder, Some(host.pin), Some(TOKEN));
    link.enrol().await.unwrap();
    assert_eq!(host.count("enrol", false), 2);
    link.desired().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_with_another_authority_than_the_pinned_one_gets_no_token() {
    let host = Host::start().await;
    let agent = Agent::new(&host, Digest::of(b"another"), TOKEN);
    let error = agent.link.enrol().await.unwrap_err();
    assert!(matches!(error, Error::Request(_)), "{error:?}");
    assert_eq!(host.count("enrol", false), 0);
    let agent = Agent::new(&host, host.pin, "fleet-wrong");
    let error = agent.link.enrol().await.unwrap_err();
    assert!(
        error.to_string().contains("not known (make another)"),
        "{error}"
    );
    assert_eq!(
        error.retry_after(),
        Some(PATIENCE),
        "only a person can help"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_breaks_off_is_resumed_and_a_false_one_refused() {
    let host = Host::start().await;
    let agent = Agent::enrolled(&host).await;
    let objects: Vec<_> = (0..50)
        .map(|n| config_map(&format!("c{n}"), "value"))
        .collect();
    let good = bundle(&objects);
    host.serve(&good);
    host.with(|host| host.cuts = [40, 100].into());
    assert_eq!(agent.link.bundle(good.id()).await.unwrap(), good);
    assert_eq!(host.count("blob", true), 3);

    // Under the digest of another.
    let other = bundle(&[config_map("other", "1")]).id();
    host.with(|host| {
        let bytes = host.bundles[&good.id().to_string()].clone();
        host.bundles.insert(other.to_string(), bytes);
    });
    let error = agent.link.bundle(other).await.unwrap_err();
    assert!(
        matches!(error, Error::Bundle(bundle::Error::DigestMismatch { .. })),
        "{error:?}"
    );
    host.with(|host| host.decoded_length = Some(100));
    let error = agent.link.bundle(good.id()).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge(100)), "{error:?}");
    host.with(|host| host.decoded_length = Some(usize::MAX));
    let error = agent.link.bundle(good.id()).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge(_)), "{error:?}");
    let error = agent.link.bundle(Digest::of(b"none")).await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_behind_says_when_to_come_again() {
    let host = Host::start().await;
    let agent = Agent::enrolled(&host).await;
    host.with(|host| host.report_refusals = [(StatusCode::TOO_MANY_REQUESTS, "7")].into());
    let error = agent.link.report(&Report::default()).await.unwrap_err();
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    agent.link.report(&Report::default()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_renewed_in_time_and_the_link_opened_anew() {
    let host = Host::start().await;
    host.with(|host| host.renew_after = 1);
    let agent = Agent::enrolled(&host).await;
    let (mut events, stop) = agent.run();
    assert!(matches!(next(&mut events).await, Event::Connected(_)));
    assert!(matches!(next(&mut events).await, Event::Announced(_)));
    assert!(matches!(next(&mut events).await, Event::Disconnected));
    assert!(matches!(next(&mut events).await, Event::Connected(_)));
    assert_eq!(host.count("renew", true), 1);
    assert_eq!(host.count("stream", true), 2);
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_has_forgotten_the_agent_is_told_its_token() {
    let host = Host::start().await;
    let agent = Agent::enrolled(&host).await;
    host.with(|host| host.has_forgotten = true);
    let (mut events, _stop) = agent.run();
    assert!(matches!(next(&mut events).await, Event::Disconnected));
    assert!(matches!(next(&mut events).await, Event::Connected(_)));
    assert_eq!(host.count("enrol", false), 2);

    // Without a token only a person can help, and what runs stays.
    host.with(|host| host.has_forgotten = true);
    let agent = Agent::enrolled(&host).await.restarted(&host);
    host.with(|host| host.has_forgotten = true);
    let (mut events, _stop) = agent.run();
    assert!(matches!(next(&mut events).await, Event::Disconnected));
    let silence = tokio::time::timeout(Duration::from_secs(1), events.recv()).await;
    assert!(silence.is_err(), "{silence:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_that_holds_answers_back_the_agent_polls() {
    let host = Host::start().await;
    host.with(|host| host.holds_streams_back = true);
    let agent = Agent::enrolled(&host).await;
    let (mut events, _stop) = agent.run();
    assert!(matches!(next(&mut events).await, Event::Disconnected));
    assert!(matches!(next(&mut events).await, Event::Connected(_)));
    let Event::Announced(reference) = next(&mut events).await else {
        panic!("nothing announced")
    };
    agent.link.set_desired(reference.digest);
    // What comes next is news: no second greeting, and nothing that the agent has already.
    host.with(|host| host.desired.state_revision = 2);
    loop {
        match next(&mut events).await {
            Event::Announced(newer) if newer.state_revision == 2 => break,
            Event::Announced(same) => assert_eq!(same, reference),
            other => panic!("{other:?}"),
        }
    }
}
