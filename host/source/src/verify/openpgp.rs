//! Signatures of OpenPGP keys, by the rules of RFC 9580 and stricter: no weak hash, nothing expired or revoked.

use pgp::composed::{Deserializable as _, DetachedSignature, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{PublicKey, PublicSubkey, Signature, SignatureType, SubpacketData};
use pgp::ser::Serialize as _;
use pgp::types::{Fingerprint, KeyDetails, KeyId, KeyVersion, PublicParams, Tag};

use super::ssh::MIN_RSA_BITS;
use super::{Refusal, Verified, date};

/// The first line of an armoured public key.
pub(super) const BEGIN_KEY: &str = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
/// Its last line.
pub(super) const END_KEY: &str = "-----END PGP PUBLIC KEY BLOCK-----";
/// The first line of an armoured signature.
pub(super) const BEGIN_SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";

/// A trusted key with the subkeys that it has bound to itself.
#[derive(Debug)]
pub(super) struct Certificate(Vec<Signer>);

/// One key that signatures may be made with.
#[derive(Debug)]
struct Signer {
    key: Key,
    revoked: bool,
    for_signing: bool,
    /// In seconds since the epoch.
    expires: Option<u64>,
}

#[derive(Debug)]
enum Key {
    Primary(PublicKey),
    Sub(PublicSubkey),
}

impl Key {
    fn fingerprint(&self) -> Fingerprint {
        match self {
            Self::Primary(key) => key.fingerprint(),
            Self::Sub(key) => key.fingerprint(),
        }
    }

    fn id(&self) -> KeyId {
        match self {
            Self::Primary(key) => key.legacy_key_id(),
            Self::Sub(key) => key.legacy_key_id(),
        }
    }
}

impl Certificate {
    /// Reads all keys of an armoured block.
    pub(super) fn parse(armoured: &str) -> Result<Vec<Self>, String> {
        let wrong = |error: pgp::errors::Error| {
            format!(
                "the OpenPGP key is not well-formed: {}",
                brief(&error.to_string())
            )
        };
        let (found, _) = SignedPublicKey::from_string_many(armoured).map_err(wrong)?;
        found
            .map(|key| Self::of(key.map_err(wrong)?))
            .collect::<Result<Vec<_>, _>>()
    }

    fn of(certificate: SignedPublicKey) -> Result<Self, String> {
        let SignedPublicKey {
            primary_key: primary,
            details,
            public_subkeys,
        } = certificate;
        let name = fingerprint(&primary.fingerprint());
        if !matches!(primary.version(), KeyVersion::V4 | KeyVersion::V6) {
            return Err(format!(
                "the OpenPGP key {name} is of an old form without strong fingerprint"
            ));
        }
        check_strength(primary.public_params())
            .map_err(|why| format!("the OpenPGP key {name} {why}"))?;
        let revoked = details
            .revocation_signatures
            .iter()
            .any(|signature| signature.verify_key(&primary).is_ok());
        let direct = details
            .direct_signatures
            .iter()
            .filter(|signature| signature.verify_key(&primary).is_ok());
        let of_users = details.users.iter().flat_map(|user| {
            let own = |signature: &&Signature| {
                signature
                    .verify_certification(&primary, Tag::UserId, &user.id)
                    .is_ok()
            };
            let own: Vec<&Signature> = user.signatures.iter().filter(own).collect();
            let gone = own
                .iter()
                .any(|signature| signature.typ() == Some(SignatureType::CertRevocation));
            if gone { Vec::new() } else { own }
        });
        let newest = newest(direct.chain(of_users)).ok_or_else(|| {
            format!("the OpenPGP key {name} has no signature of its own with a strong hash")
        })?;
        let expires = expiry(primary.created_at().as_secs(), newest);
        let for_signing = may_sign(newest).unwrap_or(true);
        let mut signers = Vec::new();
        for subkey in public_subkeys {
            signers.extend(bound(&primary, subkey, revoked, expires));
        }
        signers.insert(
            0,
            Signer {
                key: Key::Primary(primary),
                revoked,
                for_signing,
                expires,
            },
        );
        Ok(Self(signers))
    }
}

/// A subkey, if the primary key has bound it and, to sign, the subkey itself agreed.
fn bound(
    primary: &PublicKey,
    subkey: SignedPublicSubKey,
    primary_revoked: bool,
    primary_expires: Option<u64>,
) -> Option<Signer> {
    let SignedPublicSubKey { key, signatures } = subkey;
    check_strength(key.public_params()).ok()?;
    let valid: Vec<&Signature> = signatures
        .iter()
        .filter(|signature| signature.verify_subkey_binding(primary, &key).is_ok())
        .collect();
    let of_type = |typ| {
        valid
            .iter()
            .copied()
            .filter(move |signature| signature.typ() == Some(typ))
    };
    let revoked = primary_revoked || of_type(SignatureType::SubkeyRevocation).next().is_some();
    let binding = newest(of_type(SignatureType::SubkeyBinding))?;
    let agreed = binding.embedded_signature().is_some_and(|own| {
        weakness(own).is_none() && own.verify_primary_key_binding(&key, primary).is_ok()
    });
    let for_signing = may_sign(binding).unwrap_or(false) && agreed;
    let expires = expiry(key.created_at().as_secs(), binding);
    Some(Signer {
        key: Key::Sub(key),
        revoked,
        for_signing,
        expires: expires.into_iter().chain(primary_expires).min(),
    })
}

/// The newest signature with a strong hash.
fn newest<'s>(signatures: impl Iterator<Item = &'s Signature>) -> Option<&'s Signature> {
    signatures
        .filter(|signature| weakness(signature).is_none())
        .max_by_key(|signature| signature.created().map_or(0, |created| created.as_secs()))
}

