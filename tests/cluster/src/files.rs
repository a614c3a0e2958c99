//! What a control plane needs on disk before it starts: certificates, keys, credentials.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::Context;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use serde_json::json;
use tempfile::TempDir;

/// The administrator's bearer token: good on loopback, for as long as the test runs.
const TOKEN: &str = "administrator-of-a-test";

/// The folder of one control plane; removed when dropped.
#[derive(Debug)]
pub(crate) struct Files {
    folder: TempDir,
}

impl Files {
    /// Writes everything for an API server on `port`.
    pub(crate) fn write(port: u16) -> anyhow::Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("fleet-control-plane-")
            .tempdir()?;
        let files = Self { folder };
        let put = |name: &str, text: &str| {
            fs::write(files.path(name), text).with_context(|| format!("could not write `{name}`"))
        };

        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let name = &mut authority.distinguished_name;
        name.push(DnType::CommonName, "control plane for tests");
        let authority_key = KeyPair::generate()?;
        let authority_certificate = authority.self_signed(&authority_key)?;
        let issuer = Issuer::new(authority, authority_key);

        let names = [
            "127.0.0.1",
            "localhost",
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "10.0.0.1",
        ];
        let server = CertificateParams::new(names.map(str::to_owned))?;
        let server_key = KeyPair::generate()?;
        let server_certificate = server.signed_by(&server_key, &issuer)?;
        put("ca.crt", &authority_certificate.pem())?;
        put("server.crt", &server_certificate.pem())?;
        put("server.key", &server_key.serialize_pem())?;

        let accounts = KeyPair::generate()?;
        put("accounts.key", &accounts.serialize_pem())?;
        put("accounts.pub", &accounts.public_key_pem())?;
        put(
            "tokens.csv",
            &format!("{TOKEN},admin,admin,\"system:masters\"\n"),
        )?;

        // JSON is YAML.
        let kubeconfig = json!({
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "test", "cluster": {
                "server": format!("https://127.0.0.1:{port}"),
                "certificate-authority": files.path("ca.crt"),
            }}],
            "users": [{"name": "admin", "user": {"token": TOKEN}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "admin"}}],
            "current-context": "test",
        });
        put("kubeconfig", &kubeconfig.to_string())?;
        Ok(files)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// Ports of loopback that nobody uses now. Somebody may take one before it is used: then starting fails, and
/// is tried again with others.
pub(crate) fn free_ports<const N: usize>() -> io::Result<[u16; N]> {
    // All at once, so that no port is given twice.
    let listeners: Vec<_> = (0..N)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<io::Result<_>>()?;
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}
