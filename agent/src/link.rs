//! The link to the host: the agent dials, proves who it is, listens and reports.
//!
//! `docs/wire.md` has the routes. Nothing here decides anything: what arrives becomes an event for the
//! machine of `fleet-agent-plan`, and what the machine wants to send is sent.

mod backoff;
mod body;
mod identity;
mod stream;
mod tls;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fleet_agent_plan::machine::Event;
use fleet_core::bundle::{self, Bundle};
use fleet_core::digest::Digest;
use fleet_core::secret::Secret;
use fleet_core::wire::{AgentInfo, Desired, EnrolRequest, EnrolResponse, Report};
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, ETAG};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::state::{self, Disk};
pub(crate) use backoff::Backoff;
use fleet_core::error::chain;
pub use identity::Identity;
use identity::Key;
use tls::Trust;

/// How long a short request may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long to wait where only a person can help: the token is not good, or the cluster not registered.
const REFUSED_WAIT: Duration = Duration::from_secs(60);
/// The most bytes of a desired state: 100,000 deployments at 600 bytes.
const MAX_DESIRED: usize = 64 << 20;
/// The most bytes of a report on the wire and before compression; the host refuses more.
const MAX_REPORT: usize = 4 << 20;
const MAX_REPORT_PLAIN: usize = 16 << 20;

/// How to reach the host.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its address, `https://…`.
    pub host: Url,
    /// Registration token, for the first contact.
    pub token: Option<Secret<String>>,
    /// Digest of the certificate (DER) of the host's authority, for the first contact.
    pub ca_pin: Option<Digest>,
    /// Labels that the cluster asks for at the first contact.
    pub labels: BTreeMap<String, String>,
    /// The longest wait before the host is dialled again.
    pub reconnect_most: Duration,
}

/// What went wrong between agent and host.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The request could not be sent, or its answer not be read.
    #[error("could not reach the host")]
    Request(#[source] reqwest::Error),
    /// The host did not answer in time.
    #[error("the host did not answer within {0:?}")]
    TimedOut(Duration),
    /// The host said no.
    #[error("the host refused with {status}: {message}")]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// What the host says, advice included.
        message: String,
        /// When to ask again.
        retry_after: Option<Duration>,
    },
    /// The answer is larger than anything the host should send.
    #[error("the host's answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The answer is not what was asked for.
    #[error("the host's answer to `{0}` makes no sense")]
    Nonsense(
        &'static str,
        #[source] Box<dyn std::error::Error + Send + Sync>,
    ),
    /// What came has another digest than it should have.
    #[error("digest mismatch: wanted {wanted}, got {got}")]
    DigestMismatch {
        /// What was announced.
        wanted: String,
        /// What came.
        got: Digest,
    },
    /// The blob is not the bundle.
    #[error("could not use the bundle")]
    Bundle(#[from] bundle::Error),
    /// The first contact needs a pin.
    #[error("cannot enrol: `--ca-pin sha256:…` is missing, and this agent has not enrolled before")]
    NoPin,
    /// The agent has not enrolled yet.
    #[error("not enrolled yet")]
    NotEnrolled,
    /// The certificate or the key is unusable.
    #[error("could not use the identity")]
    Identity(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The identity could not be kept.
    #[error("could not keep the identity")]
    State(#[from] state::Error),
}

impl From<rustls::Error> for Error {
    fn from(error: rustls::Error) -> Self {
        Self::Identity(error.into())
    }
}

impl From<rustls::pki_types::pem::Error> for Error {
    fn from(error: rustls::pki_types::pem::Error) -> Self {
        Self::Identity(error.to_string().into())
    }
}

impl From<rcgen::Error> for Error {
    fn from(error: rcgen::Error) -> Self {
        Self::Identity(error.into())
    }
}

impl Error {
    /// When to ask again, if the host has said so or only a person can help.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { retry_after, .. } => {
                retry_after.or_else(|| self.is_refusal().then_some(REFUSED_WAIT))
            }
            Self::NoPin => Some(REFUSED_WAIT),
            _ => None,
        }
    }

    /// Whether the host does not take the agent for one of its own.
    fn is_refusal(&self) -> bool {
        let refusals = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        matches!(self, Self::Refused { status, .. } if refusals.contains(status))
    }

    /// Whether somebody answered whose certificate is from none of the trusted authorities.
    fn is_stranger(&self) -> bool {
        let Self::Request(error) = self else {
            return false;
        };
        let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
        while let Some(error) = source {
            if let Some(rustls::Error::InvalidCertificate(_)) = error.downcast_ref() {
                return true;
            }
            // An I/O error shows what is below the error that it wraps, not that error itself.
            let wrapped = error
                .downcast_ref::<std::io::Error>()
                .and_then(std::io::Error::get_ref);
            source = match wrapped {
                Some(wrapped) => Some(wrapped),
                None => error.source(),
            };
        }
        false
    }

    /// Whether the host does not know (any more) what was asked for.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status, .. } if *status == StatusCode::NOT_FOUND)
    }
}

