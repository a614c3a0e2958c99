//! Git over HTTP and HTTPS: `git http-backend` behind a server that can refuse, redirect and spoil.

mod backend;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode, header};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::certificates::Identity;
use crate::line::Line;
use crate::{RUNTIME, Task, lock};

/// Who is let in.
#[derive(Clone, Debug, Default)]
pub enum Access {
    /// Everybody.
    #[default]
    Anyone,
    /// Who has this user name and password.
    Basic {
        /// The user name.
        user: String,
        /// The password.
        password: String,
    },
    /// Who has this token.
    Bearer {
        /// The token.
        token: String,
    },
}

/// What is answered to whom is let in.
#[derive(Clone, Debug, Default)]
pub enum Answer {
    /// What Git says.
    #[default]
    Git,
    /// The same, with a byte flipped in the middle of each pack.
    SpoiltPack,
    /// This status, with these headers and no content.
    Status(u16, Vec<(String, String)>),
    /// A redirect to the same path below this URL.
    Redirect(String),
    /// A redirect to exactly this URL.
    RedirectTo(String),
    /// A page for people.
    Page(String),
}

impl Answer {
    /// A status without headers.
    pub fn status(status: u16) -> Self {
        Self::Status(status, Vec::new())
    }

    /// A status that says when to come back.
    pub fn retry_after(status: u16, when: &str) -> Self {
        Self::Status(status, vec![("Retry-After".to_owned(), when.to_owned())])
    }
}

/// How the server speaks TLS.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Its certificate.
    pub identity: Identity,
    /// The authority that clients need a certificate of, PEM; none is asked for without it.
    pub clients: Option<String>,
}

/// One request that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers, by names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Whether the client showed a certificate.
    pub client_certificate: bool,
    /// What is said to Git in its body, packet by packet: `command=ls-refs` and what follows.
    pub packets: Vec<String>,
    /// When it was here as a whole.
    pub at: Instant,
}

/// A running server.
#[derive(Debug)]
pub struct HttpServer {
    line: Line,
    state: Arc<State>,
    _accepts: Task,
}

struct State {
    root: PathBuf,
    scheme: &'static str,
    tls: Mutex<Option<TlsAcceptor>>,
    access: Mutex<Access>,
    answer: Mutex<Answer>,
    received: Mutex<Vec<Received>>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

impl HttpServer {
    /// Serves all repositories below `root`, over TLS or without.
    ///
    /// # Errors
    /// If no port is free, or the certificates cannot be used.
    pub fn start(root: &Path, tls: Option<&Tls>) -> Result<Self> {
        let state = Arc::new(State {
            root: root.to_owned(),
            scheme: if tls.is_some() { "https" } else { "http" },
            tls: Mutex::new(tls.map(acceptor).transpose()?),
            access: Mutex::default(),
            answer: Mutex::default(),
            received: Mutex::default(),
        });
        let listener = RUNTIME.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let line = Line::to(listener.local_addr()?)?;
        let accepts = Task::start(accept(listener, state.clone()));
        Ok(Self {
            line,
            state,
            _accepts: accepts,
        })
    }

    /// The line in front of it.
    pub fn line(&self) -> &Line {
        &self.line
    }

    /// The URL of a repository below the root, under the server's address.
    pub fn url(&self, repo: &str) -> String {
        self.url_as("127.0.0.1", repo)
    }

    /// The same under another name, or with `user:password@` before it.
    pub fn url_as(&self, host: &str, repo: &str) -> String {
        format!(
            "{}://{host}:{}/{repo}",
            self.state.scheme,
            self.line.address().port()
        )
    }

    /// Lets in other people from now on.
    pub fn set_access(&self, access: Access) {
        *lock(&self.state.access) = access;
    }

    /// Answers this from now on.
    pub fn set_answer(&self, answer: Answer) {
        *lock(&self.state.answer) = answer;
    }

    /// Speaks TLS this way from now on; cuts all connections.
    ///
    /// # Errors
    /// If the certificates cannot be used.
    pub fn set_tls(&self, tls: &Tls) -> Result<()> {
        *lock(&self.state.tls) = Some(acceptor(tls)?);
        self.line.cut();
        Ok(())
    }

