//! Which commit of a repository is meant: a branch, a tag, a range of versions, or the commit itself.

use std::fmt;

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
    Versions(semver::VersionReq),
    /// Exactly this commit.
    Commit(CommitId),
}

/// One reference of a server, peeled to what it finally points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Advertised {
    pub(crate) name: String,
    pub(crate) commit: CommitId,
}

impl Reference {
    /// The tip of a branch.
    pub fn branch(name: impl Into<String>) -> Self {
        Self::Branch(name.into())
    }

    /// What a GitRepo's `branch` and `revision` mean: the branch decides where both are set, `revision` is a full
    /// commit id, a range of versions (if it has one of `<>=^~*` or a comma) or a tag, and neither is branch `master`,
    /// Rancher Fleet's default.
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
        if revision.contains(['<', '>', '=', '^', '~', '*', ',']) {
            let range = semver::VersionReq::parse(revision);
            return range.map(Self::Versions).map_err(|error| Error::Reference {
                text: revision.to_owned(),
                why: error.to_string(),
            });
        }
        let name = revision.strip_prefix("refs/tags/").unwrap_or(revision);
        Ok(Self::Tag(checked(name)?))
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

    /// The commit among what the server advertised.
    pub(crate) fn choose(&self, advertised: &[Advertised]) -> Option<CommitId> {
        let named = |name: &str| {
            advertised
                .iter()
                .find(|found| found.name == name)
                .map(|found| found.commit)
        };
        match self {
            Self::Default => named("HEAD"),
            Self::Branch(name) => named(&format!("refs/heads/{name}")),
            Self::Tag(name) => named(&format!("refs/tags/{name}")),
            Self::Commit(commit) => Some(*commit),
            Self::Versions(range) => {
                let versions = advertised.iter().filter_map(|found| {
                    let tag = found.name.strip_prefix("refs/tags/")?;
                    let version =
                        semver::Version::parse(tag.strip_prefix('v').unwrap_or(tag)).ok()?;
                    range
                        .matches(&version)
                        .then_some((version, &found.name, found.commit))
                });
                // Build metadata does not order versions; the name does then, so that all hosts choose the same.
                versions
                    .max_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)))
                    .map(|(_, _, commit)| commit)
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
        ] {
            let reference = Reference::of_repo(branch, revision).unwrap();
            assert_eq!(reference.to_string(), expected, "{branch:?} {revision:?}");
        }
        for bad in ["a..b", "a b", "a.lock", "x\n", "^^"] {
            assert!(Reference::of_repo(None, Some(bad)).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn the_highest_version_in_range_is_chosen() {
        let advertise = |(i, name): (usize, &&str)| Advertised {
            name: format!("refs/tags/{name}"),
            commit: CommitId::parse(&format!("{i:040x}")).unwrap(),
        };
        let tags = [
            "v1.9.0",
            "1.10.0",
            "v1.11.0-rc.1",
            "v2.0.0",
            "latest",
            "v1.10",
        ];
        let advertised: Vec<_> = tags.iter().enumerate().map(advertise).collect();
        let choose = |range: &str| {
            let chosen = Reference::of_repo(None, Some(range))
                .unwrap()
                .choose(&advertised)?;
            advertised
                .iter()
                .find(|found| found.commit == chosen)
                .map(|found| found.name.clone())
        };
        assert_eq!(choose("^1").as_deref(), Some("refs/tags/1.10.0"));
        assert_eq!(choose("*").as_deref(), Some("refs/tags/v2.0.0"));
        assert_eq!(
            choose(">=1.11.0-rc.0, <1.12").as_deref(),
            Some("refs/tags/v1.11.0-rc.1")
        );
        assert_eq!(choose("^3"), None);
    }
}
