//! Which commit of a repository is meant: a branch, a tag, a range of versions, or the commit itself.

use std::fmt;

use fleet_core::version::{Constraints, Version};

use crate::{CommitId, Error};

/// Which commit is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// The branch that the server calls its default.
    Default,
    /// The tip of a branch.
    Branch(String),
    /// What a tag points to.
    Tag(String),
    /// What the tag with the highest version in a range points to.
    Versions(Range),
    /// Exactly this commit.
    Commit(CommitId),
}

/// A range of versions, as Masterminds' semver reads it: `>=1.2 <2`, `^1.4`, `~1.2`, `1.x`, `1.2 - 1.4 || 2.x`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    text: String,
    constraints: Constraints,
}

impl Range {
    fn parse(text: &str) -> Result<Self, Error> {
        match Constraints::parse(text) {
            Ok(constraints) => Ok(Self {
                text: text.to_owned(),
                constraints,
            }),
            Err(why) => Err(Error::Reference {
                text: text.chars().take(100).collect(),
                why,
            }),
        }
    }

    /// The version that a tag names, if it is in the range; only tags with all three numbers are versions, as for Flux.
    fn version_of(&self, tag: &str) -> Option<Version> {
        let version = Version::parse(tag).ok()?;
        let whole = version.to_string() == tag.strip_prefix('v').unwrap_or(tag);
        (whole && self.constraints.check(&version)).then_some(version)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// One reference of a server, peeled to what it finally points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Advertised {
    pub(crate) name: String,
    pub(crate) commit: CommitId,
    /// The tag object that the reference points to first, if it is one of an annotated tag.
    pub(crate) tag: Option<gix::ObjectId>,
}

impl Reference {
    /// The tip of a branch.
    pub fn branch(name: impl Into<String>) -> Self {
        Self::Branch(name.into())
    }

    /// What a GitRepo's `branch` and `revision` mean: the branch decides where both are set, `revision` is a full
    /// commit id, a range of versions (if it has one of `<>=^~*`, a comma, a space or bars, or is of the form `1.x`) or a
    /// tag (which `refs/tags/` says of any name), and neither is branch `master`, Rancher Fleet's default.
    ///
    /// # Errors
    /// If the name cannot be one of a branch or tag, or the range does not parse.
    pub fn of_repo(branch: Option<&str>, revision: Option<&str>) -> Result<Self, Error> {
        let branch = branch.filter(|branch| !branch.is_empty());
        let revision = revision.filter(|revision| !revision.is_empty());
        match (branch, revision) {
            (Some(branch), _) => {
                let name = branch.strip_prefix("refs/heads/").unwrap_or(branch);
                Ok(Self::Branch(checked(name)?))
            }
            (None, Some(revision)) => Self::of_revision(revision),
            (None, None) => Ok(Self::branch("master")),
        }
    }

    fn of_revision(revision: &str) -> Result<Self, Error> {
        if let Ok(commit) = CommitId::parse(revision) {
            return Ok(Self::Commit(commit));
        }
        if let Some(name) = revision.strip_prefix("refs/tags/") {
            return Ok(Self::Tag(checked(name)?));
        }
        let signs = ['<', '>', '=', '^', '~', '*', ',', ' '];
        if revision.contains(signs) || revision.contains("||") || has_wildcard(revision) {
            return Range::parse(revision.trim()).map(Self::Versions);
        }
        Ok(Self::Tag(checked(revision)?))
    }

    /// What to ask the server for: only references that begin so.
    pub(crate) fn prefix(&self) -> Option<String> {
        match self {
            Self::Default => Some("HEAD".to_owned()),
            Self::Branch(name) => Some(format!("refs/heads/{name}")),
            Self::Tag(name) => Some(format!("refs/tags/{name}")),
            Self::Versions(_) => Some("refs/tags/".to_owned()),
            Self::Commit(_) => None,
        }
    }

    /// The reference that is meant among what the server advertised.
    pub(crate) fn choose<'a>(&self, advertised: &'a [Advertised]) -> Option<&'a Advertised> {
        let named = |name: &str| advertised.iter().find(|found| found.name == name);
        match self {
            Self::Default => named("HEAD"),
            Self::Branch(name) => named(&format!("refs/heads/{name}")),
            Self::Tag(name) => named(&format!("refs/tags/{name}")),
            Self::Commit(_) => None,
            Self::Versions(range) => {
                let versions = advertised.iter().filter_map(|found| {
                    let tag = found.name.strip_prefix("refs/tags/")?;
                    Some((range.version_of(tag)?, found))
                });
                // Build metadata does not order versions; the name does then, so that all hosts choose the same.
                versions
                    .max_by(|(a, of_a), (b, of_b)| {
                        a.compare(b).then_with(|| of_a.name.cmp(&of_b.name))
                    })
                    .map(|(_, found)| found)
            }
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default branch"),
            Self::Branch(name) => write!(f, "branch `{name}`"),
            Self::Tag(name) => write!(f, "tag `{name}`"),
            Self::Versions(range) => write!(f, "tag with a version in `{range}`"),
            Self::Commit(commit) => write!(f, "commit {commit}"),
        }
    }
}

