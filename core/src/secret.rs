//! Values that must not be seen.

use std::collections::BTreeMap;
use std::fmt;

/// A value whose `Debug` and `Display` print `***`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    /// Hides `value`.
    pub fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself; the caller must not print, log or store it.
    pub fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl<T> fmt::Display for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// What one secret holds, by name of the entry: the files of a folder, or the `data` of a Kubernetes Secret.
///
/// Whoever reads a secret reads it from here, so that it means the same wherever it came from.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Entries {
    name: String,
    entries: BTreeMap<String, Secret<Vec<u8>>>,
}

/// An entry of a secret that should be text and is not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not read `{entry}`: it is not text")]
pub struct NotText {
    /// Name of the entry.
    pub entry: String,
}

impl Entries {
    /// The most bytes that the entries of a secret may have together: Kubernetes' own bound (apimachinery
    /// `core.MaxSecretSize`).
    pub const MAX_BYTES: usize = 1 << 20;

    /// The entries of the secret `name`.
    pub fn new(
        name: impl Into<String>,
        entries: impl IntoIterator<Item = (impl Into<String>, impl Into<Vec<u8>>)>,
    ) -> Self {
        let entries = entries.into_iter();
        Self {
            name: name.into(),
            entries: entries
                .map(|(entry, value)| (entry.into(), Secret::new(value.into())))
                .collect(),
        }
    }

    /// Name of the secret.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Names of its entries, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// How many bytes its entries have together.
    pub fn n_bytes(&self) -> usize {
        self.entries
            .values()
            .map(|value| value.reveal().len())
            .sum()
    }

    /// One entry; none if there is no such entry, or nothing but white space in it.
    ///
    /// # Errors
    /// If it is not text.
    pub fn text(&self, entry: &str) -> Result<Option<&str>, NotText> {
        let Some(value) = self.entries.get(entry) else {
            return Ok(None);
        };
        let text = std::str::from_utf8(value.reveal()).map_err(|_| NotText {
            entry: entry.to_owned(),
        })?;
        Ok(Some(text).filter(|text| !text.trim().is_empty()))
    }

    /// One entry without the line break that editors put at its end; none as in [`text`](Self::text).
    ///
    /// # Errors
    /// If it is not text.
    pub fn line(&self, entry: &str) -> Result<Option<&str>, NotText> {
        let text = self.text(entry)?;
        Ok(text.map(|text| text.trim_end_matches(['\r', '\n'])))
    }
}

impl fmt::Debug for Entries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entries")
            .field("name", &self.name)
            .field("entries", &self.entries)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_as_text_and_never_shown() {
        let values: [(&str, &[u8]); 4] = [
            ("password", b"hunter2\r\n"),
            ("blank", b" \n"),
            ("binary", b"\xff"),
            ("pem", b"a\nb\n"),
        ];
        let entries = Entries::new("git", values);
        assert_eq!(entries.line("password"), Ok(Some("hunter2")));
        assert_eq!(entries.text("pem"), Ok(Some("a\nb\n")));
        assert_eq!(entries.text("blank"), Ok(None));
        assert_eq!(entries.text("other"), Ok(None));
        let error = entries.line("binary").unwrap_err();
        assert_eq!(error.to_string(), "could not read `binary`: it is not text");
        assert_eq!(entries.n_bytes(), 16);
        let shown = format!("{entries:?}");
        assert!(
            shown.contains("password") && !shown.contains("hunter2"),
            "{shown}"
        );
    }
}