/// What is too weak about a signature.
fn weakness(signature: &Signature) -> Option<String> {
    match signature.hash_alg() {
        Some(
            HashAlgorithm::Sha256
            | HashAlgorithm::Sha384
            | HashAlgorithm::Sha512
            | HashAlgorithm::Sha3_256
            | HashAlgorithm::Sha3_512,
        ) => None,
        Some(weak) => Some(weak.to_string()),
        None => Some("an unknown hash".to_owned()),
    }
}

fn check_strength(params: &PublicParams) -> Result<(), String> {
    match params {
        PublicParams::RSA(_) => {
            // The modulus comes first, as an MPI, which begins with its length in bits.
            let bytes = params.to_bytes().unwrap_or_default();
            let bits = bytes
                .first_chunk()
                .map_or(0, |bits| usize::from(u16::from_be_bytes(*bits)));
            if bits < MIN_RSA_BITS {
                return Err(format!("has {bits} bits, and {MIN_RSA_BITS} are the least"));
            }
            Ok(())
        }
        PublicParams::ECDSA(_)
        | PublicParams::EdDSALegacy(_)
        | PublicParams::Ed25519(_)
        | PublicParams::Ed448(_) => Ok(()),
        PublicParams::DSA(_) => Err("is one of DSA, which is too weak".to_owned()),
        _ => Err("is of a kind that cannot sign".to_owned()),
    }
}

/// What the flags of a self-signature say of signing, if there are any.
fn may_sign(signature: &Signature) -> Option<bool> {
    let mut hashed = signature.config()?.hashed_subpackets();
    hashed.find_map(|packet| match &packet.data {
        SubpacketData::KeyFlags(flags) => Some(flags.sign()),
        _ => None,
    })
}

fn expiry(created: u32, signature: &Signature) -> Option<u64> {
    let after = signature.key_expiration_time()?.as_secs();
    (after > 0).then(|| u64::from(created) + u64::from(after))
}

