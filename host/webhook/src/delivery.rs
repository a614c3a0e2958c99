//! A webhook that was read: who sent it, of which repository it speaks, what moved there.

use std::fmt;

use crate::payload;
use crate::{Headers, RepoUrl};

/// Who sent a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forge {
    /// GitHub, and GitHub Enterprise.
    GitHub,
    /// GitLab.
    GitLab,
    /// Gitea, and Forgejo.
    Gitea,
    /// Gogs.
    Gogs,
    /// bitbucket.org.
    BitbucketCloud,
    /// Bitbucket Server and Data Center.
    BitbucketServer,
    /// Azure DevOps, services and server.
    AzureDevOps,
    /// Anything that signs as `docs/operating.md` says.
    Generic,
}

impl fmt::Display for Forge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GitHub => "GitHub",
            Self::GitLab => "GitLab",
            Self::Gitea => "Gitea",
            Self::Gogs => "Gogs",
            Self::BitbucketCloud => "Bitbucket Cloud",
            Self::BitbucketServer => "Bitbucket Server",
            Self::AzureDevOps => "Azure DevOps",
            Self::Generic => "the generic webhook",
        })
    }
}

/// What a webhook is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// References moved.
    Push,
    /// The forge asks whether anybody is there.
    Ping,
    /// Anything else.
    Other,
}

/// One webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Who sent it.
    pub forge: Forge,
    /// What it is about.
    pub kind: Kind,
    /// What the forge calls this one webhook, if it gives it a name. Most forges do not sign it.
    pub id: Option<String>,
    /// All the places where the forge says that the repository is.
    pub urls: Vec<RepoUrl>,
    /// The branches and tags that moved; none unless it is a push.
    pub updates: Vec<Update>,
    /// Whether more moved than are listed.
    pub cut: bool,
}

impl Delivery {
    /// Whether it speaks of the repository at `url`.
    pub fn is_about(&self, url: &RepoUrl) -> bool {
        self.urls.iter().any(|named| named.same_repository(url))
    }
}

/// One branch or tag that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Which.
    pub reference: Reference,
    /// Where it stands now, 40 or 64 lower-case hex digits; none if it is gone, or the forge does not say.
    pub commit: Option<String>,
}

/// A branch or a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A branch, without `refs/heads/`.
    Branch(String),
    /// A tag, without `refs/tags/`.
    Tag(String),
}

impl Reference {
    /// Reads a full name; none for notes, pull requests and the like.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let plain = |name: &str| {
            let fits = !name.is_empty() && name.len() <= 1024 && !name.contains(char::is_control);
            fits.then(|| name.to_owned())
        };
        if let Some(branch) = name.strip_prefix("refs/heads/") {
            return plain(branch).map(Self::Branch);
        }
        let tag = name.strip_prefix("refs/tags/")?;
        plain(tag).map(Self::Tag)
    }
}

/// Why a request is no webhook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No forge sends such headers.
    #[error("the headers are not those of a forge")]
    Unknown,
    /// The headers of two forges at once.
    #[error("the headers are those of several forges")]
    Ambiguous,
    /// A header comes twice.
    #[error("the header `{name}` comes twice")]
    HeaderTwice {
        /// Which.
        name: &'static str,
    },
    /// A header is not text.
    #[error("the header `{name}` is not text")]
    HeaderNotText {
        /// Which.
        name: &'static str,
    },
    /// The body is not what this forge sends.
    #[error("the body is not one of {forge}")]
    Body {
        /// Which forge.
        forge: Forge,
    },
}

/// Reads a webhook without believing it.
///
/// # Errors
/// If it is not certain which forge's it is, or the body is not one that this forge sends.
pub fn parse(headers: &Headers<'_>, body: &[u8]) -> Result<Delivery, Error> {
    let forge = recognise(headers)?;
    let event = Event::read(forge, headers)?;
    let read = payload::read(forge, &event, headers, body)?;
    let urls = read.urls.iter().filter_map(|url| RepoUrl::parse(url));
    let id = event.id.map(str::to_owned).or(read.id);
    Ok(Delivery {
        forge,
        kind: read.kind,
        id: id.filter(|id| !id.is_empty() && id.len() <= 256),
        urls: urls.collect(),
        updates: read.updates,
        cut: read.cut,
    })
}

