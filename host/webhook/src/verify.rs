//! Whether a webhook was sent by somebody who has the key.
//!
//! All comparisons take the same time whatever they find. Which check applies is decided by the forge and by the
//! operator's key, never by what the request prefers: no forge has two checks of different strength, except GitLab,
//! where a signing key (`whsec_…`) rules the plain token out.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac as _;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::keys::{generic, hmac};
use crate::{Delivery, Error, Forge, Headers, Keys};

/// How far the time of a webhook whose time is signed may be from ours, in seconds, in both directions: 5 minutes, as
/// Standard Webhooks suggests.
pub const WINDOW: u64 = 300;

/// How many signatures one `webhook-signature` may list; a forge lists two while a key is rotated.
const MAX_SIGNATURES: usize = 8;

/// What begins a key that GitLab signs with.
const SIGNING_KEY: &str = "whsec_";

/// Why a webhook is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unverified {
    /// The secret has no key for this forge, or one that it cannot use.
    #[error("the secret has no key for {0}")]
    NoKey(Forge),
    /// It carries no signature or token, or not the one that the key asks for.
    #[error("it is not signed")]
    Unsigned,
    /// Signature or token do not fit.
    #[error("the signature does not fit")]
    Wrong,
    /// Its time is signed, and too far from ours.
    #[error("its time is more than {WINDOW} s from ours")]
    Stale,
    /// Its headers cannot be read.
    #[error(transparent)]
    Headers(#[from] Error),
}

/// Checks a webhook with the keys of one secret; `now` is in seconds since the epoch.
///
/// # Errors
/// If it is not certain that the sender has the key.
pub fn verify(
    delivery: &Delivery,
    headers: &Headers<'_>,
    body: &[u8],
    keys: &Keys,
    now: u64,
) -> Result<(), Unverified> {
    let forge = delivery.forge;
    let key = keys.of(forge).ok_or(Unverified::NoKey(forge))?;
    let body_mac = || {
        let mut mac = hmac(key.as_bytes());
        mac.update(body);
        mac
    };
    let prefixed = |name| {
        let value = headers.one(name)?.ok_or(Unverified::Unsigned)?;
        value.strip_prefix("sha256=").ok_or(Unverified::Wrong)
    };
    match forge {
        Forge::GitHub => fits_hex(body_mac(), prefixed("x-hub-signature-256")?),
        Forge::BitbucketCloud | Forge::BitbucketServer => {
            fits_hex(body_mac(), prefixed("x-hub-signature")?)
        }
        Forge::Gogs => {
            let signature = headers.one("x-gogs-signature")?;
            fits_hex(body_mac(), signature.ok_or(Unverified::Unsigned)?)
        }
        Forge::Gitea => {
            let names = ["x-forgejo-signature", "x-gitea-signature"];
            let mut n_signatures = 0;
            for name in names {
                if let Some(signature) = headers.one(name)? {
                    fits_hex(body_mac(), signature)?;
                    n_signatures += 1;
                }
            }
            (n_signatures > 0).then_some(()).ok_or(Unverified::Unsigned)
        }
        Forge::GitLab => match key.strip_prefix(SIGNING_KEY) {
            Some(encoded) => standard_webhook(headers, body, encoded, now),
            None => {
                let token = headers.one("x-gitlab-token")?;
                same(token.ok_or(Unverified::Unsigned)?, key)
            }
        },
        Forge::AzureDevOps => basic(headers, keys.azure_username(), key),
        Forge::Generic => {
            let signature = prefixed("x-fleet-signature")?;
            let sent = headers
                .one("x-fleet-timestamp")?
                .ok_or(Unverified::Unsigned)?;
            fits_hex(generic(key, sent, body), signature)?;
            recent(sent, now)
        }
    }
}

/// Standard Webhooks, as GitLab signs: `id.timestamp.body`, one or more `v1,<base64>`.
fn standard_webhook(
    headers: &Headers<'_>,
    body: &[u8],
    encoded_key: &str,
    now: u64,
) -> Result<(), Unverified> {
    let key = STANDARD
        .decode(encoded_key)
        .ok()
        .filter(|key| !key.is_empty())
        .ok_or(Unverified::NoKey(Forge::GitLab))?;
    let part = |name| headers.one(name)?.ok_or(Unverified::Unsigned);
    let (id, sent) = (part("webhook-id")?, part("webhook-timestamp")?);
    let signatures = part("webhook-signature")?;
    let mut mac = hmac(&key);
    for piece in [id.as_bytes(), b".", sent.as_bytes(), b".", body] {
        mac.update(piece);
    }
    let fits = signatures
        .split_ascii_whitespace()
        .take(MAX_SIGNATURES)
        .filter_map(|entry| STANDARD.decode(entry.strip_prefix("v1,")?).ok())
        .any(|signature| mac.clone().verify_slice(&signature).is_ok());
    if !fits {
        return Err(Unverified::Wrong);
    }
    recent(sent, now)
}

/// `Authorization: Basic`. Both parts are always compared.
fn basic(headers: &Headers<'_>, user: Option<&str>, password: &str) -> Result<(), Unverified> {
    let value = headers.one("authorization")?.ok_or(Unverified::Unsigned)?;
    let (scheme, encoded) = value.split_once(' ').ok_or(Unverified::Wrong)?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err(Unverified::Wrong);
    }
    let pair = STANDARD.decode(encoded.trim()).unwrap_or_default();
    let pair = String::from_utf8(pair).unwrap_or_default();
    let (found_user, found_password) = pair.split_once(':').ok_or(Unverified::Wrong)?;
    let user = same(found_user, user.unwrap_or(found_user));
    let password = same(found_password, password);
    user.and(password)
}

fn fits_hex(mac: hmac::Hmac<Sha256>, signature: &str) -> Result<(), Unverified> {
    let signature = hex::decode(signature).map_err(|_| Unverified::Wrong)?;
    mac.verify_slice(&signature).map_err(|_| Unverified::Wrong)
}

/// Compares digests, so that not even the length shows in the time.
fn same(found: &str, expected: &str) -> Result<(), Unverified> {
    let (found, expected) = (Sha256::digest(found), Sha256::digest(expected));
    if found.as_slice().ct_eq(expected.as_slice()).into() {
        Ok(())
    } else {
        Err(Unverified::Wrong)
    }
}

fn recent(sent: &str, now: u64) -> Result<(), Unverified> {
    let sent: u64 = sent.parse().map_err(|_| Unverified::Stale)?;
    if sent.abs_diff(now) > WINDOW {
        return Err(Unverified::Stale);
    }
    Ok(())
}
