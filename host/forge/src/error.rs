//! What goes wrong between the host and a forge.

use std::time::Duration;

/// What goes wrong between the host and a forge; no message holds a credential.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The repository cannot be found in the API of a forge.
    #[error("cannot tell where the forge's API has `{what}`: {why}")]
    Project {
        /// The repository or the URL of the API.
        what: String,
        /// Why not.
        why: &'static str,
    },
    /// What a GitHub App is made of cannot be used.
    #[error("cannot use `{field}`: {why}")]
    App {
        /// The file of the secret.
        field: &'static str,
        /// Why not.
        why: &'static str,
    },
    /// The credential is for another server.
    #[error("the GitHub App is one of `{app}`, and the repository is on `{repository}`")]
    Elsewhere {
        /// Host of the app's API.
        app: String,
        /// Host of the repository.
        repository: String,
    },
    /// The forge did not answer, or broke off.
    #[error("could not reach `{host}`: {why}")]
    Unreachable {
        /// The forge.
        host: String,
        /// What happened.
        why: String,
    },
    /// The forge did not answer in time.
    #[error("`{host}` did not answer within {limit:?}")]
    TimedOut {
        /// The forge.
        host: String,
        /// How long was waited.
        limit: Duration,
    },
    /// The forge's certificate is not trusted.
    #[error("the certificate of `{host}` is not trusted: {why}")]
    NotTrusted {
        /// The forge.
        host: String,
        /// Why not.
        why: String,
    },
    /// The forge asked to wait.
    #[error("`{host}` asked to wait (HTTP status {status})")]
    RateLimited {
        /// The forge.
        host: String,
        /// The HTTP status.
        status: u16,
        /// How long, if it said so.
        retry_after: Option<Duration>,
    },
    /// The forge has a fault of its own.
    #[error("`{host}` is not well (HTTP status {status})")]
    Broken {
        /// The forge.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The forge does not want this request.
    #[error("`{host}` refused (HTTP status {status}): {why}")]
    Refused {
        /// The forge.
        host: String,
        /// The HTTP status.
        status: u16,
        /// What it said, or what that means.
        why: String,
    },
    /// What the forge sent is not what its API promises.
    #[error("could not use what `{host}` sent: {why}")]
    Unusable {
        /// The forge.
        host: String,
        /// What is wrong with it.
        why: &'static str,
    },
}

impl Error {
    /// Whether the forge refused the credential itself.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, Self::Refused { status: 401, .. })
    }

    /// Whether the forge as a whole is the trouble, not one request to it.
    pub fn is_of_the_forge(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::TimedOut { .. }
                | Self::NotTrusted { .. }
                | Self::RateLimited { .. }
                | Self::Broken { .. }
        )
    }
}
