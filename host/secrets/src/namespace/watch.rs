//! Lists the Secrets of a namespace and watches them, for as long as the host runs.
//!
//! Of our own rather than the library's watcher, because three things matter here: to notice that a quiet watch has
//! been taken up again, to never have an answer that holds Secrets in a message or a log, and to hold on to what was
//! read while the API server is away.

use std::pin::pin;
use std::time::Duration;

use fleet_core::error::chain;
use futures::StreamExt as _;
use k8s_openapi::api::core::v1::Secret;
use kube::api::{Api, ListParams, WatchEvent, WatchParams};
use kube::core::{ObjectList, Request};
use kube::{Client, Resource as _};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::held::{Held, NEVER};
use super::{Namespace, Told};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// After which the API server ends a watch, in seconds: a connection that nobody serves any more is noticed soon after.
const WATCH_SECONDS: u32 = 60;
/// The pause after the first failure; it doubles with each.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The pause between two watches, so that a server that ends them at once is not asked as fast as it can.
const BETWEEN: Duration = Duration::from_millis(250);
/// How many Secrets are asked for at once: with the largest it is as many MiB.
const PAGE: u32 = 50;

/// Why a list or a watch ended.
enum Failure {
    /// The resource version is too old to go on from.
    Expired,
    /// The API server refused.
    Refused(String),
    /// It did not answer, or not in a way that makes sense.
    Away(String),
}

impl Failure {
    /// What `error` means; no text of it holds what the API server sent beside its status.
    fn of(error: kube::Error) -> Self {
        match error {
            kube::Error::Api(status) if status.code == 410 => Self::Expired,
            kube::Error::Api(status) => Self::Refused(status.message),
            kube::Error::SerdeError(_) => Self::nonsense(),
            error => Self::Away(chain(&error)),
        }
    }

    fn nonsense() -> Self {
        Self::Away("it answered with something else than Secrets".to_owned())
    }

    fn slow() -> Self {
        Self::Away(format!("no answer within {PATIENCE:?}"))
    }
}