/// Whether it is of the form `1.x`, `v2.3.X`: numbers, then `x` in place of some.
fn has_wildcard(text: &str) -> bool {
    let parts = text.strip_prefix('v').unwrap_or(text).split('.');
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let n_numbers = parts.clone().take_while(number).count();
    let mut rest = parts.skip(n_numbers).peekable();
    n_numbers > 0 && rest.peek().is_some() && rest.all(|part| matches!(part, "x" | "X"))
}

fn checked(name: &str) -> Result<String, Error> {
    let full = format!("refs/heads/{name}");
    match gix::validate::reference::name(full.as_str().into()) {
        Ok(_) => Ok(name.to_owned()),
        Err(error) => Err(Error::Reference {
            text: name.to_owned(),
            why: error.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "0123456789abcdef0123456789abcdef01234567";

    #[test]
    fn a_repo_means_what_it_means_in_rancher_fleet() {
        for (branch, revision, expected) in [
            (None, None, "branch `master`"),
            (Some(""), Some(""), "branch `master`"),
            (Some("main"), Some(A), "branch `main`"),
            (Some("refs/heads/a/b"), None, "branch `a/b`"),
            (None, Some(A), &format!("commit {A}")),
            (None, Some("v1.2.3"), "tag `v1.2.3`"),
            (None, Some("~1.2"), "tag with a version in `~1.2`"),
            (None, Some(">=1.0, <2"), "tag with a version in `>=1.0, <2`"),
            (None, Some(">=1.0 <2"), "tag with a version in `>=1.0 <2`"),
            (None, Some("v1.x"), "tag with a version in `v1.x`"),
            (None, Some("1 - 2"), "tag with a version in `1 - 2`"),
            (None, Some("refs/tags/1.x"), "tag `1.x`"),
            (None, Some("x"), "tag `x`"),
            (None, Some("linux-1.x"), "tag `linux-1.x`"),
        ] {
            let reference = Reference::of_repo(branch, revision).unwrap();
            assert_eq!(reference.to_string(), expected, "{branch:?} {revision:?}");
        }
        for bad in ["a..b", "a b", "a.lock", "x\n", "^^", ">=1.0>2.0", "1.2 ||"] {
            assert!(Reference::of_repo(None, Some(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_highest_version_in_range_is_chosen() {
        let tags = [
            "v1.9.0",
            "1.10.0",
            "v1.11.0-rc.1",
            "v2.0.0",
            "v3.0.0-beta.2",
            "v3.0.0-beta.11",
            "latest",
            "v1.10",
            "v01.99.0",
        ];
        let advertise = |(i, name): (usize, &&str)| Advertised {
            name: format!("refs/tags/{name}"),
            commit: CommitId::parse(&format!("{i:040x}")).unwrap(),
            tag: None,
        };
        let advertised: Vec<_> = tags.iter().enumerate().map(advertise).collect();
        let check = |range: &str, expected: Option<&str>| {
            let reference = Reference::of_repo(None, Some(range)).unwrap();
            let chosen = reference.choose(&advertised);
            let chosen = chosen.and_then(|found| found.name.strip_prefix("refs/tags/"));
            assert_eq!(chosen, expected, "{range}");
        };
        check("^1", Some("1.10.0"));
        check("1.x", Some("1.10.0"));
        check("v1.9.x", Some("v1.9.0"));
        check("~1.9", Some("v1.9.0"));
        check("*", Some("v2.0.0"));
        check(">=1.0.0 <2.0.0", Some("1.10.0"));
        check("1.0 - 1.10.0", Some("1.10.0"));
        check("<1 || ^2", Some("v2.0.0"));
        // Pre-releases are meant only where the range names one.
        check(">=1.11.0-rc.0, <1.12", Some("v1.11.0-rc.1"));
        check(">=1.10.1, <1.12", None);
        check(">=2.0.0-0", Some("v3.0.0-beta.11"));
        check("^4", None);
    }
}
