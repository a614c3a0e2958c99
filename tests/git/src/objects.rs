//! Git objects made one by one by the `git` program, also such as `git add` would refuse.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

/// A folder in which `git` runs with nothing of the machine's own configuration, always as the same people at the same
/// time.
#[derive(Clone, Debug)]
pub struct Objects {
    dir: PathBuf,
}

impl Objects {
    /// The repository in `dir`, which may not be one yet.
    pub fn of(dir: &Path) -> Self {
        Self {
            dir: dir.to_owned(),
        }
    }

    /// What a command prints, without the last line break.
    ///
    /// # Errors
    /// If it fails, or prints no text.
    pub fn git(&self, args: &[&str]) -> Result<String> {
        let output = self.git_with(args, |_| Ok(()))?;
        Ok(String::from_utf8(output)?.trim_end().to_owned())
    }

    /// What a command prints that reads what `write` writes.
    ///
    /// # Errors
    /// If it fails.
    pub fn git_with(
        &self,
        args: &[&str],
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Vec<u8>> {
        let mut child = Command::new("git")
            // Nobody keeps what is made here.
            .args(["-c", "core.looseCompression=1"])
            .args(args)
            .current_dir(&self.dir)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("HOME", &self.dir)
            .envs([
                ("GIT_AUTHOR_NAME", "A"),
                ("GIT_AUTHOR_EMAIL", "a@example.org"),
                ("GIT_AUTHOR_DATE", "1700000000 +0100"),
            ])
            .envs([
                ("GIT_COMMITTER_NAME", "C"),
                ("GIT_COMMITTER_EMAIL", "c@example.org"),
                ("GIT_COMMITTER_DATE", "1700000060 +0000"),
            ])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start `git`; is it installed?")?;
        let mut stdin = child.stdin.take().context("it was asked to be piped")?;
        write(&mut stdin)?;
        drop(stdin);
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "git {args:?} failed");
        Ok(output.stdout)
    }

    /// A file, whatever is in it.
    ///
    /// # Errors
    /// If `git` fails.
    pub fn blob(&self, content: &[u8]) -> Result<String> {
        self.object("blob", |stdin| stdin.write_all(content))
    }

    /// A folder of `(mode, name, id)` in this order, whatever the names are.
    ///
    /// # Errors
    /// If `git` fails, or an id is none.
    pub fn tree(&self, entries: &[(&str, &[u8], &str)]) -> Result<String> {
        let mut raw = Vec::new();
        for (mode, name, id) in entries {
            raw.extend(format!("{} ", mode.trim_start_matches('0')).as_bytes());
            raw.extend(*name);
            raw.push(0);
            for at in (0..40).step_by(2) {
                let digits = id.get(at..at + 2).context("an id has 40 digits")?;
                raw.push(u8::from_str_radix(digits, 16)?);
            }
        }
        self.object("tree", |stdin| stdin.write_all(&raw))
    }

    /// An object of exactly the bytes that `write` writes.
    ///
    /// # Errors
    /// If `git` fails.
    pub fn object(
        &self,
        kind: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<String> {
        let args = ["hash-object", "-w", "-t", kind, "--stdin", "--literally"];
        let id = self.git_with(&args, write)?;
        Ok(String::from_utf8(id)?.trim_end().to_owned())
    }
}
