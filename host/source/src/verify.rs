//! Checks who signed a commit or a tag, without calling `gpg` or `ssh-keygen`.
//!
//! [`Keys`] are public keys that an operator trusts, parsed once; [`Source::verify`] asks of a commit, or of the
//! annotated tag that named it, whether one of them signed exactly its bytes.

mod object;
mod openpgp;
mod ssh;

use std::fmt;
use std::sync::atomic::AtomicBool;

use fleet_core::resource::VerifyMode;
use fleet_core::secret::Entries;
use sha2::{Digest as _, Sha256};

use crate::source::{Position, Remote, Source};
use crate::{CommitId, Error};

/// Longest signature that is looked at, in bytes; those of RSA keys with 8192 bits have 2 KiB.
const MAX_SIGNATURE_BYTES: usize = 64 << 10;

/// One text that holds public keys, and what to call it in messages.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyText {
    /// What to call it: `verify.keys[0]`, or the file of a secret.
    pub name: String,
    /// Lines of OpenSSH's, armoured OpenPGP keys, or both.
    pub text: String,
}

impl KeyText {
    /// All entries of a secret, in order of their names.
    ///
    /// # Errors
    /// [`Error::Key`] if one is not text.
    pub fn from_entries(entries: &Entries) -> Result<Vec<Self>, Error> {
        let mut texts = Vec::new();
        for entry in entries.names() {
            let name = format!("{}/{entry}", entries.name());
            match entries.text(entry) {
                Ok(Some(text)) => texts.push(Self {
                    name,
                    text: text.to_owned(),
                }),
                Ok(None) => {}
                Err(_) => {
                    let why = "it is not text".to_owned();
                    return Err(Error::Key { name, why });
                }
            }
        }
        Ok(texts)
    }
}

impl fmt::Debug for KeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyText").field(&self.name).finish()
    }
}

/// Names the exact content of key texts: as long as it stays, so do the keys.
pub fn fingerprint(texts: &[KeyText]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for text in texts {
        for part in [&text.name, &text.text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    hash.finalize().into()
}

/// Public keys that are trusted.
#[derive(Debug, Default)]
pub struct Keys {
    ssh: Vec<ssh::Key>,
    openpgp: Vec<openpgp::Certificate>,
}

impl Keys {
    /// Reads all keys of some texts.
    ///
    /// # Errors
    /// [`Error::Key`] for the first text with something that is no public key or is too weak, and if there is no key
    /// at all: nothing would ever be verified.
    pub fn parse(texts: &[KeyText]) -> Result<Self, Error> {
        let mut keys = Self::default();
        for KeyText { name, text } in texts {
            keys.add(text).map_err(|why| Error::Key {
                name: name.clone(),
                why,
            })?;
        }
        if keys.len() == 0 {
            return Err(Error::Key {
                name: "verify".to_owned(),
                why: "there is none in `keys` nor in the secret".to_owned(),
            });
        }
        Ok(keys)
    }

    /// How many there are.
    fn len(&self) -> usize {
        self.ssh.len() + self.openpgp.len()
    }

    fn add(&mut self, text: &str) -> Result<(), String> {
        let before = self.len();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line != openpgp::BEGIN_KEY {
                self.ssh.push(ssh::Key::parse(line)?);
                continue;
            }
            let mut block = format!("{line}\n");
            loop {
                let line = lines.next().ok_or("the armoured key has no end")?.trim();
                block.push_str(line);
                block.push('\n');
                if line == openpgp::END_KEY {
                    break;
                }
            }
            self.openpgp.extend(openpgp::Certificate::parse(&block)?);
        }
        if self.len() == before {
            return Err("it holds no public key".to_owned());
        }
        Ok(())
    }

    /// Checks that one of the keys made `signature` over exactly `payload`.
    fn check(&self, payload: &[u8], signature: &[u8], now: u64) -> Result<Verified, Refusal> {
        if signature.len() > MAX_SIGNATURE_BYTES {
            return Err(Refusal::Unreadable("it is too long".to_owned()));
        }
        let text = std::str::from_utf8(signature)
            .map_err(|_| Refusal::Unreadable("it is no text".to_owned()))?
            .trim();
        if text.starts_with(ssh::BEGIN) {
            ssh::check(&self.ssh, payload, text)
        } else if text.starts_with(openpgp::BEGIN_SIGNATURE) {
            openpgp::check(&self.openpgp, payload, text, now)
        } else if text.starts_with("-----BEGIN SIGNED MESSAGE-----") {
            let why = "it is one of X.509, and only those of SSH and OpenPGP are read";
            Err(Refusal::Unreadable(why.to_owned()))
        } else {
            let why = "it is neither one of SSH nor one of OpenPGP";
            Err(Refusal::Unreadable(why.to_owned()))
        }
    }
}

/// Who signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// Kind and fingerprint of the key.
    pub signer: String,
    /// When this ends to be so because a key or signature expires, in seconds since the epoch.
    pub until: Option<u64>,
}

