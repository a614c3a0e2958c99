//! Git over HTTP and HTTPS.
//!
//! Of our own, because three things matter here that the stock transport does not give: what the server said beside
//! its status (`Retry-After`), connections that are kept between polls, and credentials that never follow a redirect.

use std::fmt;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fleet_core::secret::Secret;
use gix::protocol::transport::Protocol;
use gix::protocol::transport::client::blocking_io::http;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, LOCATION, USER_AGENT};
use url::Url;

use super::Connection;
use crate::budget::{Budget, Stop};
use crate::guard::{Resolver, is_forbidden_host};
use crate::http::{by_proxy, deepest, retry_after};
use crate::source::Remote;
use crate::{Error, Options};

/// How many redirects are followed; each is one more request.
const MAX_REDIRECTS: usize = 5;

/// How many connections to one server are kept between conversations.
const MAX_KEPT: usize = 2;

/// What HTTP itself says instead of an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("HTTP status {status}")]
    Status {
        status: u16,
        retry_after: Option<Duration>,
    },
    #[error("it redirects {0}")]
    Redirect(&'static str),
    #[error("it redirects to something that is no Git repository, often a page to log in")]
    Login,
    /// There was no connection in time, that of TLS included.
    #[error("no connection within {0:?}")]
    NoConnection(Duration),
    #[error("the request failed")]
    Request(#[source] reqwest::Error),
}

/// Kept connections to servers, for one set of credentials.
#[derive(Clone)]
pub(crate) struct Client {
    own: reqwest::Client,
    /// For other hosts that a server redirects to: the same trust, no client certificate.
    foreign: reqwest::Client,
    runtime: tokio::runtime::Handle,
}

impl Client {
    /// The one for requests to `url` that are no Git: with the client certificate only where that belongs.
    pub(crate) fn plain(&self, remote: &Remote, url: &Url) -> reqwest::Client {
        match remote.location() {
            crate::Location::Http(own) if own.origin() == url.origin() => self.own.clone(),
            _ => self.foreign.clone(),
        }
    }

    /// Builds the clients for `remote`.
    pub(crate) fn new(
        remote: &Remote,
        options: &Options,
        runtime: tokio::runtime::Handle,
    ) -> Result<Self, Error> {
        let own = builder(remote, options, true)?;
        let foreign = builder(remote, options, false)?;
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| Error::Credential {
                name: remote.to_string(),
                why: format!("the certificates do not fit together: {}", deepest(&error)),
            })
        };
        Ok(Self {
            own: build(own)?,
            foreign: build(foreign)?,
            runtime,
        })
    }
}

fn builder(remote: &Remote, options: &Options, own: bool) -> Result<reqwest::ClientBuilder, Error> {
    let credentials = remote.credentials();
    let refuse = |why: String| Error::Credential {
        name: remote.to_string(),
        why,
    };
    let mut builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(options.limits.connect_timeout)
        .pool_idle_timeout(Duration::from_secs(60))
        .pool_max_idle_per_host(MAX_KEPT)
        .http1_only()
        .dns_resolver(Resolver)
        .no_proxy();
    let mut authorities = Vec::new();
    for pem in [
        credentials.certificate_authorities.as_deref(),
        remote.ca_bundle(),
    ]
    .into_iter()
    .flatten()
    {
        let found = reqwest::Certificate::from_pem_bundle(pem.as_bytes());
        let found =
            found.map_err(|error| refuse(format!("`cacerts` is not PEM: {}", deepest(&error))))?;
        if found.is_empty() {
            return Err(refuse("`cacerts` holds no certificate".to_owned()));
        }
        authorities.extend(found);
    }
    if !authorities.is_empty() {
        builder = builder.tls_certs_only(authorities);
    }
    if let (true, Some(certificate), Some(key)) = (
        own,
        &credentials.client_certificate,
        &credentials.client_key,
    ) {
        let pem = format!("{certificate}\n{}", key.reveal());
        let identity = reqwest::Identity::from_pem(pem.as_bytes());
        let identity = identity.map_err(|_| {
            refuse("`tls.crt` and `tls.key` are not a PEM certificate and key".to_owned())
        })?;
        builder = builder.identity(identity);
    }
    if remote.insecure_skip_tls_verify() {
        builder = builder.tls_danger_accept_invalid_certs(true);
    }
    by_proxy(builder, options)
        .ok_or_else(|| refuse("the proxy's URL is not well-formed".to_owned()))
}

