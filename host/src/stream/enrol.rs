//! `POST /v1/enrol` and `POST /v1/renew`: a public key becomes a client certificate.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use fleet_core::digest::Digest;
use fleet_core::error::chain;
use fleet_core::name::ClusterName;
use fleet_core::resource::{API_VERSION, Cluster, ClusterSpec, Metadata};
use fleet_core::wire::{AgentInfo, EnrolRequest, EnrolResponse, Report};
use fleet_host_plan::fleet::{Event, Fleet};
use tracing::{error, info, warn};

use super::agent::Agent;
use super::{Context, Refusal, body};
use crate::clock;
use crate::identity::authority::{RENEW_AFTER, Request};
use crate::identity::token::{self, Found, Grant};
use crate::metrics::Outcome;

/// An agent's first contact, or its return with a key that is known.
pub(crate) async fn enrol(
    State(context): State<Arc<Context>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<EnrolResponse>, Refusal> {
    let result = try_enrol(&context, &headers, body).await;
    let word = match &result {
        Ok(_) => "ok",
        Err(_) => "refused",
    };
    context
        .metrics
        .enrolments
        .get_or_create(&Outcome::word(word))
        .inc();
    result
}

async fn try_enrol(
    context: &Arc<Context>,
    headers: &HeaderMap,
    body: Body,
) -> Result<Json<EnrolResponse>, Refusal> {
    let request: EnrolRequest = body::json(headers, body).await?;
    let csr = read_csr(context, request.csr).await?;
    let key = csr.key;
    let cluster = match context.registry.cluster_of(&key) {
        // It has shown that it has the private key; a token would say nothing more.
        Some(cluster) => cluster,
        None => register(context, headers, key, request.labels).await?,
    };
    let about = request.about;
    if about != AgentInfo::default() {
        tell_about(context, &cluster, about).await?;
    }
    let signed = sign(context, csr, cluster.clone()).await?;
    info!(%cluster, "agent enrolled");
    Ok(signed)
}

/// A new certificate while the old one still holds.
pub(crate) async fn renew(
    State(context): State<Arc<Context>>,
    agent: Agent,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<EnrolResponse>, Refusal> {
    let request: EnrolRequest = body::json(&headers, body).await?;
    let csr = read_csr(&context, request.csr).await?;
    if context.registry.cluster_of(&csr.key).as_ref() != Some(&agent.cluster) {
        bind(&context, agent.cluster.clone(), csr.key, None).await?;
        info!(cluster = %agent.cluster, "agent changed its key");
    }
    sign(&context, csr, agent.cluster).await
}

async fn register(
    context: &Arc<Context>,
    headers: &HeaderMap,
    key: Digest,
    labels: BTreeMap<String, String>,
) -> Result<ClusterName, Refusal> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| {
            let message = "this key is not known here, and no registration token came along";
            Refusal::new(StatusCode::UNAUTHORIZED, message)
                .hint("make one with `fleet token create --cluster NAME`")
        })?
        .trim()
        .to_owned();
    let store = context.store.clone();
    let find = move || token::find(&*store, &token, clock::now());
    let found = match tokio::task::spawn_blocking(find).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            error!(error = chain(&error), "could not look a token up");
            return Err(Refusal::internal());
        }
        Err(_) => return Err(Refusal::internal()),
    };
    let found = found.ok_or_else(bad_token)?;
    let cluster = found.grant.cluster.clone();
    let grant = found.grant.clone();
    context
        .handle
        .change(move |fleet, _| ((), wanted_cluster(fleet, &grant, labels)))
        .await?;
    bind(context, cluster.clone(), key, Some(&found)).await?;
    Ok(cluster)
}

/// The cluster as a token wants it: made if it is not there, with the token's labels in any case.
fn wanted_cluster(fleet: &Fleet, grant: &Grant, asked: BTreeMap<String, String>) -> Vec<Event> {
    let mut cluster = match fleet.cluster(&grant.cluster) {
        Some(record) => record.resource.clone(),
        None => {
            let mut metadata = Metadata::named(grant.cluster.clone());
            metadata.namespace.clone_from(&grant.namespace);
            Cluster {
                api_version: API_VERSION.to_owned(),
                metadata,
                spec: ClusterSpec::default(),
            }
        }
    };
    if grant.accept_labels {
        cluster.metadata.labels.extend(asked);
    }
    cluster.metadata.labels.extend(grant.labels.clone());
    vec![Event::ClusterSet(Box::new(cluster))]
}

