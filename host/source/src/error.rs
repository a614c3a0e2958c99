//! What goes wrong between the host and a Git server.

use std::time::Duration;

use fleet_core::diagnostic::Location;
use fleet_core::problem::{Problem, Reason};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// What goes wrong between the host and a Git server; `url` never holds a credential.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The URL cannot be used.
    #[error("cannot use `{url}` as the URL of a repository: {why}")]
    Url {
        /// The URL as given, without user and password.
        url: String,
        /// Why not.
        why: &'static str,
    },
    /// The branch, tag, version range or commit is not well-formed.
    #[error("cannot use `{text}` as a revision: {why}")]
    Reference {
        /// What was given.
        text: String,
        /// Why not.
        why: String,
    },
    /// The secret cannot be used.
    #[error("cannot use the credential `{name}`: {why}")]
    Credential {
        /// Name of the secret, or the file of it.
        name: String,
        /// Why not.
        why: String,
    },
    /// The secret could not be read yet, which says nothing about it.
    #[error("could not read the secret `{name}`: {why}")]
    SecretUnavailable {
        /// Name of the secret.
        name: String,
        /// Why not.
        why: String,
    },
    /// The server did not answer, or broke off.
    #[error("could not reach `{url}`: {why}")]
    Unreachable {
        /// The repository.
        url: String,
        /// What happened.
        why: String,
    },
    /// The server did not answer in time.
    #[error("`{url}` did not answer: {what} took longer than {limit:?}")]
    TimedOut {
        /// The repository.
        url: String,
        /// What was waited for.
        what: &'static str,
        /// How long.
        limit: Duration,
    },
    /// The server refused the credential, or wants one.
    #[error("`{url}` refused access: {why}")]
    AuthenticationFailed {
        /// The repository.
        url: String,
        /// What the server said.
        why: String,
    },
    /// There is no such repository, or the credential may not see it.
    #[error("there is no repository at `{url}`: {why}")]
    NotFound {
        /// The repository.
        url: String,
        /// What the server said.
        why: String,
    },
    /// The server's certificate is not trusted.
    #[error("the certificate of `{url}` is not trusted: {why}")]
    CertificateInvalid {
        /// The repository.
        url: String,
        /// Why not.
        why: String,
    },
    /// The server's host key is not the known one, or not known.
    #[error("the host key of `{url}` is not trusted: {why}")]
    HostKeyMismatch {
        /// The repository.
        url: String,
        /// Why not.
        why: String,
    },
    /// The server asked to wait.
    #[error("`{url}` asked to wait (HTTP status {status})")]
    RateLimited {
        /// The repository.
        url: String,
        /// The HTTP status.
        status: u16,
        /// How long, if it said so.
        retry_after: Option<Duration>,
    },
    /// The branch, tag, version or commit does not exist.
    #[error("`{url}` has no {reference}")]
    RefNotFound {
        /// The repository.
        url: String,
        /// What was looked for.
        reference: String,
    },
    /// A public key that is to be trusted cannot be used.
    #[error("cannot use the public key `{name}`: {why}")]
    Key {
        /// Where it is written.
        name: String,
        /// Why not.
        why: String,
    },
    /// A commit or tag is not signed by somebody who is trusted.
    #[error("{what} of `{url}` is not verified: {why}")]
    NotVerified {
        /// The repository.
        url: String,
        /// Which commit or tag.
        what: String,
        /// Why not.
        why: String,
    },
    /// A submodule could not be fetched, or may not be.
    #[error("could not fetch the submodule `{path}` from `{submodule}`")]
    Submodule {
        /// Where it is in the repository.
        path: String,
        /// Its URL, without user and password.
        submodule: String,
        /// Why not.
        #[source]
        source: Box<Error>,
    },
    /// Something is larger than allowed.
    #[error("{what} of `{url}` is larger than allowed (limit {limit})")]
    LimitExceeded {
        /// The repository.
        url: String,
        /// What is too large.
        what: &'static str,
        /// The bound.
        limit: u64,
        /// Where in the repository, if known.
        path: Option<String>,
    },
    /// What the server sent is not what Git promises.
    #[error("could not use what `{url}` sent: {why}")]
    Corrupt {
        /// The repository.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The server or repository uses something that cannot be read.
    #[error("cannot read `{url}`: {why}")]
    Unsupported {
        /// The repository.
        url: String,
        /// What it uses.
        why: String,
    },
    /// The caller wanted to stop.
    #[error("stopped")]
    Interrupted,
    /// The host's own disk refused.
    #[error("could not {action} in the mirror of `{url}`")]
    Mirror {
        /// The repository.
        url: String,
        /// What was tried.
        action: &'static str,
        /// Why not.
        #[source]
        source: Source,
    },
}