pub(super) fn open<'a>(
    remote: &Remote,
    url: &Url,
    client: Client,
    budget: &'a Budget<'a>,
) -> Result<Connection<'a>, Error> {
    let authorization = remote
        .credentials()
        .authorization(url, budget.interrupt())?;
    if authorization.is_some() && url.scheme() == "http" && !remote.insecure_skip_tls_verify() {
        return Err(Error::Url {
            url: remote.to_string(),
            why: "the credential would cross the network in clear text; use https, or set `insecureSkipTLSVerify`",
        });
    }
    let session = Session {
        client,
        authorization,
        origin: url.clone(),
        redirected: None,
        budget,
    };
    let parsed = gix::url::parse(url.as_str()).map_err(|_| Error::Url {
        url: remote.to_string(),
        why: "it is not well-formed",
    })?;
    let transport = http::Transport::new_http(session, parsed, Protocol::V2, false);
    Ok(Connection {
        transport: Box::new(transport),
        complaints: None,
    })
}

/// The requests of one conversation.
struct Session<'a> {
    client: Client,
    authorization: Option<Secret<String>>,
    /// The URL that the credentials belong to.
    origin: Url,
    /// The URL of the repository after redirects.
    redirected: Option<String>,
    budget: &'a Budget<'a>,
}

impl<'a> Session<'a> {
    /// The client and headers for `url`: with credentials only where they belong.
    fn prepare(
        &self,
        url: &Url,
        lines: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> (reqwest::Client, HeaderMap) {
        let mut headers = HeaderMap::new();
        for line in lines {
            let Some((name, value)) = line.as_ref().split_once(':') else {
                continue;
            };
            let parsed = (
                HeaderName::try_from(name),
                HeaderValue::try_from(value.trim()),
            );
            if let (Ok(name), Ok(value)) = parsed {
                headers.insert(name, value);
            }
        }
        headers.insert(
            USER_AGENT,
            HeaderValue::from_static(crate::wire::USER_AGENT),
        );
        if url.origin() != self.origin.origin() {
            return (self.client.foreign.clone(), headers);
        }
        let authorization = self
            .authorization
            .as_ref()
            .and_then(|text| HeaderValue::try_from(text.reveal()).ok());
        if let Some(mut authorization) = authorization {
            authorization.set_sensitive(true);
            headers.insert(AUTHORIZATION, authorization);
        }
        (self.client.own.clone(), headers)
    }

    fn send(&self, request: reqwest::RequestBuilder) -> Result<reqwest::Response, HttpOrStop> {
        let sent = wait(&self.client.runtime, self.budget, request.send())?;
        self.budget.touch();
        sent.map_err(|error| match error.is_timeout() {
            // Nothing else of a request has a time of its own; the budget has.
            true => HttpError::NoConnection(self.budget.connect_timeout).into(),
            false => HttpError::Request(error.without_url()).into(),
        })
    }
}

enum HttpOrStop {
    Http(HttpError),
    Stop(Stop),
}

impl From<HttpError> for HttpOrStop {
    fn from(error: HttpError) -> Self {
        Self::Http(error)
    }
}

impl From<Stop> for HttpOrStop {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

impl From<HttpOrStop> for io::Error {
    fn from(error: HttpOrStop) -> Self {
        match error {
            HttpOrStop::Http(error) => Self::other(error),
            HttpOrStop::Stop(stop) => stop.into(),
        }
    }
}

impl From<HttpOrStop> for gix::Error {
    fn from(error: HttpOrStop) -> Self {
        match error {
            HttpOrStop::Http(error) => Self::from_error(error),
            HttpOrStop::Stop(stop) => Self::from_error(stop),
        }
    }
}

impl<'a> http::Http for Session<'a> {
    type Headers = io::BufReader<Part<'a>>;
    type ResponseBody = io::BufReader<Part<'a>>;
    type PostBody = RequestBody<'a>;

