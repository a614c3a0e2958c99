//! Git over its own protocol: `git daemon` as a process.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Result, bail};

use crate::line::Line;

/// A running daemon.
#[derive(Debug)]
pub struct Daemon {
    line: Line,
    child: Child,
}

impl Daemon {
    /// Serves all repositories below `root`.
    ///
    /// # Errors
    /// If it does not come up.
    pub fn start(root: &Path) -> Result<Self> {
        // It cannot tell which port it got, so it is given one; when somebody else was faster, another one.
        for _ in 0..5 {
            let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
            if let Some(child) = start(root, address)? {
                let line = Line::to(address)?;
                return Ok(Self { line, child });
            }
        }
        bail!("`git daemon` does not come up")
    }

    /// The line in front of it.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// The URL of a repository below the root.
    pub fn url(&self, repo: &str) -> String {
        format!("git://{}/{repo}", self.line.address())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The process once it listens; nothing if it ended before.
fn start(root: &Path, address: SocketAddr) -> Result<Option<Child>> {
    let mut base = std::ffi::OsString::from("--base-path=");
    base.push(root);
    let mut child = Command::new(crate::git_program("git-daemon")?)
        .args(["--export-all", "--reuseaddr"])
        .arg(format!("--listen={}", address.ip()))
        .arg(format!("--port={}", address.port()))
        .arg(base)
        .env_clear()
        .envs(crate::environment())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    for _ in 0..200 {
        if child.try_wait()?.is_some() {
            return Ok(None);
        }
        if TcpStream::connect(address).is_ok() {
            return Ok(Some(child));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}
