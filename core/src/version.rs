//! Versions as Masterminds' semver 3.4 reads and orders them: those of charts, of clusters, and of Git tags.

mod constraint;

use std::cmp::Ordering;
use std::fmt;

pub use constraint::Constraints;

/// A version; missing parts are zero, a leading `v` is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number.
    pub minor: u64,
    /// The third number.
    pub patch: u64,
    /// What follows `-`, without it.
    pub prerelease: String,
    /// What follows `+`, without it.
    pub metadata: String,
    /// What the version was read from.
    pub original: String,
}

impl Version {
    /// Reads a version as `semver.NewVersion` does.
    ///
    /// # Errors
    /// With the words of the original.
    pub fn parse(text: &str) -> Result<Self, String> {
        let invalid = || "invalid semantic version".to_owned();
        let parts = Parts::parse(text.strip_prefix('v').unwrap_or(text), is_digit)
            .filter(|parts| parts.rest.is_empty())
            .ok_or_else(invalid)?;
        let number = |digits: Option<&str>| {
            match digits {
            None => Ok(0),
            Some(digits) => digits.parse().map_err(|_| {
                format!(
                    "error parsing version segment: strconv.ParseUint: parsing \"{digits}\": value out of range"
                )
            }),
        }
        };
        let version = Self {
            major: number(Some(parts.major))?,
            minor: number(parts.minor)?,
            patch: number(parts.patch)?,
            prerelease: parts.prerelease.to_owned(),
            metadata: parts.metadata.to_owned(),
            original: text.to_owned(),
        };
        let leading_zero = version.prerelease.split('.').any(|part| {
            part.len() > 1 && part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit())
        });
        if leading_zero {
            return Err("version segment starts with 0".to_owned());
        }
        Ok(version)
    }

    /// `-1`, `0` or `1`, as Go's `Compare`; metadata does not count.
    pub fn compare(&self, other: &Self) -> Ordering {
        (self.major, self.minor, self.patch)
            .cmp(&(other.major, other.minor, other.patch))
            .then_with(
                || match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                    (true, true) => Ordering::Equal,
                    (true, false) => Ordering::Greater,
                    (false, true) => Ordering::Less,
                    (false, false) => compare_prereleases(&self.prerelease, &other.prerelease),
                },
            )
    }

    /// The next patch release; that of a prerelease is its release.
    pub fn next_patch(&self) -> Self {
        let step = u64::from(self.prerelease.is_empty());
        self.changed(self.major, self.minor, self.patch.wrapping_add(step))
    }

    /// The next minor release.
    pub fn next_minor(&self) -> Self {
        self.changed(self.major, self.minor.wrapping_add(1), 0)
    }

    /// The next major release.
    pub fn next_major(&self) -> Self {
        self.changed(self.major.wrapping_add(1), 0, 0)
    }

    /// The same version with another prerelease.
    ///
    /// # Errors
    /// If it is not made of dotted identifiers.
    pub fn with_prerelease(&self, prerelease: &str) -> Result<Self, String> {
        if !prerelease.is_empty() {
            check_identifiers(prerelease, "invalid prerelease string", true)?;
        }
        let mut next = self.clone();
        next.prerelease = prerelease.to_owned();
        Ok(next.renamed(self))
    }

    /// The same version with other metadata.
    ///
    /// # Errors
    /// If it is not made of dotted identifiers.
    pub fn with_metadata(&self, metadata: &str) -> Result<Self, String> {
        if !metadata.is_empty() {
            check_identifiers(metadata, "invalid metadata string", false)?;
        }
        let mut next = self.clone();
        next.metadata = metadata.to_owned();
        Ok(next.renamed(self))
    }

    fn changed(&self, major: u64, minor: u64, patch: u64) -> Self {
        let next = Self {
            major,
            minor,
            patch,
            prerelease: String::new(),
            metadata: String::new(),
            original: String::new(),
        };
        next.renamed(self)
    }

    /// Its own text as the original, with the `v` that `from` had.
    fn renamed(mut self, from: &Self) -> Self {
        let v = if from.original.starts_with('v') {
            "v"
        } else {
            ""
        };
        self.original = format!("{v}{self}");
        self
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.prerelease.is_empty() {
            write!(f, "-{}", self.prerelease)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn check_identifiers(text: &str, error: &str, numbers_are_plain: bool) -> Result<(), String> {
    for part in text.split('.') {
        if part.is_empty() || !part.bytes().all(is_identifier) {
            return Err(error.to_owned());
        }
        let number = part.bytes().all(|b| b.is_ascii_digit());
        if numbers_are_plain && number && part.len() > 1 && part.starts_with('0') {
            return Err("version segment starts with 0".to_owned());
        }
    }
    Ok(())
}

fn compare_prereleases(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => a.cmp(b),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn is_digit(b: u8) -> bool {
    b.is_ascii_digit()
}

fn is_identifier(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'-'
}

/// The parts of a version's text, as far as it goes.
struct Parts<'t> {
    major: &'t str,
    minor: Option<&'t str>,
    patch: Option<&'t str>,
    prerelease: &'t str,
    metadata: &'t str,
    /// What follows the version.
    rest: &'t str,
}

impl<'t> Parts<'t> {
    /// Takes as much of `text` as is a version whose numbers are made of `in_number`.
    fn parse(text: &'t str, in_number: impl Fn(u8) -> bool + Copy) -> Option<Self> {
        let (major, mut rest) = run(text, in_number)?;
        let mut next = || {
            let (part, after) = run(rest.strip_prefix('.')?, in_number)?;
            rest = after;
            Some(part)
        };
        let minor = next();
        let patch = next();
        let (prerelease, rest) = suffix(rest, '-');
        let (metadata, rest) = suffix(rest, '+');
        Some(Self {
            major,
            minor,
            patch,
            prerelease,
            metadata,
            rest,
        })
    }
}

fn run(text: &str, wanted: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text.bytes().position(|b| !wanted(b)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// The dotted identifiers after `mark`, if there are any.
fn suffix(text: &str, mark: char) -> (&str, &str) {
    let Some((_, mut rest)) = text
        .strip_prefix(mark)
        .and_then(|rest| run(rest, is_identifier))
    else {
        return ("", text);
    };
    while let Some((_, after)) = rest
        .strip_prefix('.')
        .and_then(|rest| run(rest, is_identifier))
    {
        rest = after;
    }
    (&text[1..text.len() - rest.len()], rest)
}

#[cfg(test)]
mod tests;
