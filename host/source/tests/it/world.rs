//! A repository behind a real server, and a source that reads it.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use fleet_core::secret::Secret;
use fleet_source::{Credentials, Error, Limits, Options, Remote};
use fleet_test_git::certificates::Authority;
use fleet_test_git::daemon::Daemon;
use fleet_test_git::http::{HttpServer, Tls};
use fleet_test_git::line::Line;
use fleet_test_git::ssh::{Key, SshServer};

use crate::support::{Host, Repo, texts};

/// How a repository is served.
pub(crate) enum Server {
    Http(HttpServer),
    Ssh(SshServer),
    Git(Daemon),
}

/// A repository behind a server, and a source that reads it.
pub(crate) struct World {
    pub(crate) repo: Repo,
    pub(crate) server: Server,
    /// The authority of the server's certificate.
    pub(crate) authority: Authority,
    /// What the source has to be let in.
    pub(crate) credentials: RefCell<Credentials>,
    /// What is asked for; the server's own URL if it is not set.
    pub(crate) url: RefCell<Option<String>>,
    pub(crate) host: Host,
    n_commits: Cell<u32>,
}

/// Files of one state of the repository, path and text.
pub(crate) type Texts = Vec<(String, String)>;

/// The key that SSH servers let in, and the one that they show.
pub(crate) const CLIENT: u8 = 1;
pub(crate) const SERVER: u8 = 2;

/// Limits for tests in which time runs out.
pub(crate) fn quick() -> Options {
    Options {
        limits: Limits {
            connect_timeout: Duration::from_secs(20),
            idle_timeout: Duration::from_secs(2),
            poll_timeout: Duration::from_secs(4),
            fetch_timeout: Duration::from_secs(4),
            ..Limits::default()
        },
        ..Options::default()
    }
}

impl World {
    /// Behind HTTPS with an authority that the source is told.
    pub(crate) fn https(options: Options) -> Self {
        let authority = Authority::new("somebody's own").unwrap();
        let tls = Tls {
            identity: authority.server(&["127.0.0.1", "localhost"]).unwrap(),
            clients: None,
        };
        let credentials = Credentials {
            certificate_authorities: Some(authority.pem().to_owned()),
            ..Credentials::default()
        };
        Self::new(options, authority, credentials, |root| {
            Server::Http(HttpServer::start(root, Some(&tls)).unwrap())
        })
    }

    /// Behind HTTP.
    pub(crate) fn http(options: Options) -> Self {
        let authority = Authority::new("nobody").unwrap();
        Self::new(options, authority, Credentials::default(), |root| {
            Server::Http(HttpServer::start(root, None).unwrap())
        })
    }

    /// Behind SSH with a key that is let in, and a host key that the source is told.
    pub(crate) fn ssh(options: Options) -> Self {
        let authority = Authority::new("nobody").unwrap();
        let world = Self::new(options, authority, Credentials::default(), |root| {
            let server = SshServer::start(root, key(SERVER), key(CLIENT)).unwrap();
            Server::Ssh(server)
        });
        *world.credentials.borrow_mut() = Credentials {
            ssh_key: Some(Secret::new(key(CLIENT).private().unwrap())),
            known_hosts: Some(world.known_hosts(SERVER)),
            ..Credentials::default()
        };
        world
    }

    /// Behind `git daemon`.
    pub(crate) fn git(options: Options) -> Self {
        let authority = Authority::new("nobody").unwrap();
        Self::new(options, authority, Credentials::default(), |root| {
            Server::Git(Daemon::start(root).unwrap())
        })
    }

    fn new(
        options: Options,
        authority: Authority,
        credentials: Credentials,
        serve: impl FnOnce(&std::path::Path) -> Server,
    ) -> Self {
        let repo = Repo::empty();
        let world = Self {
            server: serve(repo.root()),
            repo,
            authority,
            credentials: RefCell::new(credentials),
            url: RefCell::default(),
            host: Host::with_options(options),
            n_commits: Cell::new(0),
        };
        world.commit();
        world
    }

    pub(crate) fn as_http(&self) -> &HttpServer {
        match &self.server {
            Server::Http(server) => server,
            _ => panic!("not served over HTTP"),
        }
    }

    pub(crate) fn as_ssh(&self) -> &SshServer {
        match &self.server {
            Server::Ssh(server) => server,
            _ => panic!("not served over SSH"),
        }
    }

