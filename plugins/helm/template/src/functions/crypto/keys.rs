//! Private keys: reading them, writing them as Go does, signing with them.

use num_bigint::BigUint;
use p256::elliptic_curve::sec1::ToSec1Point;
use rsa::pkcs1::DecodeRsaPrivateKey;
use rsa::signature::Signer;
use sha2::{Digest, Sha256};

use super::der::{Reader, bit_string, element, sequence, tag, unsigned};
use super::pem;

/// A private key.
pub(super) enum PrivateKey {
    /// PKCS#1, and the key.
    Rsa(Vec<u8>, Box<rsa::PrivateKey>),
    P256(p256::SecretKey),
    P384(p384::SecretKey),
    Ed25519([u8; 32]),
    Dsa(Box<Dsa>),
}

/// The numbers of a DSA key, without leading zeros.
pub(super) struct Dsa {
    p: Vec<u8>,
    q: Vec<u8>,
    g: Vec<u8>,
    y: Vec<u8>,
    x: Vec<u8>,
}

/// Object identifiers, encoded.
mod oid {
    pub(super) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
    pub(super) const SHA256_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
    pub(super) const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01];
    pub(super) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    pub(super) const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    pub(super) const P384: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
    pub(super) const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    pub(super) const ECDSA_SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];
    pub(super) const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
}

fn algorithm(oid: &[u8], params: &[u8]) -> Vec<u8> {
    sequence(&[&element(tag::OID, oid), params])
}

fn null() -> Vec<u8> {
    element(tag::NULL, &[])
}

impl PrivateKey {
    /// sprig's `parsePrivateKeyPEM`.
    pub(super) fn from_pem(text: &str) -> Result<Self, String> {
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        let structure = || "asn1: structure error".to_owned();
        match block.label.as_str() {
            "PRIVATE KEY" => Self::from_pkcs8(&block.bytes)
                .map_err(|error| format!("decoding PEM as PKCS#8: {error}")),
            "RSA PRIVATE KEY" => Self::from_pkcs1(&block.bytes)
                .map_err(|error| format!("parsing RSA private key from PEM: {error}")),
            "EC PRIVATE KEY" => Self::from_sec1(&block.bytes, None)
                .map_err(|error| format!("parsing EC private key from PEM: {error}")),
            "DSA PRIVATE KEY" => Dsa::parse(&block.bytes)
                .map(|key| Self::Dsa(Box::new(key)))
                .ok_or_else(structure)
                .map_err(|error| format!("parsing DSA private key from PEM: {error}")),
            label if label.ends_with(" PRIVATE KEY") => {
                Err(format!("invalid private key type {label}"))
            }
            label => Err(format!("no private key data in PEM block of type {label}")),
        }
    }

    /// A key as the host makes it.
    pub(super) fn from_pkcs8(der: &[u8]) -> Result<Self, String> {
        let structure = || "asn1: structure error".to_owned();
        let mut parts = Reader::new(der)
            .enter(tag::SEQUENCE)
            .ok_or_else(structure)?;
        parts.take(tag::INTEGER).ok_or_else(structure)?;
        let mut algorithm = parts.enter(tag::SEQUENCE).ok_or_else(structure)?;
        let key = parts.take(tag::OCTET_STRING).ok_or_else(structure)?;
        match algorithm.take(tag::OID).ok_or_else(structure)? {
            oid::RSA => Self::from_pkcs1(key),
            oid::EC => Self::from_sec1(key, algorithm.take(tag::OID)),
            oid::ED25519 => Reader::new(key)
                .take(tag::OCTET_STRING)
                .and_then(|seed| seed.try_into().ok())
                .map(Self::Ed25519)
                .ok_or_else(|| "x509: invalid Ed25519 private key".to_owned()),
            oid::DSA => Dsa::from_pkcs8(algorithm, key)
                .map(|key| Self::Dsa(Box::new(key)))
                .ok_or_else(structure),
            _ => {
                Err("x509: PKCS#8 wrapping contained private key with unknown algorithm".to_owned())
            }
        }
    }

