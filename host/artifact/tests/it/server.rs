//! A server that answers as it is told and remembers what it was asked.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use bytes::Bytes;
use fleet_test_git::certificates::Authority;
use futures::StreamExt as _;
use futures::stream;
use http_body_util::StreamBody;
use hyper::body::Frame;
use hyper::header::AUTHORIZATION;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Runs all servers of the process.
static RUNTIME: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Runtime::new().unwrap());

/// The authority of all servers of the process.
pub(crate) static AUTHORITY: LazyLock<Authority> =
    LazyLock::new(|| Authority::new("charts").unwrap());

/// What a server answers at one path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// How long it takes.
    pub(crate) delay: Duration,
    /// How often the body is sent, without saying how long it is.
    pub(crate) times: usize,
    /// What the header `Authorization` must be; else the answer is 401 with the header `www-authenticate` of this.
    pub(crate) wants: Option<(String, String)>,
}

impl Reply {
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: 200,
            body: body.into(),
            times: 1,
            ..Self::default()
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self {
            status,
            ..Self::ok("")
        }
    }

    pub(crate) fn redirect(to: &str) -> Self {
        Self::status(302).with("location", to)
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn wants(mut self, authorization: &str, challenge: &str) -> Self {
        self.wants = Some((authorization.to_owned(), challenge.to_owned()));
        self
    }
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Path and query.
    pub(crate) path: String,
    pub(crate) authorization: Option<String>,
}

#[derive(Debug, Default)]
struct State {
    replies: BTreeMap<String, Reply>,
    seen: Vec<Seen>,
}

/// A server; it ends with the process.
#[derive(Clone, Debug)]
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    scheme: &'static str,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// A server with TLS.
    pub(crate) fn start() -> Self {
        let identity = AUTHORITY.server(&["127.0.0.1", "localhost"]).unwrap();
        let chain = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
        let config = rustls::ServerConfig::builder_with_provider(Arc::new(
            rustls::crypto::aws_lc_rs::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![chain], key)
        .unwrap();
        Self::serve(Some(TlsAcceptor::from(Arc::new(config))))
    }

    /// A server without.
    pub(crate) fn start_plain() -> Self {
        Self::serve(None)
    }

    fn serve(tls: Option<TlsAcceptor>) -> Self {
        let listener = RUNTIME.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            scheme: if tls.is_some() { "https" } else { "http" },
            state: Arc::default(),
        };
        let state = Arc::clone(&server.state);
        RUNTIME.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, state) = (tls.clone(), Arc::clone(&state));
                tokio::spawn(async move {
                    let service = service_fn(move |request| answer(Arc::clone(&state), request));
                    let http = hyper::server::conn::http1::Builder::new();
                    // Whoever hangs up in the middle is none of this server's concern.
                    match tls {
                        Some(tls) => {
                            let Ok(stream) = tls.accept(stream).await else {
                                return;
                            };
                            let _ = http.serve_connection(TokioIo::new(stream), service).await;
                        }
                        None => {
                            let _ = http.serve_connection(TokioIo::new(stream), service).await;
                        }
                    }
                });
            }
        });
        server
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://{}{path}", self.scheme, self.address)
    }

    pub(crate) fn set(&self, path: &str, reply: Reply) {
        self.state
            .lock()
            .unwrap()
            .replies
            .insert(path.to_owned(), reply);
    }

    /// What was asked since the last time.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state.lock().unwrap().seen)
    }

    /// The paths of that.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }
}

type Body = StreamBody<stream::BoxStream<'static, Result<Frame<Bytes>, Infallible>>>;

async fn answer(
    state: Arc<Mutex<State>>,
    request: Request<hyper::body::Incoming>,
) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path_and_query().unwrap().to_string();
    let authorization = request
        .headers()
        .get(AUTHORIZATION)
        .map(|value| value.to_str().unwrap().to_owned());
    let mut reply = {
        let mut state = state.lock().unwrap();
        let reply = state
            .replies
            .get(&path)
            .cloned()
            .unwrap_or_else(|| Reply::status(404));
        state.seen.push(Seen {
            path,
            authorization: authorization.clone(),
        });
        reply
    };
    if let Some((wanted, challenge)) = &reply.wants
        && authorization.as_ref() != Some(wanted)
    {
        reply = Reply::status(401).with("www-authenticate", challenge);
    }
    tokio::time::sleep(reply.delay).await;
    let mut response = Response::builder().status(reply.status);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    let body = Bytes::from(reply.body);
    let frames = stream::iter((0..reply.times).map(move |_| Ok(Frame::data(body.clone()))));
    Ok(response.body(StreamBody::new(frames.boxed())).unwrap())
}
