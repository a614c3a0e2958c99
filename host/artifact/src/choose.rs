//! Which version of a chart is meant, as Helm chooses: the exact text, else the newest that fits.

use std::cmp::Ordering;
use std::fmt;

use fleet_core::version::{Constraints, Version};

/// A version or a range of versions.
#[derive(Clone)]
pub struct Wanted {
    text: String,
    constraints: Constraints,
}

impl Wanted {
    /// Reads a version or a constraint; an empty one is `*`, the newest that is no prerelease.
    ///
    /// # Errors
    /// With Helm's words, if it is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = match text.trim() {
            "" => "*",
            text => text,
        };
        Ok(Self {
            text: text.to_owned(),
            constraints: Constraints::parse(text)?,
        })
    }

    /// The exact version, if it is one: a registry then needs no look at its tags.
    pub(crate) fn exact(&self) -> Option<&str> {
        Version::parse(&self.text).is_ok().then_some(&self.text)
    }

    /// The index of the version to take. Of equal ones the first is taken; what is no version is passed over.
    pub(crate) fn choose<'v>(
        &self,
        versions: impl Iterator<Item = &'v str> + Clone,
    ) -> Option<usize> {
        if let Some(exact) = versions.clone().position(|version| version == self.text) {
            return Some(exact);
        }
        let mut best: Option<(usize, Version)> = None;
        for (n, text) in versions.enumerate() {
            let Ok(version) = Version::parse(text) else {
                continue;
            };
            let newer = |(_, best): &(usize, Version)| version.compare(best) == Ordering::Greater;
            if self.constraints.check(&version) && best.as_ref().is_none_or(newer) {
                best = Some((n, version));
            }
        }
        best.map(|(n, _)| n)
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Wanted {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_one_that_helm_takes() {
        let versions = [
            "1.2.0",
            "v1.10.0",
            "2.0.0-rc.1",
            "1.9.3",
            "nonsense",
            "1.10.0",
        ];
        for (wanted, expected) in [
            ("", Some("v1.10.0")),
            ("*", Some("v1.10.0")),
            ("1.9.3", Some("1.9.3")),
            ("1.10.0", Some("1.10.0")),
            ("~1.9", Some("1.9.3")),
            ("^1", Some("v1.10.0")),
            (">=1.0.0, <1.10.0", Some("1.9.3")),
            ("<1.5 || >=2.0.0-0", Some("2.0.0-rc.1")),
            ("nonsense-too", None),
            ("3.x", None),
        ] {
            let chosen = Wanted::parse(wanted)
                .ok()
                .and_then(|wanted| wanted.choose(versions.iter().copied()));
            assert_eq!(chosen.map(|n| versions[n]), expected, "{wanted}");
        }
    }
}
