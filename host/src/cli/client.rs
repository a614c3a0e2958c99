//! Talks to a host over its Unix socket.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Method, Request, header};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::net::UnixStream;

use super::Failure;
use crate::api::ErrorBody;

/// How long a host may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A way to a host.
#[derive(Clone, Debug)]
pub(super) struct Client {
    socket: PathBuf,
}

impl Client {
    pub(super) fn new(socket: PathBuf) -> Self {
        Self { socket }
    }

    pub(super) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.send(Method::GET, path, None::<&()>).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<(), Failure> {
        let _: serde_json::Value = self.send(Method::DELETE, path, None::<&()>).await?;
        Ok(())
    }

    pub(super) async fn post<B: Serialize, T: DeserializeOwned>(
        &self,
        path: &str,
        body: &B,
    ) -> Result<T, Failure> {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn send<B: Serialize, T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<T, Failure> {
        let stream = UnixStream::connect(&self.socket)
            .await
            .map_err(|error| self.unreachable(&error))?;
        let exchange = self.exchange(stream, method, path, body);
        tokio::time::timeout(PATIENCE, exchange)
            .await
            .unwrap_or_else(|_| {
                let seconds = PATIENCE.as_secs();
                let error = format!("the host did not answer within {seconds} s");
                Err(Failure::new(error).hint("its log and `/healthz` may say why"))
            })
    }

    async fn exchange<B: Serialize, T: DeserializeOwned>(
        &self,
        stream: UnixStream,
        method: Method,
        path: &str,
        body: Option<&B>,
    ) -> Result<T, Failure> {
        let broken = |error: hyper::Error| {
            Failure::new(format!("the host broke off: {error}"))
                .hint("it may be stopping; its log says more")
        };
        let bytes = match body {
            Some(body) => serde_json::to_vec(body)
                .map_err(|error| Failure::new(format!("cannot send this: {error}")))?,
            None => Vec::new(),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "fleet")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(bytes)))
            .map_err(|error| Failure::new(format!("cannot ask for `{path}`: {error}")))?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(broken)?;
        let talk = async {
            let response = sender.send_request(request).await.map_err(broken)?;
            let status = response.status();
            let body = response.into_body().collect().await.map_err(broken)?;
            Ok::<_, Failure>((status, body.to_bytes()))
        };
        // The connection is driven here, beside the exchange, and ends with it.
        let (status, bytes) = tokio::select! {
            result = talk => result?,
            ended = connection => {
                return Err(match ended {
                    Err(error) => broken(error),
                    Ok(()) => Failure::new("the host closed the connection"),
                });
            }
        };
        if status.is_success() {
            return serde_json::from_slice(&bytes).map_err(|error| {
                Failure::new(format!("the host answered something else: {error}"))
                    .hint("use the `fleet` of the host's version; `fleet status` shows it")
            });
        }
        Err(match serde_json::from_slice::<ErrorBody>(&bytes) {
            Ok(body) => Failure {
                error: body.error,
                hint: body.hint,
                usage: false,
            },
            Err(_) => Failure::new(format!(
                "the host answered {status}: {}",
                String::from_utf8_lossy(&bytes)
            )),
        })
    }

    fn unreachable(&self, error: &io::Error) -> Failure {
        let socket = self.socket.display();
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
                Failure::new(format!("cannot reach a host: none listens on `{socket}`")).hint(
                    "start one with `fleet host`, or say where it is with `--data-dir` or `--socket` (FLEET_DATA_DIR, FLEET_SOCKET)",
                )
            }
            io::ErrorKind::PermissionDenied => {
                Failure::new(format!("cannot reach the host: `{socket}` may not be opened"))
                    .hint("run this as the user that runs the host")
            }
            _ => Failure::new(format!("cannot reach a host on `{socket}`: {error}")),
        }
    }
}

/// A segment of a path, with everything but letters, digits and a few marks encoded.
pub(super) fn segment(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_host_that_is_not_there_is_named_with_its_socket() {
        let dir = tempfile::tempdir().unwrap();
        let client = Client::new(dir.path().join("control.sock"));
        let failure = client.get::<()>("/v1/host").await.unwrap_err();
        assert!(failure.error.contains("control.sock"), "{}", failure.error);
        assert!(failure.hint.unwrap().contains("fleet host"));
    }

    #[test]
    fn names_cannot_change_the_path() {
        assert_eq!(segment("a/b?c d-é"), "a%2Fb%3Fc%20d-%C3%A9");
    }
}
