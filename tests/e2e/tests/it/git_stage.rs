//! A repository behind Git servers, a host with secrets, and agents that apply to folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use fleet_test_cluster::ControlPlane;
use fleet_test_e2e::agent::{Agent, Target, files};
use fleet_test_e2e::host::{Deployment, Host, Problem};
use fleet_test_e2e::repo::Repo;
use fleet_test_e2e::wait::{LONG, until};
use fleet_test_git::certificates::Authority;
use fleet_test_git::daemon::Daemon;
use fleet_test_git::http::{HttpServer, Tls};
use fleet_test_git::ssh::{Key, SshServer};
use tempfile::TempDir;

/// The name that servers know the repository by.
pub(crate) const REPO: &str = "app.git";

/// Everything that a test needs.
pub(crate) struct GitStage {
    pub(crate) repo: Repo,
    pub(crate) host: Host,
    pub(crate) agents: BTreeMap<String, Agent>,
    /// The authority of all certificates.
    pub(crate) authority: Authority,
    dir: TempDir,
}

impl GitStage {
    /// An empty repository and a host with a folder of secrets that logs all it can; no agents.
    pub(crate) fn new(args: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let secrets = dir.path().join("secrets");
        std::fs::create_dir(&secrets).unwrap();
        let secrets = ["--secrets-dir", secrets.to_str().unwrap()];
        Self::in_folder(dir, &[&secrets, args].concat())
    }

    /// The same with the Secrets of a namespace.
    pub(crate) fn with_secrets_of(cluster: &ControlPlane, namespace: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = cluster.kubeconfig();
        let config = ["--kubeconfig", config.to_str().unwrap()];
        Self::in_folder(
            dir,
            &[&["--secrets-namespace", namespace], &config[..]].concat(),
        )
    }

    fn in_folder(dir: TempDir, args: &[&str]) -> Self {
        std::fs::create_dir(dir.path().join("git")).unwrap();
        let all = [&["--log", "debug"], args].concat();
        Self {
            repo: Repo::create(&dir.path().join("git"), "app").unwrap(),
            host: Host::start(&dir.path().join("host"), &all).unwrap(),
            agents: BTreeMap::new(),
            authority: Authority::new("somebody's own").unwrap(),
            dir,
        }
    }

    /// The folder that servers serve.
    pub(crate) fn root(&self) -> PathBuf {
        self.dir.path().join("git")
    }

    /// The folder of everything that this test wrote.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn https(&self) -> HttpServer {
        let identity = self.authority.server(&["127.0.0.1"]).unwrap();
        let tls = Tls {
            identity,
            clients: None,
        };
        HttpServer::start(&self.root(), Some(&tls)).unwrap()
    }

    pub(crate) fn ssh(&self, host_key: u8, client: u8) -> SshServer {
        SshServer::start(&self.root(), key(host_key), key(client)).unwrap()
    }

    pub(crate) fn daemon(&self) -> Daemon {
        Daemon::start(&self.root()).unwrap()
    }

    /// Writes a secret as Kubernetes mounts it: the files of one state at once, behind a link that is replaced.
    pub(crate) fn secret(&self, name: &str, files: &[(&str, &str)]) {
        let secrets = self.dir.path().join("secrets");
        let folder = tempfile::Builder::new()
            .prefix(&format!("..{name}-"))
            .tempdir_in(&secrets)
            .unwrap()
            .keep();
        for (file, content) in files {
            std::fs::write(folder.join(file), content).unwrap();
        }
        let link = secrets.join(format!("..{name}-link"));
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        std::fs::rename(link, secrets.join(name)).unwrap();
    }

    /// Applies a GitRepo of one path, with more lines of its `spec`.
    pub(crate) fn watch(&self, name: &str, url: &str, path: &str, more: &[&str]) {
        let more: String = more.iter().map(|line| format!("  {line}\n")).collect();
        let targets = if more.contains("targets:") {
            ""
        } else {
            "  targets: [{clusterSelector: {}}]\n"
        };
        let interval = if more.contains("pollingInterval:") {
            ""
        } else {
            "  pollingInterval: 1s\n"
        };
        let yaml = format!(
            "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: {{name: {name}}}\nspec:\n  repo: {url}\n  branch: main\n  paths: [{path}]\n{interval}{targets}{more}"
        );
        self.host.apply(&yaml).unwrap();
    }

    /// Starts an agent that applies to a folder.
    pub(crate) fn join(&mut self, cluster: &str) {
        let folder = self.folder(cluster);
        std::fs::create_dir_all(&folder).unwrap();
        let join = self.host.token(cluster, &[]).unwrap();
        let dir = self.dir.path().join(cluster);
        let agent = Agent::start(cluster, &dir, join, Target::Directory(folder)).unwrap();
        self.agents.insert(cluster.to_owned(), agent);
    }

    fn folder(&self, cluster: &str) -> PathBuf {
        self.dir.path().join(format!("{cluster}-manifests"))
    }

    /// What an agent has applied: file and content.
    pub(crate) fn landed(&self, cluster: &str) -> BTreeMap<String, String> {
        files(&self.folder(cluster)).unwrap()
    }

    /// Waits until each of these GitRepos stands at a commit, has no problem, and all their deployments are ready.
    pub(crate) fn ready(&mut self, names: &[&str], commit: &str) -> Vec<Deployment> {
        let waited = until(&format!("{names:?} are ready"), LONG, || {
            self.host.check()?;
            for name in names {
                let status = self.host.gitrepo(name)?;
                if status["commit"] != commit || !self.host.gitrepo_problems(name)?.is_empty() {
                    return Ok(Err(format!("{name}: {status}")));
                }
            }
            let deployments = self.host.deployments()?;
            let ready = |one: &Deployment| one.state == "Ready";
            Ok(
                if deployments.len() >= names.len() && deployments.iter().all(ready) {
                    Ok(deployments)
                } else {
                    Err(format!("{deployments:?}"))
                },
            )
        });
        waited.unwrap_or_else(|error| panic!("{error:#}\nhost:\n{}", self.host.log()))
    }

    /// Waits until a GitRepo has a problem with this reason.
    pub(crate) fn problem(&mut self, name: &str, reason: &str) -> Problem {
        self.told(name, reason, "")
    }

    /// Waits until a GitRepo has a problem with this reason whose message contains a text.
    pub(crate) fn told(&mut self, name: &str, reason: &str, text: &str) -> Problem {
        let waited = until(&format!("{name} tells {reason}: {text}"), LONG, || {
            self.host.check()?;
            let problems = self.host.gitrepo_problems(name)?;
            let mut found = problems.iter();
            let found = found.find(|one| one.reason == reason && one.message.contains(text));
            Ok(found.cloned().ok_or_else(|| format!("{problems:?}")))
        });
        waited.unwrap_or_else(|error| panic!("{error:#}\nhost:\n{}", self.host.log()))
    }

    /// Waits until a file of a cluster holds this text.
    pub(crate) fn lands(&mut self, cluster: &str, text: &str) {
        let waited = until(&format!("{text:?} lands"), LONG, || {
            self.host.check()?;
            let landed = self.landed(cluster);
            let found = landed.values().any(|content| content.contains(text));
            Ok(if found {
                Ok(())
            } else {
                Err(format!("{landed:?}"))
            })
        });
        waited.unwrap_or_else(|error| panic!("{error:#}\nhost:\n{}", self.host.log()));
    }
}

pub(crate) fn key(n: u8) -> Key {
    Key::number(n).unwrap()
}
