//! A host that misbehaves as it is told to: the routes of the wire over real TLS, and nothing behind them.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::connect_info::Connected;
use axum::extract::{ConnectInfo, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::serve::{IncomingStream, Listener};
use axum::{Json, Router};
use fleet_core::bundle::Bundle;
use fleet_core::digest::Digest;
use fleet_core::name::ClusterName;
use fleet_core::wire::{
    Desired, DesiredRef, EnrolRequest, EnrolResponse, Hello, Incarnation, Report, StreamMessage,
};
use futures::StreamExt;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use url::Url;

pub(crate) const TOKEN: &str = "fleet-0123456789abcdef.secret";

#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) url: Url,
    pub(crate) pin: Digest,
    state: Arc<Mutex<Inner>>,
}

/// What the host does, and what was done to it.
pub(crate) struct Inner {
    issuer: Issuer<'static, KeyPair>,
    ca: String,
    pub(crate) desired: Desired,
    pub(crate) bundles: BTreeMap<String, Vec<u8>>,
    /// Seconds until certificates are to be renewed.
    pub(crate) renew_after: u64,
    /// Answers to blobs break off after so many bytes, one for each request.
    pub(crate) cuts: VecDeque<usize>,
    /// What the header says about the decoded size, where it is not the truth.
    pub(crate) decoded_length: Option<usize>,
    /// An answer to the next reports instead of taking them.
    pub(crate) report_refusals: VecDeque<(StatusCode, &'static str)>,
    /// Whether answers that do not end are never begun, as behind a proxy that waits for their end.
    pub(crate) holds_streams_back: bool,
    /// Whether the cluster is unknown until it enrols.
    pub(crate) has_forgotten: bool,
    /// The requests that came: route, and whether with a client certificate.
    pub(crate) log: Vec<(String, bool)>,
    pub(crate) reports: Vec<Report>,
}

#[derive(Clone, Copy)]
struct Peer {
    has_certificate: bool,
}

struct TlsListener {
    tcp: TcpListener,
    tls: TlsAcceptor,
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, addr) = self.tcp.accept().await.unwrap();
            // Whoever does not like our certificate goes away.
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, addr);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.tcp.local_addr()
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        let (_, connection) = stream.io().get_ref();
        Self {
            has_certificate: connection.peer_certificates().is_some(),
        }
    }
}

type Shared = State<Arc<Mutex<Inner>>>;

impl Host {
    pub(crate) async fn start() -> Self {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let _ = provider.install_default();
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        let ca = authority.self_signed(&key).unwrap();
        let issuer = Issuer::new(authority, key);
        let server_key = KeyPair::generate().unwrap();
        let server = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]);
        let server = server.unwrap().signed_by(&server_key, &issuer).unwrap();

        let mut roots = RootCertStore::empty();
        roots.add(ca.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder(Arc::new(roots))
            .allow_unauthenticated()
            .build()
            .unwrap();
        let chain = vec![server.der().clone(), ca.der().clone()];
        let mut config = ServerConfig::builder()
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, server_key.serialize_der().try_into().unwrap())
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];

        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/", tcp.local_addr().unwrap());
        let state = Arc::new(Mutex::new(Inner {
            issuer,
            ca: ca.pem(),
            desired: Desired {
                incarnation: Incarnation("one".to_owned()),
                state_revision: 1,
                deployments: vec![],
                removed: vec![],
            },
            bundles: BTreeMap::new(),
            renew_after: 3600,
            cuts: VecDeque::new(),
            decoded_length: None,
            report_refusals: VecDeque::new(),
            holds_streams_back: false,
            has_forgotten: false,
            log: vec![],
            reports: vec![],
        }));
        let routes = Router::new()
            .route("/v1/enrol", post(enrol))
            .route("/v1/renew", post(renew))
            .route("/v1/stream", get(stream))
            .route("/v1/desired", get(desired))
            .route("/v1/blobs/{digest}", get(blob))
            .route("/v1/reports", post(reports))
            .with_state(state.clone())
            .into_make_service_with_connect_info::<Peer>();
        let listener = TlsListener {
            tcp,
            tls: TlsAcceptor::from(Arc::new(config)),
        };
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self {
            url: url.parse().unwrap(),
            pin: Digest::of(ca.der()),
            state,
        }
    }

    pub(crate) fn with<T>(&self, change: impl FnOnce(&mut Inner) -> T) -> T {
        change(&mut self.state.lock().unwrap())
    }

    /// Serves a bundle under its digest.
    pub(crate) fn serve(&self, bundle: &Bundle) {
        let packed = zstd::bulk::compress(bundle.bytes(), 3).unwrap();
        self.with(|inner| inner.bundles.insert(bundle.id().to_string(), packed));
    }

    /// How often a route was asked for, with and without a client certificate.
    pub(crate) fn count(&self, route: &str, with_certificate: bool) -> usize {
        let is_it = |(path, has): &&(String, bool)| path == route && *has == with_certificate;
        self.with(|inner| inner.log.iter().filter(is_it).count())
    }
}

