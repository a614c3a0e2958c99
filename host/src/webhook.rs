//! What Git forges call when somebody pushed. It wakes the watcher, and nothing else: what is deployed is what the
//! repository itself shows.
//!
//! A stranger learns nothing here: who has no key is refused in the same words whatever he names, and who has one is
//! thanked in the same words whether or not a GitRepo follows what he names.

mod gate;
mod judge;
mod listen;
mod secrets;
mod tls;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Router, http};
use fleet_core::digest::Digest;
use fleet_webhook::{Delivery, Forge, Headers, Kind, Unverified};
use http_body_util::BodyExt as _;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tracing::{debug, info, warn};

use crate::clock;
use crate::drive::{Handle, Stopped};
use crate::metrics::{self, Metrics};
use crate::watch::{Credentials, Watcher};
use gate::Gate;
use judge::{Judged, Watched};
use secrets::Secrets;

pub(crate) use listen::serve;
pub(crate) use tls::Tls;

/// Largest body, in bytes: 4 MiB.
///
/// GitHub sends up to 25 MiB, nearly all of it the files of up to 2,048 commits, of which nothing is read; a push that
/// is larger is found with the next poll.
const MAX_BODY_BYTES: usize = 4 << 20;

/// How much of all bodies is held at the same time, in KiB: 64 MiB.
const MAX_HELD_KIB: usize = 64 << 10;

/// How long a sender may take over a body.
const PATIENCE: Duration = Duration::from_secs(10);

/// How old the list of GitRepos may be that webhooks are compared with. A GitRepo that is younger was looked at when
/// it was applied.
const LIST_AGE: Duration = Duration::from_secs(1);

/// At most one refused webhook in this time is logged; all of them are counted.
const COMPLAINTS: Duration = Duration::from_secs(10);

/// How webhooks are listened for.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where.
    pub address: SocketAddr,
    /// Files of certificate chain and key, PEM; plain HTTP without them.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Name of the secret for GitRepos that name none of their own.
    pub secret: Option<String>,
    /// Whether webhooks for GitRepos that no secret is for are believed unsigned.
    pub allow_unsigned: bool,
}

/// What the routes need.
pub(crate) struct Context {
    handle: Handle,
    watcher: Watcher,
    metrics: Arc<Metrics>,
    secrets: Secrets,
    started: Instant,
    gate: Mutex<Gate>,
    /// The GitRepos as they were at that time.
    list: Mutex<Option<(Instant, Arc<Vec<Watched>>)>>,
    /// As many as there are KiB to hold.
    room: Semaphore,
}

/// Where a request came from.
#[derive(Clone, Copy, Debug)]
struct Source(IpAddr);

/// What became of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// A GitRepo was woken.
    Woken,
    /// It is authentic, and no GitRepo follows what moved.
    Unmatched,
    /// It is authentic, and about something else than a push.
    Ignored,
    /// The forge asked whether anybody is there.
    Ping,
    /// It was taken before.
    Duplicate,
    /// It is not certain who sent it.
    Unverified,
    /// It is no webhook.
    Malformed,
    TooLarge,
    /// The body did not come in time, or broke off.
    Incomplete,
    /// Too many came; when to come again.
    Limited(Duration),
    /// There is no room for the body just now.
    Busy,
    Stopping,
}

