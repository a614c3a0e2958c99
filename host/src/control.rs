//! The operators' socket: a Unix socket in the data directory that only the owner of the host may open.
//!
//! JSON over HTTP. `GET /v1/<kind>[/<name>]` shows, `POST /v1/apply` creates and changes, `DELETE /v1/<kind>/<name>`
//! removes, `POST /v1/gitrepos/<name>/poll` looks at a repository at once, `POST /v1/tokens` makes a registration
//! token. The bodies are those of [`crate::api`].

mod admit;
mod show;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Path as Part, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use fleet_core::error::chain;
use fleet_core::name::{ClusterName, GroupName, RepoName};
use fleet_core::resource::Resource;
use fleet_host_plan::fleet::{Event, Fleet};
use fleet_store::Store;
use serde_json::json;
use tokio::net::UnixListener;
use tracing::{error, info, warn};

use crate::api::{
    ApplyOutcome, ApplyRequest, ApplyResponse, ErrorBody, Kind, TokenRequest, TokenResponse,
};
use crate::clock;
use crate::drive::{Handle, Stopped};
use crate::identity::token::{self, Grant, MAX_LIFE};
use crate::tasks::Tasks;
use crate::watch::Watcher;

pub use admit::admit;

/// Largest request, in bytes: 64 MiB holds some ten thousand resources.
const MAX_BODY_BYTES: usize = 64 << 20;

/// The longest path that a Unix socket may have on Linux (`sun_path` has 108 bytes with a final zero).
const MAX_SOCKET_PATH: usize = 107;

/// What the routes need.
pub(crate) struct Context {
    pub(crate) handle: Handle,
    pub(crate) watcher: Watcher,
    pub(crate) store: Arc<dyn Store>,
    /// What does not change while the host runs.
    pub(crate) about: About,
}

/// What is told of the host itself.
#[derive(Clone, Debug)]
pub(crate) struct About {
    pub(crate) incarnation: String,
    pub(crate) agents_url: String,
    pub(crate) ca_pin: String,
    pub(crate) metrics_url: Option<String>,
    pub(crate) webhooks_url: Option<String>,
    pub(crate) data_dir: PathBuf,
    pub(crate) plugins: Option<PathBuf>,
}

/// Opens the socket, readable and writable by its owner only.
///
/// # Errors
/// If the path is too long for a socket, or the system refuses.
pub(crate) fn listen(path: &Path) -> io::Result<UnixListener> {
    if path.as_os_str().len() > MAX_SOCKET_PATH {
        return Err(io::Error::other(format!(
            "the path has more than {MAX_SOCKET_PATH} bytes, which no Unix socket can have; choose a shorter data directory"
        )));
    }
    // The lock on the data directory says that nobody listens on what an earlier process left.
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    // The data directory itself is closed to others (0700), so nobody was faster.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(listener)
}

/// Serves operators until the host stops.
pub(crate) async fn serve(listener: UnixListener, context: Context, tasks: Tasks) {
    let router = Router::new()
        .route("/v1/host", get(show::host))
        .route("/v1/apply", post(apply))
        .route("/v1/tokens", post(create_token))
        .route("/v1/gitrepos", get(show::git_repos))
        .route(
            "/v1/gitrepos/{name}",
            get(show::git_repo).delete(delete_repo),
        )
        .route("/v1/gitrepos/{name}/poll", post(poll))
        .route("/v1/bundles", get(show::bundles))
        .route("/v1/bundles/{name}", get(show::bundle))
        .route("/v1/clusters", get(show::clusters))
        .route(
            "/v1/clusters/{name}",
            get(show::cluster).delete(delete_cluster),
        )
        .route("/v1/clustergroups", get(show::cluster_groups))
        .route(
            "/v1/clustergroups/{name}",
            get(show::cluster_group).merge(delete(delete_group)),
        )
        .route("/v1/deployments", get(show::deployments))
        .route("/v1/deployments/{cluster}/{bundle}", get(show::deployment))
        .fallback(async || Refusal::new(StatusCode::NOT_FOUND, "the host knows no such route"))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .with_state(Arc::new(context));
    let stop = tasks.stop().clone();
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = served.await {
        warn!(%error, "the operators' socket ended");
    }
}

/// Why a request is not carried out.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    body: ErrorBody,
}

impl Refusal {
    fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            body: ErrorBody {
                error: error.into(),
                hint: None,
            },
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.body.hint = Some(hint.into());
        self
    }

    fn not_found(kind: Kind, name: &str) -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            format!("there is no {kind:?} `{name}`"),
        )
        .hint(format!("`fleet get {}` lists all there are", kind.plural()))
    }

    fn bad_name(error: &fleet_core::name::ParseError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.to_string())
    }
}

impl From<Stopped> for Refusal {
    fn from(stopped: Stopped) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, stopped.to_string())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.body)).into_response()
    }
}

