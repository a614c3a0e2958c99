//! A forge on loopback: takes marks as GitHub, GitLab and Gitea do, and gives tokens to a GitHub App.
//!
//! A [`Forge`] writes down what it is asked, and can be told to [`Answer`] otherwise. A GitHub App is let in only with a
//! signature that its public key confirms ([`AppKey`]).

mod app;
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use fleet_test_git::certificates::Authority;
use serde_json::Value;
use tokio::runtime::Runtime;

pub use app::{AppKey, Exchange};

/// What is answered to a request that is in order.
#[derive(Clone, Debug, Default)]
pub enum Answer {
    /// What the forge should.
    #[default]
    Take,
    /// This status with these headers and this body.
    Status(u16, Vec<(String, String)>, String),
    /// What the forge should, after a while.
    Slow(Duration),
    /// A redirect to the same path on this server.
    Redirect(String),
}

impl Answer {
    /// A status with a message, as forges write it.
    pub fn refuse(status: u16, message: &str) -> Self {
        let body = serde_json::json!({ "message": message });
        Self::Status(status, Vec::new(), body.to_string())
    }

    /// The same with a header.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if let Self::Status(_, headers, _) = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// A mark that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Whose API it came by: `github`, `gitlab` or `gitea`.
    pub api: &'static str,
    /// Owner and name, with all groups.
    pub project: String,
    /// The commit.
    pub commit: String,
    /// The state in the forge's own word.
    pub state: String,
    /// The name of the mark.
    pub context: String,
    /// What people read.
    pub description: String,
    /// Where they can read more.
    pub target_url: Option<String>,
}

/// A running forge; ends when it is dropped.
pub struct Forge {
    address: SocketAddr,
    scheme: &'static str,
    authority: Option<Authority>,
    state: Arc<Shared>,
    /// Taken only when it is dropped.
    runtime: Option<Runtime>,
}

pub(crate) type Shared = Mutex<State>;

#[derive(Default)]
pub(crate) struct State {
    tokens: BTreeSet<String>,
    app: Option<app::Registered>,
    answer: Answer,
    exchange_answer: Answer,
    n_requests: usize,
    ahead: Duration,
    marks: Vec<Mark>,
    exchanges: Vec<Exchange>,
    /// The last state of each mark.
    last: BTreeMap<(String, String, String), String>,
}

impl Forge {
    /// Starts one that takes these tokens, behind TLS with an authority of its own or without TLS.
    ///
    /// # Errors
    /// If no port is free.
    pub fn start(tls: bool, tokens: &[&str]) -> Result<Self> {
        let state = State {
            tokens: tokens.iter().map(|token| (*token).to_owned()).collect(),
            ..State::default()
        };
        let state = Arc::new(Mutex::new(state));
        let authority = match tls {
            true => Some(Authority::new("forge")?),
            false => None,
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let address = server::start(&runtime, state.clone(), authority.as_ref())?;
        Ok(Self {
            address,
            scheme: if tls { "https" } else { "http" },
            authority,
            state,
            runtime: Some(runtime),
        })
    }

    /// Where it is, without a path.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// The certificate of its authority, PEM; nothing without TLS.
    pub fn authority(&self) -> &str {
        self.authority.as_ref().map_or("", Authority::pem)
    }

    /// What is answered to marks from now on.
    pub fn set_answer(&self, answer: Answer) {
        self.lock().answer = answer;
    }

    /// What is answered to apps that ask for a token from now on.
    pub fn set_exchange_answer(&self, answer: Answer) {
        self.lock().exchange_answer = answer;
    }

    /// Lets an app in; its tokens are `prefix` and a number, counted from 1, and hold for `life`.
    pub fn set_app(
        &self,
        key: &AppKey,
        id: &str,
        installation: &str,
        prefix: &str,
        life: Duration,
    ) {
        self.lock().app = Some(app::Registered {
            id: id.to_owned(),
            installation: installation.to_owned(),
            public_key: key.public().to_vec(),
            prefix: prefix.to_owned(),
            life,
        });
    }

    /// Sets the forge's clock ahead of the machine's.
    pub fn set_ahead(&self, ahead: Duration) {
        self.lock().ahead = ahead;
    }

    /// Takes back all tokens.
    pub fn revoke(&self) {
        self.lock().tokens.clear();
    }

    /// All marks so far, oldest first.
    pub fn marks(&self) -> Vec<Mark> {
        self.lock().marks.clone()
    }

    /// All tokens that an app was given so far, oldest first.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.clone()
    }

    /// How many requests came in, of whatever kind.
    pub fn n_requests(&self) -> usize {
        self.lock().n_requests
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // The plain drop waits, which async tests must not.
            runtime.shutdown_background();
        }
    }
}

pub(crate) fn lock(state: &Shared) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A text of a JSON object; empty if it is not there.
pub(crate) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
