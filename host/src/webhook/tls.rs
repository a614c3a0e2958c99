//! The certificate of the webhooks' listener, read again when its files may have changed.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use tracing::warn;

/// How long what was read from the files counts.
const AGE: Duration = Duration::from_secs(60);

/// Certificate and key from two files.
pub(crate) struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: Mutex<(Instant, TlsAcceptor)>,
}

impl Tls {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// If they cannot be used.
    pub(crate) fn open(certificate: PathBuf, key: PathBuf) -> io::Result<Self> {
        let acceptor = load(&certificate, &key)?;
        Ok(Self {
            certificate,
            key,
            current: Mutex::new((Instant::now(), acceptor)),
        })
    }

    /// What connections are accepted with. Files that cannot be used leave what was read before in its place.
    pub(super) async fn acceptor(self: &Arc<Self>) -> TlsAcceptor {
        let current = {
            let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
            if current.0.elapsed() < AGE {
                return current.1.clone();
            }
            // Whoever comes next does not read them as well.
            current.0 = Instant::now();
            current.1.clone()
        };
        let tls = self.clone();
        let loaded = tokio::task::spawn_blocking(move || load(&tls.certificate, &tls.key)).await;
        match loaded.unwrap_or_else(|error| Err(io::Error::other(error))) {
            Ok(acceptor) => {
                let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
                current.1 = acceptor.clone();
                acceptor
            }
            Err(error) => {
                warn!(%error, "could not read the certificate for webhooks again; the one from before goes on");
                current
            }
        }
    }
}

fn load(certificate: &PathBuf, key: &PathBuf) -> io::Result<TlsAcceptor> {
    let failed = |path: &PathBuf, error: &dyn std::error::Error| {
        io::Error::other(format!("cannot use `{}`: {error}", path.display()))
    };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(|error| failed(certificate, &error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| failed(key, &error))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(chain, private)
        })
        .map_err(|error| failed(certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
