//! The line in front of a server, where the network goes wrong.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{self, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

use crate::{RUNTIME, Task, lock};

/// What the network does; bytes are counted for each connection, on their way from the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// It carries everything.
    #[default]
    None,
    /// It takes connections and carries nothing.
    Silent,
    /// After so many bytes it carries one byte each 20 ms.
    DripAfter(u64),
    /// After so many bytes the connection is cut.
    CutAfter(u64),
    /// This byte arrives with all its bits flipped.
    FlipAt(u64),
}

/// An address that leads to a server.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    state: Arc<State>,
    accepts: Mutex<Accepts>,
}

#[derive(Debug)]
enum Accepts {
    /// The task that takes connections.
    Yes(Task),
    /// The socket that keeps others from taking the port meanwhile.
    No(TcpSocket),
    /// In between.
    Changing,
}

#[derive(Debug)]
struct State {
    target: SocketAddr,
    fault: Mutex<Fault>,
    /// Each change cuts all connections.
    cut: watch::Sender<u64>,
    /// Bytes that came from the server.
    n_bytes: AtomicU64,
}

impl Line {
    /// A line to `target`, open and without a fault.
    ///
    /// # Errors
    /// If no port is free.
    pub fn to(target: SocketAddr) -> Result<Self> {
        let listener = RUNTIME.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))?;
        let line = Self {
            address: listener.local_addr()?,
            state: Arc::new(State {
                target,
                fault: Mutex::default(),
                cut: watch::Sender::new(0),
                n_bytes: AtomicU64::new(0),
            }),
            accepts: Mutex::new(Accepts::Changing),
        };
        line.accept(listener);
        Ok(line)
    }

    /// The address that clients are given.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many bytes came from the server since it was made, those of TLS included.
    pub fn n_bytes(&self) -> u64 {
        self.state.n_bytes.load(Ordering::Relaxed)
    }

    /// Lets the network do this from now on. Connections that are open are cut, so that none escapes it.
    pub fn set(&self, fault: Fault) {
        *lock(&self.state.fault) = fault;
        self.cut();
    }

    /// Cuts all connections.
    pub fn cut(&self) {
        self.state.cut.send_modify(|n| *n += 1);
    }

    /// Cuts all connections and refuses new ones, as if the server's machine were there and the server not.
    ///
    /// # Errors
    /// If the port cannot be kept.
    pub fn close(&self) -> Result<()> {
        if let Accepts::Yes(task) = self.change() {
            task.end();
        }
        self.cut();
        *lock(&self.accepts) = Accepts::No(self.keep_port()?);
        Ok(())
    }

    /// Binds the port and does not listen: who connects is refused, and nobody else is given it.
    fn keep_port(&self) -> Result<TcpSocket> {
        let mut n_attempts = 0;
        loop {
            let socket = TcpSocket::new_v4()?;
            socket.set_reuseaddr(true)?;
            match socket.bind(self.address) {
                Ok(()) => return Ok(socket),
                // A process that is just being started holds what its parent held, for a moment.
                Err(_) if n_attempts < 500 => n_attempts += 1,
                Err(error) => return Err(error).with_context(|| self.address.to_string()),
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Takes connections again, at the same address.
    ///
    /// # Errors
    /// If the port cannot be listened on.
    pub fn open(&self) -> Result<()> {
        if let Accepts::No(socket) = self.change() {
            let _inside = RUNTIME.enter();
            self.accept(socket.listen(64)?);
        }
        Ok(())
    }

    fn change(&self) -> Accepts {
        std::mem::replace(&mut *lock(&self.accepts), Accepts::Changing)
    }

    fn accept(&self, listener: TcpListener) {
        let state = self.state.clone();
        let task = Task::start(async move {
            while let Ok((client, _)) = listener.accept().await {
                let state = state.clone();
                tokio::spawn(async move {
                    let mut cut = state.cut.subscribe();
                    tokio::select! {
                        _ = cut.changed() => {}
                        // However it ends, both ends are closed now.
                        _ = carry(&state, client) => {}
                    }
                });
            }
        });
        *lock(&self.accepts) = Accepts::Yes(task);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.cut();
    }
}

async fn carry(state: &State, client: TcpStream) -> io::Result<()> {
    let fault = *lock(&state.fault);
    if fault == Fault::Silent {
        return std::future::pending().await;
    }
    let server = TcpStream::connect(state.target).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    let (mut from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    let up = async {
        io::copy(&mut from_client, &mut to_server).await?;
        to_server.shutdown().await?;
        // The server has the last word.
        std::future::pending().await
    };
    tokio::select! {
        ended = up => ended,
        ended = down(fault, &state.n_bytes, from_server, to_client) => ended,
    }
}

async fn down(
    fault: Fault,
    n_total: &AtomicU64,
    mut from: impl io::AsyncRead + Unpin,
    mut to: impl io::AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 << 10];
    let mut n_carried = 0;
    loop {
        let n_bytes = from.read(&mut buffer).await?;
        if n_bytes == 0 {
            return to.shutdown().await;
        }
        n_total.fetch_add(n_bytes as u64, Ordering::Relaxed);
        let chunk = &mut buffer[..n_bytes];
        // Where in this chunk the fault begins, if it does.
        let within = |at: u64| {
            let at = usize::try_from(at.saturating_sub(n_carried)).unwrap_or(usize::MAX);
            (at < n_bytes).then_some(at)
        };
        match fault {
            Fault::CutAfter(limit) if within(limit).is_some() => {
                let at = within(limit).unwrap_or_default();
                to.write_all(&chunk[..at]).await?;
                return to.flush().await;
            }
            Fault::DripAfter(limit) if within(limit).is_some() => {
                let (whole, drops) = chunk.split_at(within(limit).unwrap_or_default());
                to.write_all(whole).await?;
                for drop in drops {
                    to.write_all(&[*drop]).await?;
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            }
            Fault::FlipAt(at) if at >= n_carried => {
                if let Some(at) = within(at) {
                    chunk[at] ^= 0xff;
                }
                to.write_all(chunk).await?;
            }
            _ => to.write_all(chunk).await?,
        }
        n_carried += n_bytes as u64;
    }
}
