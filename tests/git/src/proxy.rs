//! A proxy for HTTP and HTTPS that notes what passes.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::{RUNTIME, Task, lock};

/// One request to the proxy itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// `CONNECT 127.0.0.1:443`, or method and URL.
    pub request: String,
    /// Headers, by names in lower case.
    pub headers: BTreeMap<String, String>,
}

/// A running proxy.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    _accepts: Task,
}

#[derive(Debug, Default)]
struct State {
    /// `user:password`; everybody may pass without it.
    password: Mutex<Option<String>>,
    passed: Mutex<Vec<Passed>>,
}

impl Proxy {
    /// Starts a proxy for who has this `user:password`, or for everybody.
    ///
    /// # Errors
    /// If no port is free.
    pub fn start(password: Option<&str>) -> Result<Self> {
        let listener = RUNTIME.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let state = Arc::new(State::default());
        *lock(&state.password) = password.map(str::to_owned);
        Ok(Self {
            address: listener.local_addr()?,
            state: state.clone(),
            _accepts: Task::start(accept(listener, state)),
        })
    }

    /// Its URL, with `user:password` if that is given.
    pub fn url(&self, password: Option<&str>) -> String {
        let userinfo = password.map_or(String::new(), |password| format!("{password}@"));
        format!("http://{userinfo}{}", self.address)
    }

    /// All requests so far, oldest first, and forgets them.
    pub fn take_passed(&self) -> Vec<Passed> {
        std::mem::take(&mut *lock(&self.state.passed))
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        let state = state.clone();
        tokio::spawn(async move {
            // A client that goes away, or asks for nonsense, gets no more than an end.
            let _ = pass(client, &state).await;
        });
    }
}

async fn pass(mut client: TcpStream, state: &State) -> Result<()> {
    let (head, rest) = head(&mut client).await?;
    let mut lines = head.lines();
    let first = lines.next().context("an empty request")?;
    let mut words = first.split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let shown = headers.get("proxy-authorization").cloned();
    lock(&state.passed).push(Passed {
        request: format!("{method} {target}"),
        headers: headers.clone(),
    });
    let wanted = lock(&state.password).as_ref().map(|pair| {
        format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(pair)
        )
    });
    if wanted.is_some() && shown != wanted {
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        client.write_all(refusal.as_bytes()).await?;
        return Ok(());
    }
    let mut server = if method == "CONNECT" {
        let server = TcpStream::connect(target).await?;
        client
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .await?;
        server
    } else {
        let (authority, path) = target
            .strip_prefix("http://")
            .and_then(|rest| rest.split_once('/'))
            .context("a URL that is not for a proxy")?;
        let mut server = TcpStream::connect(authority).await?;
        // One request for each connection: what follows on it would be for another server perhaps.
        let mut forwarded = format!("{method} /{path} HTTP/1.1\r\nConnection: close\r\n");
        for (name, value) in &headers {
            if !name.starts_with("proxy-") && name != "connection" {
                forwarded.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        server
            .write_all(format!("{forwarded}\r\n").as_bytes())
            .await?;
        server
    };
    server.write_all(&rest).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// The head of a request, and what came after it already.
async fn head(client: &mut TcpStream) -> Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let rest = bytes.split_off(end + 4);
            return Ok((String::from_utf8(bytes)?, rest));
        }
        if bytes.len() > 64 << 10 || client.read_buf(&mut bytes).await? == 0 {
            bail!("not a request");
        }
    }
}