    pub(crate) fn line(&self) -> &Line {
        match &self.server {
            Server::Http(server) => server.line(),
            Server::Ssh(server) => server.line(),
            Server::Git(server) => server.line(),
        }
    }

    /// What `known_hosts` says if the server's host key is the one with this number.
    pub(crate) fn known_hosts(&self, n: u8) -> String {
        self.as_ssh().known_hosts(&key(n)).unwrap()
    }

    /// The URL of the repository at its server.
    pub(crate) fn served_at(&self) -> String {
        self.url_of(Repo::NAME)
    }

    /// The URL that a repository with this name would have.
    pub(crate) fn url_of(&self, name: &str) -> String {
        match &self.server {
            Server::Http(server) => server.url(name),
            Server::Ssh(server) => server.url(name),
            Server::Git(server) => server.url(name),
        }
    }

    pub(crate) fn remote(&self) -> Remote {
        let url = self
            .url
            .borrow()
            .clone()
            .unwrap_or_else(|| self.served_at());
        let remote = Remote::new(&url).unwrap();
        remote.with_credentials(self.credentials.borrow().clone())
    }

    /// A commit on `main` whose pack has some hundred thousand bytes.
    pub(crate) fn commit(&self) {
        let n = self.n_commits.replace(self.n_commits.get() + 1);
        let (count, noise) = (n.to_string(), noise(n));
        let files = [("app/count.yaml", count.as_str()), ("noise.txt", &noise)];
        self.repo.commit("main", &files, "next");
    }

    /// A commit on `main` that has nothing to do with what was there before.
    pub(crate) fn commit_unrelated(&self) {
        self.repo.git(&["update-ref", "-d", "refs/heads/main"]);
        self.commit();
        self.collect_garbage();
    }

    /// Throws away what no branch leads to.
    pub(crate) fn collect_garbage(&self) {
        self.repo
            .git(&["reflog", "expire", "--expire=now", "--all"]);
        self.repo.git(&["gc", "--quiet", "--prune=now"]);
    }

    /// What `git` says is on `main`.
    pub(crate) fn expected(&self) -> Texts {
        let names = self.repo.git(&["ls-tree", "-r", "--name-only", "main"]);
        let text = |name: &str| {
            let text = self.repo.git_with(&["show", &format!("main:{name}")], b"");
            (name.to_owned(), String::from_utf8(text).unwrap())
        };
        names.lines().map(text).collect()
    }

    /// One look as the host takes it: poll, fetch, read.
    pub(crate) fn look(&self) -> Result<Texts, Error> {
        self.look_as(&self.remote())
    }

    pub(crate) fn look_as(&self, remote: &Remote) -> Result<Texts, Error> {
        Ok(texts(&*self.host.tree(remote, "main")?))
    }

    /// A look that must see what is there. On a busy machine the limits of [`quick`] may be too small the first time.
    pub(crate) fn look_well(&self, when: &str) -> Result<(), String> {
        let mut n_attempts = 0;
        loop {
            match self.look() {
                Ok(seen) if seen == self.expected() => return Ok(()),
                Ok(_) => return Err(format!("{when}: it sees something else")),
                Err(Error::TimedOut { .. } | Error::Unreachable { .. }) if n_attempts < 5 => {
                    n_attempts += 1;
                }
                Err(error) => return Err(format!("{when}: {error}")),
            }
        }
    }

    /// An error as a user sees it, with names in the place of what differs from run to run.
    pub(crate) fn shown(&self, error: &Error) -> String {
        let mut text = error.to_problem().to_string();
        if let Some(when) = error.retry_after() {
            text.push_str(&format!("\n  retry after {when:?}"));
        }
        let port = self.line().address().port().to_string();
        text.replace(&self.served_at(), "URL")
            .replace(&port, "PORT")
            .replace(self.repo.root().to_str().unwrap(), "ROOT")
    }
}

pub(crate) fn key(n: u8) -> Key {
    Key::number(n).unwrap()
}

/// Text of a small generator, so that it does not compress to nothing.
fn noise(seed: u32) -> String {
    let mut state = seed.wrapping_add(12_345);
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b' ' + (state >> 26) as u8)
    };
    std::iter::repeat_with(next).take(300_000).collect()
}