/// Why something is not verified.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("it is not signed")]
    NotSigned,
    #[error("it is signed with {0}, which is not among the trusted keys")]
    UnknownSigner(String),
    #[error("its signature with {0} does not fit its content")]
    Forged(String),
    #[error("it is signed with {0}, which has expired ({1})")]
    KeyExpired(String, String),
    #[error("its signature with {0} has expired ({1})")]
    SignatureExpired(String, String),
    #[error("it is signed with {0}, which is revoked")]
    KeyRevoked(String),
    #[error("it is signed with {0}, which is not meant for signing")]
    NotForSigning(String),
    #[error("its signature is made for `{0}`, not for `git`")]
    Namespace(String),
    #[error("its signature uses {0}, which is too weak")]
    Weak(String),
    #[error("its signature was made without a touch of the security key")]
    NotTouched,
    #[error("its signature cannot be read: {0}")]
    Unreadable(String),
    #[error("{0}")]
    Tag(String),
}

impl Source {
    /// Checks that a commit, the annotated tag that named it, or both are signed with one of `keys`; `now` in seconds
    /// since the epoch. The commit must have been fetched; a tag is fetched if need be.
    ///
    /// # Errors
    /// [`Error::NotVerified`] if it is not so, and whatever keeps the tag from being fetched.
    pub fn verify(
        &self,
        remote: &Remote,
        position: &Position,
        mode: VerifyMode,
        keys: &Keys,
        now: u64,
        interrupt: &AtomicBool,
    ) -> Result<Verified, Error> {
        let mut verified: Option<Verified> = None;
        if matches!(mode, VerifyMode::Tag | VerifyMode::TagAndHEAD) {
            verified = Some(self.verify_tag(remote, position, keys, now, interrupt)?);
        }
        if matches!(mode, VerifyMode::Head | VerifyMode::TagAndHEAD) {
            let of_commit = self.verify_commit(remote, position.commit, keys, now, interrupt)?;
            let until = verified.as_ref().and_then(|tag| tag.until);
            let until = until.into_iter().chain(of_commit.until).min();
            verified = Some(Verified { until, ..of_commit });
        }
        Ok(verified.expect("every mode asks for the tag or the commit"))
    }

    fn verify_commit(
        &self,
        remote: &Remote,
        commit: CommitId,
        keys: &Keys,
        now: u64,
        interrupt: &AtomicBool,
    ) -> Result<Verified, Error> {
        let raw = self.fetch(remote, &commit, interrupt)?.raw(commit.0)?;
        let check = || {
            let (payload, signature) = object::commit(&raw)?;
            keys.check(&payload, &signature, now)
        };
        check().map_err(|refusal| not_verified(remote, format!("commit {commit}"), &refusal))
    }

    fn verify_tag(
        &self,
        remote: &Remote,
        position: &Position,
        keys: &Keys,
        now: u64,
        interrupt: &AtomicBool,
    ) -> Result<Verified, Error> {
        let Some(tag) = &position.tag else {
            let what = format!("commit {}", position.commit);
            let why = "no annotated tag named it; `verify.mode` asks for the signature of one";
            return Err(not_verified(remote, what, &Refusal::Tag(why.to_owned())));
        };
        let raw = self
            .fetch_tag(remote, position.commit, tag.id, interrupt)?
            .raw(tag.id)?;
        let check = || {
            object::names(&raw, &tag.name, position.commit)?;
            let (payload, signature) = object::tag(&raw)?;
            keys.check(payload, signature, now)
        };
        check().map_err(|refusal| not_verified(remote, format!("tag `{}`", tag.name), &refusal))
    }
}

fn not_verified(remote: &Remote, what: String, refusal: &Refusal) -> Error {
    Error::NotVerified {
        url: remote.to_string(),
        what,
        why: refusal.to_string(),
    }
}

/// A point in time, for messages.
fn date(seconds: u64) -> String {
    let time = std::time::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(seconds));
    // Years of five digits are beyond the format, and beyond any key.
    let year_10000 = 253_402_300_800;
    match time {
        Some(time) if seconds < year_10000 => httpdate::fmt_http_date(time),
        _ => format!("{seconds} seconds after 1970"),
    }
}

#[cfg(test)]
mod tests;