impl Outcome {
    /// The word in the metrics.
    fn word(self) -> &'static str {
        match self {
            Self::Woken => "woken",
            Self::Unmatched => "unmatched",
            Self::Ignored => "ignored",
            Self::Ping => "ping",
            Self::Duplicate => "duplicate",
            Self::Unverified => "unverified",
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
            Self::Incomplete => "incomplete",
            Self::Limited(_) => "rate_limited",
            Self::Busy | Self::Stopping => "busy",
        }
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let later = |status, text, wait: Duration| {
            let seconds = wait.as_secs_f64().ceil().max(1.0);
            let wait = HeaderValue::from_str(&format!("{seconds:.0}"));
            let wait = wait.unwrap_or(HeaderValue::from_static("60"));
            (status, [(header::RETRY_AFTER, wait)], text).into_response()
        };
        match self {
            Self::Woken | Self::Unmatched | Self::Ignored | Self::Ping | Self::Duplicate => {
                (StatusCode::OK, "thank you\n").into_response()
            }
            Self::Unverified => {
                let text = "this webhook is not signed with a key that this host knows\n";
                (StatusCode::UNAUTHORIZED, text).into_response()
            }
            Self::Malformed => {
                let text = "this is not a webhook that this host knows\n";
                (StatusCode::BAD_REQUEST, text).into_response()
            }
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large\n").into_response()
            }
            Self::Incomplete => {
                (StatusCode::REQUEST_TIMEOUT, "the body did not come\n").into_response()
            }
            Self::Limited(wait) => later(StatusCode::TOO_MANY_REQUESTS, "too many\n", wait),
            Self::Busy | Self::Stopping => later(
                StatusCode::SERVICE_UNAVAILABLE,
                "there is too much to do\n",
                Duration::from_secs(5),
            ),
        }
    }
}

/// The routes: one of our own, and the one that Rancher Fleet's ingress points at.
fn router(context: Arc<Context>) -> Router {
    let nowhere = async || (StatusCode::NOT_FOUND, "there is no such route\n");
    Router::new()
        .route("/v1/webhooks", post(receive))
        .route("/", post(receive))
        .fallback(nowhere)
        .method_not_allowed_fallback(async || {
            (StatusCode::METHOD_NOT_ALLOWED, "webhooks are posted\n")
        })
        .with_state(context)
}

async fn receive(
    State(context): State<Arc<Context>>,
    Extension(Source(source)): Extension<Source>,
    request: Request,
) -> Outcome {
    let outcome = context.clone().take(source, request).await;
    let count = &context.metrics.webhooks;
    count
        .get_or_create(&metrics::Outcome::word(outcome.word()))
        .inc();
    outcome
}