async fn apply(
    State(context): State<Arc<Context>>,
    Json(request): Json<ApplyRequest>,
) -> Result<Json<ApplyResponse>, Refusal> {
    let ApplyRequest { resources, dry_run } = request;
    let decide = move |fleet: &Fleet, _| {
        let mut events = Vec::new();
        let outcomes = resources
            .into_iter()
            .map(|resource| match admit::admit(fleet, &resource) {
                Ok(outcome) => {
                    if outcome != ApplyOutcome::Unchanged {
                        events.push(set(resource));
                    }
                    outcome
                }
                Err(refused) => ApplyOutcome::Refused(refused),
            })
            .collect();
        if dry_run {
            events.clear();
        }
        (ApplyResponse { outcomes }, events)
    };
    let response = context.handle.change(decide).await?;
    let n_changed = response
        .outcomes
        .iter()
        .filter(|o| matches!(o, ApplyOutcome::Created | ApplyOutcome::Configured))
        .count();
    if n_changed > 0 && !dry_run {
        info!(n_changed, "resources applied");
    }
    Ok(Json(response))
}

fn set(resource: Resource) -> Event {
    match resource {
        Resource::GitRepo(repo) => Event::RepoSet(Box::new(repo)),
        Resource::Cluster(cluster) => Event::ClusterSet(Box::new(cluster)),
        Resource::ClusterGroup(group) => Event::GroupSet(Box::new(group)),
    }
}

async fn delete_repo(
    State(context): State<Arc<Context>>,
    Part(name): Part<String>,
) -> Result<Json<serde_json::Value>, Refusal> {
    let parsed = RepoName::parse(&name).map_err(|error| Refusal::bad_name(&error))?;
    let known = move |fleet: &Fleet| {
        let known = fleet.repo(&parsed).is_some();
        (known, Event::RepoDeleted(parsed))
    };
    remove(&context, Kind::GitRepo, name, known).await
}

async fn delete_cluster(
    State(context): State<Arc<Context>>,
    Part(name): Part<String>,
) -> Result<Json<serde_json::Value>, Refusal> {
    let parsed = ClusterName::parse(&name).map_err(|error| Refusal::bad_name(&error))?;
    let known = move |fleet: &Fleet| {
        let known = fleet.cluster(&parsed).is_some();
        (known, Event::ClusterDeleted(parsed))
    };
    remove(&context, Kind::Cluster, name, known).await
}

async fn delete_group(
    State(context): State<Arc<Context>>,
    Part(name): Part<String>,
) -> Result<Json<serde_json::Value>, Refusal> {
    let parsed = GroupName::parse(&name).map_err(|error| Refusal::bad_name(&error))?;
    let known = move |fleet: &Fleet| {
        let known = fleet.group(&parsed).is_some();
        (known, Event::GroupDeleted(parsed))
    };
    remove(&context, Kind::ClusterGroup, name, known).await
}

async fn remove(
    context: &Context,
    kind: Kind,
    name: String,
    known: impl FnOnce(&Fleet) -> (bool, Event) + Send + 'static,
) -> Result<Json<serde_json::Value>, Refusal> {
    let decide = move |fleet: &Fleet, _| {
        let (known, event) = known(fleet);
        (known, known.then_some(event).into_iter().collect())
    };
    if !context.handle.change(decide).await? {
        return Err(Refusal::not_found(kind, &name));
    }
    info!(kind = ?kind, name, "resource deleted");
    Ok(Json(json!({ "deleted": name })))
}

async fn poll(
    State(context): State<Arc<Context>>,
    Part(name): Part<String>,
) -> Result<Json<serde_json::Value>, Refusal> {
    let repo = RepoName::parse(&name).map_err(|error| Refusal::bad_name(&error))?;
    let asked = repo.clone();
    let known = context
        .handle
        .ask(move |fleet, _| fleet.repo(&asked).is_some())
        .await?;
    if !known {
        return Err(Refusal::not_found(Kind::GitRepo, &name));
    }
    context.watcher.wake(repo);
    Ok(Json(json!({ "woken": name })))
}

async fn create_token(
    State(context): State<Arc<Context>>,
    Json(request): Json<TokenRequest>,
) -> Result<Json<TokenResponse>, Refusal> {
    let cluster = ClusterName::parse(request.cluster).map_err(|error| Refusal::bad_name(&error))?;
    admit::labels("labels", &request.labels)
        .map_err(|error| Refusal::new(StatusCode::BAD_REQUEST, error.error))?;
    if request.ttl_seconds == 0 || Duration::from_secs(request.ttl_seconds) > MAX_LIFE {
        let message = "a token holds for at least one second and at most 30 days";
        return Err(Refusal::new(StatusCode::BAD_REQUEST, message));
    }
    let name = cluster.clone();
    let known = context
        .handle
        .ask(move |fleet, _| fleet.cluster(&name).is_some())
        .await?;
    let expires = clock::now() + request.ttl_seconds;
    let grant = Grant {
        cluster: cluster.clone(),
        namespace: request.namespace,
        labels: request.labels,
        accept_labels: request.accept_labels,
        expires,
    };
    let store = context.store.clone();
    let made = tokio::task::spawn_blocking(move || token::create(&*store, grant)).await;
    let token = match made {
        Ok(Ok(token)) => token,
        Ok(Err(error)) => {
            error!(error = chain(&error), "could not keep a token");
            let message = format!("could not keep the token: {}", chain(&error));
            return Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message));
        }
        Err(error) => {
            let message = error.to_string();
            return Err(Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, message));
        }
    };
    info!(%cluster, ttl_seconds = request.ttl_seconds, "registration token made");
    Ok(Json(TokenResponse {
        token: token.reveal().clone(),
        expires: clock::rfc3339(expires),
        agents_url: context.about.agents_url.clone(),
        ca_pin: context.about.ca_pin.clone(),
        known,
    }))
}