/// The agent's end of the link; cheap to clone.
#[derive(Clone)]
pub struct Link {
    inner: Arc<Inner>,
}

struct Inner {
    settings: Settings,
    disk: Arc<Disk>,
    key: Key,
    /// The newest identity and a client that shows it; none before the first enrolment.
    session: watch::Sender<Option<Session>>,
    facts: Mutex<Facts>,
}

#[derive(Clone)]
struct Session {
    client: Client,
    identity: Identity,
}

/// What the host is told when the link is opened.
#[derive(Clone, Default)]
struct Facts {
    about: AgentInfo,
    desired: Option<Digest>,
}

impl Link {
    /// A link with the identity that `disk` holds; makes a key if there is none yet. Dials nobody.
    ///
    /// An identity that cannot be used is as good as none.
    ///
    /// # Errors
    /// If the key cannot be made or kept.
    pub fn open(settings: Settings, disk: Arc<Disk>) -> Result<Self, Error> {
        let key = Key::load_or_make(&disk)?;
        let session = Identity::load(&disk, &key).and_then(|identity| {
            Session::new(identity)
                .inspect_err(|error| {
                    tracing::error!(
                        error = chain(error),
                        "the identity is unusable; enrol again"
                    );
                })
                .ok()
        });
        let inner = Inner {
            settings,
            disk,
            key,
            session: watch::Sender::new(session),
            facts: Mutex::default(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Notes what is known of the cluster, for the next enrolment.
    pub fn set_about(&self, about: AgentInfo) {
        self.with_facts(|facts| facts.about = about);
    }

    /// Notes which desired state the agent has, so that the host does not announce it again.
    pub fn set_desired(&self, digest: Digest) {
        self.with_facts(|facts| facts.desired = Some(digest));
    }

    /// Enrols if the agent has not enrolled before, and gives its identity.
    ///
    /// # Errors
    /// If the host cannot be reached or does not take the agent.
    pub async fn enrol(&self) -> Result<Identity, Error> {
        Ok(self.session().await?.identity)
    }

    /// Asks for the desired state and verifies its digest.
    ///
    /// # Errors
    /// If the host does not answer, or with something else.
    pub async fn desired(&self) -> Result<Desired, Error> {
        let response = within(PATIENCE, self.get("v1/desired")?.send()).await?;
        let response = accepted(response).await?;
        let wanted = response.headers().get(ETAG).cloned();
        let bytes = within(PATIENCE, body::read(response, MAX_DESIRED)).await?;
        let got = Digest::of(&bytes);
        if let Some(wanted) = wanted
            && wanted.as_bytes() != format!("\"{got}\"").as_bytes()
        {
            let wanted = String::from_utf8_lossy(wanted.as_bytes()).into_owned();
            return Err(Error::DigestMismatch { wanted, got });
        }
        serde_json::from_slice(&bytes).map_err(|error| Error::Nonsense("desired", error.into()))
    }

    /// Asks for a bundle, bounds and verifies it.
    ///
    /// # Errors
    /// If the host does not answer, or with something else.
    pub async fn bundle(&self, digest: Digest) -> Result<Bundle, Error> {
        body::bundle(digest, || self.get(&format!("v1/blobs/{digest}"))).await
    }

    /// Hands a report to the host.
    ///
    /// # Errors
    /// If the host does not take it.
    pub async fn report(&self, report: &Report) -> Result<(), Error> {
        let body = encode_report(report)?;
        let request = self
            .request(Method::POST, "v1/reports")?
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_ENCODING, "zstd")
            .body(body);
        accepted(within(PATIENCE, request.send()).await?).await?;
        Ok(())
    }

    /// Keeps the link open until `stop`: enrols, renews the certificate, listens, and dials again for ever.
    pub async fn run(self, stop: CancellationToken, events: mpsc::Sender<Event>) {
        stop.run_until_cancelled(self.keep_open(&events)).await;
    }

    async fn keep_open(&self, events: &mpsc::Sender<Event>) {
        let mut backoff = Backoff::new(self.inner.settings.reconnect_most);
        let mut way = stream::Way::Stream;
        let mut tried_token = false;
        loop {
            let ended = match self.session().await {
                Err(error) => stream::Ended::failed(error),
                Ok(session) => {
                    let renew_in = session.identity.renew_in();
                    let follow = stream::follow(self, &session.client, way, events);
                    match tokio::time::timeout(renew_in, follow).await {
                        Ok(ended) => ended,
                        Err(_) => {
                            self.renew(&session).await;
                            stream::Ended::on_purpose()
                        }
                    }
                }
            };
            if ended.was_open {
                backoff.reset();
                tried_token = false;
            }
            if events.send(Event::Disconnected).await.is_err() {
                return;
            }
            way = ended.next_way.unwrap_or(way);
            // A host that was set up anew has another authority, which the new join command pins.
            let is_new = |error: &Error| error.is_refusal() || error.is_stranger();
            let is_refused = ended.error.as_ref().is_some_and(is_new);
            let may_enrol = is_refused && !std::mem::replace(&mut tried_token, true);
            let wait = match &ended.error {
                None if ended.on_purpose => Duration::ZERO,
                Some(_) if may_enrol && self.enrol_anew().await => Duration::ZERO,
                None => backoff.next(),
                Some(error) => {
                    let wait = error.retry_after().unwrap_or_else(|| backoff.next());
                    tracing::warn!(error = chain(error), retry_in = ?wait, "no link to the host");
                    wait
                }
            };
            tokio::time::sleep(wait).await;
        }
    }

    /// A session with a certificate that has not ended: the one at hand, or a new one.
    async fn session(&self) -> Result<Session, Error> {
        let known = self.inner.session.borrow().clone();
        match known {
            Some(session) if !session.identity.has_expired() => Ok(session),
            known => self.first_contact(known.as_ref()).await,
        }
    }

    /// Enrols without a certificate: with a token, or with a key that the host knows already.
    async fn first_contact(&self, known: Option<&Session>) -> Result<Session, Error> {
        let authorities = known.map(|known| known.identity.authorities().to_owned());
        let pin = self.inner.settings.ca_pin.map(Trust::Pin);
        // What the host once gave is newer than the join command; a host that was set up anew has neither.
        let mut last = Error::NoPin;
        for trust in authorities.map(Trust::Authorities).into_iter().chain(pin) {
            let client = tls::client(&trust, None)?;
            let mut request = client.post(self.url("v1/enrol")?);
            if let Some(token) = &self.inner.settings.token {
                request = request.bearer_auth(token.reveal());
            }
            match self.certify(request).await {
                Ok(session) => {
                    let cluster = session.identity.cluster();
                    tracing::info!(%cluster, host = %self.inner.settings.host, "enrolled");
                    return Ok(session);
                }
                Err(error @ Error::Request(_)) => last = error,
                Err(error) => return Err(error),
            }
        }
        Err(last)
    }

    /// A host that no longer knows the agent may know its token: an operator has registered the cluster anew.
    async fn enrol_anew(&self) -> bool {
        if self.inner.settings.token.is_none() {
            return false;
        }
        let known = self.inner.session.borrow().clone();
        let enrolled = self.first_contact(known.as_ref()).await;
        if let Err(error) = &enrolled {
            tracing::warn!(error = chain(error), "could not enrol anew");
        }
        enrolled.is_ok()
    }

    /// Asks for a new certificate over the old one. A failure is no harm yet: a third of its life is left.
    async fn renew(&self, session: &Session) {
        let renewed = match self.url("v1/renew") {
            Ok(url) => self.certify(session.client.post(url)).await,
            Err(error) => Err(error),
        };
        match renewed {
            Ok(session) => {
                tracing::info!(cluster = %session.identity.cluster(), "certificate renewed");
            }
            Err(error) => {
                tracing::warn!(error = chain(&error), "could not renew the certificate");
                let postponed = Session {
                    identity: session.identity.postponed(REFUSED_WAIT),
                    ..session.clone()
                };
                self.inner.session.send_replace(Some(postponed));
            }
        }
    }

    /// Sends a request for a certificate and keeps the answer.
    async fn certify(&self, request: RequestBuilder) -> Result<Session, Error> {
        let body = EnrolRequest {
            csr: self.inner.key.request()?,
            labels: self.inner.settings.labels.clone(),
            about: self.with_facts(|facts| facts.about.clone()),
        };
        let response = within(PATIENCE, request.json(&body).send()).await?;
        let response = accepted(response).await?;
        let bytes = within(PATIENCE, body::read(response, 1 << 20)).await?;
        let response: EnrolResponse = serde_json::from_slice(&bytes)
            .map_err(|error| Error::Nonsense("enrol", error.into()))?;
        let identity = Identity::save(&self.inner.disk, &self.inner.key, response)?;
        let session = Session::new(identity)?;
        self.inner.session.send_replace(Some(session.clone()));
        Ok(session)
    }

    fn with_facts<T>(&self, read: impl FnOnce(&mut Facts) -> T) -> T {
        let facts = self.inner.facts.lock();
        read(&mut facts.unwrap_or_else(PoisonError::into_inner))
    }

    fn url(&self, route: &str) -> Result<Url, Error> {
        let host = &self.inner.settings.host;
        host.join(route)
            .map_err(|error| Error::Nonsense("url", error.into()))
    }

    fn get(&self, route: &str) -> Result<RequestBuilder, Error> {
        self.request(Method::GET, route)
    }

    fn request(&self, method: Method, route: &str) -> Result<RequestBuilder, Error> {
        let session = self.inner.session.borrow();
        let client = &session.as_ref().ok_or(Error::NotEnrolled)?.client;
        Ok(client.request(method, self.url(route)?))
    }
}

impl Session {
    fn new(identity: Identity) -> Result<Self, Error> {
        let trust = Trust::Authorities(identity.authorities().to_owned());
        // A certificate that has ended would only fail the handshake.
        let shown = Some(&identity).filter(|identity| !identity.has_expired());
        Ok(Self {
            client: tls::client(&trust, shown)?,
            identity,
        })
    }
}

/// Waits for an answer, but not longer than `patience`.
async fn within<T, E: Into<Error>>(
    patience: Duration,
    answer: impl Future<Output = Result<T, E>>,
) -> Result<T, Error> {
    match tokio::time::timeout(patience, answer).await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err(Error::TimedOut(patience)),
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        // The address is known, and could hold more than is good for a log.
        Self::Request(error.without_url())
    }
}

/// The response if it is a success, else what the host says.
async fn accepted(response: Response) -> Result<Response, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let retry_after = response
        .headers()
        .get(reqwest::header::RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok())
        .map(|seconds: u64| Duration::from_secs(seconds.min(3600)));
    let bytes = within(PATIENCE, body::read(response, 64 << 10))
        .await
        .unwrap_or_default();
    let said: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let text = |key: &str| said[key].as_str().map(str::to_owned);
    let message = text("error").unwrap_or_else(|| "no reason given".to_owned());
    Err(Error::Refused {
        status,
        message: match text("hint") {
            Some(hint) => format!("{message} ({hint})"),
            None => message,
        },
        retry_after,
    })
}

/// A report as it is sent. One that is too large for the host goes without its inventories: the host can
/// live without them, and could not take them.
fn encode_report(report: &Report) -> Result<Vec<u8>, Error> {
    let encode = |report: &Report| {
        let plain = serde_json::to_vec(report).expect("a report always has a JSON text");
        let packed = zstd::bulk::compress(&plain, 3)
            .map_err(|error| Error::Nonsense("report", error.into()))?;
        let fits = plain.len() <= MAX_REPORT_PLAIN && packed.len() <= MAX_REPORT;
        Ok::<_, Error>((packed, fits))
    };
    let (packed, fits) = encode(report)?;
    if fits {
        return Ok(packed);
    }
    tracing::warn!(
        n_bytes = packed.len(),
        "report too large, left out the inventories"
    );
    let mut smaller = report.clone();
    for deployment in &mut smaller.deployments {
        deployment.inventory = None;
    }
    Ok(encode(&smaller)?.0)
}
