//! Requests over HTTP: bounded, to allowed addresses, with a credential only where it belongs.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use fleet_core::digest::Digest;
use fleet_core::secret::Secret;
use fleet_source::guard::{Forbidden, Resolver};
use fleet_source::http::{by_proxy, deepest, retry_after};
use reqwest::StatusCode;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue, LOCATION, USER_AGENT};
use url::Url;

use crate::access::{Access, Credential};
use crate::error::shown;
use crate::guard;
use crate::{Error, Options};

/// What we call ourselves.
const AGENT: HeaderValue = HeaderValue::from_static(concat!("fleet/", env!("CARGO_PKG_VERSION")));

/// Kept connections, for each set of trusted authorities.
#[derive(Debug, Default)]
pub(crate) struct Clients(Mutex<HashMap<Digest, reqwest::Client>>);

/// What is needed to ask servers on behalf of one GitRepo.
pub(crate) struct Web<'a> {
    pub(crate) options: &'a Options,
    pub(crate) access: &'a Access,
    client: reqwest::Client,
}

/// What is asked for.
pub(crate) struct Ask<'a> {
    pub(crate) url: &'a Url,
    pub(crate) accept: &'static str,
    /// The `Authorization` header; it goes to the origin of the URL and nowhere else.
    pub(crate) authorization: Option<Secret<String>>,
    pub(crate) max_bytes: u64,
    /// What it is, for the message when it is too large.
    pub(crate) what: &'static str,
}

impl<'a> Web<'a> {
    pub(crate) fn new(
        clients: &Clients,
        options: &'a Options,
        access: &'a Access,
    ) -> Result<Self, Error> {
        let trust = access.helm.as_ref();
        let authorities = trust.and_then(|credential| credential.authorities.as_deref());
        let insecure = trust.is_some_and(|credential| credential.insecure_skip_tls_verify);
        let mut key = vec![u8::from(insecure)];
        key.extend(authorities.unwrap_or_default().as_bytes());
        let key = Digest::of(&key);
        let mut clients = clients.0.lock().unwrap_or_else(PoisonError::into_inner);
        let client = match clients.get(&key) {
            Some(client) => client.clone(),
            None => {
                let client = build(options, authorities, insecure)?;
                clients.insert(key, client.clone());
                client
            }
        };
        Ok(Self {
            options,
            access,
            client,
        })
    }

    /// The content behind a URL.
    pub(crate) async fn get(&self, ask: Ask<'_>) -> Result<Vec<u8>, Error> {
        let sent = ask.authorization.is_some();
        let (url, max_bytes, what) = (ask.url.clone(), ask.max_bytes, ask.what);
        let response = self.send(ask).await?;
        read(ok(response, &url, sent)?, &url, max_bytes, what).await
    }

    /// The answer to a request after redirects, whatever its status.
    pub(crate) async fn send(&self, ask: Ask<'_>) -> Result<reqwest::Response, Error> {
        let origin = ask.url.origin();
        let mut authorization = ask.authorization.filter(|_| ask.url.scheme() == "https");
        let mut url = ask.url.clone();
        for _ in 0..=self.options.limits.max_redirects {
            guard::check(&url, self.options)?;
            if url.origin() != origin {
                // Once away, a redirect back does not bring it back either.
                authorization = None;
            }
            let mut headers = HeaderMap::new();
            headers.insert(USER_AGENT, AGENT);
            headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
            let value = authorization
                .as_ref()
                .map(|text| HeaderValue::try_from(text.reveal()));
            if let Some(Ok(mut value)) = value {
                value.set_sensitive(true);
                headers.insert(AUTHORIZATION, value);
            }
            let sent = self.client.get(url.clone()).headers(headers).send().await;
            let response = sent.map_err(|error| self.failed(&url, error))?;
            if !response.status().is_redirection() {
                return Ok(response);
            }
            url = redirect(&url, response.headers())?;
        }
        Err(Error::malformed(&url, "it redirects too often"))
    }

    fn failed(&self, url: &Url, error: reqwest::Error) -> Error {
        failed(url, error, self.options.limits.idle_timeout)
    }

    /// User and password for a server, as a header.
    pub(crate) fn basic(credential: &Credential, host: &str) -> Option<Secret<String>> {
        let (username, password) = credential.login(host)?;
        let pair = format!("{username}:{}", password.reveal());
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
        Some(Secret::new(format!("Basic {encoded}")))
    }

