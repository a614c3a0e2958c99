//! From a webhook to a deployment.

use std::path::PathBuf;
use std::time::Duration;

use fleet_test_e2e::agent::{Agent, Target, files};
use fleet_test_e2e::host::Host;
use fleet_test_e2e::repo::Repo;
use fleet_test_e2e::wait::{LONG, until};
use fleet_test_e2e::webhook;

use crate::stage::{TEAM, config_map, gitrepo};

/// A repository that the host looks at only when it is told to.
struct Stage {
    repo: Repo,
    host: Host,
    _agent: Agent,
    folder: PathBuf,
    _dir: tempfile::TempDir,
}

impl Stage {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let repo = Repo::create(dir.path(), "repo").unwrap();
        repo.write("plain/a.yaml", &config_map("a", "one")).unwrap();
        let commit = repo.commit("one").unwrap();
        let arguments = webhook::arguments(dir.path()).unwrap();
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let mut host = Host::start(&dir.path().join("host"), &arguments).unwrap();
        let folder = dir.path().join("manifests");
        std::fs::create_dir_all(&folder).unwrap();
        let join = host.token("dev", &[]).unwrap();
        let target = Target::Directory(folder.clone());
        let agent = Agent::start("dev", &dir.path().join("dev"), join, target).unwrap();
        let silent =
            gitrepo(&repo.url(), &["plain"]).replace("pollingInterval: 1s", "disablePolling: true");
        host.apply(&silent).unwrap();
        host.wait_ready(TEAM, &commit, 1).unwrap();
        Self {
            repo,
            host,
            _agent: agent,
            folder,
            _dir: dir,
        }
    }

    fn push(&self, value: &str) -> String {
        self.repo
            .write("plain/a.yaml", &config_map("a", value))
            .unwrap();
        self.repo.commit(value).unwrap()
    }

    /// Whether the value has landed.
    fn has(&self, value: &str) -> bool {
        let landed = files(&self.folder).unwrap();
        let line = format!("value: {value}");
        landed.values().any(|text| text.contains(&line))
    }

    fn wait(&mut self, value: &str) {
        let arrived = until(&format!("{value} lands"), LONG, || {
            self.host.check()?;
            Ok(if self.has(value) {
                Ok(())
            } else {
                Err("not yet".to_owned())
            })
        });
        arrived.unwrap_or_else(|error| panic!("{error:#}\n{}", self.host.log()));
    }
}

/// Longer than the host would take.
const A_WHILE: Duration = Duration::from_secs(3);

/// Without this a webhook would do nothing, or a forged one something.
#[test]
fn a_signed_webhook_deploys_and_a_forged_one_does_nothing() {
    let mut stage = Stage::new();
    let (owner, forger) = (webhook::owner(), webhook::forger());
    let url = stage.repo.url();
    let commit = stage.push("two");
    let status = webhook::send(&stage.host, &forger, &url, &commit).unwrap();
    assert_eq!(status, 401);
    let elsewhere = "https://git.example.org/other";
    let status = webhook::send(&stage.host, &owner, elsewhere, &commit).unwrap();
    assert_eq!(status, 200, "the key is good, and nothing follows that");
    std::thread::sleep(A_WHILE);
    assert!(stage.has("one"), "nobody may look yet");

    let status = webhook::send(&stage.host, &owner, &url, &commit).unwrap();
    assert_eq!(status, 200);
    stage.wait("two");
}

/// Without this a webhook that is faster than the server would be lost, and with it could choose what is deployed.
#[test]
fn a_commit_that_is_announced_too_early_is_waited_for() {
    let mut stage = Stage::new();
    let announced = "9049f1265b7d61be4a8904a9a27120d2064dab3b";
    let url = stage.repo.url();
    let status = webhook::send(&stage.host, &webhook::owner(), &url, announced).unwrap();
    assert_eq!(status, 200);
    std::thread::sleep(A_WHILE);
    assert!(stage.has("one"), "what does not exist is not deployed");
    let commit = stage.push("two");
    stage.wait("two");
    stage.host.wait_ready(TEAM, &commit, 1).unwrap();
}
