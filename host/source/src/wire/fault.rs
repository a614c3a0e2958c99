//! What went wrong in a conversation, turned into what a user can act on.

use std::io;

use rustls::{AlertDescription, CertificateError};

use crate::Error;
use crate::budget::Stop;
use crate::connect::{Connection, HttpError};
use crate::guard::Forbidden;
use crate::source::Remote;

/// One error of a chain.
type Cause<'e> = &'e (dyn std::error::Error + 'static);

/// What went wrong, before anybody looked at why.
pub(super) enum Fault {
    Git(gix::Error),
    /// The server broke off because its own repository is damaged; what it said.
    Damaged(String),
    ObjectTooLarge(usize),
    Unsupported(String),
}

impl From<gix::Error> for Fault {
    fn from(error: gix::Error) -> Self {
        Self::Git(error)
    }
}

impl Fault {
    /// Turns what went wrong below into what the user can act on.
    pub(super) fn about(self, remote: &Remote, connection: &Connection<'_>) -> Error {
        let url = remote.to_string();
        let error = match self {
            Self::Unsupported(why) => return Error::Unsupported { url, why },
            Self::ObjectTooLarge(limit) => {
                let (what, limit) = ("an object", limit as u64);
                return Error::LimitExceeded {
                    url,
                    what,
                    limit,
                    path: None,
                };
            }
            Self::Damaged(said) => {
                let why = brief(&format!("the repository is damaged on its server: {said}"));
                return Error::Corrupt { url, why };
            }
            Self::Git(error) => error,
        };
        let mut causes = Vec::new();
        for error in error.iter_errors() {
            collect(error, &mut causes);
        }
        for cause in &causes {
            if let Some(stop) = cause.downcast_ref::<Stop>() {
                return stopped(url, *stop);
            }
            if let Some(error) = cause.downcast_ref::<HttpError>() {
                return refused(remote, error);
            }
        }
        if let Some(complaints) = &connection.complaints
            && let Some(error) = complained(&url, &complaints.text())
        {
            return error;
        }
        let texts: Vec<_> = causes.iter().map(|cause| cause.to_string()).collect();
        if let Some(error) = said_by_server(&url, &texts) {
            return error;
        }
        if let Some(why) = broken_off(&causes) {
            return Error::Unreachable { url, why };
        }
        let has = |part: &str| texts.iter().any(|text| text.contains(part));
        let deepest = texts.last().map_or_else(|| error.to_string(), Clone::clone);
        let of_disk = |cause: &Cause<'_>| {
            let error = cause.downcast_ref::<io::Error>();
            error.is_some_and(|error| error.raw_os_error().is_some())
        };
        let why = if has("'smart' protocol") {
            "it is not what a Git server says".to_owned()
        } else if has("consume the pack") {
            if causes.iter().any(of_disk) {
                return Error::Mirror {
                    url,
                    action: "write a pack",
                    source: deepest.into(),
                };
            }
            format!("the pack is damaged: {deepest}")
        } else {
            let mut said: Vec<&str> = Vec::new();
            for text in &texts {
                if !said.iter().any(|known| known.contains(text.as_str())) {
                    said.push(text);
                }
            }
            said.join(": ")
        };
        Error::Corrupt {
            url,
            why: brief(&why),
        }
    }
}

/// An error and all its causes, also those that an `io::Error` hides.
fn collect<'e>(error: Cause<'e>, causes: &mut Vec<Cause<'e>>) {
    let mut next = Some(error);
    while let Some(error) = next {
        // Not by its address alone: that of an error is often that of the first thing in it.
        let is_known = |known: &Cause<'_>| {
            std::ptr::addr_eq(*known, error) && known.to_string() == error.to_string()
        };
        if !causes.iter().any(is_known) {
            causes.push(error);
        }
        next = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
}

