//! What an operator may set, and the bounds that hold for everything that is fetched.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// What an operator may set.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Bounds.
    pub limits: Limits,
    /// Hosts (`host` or `host:port`) that are spoken to without TLS; credentials are not sent to them.
    pub plain_http_hosts: BTreeSet<String>,
    /// Whether Git repositories on the host's own disk may be bases: whoever writes a kustomization reads them then.
    pub local: bool,
    /// How Git repositories are fetched; its proxy is for everything else too.
    pub git: fleet_source::Options,
    /// Where Git mirrors are, if not below the folder of the rest; one process at a time may have it.
    pub mirrors: Option<PathBuf>,
}

/// Bounds on what a server and an archive may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For a connection to come up.
    pub connect_timeout: Duration,
    /// For a server to send the next bytes.
    pub idle_timeout: Duration,
    /// For everything that one reference takes, Git aside.
    pub total_timeout: Duration,
    /// Size of the index of a Helm repository, in bytes.
    pub max_index_bytes: u64,
    /// Size of an archive as it is sent, in bytes.
    pub max_archive_bytes: u64,
    /// Size of what is in an archive, in bytes; Helm's own bound.
    pub max_unpacked_bytes: u64,
    /// Size of one file of an archive, and of a resource behind a URL, in bytes.
    pub max_file_bytes: u64,
    /// Files and folders in an archive.
    pub max_entries: usize,
    /// Folders inside each other in an archive.
    pub max_depth: usize,
    /// Redirects of one request.
    pub max_redirects: usize,
    /// Pages of a registry's list of tags.
    pub max_tag_pages: usize,
    /// References that one commit may name.
    pub max_references: usize,
    /// Archives and files on disk, in bytes; what was not used for longest goes first.
    pub max_cache_bytes: u64,
    /// Mirrors of Git repositories on disk; what was not used for longest goes first.
    pub max_mirrors: usize,
    /// The first pause after a failure; it doubles with each further one.
    pub first_back_off: Duration,
    /// The longest pause after failures.
    pub max_back_off: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(30),
            total_timeout: Duration::from_secs(120),
            max_index_bytes: 64 << 20,
            max_archive_bytes: 32 << 20,
            max_unpacked_bytes: 100 << 20,
            max_file_bytes: 16 << 20,
            max_entries: 20_000,
            max_depth: 32,
            max_redirects: 5,
            max_tag_pages: 50,
            max_references: 1000,
            max_cache_bytes: 2 << 30,
            max_mirrors: 50,
            first_back_off: Duration::from_secs(10),
            max_back_off: Duration::from_secs(300),
        }
    }
}
