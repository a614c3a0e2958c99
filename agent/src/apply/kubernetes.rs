//! A Kubernetes API server as target: server-side apply with our own field manager.

mod apply;
mod call;
mod delete;
mod hooks;
mod kinds;
mod observe;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use fleet_agent_plan::apply::{Phase, owner_value};
use fleet_agent_plan::deletion::Rank;
use fleet_agent_plan::order::Stage;
use fleet_core::digest::Digest;
use fleet_core::inventory::{Entry, Inventory};
use fleet_core::name::BundleName;
use fleet_core::object::{Object, ObjectRef, Scope};
use fleet_core::options::ApplyOptions;
use fleet_core::problem::Problem;
use fleet_core::wire::AgentInfo;
use futures::{StreamExt, stream};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};

use super::{Done, Observed, Session, Target};
use call::{Failure, timed};
use kinds::Kinds;

/// How long what is known of the served kinds is good, unless a kind is missing.
const KINDS_AGE: Duration = Duration::from_secs(300);
/// How soon the served kinds are looked up again because one is missing.
const KINDS_RETRY: Duration = Duration::from_secs(2);

/// How the cluster is reached, and how hard.
#[derive(Clone, Debug)]
pub struct Options {
    /// Kubeconfig file; without it the pod's service account, else the user's own.
    pub kubeconfig: Option<PathBuf>,
    /// Context of the kubeconfig file.
    pub context: Option<String>,
    /// Namespace of the service accounts that deployments may name.
    pub service_account_namespace: String,
    /// Objects of one deployment that are applied at once.
    pub n_parallel: usize,
}

/// Why no cluster can be applied to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no usable configuration.
    #[error("could not read the cluster's configuration")]
    Config(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The client cannot be built from it.
    #[error("could not build a client for the cluster")]
    Client(#[from] kube::Error),
}

/// A cluster.
pub struct Kubernetes {
    shared: Arc<Shared>,
}

struct Shared {
    config: Config,
    client: Client,
    service_account_namespace: String,
    n_parallel: usize,
    /// Clients that act as a service account.
    impersonating: Mutex<BTreeMap<String, Client>>,
    kinds: Mutex<Option<(Instant, Arc<Kinds>)>>,
    /// What was applied and what came of it: an object that is still the same needs no request.
    seen: Mutex<BTreeMap<ObjectRef, Seen>>,
}

/// An object as it was after it was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    payload: Digest,
    uid: String,
    resource_version: String,
}

/// A cluster as one deployment sees it.
pub struct Cluster {
    shared: Arc<Shared>,
    client: Client,
    owner: String,
    options: ApplyOptions,
    kinds: Mutex<Arc<Kinds>>,
    /// Group and kind of what the definitions of this apply define: it may take a moment to be served.
    defined: Mutex<BTreeSet<(String, String)>>,
}

impl Kubernetes {
    /// A target that reaches its cluster as `options` say. Sends no request yet.
    ///
    /// # Errors
    /// If there is no usable configuration.
    pub async fn open(options: Options) -> Result<Self, Error> {
        let config = match &options.kubeconfig {
            None => Config::infer()
                .await
                .map_err(|error| Error::Config(error.into()))?,
            Some(path) => {
                let kubeconfig =
                    Kubeconfig::read_from(path).map_err(|error| Error::Config(error.into()))?;
                let context = KubeConfigOptions {
                    context: options.context.clone(),
                    ..KubeConfigOptions::default()
                };
                Config::from_custom_kubeconfig(kubeconfig, &context)
                    .await
                    .map_err(|error| Error::Config(error.into()))?
            }
        };
        Self::with_config(config, &options)
    }

    /// A target for a cluster whose address and credentials are known.
    ///
    /// # Errors
    /// If no client can be built from them.
    pub fn with_config(mut config: Config, options: &Options) -> Result<Self, Error> {
        config.connect_timeout = Some(Duration::from_secs(10));
        let shared = Shared {
            client: Client::try_from(config.clone())?,
            config,
            service_account_namespace: options.service_account_namespace.clone(),
            n_parallel: options.n_parallel,
            impersonating: Mutex::default(),
            kinds: Mutex::default(),
            seen: Mutex::default(),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }
}

impl Target for Kubernetes {
    type Session = Cluster;

    async fn about(&self) -> Result<AgentInfo, Problem> {
        let shared = &self.shared;
        let version = timed(shared.client.apiserver_version()).await;
        let version = version.map_err(Failure::into_problem)?;
        let kinds = shared
            .refresh_kinds()
            .await
            .map_err(Failure::into_problem)?;
        Ok(AgentInfo {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            kube_version: version.git_version,
            api_versions: kinds.api_versions(),
        })
    }

