//! The keys that webhooks are verified with, read anew for each, so that a changed one counts at once.

use fleet_core::error::chain;
use fleet_webhook::{Delivery, Headers, Keys, Unverified};
use tracing::warn;

use crate::watch::Credentials;

/// Where keys are, and what counts without one.
pub(super) struct Secrets {
    credentials: Credentials,
    /// Name of the secret for GitRepos that name none.
    host: Option<String>,
    allow_unsigned: bool,
    /// A key that nobody knows, for when there is none: the answer then takes as long as with one.
    nobody: Keys,
}

impl Secrets {
    pub(super) fn new(
        credentials: Credentials,
        host: Option<String>,
        allow_unsigned: bool,
    ) -> Self {
        let unknown: [u8; 32] = crate::random::bytes();
        let unknown: String = unknown.iter().map(|byte| format!("{byte:02x}")).collect();
        Self {
            credentials,
            host,
            allow_unsigned,
            nobody: [("secret", unknown)].into_iter().collect(),
        }
    }

    /// Verifies a webhook with the named secret, or with the host's.
    ///
    /// # Errors
    /// If it is not certain that the sender has the key.
    pub(super) fn verify(
        &self,
        secret: Option<&str>,
        delivery: &Delivery,
        headers: &Headers<'_>,
        body: &[u8],
        now: u64,
    ) -> Result<(), Unverified> {
        let verify = |keys: &Keys| fleet_webhook::verify(delivery, headers, body, keys, now);
        match secret.or(self.host.as_deref()) {
            Some(name) => match self.read(name) {
                Ok(keys) => verify(&keys),
                Err(why) => {
                    warn!(secret = name, error = why, "cannot verify webhooks");
                    Err(verify(&self.nobody).err().unwrap_or(Unverified::Wrong))
                }
            },
            None if self.allow_unsigned => Ok(()),
            None => verify(&self.nobody),
        }
    }

    fn read(&self, name: &str) -> Result<Keys, String> {
        let secret = self.credentials.secret(name);
        let secret = secret.map_err(|error| chain(&error))?;
        let mut entries = Vec::new();
        for key in Keys::names() {
            match secret.text(key) {
                Ok(Some(text)) => entries.push((key, text)),
                Ok(None) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        let keys: Keys = entries.into_iter().collect();
        if keys.is_empty() {
            return Err("it holds no key for webhooks".to_owned());
        }
        Ok(keys)
    }
}