impl Error {
    /// Why a certificate is not trusted that somebody unknown issued.
    pub(crate) const UNKNOWN_ISSUER: &str = "no authority that is trusted issued it";

    /// The server is at an address that nobody is to be sent to.
    pub(crate) fn forbidden(url: String) -> Self {
        Self::Url {
            url,
            why: crate::guard::FORBIDDEN,
        }
    }

    /// The word that names the kind of failure in conditions, metrics and docs.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Url { .. } | Self::NotFound { .. } => Reason::GitRepositoryNotFound,
            Self::Reference { .. } | Self::RefNotFound { .. } => Reason::RevisionNotFound,
            Self::Credential { .. } | Self::AuthenticationFailed { .. } => {
                Reason::GitAuthenticationFailed
            }
            Self::SecretUnavailable { .. } => Reason::SecretUnavailable,
            Self::Unreachable { .. } | Self::TimedOut { .. } | Self::Interrupted => {
                Reason::GitUnreachable
            }
            Self::CertificateInvalid { .. } | Self::HostKeyMismatch { .. } => {
                Reason::GitServerNotTrusted
            }
            Self::RateLimited { .. } => Reason::GitRateLimited,
            Self::Key { .. } | Self::NotVerified { .. } => Reason::CommitNotVerified,
            Self::Submodule { source, .. } => source.reason(),
            Self::LimitExceeded { .. } => Reason::ContentRefused,
            Self::Corrupt { .. } | Self::Unsupported { .. } => Reason::GitFetchFailed,
            Self::Mirror { .. } => Reason::StateNotSaved,
        }
    }

    /// How long the server asked to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::RateLimited { retry_after, .. } => *retry_after,
            Self::Submodule { source, .. } => source.retry_after(),
            _ => None,
        }
    }

    /// What to do next, if that is not plain from the message.
    pub fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::AuthenticationFailed { .. } => {
                "check the secret named by `clientSecretName` and what it may read"
            }
            Self::NotFound { .. } => {
                "check the URL; many servers say this too when a credential is missing"
            }
            Self::CertificateInvalid { why, .. } if why == Self::UNKNOWN_ISSUER => {
                "add the certificate authority as `cacerts` to the secret, or as `caBundle`"
            }
            Self::HostKeyMismatch { .. } => {
                "put the server's host key, checked by other means, as `known_hosts` into the secret"
            }
            Self::RefNotFound { .. } => {
                "what runs stays; set `branch` or `revision` to one that exists"
            }
            Self::NotVerified { .. } => {
                "what runs stays; sign it with a key that `verify` trusts, or add the key of who signed it"
            }
            Self::Submodule { source, .. } => match &**source {
                Self::AuthenticationFailed { .. } | Self::NotFound { .. } => {
                    "the credential of the GitRepo is used only where host and protocol are those of its own URL"
                }
                other => return other.hint(),
            },
            _ => return None,
        })
    }

    /// The same as a problem for a status.
    pub fn to_problem(&self) -> Problem {
        let mut message = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            message.push_str(": ");
            message.push_str(&error.to_string());
            source = error.source();
        }
        let place = match self {
            Self::LimitExceeded { path, .. } => path.as_ref().map(|path| Location {
                file: path.clone(),
                line: 0,
                column: 0,
            }),
            _ => None,
        };
        let problem = Problem::new(self.reason(), message).at(place);
        match self.hint() {
            Some(hint) => problem.hint(hint),
            None => problem,
        }
    }
}
