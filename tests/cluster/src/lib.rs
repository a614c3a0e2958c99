//! A real Kubernetes control plane for tests: etcd, API server and controllers as processes on loopback.
//!
//! ```no_run
//! let Some(cluster) = fleet_test_cluster::shared() else {
//!     return; // It has said aloud why there is none; under `CI=true` it has failed.
//! };
//! let namespace = cluster.namespace("shop").unwrap();
//! cluster.kubectl(&["-n", &namespace, "get", "configmaps"]).unwrap();
//! ```
//!
//! All tests of one binary share one control plane and take namespaces of their own; a test that breaks its
//! control plane starts one with [`ControlPlane::start`]. Everything is gone when the test binary ends,
//! however it ends.

mod files;
mod process;
mod programs;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use serde_json::Value;

use files::Files;
use process::{Process, Processes};
use programs::Programs;

/// How long one part may take to be ready; a busy machine is slow.
const READY: Duration = Duration::from_secs(120);
/// How often it is asked.
const STEP: Duration = Duration::from_millis(300);
/// How often a start is tried again because somebody else took a port.
const ATTEMPTS: usize = 3;

/// What a control plane consists of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether pods are scheduled and become ready: a scheduler, one node, and kwok in the place of a kubelet.
    pub pods_run: bool,
}

/// A running control plane; stopped and removed when dropped.
#[derive(Debug)]
pub struct ControlPlane {
    // Dropped in this order: the processes end before their files go.
    processes: Processes,
    api_server: Mutex<Option<Process>>,
    api_server_args: Vec<String>,
    programs: Programs,
    files: Files,
    n_namespaces: AtomicUsize,
}

/// The control plane that all tests of this binary share, started at the first call.
///
/// Where there is none, this says so on standard error and gives `None`.
///
/// # Panics
/// Where there is none and `CI` is `true`: a test that does not run must not look like one that passes.
pub fn shared() -> Option<&'static ControlPlane> {
    static SHARED: OnceLock<Option<ControlPlane>> = OnceLock::new();
    SHARED
        .get_or_init(|| or_skip(ControlPlane::start(&Options::default())))
        .as_ref()
}

/// A control plane of the test's own, or `None` after having said why not.
///
/// # Panics
/// Where there is none and `CI` is `true`.
pub fn own(options: &Options) -> Option<ControlPlane> {
    or_skip(ControlPlane::start(options))
}

fn or_skip(started: anyhow::Result<ControlPlane>) -> Option<ControlPlane> {
    match started {
        Ok(control_plane) => Some(control_plane),
        Err(error) => {
            let ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!ci, "no control plane for tests: {error:?}");
            eprintln!("SKIPPED: no control plane for tests: {error:?}");
            None
        }
    }
}

