//! The Secrets of one namespace of a Kubernetes API server, as a watch sees them.
//!
//! They are kept in memory, so that a secret costs no request when it is read, and holds on while the API server is
//! away.

mod held;
mod watch;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use fleet_core::secret::Entries;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

use crate::Error;
use held::Held;

pub(crate) use held::TYPES_SHOWN;

/// How long the API server may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Why no API server can be asked for Secrets.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no usable configuration.
    #[error("could not read the configuration of the cluster that holds the secrets")]
    Config(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The client cannot be built from it.
    #[error("could not build a client for the cluster that holds the secrets")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What a watch has to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// These secrets are new, different or gone.
    Changed(BTreeSet<String>),
    /// The API server does not answer, or refuses. Told at each attempt; what was read last counts meanwhile.
    Away,
    /// It answers, for the first time or again.
    Back,
}

/// The Secrets of one namespace.
pub struct Namespace {
    name: String,
    client: Client,
    state: RwLock<State>,
    /// Whether the API server was asked once, whatever it answered.
    asked: tokio::sync::watch::Sender<bool>,
}

#[derive(Default)]
struct State {
    /// None before the first list.
    held: Option<Held>,
    /// Why the API server cannot be asked now.
    trouble: Option<String>,
}

impl Namespace {
    /// A namespace that nobody watches yet.
    ///
    /// # Errors
    /// If there is no usable configuration.
    pub(crate) async fn open(
        name: String,
        kubeconfig: Option<&Path>,
        context: Option<String>,
    ) -> Result<Self, OpenError> {
        let unusable = |error: Box<dyn std::error::Error + Send + Sync>| OpenError::Config(error);
        let context = KubeConfigOptions {
            context,
            ..KubeConfigOptions::default()
        };
        let mut config = match kubeconfig {
            Some(path) => {
                let kubeconfig =
                    Kubeconfig::read_from(path).map_err(|error| unusable(error.into()))?;
                let config = Config::from_custom_kubeconfig(kubeconfig, &context).await;
                config.map_err(|error| unusable(error.into()))?
            }
            None if context.context.is_some() => {
                let config = Config::from_kubeconfig(&context).await;
                config.map_err(|error| unusable(error.into()))?
            }
            None => {
                let config = Config::infer().await;
                config.map_err(|error| unusable(error.into()))?
            }
        };
        config.connect_timeout = Some(CONNECT);
        let client = Client::try_from(config).map_err(|error| OpenError::Client(error.into()))?;
        Ok(Self {
            name,
            client,
            state: RwLock::default(),
            asked: tokio::sync::watch::Sender::new(false),
        })
    }

    /// How many Secrets are held.
    pub fn n_held(&self) -> usize {
        self.state().held.as_ref().map_or(0, Held::len)
    }

    /// Waits until the API server has been asked once, at most for `limit`.
    pub async fn asked(&self, limit: Duration) {
        let mut asked = self.asked.subscribe();
        // Either way there is no more to wait for.
        let _ = tokio::time::timeout(limit, asked.wait_for(|asked| *asked)).await;
    }

    /// What the secret `name` held when the watch saw it last.
    pub(crate) fn read(&self, name: &str) -> Result<Entries, Error> {
        let state = self.state();
        let Some(held) = &state.held else {
            let why = state.trouble.as_deref();
            return Err(Error::NotYet {
                namespace: self.name.clone(),
                why: why.map_or_else(String::new, |why| format!(": {why}")),
            });
        };
        held.get(name).unwrap_or_else(|| {
            let stale = match &state.trouble {
                Some(why) => format!(", or was none when the API server answered last: {why}"),
                None => String::new(),
            };
            Err(Error::Missing {
                place: format!(
                    " in namespace `{}` of a type that is read ({TYPES_SHOWN}){}{stale}",
                    self.name,
                    held.bound_shown()
                ),
            })
        })
    }

    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Namespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Namespace").field(&self.name).finish()
    }
}
