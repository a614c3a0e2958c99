//! `fleet host` as a process, and `fleet` as an operator calls it.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::http;
use crate::process::{self, Process};
use crate::wait::{LONG, until};

/// A running host.
#[derive(Debug)]
pub struct Host {
    dir: PathBuf,
    address: SocketAddr,
    args: Vec<String>,
    plugins: Option<PathBuf>,
    process: Option<Process>,
}

/// What an agent needs for its first contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Join {
    /// Address of the host.
    pub url: String,
    /// Digest of its certificate authority.
    pub ca_pin: String,
    /// Registration token.
    pub token: String,
}

/// One bundle on one cluster, as `fleet get deployments -o json` shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// The cluster.
    pub cluster: String,
    /// The bundle.
    pub bundle: String,
    /// One of the seven states.
    pub state: String,
    /// Its generation.
    pub generation: u64,
    /// Digest of its content.
    pub content: Option<String>,
    /// Its problems: reason, message, file.
    pub problems: Vec<Problem>,
}

/// Something wrong, as the command line shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The word for its kind.
    pub reason: String,
    /// What exactly.
    pub message: String,
    /// File in the repository with line, `a/b.yaml:3`; empty if it is not known.
    pub place: String,
}

impl Host {
    /// Starts a host with an empty data folder below `dir`, and waits until it answers.
    ///
    /// # Errors
    /// If it does not come up.
    pub fn start(dir: &Path, args: &[&str]) -> Result<Self> {
        Self::start_with_plugins(dir, None, args)
    }

    /// The same with another folder of plugins.
    ///
    /// # Errors
    /// If it does not come up.
    pub fn start_with_plugins(dir: &Path, plugins: Option<PathBuf>, args: &[&str]) -> Result<Self> {
        std::fs::create_dir_all(dir)?;
        // The address must stay the same over a restart, so it cannot be left to the system each time.
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut host = Self {
            dir: dir.to_owned(),
            address,
            args: args.iter().map(|arg| (*arg).to_owned()).collect(),
            plugins,
            process: None,
        };
        host.restart()?;
        Ok(host)
    }

    /// Starts it, again if it ran before, and waits until it answers.
    ///
    /// # Errors
    /// If it does not come up.
    pub fn restart(&mut self) -> Result<()> {
        self.kill()?;
        let plugins = plugins()?;
        let mut command = self.fleet()?;
        command
            .arg("host")
            .args(["--agents", &self.address.to_string()])
            .args(["--metrics", "127.0.0.1:0"])
            .args(["--polling-interval", "1s"])
            .arg("--plugin-cache")
            .arg(plugins.with_file_name("plugin-cache"))
            .arg("--plugins")
            .arg(self.plugins.as_ref().unwrap_or(&plugins))
            .args(&self.args);
        self.process = Some(Process::start(
            "fleet host",
            &mut command,
            &self.dir.join("host.log"),
        )?);
        until("the host answers", LONG, || {
            self.check()?;
            Ok(self
                .run(&["get", "gitrepos", "-o", "json"])
                .map_err(|error| error.to_string()))
        })?;
        Ok(())
    }

    /// Ends it as a crash would.
    ///
    /// # Errors
    /// If it cannot be waited for.
    pub fn kill(&mut self) -> Result<()> {
        match self.process.take() {
            Some(mut process) => process.kill(),
            None => Ok(()),
        }
    }

    /// Ends it and throws its data folder away.
    ///
    /// # Errors
    /// If the folder cannot be removed.
    pub fn lose_data(&mut self) -> Result<()> {
        self.kill()?;
        std::fs::remove_dir_all(self.data_dir()).context("could not remove the data folder")
    }

    /// Its process id, if it runs.
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// Its data folder.
    pub fn data_dir(&self) -> PathBuf {
        self.dir.join("data")
    }

    /// Fails if it has ended.
    ///
    /// # Errors
    /// See above.
    pub fn check(&mut self) -> Result<()> {
        match &mut self.process {
            Some(process) => process.check(),
            None => Ok(()),
        }
    }

    fn fleet(&self) -> Result<Command> {
        let mut command = Command::new(process::program("fleet")?);
        command.arg("--data-dir").arg(self.data_dir());
        Ok(command)
    }

