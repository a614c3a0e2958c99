//! Names that cannot be wrong, and how Rancher Fleet derives them.

use std::fmt;
use std::str::FromStr;

use md5::{Digest as _, Md5};
use serde::{Deserialize, Deserializer, Serialize};

/// Why a text is not a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {what}: {why}")]
pub struct ParseError {
    what: &'static str,
    text: String,
    why: &'static str,
}

/// Checks a DNS-1123 subdomain, the rule for most Kubernetes names (RFC 1123; at most 253 characters).
fn check_subdomain(what: &'static str, text: &str) -> Result<(), ParseError> {
    let fail = |why| {
        Err(ParseError {
            what,
            text: text.chars().take(80).collect(),
            why,
        })
    };
    if text.is_empty() {
        return fail("it is empty");
    }
    if text.len() > 253 {
        return fail("it is longer than 253 characters");
    }
    for label in text.split('.') {
        let bytes = label.as_bytes();
        let inner = |c: &u8| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == b'-';
        let ends = |c: Option<&u8>| c.is_some_and(|c| *c != b'-');
        if !bytes.iter().all(inner) || !ends(bytes.first()) || !ends(bytes.last()) {
            return fail(
                "it must consist of lower-case letters, digits, `-` and `.`, and start and end with a letter or digit",
            );
        }
    }
    Ok(())
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Checks and wraps `text`.
            ///
            /// # Errors
            /// If `text` is not a DNS-1123 subdomain.
            pub fn parse(text: impl Into<String>) -> Result<Self, ParseError> {
                let text = text.into();
                check_subdomain($what, &text)?;
                Ok(Self(text))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, ParseError> {
                Self::parse(text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

name! {
    /// Name of a GitRepo.
    RepoName, "GitRepo name"
}
name! {
    /// Name of a registered cluster.
    ClusterName, "cluster name"
}
name! {
    /// Name of a ClusterGroup.
    GroupName, "ClusterGroup name"
}
name! {
    /// Name of a bundle: derived from GitRepo and path, or set by `name` in `fleet.yaml`. Also names
    /// the deployment of that bundle on each cluster.
    BundleName, "bundle name"
}

impl BundleName {
    /// The name that Rancher Fleet gives to the bundle of a path: [`helm_release_name`] of the joined
    /// and cleaned `repo/path`.
    pub fn derive(repo: &RepoName, path: &str) -> Self {
        Self(helm_release_name(&clean_join(repo.as_str(), path)))
    }
}

/// The longest Helm release name (Helm's own limit, because release names go into labels).
pub const MAX_RELEASE_NAME: usize = 53;

/// Turns any text into a valid Helm release name, the same one that Rancher Fleet makes
/// (`internal/names.HelmReleaseName`): `/` becomes `-`; whatever needs more changes than that gets a
/// hash at its end, so that different texts keep different names.
pub fn helm_release_name(text: &str) -> String {
    let slashes = text.replace('/', "-");
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut name = slashes.clone();
    if !slashes.chars().all(plain) {
        name = format!("{slashes}-{}", &md5_hex(&slashes)[..8]);
    }
    let name: String = name
        .to_lowercase()
        .chars()
        .map(|c| if plain(c) { c } else { '-' })
        .collect();
    let name = name
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    if name.is_empty() {
        return md5_hex(text)[..24].to_owned();
    }
    limit(&name, MAX_RELEASE_NAME)
}

/// Cuts `text` to at most `max` bytes; what is cut is replaced by `-` and 5 hex digits of its MD5
/// (Rancher Fleet's `names.Limit`). Below 7 bytes there is no room for the hash.
pub fn limit(text: &str, max: usize) -> String {
    if text.len() <= max {
        return text.to_owned();
    }
    let cut = |n: usize| {
        &text[..(0..=n)
            .rev()
            .find(|n| text.is_char_boundary(*n))
            .unwrap_or(0)]
    };
    if max <= 6 {
        return cut(max).to_owned();
    }
    let head = cut(max - 6);
    let dash = if head.ends_with('-') { "" } else { "-" };
    format!("{head}{dash}{}", &md5_hex(text)[..5])
}

/// Joins `base` and `path` as Go's `filepath.Join` does: lexically, with `.` and `..` removed.
fn clean_join(base: &str, path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn md5_hex(text: &str) -> String {
    Md5::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGITS_53: &str = "12345678901234567890123456789012345678901234567890123";

    /// Rows that Rancher Fleet's own unit tables state; existing installations depend on them.
    #[test]
    fn release_names_are_those_of_rancher_fleet() {
        let check =
            |input: &str, expected: &str| assert_eq!(helm_release_name(input), expected, "{input}");
        check(DIGITS_53, DIGITS_53);
        check(
            &format!("{DIGITS_53}a"),
            "12345678901234567890123456789012345678901234567-fdba4",
        );
        check(
            "long-name-test-shortpath-with@char",
            "long-name-test-shortpath-with-char-031bab5e",
        );
        check(
            "long-name-test-shortpath-with+char",
            "long-name-test-shortpath-with-char-21c88393",
        );
        check("long-name-test-0.App_ ", "long-name-test-0-app-5bf6b3fb");
        check(
            "long-name-test--App_-_12.factor",
            "long-name-test-app-12-factor-0efbac37",
        );
        check(
            "bundle.name.example.com",
            "bundle-name-example-com-645ef821",
        );
        check(
            &format!("{}-1234567", &DIGITS_53[..46]),
            "1234567890123456789012345678901234567890123456-d0bce",
        );
        check("a/b", "a-b");
    }

    #[test]
    fn limit_keeps_room_for_a_hash() {
        for (text, max, expected) in [
            ("1234567", 5, "12345"),
            ("1234567", 6, "123456"),
            ("1234567", 7, "1234567"),
            ("12345678", 8, "12345678"),
            ("12345678", 7, "1-25d55"),
            ("123456789", 8, "12-25f9e"),
            ("1-3456789", 8, "1-9b657"),
        ] {
            assert_eq!(limit(text, max), expected);
        }
    }

    #[test]
    fn the_path_is_cleaned_before_it_becomes_a_name() {
        let repo = RepoName::parse("shop").unwrap();
        assert_eq!(
            BundleName::derive(&repo, "./apps//web/").as_str(),
            "shop-apps-web"
        );
        assert_eq!(BundleName::derive(&repo, ".").as_str(), "shop");
        assert_eq!(
            BundleName::derive(&repo, "../assets/x").as_str(),
            "assets-x"
        );
    }

    #[test]
    fn names_are_dns_subdomains() {
        for good in ["a", "a-b.c", "0"] {
            assert!(ClusterName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "A", "-a", "a-", "a..b", "a/b", "a_b", &"x".repeat(254)] {
            assert!(ClusterName::parse(bad).is_err(), "{bad}");
        }
    }
}
