//! Takes requests in, and answers them as the forges' documentation says.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Result;
use base64::Engine as _;
use fleet_test_git::certificates::Authority;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, DATE, LOCATION};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

use crate::{Answer, Mark, Shared, State, lock, text};

/// What is sent back.
pub(crate) struct Reply(u16, Vec<(String, String)>, String);

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self(status, Vec::new(), body.to_string())
    }

    pub(crate) fn refuse(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }
}

/// Listens on a free port.
pub(crate) fn start(
    runtime: &Runtime,
    state: Arc<Shared>,
    authority: Option<&Authority>,
) -> Result<SocketAddr> {
    let tls = authority.map(acceptor).transpose()?;
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let _inside = runtime.enter();
    let listener = TcpListener::from_std(listener)?;
    runtime.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (state, tls) = (state.clone(), tls.clone());
            tokio::spawn(async move {
                match tls {
                    // A client that does not trust the certificate says so and goes.
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            serve(stream, state).await;
                        }
                    }
                    None => serve(stream, state).await,
                }
            });
        }
    });
    Ok(address)
}

fn acceptor(authority: &Authority) -> Result<TlsAcceptor> {
    let identity = authority.server(&["127.0.0.1", "localhost"])?;
    let chain = CertificateDer::pem_slice_iter(identity.certificate.as_bytes());
    let chain: Vec<_> = chain.collect::<Result<_, _>>()?;
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes())?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, state: Arc<Shared>) {
    let service = service_fn(|request: Request<Incoming>| answer(request, state.clone()));
    let http = auto::Builder::new(TokioExecutor::new());
    // A client that goes away is its own business.
    let _ = http.serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(
    request: Request<Incoming>,
    state: Arc<Shared>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let Reply(status, headers, body) = reply(request, &state).await;
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    let has_date = |headers: &hyper::HeaderMap| headers.contains_key(DATE);
    if !response.headers_ref().is_some_and(has_date) {
        let now = SystemTime::now() + lock(&state).ahead;
        response = response.header(DATE, httpdate::fmt_http_date(now));
    }
    let response = response.body(Full::from(body));
    Ok(response.unwrap_or_default())
}

async fn reply(request: Request<Incoming>, state: &Shared) -> Reply {
    let path = request.uri().path().to_owned();
    let parts: Vec<String> = path.split('/').skip(1).map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let shown = request.headers().get(AUTHORIZATION);
    let shown = shown.and_then(|shown| shown.to_str().ok());
    let shown = shown.unwrap_or_default().to_owned();
    let body = request.into_body().collect().await;
    let body = body.map(|body| body.to_bytes()).unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_exchange = parts.last() == Some(&"access_tokens");
    let answer = {
        let mut state = lock(state);
        state.n_requests += 1;
        match is_exchange {
            true => state.exchange_answer.clone(),
            false => state.answer.clone(),
        }
    };
    match answer {
        Answer::Status(status, headers, body) => return Reply(status, headers, body),
        Answer::Slow(wait) => tokio::time::sleep(wait).await,
        Answer::Redirect(server) => {
            let to = format!("{server}{path}");
            return Reply(307, vec![(LOCATION.to_string(), to)], String::new());
        }
        Answer::Take => {}
    }
    let mut state = lock(state);
    match parts[..] {
        [.., "app", "installations", installation, "access_tokens"] => {
            let token = shown.strip_prefix("Bearer ").unwrap_or_default();
            state.exchange(installation, token, &body)
        }
        [.., "api", "v3", "repos", owner, name, "statuses", commit] => {
            state.mark("github", &format!("{owner}/{name}"), commit, &shown, &body)
        }
        [.., "api", "v1", "repos", owner, name, "statuses", commit] => {
            state.mark("gitea", &format!("{owner}/{name}"), commit, &shown, &body)
        }
        [.., "api", "v4", "projects", project, "statuses", commit] => {
            state.mark("gitlab", project, commit, &shown, &body)
        }
        _ => Reply::refuse(404, "Not Found"),
    }
}

impl State {
    fn mark(
        &mut self,
        api: &'static str,
        project: &str,
        commit: &str,
        shown: &str,
        body: &Value,
    ) -> Reply {
        let token = match shown.split_once(' ') {
            Some(("Bearer", token)) => token.to_owned(),
            Some(("token", token)) if api == "gitea" => token.to_owned(),
            Some(("Basic", pair)) if api != "gitlab" => {
                let pair = base64::engine::general_purpose::STANDARD.decode(pair);
                let pair = String::from_utf8(pair.unwrap_or_default()).unwrap_or_default();
                pair.split_once(':')
                    .map_or(String::new(), |(_, token)| token.to_owned())
            }
            _ => String::new(),
        };
        if !self.tokens.contains(&token) {
            return Reply::refuse(401, "Bad credentials");
        }
        let states: &[&str] = match api {
            "github" => &["error", "failure", "pending", "success"],
            "gitlab" => &["pending", "running", "success", "failed", "canceled"],
            _ => &["pending", "success", "error", "failure", "warning"],
        };
        let name = if api == "gitlab" { "name" } else { "context" };
        let mark = Mark {
            api,
            project: project.to_owned(),
            commit: commit.to_owned(),
            state: text(body, "state"),
            context: text(body, name),
            description: text(body, "description"),
            target_url: body["target_url"].as_str().map(str::to_owned),
        };
        if !states.contains(&mark.state.as_str()) {
            return Reply::refuse(422, "Validation Failed");
        }
        let key = (project.to_owned(), commit.to_owned(), mark.context.clone());
        let last = self.last.insert(key, mark.state.clone());
        if api == "gitlab" && last.as_ref() == Some(&mark.state) {
            let why = format!("Cannot transition status via :run from :{}", mark.state);
            return Reply::refuse(400, &why);
        }
        self.marks.push(mark);
        Reply::json(201, &json!({"id": self.marks.len()}))
    }
}

fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
