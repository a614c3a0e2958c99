//! What goes wrong between a reference and its files.

use std::time::Duration;

use fleet_core::digest::Digest;
use fleet_core::files::ReadError;

/// What goes wrong between a reference and its files; no text of it holds a credential.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// It may not be fetched: the form, the place or the kind is not allowed.
    #[error("{0}")]
    Refused(String),
    /// The server did not answer, or broke off.
    #[error("could not reach `{url}`: {why}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// What happened.
        why: String,
    },
    /// It took too long.
    #[error("`{url}` did not answer within {limit:?}")]
    TimedOut {
        /// What was asked for.
        url: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// The server refused the credential, or wants one.
    #[error("`{url}` refused access (HTTP status {status}); {hint}")]
    Unauthorized {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
        /// Whether a credential was sent, and what to look at.
        hint: &'static str,
    },
    /// There is no such thing.
    #[error("there is nothing at `{url}` (HTTP status {status})")]
    NotFound {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The server asked to wait.
    #[error("`{url}` asked to wait (HTTP status {status})")]
    Busy {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
        /// How long, if it said so.
        retry_after: Option<Duration>,
    },
    /// The server answered with another error.
    #[error("`{url}` answered with HTTP status {status}")]
    Status {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// What was sent is larger than allowed.
    #[error("{what} of `{url}` is larger than allowed (limit {limit})")]
    TooLarge {
        /// What was asked for.
        url: String,
        /// What is too large.
        what: &'static str,
        /// The bound.
        limit: u64,
    },
    /// What was sent is not what was announced, or not what the commit was rendered with before.
    #[error("`{url}` is not what it should be: expected {expected}, got {found}")]
    Mismatch {
        /// What was asked for.
        url: String,
        /// The digest that was announced or written down.
        expected: Digest,
        /// The digest of what was sent.
        found: Digest,
    },
    /// What was sent cannot be used.
    #[error("could not use what `{url}` sent: {why}")]
    Malformed {
        /// What was asked for.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// No version fits.
    #[error("`{url}` has no {what}")]
    NoVersion {
        /// The repository.
        url: String,
        /// What was looked for.
        what: String,
    },
    /// Git had something to say.
    #[error("{message}")]
    Git {
        /// It.
        message: String,
        /// How long the server asked to wait.
        retry_after: Option<Duration>,
    },
    /// The host's own disk refused.
    #[error("could not {action}: {why}")]
    Disk {
        /// What was tried.
        action: &'static str,
        /// Why not.
        why: String,
    },
    /// The host is stopping.
    #[error("the host is stopping")]
    Interrupted,
}

impl Error {
    pub(crate) fn malformed(url: &url::Url, why: impl Into<String>) -> Self {
        Self::Malformed {
            url: shown(url),
            why: why.into(),
        }
    }

    pub(crate) fn disk(action: &'static str) -> impl Fn(std::io::Error) -> Self {
        move |error| Self::Disk {
            action,
            why: error.to_string(),
        }
    }

    /// What a renderer is told: `Denied` for what is not allowed, `Other` for what may work later.
    pub fn to_read_error(&self) -> ReadError {
        match self {
            Self::Refused(why) => ReadError::Denied(why.clone()),
            other => ReadError::Other(other.to_string()),
        }
    }

    /// How long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } | Self::Git { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether it can be different when it is tried again.
    pub fn is_passing(&self) -> bool {
        !matches!(self, Self::Refused(_))
    }
}

impl From<fleet_source::Error> for Error {
    fn from(error: fleet_source::Error) -> Self {
        match error {
            fleet_source::Error::Interrupted => Self::Interrupted,
            fleet_source::Error::Url { .. } | fleet_source::Error::Reference { .. } => {
                Self::Refused(error.to_string())
            }
            error => Self::Git {
                message: error.to_string(),
                retry_after: error.retry_after(),
            },
        }
    }
}

/// A URL as it may be shown: without user, password and query.
pub(crate) fn shown(url: &url::Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if url.query().is_some() {
        url.set_query(Some("…"));
    }
    url.set_fragment(None);
    url.to_string().replace("%E2%80%A6", "…")
}
