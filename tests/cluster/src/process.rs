//! Processes that never outlive the test.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;

/// How long a process may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(5);
/// How much of a log is shown, in bytes.
const TAIL: usize = 2000;

/// Ends the processes that `pids` lists and removes the folder, as soon as the test has ended, however it did:
/// then its end of the pipe is closed, and `read` returns.
const WATCHDOG: &str = r#"read -r _; for pid in $(cat "$0/pids"); do kill -9 "$pid" 2>/dev/null; done; sleep 1; rm -rf "$0""#;

/// The processes of one control plane.
#[derive(Debug)]
pub(crate) struct Processes {
    folder: PathBuf,
    running: Vec<Process>,
    watchdog: Child,
    /// Open for as long as the test runs.
    _pipe: ChildStdin,
}

/// One process.
#[derive(Debug)]
pub(crate) struct Process {
    name: &'static str,
    child: Mutex<Child>,
}

impl Processes {
    /// Starts the watchdog for a folder.
    pub(crate) fn new(folder: &Path) -> anyhow::Result<Self> {
        fs::write(folder.join("pids"), "")?;
        let mut watchdog = Command::new("sh")
            .arg("-c")
            .arg(WATCHDOG)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("could not start the watchdog")?;
        let pipe = watchdog.stdin.take().expect("it was piped");
        Ok(Self {
            folder: folder.to_owned(),
            running: Vec::new(),
            watchdog,
            _pipe: pipe,
        })
    }

    /// Starts a process that runs until the end.
    pub(crate) fn spawn(
        &mut self,
        name: &'static str,
        command: &mut Command,
    ) -> anyhow::Result<()> {
        let process = self.spawn_apart(name, command)?;
        self.running.push(process);
        Ok(())
    }

    /// Starts a process that the caller stops.
    pub(crate) fn spawn_apart(
        &self,
        name: &'static str,
        command: &mut Command,
    ) -> anyhow::Result<Process> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.folder.join(format!("{name}.log")))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("could not start {name}"))?;
        let pids = fs::read_to_string(self.folder.join("pids"))?;
        fs::write(self.folder.join("pids"), format!("{pids}{}\n", child.id()))?;
        Ok(Process {
            name,
            child: Mutex::new(child),
        })
    }

    /// Asks a process to end, and makes it end.
    pub(crate) fn stop(&self, process: Process) {
        let child = process.child.into_inner();
        let mut child = child.unwrap_or_else(PoisonError::into_inner);
        let pid = child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        let deadline = Instant::now() + PATIENCE;
        while asked.is_ok() && Instant::now() < deadline {
            if child.try_wait().is_ok_and(|status| status.is_some()) {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        // Both fail only if it has ended already.
        let _ = child.kill();
        let _ = child.wait();
        let file = self.folder.join("pids");
        let pids = fs::read_to_string(&file).unwrap_or_default();
        let others: String = pids
            .lines()
            .filter(|line| *line != pid)
            .map(|line| format!("{line}\n"))
            .collect();
        let _ = fs::write(file, others);
    }

    /// Stops what was started last, down to the first process: that one is the store.
    pub(crate) fn stop_clients(&mut self) {
        while self.running.len() > 1 {
            self.stop_last();
        }
    }

    /// Stops everything, the watchdog too.
    pub(crate) fn stop_all(&mut self) {
        while !self.running.is_empty() {
            self.stop_last();
        }
        let _ = self.watchdog.kill();
        let _ = self.watchdog.wait();
    }

    /// The name of a process that has ended by itself.
    pub(crate) fn ended(&self) -> Option<&'static str> {
        let ended = self.running.iter().find(|process| process.has_ended());
        ended.map(Process::name)
    }

    fn stop_last(&mut self) {
        if let Some(process) = self.running.pop() {
            self.stop(process);
        }
    }
}

impl Process {
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn has_ended(&self) -> bool {
        let child = self.child.lock();
        let mut child = child.unwrap_or_else(PoisonError::into_inner);
        child.try_wait().is_ok_and(|status| status.is_some())
    }
}

/// The end of a log.
pub(crate) fn tail(path: &Path) -> String {
    let log = fs::read(path).unwrap_or_default();
    let start = log.len().saturating_sub(TAIL);
    String::from_utf8_lossy(&log[start..]).into_owned()
}