    /// All requests that came in, oldest first, and forgets them.
    pub fn take_received(&self) -> Vec<Received> {
        std::mem::take(&mut *lock(&self.state.received))
    }
}

fn acceptor(tls: &Tls) -> Result<TlsAcceptor> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()?;
    let builder = match &tls.clients {
        None => builder.with_no_client_auth(),
        Some(authority) => {
            let mut roots = rustls::RootCertStore::empty();
            roots.add(CertificateDer::from_pem_slice(authority.as_bytes())?)?;
            let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
                Arc::new(roots),
                provider,
            );
            builder.with_client_cert_verifier(verifier.build()?)
        }
    };
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_slice_iter(tls.identity.certificate.as_bytes()).collect();
    let key = PrivateKeyDer::from_pem_slice(tls.identity.key.as_bytes())?;
    let config = builder
        .with_single_cert(chain?, key)
        .context("the server's certificate")?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = state.clone();
        tokio::spawn(async move {
            let acceptor = lock(&state.tls).clone();
            match acceptor {
                None => serve(stream, false, state).await,
                Some(acceptor) => {
                    // A client that does not like us is the subject of many tests.
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let shown = stream.get_ref().1.peer_certificates().is_some();
                    serve(stream, shown, state).await;
                }
            }
        });
    }
}

async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    client_certificate: bool,
    state: Arc<State>,
) {
    let service = service_fn(move |request| {
        let state = state.clone();
        async move { Ok::<_, Infallible>(answer(&state, client_certificate, request).await) }
    });
    let http = hyper::server::conn::http1::Builder::new();
    // It ends when the client, or the line, has enough.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    state: &State,
    client_certificate: bool,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = head.headers.iter();
    let headers: BTreeMap<_, _> = headers
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect();
    let authorization = headers.get("authorization").cloned();
    let body = body.collect().await.map(|body| body.to_bytes());
    lock(&state.received).push(Received {
        method: head.method.to_string(),
        target: target.clone(),
        headers: headers.clone(),
        client_certificate,
        packets: body.as_deref().map(backend::said).unwrap_or_default(),
        at: Instant::now(),
    });
    let Ok(body) = body else {
        return plain(StatusCode::BAD_REQUEST, "the request was cut");
    };
    let wanted = match &*lock(&state.access) {
        Access::Anyone => None,
        Access::Basic { user, password } => {
            let pair =
                base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
            Some(format!("Basic {pair}"))
        }
        Access::Bearer { token } => Some(format!("Bearer {token}")),
    };
    let way = lock(&state.answer).clone();
    if wanted.is_some() && authorization != wanted {
        let mut response = plain(StatusCode::UNAUTHORIZED, "who are you?");
        let challenge = header::HeaderValue::from_static("Basic realm=\"git\"");
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
        return response;
    }
    let git = async |spoil| {
        let asked = backend::Asked {
            method: head.method.as_str(),
            target: &target,
            headers: &headers,
            body: &body,
        };
        match backend::run(&state.root, &asked).await {
            Ok(mut said) => {
                if spoil {
                    backend::spoil_pack(&mut said.body);
                }
                built(said.status, &said.headers, said.body)
            }
            Err(error) => plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("{error:#}")),
        }
    };
    match way {
        Answer::Git => git(false).await,
        Answer::SpoiltPack => git(true).await,
        Answer::Status(status, headers) => built(status, &headers, Vec::new()),
        Answer::Redirect(base) => moved(format!("{}{target}", base.trim_end_matches('/'))),
        Answer::RedirectTo(url) => moved(url),
        Answer::Page(html) => {
            let kind = ("Content-Type".to_owned(), "text/html".to_owned());
            built(200, &[kind], html.into_bytes())
        }
    }
}

fn moved(to: String) -> Response<Full<Bytes>> {
    built(302, &[("Location".to_owned(), to)], Vec::new())
}

fn built(status: u16, headers: &[(String, String)], body: Vec<u8>) -> Response<Full<Bytes>> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let built = response.body(Full::from(body));
    built.unwrap_or_else(|error| plain(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string()))
}

fn plain(status: StatusCode, text: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text.to_owned()));
    *response.status_mut() = status;
    response
}