    async fn open(
        &self,
        deployment: &BundleName,
        options: &ApplyOptions,
        objects: &[Object],
    ) -> Result<Cluster, Problem> {
        let shared = &self.shared;
        let kinds = shared
            .kinds_for(objects)
            .await
            .map_err(Failure::into_problem)?;
        Ok(Cluster {
            client: shared
                .client_as(options.service_account.as_deref())
                .map_err(|error| Failure::of(error).into_problem())?,
            shared: shared.clone(),
            owner: owner_value(deployment),
            options: options.clone(),
            kinds: Mutex::new(kinds),
            defined: Mutex::default(),
        })
    }

    async fn observe(
        &self,
        deployment: &BundleName,
        inventory: &Inventory,
    ) -> Result<Observed, Problem> {
        let cluster = self.open(deployment, &ApplyOptions::default(), &[]).await?;
        cluster
            .look(&inventory.entries)
            .await
            .map_err(Failure::into_problem)
    }
}

impl Session for Cluster {
    fn scope_of(&self, object: &Object) -> Option<Scope> {
        let kinds = self.kinds();
        let served = kinds.get(object.group(), object.version(), object.kind());
        let served = served.or_else(|| kinds.any(object.group(), object.kind()));
        served.map(|served| served.scope)
    }

    async fn find_owned(&self) -> Result<Vec<Entry>, Problem> {
        self.all_owned().await.map_err(Failure::into_problem)
    }

    async fn ensure_namespace(&self, name: &str) -> Done {
        self.make_namespace(name).await
    }

    async fn apply(&self, phase: &Phase) -> Done {
        match phase.stage {
            Stage::HooksBefore(_) | Stage::HooksAfter(_) => self.run_hooks(&phase.steps).await,
            Stage::Definitions => self.apply_definitions(&phase.steps).await,
            _ => self.apply_steps(&phase.steps).await,
        }
    }

    async fn delete(&self, rank: Rank, entries: &[Entry]) -> Done {
        self.delete_batch(rank, entries).await
    }

    async fn release(&self, entries: &[Entry]) -> Done {
        self.release_all(entries).await
    }

    async fn delete_namespace(&self, name: &str) -> Done {
        self.delete_release_namespace(name).await
    }
}

impl Shared {
    /// The served kinds, looked up again if they are old or do not cover `objects`.
    async fn kinds_for(&self, objects: &[Object]) -> Result<Arc<Kinds>, Failure> {
        let known = lock(&self.kinds).clone();
        if let Some((at, kinds)) = known {
            let covers = |object: &Object| kinds.any(object.group(), object.kind()).is_some();
            let good_for = match objects.iter().all(covers) {
                true => KINDS_AGE,
                false => KINDS_RETRY,
            };
            if at.elapsed() < good_for {
                return Ok(kinds);
            }
        }
        self.refresh_kinds().await
    }

    async fn refresh_kinds(&self) -> Result<Arc<Kinds>, Failure> {
        let kinds = Arc::new(timed(Kinds::discover(&self.client)).await?);
        *lock(&self.kinds) = Some((Instant::now(), kinds.clone()));
        Ok(kinds)
    }

    /// A client that acts as a service account, or as the agent itself.
    fn client_as(&self, service_account: Option<&str>) -> Result<Client, kube::Error> {
        let Some(name) = service_account else {
            return Ok(self.client.clone());
        };
        let mut clients = lock(&self.impersonating);
        if let Some(client) = clients.get(name) {
            return Ok(client.clone());
        }
        let mut config = self.config.clone();
        let namespace = &self.service_account_namespace;
        config.auth_info.impersonate = Some(format!("system:serviceaccount:{namespace}:{name}"));
        let client = Client::try_from(config)?;
        clients.insert(name.to_owned(), client.clone());
        Ok(client)
    }
}

impl Cluster {
    fn kinds(&self) -> Arc<Kinds> {
        lock(&self.kinds).clone()
    }

    async fn refresh_kinds(&self) -> Result<Arc<Kinds>, Failure> {
        let kinds = self.shared.refresh_kinds().await?;
        *lock(&self.kinds) = kinds.clone();
        Ok(kinds)
    }
}

/// The results of `work` in its order, at most `n` pieces at once.
async fn side_by_side<F: Future>(n: usize, work: impl Iterator<Item = F>) -> Vec<F::Output> {
    // Collected first: a stream over a borrowing closure would not be `Send`.
    let work: Vec<_> = work
        .enumerate()
        .map(|(n, piece)| async move { (n, piece.await) })
        .collect();
    let mut results: Vec<_> = stream::iter(work).buffer_unordered(n).collect().await;
    results.sort_by_key(|(n, _)| *n);
    results.into_iter().map(|(_, result)| result).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
