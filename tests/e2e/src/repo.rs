//! A Git repository that somebody commits to: a work folder, and the bare repository that the host watches.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

/// A repository with the branch `main`.
#[derive(Debug)]
pub struct Repo {
    work: PathBuf,
    bare: PathBuf,
}

impl Repo {
    /// An empty repository below `dir`.
    ///
    /// # Errors
    /// If `git` cannot be run.
    pub fn create(dir: &Path, name: &str) -> Result<Self> {
        let repo = Self {
            work: dir.join(name),
            bare: dir.join(format!("{name}.git")),
        };
        fs::create_dir_all(&repo.work)?;
        let bare = repo.bare.to_string_lossy().into_owned();
        git(
            dir,
            &["init", "--quiet", "--bare", "--initial-branch=main", &bare],
        )?;
        repo.git(&["init", "--quiet", "--initial-branch=main"])?;
        repo.git(&["remote", "add", "origin", &bare])?;
        Ok(repo)
    }

    /// The URL that the host is given.
    pub fn url(&self) -> String {
        format!("file://{}", self.bare.display())
    }

    /// The work folder.
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// Copies a folder into the work folder.
    ///
    /// # Errors
    /// If a file cannot be read or written.
    pub fn copy_from(&self, folder: &Path) -> Result<()> {
        copy(folder, &self.work)
    }

    /// Writes a file of the work folder.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, path: &str, content: &str) -> Result<()> {
        let file = self.work.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, content).with_context(|| format!("could not write {}", file.display()))
    }

    /// Puts `new` in the place of `old` in a file of the work folder.
    ///
    /// # Errors
    /// If the file does not hold `old`.
    pub fn replace(&self, path: &str, old: &str, new: &str) -> Result<()> {
        let text = fs::read_to_string(self.work.join(path))?;
        ensure!(text.contains(old), "{path} does not hold {old:?}");
        self.write(path, &text.replace(old, new))
    }

    /// Removes a file or a folder of the work folder.
    ///
    /// # Errors
    /// If it is not there.
    pub fn remove(&self, path: &str) -> Result<()> {
        let path = self.work.join(path);
        if path.is_dir() {
            fs::remove_dir_all(path)?;
        } else {
            fs::remove_file(path)?;
        }
        Ok(())
    }

    /// Commits everything and pushes it; the full id of the commit.
    ///
    /// # Errors
    /// If there is nothing to commit.
    pub fn commit(&self, message: &str) -> Result<String> {
        self.git(&["add", "--all"])?;
        self.git(&["commit", "--quiet", "--message", message])?;
        self.git(&["push", "--quiet", "origin", "main"])?;
        self.git(&["rev-parse", "HEAD"])
    }

    /// Forgets all history, commits one file and forces it on everybody; the full id of the commit.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn restart(&self, path: &str, content: &str) -> Result<String> {
        self.git(&["checkout", "--quiet", "--orphan", "anew"])?;
        self.git(&["rm", "-r", "--quiet", "--force", "."])?;
        self.write(path, content)?;
        self.git(&["add", "--all"])?;
        self.git(&["commit", "--quiet", "--message", "anew"])?;
        self.git(&["branch", "--quiet", "--force", "--move", "main"])?;
        self.git(&["push", "--quiet", "--force", "origin", "main"])?;
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs `git` in the repository that the host watches.
    ///
    /// # Errors
    /// If it fails.
    pub fn bare_git(&self, args: &[&str]) -> Result<String> {
        git(&self.bare, args)
    }

    fn git(&self, args: &[&str]) -> Result<String> {
        git(&self.work, args)
    }
}

/// Runs `git` with nothing of the machine's own configuration.
fn git(dir: &Path, args: &[&str]) -> Result<String> {
    let output = Command::new("git")
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_AUTHOR_NAME", "Ada")
        .env("GIT_AUTHOR_EMAIL", "ada@example.org")
        .env("GIT_COMMITTER_NAME", "Ada")
        .env("GIT_COMMITTER_EMAIL", "ada@example.org")
        .output()
        .context("could not start `git`; is it installed?")?;
    ensure!(
        output.status.success(),
        "git {}: {}",
        args.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("could not list {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
