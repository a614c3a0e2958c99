//! The host's certificate authority.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use fleet_core::digest::Digest;
use fleet_core::name::ClusterName;
use fleet_host_plan::fleet::Now;
use rcgen::string::Ia5String;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PublicKeyData as _, SanType, SerialNumber,
};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{
    ClientHello, NoServerSessionStorage, ResolvesServerCert, WebPkiClientVerifier,
};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig};
use time::OffsetDateTime;

use super::write_private;

/// Life of a client certificate, in seconds: 24 hours.
pub const CLIENT_LIFE: u64 = 24 * 3600;

/// When a client renews: at two thirds of its certificate's life, in seconds.
pub const RENEW_AFTER: u64 = CLIENT_LIFE / 3 * 2;

/// Life of the server certificate, in seconds: 30 days. It is made anew well before.
pub const SERVER_LIFE: u64 = 30 * 24 * 3600;

/// Life of the authority, in seconds: ten years.
const AUTHORITY_LIFE: u64 = 3650 * 24 * 3600;

/// How far back a certificate's life begins, in seconds: clocks differ.
const BACKDATE: u64 = 300;

/// The largest signing request that is read, in bytes; one with a P-256 key has about 500.
const MAX_CSR_BYTES: usize = 16 << 10;

/// The host's certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    der: CertificateDer<'static>,
    trust_domain: String,
}

/// A client certificate that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The certificate in PEM.
    pub pem: String,
    /// Digest of its public key.
    pub key: Digest,
}

/// A signing request whose signature holds: whoever sent it has the private key.
pub struct Request {
    params: CertificateSigningRequestParams,
    /// Digest of its public key.
    pub key: Digest,
}

/// What can go wrong with the authority.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error("could not {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// One of the two files is there and the other is not.
    #[error(
        "`{}` is missing, and its counterpart is there\n  hint: restore it; or remove both, and join every agent again",
        _0.display()
    )]
    Half(PathBuf),
    /// A certificate cannot be made or read.
    #[error("could not {action}")]
    Certificate {
        /// What was tried.
        action: &'static str,
        /// Why not.
        #[source]
        source: rcgen::Error,
    },
    /// A trust domain that cannot be part of an identity.
    #[error(
        "`{0}` cannot be a trust domain: it has lower-case letters, digits, `.`, `-` and `_` only (SPIFFE ID, section 2.1)"
    )]
    TrustDomain(String),
    /// The TLS library refuses.
    #[error("could not set up TLS")]
    Tls(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Why a signing request is refused.
#[derive(Debug, thiserror::Error)]
#[error("the signing request cannot be used")]
pub struct BadRequest(#[source] rcgen::Error);

impl Authority {
    /// Reads `ca.crt` and `ca.key` in `folder`, or makes them.
    ///
    /// # Errors
    /// If the files cannot be read or written, or only one of them is there.
    pub fn open(folder: &Path, trust_domain: &str, now: Now) -> Result<Self, Error> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
        if trust_domain.is_empty() || trust_domain.len() > 255 || !trust_domain.chars().all(plain) {
            return Err(Error::TrustDomain(trust_domain.to_owned()));
        }
        let (certificate_path, key_path) = (folder.join("ca.crt"), folder.join("ca.key"));
        let (pem, key) = match (read(&certificate_path)?, read(&key_path)?) {
            (Some(pem), Some(key)) => {
                let key = KeyPair::from_pem(&key).map_err(failed("read the authority's key"))?;
                (pem, key)
            }
            (None, None) => {
                let (pem, key) = create(trust_domain, now)?;
                // The key first: a certificate without its key would look like a loss.
                for (path, content) in [
                    (&key_path, key.serialize_pem()),
                    (&certificate_path, pem.clone()),
                ] {
                    write_private(path, content.as_bytes()).map_err(|source| Error::Io {
                        action: "write",
                        path: path.clone(),
                        source,
                    })?;
                }
                (pem, key)
            }
            (None, Some(_)) => return Err(Error::Half(certificate_path)),
            (Some(_), None) => return Err(Error::Half(key_path)),
        };
        let der = CertificateDer::from_pem_slice(pem.as_bytes())
            .map_err(|error| Error::Tls(error.into()))?;
        let issuer = Issuer::from_ca_cert_der(&der, key)
            .map_err(failed("read the authority's certificate"))?;
        Ok(Self {
            issuer,
            pem,
            der,
            trust_domain: trust_domain.to_owned(),
        })
    }

    /// Its certificate in PEM.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Digest of its certificate's DER: what a join command pins.
    pub fn pin(&self) -> Digest {
        Digest::of(&self.der)
    }

    /// The trust domain of the identities that it gives.
    pub fn trust_domain(&self) -> &str {
        &self.trust_domain
    }

    /// Reads a signing request and checks its signature.
    ///
    /// # Errors
    /// If it is no PEM signing request, or its signature does not hold.
    pub fn read_request(&self, pem: &str) -> Result<Request, BadRequest> {
        if pem.len() > MAX_CSR_BYTES {
            return Err(BadRequest(rcgen::Error::CouldNotParseCertificationRequest));
        }
        let params = CertificateSigningRequestParams::from_pem(pem).map_err(BadRequest)?;
        let key = Digest::of(&params.public_key.subject_public_key_info());
        Ok(Request { params, key })
    }

    /// Makes a client certificate for `cluster`; of the request only the public key is used.
    ///
    /// # Errors
    /// If the library cannot sign.
    pub fn sign(
        &self,
        request: &Request,
        cluster: &ClusterName,
        now: Now,
    ) -> Result<Signed, Error> {
        let mut params = leaf(now, CLIENT_LIFE, ExtendedKeyUsagePurpose::ClientAuth);
        params
            .distinguished_name
            .push(DnType::CommonName, cluster.as_str());
        let uri = format!("spiffe://{}/cluster/{cluster}", self.trust_domain);
        params.subject_alt_names = vec![SanType::URI(ascii(uri)?)];
        let certificate = params
            .signed_by(&request.params.public_key, &self.issuer)
            .map_err(failed("sign a client certificate"))?;
        Ok(Signed {
            pem: certificate.pem(),
            key: request.key,
        })
    }

    /// Makes a server certificate for `names` (host names and addresses) with a new key.
    ///
    /// # Errors
    /// If a name is not well-formed.
    fn server_key(
        &self,
        names: &[String],
        now: Now,
        provider: &CryptoProvider,
    ) -> Result<CertifiedKey, Error> {
        let make = failed("make the server certificate");
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(&make)?;
        let mut params = leaf(now, SERVER_LIFE, ExtendedKeyUsagePurpose::ServerAuth);
        params
            .distinguished_name
            .push(DnType::CommonName, "Fleet host");
        params.subject_alt_names = CertificateParams::new(names)
            .map_err(&make)?
            .subject_alt_names;
        let certificate = params.signed_by(&key, &self.issuer).map_err(&make)?;
        // The authority's certificate goes along, so that an agent can find the one that it has pinned.
        let chain = vec![certificate.der().clone(), self.der.clone()];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        CertifiedKey::from_der(chain, key, provider).map_err(|error| Error::Tls(error.into()))
    }

    /// How the host speaks TLS with agents: 1.3 only, client certificates checked where one is shown. Each route
    /// decides whether it wants one.
    ///
    /// # Errors
    /// If a name is not well-formed.
    pub fn server(
        &self,
        names: &[String],
        now: Now,
    ) -> Result<(ServerConfig, Arc<ServerKey>), Error> {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = |error: rustls::Error| Error::Tls(error.into());
        let key = Arc::new(ServerKey {
            current: RwLock::new(Arc::new(self.server_key(names, now, &provider)?)),
            names: names.to_vec(),
            provider: provider.clone(),
        });
        let mut roots = RootCertStore::empty();
        roots.add(self.der.clone()).map_err(tls)?;
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .allow_unauthenticated()
                .build()
                .map_err(|error| Error::Tls(error.into()))?;
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(tls)?
            .with_client_cert_verifier(verifier)
            .with_cert_resolver(key.clone());
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        // A resumed session would skip the check of the client's certificate; it saves next to nothing.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        Ok((config, key))
    }
}

/// The server certificate in use.
#[derive(Debug)]
pub struct ServerKey {
    current: RwLock<Arc<CertifiedKey>>,
    names: Vec<String>,
    provider: Arc<CryptoProvider>,
}

impl ServerKey {
    /// Takes a new certificate for the same names into use.
    ///
    /// # Errors
    /// If it cannot be made; the old one stays in use.
    pub fn renew(&self, authority: &Authority, now: Now) -> Result<(), Error> {
        let fresh = authority.server_key(&self.names, now, &self.provider)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }
}

impl ResolvesServerCert for ServerKey {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Some(current.clone())
    }
}

