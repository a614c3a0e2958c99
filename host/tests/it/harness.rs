//! Starts a host as a process, runs commands against it, and makes repositories.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// How long anything that a test waits for may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A host that runs, with its data directory; both go when this is dropped.
pub(crate) struct Host {
    dir: TempDir,
    process: Option<Child>,
}

impl Host {
    pub(crate) fn start() -> Self {
        let mut host = Self {
            dir: tempfile::tempdir().unwrap(),
            process: None,
        };
        host.run();
        host
    }

    /// Starts the process, and waits until it answers.
    pub(crate) fn run(&mut self) {
        let log = std::fs::File::create(self.dir.path().join("log")).unwrap();
        let process = fleet(self.dir.path())
            .args([
                "host",
                "--agents",
                "127.0.0.1:0",
                "--metrics",
                "127.0.0.1:0",
            ])
            .args(["--polling-interval", "1s", "--log", "debug"])
            .arg("--plugins")
            .arg(plugins())
            .arg("--plugin-cache")
            .arg(target().join("tmp/plugin-cache"))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.process = Some(process);
        self.eventually("the host answers", |host| {
            host.command(&["status"]).status.success()
        });
    }

    /// Ends the process as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// Asks the process to end, and returns its exit code.
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        let mut process = self.process.take().unwrap();
        let id = process.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        let begin = Instant::now();
        loop {
            if let Some(status) = process.try_wait().unwrap() {
                return status.code();
            }
            if begin.elapsed() > PATIENCE {
                process.kill().unwrap();
                panic!("the host did not end\n{}", self.log());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// Runs `fleet` against this host.
    pub(crate) fn command(&self, args: &[&str]) -> Output {
        fleet(self.dir.path()).args(args).output().unwrap()
    }

    /// The same, which must succeed; returns what it printed.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let output = self.command(args);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.status.success(),
            "fleet {args:?}: {text}{}\n{}",
            String::from_utf8_lossy(&output.stderr),
            self.log()
        );
        text
    }

    /// The same, which must fail with this code; returns what it said.
    pub(crate) fn fails(&self, code: i32, args: &[&str]) -> String {
        let output = self.command(args);
        assert_eq!(output.status.code(), Some(code), "fleet {args:?}");
        String::from_utf8(output.stderr).unwrap()
    }

    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let text = self.ok(&[args, &["-o", "json"]].concat());
        serde_json::from_str(&text).unwrap()
    }

    /// Applies resources in YAML.
    pub(crate) fn apply(&self, yaml: &str) {
        let file = self.dir.path().join("apply.yaml");
        std::fs::write(&file, yaml).unwrap();
        self.ok(&["apply", "-f", file.to_str().unwrap()]);
    }

    /// Waits until `holds`, and says what was waited for if it never does.
    pub(crate) fn eventually(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let begin = Instant::now();
        while !holds(self) {
            assert!(
                begin.elapsed() < PATIENCE,
                "not within {PATIENCE:?}: {what}\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(mut process) = self.process.take() {
            // It may have ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn fleet(dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fleet"));
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", dir)
        .env("FLEET_DATA_DIR", dir.join("data"));
    command
}

fn target() -> PathBuf {
    // target/debug/fleet
    Path::new(env!("CARGO_BIN_EXE_fleet"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

fn plugins() -> PathBuf {
    target().join("plugins")
}

/// Whether the plugin is built; says aloud when a test cannot run without it.
pub(crate) fn has_plugin(name: &str) -> bool {
    let found = plugins().join(format!("{name}.wasm")).is_file();
    if !found {
        let message =
            format!("SKIPPED: the plugin `{name}` is not built; run `cargo xtask plugins`");
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "under CI this is a failure: {message}"
        );
        eprintln!("{message}");
    }
    found
}

/// A repository on disk, made by the `git` program.
pub(crate) struct Repo {
    dir: TempDir,
}

impl Repo {
    pub(crate) fn new() -> Self {
        let repo = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    pub(crate) fn url(&self) -> String {
        format!("file://{}", self.dir.path().display())
    }

    /// Writes files and commits them; an empty content removes the file.
    pub(crate) fn commit(&self, files: &[(&str, &str)]) -> String {
        for (path, content) in files {
            let path = self.dir.path().join(path);
            if content.is_empty() {
                std::fs::remove_file(path).unwrap();
            } else {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, content).unwrap();
            }
        }
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "change"]);
        self.git(&["rev-parse", "HEAD"]).trim().to_owned()
    }

    fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.dir.path())
            .args([
                "-c",
                "user.name=Fleet",
                "-c",
                "user.email=fleet@example.org",
            ])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {error}");
        String::from_utf8(output.stdout).unwrap()
    }
}

/// A ConfigMap in YAML.
pub(crate) fn config_map(name: &str, value: &str) -> String {
    format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {name}\ndata:\n  key: {value}\n")
}

/// A GitRepo `shop` that deploys `apps/*` to the clusters with the label `env=dev`.
pub(crate) fn shop(url: &str) -> String {
    format!(
        "kind: GitRepo\nmetadata: {{name: shop}}\nspec:\n  repo: {url}\n  branch: main\n  paths: [apps/*]\n  targets:\n  - clusterSelector: {{matchLabels: {{env: dev}}}}\n"
    )
}
