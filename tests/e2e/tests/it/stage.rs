//! A repository, a host and agents in a temporary folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fleet_test_e2e::agent::{Agent, Target, files};
use fleet_test_e2e::host::Host;
use fleet_test_e2e::repo::Repo;
use fleet_test_e2e::wait::{LONG, until};
use tempfile::TempDir;

/// Everything that a test needs; agents apply to folders.
pub(crate) struct Stage {
    pub(crate) repo: Repo,
    pub(crate) host: Host,
    pub(crate) agents: BTreeMap<String, Agent>,
    dir: TempDir,
}

/// The GitRepo of the tests.
pub(crate) const TEAM: &str = "team";

/// A GitRepo of all folders that are named, for all clusters.
pub(crate) fn gitrepo(url: &str, paths: &[&str]) -> String {
    let paths: String = paths.iter().map(|path| format!("  - {path}\n")).collect();
    format!(
        "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: {{name: {TEAM}}}\nspec:\n  repo: {url}\n  branch: main\n  pollingInterval: 1s\n  targets:\n  - clusterSelector: {{}}\n  paths:\n{paths}"
    )
}

/// A ConfigMap with one value.
pub(crate) fn config_map(name: &str, value: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{value: {value}}}\n"
    )
}

impl Stage {
    /// An empty repository and a host; no agents.
    pub(crate) fn new() -> Self {
        Self::with_plugins(|_| None)
    }

    /// The same with a folder of plugins of the test's own.
    pub(crate) fn with_plugins(plugins: impl Fn(&Path) -> Option<PathBuf>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let plugins = plugins(dir.path());
        Self {
            repo: Repo::create(dir.path(), "repo").unwrap(),
            host: Host::start_with_plugins(&dir.path().join("host"), plugins, &[]).unwrap(),
            agents: BTreeMap::new(),
            dir,
        }
    }

    /// Starts an agent that applies to a folder.
    pub(crate) fn join(&mut self, cluster: &str, labels: &[&str]) {
        let target = Target::Directory(self.folder(cluster));
        std::fs::create_dir_all(self.folder(cluster)).unwrap();
        self.join_target(cluster, labels, target);
    }

    /// Starts an agent.
    pub(crate) fn join_target(&mut self, cluster: &str, labels: &[&str], target: Target) {
        let join = self.host.token(cluster, labels).unwrap();
        let agent = Agent::start(cluster, &self.dir.path().join(cluster), join, target).unwrap();
        self.agents.insert(cluster.to_owned(), agent);
    }

    /// The folder that an agent applies to.
    pub(crate) fn folder(&self, cluster: &str) -> PathBuf {
        self.dir.path().join(format!("{cluster}-manifests"))
    }

    /// What is in that folder.
    pub(crate) fn landed(&self, cluster: &str) -> BTreeMap<String, String> {
        files(&self.folder(cluster)).unwrap()
    }

    /// Applies a GitRepo of the repository with these paths.
    pub(crate) fn watch(&self, paths: &[&str]) {
        self.host.apply(&gitrepo(&self.repo.url(), paths)).unwrap();
    }

    /// Waits until a folder looks as it should.
    pub(crate) fn wait_landed(
        &mut self,
        cluster: &str,
        what: &str,
        holds: impl Fn(&BTreeMap<String, String>) -> bool,
    ) -> BTreeMap<String, String> {
        let folder = self.folder(cluster);
        let result = until(what, LONG, || {
            self.host.check()?;
            let seen = files(&folder)?;
            let names: Vec<_> = seen.keys().cloned().collect();
            Ok(if holds(&seen) {
                Ok(seen)
            } else {
                Err(format!("{names:?}"))
            })
        });
        result.unwrap_or_else(|error| {
            panic!("{error:#}\nhost:\n{}\n{}", self.host.log(), self.logs())
        })
    }

    /// The ends of the agents' logs.
    pub(crate) fn logs(&self) -> String {
        let log = |(name, agent): (&String, &Agent)| format!("{name}:\n{}\n", agent.log());
        self.agents.iter().map(log).collect()
    }

    /// Waits until `n` deployments of a commit are ready.
    pub(crate) fn ready(&mut self, commit: &str, n: usize) {
        if let Err(error) = self.host.wait_ready(TEAM, commit, n) {
            panic!("{error:#}\nhost:\n{}\n{}", self.host.log(), self.logs());
        }
    }
}
