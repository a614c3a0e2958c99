//! What a GitHub App shows to be itself: a JSON Web Token that is signed with its private key.

use std::fmt;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fleet_core::secret::Secret;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;

use crate::Error;

/// How far back a token is dated, in seconds: GitHub's advice against clocks that differ
/// ("Generating a JSON Web Token for a GitHub App").
const BACKDATED: u64 = 60;

/// How long a token holds, in seconds from now; with a clock that is a minute ahead it is still below the ten minutes
/// that GitHub takes.
const LIFE: u64 = 480;

/// The private key of an app.
pub(crate) struct Key(KeyPair);

impl Key {
    /// Reads a key in PEM, as PKCS#1 (which GitHub gives out) or PKCS#8.
    pub(crate) fn parse(pem: &Secret<String>) -> Result<Self, Error> {
        let refuse = |why| Error::App {
            field: "github_app_private_key",
            why,
        };
        let key = PrivateKeyDer::from_pem_slice(pem.reveal().as_bytes())
            .map_err(|_| refuse("it is not a private key in PEM"))?;
        let key = match &key {
            PrivateKeyDer::Pkcs1(key) => KeyPair::from_der(key.secret_pkcs1_der()),
            PrivateKeyDer::Pkcs8(key) => KeyPair::from_pkcs8(key.secret_pkcs8_der()),
            _ => return Err(refuse("it is not an RSA key")),
        };
        key.map(Self)
            .map_err(|_| refuse("it is not an RSA key of 2048 to 8192 bits"))
    }

    /// A token of `issuer`, good from `now` on, in seconds since the epoch.
    pub(crate) fn token(&self, issuer: &str, now: u64) -> Result<Secret<String>, Error> {
        let claims = serde_json::json!({
            "iat": now.saturating_sub(BACKDATED),
            "exp": now + LIFE,
            "iss": issuer,
        });
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let head = encode(br#"{"alg":"RS256","typ":"JWT"}"#);
        let mut token = format!("{head}.{}", encode(claims.to_string().as_bytes()));
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(
                &RSA_PKCS1_SHA256,
                &SystemRandom::new(),
                token.as_bytes(),
                &mut signature,
            )
            .map_err(|_| Error::App {
                field: "github_app_private_key",
                why: "it cannot sign",
            })?;
        token.push('.');
        token.push_str(&encode(&signature));
        Ok(Secret::new(token))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
