//! Real Git servers on loopback that can be made to fail, for tests.
//!
//! Behind each server stands the `git` program itself: `git http-backend` behind [`http::HttpServer`], `git upload-pack`
//! behind [`ssh::SshServer`], and [`daemon::Daemon`] is `git daemon`. In front of each stands a [`line::Line`], which can
//! be closed and opened on the same port, fall silent, drip, be cut or flip a byte. [`proxy::Proxy`] is a proxy for HTTP,
//! and [`objects::Objects`] makes what repositories hold.
//!
//! Everything is called from plain threads; the servers live on a runtime of their own.

pub mod certificates;
pub mod daemon;
pub mod http;
pub mod line;
pub mod objects;
pub mod proxy;
pub mod ssh;

use std::future::Future;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};

use anyhow::{Context as _, Result, bail};

/// Runs all servers of the process.
static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("test-git")
        .enable_all()
        .build()
        .expect("a test that can start no thread has failed")
});

/// A task of a server, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Task(Option<tokio::task::JoinHandle<()>>);

impl Task {
    pub(crate) fn start(future: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Some(RUNTIME.spawn(future)))
    }

    /// Ends it and waits until all that it held is dropped.
    pub(crate) fn end(mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
            // Cancelled, as was asked for.
            let _ = RUNTIME.block_on(task);
        }
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether this machine can serve Git in all these ways. If not, it says so aloud; with `CI=true` it fails.
///
/// # Panics
/// With `CI=true`, if something is missing.
pub fn available() -> bool {
    let missing = || -> Result<()> {
        for name in ["git-http-backend", "git-daemon", "git-upload-pack"] {
            git_program(name)?;
        }
        let ssh = Command::new("ssh").arg("-V").output();
        ssh.map(|_| ()).context("there is no `ssh`")
    };
    match missing() {
        Ok(()) => true,
        Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
            panic!("Git servers cannot be tested here: {error:#}")
        }
        Err(error) => {
            eprintln!("SKIPPED: Git servers cannot be tested here: {error:#}");
            false
        }
    }
}

/// One of the programs that come with `git`. Called directly, because `git NAME` would be a second process that outlives
/// its child's end, or the other way round.
pub(crate) fn git_program(name: &str) -> Result<PathBuf> {
    /// Servers call these programs for each request.
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    if FOLDER.get().is_none() {
        let output = Command::new("git").arg("--exec-path").output();
        let output = output.context("there is no `git`")?;
        let folder = PathBuf::from(String::from_utf8(output.stdout)?.trim());
        FOLDER.get_or_init(|| folder);
    }
    let folder = FOLDER.get().context("it was just looked for")?;
    let program = folder.join(name);
    if !program.is_file() {
        bail!(
            "`git` comes without `{name}` ({} is no file)",
            program.display()
        );
    }
    Ok(program)
}

/// What the servers' processes see of the environment.
pub(crate) fn environment() -> Vec<(&'static str, std::ffi::OsString)> {
    vec![
        ("PATH", std::env::var_os("PATH").unwrap_or_default()),
        ("GIT_CONFIG_NOSYSTEM", "1".into()),
        ("GIT_CONFIG_GLOBAL", "/dev/null".into()),
        // As forges do: any commit that is there can be asked for, and commits without their files.
        ("GIT_CONFIG_COUNT", "3".into()),
        ("GIT_CONFIG_KEY_0", "safe.directory".into()),
        ("GIT_CONFIG_VALUE_0", "*".into()),
        ("GIT_CONFIG_KEY_1", "uploadpack.allowAnySHA1InWant".into()),
        ("GIT_CONFIG_VALUE_1", "true".into()),
        ("GIT_CONFIG_KEY_2", "uploadpack.allowFilter".into()),
        ("GIT_CONFIG_VALUE_2", "true".into()),
    ]
}
