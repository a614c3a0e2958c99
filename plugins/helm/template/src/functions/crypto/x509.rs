//! X.509 certificates as sprig's template for them has Go make them.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use super::der::{Reader, bit_string, element, sequence, tag, unsigned};
use super::keys::PrivateKey;
use super::pem;
use crate::functions::dates::time::Time;

/// What a certificate says.
pub(super) struct Template<'t> {
    pub(super) serial: [u8; 16],
    pub(super) common_name: &'t str,
    pub(super) ips: Vec<IpAddr>,
    pub(super) dns_names: Vec<String>,
    /// Seconds since 1970.
    pub(super) not_before: i64,
    /// Seconds since 1970.
    pub(super) not_after: i64,
    pub(super) is_ca: bool,
}

/// Who signs: a certificate that was read.
pub(super) struct Parent {
    /// Its subject, encoded.
    subject: Vec<u8>,
    /// The content of the bit string of its public key.
    public_bits: Vec<u8>,
    key_id: Option<Vec<u8>>,
}

/// Object identifiers, encoded.
mod oid {
    pub(super) const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
    pub(super) const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
    pub(super) const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
    pub(super) const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
    pub(super) const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
    pub(super) const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 0x23];
    pub(super) const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
    pub(super) const SERVER_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    pub(super) const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
}

impl Parent {
    /// Reads what matters of the first certificate in a text.
    pub(super) fn from_pem(text: &str) -> Result<Self, String> {
        let block = pem::decode(text).ok_or("unable to decode certificate")?;
        Self::parse(&block.bytes).ok_or_else(|| {
            "error parsing certificate: decodedSignerCert.Bytes: x509: malformed certificate"
                .to_owned()
        })
    }

    /// Reads a certificate.
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        let mut certificate = Reader::new(der).enter(tag::SEQUENCE)?;
        let mut parts = certificate.enter(tag::SEQUENCE)?;
        let _version = parts.take(tag::explicit(0));
        let _serial = parts.take(tag::INTEGER)?;
        let _algorithm = parts.take(tag::SEQUENCE)?;
        let _issuer = parts.take(tag::SEQUENCE)?;
        let _validity = parts.take(tag::SEQUENCE)?;
        let subject = parts.next().filter(|part| part.tag == tag::SEQUENCE)?;
        let mut public = parts.enter(tag::SEQUENCE)?;
        public.take(tag::SEQUENCE)?;
        let public_bits = public.take(tag::BIT_STRING)?.get(1..)?.to_vec();
        // Identifiers of issuer and subject, which nobody uses, stand before the extensions.
        let mut extensions = None;
        while let Some(part) = parts.next() {
            if part.tag == tag::explicit(3) {
                extensions = Reader::new(part.content).enter(tag::SEQUENCE);
            }
        }
        Some(Self {
            subject: subject.whole.to_vec(),
            public_bits,
            key_id: extensions.and_then(key_id),
        })
    }
}

fn key_id(mut extensions: Reader<'_>) -> Option<Vec<u8>> {
    while let Some(mut extension) = extensions.enter(tag::SEQUENCE) {
        if extension.take(tag::OID)? == oid::SUBJECT_KEY_ID {
            extension.take(tag::BOOLEAN);
            let value = extension.take(tag::OCTET_STRING)?;
            return Reader::new(value)
                .take(tag::OCTET_STRING)
                .map(<[u8]>::to_vec);
        }
    }
    None
}

/// `x509.CreateCertificate`: as PEM. Without a parent the certificate is signed by its own key.
pub(super) fn create(
    template: &Template<'_>,
    key: &PrivateKey,
    signer: Option<(&Parent, &PrivateKey)>,
) -> Result<String, String> {
    let subject = name(template.common_name);
    let (issuer, authority, signing_key) = match signer {
        None => (subject.clone(), None, key),
        Some((parent, signing_key)) => {
            if signing_key.public_bits() != parent.public_bits {
                return Err("x509: provided PrivateKey doesn't match parent's PublicKey".to_owned());
            }
            let authority = parent.key_id.clone();
            let authority = authority.filter(|_| parent.subject != subject);
            (parent.subject.clone(), authority, signing_key)
        }
    };
    let algorithm = signing_key.signature_algorithm();
    let validity = sequence(&[&time(template.not_before), &time(template.not_after)]);
    let extensions = extensions(template, key, authority.as_deref(), subject.len() == 2)?;
    let body = sequence(&[
        &element(tag::explicit(0), &unsigned(&[2])),
        &unsigned(&template.serial),
        &algorithm,
        &issuer,
        &validity,
        &subject,
        &key.public_info(),
        &element(tag::explicit(3), &extensions),
    ]);
    let signature = signing_key.sign(&body)?;
    let certificate = sequence(&[&body, &algorithm, &bit_string(&signature)]);
    Ok(pem::encode("CERTIFICATE", &certificate))
}

