//! What is kept of the Secrets of a namespace: which types, and how much.

use std::collections::{BTreeMap, BTreeSet};

use fleet_core::secret::Entries;
use k8s_openapi::api::core::v1::Secret;

use crate::Error;

/// The types that are looked into: what people make for the things that a secret is named for.
const TYPES: [&str; 5] = [
    "Opaque",
    "kubernetes.io/basic-auth",
    "kubernetes.io/ssh-auth",
    "kubernetes.io/tls",
    "kubernetes.io/dockerconfigjson",
];

/// The same for people.
pub(crate) const TYPES_SHOWN: &str = "`Opaque`, `kubernetes.io/basic-auth`, `kubernetes.io/ssh-auth`, `kubernetes.io/tls`, `kubernetes.io/dockerconfigjson`";

/// The types that the API server is told not to send: credentials of the cluster itself, and what Helm keeps of its
/// releases, which is large.
pub(super) const NEVER: [&str; 3] = [
    "kubernetes.io/service-account-token",
    "bootstrap.kubernetes.io/token",
    "helm.sh/release.v1",
];

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    pub(super) n_secrets: usize,
    /// Of all together.
    pub(super) n_bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            n_secrets: 10_000,
            n_bytes: 64 << 20,
        }
    }
}

/// The Secrets of a namespace, or why one cannot be used.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    bounds: Bounds,
    secrets: BTreeMap<String, Result<Entries, Error>>,
    n_bytes: usize,
    /// Whether one was left out because there are too many.
    is_cut: bool,
}

impl Held {
    #[cfg(test)]
    fn bounded(bounds: Bounds) -> Self {
        Self {
            bounds,
            ..Self::default()
        }
    }

    pub(super) fn len(&self) -> usize {
        self.secrets.len()
    }

    pub(super) fn get(&self, name: &str) -> Option<Result<Entries, Error>> {
        self.secrets.get(name).cloned()
    }

    /// That there may be more, for people; empty if there are not.
    pub(super) fn bound_shown(&self) -> String {
        match self.is_cut {
            true => format!(
                ", or it is not among the {} that are held at most",
                self.bounds.n_secrets
            ),
            false => String::new(),
        }
    }

    /// Whether something was left out that fits once another Secret is gone.
    pub(super) fn is_full(&self) -> bool {
        let too_large = |held: &Result<Entries, Error>| *held == Err(self.all_too_large());
        self.is_cut || self.secrets.values().any(too_large)
    }

    /// Takes in a Secret as it is now; returns its name if that is a change.
    pub(super) fn put(&mut self, secret: Secret) -> Option<String> {
        let name = secret.metadata.name.clone().unwrap_or_default();
        let old = self.take_out(&name);
        if self.secrets.len() >= self.bounds.n_secrets {
            self.is_cut = true;
            return old.map(|_| name);
        }
        let new = self.admit(&name, secret);
        if let Ok(entries) = &new {
            self.n_bytes += entries.n_bytes();
        }
        let changed = old.as_ref() != Some(&new);
        self.secrets.insert(name.clone(), new);
        changed.then_some(name)
    }

    /// Forgets a Secret; returns its name if it was held.
    pub(super) fn remove(&mut self, secret: &Secret) -> Option<String> {
        let name = secret.metadata.name.clone().unwrap_or_default();
        self.take_out(&name).map(|_| name)
    }

    /// The names of all that are in one of the two only, or different.
    pub(super) fn differences(&self, other: &Self) -> BTreeSet<String> {
        let names = self.secrets.keys().chain(other.secrets.keys());
        names
            .filter(|name| self.secrets.get(*name) != other.secrets.get(*name))
            .cloned()
            .collect()
    }

    fn admit(&self, name: &str, secret: Secret) -> Result<Entries, Error> {
        // The API server sets `Opaque` where nobody names a type.
        let kind = secret.type_.unwrap_or_default();
        if !TYPES.contains(&kind.as_str()) {
            return Err(Error::Type { kind });
        }
        let data = secret.data.unwrap_or_default();
        let data = data.into_iter().map(|(entry, value)| (entry, value.0));
        let entries = Entries::new(name, data);
        if entries.n_bytes() > Entries::MAX_BYTES {
            return Err(Error::TooLarge {
                what: "it is",
                limit: Entries::MAX_BYTES,
            });
        }
        if self.n_bytes + entries.n_bytes() > self.bounds.n_bytes {
            return Err(self.all_too_large());
        }
        Ok(entries)
    }