/// How a connection ended too early, if that is what happened.
fn broken_off(causes: &[Cause<'_>]) -> Option<String> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    let mut errors = causes
        .iter()
        .filter_map(|cause| cause.downcast_ref::<io::Error>());
    let error = errors.find(|error| {
        matches!(
            error.kind(),
            BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof
        )
    });
    // Libraries of HTTP have words of their own for it.
    let ends = [
        "connection closed before message completed",
        "end of file before message length reached",
        "unexpected EOF during chunk size line",
    ];
    let ended = |cause: &Cause<'_>| ends.contains(&cause.to_string().as_str());
    match error {
        Some(error) if error.kind() == UnexpectedEof => {}
        Some(error) => return Some(format!("the connection broke off: {error}")),
        None if causes.iter().any(ended) => {}
        None => return None,
    }
    Some("the connection broke off before everything had come".to_owned())
}

fn stopped(url: String, stop: Stop) -> Error {
    match stop {
        Stop::Interrupted => Error::Interrupted,
        Stop::TimedOut(limit) => Error::TimedOut {
            url,
            what: "the whole conversation",
            limit,
        },
        Stop::Idle(limit) => Error::TimedOut {
            url,
            what: "the next byte",
            limit,
        },
        Stop::TooManyBytes(limit) => Error::LimitExceeded {
            url,
            what: "the answer",
            limit,
            path: None,
        },
    }
}

fn refused(remote: &Remote, error: &HttpError) -> Error {
    let url = remote.to_string();
    match error {
        HttpError::Status {
            status,
            retry_after,
        } => {
            let (status, retry_after) = (*status, *retry_after);
            let why = format!("HTTP status {status}");
            match status {
                429 => Error::RateLimited {
                    url,
                    status,
                    retry_after,
                },
                403 | 503 if retry_after.is_some() => Error::RateLimited {
                    url,
                    status,
                    retry_after,
                },
                401 => {
                    let has_credential = remote.credentials().has_authorization();
                    let said = if has_credential {
                        "it does not take the credential"
                    } else {
                        "it wants a credential, and there is none"
                    };
                    let why = format!("{said} ({why})");
                    Error::AuthenticationFailed { url, why }
                }
                403 => Error::AuthenticationFailed { url, why },
                404 | 410 => Error::NotFound { url, why },
                407 => Error::Unreachable {
                    url,
                    why: PROXY_REFUSES.to_owned(),
                },
                500.. => Error::Unreachable { url, why },
                _ => Error::Corrupt { url, why },
            }
        }
        HttpError::Login => Error::AuthenticationFailed {
            url,
            why: error.to_string(),
        },
        HttpError::Redirect(_) => Error::Corrupt {
            url,
            why: error.to_string(),
        },
        HttpError::NoConnection(limit) => Error::TimedOut {
            url,
            what: "the connection",
            limit: *limit,
        },
        HttpError::Request(request) => {
            let mut causes = Vec::new();
            collect(request, &mut causes);
            failed(url, &causes)
        }
    }
}

const PROXY_REFUSES: &str = "the proxy does not take the password of `--git-proxy`, or wants one";

/// Why a request brought no answer.
fn failed(url: String, causes: &[Cause<'_>]) -> Error {
    if causes.iter().any(|cause| cause.is::<Forbidden>()) {
        return Error::forbidden(url);
    }
    let tls = causes
        .iter()
        .find_map(|cause| cause.downcast_ref::<rustls::Error>());
    match tls {
        Some(rustls::Error::InvalidCertificate(error)) => {
            let why = match error {
                CertificateError::UnknownIssuer => Error::UNKNOWN_ISSUER.to_owned(),
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    "its time is over".to_owned()
                }
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    "its time has not come".to_owned()
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => {
                    "it is for another name".to_owned()
                }
                other => brief(&other.to_string()),
            };
            return Error::CertificateInvalid { url, why };
        }
        Some(error @ rustls::Error::NoCertificatesPresented) => {
            let why = error.to_string();
            return Error::CertificateInvalid { url, why };
        }
        Some(rustls::Error::AlertReceived(alert)) if wants_certificate(*alert) => {
            return Error::AuthenticationFailed {
                url,
                why: "it does not take the client certificate, or wants one".to_owned(),
            };
        }
        _ => {}
    }
    let texts = causes.iter().map(|cause| cause.to_string());
    if texts.into_iter().any(|text| text.contains("proxy auth")) {
        let why = PROXY_REFUSES.to_owned();
        return Error::Unreachable { url, why };
    }
    let why = broken_off(causes).or_else(|| causes.last().map(|cause| brief(&cause.to_string())));
    Error::Unreachable {
        url,
        why: why.unwrap_or_default(),
    }
}

/// What servers say in TLS when they miss, or do not like, the client's certificate.
fn wants_certificate(alert: AlertDescription) -> bool {
    use AlertDescription as A;
    matches!(
        alert,
        A::CertificateRequired
            | A::BadCertificate
            | A::UnknownCA
            | A::CertificateUnknown
            | A::CertificateExpired
            | A::CertificateRevoked
            | A::AccessDenied
    )
}

/// What `ssh` or `git upload-pack` mean by what they wrote to standard error.
fn complained(url: &str, text: &str) -> Option<Error> {
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty())?;
    let (url, why) = (url.to_owned(), brief(line));
    let has = |part: &str| text.contains(part);
    Some(if has("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        Error::HostKeyMismatch {
            url,
            why: "it is not the one in `known_hosts`".to_owned(),
        }
    } else if has("Host key verification failed") || has("No matching host key") {
        Error::HostKeyMismatch {
            url,
            why: "it is not in `known_hosts`".to_owned(),
        }
    } else if has("invalid format") || has("error in libcrypto") || has("incorrect passphrase") {
        Error::Credential {
            name: url,
            why: "`ssh-privatekey` is not a private key without passphrase".to_owned(),
        }
    } else if has("Permission denied (") || has("Too many authentication failures") {
        Error::AuthenticationFailed { url, why }
    } else if UNREACHABLE.iter().any(|part| has(part)) {
        Error::Unreachable { url, why }
    } else {
        return said_by_server(&url, &[text.to_owned()]);
    })
}