/// A name with nothing but a common name, or with nothing.
fn name(common_name: &str) -> Vec<u8> {
    if common_name.is_empty() {
        return sequence(&[]);
    }
    let printable = |b: u8| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&b);
    let kind = if common_name.bytes().all(printable) {
        tag::PRINTABLE_STRING
    } else {
        tag::UTF8_STRING
    };
    let value = element(kind, common_name.as_bytes());
    let attribute = sequence(&[&element(tag::OID, oid::COMMON_NAME), &value]);
    sequence(&[&element(tag::SET, &attribute)])
}

/// With two digits for the year where they say it.
fn time(seconds: i64) -> Vec<u8> {
    let time = Time::from_unix(seconds);
    if (1950..2050).contains(&time.civil().year) {
        element(tag::UTC_TIME, time.format("060102150405Z").as_bytes())
    } else {
        let text = time.format("20060102150405Z");
        element(tag::GENERALIZED_TIME, text.as_bytes())
    }
}

fn extensions(
    template: &Template<'_>,
    key: &PrivateKey,
    authority: Option<&[u8]>,
    nameless: bool,
) -> Result<Vec<u8>, String> {
    let extension = |id: &[u8], critical: bool, value: &[u8]| {
        let critical: &[u8] = if critical {
            &[tag::BOOLEAN, 1, 0xff]
        } else {
            &[]
        };
        let value = element(tag::OCTET_STRING, value);
        sequence(&[&element(tag::OID, id), critical, &value])
    };
    // Digital signature and key encipherment; a CA also signs certificates.
    let usage: &[u8] = if template.is_ca {
        &[2, 0xa4]
    } else {
        &[5, 0xa0]
    };
    let purposes = sequence(&[
        &element(tag::OID, oid::SERVER_AUTH),
        &element(tag::OID, oid::CLIENT_AUTH),
    ]);
    let constraints: &[u8] = if template.is_ca {
        &[tag::BOOLEAN, 1, 0xff]
    } else {
        &[]
    };
    let mut all = vec![
        extension(oid::KEY_USAGE, true, &element(tag::BIT_STRING, usage)),
        extension(oid::EXTENDED_KEY_USAGE, false, &purposes),
        extension(oid::BASIC_CONSTRAINTS, true, &sequence(&[constraints])),
    ];
    if template.is_ca {
        // Method 1 of RFC 7093, as Go since 1.25.
        let id = &Sha256::digest(key.public_bits())[..20];
        let value = element(tag::OCTET_STRING, id);
        all.push(extension(oid::SUBJECT_KEY_ID, false, &value));
    }
    if let Some(id) = authority {
        let value = sequence(&[&element(tag::implicit(0), id)]);
        all.push(extension(oid::AUTHORITY_KEY_ID, false, &value));
    }
    if !template.dns_names.is_empty() || !template.ips.is_empty() {
        let names = alternative_names(template)?;
        all.push(extension(oid::ALTERNATIVE_NAMES, nameless, &names));
    }
    Ok(element(tag::SEQUENCE, &all.concat()))
}

fn alternative_names(template: &Template<'_>) -> Result<Vec<u8>, String> {
    let mut names = Vec::new();
    for name in &template.dns_names {
        if !name.is_ascii() {
            let shown = crate::fmt::quote(name);
            return Err(format!("x509: {shown} cannot be encoded as an IA5String"));
        }
        names.extend(element(tag::implicit(2), name.as_bytes()));
    }
    for ip in &template.ips {
        names.extend(match ip.to_canonical() {
            IpAddr::V4(ip) => element(tag::implicit(7), &ip.octets()),
            IpAddr::V6(ip) => element(tag::implicit(7), &ip.octets()),
        });
    }
    Ok(element(tag::SEQUENCE, &names))
}
