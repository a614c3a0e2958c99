//! Git over SSH: a server that runs `git upload-pack` for who has the right key.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result};
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::{Ed25519Keypair, KeypairData};
use russh::keys::{PrivateKey, PublicKey};
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId};
use tokio::io::{AsyncWriteExt as _, copy};
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::line::Line;
use crate::{RUNTIME, Task, lock};

/// A key pair; the same number gives the same key.
#[derive(Clone, Debug)]
pub struct Key(PrivateKey);

impl Key {
    /// The key with this number.
    ///
    /// # Errors
    /// If the library refuses it.
    pub fn number(n: u8) -> Result<Self> {
        let pair = Ed25519Keypair::from_seed(&[n; 32]);
        Ok(Self(PrivateKey::new(
            KeypairData::from(pair),
            format!("key {n}"),
        )?))
    }

    /// The private key, as OpenSSH writes it.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn private(&self) -> Result<String> {
        Ok(self.0.to_openssh(LineEnding::LF)?.to_string())
    }

    /// Kind and public key, as in a line of `known_hosts` or `authorized_keys`.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn public(&self) -> Result<String> {
        let line = self.0.public_key().to_openssh()?;
        Ok(line.split(' ').take(2).collect::<Vec<_>>().join(" "))
    }
}

/// A running server.
#[derive(Debug)]
pub struct SshServer {
    line: Line,
    state: Arc<State>,
    _accepts: Task,
}

#[derive(Debug)]
struct State {
    root: PathBuf,
    host_key: Mutex<Key>,
    client: Mutex<Key>,
}

impl SshServer {
    /// Serves all repositories below `root` to who has the key `client`.
    ///
    /// # Errors
    /// If no port is free.
    pub fn start(root: &Path, host_key: Key, client: Key) -> Result<Self> {
        let state = Arc::new(State {
            root: root.to_owned(),
            host_key: Mutex::new(host_key),
            client: Mutex::new(client),
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

    /// The URL of a repository below the root.
    pub fn url(&self, repo: &str) -> String {
        format!("ssh://git@{}/{repo}", self.line.address())
    }

    /// What `known_hosts` has to say of this server if its host key is `key`.
    ///
    /// # Errors
    /// If the key cannot be written.
    pub fn known_hosts(&self, key: &Key) -> Result<String> {
        let address = self.line.address();
        Ok(format!(
            "[{}]:{} {}\n",
            address.ip(),
            address.port(),
            key.public()?
        ))
    }

    /// Shows another host key from now on.
    pub fn set_host_key(&self, key: Key) {
        *lock(&self.state.host_key) = key;
    }

    /// Lets in another key from now on.
    pub fn set_client(&self, key: Key) {
        *lock(&self.state.client) = key;
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let config = russh::server::Config {
            keys: vec![lock(&state.host_key).0.clone()],
            // Nobody guesses here, and tests wait for it.
            auth_rejection_time: Duration::ZERO,
            inactivity_timeout: None,
            nodelay: true,
            ..russh::server::Config::default()
        };
        let guest = Guest {
            root: state.root.clone(),
            client: lock(&state.client).0.public_key().clone(),
            channels: BTreeMap::new(),
            protocol: String::new(),
        };
        tokio::spawn(async move {
            // A client that does not like us is the subject of many tests.
            if let Ok(session) = russh::server::run_stream(Arc::new(config), stream, guest).await {
                let _ = session.await;
            }
        });
    }
}

/// One connection.
struct Guest {
    root: PathBuf,
    client: PublicKey,
    channels: BTreeMap<ChannelId, Channel<Msg>>,
    /// `GIT_PROTOCOL`, as the client set it.
    protocol: String,
}

impl Handler for Guest {
    type Error = anyhow::Error;

    async fn auth_publickey(&mut self, _user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth> {
        let known = key.public_key.key_data() == self.client.key_data();
        Ok(if known { Auth::Accept } else { Auth::reject() })
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _session: &mut Session,
    ) -> Result<()> {
        self.channels.insert(channel.id(), channel);
        reply.accept().await;
        Ok(())
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<()> {
        if name == "GIT_PROTOCOL" {
            value.clone_into(&mut self.protocol);
            session.channel_success(channel)?;
        } else {
            session.channel_failure(channel)?;
        }
        Ok(())
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<()> {
        let command = String::from_utf8_lossy(command).into_owned();
        let path = command.strip_prefix("git-upload-pack ").map(unquoted);
        let (Some(path), Some(opened)) = (path, self.channels.remove(&channel)) else {
            session.channel_failure(channel)?;
            return Ok(());
        };
        session.channel_success(channel)?;
        let repo = self.root.join(path.trim_start_matches('/'));
        tokio::spawn(upload_pack(repo, self.protocol.clone(), opened));
        Ok(())
    }
}

async fn upload_pack(repo: PathBuf, protocol: String, channel: Channel<Msg>) -> Result<()> {
    let mut child = Command::new(crate::git_program("git-upload-pack")?)
        .arg(repo)
        .env_clear()
        .envs(crate::environment())
        .env("GIT_PROTOCOL", protocol)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let piped = "it was asked to be piped";
    let mut stdin = child.stdin.take().context(piped)?;
    let mut stdout = child.stdout.take().context(piped)?;
    let mut stderr = child.stderr.take().context(piped)?;
    let (mut from, to) = channel.split();
    let (mut out, mut err) = (to.make_writer(), to.make_writer_ext(Some(1)));
    let asking = tokio::spawn(async move {
        let mut reader = from.make_reader();
        // A client that has enough closes its side.
        let _ = copy(&mut reader, &mut stdin).await;
        let _ = stdin.shutdown().await;
    });
    let said = tokio::try_join!(copy(&mut stdout, &mut out), copy(&mut stderr, &mut err));
    let status = child.wait().await?;
    asking.abort();
    said?;
    to.exit_status(u32::try_from(status.code().unwrap_or(1)).unwrap_or(1))
        .await?;
    to.eof().await?;
    to.close().await?;
    Ok(())
}

/// What the shell of a server would make of one word in single quotes.
fn unquoted(word: &str) -> String {
    let inner = word.trim().trim_start_matches('\'').trim_end_matches('\'');
    inner.replace(r"'\''", "'").replace(r"'\!'", "!")
}