    fn from_pkcs1(der: &[u8]) -> Result<Self, String> {
        let key = rsa::PrivateKey::from_pkcs1_der(der)
            .map_err(|error| format!("x509: failed to parse private key: {error}"))?;
        Ok(Self::Rsa(der.to_vec(), Box::new(key)))
    }

    fn from_sec1(der: &[u8], curve: Option<&[u8]>) -> Result<Self, String> {
        let wrong = || "x509: failed to parse EC private key".to_owned();
        let mut parts = Reader::new(der).enter(tag::SEQUENCE).ok_or_else(wrong)?;
        parts.take(tag::INTEGER).ok_or_else(wrong)?;
        let scalar = parts.take(tag::OCTET_STRING).ok_or_else(wrong)?;
        let own = parts.enter(tag::explicit(0));
        let curve = curve.or_else(|| own.and_then(|mut own| own.take(tag::OID)));
        // Some write the number without leading zeros, some with too many.
        let n_zeros = scalar.iter().take_while(|&&b| b == 0).count();
        let padded = |width: usize| {
            let digits = &scalar[n_zeros..];
            let zeros = vec![0; width.saturating_sub(digits.len())];
            [&zeros, digits].concat()
        };
        let invalid = |_| "x509: invalid elliptic curve private key value".to_owned();
        match curve {
            Some(oid::P256) => p256::SecretKey::from_slice(&padded(32))
                .map(Self::P256)
                .map_err(invalid),
            Some(oid::P384) => p384::SecretKey::from_slice(&padded(48))
                .map(Self::P384)
                .map_err(invalid),
            _ => Err("x509: unknown elliptic curve".to_owned()),
        }
    }

    /// In the form that Go's programs write: PKCS#1, SEC 1, or PKCS#8 for Ed25519.
    pub(super) fn to_pem(&self) -> String {
        match self {
            Self::Rsa(der, _) => pem::encode("RSA PRIVATE KEY", der),
            Self::P256(key) => {
                let der = sec1(&key.to_bytes(), oid::P256, &self.public_bits());
                pem::encode("EC PRIVATE KEY", &der)
            }
            Self::P384(key) => {
                let der = sec1(&key.to_bytes(), oid::P384, &self.public_bits());
                pem::encode("EC PRIVATE KEY", &der)
            }
            Self::Ed25519(seed) => {
                let key = element(tag::OCTET_STRING, &element(tag::OCTET_STRING, seed));
                let der = sequence(&[&unsigned(&[0]), &algorithm(oid::ED25519, &[]), &key]);
                pem::encode("PRIVATE KEY", &der)
            }
            Self::Dsa(key) => {
                let numbers = [&[0].to_vec(), &key.p, &key.q, &key.g, &key.y, &key.x];
                let numbers: Vec<_> = numbers.iter().map(|number| unsigned(number)).collect();
                let der = element(tag::SEQUENCE, &numbers.concat());
                pem::encode("DSA PRIVATE KEY", &der)
            }
        }
    }

    /// The content of the bit string in the public key's encoding.
    pub(super) fn public_bits(&self) -> Vec<u8> {
        match self {
            Self::Rsa(der, _) => {
                let mut parts = Reader::new(der).enter(tag::SEQUENCE);
                let mut number = || {
                    let part = parts.as_mut().and_then(Reader::next);
                    part.map_or(&[][..], |part| part.whole)
                };
                let (_version, modulus, exponent) = (number(), number(), number());
                sequence(&[modulus, exponent])
            }
            Self::P256(key) => key.public_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P384(key) => key.public_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::Ed25519(seed) => {
                let key = ed25519_dalek::SigningKey::from_bytes(seed);
                key.verifying_key().to_bytes().to_vec()
            }
            Self::Dsa(key) => unsigned(&key.y),
        }
    }