impl Context {
    pub(crate) fn new(
        settings: &Settings,
        credentials: Credentials,
        handle: Handle,
        watcher: Watcher,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            handle,
            watcher,
            metrics,
            secrets: Secrets::new(
                credentials,
                settings.secret.clone(),
                settings.allow_unsigned,
            ),
            started: Instant::now(),
            gate: Mutex::default(),
            list: Mutex::default(),
            room: Semaphore::new(MAX_HELD_KIB),
        }
    }

    async fn take(self: Arc<Self>, source: IpAddr, request: Request) -> Outcome {
        if let Err(wait) = self.gate().admit(source, self.started.elapsed()) {
            return Outcome::Limited(wait);
        }
        let (http::request::Parts { headers, .. }, body) = request.into_parts();
        let mut room = Room {
            semaphore: &self.room,
            n_kib: 0,
        };
        let body = match timeout(PATIENCE, read(&headers, body, &mut room)).await {
            Ok(Ok(body)) => body,
            Ok(Err(outcome)) => return outcome,
            Err(_) => return Outcome::Incomplete,
        };
        let Ok(watched) = self.watched().await else {
            return Outcome::Stopping;
        };
        let context = self.clone();
        let judge = move || context.judge(&headers, &body, &watched);
        let judged = tokio::task::spawn_blocking(judge).await;
        judged.unwrap_or_else(|error| {
            warn!(%error, "a webhook was not judged because of a fault in the host");
            Outcome::Busy
        })
    }

    /// All GitRepos, as they were not long ago.
    async fn watched(&self) -> Result<Arc<Vec<Watched>>, Stopped> {
        {
            let list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((at, watched)) = &*list
                && at.elapsed() < LIST_AGE
            {
                return Ok(watched.clone());
            }
        }
        let at = Instant::now();
        let watched = self.handle.ask(|fleet, _| {
            let (repos, _) = fleet.resources();
            repos
                .into_iter()
                .filter_map(Watched::of)
                .collect::<Vec<_>>()
        });
        let watched = Arc::new(watched.await?);
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        *list = Some((at, watched.clone()));
        Ok(watched)
    }

    /// Decides, and wakes. Blocks: it reads secrets from disk and hashes the body.
    fn judge(&self, headers: &HeaderMap, body: &[u8], watched: &[Watched]) -> Outcome {
        let headers: Headers = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes()))
            .collect();
        let delivery = match fleet_webhook::parse(&headers, body) {
            Ok(delivery) => delivery,
            Err(error) => {
                debug!(%error, "not a webhook");
                return Outcome::Malformed;
            }
        };
        let now = clock::now();
        let believe =
            |secret: Option<&str>| self.secrets.verify(secret, &delivery, &headers, body, now);
        match (judge::judge(&delivery, watched, believe), delivery.kind) {
            // Bitbucket Server does not sign what its button `Test connection` sends, and nothing comes of it.
            (Err(Unverified::Unsigned), Kind::Ping) if delivery.forge == Forge::BitbucketServer => {
                Outcome::Ping
            }
            (Err(why), _) => {
                self.complain(&delivery, &why);
                Outcome::Unverified
            }
            (Ok(_), Kind::Ping) => Outcome::Ping,
            (Ok(_), Kind::Other) => Outcome::Ignored,
            (Ok(judged), Kind::Push) => self.wake(&delivery, judged, body),
        }
    }

    fn wake(&self, delivery: &Delivery, judged: Judged, body: &[u8]) -> Outcome {
        if !self.gate().is_first(name(delivery, &judged, body)) {
            return Outcome::Duplicate;
        }
        if judged.moved.is_empty() {
            return Outcome::Unmatched;
        }
        for (repo, commit) in judged.moved {
            info!(%repo, revision = commit, forge = %delivery.forge, "webhook");
            self.watcher.pushed(repo, commit);
        }
        Outcome::Woken
    }

    /// Says that a webhook was refused, now and then, so that whoever sets one up finds out why.
    fn complain(&self, delivery: &Delivery, why: &Unverified) {
        let now = self.started.elapsed();
        if self.gate().may_complain(now, COMPLAINTS) {
            warn!(forge = %delivery.forge, error = %why, "a webhook was refused; others are counted only, for some seconds");
        }
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What tells one webhook from all others: the forge's own name for it, or its body, and whose key it is signed with,
/// because a forge sends the same to everybody who asked for it.
fn name(delivery: &Delivery, judged: &Judged, body: &[u8]) -> Digest {
    let own = match &delivery.id {
        Some(id) => format!("id {id}"),
        None => format!("body {}", Digest::of(body)),
    };
    let believed = &judged.believed;
    Digest::of(format!("{}\n{own}\n{believed:?}", delivery.forge).as_bytes())
}

/// Room for one body, given back when it is dropped.
struct Room<'a> {
    semaphore: &'a Semaphore,
    n_kib: usize,
}

impl Room<'_> {
    /// Takes what `n_bytes` need in all; false if there is not so much.
    fn grow(&mut self, n_bytes: usize) -> bool {
        let more = (n_bytes.div_ceil(1024)).saturating_sub(self.n_kib);
        let Ok(permit) = self
            .semaphore
            .try_acquire_many(u32::try_from(more).unwrap_or(u32::MAX))
        else {
            return false;
        };
        permit.forget();
        self.n_kib += more;
        true
    }
}

impl Drop for Room<'_> {
    fn drop(&mut self) {
        self.semaphore.add_permits(self.n_kib);
    }
}

async fn read(
    headers: &HeaderMap,
    mut body: Body,
    room: &mut Room<'_>,
) -> Result<Vec<u8>, Outcome> {
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|n_bytes| n_bytes > MAX_BODY_BYTES) {
        return Err(Outcome::TooLarge);
    }
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else {
            return Err(Outcome::Incomplete);
        };
        let Ok(data) = frame.into_data() else {
            continue;
        };
        let n_bytes = bytes.len() + data.len();
        if n_bytes > MAX_BODY_BYTES {
            return Err(Outcome::TooLarge);
        }
        if !room.grow(n_bytes) {
            return Err(Outcome::Busy);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}