/// What `ssh` says when the server, or the way to it, is at fault.
const UNREACHABLE: [&str; 11] = [
    "Could not resolve",
    "Connection refused",
    "Connection timed out",
    "No route to host",
    "Connection reset",
    "Connection closed",
    "Network is unreachable",
    "kex_exchange_identification",
    "Broken pipe",
    "Corrupted MAC",
    "message authentication code incorrect",
];

/// What the server's own words mean.
fn said_by_server(url: &str, texts: &[String]) -> Option<Error> {
    let said = |part: &str| texts.iter().find(|text| text.to_lowercase().contains(part));
    let not_found = [
        "does not appear to be a git repository",
        "repository not found",
        "not a git repository",
        "repository not exported",
        "project you were looking for",
    ];
    let why = not_found.iter().find_map(|part| said(part))?;
    Some(Error::NotFound {
        url: url.to_owned(),
        why: brief(why.trim()),
    })
}

/// One line of at most 300 characters without control characters.
fn brief(text: &str) -> String {
    let line = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join("; ");
    line.chars().filter(|c| !c.is_control()).take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_of_ssh_are_told_apart() {
        let reason = |text| complained("u", text).map(|error| error.reason().as_str());
        for (text, expected) in [
            (
                "No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.",
                Some("GitServerNotTrusted"),
            ),
            (
                "git@h: Permission denied (publickey).",
                Some("GitAuthenticationFailed"),
            ),
            (
                "ssh: connect to host h port 22: Connection refused",
                Some("GitUnreachable"),
            ),
            (
                "ERROR: Repository not found.",
                Some("GitRepositoryNotFound"),
            ),
            (
                "fatal: '/x' does not appear to be a git repository",
                Some("GitRepositoryNotFound"),
            ),
            ("warning: something", None),
            ("", None),
        ] {
            assert_eq!(reason(text), expected, "{text}");
        }
    }

    #[test]
    fn what_a_server_says_is_cut_to_one_line() {
        assert_eq!(brief("a\n\n  b\x1b[31m\n"), "a; b[31m");
        assert_eq!(brief(&"x".repeat(1000)).len(), 300);
    }

    /// An error whose first field is its cause has the cause's address.
    #[test]
    fn a_cause_at_the_address_of_its_error_is_not_lost() {
        #[derive(Debug, thiserror::Error)]
        #[error("outer")]
        struct Outer(#[source] Inner);
        #[derive(Debug, thiserror::Error)]
        #[error("inner {0}")]
        struct Inner(u8);
        let outer = Outer(Inner(7));
        let mut causes = Vec::new();
        collect(&outer, &mut causes);
        collect(&outer, &mut causes);
        let texts: Vec<_> = causes.iter().map(|cause| cause.to_string()).collect();
        assert_eq!(texts, ["outer", "inner 7"]);
    }
}
