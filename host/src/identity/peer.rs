//! What a client certificate says.

use fleet_core::digest::Digest;
use fleet_core::name::ClusterName;
use fleet_host_plan::fleet::Now;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// What a client certificate that the TLS layer has verified says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The cluster that it was made for.
    pub cluster: ClusterName,
    /// Digest of its public key (DER of the `SubjectPublicKeyInfo`).
    pub key: Digest,
    /// When it ends.
    pub expires: Now,
}

impl Peer {
    /// Reads a certificate; none if it is not one for a cluster of this trust domain.
    pub fn read(der: &[u8], trust_domain: &str) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let names = certificate.subject_alternative_name().ok()??;
        // SPIFFE X.509-SVID, section 2: exactly one URI.
        let mut uris = names.value.general_names.iter().filter_map(|n| match n {
            GeneralName::URI(uri) => Some(*uri),
            _ => None,
        });
        let (uri, None) = (uris.next()?, uris.next()) else {
            return None;
        };
        let name = uri
            .strip_prefix("spiffe://")?
            .strip_prefix(trust_domain)?
            .strip_prefix("/cluster/")?;
        Some(Self {
            cluster: ClusterName::parse(name).ok()?,
            key: Digest::of(certificate.public_key().raw),
            expires: u64::try_from(certificate.validity().not_after.timestamp()).ok()?,
        })
    }
}
