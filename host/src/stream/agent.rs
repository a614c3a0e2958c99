//! Who asks: the client certificate, checked against the register.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use fleet_core::error::chain;
use fleet_core::name::ClusterName;
use fleet_host_plan::fleet::Now;
use tracing::{info, warn};

use super::{Context, Refusal};
use crate::clock;
use crate::identity::Peer;
use crate::identity::registry::Verdict;

/// An agent that is known, as an argument of a route.
#[derive(Clone, Debug)]
pub(crate) struct Agent {
    /// Its cluster.
    pub(crate) cluster: ClusterName,
    /// When its certificate ends.
    pub(crate) expires: Now,
}

/// What the TLS layer found, put into each request of a connection.
#[derive(Clone, Debug)]
pub(crate) struct Connection(pub(crate) Option<Arc<Peer>>);

impl FromRequestParts<Arc<Context>> for Agent {
    type Rejection = Refusal;

    async fn from_request_parts(
        parts: &mut Parts,
        context: &Arc<Context>,
    ) -> Result<Self, Refusal> {
        let connection = parts.extensions.get::<Connection>();
        let peer = connection.and_then(|connection| connection.0.clone());
        let peer = peer.ok_or_else(|| {
            Refusal::new(
                StatusCode::UNAUTHORIZED,
                "this route wants a client certificate of this host",
            )
            .hint("enrol first: `POST /v1/enrol`")
        })?;
        match context.registry.check(&peer, clock::now()) {
            Verdict::Known => {}
            Verdict::Unbound => take(context, &peer).await?,
            Verdict::Refused => return Err(Refusal::not_registered()),
            Verdict::Expired => {
                let message = "the client certificate has ended";
                return Err(Refusal::new(StatusCode::UNAUTHORIZED, message)
                    .hint("connect without it and enrol again with the same key"));
            }
        }
        Ok(Self {
            cluster: peer.cluster.clone(),
            expires: peer.expires,
        })
    }
}

/// Takes the key of a certificate that this host's authority once signed, for a cluster that exists and has none.
async fn take(context: &Arc<Context>, peer: &Arc<Peer>) -> Result<(), Refusal> {
    let cluster = peer.cluster.clone();
    let exists = context
        .handle
        .ask(move |fleet, _| fleet.cluster(&cluster).is_some())
        .await?;
    if !exists {
        return Err(Refusal::not_registered());
    }
    let (registry, bound) = (context.registry.clone(), peer.clone());
    let bind = move || registry.bind(&bound.cluster, bound.key, clock::now(), Vec::new());
    match tokio::task::spawn_blocking(bind).await {
        Ok(Ok(_)) => {
            info!(cluster = %peer.cluster, "took the key of an agent that the store did not know");
            Ok(())
        }
        Ok(Err(error)) => {
            warn!(cluster = %peer.cluster, error = chain(&error), "could not keep a key");
            Err(Refusal::internal())
        }
        Err(_) => Err(Refusal::internal()),
    }
}