    /// `SubjectPublicKeyInfo`.
    pub(super) fn public_info(&self) -> Vec<u8> {
        let algorithm = match self {
            Self::Rsa(..) => algorithm(oid::RSA, &null()),
            Self::P256(_) => algorithm(oid::EC, &element(tag::OID, oid::P256)),
            Self::P384(_) => algorithm(oid::EC, &element(tag::OID, oid::P384)),
            Self::Ed25519(_) => algorithm(oid::ED25519, &[]),
            Self::Dsa(_) => algorithm(oid::DSA, &[]),
        };
        sequence(&[&algorithm, &bit_string(&self.public_bits())])
    }

    /// The algorithm of its signatures, encoded.
    pub(super) fn signature_algorithm(&self) -> Vec<u8> {
        match self {
            Self::Rsa(..) => algorithm(oid::SHA256_RSA, &null()),
            Self::P256(_) => algorithm(oid::ECDSA_SHA256, &[]),
            Self::P384(_) => algorithm(oid::ECDSA_SHA384, &[]),
            Self::Ed25519(_) => algorithm(oid::ED25519, &[]),
            Self::Dsa(_) => algorithm(oid::DSA, &[]),
        }
    }

    /// Signs; nothing about it is random, so that the same key signs the same in the same way.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let wrong = |error: rsa::signature::Error| error.to_string();
        match self {
            Self::Rsa(_, key) => {
                let padding = rsa::Pkcs1v15Sign::new::<Sha256>();
                key.sign(padding, &Sha256::digest(message))
                    .map_err(|error| error.to_string())
            }
            Self::P256(key) => {
                let key = p256::ecdsa::SigningKey::from(key);
                let signature: p256::ecdsa::DerSignature = key.try_sign(message).map_err(wrong)?;
                Ok(signature.as_bytes().to_vec())
            }
            Self::P384(key) => {
                let key = p384::ecdsa::SigningKey::from(key);
                let signature: p384::ecdsa::DerSignature = key.try_sign(message).map_err(wrong)?;
                Ok(signature.as_bytes().to_vec())
            }
            Self::Ed25519(seed) => {
                let key = ed25519_dalek::SigningKey::from_bytes(seed);
                let signature = key.try_sign(message).map_err(wrong)?;
                Ok(signature.to_bytes().to_vec())
            }
            Self::Dsa(_) => {
                Err("x509: certificate private key does not implement crypto.Signer".to_owned())
            }
        }
    }
}

fn sec1(scalar: &[u8], curve: &[u8], public: &[u8]) -> Vec<u8> {
    sequence(&[
        &unsigned(&[1]),
        &element(tag::OCTET_STRING, scalar),
        &element(tag::explicit(0), &element(tag::OID, curve)),
        &element(tag::explicit(1), &bit_string(public)),
    ])
}

impl Dsa {
    /// `Version, P, Q, G, Y, X`.
    fn parse(der: &[u8]) -> Option<Self> {
        let mut parts = Reader::new(der).enter(tag::SEQUENCE)?;
        let mut number = || parts.take(tag::INTEGER).map(<[u8]>::to_vec);
        number()?;
        Some(Self {
            p: number()?,
            q: number()?,
            g: number()?,
            y: number()?,
            x: number()?,
        })
    }

    fn from_pkcs8(mut algorithm: Reader<'_>, key: &[u8]) -> Option<Self> {
        let mut params = algorithm.enter(tag::SEQUENCE)?;
        let mut number = || params.take(tag::INTEGER).map(<[u8]>::to_vec);
        let (p, q, g) = (number()?, number()?, number()?);
        let x = Reader::new(key).take(tag::INTEGER)?.to_vec();
        let modulus = BigUint::from_bytes_be(&p);
        if modulus == BigUint::ZERO {
            return None;
        }
        let y = BigUint::from_bytes_be(&g).modpow(&BigUint::from_bytes_be(&x), &modulus);
        let y = y.to_bytes_be();
        Some(Self { p, q, g, y, x })
    }
}
