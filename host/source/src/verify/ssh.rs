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

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD as BASE64;
    use sha2::{Digest as _, Sha256, Sha512};

    use super::*;

    const KIND: &[u8] = b"sk-ssh-ed25519@openssh.com";
    const APPLICATION: &[u8] = b"ssh:";
    /// Somebody touched the key.
    const TOUCHED: u8 = 1;
    /// The key has also asked for a PIN or a finger.
    const VERIFIED: u8 = 4;

    /// What a security key does, in software (OpenSSH, `PROTOCOL.u2f` and `PROTOCOL.sshsig`).
    struct SecurityKey(Ed25519KeyPair);

    /// Bytes with their length before them.
    fn string(bytes: impl AsRef<[u8]>) -> Vec<u8> {
        let bytes = bytes.as_ref();
        let length = u32::try_from(bytes.len()).unwrap().to_be_bytes();
        [&length[..], bytes].concat()
    }

    impl SecurityKey {
        fn new(n: u8) -> Self {
            Self(Ed25519KeyPair::from_seed_unchecked(&[n; 32]).unwrap())
        }

        fn public(&self) -> Vec<u8> {
            let key = self.0.public_key();
            [string(KIND), string(key), string(APPLICATION)].concat()
        }

        fn line(&self) -> String {
            let kind = String::from_utf8_lossy(KIND);
            format!("{kind} {} ada", BASE64.encode(self.public()))
        }

        /// Signs with `flags`, and says that it were `told`.
        fn sign(&self, payload: &[u8], flags: u8, told: u8) -> String {
            let counter = 7_u32.to_be_bytes();
            let head = [string(NAMESPACE), string(""), string("sha512")].concat();
            let signed = [b"SSHSIG", &head[..], &string(Sha512::digest(payload))].concat();
            let seen = [
                &Sha256::digest(APPLICATION)[..],
                &[flags],
                &counter,
                &Sha256::digest(&signed),
            ];
            let bytes = self.0.sign(&seen.concat());
            let signature = [&string(KIND)[..], &string(bytes), &[told], &counter].concat();
            let version = 1_u32.to_be_bytes();
            let public = string(self.public());
            let all = [b"SSHSIG", &version[..], &public, &head, &string(signature)].concat();
            let encoded = BASE64.encode(all);
            let lines = encoded.as_bytes().chunks(70);
            let lines: Vec<_> = lines.map(String::from_utf8_lossy).collect();
            format!(
                "{BEGIN}\n{}\n-----END SSH SIGNATURE-----\n",
                lines.join("\n")
            )
        }
    }

    /// Without this a program could sign with a key that is plugged in, and nobody would have to be there.
    #[test]
    fn a_security_key_must_have_been_touched() {
        let (ours, other) = (SecurityKey::new(1), SecurityKey::new(2));
        let keys = [Key::parse(&ours.line()).unwrap()];
        let check = |text: String, expected: Result<(), &str>| {
            let found = super::check(&keys, b"commit", &text);
            match (found, expected) {
                (Ok(verified), Ok(())) => {
                    let kind = String::from_utf8_lossy(KIND);
                    assert!(verified.signer.contains(&*kind), "{}", verified.signer);
                }
                (Err(refusal), Err(expected)) => {
                    let refusal = format!("{refusal:?}");
                    assert!(refusal.starts_with(expected), "{refusal}");
                }
                (found, expected) => panic!("{} instead of {expected:?}", found.is_ok()),
            }
        };
        check(ours.sign(b"commit", TOUCHED, TOUCHED), Ok(()));
        let verified = TOUCHED | VERIFIED;
        check(ours.sign(b"commit", verified, verified), Ok(()));
        check(ours.sign(b"commit", 0, 0), Err("NotTouched"));
        check(ours.sign(b"commit", VERIFIED, VERIFIED), Err("NotTouched"));
        check(ours.sign(b"commit", 0, TOUCHED), Err("Forged"));
        check(ours.sign(b"another", TOUCHED, TOUCHED), Err("Forged"));
        check(
            other.sign(b"commit", TOUCHED, TOUCHED),
            Err("UnknownSigner"),
        );
    }
}
