//! Puts a host together, starts it, and stops it in order.
//!
//! ```text
//! <data-dir>/            0700, locked: one host at a time
//!   lock                 process id of the host that has it
//!   state.redb           the store: resources, bundles, deployments, tokens (hashed), keys of clusters
//!   blobs/               bundles by digest
//!   mirrors/             Git mirrors; can be removed while no host runs
//!   artifacts/           charts and bases from elsewhere; can be removed, but for `pins/`, which says what they were
//!   cache/               compiled plugins; can be removed
//!   identity/            certificate authority and the secret of renders: keep it, and keep it secret
//!   control.sock         0600, the operators' socket
//! ```

mod listeners;
mod sweep;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fleet_artifact::Remotes;
use fleet_core::resource::Policy;
use fleet_core::wire::{Hello, Incarnation};
use fleet_host_plan::fleet::Fleet;
use fleet_plugin::{Engine, HostEntropy};
use fleet_secrets::Secrets;
use fleet_source::Source;
use fleet_store::data_dir::DataDir;
use fleet_store::disk::Disk;
use fleet_store::{Store, blob};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tracing::{info, warn};

use crate::bundles::{self, Bundles};
use crate::commit_status;
use crate::control::{self, About};
use crate::drive::{self, Drive, Handle, Renders};
use crate::identity;
use crate::identity::authority::Authority;
use crate::identity::registry::Registry;
use crate::metrics::{self, Metrics};
use crate::render::{self, PluginSet, Renderer};
use crate::stream::feed::Feeds;
use crate::stream::{self, listen};
use crate::tasks::Tasks;
use crate::watch::{self, Apps, Credentials};
use crate::{clock, records, secrets, webhook};
use listeners::{Webhooks, dialled, listen_on};
use sweep::Sweeper;

/// How long the parts of a host may take to end.
const FAREWELL: Duration = Duration::from_secs(15);

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data directory.
    pub data_dir: PathBuf,
    /// The folder of the certificate authority, if it is not to be in the data directory.
    pub identity_dir: Option<PathBuf>,
    /// Where agents are listened for.
    pub agents: SocketAddr,
    /// Where agents dial, `https://host:port`, if that is not the address above.
    pub agents_url: Option<String>,
    /// Where metrics and health are served, if at all.
    pub metrics: Option<SocketAddr>,
    /// How webhooks are taken, if at all.
    pub webhooks: Option<webhook::Settings>,
    /// The folder of plugins.
    pub plugins: Option<PathBuf>,
    /// Where compiled plugins are kept, if not in the data directory: hosts may share it.
    pub plugin_cache: Option<PathBuf>,
    /// Policies that every bundle must pass.
    pub policies: Vec<Policy>,
    /// Where secrets are.
    pub secrets: fleet_secrets::Place,
    /// The trust domain of the agents' identities.
    pub trust_domain: String,
    /// How often repositories are polled that set no interval.
    pub polling_interval: Duration,
    /// How many repositories are looked at at the same time.
    pub max_polls: usize,
    /// How many commits are rendered at the same time.
    pub max_renders: usize,
    /// How many connections of agents are held.
    pub max_agents: usize,
    /// Bounds and programs for Git.
    pub git: fleet_source::Options,
    /// Bounds for charts and bases from elsewhere; how Git is spoken comes from the line above.
    pub artifacts: fleet_artifact::Options,
}

impl Settings {
    /// The defaults: everything on loopback, on ports that the system chooses.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            identity_dir: None,
            agents: SocketAddr::from(([127, 0, 0, 1], 0)),
            agents_url: None,
            metrics: None,
            webhooks: None,
            plugins: None,
            plugin_cache: None,
            policies: Vec::new(),
            secrets: fleet_secrets::Place::Nowhere,
            trust_domain: "fleet.local".to_owned(),
            polling_interval: fleet_source::schedule::DEFAULT_INTERVAL,
            max_polls: 8,
            max_renders: std::thread::available_parallelism().map_or(2, usize::from),
            max_agents: 20_000,
            git: fleet_source::Options::default(),
            artifacts: fleet_artifact::Options::default(),
        }
    }
}