    /// Runs `fleet` with these arguments; its standard output.
    ///
    /// # Errors
    /// If it fails, with its standard error.
    pub fn run(&self, args: &[&str]) -> Result<String> {
        let output = self.fleet()?.args(args).output()?;
        ensure!(
            output.status.success(),
            "fleet {}: {}",
            args.join(" "),
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    /// Applies a text of resources.
    ///
    /// # Errors
    /// If the host refuses it.
    pub fn apply(&self, yaml: &str) -> Result<()> {
        let file = self.dir.join("apply.yaml");
        std::fs::write(&file, yaml)?;
        self.run(&["apply", "-f", &file.to_string_lossy()])?;
        Ok(())
    }

    /// Makes a registration token.
    ///
    /// # Errors
    /// If the host refuses.
    pub fn token(&self, cluster: &str, labels: &[&str]) -> Result<Join> {
        let mut args = vec!["token", "create", "--cluster", cluster, "-o", "json"];
        args.extend(labels.iter().flat_map(|label| ["--label", *label]));
        let made: Value = serde_json::from_str(&self.run(&args)?)?;
        let text = |key: &str| {
            let value = made[key].as_str().map(str::to_owned);
            value.with_context(|| format!("`fleet token create` gave no `{key}`"))
        };
        Ok(Join {
            url: text("agentsUrl")?,
            ca_pin: text("caPin")?,
            token: text("token")?,
        })
    }

    /// All deployments, sorted by cluster and bundle.
    ///
    /// # Errors
    /// If the host does not answer.
    pub fn deployments(&self) -> Result<Vec<Deployment>> {
        let list: Value =
            serde_json::from_str(&self.run(&["get", "deployments", "-o", "json"])?)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let items = list["items"].as_array().into_iter().flatten();
        Ok(items
            .map(|item| Deployment {
                cluster: text(&item["spec"]["cluster"]),
                bundle: text(&item["spec"]["bundle"]),
                state: text(&item["status"]["state"]),
                generation: item["spec"]["generation"].as_u64().unwrap_or_default(),
                content: item["spec"]["content"].as_str().map(str::to_owned),
                problems: problems(&item["status"]["problems"]),
            })
            .collect())
    }

    /// Status of a GitRepo.
    ///
    /// # Errors
    /// If the host does not answer or knows no such GitRepo.
    pub fn gitrepo(&self, name: &str) -> Result<Value> {
        let text = self.run(&["get", "gitrepos", name, "-o", "json"])?;
        let value: Value = serde_json::from_str(&text)?;
        Ok(
            match value["items"].as_array().and_then(|items| items.first()) {
                Some(item) => item["status"].clone(),
                None => value["status"].clone(),
            },
        )
    }

    /// Problems of a GitRepo itself.
    ///
    /// # Errors
    /// If the host does not answer or knows no such GitRepo.
    pub fn gitrepo_problems(&self, name: &str) -> Result<Vec<Problem>> {
        Ok(problems(&self.gitrepo(name)?["problems"]))
    }

    /// Waits until `n` deployments are there and all of them are ready with the content of `commit`.
    ///
    /// # Errors
    /// If that does not happen, with the states seen last.
    pub fn wait_ready(&mut self, repo: &str, commit: &str, n: usize) -> Result<Vec<Deployment>> {
        let what = format!(
            "{n} deployments of {} are ready",
            &commit[..commit.len().min(7)]
        );
        until(&what, LONG, || {
            self.check()?;
            let rendered = self.gitrepo(repo)?["commit"] == commit;
            let deployments = self.deployments()?;
            let ready = deployments
                .iter()
                .all(|deployment| deployment.state == "Ready");
            if rendered && ready && deployments.len() == n {
                return Ok(Ok(deployments));
            }
            let states = deployments.iter().map(|deployment| {
                let Deployment {
                    cluster,
                    bundle,
                    state,
                    problems,
                    ..
                } = deployment;
                format!("{cluster}/{bundle} {state} {problems:?}")
            });
            Ok(Err(format!(
                "rendered {rendered}; {}",
                states.collect::<Vec<_>>().join("; ")
            )))
        })
    }

    /// Waits until a problem with one of these reasons shows on any deployment or on the GitRepo.
    ///
    /// # Errors
    /// If none shows.
    pub fn wait_problem(
        &mut self,
        repo: &str,
        reasons: &[&str],
        limit: Duration,
    ) -> Result<Problem> {
        until(&format!("a problem {reasons:?} shows"), limit, || {
            self.check()?;
            let mut seen: Vec<Problem> = self
                .deployments()?
                .into_iter()
                .flat_map(|deployment| deployment.problems)
                .collect();
            seen.extend(problems(&self.gitrepo(repo)?["problems"]));
            let found = seen
                .iter()
                .find(|problem| reasons.contains(&problem.reason.as_str()))
                .cloned();
            Ok(found.ok_or_else(|| format!("{seen:?}")))
        })
    }

    /// All lines of its log.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn whole_log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.dir.join("host.log"))?)
    }

    /// What it counts, in the form of OpenMetrics.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn metrics(&self) -> Result<String> {
        let status = self.run(&["status"])?;
        let mut words = status.split_whitespace();
        let url = words.find(|word| word.starts_with("http://") && word.ends_with("/metrics"));
        http::get(url.context("`fleet status` names no metrics")?)
    }

    /// The last lines of its log.
    pub fn log(&self) -> String {
        self.process.as_ref().map(Process::tail).unwrap_or_default()
    }
}

/// The folder of the plugins that `cargo xtask plugins` built.
///
/// # Errors
/// If they have not been built.
pub fn plugins() -> Result<PathBuf> {
    let program = process::program("fleet")?;
    let folders = program.ancestors().skip(1).take(2);
    let found: Vec<PathBuf> = folders.map(|folder| folder.join("plugins")).collect();
    found
        .iter()
        .find(|folder| folder.join("raw.wasm").is_file())
        .cloned()
        .context("the plugins are not built; `cargo xtask plugins` builds them")
}

fn problems(value: &Value) -> Vec<Problem> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let items = value.as_array().into_iter().flatten();
    items
        .map(|item| Problem {
            reason: text(&item["reason"]),
            message: text(&item["message"]),
            place: match (item["file"].as_str(), item["line"].as_u64()) {
                (Some(file), Some(line)) => format!("{file}:{line}"),
                (Some(file), None) => file.to_owned(),
                (None, _) => String::new(),
            },
        })
        .collect()
}