impl Namespace {
    /// Keeps what is held up to date until `stop`; `tell` hears what happens, `unit` draws numbers from 0 to 1.
    pub async fn watch(
        &self,
        stop: CancellationToken,
        tell: impl Fn(Told) + Send + Sync,
        unit: impl Fn() -> f64 + Send + Sync,
    ) {
        let mut version = None;
        let mut pause = FIRST_PAUSE;
        loop {
            let ended = tokio::select! {
                () = stop.cancelled() => return,
                ended = self.round(&mut version, &tell) => ended,
            };
            let why = match ended {
                Ok(()) => None,
                Err(Failure::Expired) => {
                    version = None;
                    None
                }
                // Whoever may list and not watch lists again, if seldom.
                Err(Failure::Refused(why)) => {
                    version = None;
                    Some(why)
                }
                Err(Failure::Away(why)) => Some(why),
            };
            if self.state().trouble.is_none() {
                pause = FIRST_PAUSE;
            }
            let wait = match why {
                None => BETWEEN,
                Some(why) => {
                    self.is_away(why);
                    tell(Told::Away);
                    let wait = pause.mul_f64(0.5 + unit() / 2.0);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                    wait
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(wait) => {}
            }
        }
    }

    /// One list, unless `version` says where to go on, and one watch until the API server ends it.
    async fn round(
        &self,
        version: &mut Option<String>,
        tell: &(impl Fn(Told) + Sync),
    ) -> Result<(), Failure> {
        let from = match version {
            Some(version) => version.clone(),
            None => {
                let (held, listed) = list(&self.client, &self.name).await?;
                let changed = {
                    let mut state = self.state_mut();
                    let old = state.held.replace(held.clone()).unwrap_or_default();
                    old.differences(&held)
                };
                if !changed.is_empty() {
                    tell(Told::Changed(changed));
                }
                version.insert(listed).clone()
            }
        };
        let secrets: Api<Secret> = Api::namespaced(self.client.clone(), &self.name);
        let params = WatchParams::default()
            .fields(&selector())
            .timeout(WATCH_SECONDS);
        let events = timeout(PATIENCE, secrets.watch(&params, &from)).await;
        let events = events.map_err(|_| Failure::slow())?.map_err(Failure::of)?;
        self.is_back(tell);
        let mut events = pin!(events);
        let end = Instant::now() + Duration::from_secs(WATCH_SECONDS.into()) + PATIENCE;
        loop {
            let Ok(event) = timeout_at(end, events.next()).await else {
                return Err(Failure::slow());
            };
            let Some(event) = event else {
                return Ok(());
            };
            let seen = match event.map_err(Failure::of)? {
                WatchEvent::Added(secret) | WatchEvent::Modified(secret) => {
                    self.seen(secret, version, Held::put)
                }
                WatchEvent::Deleted(secret) => {
                    let full = |held: &Held| held.is_full();
                    if self.state().held.as_ref().is_some_and(full) {
                        return Err(Failure::Expired);
                    }
                    self.seen(secret, version, |held, secret| held.remove(&secret))
                }
                WatchEvent::Bookmark(bookmark) => {
                    *version = Some(bookmark.metadata.resource_version);
                    None
                }
                WatchEvent::Error(status) => return Err(Failure::of(kube::Error::Api(status))),
            };
            if let Some(name) = seen {
                tell(Told::Changed([name].into()));
            }
        }
    }

    /// Takes in one event; the name of the Secret if it changed.
    fn seen(
        &self,
        secret: Secret,
        version: &mut Option<String>,
        take: impl Fn(&mut Held, Secret) -> Option<String>,
    ) -> Option<String> {
        if let Some(newer) = &secret.metadata.resource_version {
            *version = Some(newer.clone());
        }
        self.state_mut()
            .held
            .as_mut()
            .and_then(|held| take(held, secret))
    }

    fn is_back(&self, tell: &(impl Fn(Told) + Sync)) {
        let was_asked = self.asked.send_replace(true);
        let trouble = self.state_mut().trouble.take();
        if trouble.is_some() || !was_asked {
            let (namespace, n_held) = (&self.name, self.n_held());
            info!(namespace, n_held, "the Secrets are watched");
            tell(Told::Back);
        }
    }

    fn is_away(&self, why: String) {
        let (changed, is_known) = {
            let mut state = self.state_mut();
            let changed = state.trouble.as_ref() != Some(&why);
            if changed {
                state.trouble = Some(why.clone());
            }
            (changed, state.held.is_some())
        };
        self.asked.send_replace(true);
        if changed {
            let meanwhile = match is_known {
                true => "what was read last counts",
                false => "there are no secrets",
            };
            let namespace = &self.name;
            warn!(
                namespace,
                error = why,
                "cannot watch the Secrets; meanwhile {meanwhile}"
            );
        }
    }
}

/// All Secrets of a namespace, and where to watch from.
async fn list(client: &Client, namespace: &str) -> Result<(Held, String), Failure> {
    let url = Secret::url_path(&(), Some(namespace));
    let mut held = Held::default();
    let mut params = ListParams::default().fields(&selector()).limit(PAGE);
    loop {
        let request = Request::new(&url).list(&params);
        let request = request.map_err(|error| Failure::Away(chain(&error)))?;
        // Not by the call that reads the answer too: when it cannot, it logs all of it.
        let text = timeout(PATIENCE, client.request_text(request)).await;
        let text = text.map_err(|_| Failure::slow())?.map_err(Failure::of)?;
        let page: ObjectList<Secret> =
            serde_json::from_str(&text).map_err(|_| Failure::nonsense())?;
        for secret in page.items {
            held.put(secret);
        }
        match page.metadata.continue_.filter(|token| !token.is_empty()) {
            Some(token) => params = params.continue_token(&token),
            None => {
                let version = page.metadata.resource_version;
                return Ok((held, version.ok_or_else(Failure::nonsense)?));
            }
        }
    }
}

/// What the API server is to leave out, in the form of a field selector.
fn selector() -> String {
    NEVER.map(|kind| format!("type!={kind}")).join(",")
}