fn note(state: &Arc<Mutex<Inner>>, route: &str, peer: Peer) {
    let mut inner = state.lock().unwrap();
    inner.log.push((route.to_owned(), peer.has_certificate));
}

fn certify(state: &Arc<Mutex<Inner>>, request: &EnrolRequest) -> Response {
    let mut inner = state.lock().unwrap();
    inner.has_forgotten = false;
    let request = CertificateSigningRequestParams::from_pem(&request.csr).unwrap();
    let certificate = request.signed_by(&inner.issuer).unwrap();
    Json(EnrolResponse {
        cluster: ClusterName::parse("c1").unwrap(),
        certificate: certificate.pem(),
        ca: inner.ca.clone(),
        renew_after_seconds: inner.renew_after,
    })
    .into_response()
}

async fn enrol(
    State(state): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    Json(request): Json<EnrolRequest>,
) -> Response {
    note(&state, "enrol", peer);
    let wanted = format!("Bearer {TOKEN}");
    if headers
        .get(header::AUTHORIZATION)
        .is_none_or(|value| *value != *wanted)
    {
        let said = serde_json::json!({"error": "this token is not known", "hint": "make another"});
        return (StatusCode::UNAUTHORIZED, Json(said)).into_response();
    }
    certify(&state, &request)
}

async fn renew(
    State(state): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Json(request): Json<EnrolRequest>,
) -> Response {
    note(&state, "renew", peer);
    state.lock().unwrap().renew_after = 3600;
    certify(&state, &request)
}

async fn stream(
    State(state): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Query(query): Query<BTreeMap<String, String>>,
) -> Response {
    let is_poll = query.contains_key("wait");
    note(&state, if is_poll { "poll" } else { "stream" }, peer);
    let (lines, holds_back) = {
        let inner = state.lock().unwrap();
        if inner.has_forgotten {
            return StatusCode::FORBIDDEN.into_response();
        }
        let digest = inner.desired.encode().1;
        let hello = StreamMessage::Hello(Hello {
            incarnation: inner.desired.incarnation.clone(),
            version: "test".to_owned(),
        });
        let desired = StreamMessage::Desired(DesiredRef {
            digest,
            state_revision: inner.desired.state_revision,
        });
        let is_news = query.get("digest") != Some(&digest.to_string());
        let messages = [Some(hello), is_news.then_some(desired)];
        let lines: Vec<_> = messages
            .into_iter()
            .flatten()
            .map(|message| format!("{}\n", serde_json::to_string(&message).unwrap()))
            .collect();
        (lines.concat(), inner.holds_streams_back)
    };
    if is_poll {
        tokio::time::sleep(Duration::from_millis(200)).await;
        return lines.into_response();
    }
    if holds_back {
        std::future::pending::<()>().await;
    }
    let first = futures::stream::iter([Ok::<_, std::io::Error>(Bytes::from(lines))]);
    Body::from_stream(first.chain(futures::stream::pending())).into_response()
}

async fn desired(State(state): Shared, ConnectInfo(peer): ConnectInfo<Peer>) -> Response {
    note(&state, "desired", peer);
    let (bytes, digest) = state.lock().unwrap().desired.encode();
    ([(header::ETAG, format!("\"{digest}\""))], bytes).into_response()
}

async fn blob(
    State(state): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    Path(digest): Path<String>,
    headers: HeaderMap,
) -> Response {
    note(&state, "blob", peer);
    let mut inner = state.lock().unwrap();
    let Some(bytes) = inner.bundles.get(&digest).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let length = zstd::stream::decode_all(bytes.as_slice()).unwrap().len();
    let length = inner.decoded_length.unwrap_or(length);
    let from: Option<usize> = headers.get(header::RANGE).and_then(|range| {
        let range = range.to_str().ok()?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    });
    let (status, rest) = match from {
        Some(from) => (StatusCode::PARTIAL_CONTENT, bytes[from..].to_vec()),
        None => (StatusCode::OK, bytes),
    };
    let body = match inner.cuts.pop_front() {
        None => Body::from(rest),
        Some(cut) => {
            let broken = Err(std::io::Error::other("cut"));
            let first = Bytes::from(rest[..cut.min(rest.len())].to_vec());
            Body::from_stream(
                futures::stream::iter([Ok(first), broken]).then(|piece| async {
                    // What was sent before the cut is to arrive.
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    piece
                }),
            )
        }
    };
    let headers = [
        ("etag", "\"zstd\"".to_owned()),
        ("content-encoding", "zstd".to_owned()),
        ("fleet-decoded-length", length.to_string()),
    ];
    (status, headers, body).into_response()
}

async fn reports(
    State(state): Shared,
    ConnectInfo(peer): ConnectInfo<Peer>,
    body: Bytes,
) -> Response {
    note(&state, "report", peer);
    let mut inner = state.lock().unwrap();
    if let Some((status, retry_after)) = inner.report_refusals.pop_front() {
        return (status, [(header::RETRY_AFTER, retry_after)]).into_response();
    }
    let plain = zstd::stream::decode_all(body.as_ref()).unwrap();
    inner.reports.push(serde_json::from_slice(&plain).unwrap());
    StatusCode::NO_CONTENT.into_response()
}
