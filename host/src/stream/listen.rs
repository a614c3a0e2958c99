//! The agents' listener: TCP, TLS, HTTP/2 or HTTP/1.1, with a bound on everything that a stranger could hold open.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower_service::Service as _;
use tracing::debug;

use super::agent::Connection;
use crate::identity::Peer;
use crate::listen::{self, accept};
use crate::metrics::{Metrics, Outcome};
use crate::tasks::Tasks;

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// How many handshakes run at the same time: each costs half a millisecond of CPU, and a fleet that comes back all
/// at once must not starve those who are in.
const MAX_HANDSHAKES: usize = 256;

/// How long a connection without a client certificate may last: enough to enrol.
const ANONYMOUS: Duration = Duration::from_secs(60);

/// How long a peer may take to send the head of a request, and an HTTP/1.1 connection may rest.
const HEAD: Duration = Duration::from_secs(60);

/// Largest head of a request, in bytes.
const MAX_HEAD_BYTES: u32 = 16 << 10;

/// Requests at the same time on one connection: a stream, a report and some bundles.
const MAX_REQUESTS: u32 = 32;

/// Pings on HTTP/2, and how long their answer may take.
const PING: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(10));

/// How long connections may finish what they are at when the host stops.
const FAREWELL: Duration = Duration::from_secs(5);

/// What the listener needs.
pub(crate) struct Settings {
    pub(crate) tls: ServerConfig,
    pub(crate) trust_domain: String,
    pub(crate) max_connections: usize,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) tasks: Tasks,
}

struct Listener {
    tls: TlsAcceptor,
    http: auto::Builder<TokioExecutor>,
    router: Router,
    handshakes: Semaphore,
    settings: Settings,
}

/// Accepts agents until the host stops.
pub(crate) async fn serve(socket: TcpListener, router: Router, settings: Settings) {
    let connections = Arc::new(Semaphore::new(settings.max_connections));
    let tasks = settings.tasks.clone();
    let listener = Arc::new(Listener {
        tls: TlsAcceptor::from(Arc::new(settings.tls.clone())),
        http: http(),
        router,
        handshakes: Semaphore::new(MAX_HANDSHAKES),
        settings,
    });
    while let Some((stream, _)) = accept(&socket, &tasks).await {
        let Ok(permit) = connections.clone().try_acquire_owned() else {
            listener.refused("full");
            continue;
        };
        let listener = listener.clone();
        tasks.spawn_contained("connection", async move {
            listener.connection(stream, permit).await
        });
    }
}

fn http() -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(MAX_HEAD_BYTES as usize);
    http.http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING.0)
        .keep_alive_timeout(PING.1)
        .max_concurrent_streams(MAX_REQUESTS)
        .max_header_list_size(MAX_HEAD_BYTES);
    http
}

impl Listener {
    async fn connection(&self, stream: TcpStream, _permit: OwnedSemaphorePermit) {
        keep_alive(&stream);
        let Ok(stream) = timeout(HANDSHAKE, self.handshake(stream)).await else {
            self.refused("handshake");
            return;
        };
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => {
                debug!(%error, "handshake failed");
                self.refused("handshake");
                return;
            }
        };
        let peer = stream
            .get_ref()
            .1
            .peer_certificates()
            .and_then(|chain| chain.first())
            .and_then(|leaf| Peer::read(leaf, &self.settings.trust_domain))
            .map(Arc::new);
        let anonymous = peer.is_none();
        let connection = Connection(peer);
        let service = service_fn(|mut request: Request<Incoming>| {
            request.extensions_mut().insert(connection.clone());
            self.router.clone().call(request.map(Body::new))
        });
        let served = self.http.serve_connection(TokioIo::new(stream), service);
        self.settings.metrics.connections.inc();
        let limit = async {
            if anonymous {
                tokio::time::sleep(ANONYMOUS).await;
            } else {
                std::future::pending().await
            }
        };
        listen::serve(served, limit, &self.settings.tasks, FAREWELL).await;
        self.settings.metrics.connections.dec();
    }

    async fn handshake(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        let _turn = self
            .handshakes
            .acquire()
            .await
            .map_err(std::io::Error::other)?;
        self.tls.accept(stream).await
    }

    fn refused(&self, why: &'static str) {
        let refused = &self.settings.metrics.connections_refused;
        refused.get_or_create(&Outcome::word(why)).inc();
    }
}

/// Peers that vanish without a word are noticed, on HTTP/1.1 too, where there are no pings.
fn keep_alive(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let probes = TcpKeepalive::new()
        .with_time(Duration::from_secs(30))
        .with_interval(Duration::from_secs(10));
    // A system that does not know these goes without.
    let _ = socket.set_tcp_keepalive(&probes);
    let _ = socket.set_tcp_nodelay(true);
    #[cfg(target_os = "linux")]
    let _ = socket.set_tcp_user_timeout(Some(Duration::from_secs(60)));
}
