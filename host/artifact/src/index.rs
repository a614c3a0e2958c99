//! `index.yaml` of a Helm repository.

use std::collections::BTreeMap;

use fleet_core::digest::Digest;
use fleet_yaml::Duplicates;
use serde_json::Value;

use crate::choose::Wanted;

/// What the index of a repository says, as far as it is needed to fetch a chart.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Index(BTreeMap<String, Vec<Entry>>);

/// One version of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) version: String,
    /// Where it is, relative to the index or absolute.
    pub(crate) url: String,
    /// SHA-256 in hex, or empty.
    digest: String,
}

impl Index {
    /// Reads an index; entries that nobody could fetch are left out, as in Helm.
    ///
    /// # Errors
    /// If it is no index.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?;
        // JSON is YAML too, and read much faster as what it is.
        let value: Value = match serde_json::from_str(text) {
            Ok(value) => value,
            Err(_) => fleet_yaml::from_str(text, Duplicates::LastWins)
                .map_err(|error| format!("line {}: {}", error.line, error.message))?,
        };
        let Value::Object(mut top) = value else {
            return Err("it is no index of a Helm repository".to_owned());
        };
        if top
            .get("apiVersion")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            return Err("it is no index of a Helm repository: it has no `apiVersion`".to_owned());
        }
        let Some(Value::Object(entries)) = top.remove("entries") else {
            return Ok(Self::default());
        };
        let read = |entry: &Value| {
            let text = |key: &str| entry[key].as_str().map(str::to_owned);
            Some(Entry {
                version: text("version").filter(|version| !version.is_empty())?,
                url: entry["urls"][0].as_str()?.to_owned(),
                digest: text("digest").unwrap_or_default(),
            })
        };
        let entries = entries.into_iter().map(|(name, versions)| {
            let versions = versions.as_array().into_iter().flatten();
            (name, versions.filter_map(read).collect())
        });
        Ok(Self(entries.collect()))
    }

    /// The version of a chart to take.
    pub(crate) fn choose(&self, name: &str, wanted: &Wanted) -> Option<&Entry> {
        let versions = self.0.get(name)?;
        let chosen = wanted.choose(versions.iter().map(|entry| entry.version.as_str()))?;
        versions.get(chosen)
    }

    /// Whether there is a chart of that name at all.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

impl Entry {
    /// The digest that the index announces, if it does.
    ///
    /// # Errors
    /// If it is none.
    pub(crate) fn digest(&self) -> Result<Option<Digest>, String> {
        if self.digest.is_empty() {
            return Ok(None);
        }
        let hex = self.digest.strip_prefix("sha256:").unwrap_or(&self.digest);
        let digest = Digest::parse(&format!("sha256:{}", hex.to_ascii_lowercase()));
        digest
            .map(Some)
            .map_err(|_| format!("the digest of version {} is no SHA-256", self.version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = "apiVersion: v1\nentries:\n  web:\n  - {version: 1.0.0, urls: [web-1.0.0.tgz], digest: ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB}\n  - {version: 2.0.0, urls: [https://cdn.example/web-2.0.0.tgz], deprecated: true}\n  - {version: 3.0.0, urls: []}\n  - null\n  odd: null\n";

    #[test]
    fn versions_are_found_and_those_without_a_place_are_not() {
        let index = Index::parse(INDEX.as_bytes()).unwrap();
        let choose = |name: &str, wanted: &str| index.choose(name, &Wanted::parse(wanted).unwrap());
        assert_eq!(
            choose("web", "").unwrap().url,
            "https://cdn.example/web-2.0.0.tgz"
        );
        assert!(choose("web", "").unwrap().digest().unwrap().is_none());
        assert!(choose("web", "^1").unwrap().digest().unwrap().is_some());
        assert_eq!(choose("web", "3.0.0"), None);
        assert_eq!(choose("odd", ""), None);
        assert!(index.has("odd") && !index.has("nope"));
    }

    #[test]
    fn what_is_no_index_is_told() {
        for text in ["", "<html>", "- a", "entries: {}", "a: b: c", "{}"] {
            assert!(Index::parse(text.as_bytes()).is_err(), "{text}");
        }
        assert_eq!(
            Index::parse(br#"{"apiVersion":"v1"}"#),
            Ok(Index::default())
        );
    }
}
