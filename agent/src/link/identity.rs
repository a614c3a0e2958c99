//! Who the agent is to the host: a key of its own and a short-lived certificate for it.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fleet_core::name::ClusterName;
use fleet_core::secret::Secret;
use fleet_core::wire::EnrolResponse;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde::{Deserialize, Serialize};
use x509_parser::parse_x509_certificate;

use super::Error;
use crate::state::Disk;

const KEY: &str = "key.json";
const IDENTITY: &str = "identity.json";

/// The agent's key; it stays the same for as long as its file is there, and never leaves the machine.
pub(super) struct Key(KeyPair);

/// A private key as it is kept on the disk.
#[derive(Serialize, Deserialize)]
struct KeyFile {
    pkcs8: String,
}

/// What the host gave for the key.
#[derive(Clone, Debug)]
pub struct Identity {
    key: Secret<String>,
    enrolled: Enrolled,
}

/// The part of an identity that is no secret.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Enrolled {
    cluster: ClusterName,
    certificate: String,
    ca: String,
    /// Seconds since the epoch.
    renew_at: u64,
}

impl Key {
    /// Reads the key from the disk, or makes one (P-256) and keeps it there, readable by the owner only.
    pub(super) fn load_or_make(disk: &Disk) -> Result<Self, Error> {
        let path = Path::new(KEY);
        if let Some(KeyFile { pkcs8 }) = disk.read_json(path) {
            return Ok(Self(KeyPair::from_pem(&pkcs8)?));
        }
        let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256)?;
        let pkcs8 = pair.serialize_pem();
        disk.write_json(path, &KeyFile { pkcs8 })?;
        Ok(Self(pair))
    }

    /// A request for a certificate; the host takes nothing from it but the public key.
    pub(super) fn request(&self) -> Result<String, Error> {
        let request = CertificateParams::default().serialize_request(&self.0)?;
        Ok(request.pem()?)
    }
}

impl Identity {
    /// Reads the identity from the disk, if the agent has enrolled before.
    pub(super) fn load(disk: &Disk, key: &Key) -> Option<Self> {
        Some(Self {
            key: Secret::new(key.0.serialize_pem()),
            enrolled: disk.read_json(Path::new(IDENTITY))?,
        })
    }

    /// Keeps what the host answered.
    pub(super) fn save(disk: &Disk, key: &Key, response: EnrolResponse) -> Result<Self, Error> {
        let renew_after = Duration::from_secs(response.renew_after_seconds);
        let renew_at = seconds(SystemTime::now() + renew_after);
        let enrolled = Enrolled {
            cluster: response.cluster,
            certificate: response.certificate,
            ca: response.ca,
            renew_at,
        };
        disk.write_json(Path::new(IDENTITY), &enrolled)?;
        Ok(Self {
            key: Secret::new(key.0.serialize_pem()),
            enrolled,
        })
    }

    /// The name under which the host knows the cluster.
    pub fn cluster(&self) -> &ClusterName {
        &self.enrolled.cluster
    }

    /// The certificate in PEM.
    pub(super) fn certificate(&self) -> &str {
        &self.enrolled.certificate
    }

    /// The authorities to trust, in PEM.
    pub(super) fn authorities(&self) -> &str {
        &self.enrolled.ca
    }

    /// The private key in PEM.
    pub(super) fn key(&self) -> &Secret<String> {
        &self.key
    }

    /// How long until the certificate is to be renewed; zero if that is overdue.
    pub(super) fn renew_in(&self) -> Duration {
        Duration::from_secs(
            self.enrolled
                .renew_at
                .saturating_sub(seconds(SystemTime::now())),
        )
    }

    /// The same identity, to be renewed after `wait`.
    pub(super) fn postponed(&self, wait: Duration) -> Self {
        let mut postponed = self.clone();
        postponed.enrolled.renew_at = seconds(SystemTime::now() + wait);
        postponed
    }

    /// Whether the certificate has ended, so that showing it would fail the handshake.
    pub(super) fn has_expired(&self) -> bool {
        let Ok(der) = CertificateDer::from_pem_slice(self.certificate().as_bytes()) else {
            return true;
        };
        let Ok((_, certificate)) = parse_x509_certificate(&der) else {
            return true;
        };
        let now = i64::try_from(seconds(SystemTime::now())).unwrap_or(i64::MAX);
        certificate.validity().not_after.timestamp() <= now
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