    fn get(
        &mut self,
        url: &str,
        base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
    ) -> gix::Result<http::GetResponse<Self::Headers, Self::ResponseBody>> {
        let lines: Vec<String> = headers
            .into_iter()
            .map(|line| line.as_ref().to_owned())
            .collect();
        let tail = url.strip_prefix(base_url).unwrap_or_default();
        let mut url = Url::parse(url).map_err(gix::Error::from_error)?;
        for _ in 0..=MAX_REDIRECTS {
            let (client, headers) = self.prepare(&url, &lines);
            let mut n_attempts = 1;
            let response = loop {
                match self.send(client.get(url.clone()).headers(headers.clone())) {
                    // A kept connection that the server has closed meanwhile says nothing about the server now.
                    Err(HttpOrStop::Http(HttpError::Request(error)))
                        if n_attempts <= MAX_KEPT && ended_early(&error) =>
                    {
                        n_attempts += 1;
                    }
                    sent => break sent.map_err(gix::Error::from)?,
                }
            };
            if response.status().is_redirection() {
                url = redirect(&url, tail, response.headers()).map_err(gix::Error::from_error)?;
                self.redirected = url.as_str().strip_suffix(tail).map(str::to_owned);
                continue;
            }
            let response = checked(response).map_err(gix::Error::from_error)?;
            let exchange = Exchange::answered(self.client.runtime.clone(), self.budget, response);
            let (headers, body) = Part::both(exchange);
            return Ok(http::GetResponse { headers, body });
        }
        Err(gix::Error::from_error(HttpError::Redirect("too often")))
    }

    fn post(
        &mut self,
        url: &str,
        _base_url: &str,
        headers: impl IntoIterator<Item = impl AsRef<str>>,
        _kind: http::PostBodyDataKind,
    ) -> gix::Result<http::PostResponse<Self::Headers, Self::ResponseBody, Self::PostBody>> {
        let url = Url::parse(url).map_err(gix::Error::from_error)?;
        let (client, headers) = self.prepare(&url, headers);
        let request = client.post(url).headers(headers);
        let exchange = Exchange::pending(self.client.runtime.clone(), self.budget, request);
        let post_body = RequestBody(exchange.clone());
        let (headers, body) = Part::both(exchange);
        Ok(http::PostResponse {
            post_body,
            headers,
            body,
        })
    }

    fn configure(&mut self, _config: &dyn std::any::Any) -> gix::Result<()> {
        Ok(())
    }

    fn redirected_base_url(&self) -> Option<String> {
        self.redirected.clone()
    }
}

/// Whether the connection ended before there was any answer.
fn ended_early(error: &reqwest::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    // Of a request that was sent in vain, and of one that was not sent because it was too late.
    let ends = [
        "connection closed before message completed",
        "connection was not ready",
        "connection closed",
    ];
    let causes =
        std::iter::successors(Some(error as &(dyn std::error::Error + 'static)), |cause| {
            cause.source()
        });
    !error.is_connect()
        && causes.into_iter().any(|cause| {
            let error = cause.downcast_ref::<io::Error>();
            error.is_some_and(|error| {
                matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
            }) || ends.contains(&cause.to_string().as_str())
        })
}

/// Where a redirect leads, if it may be followed: to the same service of a repository, and never from HTTPS to HTTP.
fn redirect(from: &Url, tail: &str, headers: &HeaderMap) -> Result<Url, HttpError> {
    let location = headers
        .get(LOCATION)
        .and_then(|location| location.to_str().ok());
    let to = location
        .and_then(|location| from.join(location).ok())
        .ok_or(HttpError::Redirect("to nowhere"))?;
    if !matches!(
        (from.scheme(), to.scheme()),
        ("http", "http" | "https") | ("https", "https")
    ) {
        return Err(HttpError::Redirect("to a place that is less safe"));
    }
    if is_forbidden_host(&to) {
        return Err(HttpError::Redirect(
            "to an address that is link-local, where machines keep their metadata",
        ));
    }
    if !to.username().is_empty() || to.password().is_some() {
        return Err(HttpError::Redirect("to a URL with a credential"));
    }
    if tail.is_empty() || !to.as_str().ends_with(tail) {
        return Err(HttpError::Login);
    }
    Ok(to)
}

fn checked(response: reqwest::Response) -> Result<reqwest::Response, HttpError> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    Err(HttpError::Status {
        status: status.as_u16(),
        retry_after: retry_after(response.headers()),
    })
}

/// Waits for a future within the budget, looking at it every 100 ms.
fn wait<F: Future>(
    runtime: &tokio::runtime::Handle,
    budget: &Budget<'_>,
    future: F,
) -> Result<F::Output, Stop> {
    runtime.block_on(async {
        let mut future = std::pin::pin!(future);
        loop {
            budget.check()?;
            let step = Duration::from_millis(100).min(budget.remaining());
            if let Ok(output) = tokio::time::timeout(step, &mut future).await {
                return Ok(output);
            }
        }
    })
}

type Shared<'a> = Arc<Mutex<Exchange<'a>>>;

/// A request that is sent when its answer is first read, and that answer.
struct Exchange<'a> {
    runtime: tokio::runtime::Handle,
    budget: &'a Budget<'a>,
    request: Option<reqwest::RequestBuilder>,
    request_body: Vec<u8>,
    response: Option<reqwest::Response>,
    headers: io::Cursor<Vec<u8>>,
    chunk: io::Cursor<Vec<u8>>,
}

impl<'a> Exchange<'a> {
    fn pending(
        runtime: tokio::runtime::Handle,
        budget: &'a Budget<'a>,
        request: reqwest::RequestBuilder,
    ) -> Shared<'a> {
        Arc::new(Mutex::new(Self {
            runtime,
            budget,
            request: Some(request),
            request_body: Vec::new(),
            response: None,
            headers: io::Cursor::default(),
            chunk: io::Cursor::default(),
        }))
    }