/// Checks that one of the keys made a signature over exactly `payload`.
pub(super) fn check(
    certificates: &[Certificate],
    payload: &[u8],
    text: &str,
    now: u64,
) -> Result<Verified, Refusal> {
    let signature = parse_signature(text)?;
    if signature.typ() != Some(SignatureType::Binary) {
        let why = "it is not one over bytes as they are";
        return Err(Refusal::Unreadable(why.to_owned()));
    }
    if let Some(weak) = weakness(&signature) {
        return Err(Refusal::Weak(weak));
    }
    let config = signature.config();
    let unknown_rule = config.is_none_or(|config| {
        config.hashed_subpackets().any(|packet| {
            let unknown = matches!(
                packet.data,
                SubpacketData::Other(..) | SubpacketData::Experimental(..)
            );
            packet.is_critical && unknown
        })
    });
    if unknown_rule {
        let why = "it asks for something unknown to be minded";
        return Err(Refusal::Unreadable(why.to_owned()));
    }
    let issuers = (signature.issuer_fingerprint(), signature.issuer_key_id());
    let signers = certificates.iter().flat_map(|certificate| &certificate.0);
    let by = |signer: &&Signer| {
        let (fingerprint, id) = (signer.key.fingerprint(), signer.key.id());
        issuers.0.contains(&&fingerprint) || issuers.0.is_empty() && issuers.1.contains(&&id)
    };
    let meant: Vec<&Signer> = signers.filter(by).collect();
    // Of several copies of a key the one that holds longest counts, but none that is revoked elsewhere.
    let longest = |signer: &&&Signer| (signer.for_signing, signer.expires.unwrap_or(u64::MAX));
    let Some(signer) = meant.iter().max_by_key(longest) else {
        let known = issuers.0.first().map(|known| fingerprint(known));
        let known = known.or(issuers.1.first().map(|id| id.to_string().to_uppercase()));
        let known = known.unwrap_or_else(|| "without a name".to_owned());
        return Err(Refusal::UnknownSigner(format!("the OpenPGP key {known}")));
    };
    let name = format!("the OpenPGP key {}", fingerprint(&signer.key.fingerprint()));
    let fits = match &signer.key {
        Key::Primary(key) => signature.verify(key, payload),
        Key::Sub(key) => signature.verify(key, payload),
    };
    if fits.is_err() {
        return Err(Refusal::Forged(name));
    }
    if meant.iter().any(|copy| copy.revoked) {
        return Err(Refusal::KeyRevoked(name));
    }
    if !signer.for_signing {
        return Err(Refusal::NotForSigning(name));
    }
    if let Some(at) = signer.expires.filter(|at| *at <= now) {
        return Err(Refusal::KeyExpired(name, date(at)));
    }
    let Some(created) = signature.created().map(|created| created.as_secs()) else {
        let why = "it does not say when it was made";
        return Err(Refusal::Unreadable(why.to_owned()));
    };
    let ends = signature
        .signature_expiration_time()
        .map(|after| u64::from(after.as_secs()))
        .filter(|after| *after > 0)
        .map(|after| u64::from(created) + after);
    if let Some(at) = ends.filter(|at| *at <= now) {
        return Err(Refusal::SignatureExpired(name, date(at)));
    }
    Ok(Verified {
        signer: name,
        until: signer.expires.into_iter().chain(ends).min(),
    })
}

fn parse_signature(text: &str) -> Result<Signature, Refusal> {
    let unreadable = |error: pgp::errors::Error| Refusal::Unreadable(brief(&error.to_string()));
    let (mut found, _) = DetachedSignature::from_string_many(text).map_err(unreadable)?;
    let first = found
        .next()
        .ok_or_else(|| Refusal::Unreadable("it is empty".to_owned()))?
        .map_err(unreadable)?;
    if found.next().is_some() {
        return Err(Refusal::Unreadable("there are several of them".to_owned()));
    }
    Ok(first.signature)
}

fn fingerprint(fingerprint: &Fingerprint) -> String {
    format!("{fingerprint:X}")
}

/// The first line of what the library says, which may show whole packets.
fn brief(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}