/// Headers that only one forge sends, or forges that check the same way.
///
/// Gitea and Gogs also send the headers of those whose payload theirs began as; each of them signs body with
/// HMAC-SHA256, so a forger gains nothing by passing for the other.
const FAMILIES: [&[&str]; 5] = [
    &[
        "x-github-event",
        "x-gitea-event",
        "x-forgejo-event",
        "x-gogs-event",
        "x-hub-signature-256",
        "x-gitea-signature",
        "x-forgejo-signature",
        "x-gogs-signature",
    ],
    &["x-gitlab-event", "x-gitlab-token", "webhook-signature"],
    &["x-event-key", "x-hook-uuid"],
    &["x-vss-activityid", "x-vss-subscriptionid"],
    &["x-fleet-timestamp", "x-fleet-signature"],
];

fn recognise(headers: &Headers<'_>) -> Result<Forge, Error> {
    let families = FAMILIES.map(|names| names.iter().any(|name| headers.has(name)));
    let has = |name| headers.has(name);
    let forge = match families {
        [true, false, false, false, false] if has("x-gitea-event") || has("x-forgejo-event") => {
            Forge::Gitea
        }
        [true, false, false, false, false] if has("x-gogs-event") => Forge::Gogs,
        [true, false, false, false, false] if has("x-github-event") => Forge::GitHub,
        [false, true, false, false, false] if has("x-gitlab-event") => Forge::GitLab,
        [false, false, true, false, false] if has("x-event-key") => {
            if has("x-hook-uuid") {
                Forge::BitbucketCloud
            } else {
                Forge::BitbucketServer
            }
        }
        [false, false, false, true, false] => Forge::AzureDevOps,
        [false, false, false, false, true] => Forge::Generic,
        families if families.iter().filter(|found| **found).count() > 1 => {
            return Err(Error::Ambiguous);
        }
        _ => return Err(Error::Unknown),
    };
    Ok(forge)
}

/// What the headers say of the event.
pub(crate) struct Event<'a> {
    /// The forge's word for it; empty where only the body says.
    pub(crate) name: &'a str,
    /// The forge's name for this one webhook.
    id: Option<&'a str>,
}

impl<'a> Event<'a> {
    fn read(forge: Forge, headers: &Headers<'a>) -> Result<Self, Error> {
        let (names, ids): (&[&'static str], &[&'static str]) = match forge {
            Forge::GitHub => (&["x-github-event"], &["x-github-delivery"]),
            Forge::Gitea => (
                &["x-forgejo-event", "x-gitea-event"],
                &["x-forgejo-delivery", "x-gitea-delivery"],
            ),
            Forge::Gogs => (&["x-gogs-event"], &["x-gogs-delivery"]),
            Forge::GitLab => (
                &["x-gitlab-event"],
                &["webhook-id", "idempotency-key", "x-gitlab-event-uuid"],
            ),
            Forge::BitbucketCloud => (&["x-event-key"], &["x-request-uuid"]),
            Forge::BitbucketServer => (&["x-event-key"], &["x-request-id"]),
            Forge::AzureDevOps => (&[], &[]),
            // The time is signed with the body, so the signature is a name that nobody can change.
            Forge::Generic => (&[], &["x-fleet-signature"]),
        };
        let first = |names: &[&'static str]| {
            for name in names {
                if let Some(value) = headers.one(name)? {
                    return Ok::<_, Error>(Some(value));
                }
            }
            Ok(None)
        };
        Ok(Self {
            name: first(names)?.unwrap_or_default(),
            id: first(ids)?,
        })
    }
}