impl ControlPlane {
    /// Starts a control plane and waits until it is ready.
    ///
    /// # Errors
    /// If the programs cannot be had, or do not get ready.
    pub fn start(options: &Options) -> anyhow::Result<Self> {
        let programs = Programs::find()?;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            match Self::try_start(&programs, options) {
                Ok(control_plane) => return Ok(control_plane),
                Err(error) => last = Some(error),
            }
        }
        Err(last.expect("there was an attempt")).context("could not start a control plane")
    }

    fn try_start(programs: &Programs, options: &Options) -> anyhow::Result<Self> {
        let [etcd, peer, api, kwok] = files::free_ports()?;
        let files = Files::write(api)?;
        let mut processes = Processes::new(files.folder())?;
        let path = |name: &str| files.path(name).display().to_string();
        let flag = |name: &str, value: &str| format!("--{name}={value}");

        let etcd_url = format!("http://127.0.0.1:{etcd}");
        let peer_url = format!("http://127.0.0.1:{peer}");
        let etcd_args = [
            flag("data-dir", &path("etcd")),
            flag("listen-client-urls", &etcd_url),
            flag("advertise-client-urls", &etcd_url),
            flag("listen-peer-urls", &peer_url),
            flag("initial-advertise-peer-urls", &peer_url),
            flag("initial-cluster", &format!("default={peer_url}")),
            "--unsafe-no-fsync".to_owned(),
            flag("log-level", "error"),
        ];
        processes.spawn("etcd", programs.command("etcd")?.args(etcd_args))?;

        let api_server_args = vec![
            flag("etcd-servers", &etcd_url),
            flag("bind-address", "127.0.0.1"),
            flag("advertise-address", "127.0.0.1"),
            flag("secure-port", &api.to_string()),
            flag("cert-dir", &path("certificates")),
            flag("tls-cert-file", &path("server.crt")),
            flag("tls-private-key-file", &path("server.key")),
            flag("token-auth-file", &path("tokens.csv")),
            flag("service-cluster-ip-range", "10.0.0.0/24"),
            flag("service-account-issuer", "https://kubernetes.default.svc"),
            flag("service-account-key-file", &path("accounts.pub")),
            flag("service-account-signing-key-file", &path("accounts.key")),
            flag("authorization-mode", "RBAC"),
            flag("endpoint-reconciler-type", "none"),
            flag("allow-privileged", "true"),
        ];
        let mut control_plane = Self {
            processes,
            api_server: Mutex::new(None),
            api_server_args,
            programs: programs.clone(),
            files,
            n_namespaces: AtomicUsize::new(0),
        };
        control_plane.start_api_server()?;

        let client_args = |name: &str| {
            vec![
                flag(
                    "kubeconfig",
                    &control_plane.files.path("kubeconfig").display().to_string(),
                ),
                flag("leader-elect", "false"),
                flag("secure-port", "0"),
                // The default of 20 requests a second is the bottleneck where many objects must become ready.
                flag("kube-api-qps", "500"),
                flag("kube-api-burst", "1000"),
                flag(
                    "cert-dir",
                    &control_plane.files.path(name).display().to_string(),
                ),
            ]
        };
        let mut controllers = programs.command("controller-manager")?;
        controllers
            .args(client_args("controller-manager-certificates"))
            .arg(flag(
                "service-account-private-key-file",
                &control_plane
                    .files
                    .path("accounts.key")
                    .display()
                    .to_string(),
            ))
            .arg(flag(
                "root-ca-file",
                &control_plane.files.path("ca.crt").display().to_string(),
            ));
        control_plane
            .processes
            .spawn("controller-manager", &mut controllers)?;
        if options.pods_run {
            let mut scheduler = programs.command("scheduler")?;
            scheduler.args(&client_args("scheduler-certificates")[..5]);
            control_plane.processes.spawn("scheduler", &mut scheduler)?;
            control_plane.start_kwok(kwok)?;
        }
        control_plane.wait_for("the default service account", |cluster| {
            cluster
                .kubectl(&["-n", "default", "get", "serviceaccount", "default"])
                .map(drop)
        })?;
        Ok(control_plane)
    }

    /// Starts the API server and waits until it is ready. Does nothing if it runs.
    ///
    /// # Errors
    /// If it does not get ready.
    pub fn start_api_server(&self) -> anyhow::Result<()> {
        {
            let mut running = self.api_server();
            if running.is_none() {
                let mut command = self.programs.command("apiserver")?;
                command.args(&self.api_server_args);
                *running = Some(self.processes.spawn_apart("apiserver", &mut command)?);
            }
        }
        self.wait_for("the API server", |cluster| {
            match cluster.kubectl(&["get", "--raw", "/readyz"])?.as_str() {
                "ok" => Ok(()),
                other => bail!("`{other}`"),
            }
        })
    }

    /// Stops the API server; what it stored is there when it starts again.
    pub fn stop_api_server(&self) {
        let running = self.api_server().take();
        if let Some(process) = running {
            self.processes.stop(process);
        }
    }

    /// The file with address and credentials of the administrator.
    pub fn kubeconfig(&self) -> PathBuf {
        self.files.path("kubeconfig")
    }

    /// Makes a namespace that nobody else uses; its name begins with `prefix`.
    ///
    /// # Errors
    /// If the API server refuses.
    pub fn namespace(&self, prefix: &str) -> anyhow::Result<String> {
        let n = self.n_namespaces.fetch_add(1, Ordering::Relaxed);
        let name = format!("{prefix}-{n}");
        self.kubectl(&["create", "namespace", &name])?;
        Ok(name)
    }

    /// Runs `kubectl` as the administrator and gives what it prints.
    ///
    /// # Errors
    /// With what it says on standard error, if it fails.
    pub fn kubectl(&self, args: &[&str]) -> anyhow::Result<String> {
        let mut command = self.programs.command("kubectl")?;
        command
            .arg("--kubeconfig")
            .arg(self.kubeconfig())
            // No cache below the user's home, and none of old answers.
            .arg("--cache-dir")
            .arg(self.files.path("kubectl-cache"))
            .args(args);
        let output = command.output().context("could not run kubectl")?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("kubectl {}: {}", args.join(" "), said.trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// One object, or a list of them, as `kubectl get … -o json` gives it.
    ///
    /// # Errors
    /// If there is none.
    pub fn get(&self, args: &[&str]) -> anyhow::Result<Value> {
        let args = [&["get", "-o", "json"], args].concat();
        Ok(serde_json::from_str(&self.kubectl(&args)?)?)
    }

    /// Applies a manifest as `kubectl create -f -` does.
    ///
    /// # Errors
    /// If the API server refuses.
    pub fn create(&self, manifest: &Value) -> anyhow::Result<()> {
        let path = self.files.path(&format!(
            "manifest-{}",
            self.n_namespaces.fetch_add(1, Ordering::Relaxed)
        ));
        fs::write(&path, serde_json::to_vec(manifest)?)?;
        let path = path.display().to_string();
        self.kubectl(&["create", "-f", &path]).map(drop)
    }

    /// The last lines that a part has logged.
    pub fn log(&self, part: &str) -> String {
        process::tail(&self.files.path(&format!("{part}.log")))
    }

    fn start_kwok(&mut self, port: u16) -> anyhow::Result<()> {
        let stages = self.programs.command("stages")?.output()?.stdout;
        fs::write(self.files.path("stages.yaml"), stages)?;
        let mut kwok = self.programs.command("kwok")?;
        kwok.arg("--kubeconfig")
            .arg(self.kubeconfig())
            .arg("--config")
            .arg(self.files.path("stages.yaml"))
            .args(["--manage-all-nodes=true", "--enable-crds="])
            .args(["--node-lease-duration-seconds", "40"])
            .args(["--server-address", &format!("127.0.0.1:{port}")]);
        self.processes.spawn("kwok", &mut kwok)?;
        let room = serde_json::json!({"cpu": "64", "memory": "256Gi", "pods": "1000"});
        self.create(&serde_json::json!({
            "apiVersion": "v1",
            "kind": "Node",
            "metadata": {
                "name": "node",
                "annotations": {"kwok.x-k8s.io/node": "fake", "node.alpha.kubernetes.io/ttl": "0"},
                "labels": {"kubernetes.io/hostname": "node", "kubernetes.io/os": "linux"},
            },
            "status": {"allocatable": room, "capacity": room},
        }))
    }

    fn wait_for(
        &self,
        what: &str,
        is_ready: impl Fn(&Self) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let deadline = Instant::now() + READY;
        loop {
            let error = match is_ready(self) {
                Ok(()) => return Ok(()),
                Err(error) => error,
            };
            if let Some(part) = self.ended() {
                bail!(
                    "{part} has ended while {what} was waited for:\n{}",
                    self.log(part)
                );
            }
            if Instant::now() >= deadline {
                return Err(error).with_context(|| {
                    let log = self.log("apiserver");
                    format!("{what} is not ready after {READY:?}; the API server says:\n{log}")
                });
            }
            thread::sleep(STEP);
        }
    }

    fn ended(&self) -> Option<&'static str> {
        let api_server = self.api_server();
        let api_server = api_server.as_ref().filter(|process| process.has_ended());
        api_server
            .map(Process::name)
            .or_else(|| self.processes.ended())
    }

    fn api_server(&self) -> MutexGuard<'_, Option<Process>> {
        let running = self.api_server.lock();
        running.unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        // An API server whose etcd went first does not end.
        self.processes.stop_clients();
        self.stop_api_server();
        self.processes.stop_all();
    }
}

/// Where the sources of the control plane's program are.
pub(crate) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("control-plane")
}