    /// The header for a URL that belongs to `owner`: a URL that gets the credential itself, or lies on the same server
    /// as one that does.
    pub(crate) fn authorization(&self, owner: &Url, url: &Url) -> Option<Secret<String>> {
        let owned = owner.origin() == url.origin();
        let credential = self
            .access
            .for_url(url.as_str())
            .or_else(|| self.access.for_url(owner.as_str()).filter(|_| owned))?;
        Self::basic(credential, &host_and_port(url))
    }
}

/// `host`, or `host:port` where the port is not the usual one.
pub(crate) fn host_and_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port()
        .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn build(
    options: &Options,
    authorities: Option<&str>,
    insecure: bool,
) -> Result<reqwest::Client, Error> {
    let limits = &options.limits;
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(limits.connect_timeout)
        .read_timeout(limits.idle_timeout)
        .pool_idle_timeout(Duration::from_secs(30))
        .dns_resolver(Resolver)
        .no_proxy();
    if let Some(pem) = authorities {
        let found = reqwest::Certificate::from_pem_bundle(pem.as_bytes());
        let found = found.ok().filter(|found| !found.is_empty());
        let found = found.ok_or_else(|| {
            Error::Refused("cannot use `cacerts`: it holds no certificate in PEM".to_owned())
        })?;
        builder = builder.tls_certs_merge(found);
    }
    if insecure {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    by_proxy(builder, &options.git)
        .ok_or_else(|| Error::Refused("the proxy's URL is not well-formed".to_owned()))?
        .build()
        .map_err(|error| Error::Refused(format!("cannot speak HTTP: {}", deepest(&error))))
}

/// The answer, if it is a good one.
pub(crate) fn ok(
    response: reqwest::Response,
    url: &Url,
    sent: bool,
) -> Result<reqwest::Response, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let (url, status_number) = (shown(url), status.as_u16());
    Err(match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Error::Unauthorized {
            url,
            status: status_number,
            hint: if sent {
                "the credential of `helmSecretName` was sent"
            } else {
                "no credential was sent: see `helmSecretName` and `helmRepoURLRegex`"
            },
        },
        StatusCode::NOT_FOUND | StatusCode::GONE => Error::NotFound {
            url,
            status: status_number,
        },
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Error::Busy {
            url,
            status: status_number,
            retry_after: retry_after(response.headers()),
        },
        _ => Error::Status {
            url,
            status: status_number,
        },
    })
}

/// The body of an answer, at most so large.
pub(crate) async fn read(
    mut response: reqwest::Response,
    url: &Url,
    max_bytes: u64,
    what: &'static str,
) -> Result<Vec<u8>, Error> {
    let too_large = || Error::TooLarge {
        url: shown(url),
        what,
        limit: max_bytes,
    };
    if response
        .content_length()
        .is_some_and(|length| length > max_bytes)
    {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    loop {
        let chunk = response.chunk().await;
        let Some(chunk) = chunk.map_err(|error| failed(url, error, Duration::ZERO))? else {
            return Ok(bytes);
        };
        if (bytes.len() + chunk.len()) as u64 > max_bytes {
            return Err(too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
}

/// Where a redirect leads, if it may be followed: never from HTTPS to HTTP.
fn redirect(from: &Url, headers: &HeaderMap) -> Result<Url, Error> {
    let location = headers
        .get(LOCATION)
        .and_then(|location| location.to_str().ok());
    let to = location
        .and_then(|location| from.join(location).ok())
        .ok_or_else(|| Error::malformed(from, "it redirects to nowhere"))?;
    if from.scheme() == "https" && to.scheme() != "https" {
        return Err(Error::Refused(format!(
            "cannot fetch `{}`: it redirects to a place that is less safe",
            shown(from)
        )));
    }
    Ok(to)
}

fn failed(url: &Url, error: reqwest::Error, limit: Duration) -> Error {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(at) = cause {
        if at.is::<Forbidden>() {
            return Error::Refused(format!("cannot fetch `{}`: {Forbidden}", shown(url)));
        }
        cause = at.source();
    }
    if error.is_timeout() && !limit.is_zero() {
        return Error::TimedOut {
            url: shown(url),
            limit,
        };
    }
    Error::Unreachable {
        url: shown(url),
        why: deepest(&error.without_url()),
    }
}