/// Why a host did not start, or had to stop.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The data directory or the store.
    #[error(transparent)]
    Store(#[from] fleet_store::Error),
    /// The records in the store.
    #[error(transparent)]
    Records(#[from] records::Error),
    /// The certificate authority.
    #[error(transparent)]
    Authority(#[from] identity::authority::Error),
    /// The secret of renders.
    #[error("cannot use `{}`", path.display())]
    Entropy {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The plugins' engine.
    #[error("could not start the plugins' engine")]
    Engine(#[from] fleet_plugin::EngineError),
    /// The Git mirrors.
    #[error(transparent)]
    Source(#[from] fleet_source::Error),
    /// The folder of charts and bases from elsewhere.
    #[error(transparent)]
    Artifacts(#[from] fleet_artifact::Error),
    /// The API server that holds the secrets.
    #[error(transparent)]
    Secrets(#[from] fleet_secrets::OpenError),
    /// An address or a socket.
    #[error("cannot listen for {who} on `{address}`")]
    Listen {
        /// Who would have come.
        who: &'static str,
        /// The address.
        address: String,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// The certificate for webhooks.
    #[error("cannot serve webhooks over TLS")]
    WebhookTls(#[source] std::io::Error),
    /// The URL for agents.
    #[error("cannot use `{url}` as the agents' URL: {why}")]
    AgentsUrl {
        /// The URL.
        url: String,
        /// Why not.
        why: &'static str,
    },
    /// A part of the host failed.
    #[error("{0}")]
    Failed(String),
}

/// A host that runs.
pub struct Host {
    tasks: Tasks,
    handle: Handle,
    about: About,
    socket: PathBuf,
    // Dropped last, so that nobody else gets in while parts of this host still write.
    _data_dir: DataDir,
}

/// What is opened before anything runs.
struct Opened {
    data_dir: DataDir,
    store: Arc<dyn Store>,
    bundles: bundles::Shared,
    authority: Arc<Authority>,
    entropy: HostEntropy,
    engine: Engine,
    source: Arc<Source>,
    remotes: Arc<Remotes>,
}

impl Host {
    /// Starts a host.
    ///
    /// # Errors
    /// If the data directory is in use, something in it cannot be read, or an address cannot be listened on.
    pub async fn start(settings: Settings) -> Result<Self, Error> {
        let opened = {
            let settings = settings.clone();
            tokio::task::spawn_blocking(move || open(&settings))
                .await
                .map_err(|error| Error::Failed(error.to_string()))??
        };
        let secrets = Secrets::open(settings.secrets.clone()).await?;
        let (agents, metrics_listener) = (
            listen_on("agents", settings.agents).await?,
            match settings.metrics {
                Some(address) => Some(listen_on("metrics", address).await?),
                None => None,
            },
        );
        let webhooks = match &settings.webhooks {
            Some(settings) => Some(Webhooks::open(settings).await?),
            None => None,
        };
        let address = agents.local_addr().unwrap_or(settings.agents);
        let (agents_url, names) = dialled(settings.agents_url.as_deref(), address)?;
        let socket = opened.data_dir.path().join("control.sock");
        let control = control::listen(&socket).map_err(|source| Error::Listen {
            who: "operators",
            address: socket.display().to_string(),
            source,
        })?;

        let plugins = render::find_plugin_dir(settings.plugins.clone());
        if plugins.is_none() {
            warn!(
                "no folder of plugins was found, so nothing can be rendered; name one with `--plugins`"
            );
        }
        let about = About {
            incarnation: opened.store.incarnation().to_string(),
            agents_url,
            ca_pin: opened.authority.pin().to_string(),
            metrics_url: metrics_listener
                .as_ref()
                .and_then(|listener| listener.local_addr().ok())
                .map(|address| format!("http://{address}/metrics")),
            webhooks_url: webhooks.as_ref().map(Webhooks::url),
            data_dir: opened.data_dir.path().to_owned(),
            plugins: plugins.clone(),
        };
        let starting = Starting {
            settings,
            about: about.clone(),
            names,
            plugins,
            secrets,
            agents,
            metrics_listener,
            webhooks,
            control,
        };
        let tasks = Tasks::new();
        let (data_dir, handle) = starting.run(opened, &tasks)?;
        info!(
            agents = about.agents_url,
            metrics = about.metrics_url,
            webhooks = about.webhooks_url,
            socket = %socket.display(),
            incarnation = about.incarnation,
            "host started"
        );
        Ok(Self {
            tasks,
            handle,
            about,
            socket,
            _data_dir: data_dir,
        })
    }

    /// Where agents dial.
    pub fn agents_url(&self) -> &str {
        &self.about.agents_url
    }

    /// Where metrics are, if they are served.
    pub fn metrics_url(&self) -> Option<&str> {
        self.about.metrics_url.as_deref()
    }

    /// Where webhooks are taken, if they are.
    pub fn webhooks_url(&self) -> Option<&str> {
        self.about.webhooks_url.as_deref()
    }

    /// The operators' socket.
    pub fn socket(&self) -> &Path {
        &self.socket
    }

    /// A way to the loop.
    pub fn handle(&self) -> &Handle {
        &self.handle
    }

    /// Begins to stop: no new work is taken, streams end, what runs may finish for a few seconds.
    pub fn stop(&self) {
        self.tasks.stop().cancel();
    }

    /// Waits until the host has stopped, by [`stop`](Self::stop) or because it cannot go on.
    ///
    /// Cancel-safe until the host begins to stop.
    ///
    /// # Errors
    /// If it had to stop because a part of it failed.
    pub async fn stopped(&self) -> Result<(), Error> {
        self.tasks.stop().cancelled().await;
        if !self.tasks.finish(FAREWELL).await {
            warn!("some work did not end in time and is given up");
        }
        // Only this process listens here, as the lock on the data directory says.
        let _ = std::fs::remove_file(&self.socket);
        match self.tasks.failure() {
            Some(why) => Err(Error::Failed(why.to_owned())),
            None => Ok(()),
        }
    }
}

/// Everything that the parts of a host are made from.
struct Starting {
    settings: Settings,
    about: About,
    names: Vec<String>,
    plugins: Option<PathBuf>,
    secrets: Secrets,
    agents: TcpListener,
    metrics_listener: Option<TcpListener>,
    webhooks: Option<Webhooks>,
    control: tokio::net::UnixListener,
}

impl Starting {
    fn run(self, opened: Opened, tasks: &Tasks) -> Result<(DataDir, Handle), Error> {
        let Self {
            settings,
            about,
            names,
            plugins,
            secrets,
            agents,
            metrics_listener,
            webhooks,
            control,
        } = self;
        let Opened {
            data_dir,
            store,
            bundles,
            authority,
            entropy,
            engine,
            source,
            remotes,
        } = opened;
        let incarnation = Incarnation(about.incarnation.clone());
        let records = records::load(&*store)?;
        let (fleet, effects) = Fleet::new(incarnation.clone(), records);
        let registry = Registry::load(store.clone(), |name| fleet.cluster(name).is_some())?;
        let (tls, server_key) = authority.server(&names, clock::now())?;

        let metrics = Arc::new(Metrics::new());
        let feeds = Feeds::default();
        // One flag ends all that waits for servers.
        let interrupt = remotes.interrupt();
        let apps = Apps::new(source.clone(), tokio::runtime::Handle::current());
        let credentials = Credentials::new(secrets.clone()).with_apps(apps);
        let (handle, inbox) = drive::channel();
        let (watcher, watched) = watch::channel();
        let dir = plugins.unwrap_or_else(|| data_dir.path().join("plugins"));
        let options = render::Options {
            policies: settings.policies.clone(),
            entropy,
            parallel: settings.max_renders.max(1),
        };
        let renders = Renders {
            source: source.clone(),
            remotes: remotes.clone(),
            credentials: credentials.clone(),
            renderer: Renderer::new(PluginSet::open(engine, dir), options),
            bundles: bundles.clone(),
            permits: Arc::new(Semaphore::new(settings.max_renders.max(1))),
            interrupt: interrupt.clone(),
            handle: handle.clone(),
            metrics: metrics.clone(),
            tasks: tasks.clone(),
        };
        let drive = Drive {
            fleet,
            effects,
            store: store.clone(),
            registry: registry.clone(),
            feeds: feeds.clone(),
            watcher: watcher.clone(),
            renders,
            metrics: metrics.clone(),
            tasks: tasks.clone(),
        };
        tasks.spawn("drive", drive.run(inbox));
        let telling = commit_status::Settings {
            source: source.clone(),
            credentials: credentials.clone(),
            store: store.clone(),
            handle: handle.clone(),
            metrics: metrics.clone(),
            tasks: tasks.clone(),
        };
        tasks.spawn("commit status", commit_status::run(telling));
        if let Some(webhooks) = webhooks {
            let context = webhook::Context::new(
                &webhooks.settings,
                credentials.clone(),
                handle.clone(),
                watcher.clone(),
                metrics.clone(),
            );
            let serve = webhook::serve(webhooks.listener, context, webhooks.tls, tasks.clone());
            tasks.spawn("webhooks", serve);
        }
        let watch_settings = watch::Settings {
            source,
            credentials,
            interval: settings.polling_interval,
            max_running: settings.max_polls,
            interrupt,
        };
        let namespace = secrets.namespace().cloned();
        if let Some(namespace) = namespace.clone() {
            let follow =
                secrets::follow(namespace, watcher.clone(), metrics.clone(), tasks.clone());
            tasks.spawn("secrets", follow);
        }
        let watch = watch::run(
            watch_settings,
            watched,
            handle.clone(),
            metrics.clone(),
            tasks.clone(),
        );
        tasks.spawn("watch", async move {
            if let Some(namespace) = namespace {
                // So that a start does not show secrets as missing that are there.
                namespace.asked(secrets::PATIENCE).await;
            }
            watch.await;
        });
        let trust_domain = authority.trust_domain().to_owned();
        let context = stream::Context {
            handle: handle.clone(),
            registry: registry.clone(),
            authority: authority.clone(),
            store: store.clone(),
            bundles: bundles.clone(),
            feeds: feeds.clone(),
            hello: Hello {
                incarnation,
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            metrics: metrics.clone(),
            tasks: tasks.clone(),
        };
        let listen_settings = listen::Settings {
            tls,
            trust_domain,
            max_connections: settings.max_agents,
            metrics: metrics.clone(),
            tasks: tasks.clone(),
        };
        let router = stream::router(Arc::new(context));
        tasks.spawn("agents", listen::serve(agents, router, listen_settings));
        let operators = control::Context {
            handle: handle.clone(),
            watcher,
            store: store.clone(),
            about,
        };
        tasks.spawn(
            "operators",
            control::serve(control, operators, tasks.clone()),
        );
        if let Some(listener) = metrics_listener {
            let serve = metrics::serve(listener, metrics, handle.clone(), feeds, tasks.clone());
            tasks.spawn("metrics", serve);
        }
        let sweeper = Sweeper {
            store,
            registry,
            bundles,
            authority,
            server_key,
            remotes,
            handle: handle.clone(),
        };
        tasks.spawn("sweep", sweeper.run(tasks.clone()));
        Ok((data_dir, handle))
    }
}

fn open(settings: &Settings) -> Result<Opened, Error> {
    let data_dir = DataDir::open(&settings.data_dir)?;
    let path = data_dir.path().to_owned();
    let store = Disk::open(&data_dir, crate::random::bytes())?;
    let blobs = blob::Store::open(&data_dir)?;
    let identity_dir = settings
        .identity_dir
        .clone()
        .unwrap_or_else(|| path.join("identity"));
    let authority = Authority::open(&identity_dir, &settings.trust_domain, clock::now())?;
    let entropy = identity::entropy_secret(&identity_dir).map_err(|source| Error::Entropy {
        path: identity_dir.join("entropy.key"),
        source,
    })?;
    let cache_dir = settings
        .plugin_cache
        .clone()
        .unwrap_or_else(|| path.join("cache"));
    let engine = Engine::new(fleet_plugin::Options {
        cache_dir: Some(cache_dir),
        ..fleet_plugin::Options::default()
    })?;
    let source = Source::open(&path.join("mirrors"), settings.git.clone())?;
    let artifacts = fleet_artifact::Options {
        git: settings.git.clone(),
        ..settings.artifacts.clone()
    };
    let remotes = Remotes::open(&path.join("artifacts"), artifacts)?;
    Ok(Opened {
        data_dir,
        store: Arc::new(store),
        bundles: Arc::new(Bundles::new(blobs)),
        authority: Arc::new(authority),
        entropy: HostEntropy::new(entropy),
        engine,
        source: Arc::new(source),
        remotes: Arc::new(remotes),
    })
}