    fn answered(
        runtime: tokio::runtime::Handle,
        budget: &'a Budget<'a>,
        response: reqwest::Response,
    ) -> Shared<'a> {
        Arc::new(Mutex::new(Self {
            runtime,
            budget,
            request: None,
            request_body: Vec::new(),
            headers: lines(response.headers()),
            response: Some(response),
            chunk: io::Cursor::default(),
        }))
    }

    fn send(&mut self) -> io::Result<()> {
        let Some(request) = self.request.take() else {
            return Ok(());
        };
        let request = request.body(std::mem::take(&mut self.request_body));
        let response = wait(&self.runtime, self.budget, request.send())?;
        let response =
            response.map_err(|error| io::Error::other(HttpError::Request(error.without_url())))?;
        self.budget.touch();
        if response.status().is_redirection() {
            return Err(io::Error::other(HttpError::Redirect(
                "in the middle of a conversation",
            )));
        }
        let response = checked(response).map_err(io::Error::other)?;
        self.headers = lines(response.headers());
        self.response = Some(response);
        Ok(())
    }

    fn read_body(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.chunk.position() == self.chunk.get_ref().len() as u64 {
            let Some(response) = &mut self.response else {
                return Ok(0);
            };
            match wait(&self.runtime, self.budget, response.chunk())? {
                Ok(Some(chunk)) => {
                    self.budget.received(chunk.len());
                    self.chunk = io::Cursor::new(chunk.into());
                }
                Ok(None) => self.response = None,
                Err(error) => {
                    return Err(io::Error::other(HttpError::Request(error.without_url())));
                }
            }
        }
        self.chunk.read(buffer)
    }
}

fn lines(headers: &HeaderMap) -> io::Cursor<Vec<u8>> {
    let mut text = Vec::new();
    for (name, value) in headers {
        text.extend([name.as_str().as_bytes(), b":", value.as_bytes(), b"\n"].concat());
    }
    io::Cursor::new(text)
}

fn lock<'e, 'a>(exchange: &'e Shared<'a>) -> MutexGuard<'e, Exchange<'a>> {
    exchange.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The headers of an answer, one a line, or its body.
pub(super) struct Part<'a> {
    exchange: Shared<'a>,
    of_body: bool,
}

impl<'a> Part<'a> {
    fn both(exchange: Shared<'a>) -> (io::BufReader<Self>, io::BufReader<Self>) {
        let part = |of_body| {
            io::BufReader::new(Self {
                exchange: exchange.clone(),
                of_body,
            })
        };
        (part(false), part(true))
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut exchange = lock(&self.exchange);
        exchange.send()?;
        if self.of_body {
            exchange.read_body(buffer)
        } else {
            exchange.headers.read(buffer)
        }
    }
}

/// The body of a request, kept until the answer is read.
pub(super) struct RequestBody<'a>(Shared<'a>);

impl Write for RequestBody<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.0).request_body.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}
