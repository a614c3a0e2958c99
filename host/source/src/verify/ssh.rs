//! Signatures of SSH keys, in the form of `ssh-keygen -Y sign`.

use ssh_key::public::KeyData;
use ssh_key::{Algorithm, HashAlg, PublicKey, SshSig};

use super::{Refusal, Verified};

/// The first line of a signature.
pub(super) const BEGIN: &str = "-----BEGIN SSH SIGNATURE-----";

/// What Git's signatures are made for; one for files or for logging in is no signature of a commit.
const NAMESPACE: &str = "git";

/// Shortest RSA key that is trusted, in bits.
pub(super) const MIN_RSA_BITS: usize = 2048;

/// A trusted key.
#[derive(Debug)]
pub(super) struct Key(PublicKey);

impl Key {
    /// Reads a line as in `authorized_keys`, or as in `allowed_signers` without options.
    pub(super) fn parse(line: &str) -> Result<Self, String> {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let is_kind = |word: &&str| {
            ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-"]
                .iter()
                .any(|kind| word.starts_with(kind))
        };
        let at = words.iter().position(is_kind);
        let (Some(at @ (0 | 1)), true) = (at, words.len() > 1) else {
            return Err(
                "it is neither a line of OpenSSH (`ssh-ed25519 AAAA…`) nor an armoured OpenPGP key"
                    .to_owned(),
            );
        };
        let key = PublicKey::from_openssh(&words[at..].join(" "))
            .map_err(|error| format!("the SSH key is not well-formed: {error}"))?;
        match key.key_data() {
            KeyData::Rsa(rsa) => {
                let n = rsa.n.as_positive_bytes().unwrap_or_default();
                let zeros = n.first().map_or(0, |byte| byte.leading_zeros() as usize);
                let bits = n.len() * 8 - zeros;
                if bits < MIN_RSA_BITS {
                    return Err(format!(
                        "the RSA key has {bits} bits, and {MIN_RSA_BITS} are the least"
                    ));
                }
            }
            KeyData::Ecdsa(_)
            | KeyData::Ed25519(_)
            | KeyData::SkEd25519(_)
            | KeyData::SkEcdsaSha2NistP256(_) => {}
            _ => {
                let kind = key.algorithm();
                return Err(format!("keys of the kind `{kind}` are not trusted"));
            }
        }
        Ok(Self(key))
    }
}

/// Checks that one of the keys made a signature over exactly `payload`.
pub(super) fn check(keys: &[Key], payload: &[u8], text: &str) -> Result<Verified, Refusal> {
    let signature =
        SshSig::from_pem(text).map_err(|error| Refusal::Unreadable(error.to_string()))?;
    let signer = format!(
        "the {} key {}",
        signature.public_key().algorithm(),
        signature.public_key().fingerprint(HashAlg::Sha256)
    );
    if signature.namespace() != NAMESPACE {
        let other = signature.namespace().chars().take(100);
        return Err(Refusal::Namespace(other.collect()));
    }
    let Some(Key(key)) = keys
        .iter()
        .find(|key| key.0.key_data() == signature.public_key())
    else {
        return Err(Refusal::UnknownSigner(signer));
    };
    match signature.algorithm() {
        // `ssh-rsa` means SHA-1.
        Algorithm::Rsa { hash: None } => return Err(Refusal::Weak("SHA-1".to_owned())),
        Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256 => {
            // Flags and a counter follow the signature itself (OpenSSH, PROTOCOL.u2f); bit 0 is the touch.
            let bytes = signature.signature_bytes();
            let flags = bytes.len().checked_sub(5).and_then(|at| bytes.get(at));
            if flags.is_none_or(|flags| flags & 1 == 0) {
                return Err(Refusal::NotTouched);
            }
        }
        _ => {}
    }
    match key.verify(NAMESPACE, payload, &signature) {
        Ok(()) => Ok(Verified {
            signer,
            until: None,
        }),
        Err(_) => Err(Refusal::Forged(signer)),
    }
}
