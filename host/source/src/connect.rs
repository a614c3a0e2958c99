//! Connections to Git servers: one conversation over a process, a socket or HTTP.

mod http;
mod process;

use std::io;
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use gix::protocol::transport::Protocol;
use gix::protocol::transport::client::blocking_io::Transport;
use gix::protocol::transport::client::git::{ConnectMode, blocking_io::Connection as Stream};

use crate::budget::{Bounded, Budget};
use crate::guard::{self, Forbidden};
use crate::source::Remote;
use crate::{Error, Location, Options};

pub(crate) use http::{Client, HttpError};
pub(crate) use process::{Complaints, is_in_use, remove_leftovers};

/// One conversation with a server, before the first byte of the Git protocol.
pub(crate) struct Connection<'a> {
    pub(crate) transport: Box<dyn Transport + 'a>,
    /// What a process in between wrote to its standard error.
    pub(crate) complaints: Option<Complaints>,
}

/// Opens a conversation with the server of `remote`; `client` is asked for only if it speaks HTTP. What a program must
/// read from files is put into `folder` meanwhile.
pub(crate) fn open<'a>(
    remote: &'a Remote,
    options: &Options,
    folder: &Path,
    client: impl FnOnce() -> Result<Client, Error>,
    budget: &'a Budget<'a>,
) -> Result<Connection<'a>, Error> {
    match remote.location() {
        Location::Local(_) if !options.local => Err(Error::Url {
            url: remote.to_string(),
            why: "repositories on the host's own disk are turned off",
        }),
        Location::Local(path) => {
            let path = std::path::absolute(path).map_err(|_| Error::Url {
                url: remote.to_string(),
                why: "the path is empty",
            })?;
            process::local(remote, &options.git, &path, budget)
        }
        Location::Ssh {
            user,
            host,
            port,
            path,
        } => {
            let address = process::SshAddress {
                user: user.as_deref(),
                host,
                port: *port,
                path,
            };
            process::ssh(remote, options, folder, &address, budget)
        }
        Location::Daemon { host, port, path } => daemon(remote, host, *port, path, budget),
        Location::Http(url) => http::open(remote, url, client()?, budget),
    }
}

fn daemon<'a>(
    remote: &Remote,
    host: &str,
    port: Option<u16>,
    path: &str,
    budget: &'a Budget<'a>,
) -> Result<Connection<'a>, Error> {
    /// Port of `git daemon`, assigned by IANA.
    const GIT: u16 = 9418;
    let unreachable = |error: io::Error| Error::Unreachable {
        url: remote.to_string(),
        why: error.to_string(),
    };
    let (_, stream) = dial(remote, &resolve(remote, host, port.unwrap_or(GIT))?, budget)?;
    let set = || {
        stream.set_nodelay(true)?;
        // Short, so that the budget is looked at in between.
        stream.set_read_timeout(Some(Duration::from_millis(200)))?;
        stream.set_write_timeout(Some(budget.idle_timeout))
    };
    set().map_err(unreachable)?;
    let reader = Bounded {
        inner: stream.try_clone().map_err(unreachable)?,
        budget,
    };
    let virtual_host = Some((host.to_owned(), port));
    let transport = Stream::new(
        reader,
        stream,
        Protocol::V2,
        path,
        virtual_host,
        ConnectMode::Daemon,
        false,
    );
    Ok(Connection {
        transport: Box::new(transport),
        complaints: None,
    })
}

/// The addresses of a server, without those that nobody is to be sent to.
fn resolve(remote: &Remote, host: &str, port: u16) -> Result<Vec<SocketAddr>, Error> {
    guard::resolve(host, port).map_err(|error| {
        let forbidden = error.get_ref().is_some_and(|inner| inner.is::<Forbidden>());
        let url = remote.to_string();
        match forbidden {
            true => Error::forbidden(url),
            false => Error::Unreachable {
                url,
                why: error.to_string(),
            },
        }
    })
}

/// A connection to the first of these addresses that takes one.
fn dial(
    remote: &Remote,
    addresses: &[SocketAddr],
    budget: &Budget<'_>,
) -> Result<(SocketAddr, TcpStream), Error> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses {
        let patience = budget.connect_timeout.min(budget.remaining());
        match TcpStream::connect_timeout(address, patience) {
            Ok(stream) => return Ok((*address, stream)),
            Err(error) => last = error,
        }
    }
    Err(Error::Unreachable {
        url: remote.to_string(),
        why: last.to_string(),
    })
}
