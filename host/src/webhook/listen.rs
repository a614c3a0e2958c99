//! The webhooks' listener: HTTP/1.1, with TLS or without, and a bound on everything that a stranger could hold open.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tower_service::Service as _;
use tracing::debug;

use super::{Context, Source, Tls, router};
use crate::listen::{self, accept};
use crate::metrics::{Metrics, Outcome};
use crate::tasks::Tasks;

/// Connections at the same time; forges and ingresses use a few.
const MAX_CONNECTIONS: usize = 256;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How long a peer may take to send the head of a request, and a connection may rest.
const HEAD: Duration = Duration::from_secs(15);

/// How long a connection lasts.
const LIFE: Duration = Duration::from_secs(300);

/// How long connections may finish what they are at when the host stops.
const FAREWELL: Duration = Duration::from_secs(2);

/// Largest head of a request, in bytes.
const MAX_HEAD_BYTES: usize = 16 << 10;

/// Most headers of a request; Gitea sends some thirty, an ingress adds a dozen.
const MAX_HEADERS: usize = 100;

/// Accepts webhooks until the host stops.
pub(crate) async fn serve(
    socket: TcpListener,
    context: Context,
    tls: Option<Arc<Tls>>,
    tasks: Tasks,
) {
    let connections = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let metrics = context.metrics.clone();
    let router = router(Arc::new(context));
    while let Some((stream, peer)) = accept(&socket, &tasks).await {
        let Ok(permit) = connections.clone().try_acquire_owned() else {
            refused(&metrics, "full");
            continue;
        };
        let connection = Connection {
            source: peer.ip(),
            router: router.clone(),
            metrics: metrics.clone(),
            tasks: tasks.clone(),
            _permit: permit,
        };
        tasks.spawn_contained("webhooks", connection.run(stream, tls.clone()));
    }
}

struct Connection {
    source: IpAddr,
    router: Router,
    metrics: Arc<Metrics>,
    tasks: Tasks,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    async fn run(self, stream: TcpStream, tls: Option<Arc<Tls>>) {
        // Answers are one small packet; a system that does not know this waits a little.
        let _ = stream.set_nodelay(true);
        let Some(tls) = tls else {
            return self.serve(stream).await;
        };
        let acceptor = tls.acceptor().await;
        match timeout(HANDSHAKE, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.serve(stream).await,
            Ok(Err(error)) => {
                debug!(%error, "handshake failed");
                refused(&self.metrics, "handshake");
            }
            Err(_) => refused(&self.metrics, "handshake"),
        }
    }

    async fn serve(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let source = Source(self.source);
        let service = service_fn(|mut request: Request<Incoming>| {
            request.extensions_mut().insert(source);
            self.router.clone().call(request.map(Body::new))
        });
        let served = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .max_buf_size(MAX_HEAD_BYTES)
            .max_headers(MAX_HEADERS)
            .serve_connection(TokioIo::new(stream), service);
        let life = tokio::time::sleep(LIFE);
        listen::serve(served, life, &self.tasks, FAREWELL).await;
    }
}

fn refused(metrics: &Metrics, why: &'static str) {
    let refused = &metrics.webhook_connections_refused;
    refused.get_or_create(&Outcome::word(why)).inc();
}
