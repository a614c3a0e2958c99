//! A program of ours as a process of its own, with its output in a file, that never outlives its owner.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// A running program.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

/// The file of one of our programs: beside the folder of the running test.
///
/// # Errors
/// If it has not been built.
pub fn program(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folders = here.ancestors().skip(1).take(2);
    let files: Vec<PathBuf> = folders.map(|folder| folder.join(name)).collect();
    files
        .iter()
        .find(|file| file.is_file())
        .cloned()
        .with_context(|| {
            format!(
                "`{name}` is not beside {}; `cargo xtask test` builds it",
                here.display()
            )
        })
}

impl Process {
    /// Starts a program; what it prints is added to `log`.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn start(name: &str, command: &mut Command, log: &Path) -> Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("could not start `{name}`"))?;
        Ok(Self {
            name: name.to_owned(),
            child,
            log: log.to_owned(),
        })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Fails if it has ended, with the end of its output.
    ///
    /// # Errors
    /// See above.
    pub fn check(&mut self) -> Result<()> {
        let ended = self.child.try_wait()?;
        ensure!(
            ended.is_none(),
            "`{}` has ended ({}):\n{}",
            self.name,
            ended.map(|status| status.to_string()).unwrap_or_default(),
            self.tail()
        );
        Ok(())
    }

    /// The last lines of its output.
    pub fn tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(30)..].join("\n")
    }

    /// Ends it without a warning, as a crash would.
    ///
    /// # Errors
    /// If it cannot be waited for.
    pub fn kill(&mut self) -> Result<()> {
        // It may have ended by itself; either way it is gone afterwards.
        let _ = self.child.kill();
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

/// A file that is emptied, so that only what is printed from now on is in it.
///
/// # Errors
/// If it cannot be made.
pub fn fresh(log: &Path) -> Result<()> {
    File::create(log)?;
    Ok(())
}