fn create(trust_domain: &str, now: Now) -> Result<(String, KeyPair), Error> {
    let make = failed("make the certificate authority");
    let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(&make)?;
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(
        DnType::CommonName,
        format!("Fleet host CA of {trust_domain}"),
    );
    params.subject_alt_names = vec![SanType::URI(ascii(format!("spiffe://{trust_domain}"))?)];
    params.serial_number = Some(serial());
    (params.not_before, params.not_after) = validity(now, AUTHORITY_LIFE);
    let certificate = params.self_signed(&key).map_err(&make)?;
    Ok((certificate.pem(), key))
}

fn leaf(now: Now, life: u64, usage: ExtendedKeyUsagePurpose) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.distinguished_name = DistinguishedName::new();
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(serial());
    (params.not_before, params.not_after) = validity(now, life);
    params
}

/// 16 random bytes, the first bit clear: RFC 5280 wants a positive number of at most 20 bytes.
fn serial() -> SerialNumber {
    let mut bytes = crate::random::bytes::<16>();
    bytes[0] &= 0x7f;
    SerialNumber::from_slice(&bytes)
}

fn validity(now: Now, life: u64) -> (OffsetDateTime, OffsetDateTime) {
    let at = |seconds: u64| {
        i64::try_from(seconds)
            .ok()
            .and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok())
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    };
    (
        at(now.saturating_sub(BACKDATE)),
        at(now.saturating_add(life)),
    )
}

fn ascii(text: String) -> Result<Ia5String, Error> {
    Ia5String::try_from(text).map_err(failed("write an identity"))
}

fn failed(action: &'static str) -> impl Fn(rcgen::Error) -> Error {
    move |source| Error::Certificate { action, source }
}

fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(Error::Io {
            action: "read",
            path: path.to_owned(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests;
