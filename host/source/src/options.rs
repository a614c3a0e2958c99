//! What an operator may set for all sources, and the bounds that hold for each of them.

use std::path::PathBuf;
use std::time::Duration;

use fleet_core::secret::Secret;

/// What an operator may set for all sources.
#[derive(Clone, Debug)]
pub struct Options {
    /// Bounds.
    pub limits: Limits,
    /// Proxy for HTTP and HTTPS, `http://user:password@host:port`; none if not set.
    pub proxy: Option<Secret<String>>,
    /// Hosts that are reached without the proxy, as in `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Whether repositories on the host's own disk may be used (`file://` and plain paths).
    pub local: bool,
    /// Host keys for SSH where a secret has none, a file as OpenSSH writes it (`known_hosts`); read at each look.
    pub known_hosts: Option<PathBuf>,
    /// Program for SSH: OpenSSH's client.
    pub ssh: PathBuf,
    /// Program for repositories on disk.
    pub git: PathBuf,
}

impl Default for Options {
    /// No proxy, local repositories allowed, programs from the path.
    fn default() -> Self {
        Self {
            limits: Limits::default(),
            proxy: None,
            no_proxy: None,
            local: true,
            known_hosts: None,
            ssh: "ssh".into(),
            git: "git".into(),
        }
    }
}

/// Bounds on what a server and a repository may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a connection to come up.
    pub connect_timeout: Duration,
    /// For the server to send the next byte.
    pub idle_timeout: Duration,
    /// For a whole poll.
    pub poll_timeout: Duration,
    /// For a whole fetch.
    pub fetch_timeout: Duration,
    /// Bytes that a server may send in answer to a poll.
    pub max_poll_bytes: u64,
    /// Bytes that a server may send in a fetch.
    pub max_fetch_bytes: u64,
    /// Size of one object in memory while it is unpacked, in bytes.
    pub max_object_bytes: usize,
    /// Files, folders and links in one tree.
    pub max_entries: usize,
    /// Folders inside each other.
    pub max_depth: usize,
    /// Length of a path, in bytes.
    pub max_path_bytes: usize,
    /// Size of a file that may be read, in bytes.
    pub max_file_bytes: u64,
    /// Packs in one mirror before it is made anew.
    pub max_packs: usize,
    /// Submodules of one commit, with those of submodules.
    pub max_submodules: usize,
    /// Submodules inside each other.
    pub max_submodule_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            poll_timeout: Duration::from_secs(60),
            fetch_timeout: Duration::from_secs(600),
            max_poll_bytes: 64 << 20,
            max_fetch_bytes: 2 << 30,
            max_object_bytes: 256 << 20,
            max_entries: 500_000,
            max_depth: 100,
            max_path_bytes: 4096,
            max_file_bytes: 32 << 20,
            max_packs: 50,
            max_submodules: 100,
            max_submodule_depth: 5,
        }
    }
}
