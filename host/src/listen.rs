//! What all listeners of connections have in common: how they accept, and how a connection ends.

use std::fmt::Display;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use hyper_util::server::graceful::GracefulConnection;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tracing::{debug, warn};

use crate::tasks::Tasks;

/// The next connection; none once the host stops.
pub(crate) async fn accept(socket: &TcpListener, tasks: &Tasks) -> Option<(TcpStream, SocketAddr)> {
    loop {
        let accepted = tokio::select! {
            biased;
            () = tasks.stop().cancelled() => return None,
            accepted = socket.accept() => accepted,
        };
        match accepted {
            Ok(accepted) => return Some(accepted),
            Err(error) => {
                // Too many open files, for example: what is open goes on, and new ones wait a moment.
                warn!(%error, "could not accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Serves a connection until it ends, `limit` has, or the host stops; what it is at then may take as long as
/// `farewell`.
pub(crate) async fn serve<C>(
    connection: C,
    limit: impl Future<Output = ()>,
    tasks: &Tasks,
    farewell: Duration,
) where
    C: GracefulConnection<Error: Display>,
{
    let mut served = pin!(connection);
    let ended = tokio::select! {
        ended = served.as_mut() => Some(ended),
        () = limit => None,
        () = tasks.stop().cancelled() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            served.as_mut().graceful_shutdown();
            timeout(farewell, served).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        debug!(%error, "connection ended");
    }
}