/// What an agent knows of its cluster counts from the start: the first render needs the Kubernetes version.
async fn tell_about(
    context: &Arc<Context>,
    cluster: &ClusterName,
    about: AgentInfo,
) -> Result<(), Refusal> {
    let report = Report {
        about: Some(about),
        ..Report::default()
    };
    let event = Event::Reported(cluster.clone(), Box::new(report));
    Ok(context.handle.tell(event).await?)
}

async fn bind(
    context: &Arc<Context>,
    cluster: ClusterName,
    key: Digest,
    token: Option<&Found>,
) -> Result<(), Refusal> {
    let registry = context.registry.clone();
    let also = token.map(Found::use_up).into_iter().collect();
    let (name, feeds) = (cluster.clone(), context.feeds.clone());
    let bind = move || registry.bind(&name, key, clock::now(), also);
    match tokio::task::spawn_blocking(bind).await {
        Ok(Ok(replaced)) => {
            if replaced {
                warn!(%cluster, "another key was registered for this cluster; the agent with the old one is out");
                feeds.expel(&cluster);
            }
            Ok(())
        }
        // Two agents with one token: the other one was faster.
        Ok(Err(fleet_store::Error::Conflict { .. })) => Err(bad_token()),
        Ok(Err(error)) => {
            error!(%cluster, error = chain(&error), "could not keep a key");
            Err(Refusal::internal())
        }
        Err(_) => Err(Refusal::internal()),
    }
}

fn bad_token() -> Refusal {
    let message = "the registration token is not known, was used, or has ended";
    Refusal::new(StatusCode::UNAUTHORIZED, message)
        .hint("make another one with `fleet token create --cluster NAME`")
}

async fn read_csr(context: &Arc<Context>, pem: String) -> Result<Request, Refusal> {
    let authority = context.authority.clone();
    match tokio::task::spawn_blocking(move || authority.read_request(&pem)).await {
        Ok(Ok(request)) => Ok(request),
        Ok(Err(error)) => Err(Refusal::new(StatusCode::BAD_REQUEST, chain(&error))),
        Err(_) => Err(Refusal::internal()),
    }
}

async fn sign(
    context: &Arc<Context>,
    request: Request,
    cluster: ClusterName,
) -> Result<Json<EnrolResponse>, Refusal> {
    let (authority, name) = (context.authority.clone(), cluster.clone());
    let sign = move || authority.sign(&request, &name, clock::now());
    let signed = tokio::task::spawn_blocking(sign).await;
    let signed = match signed {
        Ok(Ok(signed)) => signed,
        Ok(Err(error)) => {
            error!(%cluster, error = chain(&error), "could not sign a certificate");
            return Err(Refusal::internal());
        }
        Err(_) => return Err(Refusal::internal()),
    };
    Ok(Json(EnrolResponse {
        cluster,
        certificate: signed.pem,
        ca: context.authority.pem().to_owned(),
        renew_after_seconds: RENEW_AFTER,
    }))
}

#[cfg(test)]
mod tests {
    use fleet_core::wire::Incarnation;

    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    }

    fn grant(accept_labels: bool) -> Grant {
        Grant {
            cluster: ClusterName::parse("edge-1").unwrap(),
            namespace: "fleet-default".to_owned(),
            labels: labels(&[("env", "dev")]),
            accept_labels,
            expires: 0,
        }
    }

    /// An agent that could choose its labels could choose what it is sent, secrets of other teams too.
    #[test]
    fn the_token_decides_about_labels() {
        let (mut fleet, _) = Fleet::new(Incarnation("i".to_owned()), Vec::new());
        let asked = || labels(&[("env", "prod"), ("zone", "a")]);
        let set = |fleet: &Fleet, accept| match wanted_cluster(fleet, &grant(accept), asked()).pop()
        {
            Some(Event::ClusterSet(cluster)) => *cluster,
            other => panic!("{other:?}"),
        };
        let closed = set(&fleet, false);
        assert_eq!(closed.metadata.labels, labels(&[("env", "dev")]));
        let open = set(&fleet, true);
        assert_eq!(
            open.metadata.labels,
            labels(&[("env", "dev"), ("zone", "a")])
        );
        // What an operator gave the cluster before stays.
        let mut known = closed;
        known.metadata.labels = labels(&[("owner", "me"), ("env", "test")]);
        fleet.step(Event::ClusterSet(Box::new(known)), 0);
        assert_eq!(
            set(&fleet, false).metadata.labels,
            labels(&[("env", "dev"), ("owner", "me")])
        );
    }
}