    fn all_too_large(&self) -> Error {
        Error::TooLarge {
            what: "with it all Secrets of the namespace together are",
            limit: self.bounds.n_bytes,
        }
    }

    fn take_out(&mut self, name: &str) -> Option<Result<Entries, Error>> {
        let old = self.secrets.remove(name)?;
        if let Ok(entries) = &old {
            self.n_bytes -= entries.n_bytes();
        }
        Some(old)
    }
}

#[cfg(test)]
mod tests {
    use k8s_openapi::ByteString;

    use super::*;

    fn secret(name: &str, kind: &str, password: &str) -> Secret {
        let mut secret = Secret::default();
        secret.metadata.name = Some(name.to_owned());
        secret.type_ = Some(kind.to_owned());
        let value = ByteString(password.as_bytes().to_vec());
        secret.data = Some([("password".to_owned(), value)].into());
        secret
    }

    /// Without this a GitRepo could send a credential of the cluster itself to a Git server.
    #[test]
    fn only_types_that_people_make_for_it_are_looked_into() {
        let mut held = Held::default();
        for kind in TYPES {
            assert_eq!(held.put(secret("git", kind, kind)).as_deref(), Some("git"));
            let entries = held.get("git").unwrap().unwrap();
            assert_eq!(entries.text("password"), Ok(Some(kind)));
            assert!(TYPES_SHOWN.contains(&format!("`{kind}`")));
        }
        for kind in NEVER.into_iter().chain(["example.org/own", ""]) {
            held.put(secret("git", kind, "hunter2"));
            let error = held.get("git").unwrap().unwrap_err();
            assert_eq!(
                error,
                Error::Type {
                    kind: kind.to_owned()
                }
            );
        }
        assert_eq!(held.n_bytes, 0);
    }

    #[test]
    fn only_a_change_is_one() {
        let mut held = Held::default();
        let put = |held: &mut Held, password: &str| held.put(secret("git", "Opaque", password));
        assert!(put(&mut held, "one").is_some());
        assert!(put(&mut held, "one").is_none(), "labels may be different");
        assert!(put(&mut held, "two").is_some());
        let mut later = held.clone();
        assert!(held.differences(&later).is_empty());
        later.put(secret("new", "Opaque", "x"));
        later.put(secret("git", "Opaque", "three"));
        let names: Vec<String> = held.differences(&later).into_iter().collect();
        assert_eq!(names, ["git", "new"]);
        assert!(held.remove(&secret("git", "Opaque", "")).is_some());
        assert!(held.remove(&secret("git", "Opaque", "")).is_none());
        assert_eq!((held.len(), held.n_bytes), (0, 0));
    }

    /// Without this somebody who may make Secrets could use up the host's memory.
    #[test]
    fn what_is_held_is_bounded() {
        let bounds = Bounds {
            n_secrets: 3,
            n_bytes: 10,
        };
        let mut held = Held::bounded(bounds);
        held.put(secret("a", "Opaque", "12345678"));
        assert!(!held.is_full());
        held.put(secret("b", "Opaque", "123"));
        let error = held.get("b").unwrap().unwrap_err();
        assert!(error.to_string().starts_with("with it all"), "{error}");
        assert!(held.is_full());
        held.put(secret("b", "Opaque", "12"));
        assert!(held.get("b").unwrap().is_ok() && !held.is_full());
        held.put(secret("c", "Opaque", ""));
        held.put(secret("d", "Opaque", ""));
        assert!(held.get("d").is_none() && held.is_full());
        assert!(held.bound_shown().contains("the 3 that"));
        held.put(secret("a", "Opaque", "1"));
        assert!(held.get("a").unwrap().is_ok(), "it has its place");
        let large = "x".repeat(Entries::MAX_BYTES + 1);
        let mut roomy = Held::default();
        roomy.put(secret("a", "Opaque", &large));
        let error = roomy.get("a").unwrap().unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 1024 KiB");
    }
}
