//! What agents dial: enrolment, the stream, desired states, bundles and reports, over mutual TLS.
//!
//! Each request is checked against the [`crate::identity::registry`]: an agent reads its own desired state, the
//! bundles that this state names, and writes its own reports.

pub(crate) mod feed;
pub(crate) mod listen;

mod agent;
mod blobs;
mod body;
mod enrol;
mod lines;
mod refusal;
mod reports;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use fleet_core::digest::Digest;
use fleet_core::wire::Hello;
use fleet_store::Store;
use serde::Deserialize;

use crate::bundles;
use crate::drive::Handle;
use crate::identity::authority::Authority;
use crate::identity::registry::Registry;
use crate::metrics::Metrics;
use crate::tasks::Tasks;
use agent::Agent;
use feed::Feeds;
use refusal::Refusal;

/// The longest that a long poll may ask to wait, in seconds.
const MAX_WAIT: u64 = 60;

/// What the routes need.
pub(crate) struct Context {
    pub(crate) handle: Handle,
    pub(crate) registry: Registry,
    pub(crate) authority: Arc<Authority>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) bundles: bundles::Shared,
    pub(crate) feeds: Feeds,
    pub(crate) hello: Hello,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) tasks: Tasks,
}

/// All routes of the agents' listener.
pub(crate) fn router(context: Arc<Context>) -> Router {
    Router::new()
        .route("/v1/enrol", post(enrol::enrol))
        .route("/v1/renew", post(enrol::renew))
        .route("/v1/stream", get(stream))
        .route("/v1/desired", get(desired))
        .route("/v1/blobs/{digest}", get(blobs::blob))
        .route("/v1/reports", post(reports::report))
        .fallback(async || Refusal::new(StatusCode::NOT_FOUND, "there is no such route"))
        .method_not_allowed_fallback(async || {
            Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "the route does not know this method",
            )
        })
        .with_state(context)
}

#[derive(Deserialize)]
struct StreamQuery {
    /// Digest of the desired state that the agent has.
    digest: Option<Digest>,
    /// Seconds after which the answer ends, for proxies that hold answers back until they are whole.
    wait: Option<u64>,
}

async fn stream(
    State(context): State<Arc<Context>>,
    agent: Agent,
    Query(query): Query<StreamQuery>,
) -> Result<Response, Refusal> {
    let wait = query.wait.map(|wait| wait.clamp(1, MAX_WAIT));
    let lines = lines::Lines::open(&context, agent, query.digest, wait).await?;
    let mut headers = HeaderMap::new();
    for (name, value) in [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // nginx holds answers back otherwise.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    let body = Body::from_stream(futures::stream::unfold(lines, lines::Lines::next));
    Ok((headers, body).into_response())
}

async fn desired(
    State(context): State<Arc<Context>>,
    agent: Agent,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let cluster = agent.cluster;
    let desired = context
        .handle
        .ask(move |fleet, _| fleet.desired(&cluster))
        .await?
        .ok_or_else(Refusal::not_registered)?;
    let (bytes, digest) = desired.encode();
    let tag = format!("\"{digest}\"");
    let same = |value: &HeaderValue| value.as_bytes() == tag.as_bytes();
    if headers.get(header::IF_NONE_MATCH).is_some_and(same) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let kind = "application/json".to_owned();
    let headers = [(header::ETAG, tag), (header::CONTENT_TYPE, kind)];
    Ok((headers, bytes).into_response())
}
