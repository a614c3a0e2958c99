//! `fleet-agent` as a process.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::host::Join;
use crate::process::{self, Process};

/// Where an agent applies.
#[derive(Clone, Debug)]
pub enum Target {
    /// A folder of manifests.
    Directory(PathBuf),
    /// A cluster, by its kubeconfig.
    Kubernetes(PathBuf),
}

/// A running agent.
#[derive(Debug)]
pub struct Agent {
    name: String,
    dir: PathBuf,
    join: Join,
    target: Target,
    process: Option<Process>,
}

impl Agent {
    /// Starts an agent with its state below `dir`.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(name: &str, dir: &Path, join: Join, target: Target) -> Result<Self> {
        fs::create_dir_all(dir)?;
        let mut agent = Self {
            name: name.to_owned(),
            dir: dir.to_owned(),
            join,
            target,
            process: None,
        };
        agent.restart()?;
        Ok(agent)
    }

    /// Starts it, again if it ran before.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn restart(&mut self) -> Result<()> {
        self.kill()?;
        let Join { url, ca_pin, token } = &self.join;
        let mut command = Command::new(process::program("fleet-agent")?);
        command
            .arg("run")
            .args(["--host", url, "--ca-pin", ca_pin])
            .args(["--reconnect-most", "1s"])
            .arg("--state")
            .arg(self.dir.join("state"))
            .env("FLEET_TOKEN", token);
        match &self.target {
            Target::Directory(folder) => {
                command
                    .arg("--target")
                    .arg(format!("directory:{}", folder.display()));
            }
            Target::Kubernetes(kubeconfig) => {
                command
                    .args(["--target", "kubernetes"])
                    .arg("--kubeconfig")
                    .arg(kubeconfig);
            }
        }
        let name = format!("fleet-agent {}", self.name);
        self.process = Some(Process::start(
            &name,
            &mut command,
            &self.dir.join("agent.log"),
        )?);
        Ok(())
    }

    /// Gives it another token, for a host that has lost its store.
    pub fn rejoin(&mut self, join: Join) {
        self.join = join;
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

    /// Its process id, if it runs.
    pub fn id(&self) -> Option<u32> {
        self.process.as_ref().map(Process::id)
    }

    /// The last lines of its log.
    pub fn log(&self) -> String {
        self.process.as_ref().map(Process::tail).unwrap_or_default()
    }
}

/// All files below a folder: path relative to it, and content. Nothing if the folder is not there.
///
/// # Errors
/// If a file cannot be read.
pub fn files(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(dir) = folders.pop() {
        let Ok(entries) = fs::read_dir(&dir) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(content) = fs::read_to_string(&path) {
                // A file that is replaced at this moment is seen the next time.
                let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
                found.insert(name, content);
            }
        }
    }
    Ok(found)
}
