//! The Git server of a run: `git http-backend` over HTTPS, behind an authority of its own.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use fleet_test_git::certificates::Authority;
use fleet_test_git::http::{Access, HttpServer, Tls};

const USER: &str = "fleet";
const PASSWORD: &str = "not-a-secret";

/// A running server.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) http: HttpServer,
    authority: Authority,
}

impl Server {
    /// Serves all repositories below `root` to everybody.
    pub(super) fn start(root: &Path) -> Result<Self> {
        let authority = Authority::new("bench")?;
        let tls = Tls {
            identity: authority.server(&["127.0.0.1"])?,
            clients: None,
        };
        Ok(Self {
            http: HttpServer::start(root, Some(&tls))?,
            authority,
        })
    }

    /// Writes the certificate of its authority into a file.
    pub(super) fn write_authority(&self, dir: &Path) -> Result<PathBuf> {
        let file = dir.join("authority.pem");
        fs::write(&file, self.authority.pem())?;
        Ok(file)
    }

    /// Asks for a password from now on, and writes the secret that holds it, as Kubernetes mounts it.
    pub(super) fn close(&self, secret: &Path) -> Result<()> {
        self.http.set_access(Access::Basic {
            user: USER.to_owned(),
            password: PASSWORD.to_owned(),
        });
        fs::create_dir_all(secret)?;
        fs::write(secret.join("username"), USER)?;
        fs::write(secret.join("password"), PASSWORD)?;
        fs::write(secret.join("cacerts"), self.authority.pem())?;
        Ok(())
    }
}
