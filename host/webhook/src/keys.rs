//! What a secret for webhooks holds: a key for each forge, or one for all.

use std::collections::BTreeMap;

use fleet_core::secret::Secret;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::Forge;

/// The names that a secret may hold, those of Rancher Fleet's secret `gitjob-webhook` and ours; others are ignored.
pub(crate) const NAMES: [&str; 10] = [
    "github",
    "gitlab",
    "gitea",
    "gogs",
    "bitbucket",
    "bitbucket-server",
    "azure-username",
    "azure-password",
    "fleet",
    "secret",
];

/// The keys of one secret. An empty value is no key: it would fit whatever was signed with nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys(BTreeMap<&'static str, Secret<String>>);

impl<N: AsRef<str>, V: Into<String>> FromIterator<(N, V)> for Keys {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(entries: I) -> Self {
        let known = |name: &str| NAMES.into_iter().find(|known| *known == name);
        let entries = entries.into_iter().filter_map(|(name, value)| {
            let value: String = value.into();
            let value = value.trim_end_matches(['\r', '\n']);
            let name = known(name.as_ref()).filter(|_| !value.is_empty())?;
            Some((name, Secret::new(value.to_owned())))
        });
        Self(entries.collect())
    }
}

impl Keys {
    /// The names of all values that a secret may hold.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.into_iter()
    }

    /// Whether there is no key at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of `X-Fleet-Signature` for a body sent at `timestamp`, in seconds since the epoch; none without a key
    /// for the generic webhook.
    pub fn sign(&self, timestamp: u64, body: &[u8]) -> Option<String> {
        let key = self.of(Forge::Generic)?;
        let mac = generic(key, &timestamp.to_string(), body);
        Some(format!(
            "sha256={}",
            hex::encode(mac.finalize().into_bytes())
        ))
    }

    /// The key for a forge that signs or sends a token.
    pub(crate) fn of(&self, forge: Forge) -> Option<&str> {
        let names: &[&str] = match forge {
            Forge::GitHub => &["github", "secret"],
            Forge::GitLab => &["gitlab", "secret"],
            Forge::Gitea => &["gitea", "gogs", "secret"],
            Forge::Gogs => &["gogs", "secret"],
            Forge::BitbucketCloud => &["bitbucket", "secret"],
            Forge::BitbucketServer => &["bitbucket-server", "secret"],
            Forge::AzureDevOps => &["azure-password", "secret"],
            Forge::Generic => &["fleet", "secret"],
        };
        names.iter().find_map(|name| self.get(name))
    }

    /// The user that Azure DevOps must name, if one is set.
    pub(crate) fn azure_username(&self) -> Option<&str> {
        self.get("azure-username")
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.reveal().as_str())
    }
}

pub(crate) fn hmac(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of every length")
}

/// What the generic webhook signs: the time as it is in the header, a full stop, the body.
pub(crate) fn generic(key: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
    let mut mac = hmac(key.as_bytes());
    mac.update(timestamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac
}
