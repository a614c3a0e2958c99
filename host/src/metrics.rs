//! What is counted and measured, and the listener that shows it: `/metrics`, `/healthz`, `/readyz`.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use fleet_core::problem::Reason;
use fleet_core::state::State as DeploymentState;
use fleet_host_plan::view::Counts;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};
use tokio::net::TcpListener;
use tracing::warn;

use crate::drive::Handle;
use crate::stream::feed::Feeds;
use crate::tasks::Tasks;

/// How long the loop may take to answer before the host counts as not well.
const PATIENCE: Duration = Duration::from_secs(5);

/// How something ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Outcome {
    outcome: &'static str,
}

impl Outcome {
    /// `ok`, or the word of what went wrong.
    pub(crate) fn of(reason: Option<Reason>) -> Self {
        Self {
            outcome: reason.map_or("ok", Reason::as_str),
        }
    }

    /// One of a few words of the caller's.
    pub(crate) fn word(outcome: &'static str) -> Self {
        Self { outcome }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ByState {
    state: String,
}

/// What is counted and measured.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) git_polls: Family<Outcome, Counter>,
    pub(crate) commit_statuses: Family<Outcome, Counter>,
    pub(crate) render_seconds: Histogram,
    pub(crate) commit_seconds: Histogram,
    pub(crate) enrolments: Family<Outcome, Counter>,
    pub(crate) reports: Family<Outcome, Counter>,
    pub(crate) connections: Gauge,
    pub(crate) connections_refused: Family<Outcome, Counter>,
    pub(crate) webhooks: Family<Outcome, Counter>,
    pub(crate) webhook_connections_refused: Family<Outcome, Counter>,
    pub(crate) secrets: Gauge,
    pub(crate) secrets_away: Gauge,
    pub(crate) secrets_failures: Counter,
    streams: Gauge,
    repos: Gauge,
    repos_with_problems: Gauge,
    bundles: Gauge,
    clusters: Gauge,
    clusters_connected: Gauge,
    deployments: Family<ByState, Gauge>,
    deployments_blocked: Gauge,
}

impl Metrics {
    /// Everything at zero.
    pub(crate) fn new() -> Self {
        // From half a millisecond to some minutes, each four times the one before.
        let histogram = || Histogram::new((0..10).map(|n| 0.0005 * 4f64.powi(n)));
        let mut metrics = Self {
            registry: Registry::with_prefix("fleet"),
            git_polls: Family::default(),
            commit_statuses: Family::default(),
            render_seconds: histogram(),
            commit_seconds: histogram(),
            enrolments: Family::default(),
            reports: Family::default(),
            connections: Gauge::default(),
            connections_refused: Family::default(),
            webhooks: Family::default(),
            webhook_connections_refused: Family::default(),
            secrets: Gauge::default(),
            secrets_away: Gauge::default(),
            secrets_failures: Counter::default(),
            streams: Gauge::default(),
            repos: Gauge::default(),
            repos_with_problems: Gauge::default(),
            bundles: Gauge::default(),
            clusters: Gauge::default(),
            clusters_connected: Gauge::default(),
            deployments: Family::default(),
            deployments_blocked: Gauge::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", build);
        registry.register(
            "git_polls",
            "Looks at repositories, by how they ended",
            self.git_polls.clone(),
        );
        registry.register(
            "commit_statuses",
            "Marks of commits that forges were to be told, by how that ended",
            self.commit_statuses.clone(),
        );
        registry.register_with_unit(
            "render",
            "Time to render one commit for all its clusters",
            Unit::Seconds,
            self.render_seconds.clone(),
        );
        registry.register_with_unit(
            "store_commit",
            "Time to make changes durable",
            Unit::Seconds,
            self.commit_seconds.clone(),
        );
        registry.register(
            "enrolments",
            "Agents that asked to be registered, by how it ended",
            self.enrolments.clone(),
        );
        registry.register(
            "reports",
            "Reports of agents, by how they were taken",
            self.reports.clone(),
        );
        registry.register(
            "agent_connections",
            "Connections on the agents' listener",
            self.connections.clone(),
        );
        registry.register(
            "agent_connections_refused",
            "Connections that were closed before they could ask for anything",
            self.connections_refused.clone(),
        );
        registry.register(
            "webhooks",
            "Webhooks of forges, by what became of them",
            self.webhooks.clone(),
        );
        registry.register(
            "webhook_connections_refused",
            "Connections on the webhooks' listener that were closed before they could ask for anything",
            self.webhook_connections_refused.clone(),
        );
        registry.register(
            "secrets_watch_failures",
            "Attempts to read the Secrets of the namespace that failed",
            self.secrets_failures.clone(),
        );
        for (name, help, gauge) in [
            (
                "secrets",
                "Secrets of the namespace that are held",
                &self.secrets,
            ),
            (
                "secrets_away",
                "Whether what is held of them may be old, since the API server cannot be asked",
                &self.secrets_away,
            ),
            (
                "agent_streams",
                "Clusters whose agent listens",
                &self.streams,
            ),
            ("gitrepos", "GitRepos", &self.repos),
            (
                "gitrepos_with_problems",
                "GitRepos that have a problem",
                &self.repos_with_problems,
            ),
            ("bundles", "Bundles", &self.bundles),
            ("clusters", "Registered clusters", &self.clusters),
            (
                "clusters_connected",
                "Clusters with an open stream",
                &self.clusters_connected,
            ),
            (
                "deployments_blocked",
                "Deployments whose newest content is held back",
                &self.deployments_blocked,
            ),
        ] {
            registry.register(name, help, gauge.clone());
        }
        registry.register(
            "deployments",
            "Deployments by state",
            self.deployments.clone(),
        );
    }

    /// All metrics as OpenMetrics text.
    fn text(&self, counts: &Counts, n_streams: usize) -> String {
        let value = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        self.streams
            .set(i64::try_from(n_streams).unwrap_or(i64::MAX));
        self.repos.set(value(counts.repos));
        self.repos_with_problems
            .set(value(counts.repos_with_problems));
        self.bundles.set(value(counts.bundles));
        self.clusters.set(value(counts.clusters));
        self.clusters_connected.set(value(counts.connected));
        self.deployments_blocked.set(value(counts.blocked));
        for state in [
            DeploymentState::Ready,
            DeploymentState::NotReady,
            DeploymentState::Pending,
            DeploymentState::OutOfSync,
            DeploymentState::Modified,
            DeploymentState::WaitApplied,
            DeploymentState::ErrApplied,
        ] {
            let n = counts.deployments.states.get(&state).copied();
            self.deployments
                .get_or_create(&ByState {
                    state: state.to_string(),
                })
                .set(value(n.unwrap_or_default()));
        }
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = text::encode(&mut text, &self.registry);
        text
    }
}

#[derive(Clone)]
struct Context {
    metrics: Arc<Metrics>,
    handle: Handle,
    feeds: Feeds,
    tasks: Tasks,
}

/// Serves metrics and health until the host stops.
pub(crate) async fn serve(
    listener: TcpListener,
    metrics: Arc<Metrics>,
    handle: Handle,
    feeds: Feeds,
    tasks: Tasks,
) {
    let context = Context {
        metrics,
        handle,
        feeds,
        tasks: tasks.clone(),
    };
    let router = Router::new()
        .route("/metrics", get(metrics_text))
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .with_state(context);
    let stop = tasks.stop().clone();
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = served.await {
        warn!(%error, "the metrics listener ended");
    }
}

async fn metrics_text(State(context): State<Context>) -> Response {
    let counts = context.handle.ask(|fleet, _| fleet.counts());
    match tokio::time::timeout(PATIENCE, counts).await {
        Ok(Ok(counts)) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            let text = context.metrics.text(&counts, context.feeds.n_listening());
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        _ => unwell("the loop does not answer"),
    }
}

/// Whether the loop answers at all: if it does not, a restart may help.
async fn healthz(State(context): State<Context>) -> Response {
    match tokio::time::timeout(PATIENCE, context.handle.ask(|_, _| ())).await {
        Ok(Ok(())) => "ok\n".into_response(),
        Ok(Err(_)) => unwell("the host is stopping"),
        Err(_) => unwell("the loop does not answer"),
    }
}

/// Whether agents and operators should be sent here.
async fn readyz(State(context): State<Context>) -> Response {
    if context.tasks.stop().is_cancelled() {
        return unwell("the host is stopping");
    }
    healthz(State(context)).await
}

fn unwell(why: &'static str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response()
}

#[cfg(test)]
mod tests {
    use fleet_core::state::Summary;

    use super::*;

    #[test]
    fn names_and_labels_are_those_of_the_documentation() {
        let metrics = Metrics::new();
        metrics.git_polls.get_or_create(&Outcome::of(None)).inc();
        metrics
            .git_polls
            .get_or_create(&Outcome::of(Some(Reason::GitUnreachable)))
            .inc();
        metrics.render_seconds.observe(0.3);
        let counts = Counts {
            repos: 1,
            deployments: Summary::of([DeploymentState::Ready, DeploymentState::ErrApplied]),
            ..Counts::default()
        };
        let text = metrics.text(&counts, 2);
        for line in [
            "fleet_git_polls_total{outcome=\"ok\"} 1",
            "fleet_git_polls_total{outcome=\"GitUnreachable\"} 1",
            "fleet_render_seconds_count 1",
            "fleet_agent_streams 2",
            "fleet_gitrepos 1",
            "fleet_deployments{state=\"ErrApplied\"} 1",
            "fleet_deployments{state=\"Modified\"} 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line}\n{text}");
        }
    }
}
