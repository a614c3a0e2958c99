//! Tokens for a GitHub App that can prove to be itself.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::server::Reply;
use crate::{State, text};

/// Bytes in front of the PKCS#1 key in a PKCS#8 key of 2048 bits (RFC 5958: version, algorithm, head of the key).
const PKCS8_HEAD: usize = 26;

/// The key of an app.
pub struct AppKey {
    pkcs8: Vec<u8>,
    public: Vec<u8>,
}

/// A token that an app was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Seconds between the token's beginning and end, as the app dated it.
    pub life: u64,
    /// How far back the app dated it, in seconds.
    pub backdated: u64,
    /// The repositories it asked for.
    pub repositories: Vec<String>,
    /// What it asked to do there, as JSON.
    pub permissions: String,
    /// What it was given.
    pub token: String,
}

/// The app that is let in.
pub(crate) struct Registered {
    pub(crate) id: String,
    pub(crate) installation: String,
    pub(crate) public_key: Vec<u8>,
    pub(crate) prefix: String,
    pub(crate) life: Duration,
}

impl AppKey {
    /// A new one of 2048 bits.
    ///
    /// # Errors
    /// If there is no randomness.
    pub fn generate() -> Result<Self> {
        let pair = KeyPair::generate(KeySize::Rsa2048).ok().context("no key")?;
        let pkcs8 = pair.as_der().ok().context("the key cannot be written")?;
        Ok(Self {
            pkcs8: pkcs8.as_ref().to_vec(),
            public: pair.public_key().as_ref().to_vec(),
        })
    }

    /// As GitHub gives it out.
    pub fn pkcs1_pem(&self) -> String {
        pem("RSA PRIVATE KEY", &self.pkcs8[PKCS8_HEAD..])
    }

    /// As most other tools write it.
    pub fn pkcs8_pem(&self) -> String {
        pem("PRIVATE KEY", &self.pkcs8)
    }

    pub(crate) fn public(&self) -> &[u8] {
        &self.public
    }
}

fn pem(kind: &str, der: &[u8]) -> String {
    let encoded = STANDARD.encode(der);
    let lines: Vec<&str> = (0..encoded.len())
        .step_by(64)
        .map(|at| &encoded[at..encoded.len().min(at + 64)])
        .collect();
    format!(
        "-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n",
        lines.join("\n")
    )
}

impl State {
    fn now(&self) -> u64 {
        let now = (SystemTime::now() + self.ahead).duration_since(UNIX_EPOCH);
        now.unwrap_or_default().as_secs()
    }

    /// Gives a token to whom shows `shown`.
    pub(crate) fn exchange(&mut self, installation: &str, shown: &str, body: &Value) -> Reply {
        let Some(app) = &self.app else {
            return Reply::refuse(404, "Not Found");
        };
        let now = self.now();
        let (life, backdated) = match app.verify(shown, now) {
            Ok(found) => found,
            Err(error) => return Reply::refuse(401, &format!("{error:#}")),
        };
        if installation != app.installation {
            return Reply::refuse(404, "Not Found");
        }
        let token = format!("{}{}", app.prefix, self.exchanges.len() + 1);
        let end = now + app.life.as_secs();
        let end = jiff::Timestamp::from_second(i64::try_from(end).unwrap_or(0)).unwrap_or_default();
        let names = body["repositories"].as_array().into_iter().flatten();
        self.exchanges.push(Exchange {
            life,
            backdated,
            repositories: names.filter_map(Value::as_str).map(str::to_owned).collect(),
            permissions: body["permissions"].to_string(),
            token: token.clone(),
        });
        self.tokens.insert(token.clone());
        Reply::json(201, &json!({"token": token, "expires_at": end.to_string()}))
    }
}

impl Registered {
    /// Life and age of a JSON Web Token.
    fn verify(&self, token: &str, now: u64) -> Result<(u64, u64)> {
        let (signed, signature) = token.rsplit_once('.').context("it is no token")?;
        let (head, claims) = signed.split_once('.').context("it has no claims")?;
        let bytes = |part: &str| URL_SAFE_NO_PAD.decode(part).context("it is not base64url");
        let head: Value = serde_json::from_slice(&bytes(head)?)?;
        ensure!(
            text(&head, "alg") == "RS256",
            "A JSON web token could not be decoded"
        );
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public_key)
            .verify(signed.as_bytes(), &bytes(signature)?)
            .ok()
            .context("A JSON web token could not be decoded")?;
        let claims: Value = serde_json::from_slice(&bytes(claims)?)?;
        ensure!(
            text(&claims, "iss") == self.id,
            "'Issuer' claim ('iss') must be the app"
        );
        let number = |key: &str| claims[key].as_u64().context("a claim is missing");
        let (issued, ends) = (number("iat")?, number("exp")?);
        ensure!(
            issued <= now && now < ends,
            "'Expiration time' claim ('exp') is in the past"
        );
        ensure!(
            ends - now <= 600,
            "'Expiration time' claim ('exp') is too far in the future"
        );
        Ok((ends - issued, now - issued))
    }
}
