//! Where a host is dialled.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;

use super::Error;
use crate::webhook;

/// Listens for somebody.
pub(super) async fn listen_on(
    who: &'static str,
    address: SocketAddr,
) -> Result<TcpListener, Error> {
    TcpListener::bind(address)
        .await
        .map_err(|source| Error::Listen {
            who,
            address: address.to_string(),
            source,
        })
}

/// The listener for webhooks before anything runs.
pub(super) struct Webhooks {
    pub(super) settings: webhook::Settings,
    pub(super) listener: TcpListener,
    pub(super) tls: Option<Arc<webhook::Tls>>,
}

impl Webhooks {
    pub(super) async fn open(settings: &webhook::Settings) -> Result<Self, Error> {
        let tls = match settings.tls.clone() {
            Some((certificate, key)) => {
                let open = move || webhook::Tls::open(certificate, key);
                let opened = tokio::task::spawn_blocking(open).await;
                let opened = opened.map_err(|error| Error::Failed(error.to_string()))?;
                Some(Arc::new(opened.map_err(Error::WebhookTls)?))
            }
            None => None,
        };
        Ok(Self {
            settings: settings.clone(),
            listener: listen_on("webhooks", settings.address).await?,
            tls,
        })
    }

    pub(super) fn url(&self) -> String {
        let address = self.listener.local_addr().unwrap_or(self.settings.address);
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{address}/v1/webhooks")
    }
}

/// Where agents dial, and the names that the server certificate must have for that.
pub(super) fn dialled(
    url: Option<&str>,
    address: SocketAddr,
) -> Result<(String, Vec<String>), Error> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
    let url = match url {
        Some(url) => {
            let refuse = |why| Error::AgentsUrl {
                url: url.to_owned(),
                why,
            };
            let uri: hyper::Uri = url.parse().map_err(|_| refuse("it is not a URL"))?;
            if uri.scheme_str() != Some("https") {
                return Err(refuse("it must begin with `https://`"));
            }
            if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
                return Err(refuse("it must end after the port"));
            }
            let host = uri.host().ok_or_else(|| refuse("it names no host"))?;
            names.push(host.trim_matches(['[', ']']).to_owned());
            url.trim_end_matches('/').to_owned()
        }
        None if address.ip().is_unspecified() => {
            return Err(Error::AgentsUrl {
                url: format!("https://{address}"),
                why: "no agent can dial it; say with `--agents-url` where agents find this host",
            });
        }
        None => format!("https://{address}"),
    };
    if !address.ip().is_unspecified() {
        names.push(address.ip().to_string());
    }
    names.sort();
    names.dedup();
    Ok((url, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_for_agents_is_one_that_they_can_dial() {
        let check = |url: Option<&str>, address: &str, expected: Result<&str, &str>| {
            let found = dialled(url, address.parse().unwrap());
            let found = found.map(|(url, names)| format!("{url} {}", names.join(",")));
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(error), Err(expected)) => {
                    assert!(error.to_string().contains(expected), "{error}");
                }
                (found, expected) => panic!("{found:?} instead of {expected:?}"),
            }
        };
        check(
            None,
            "127.0.0.1:8443",
            Ok("https://127.0.0.1:8443 127.0.0.1,::1,localhost"),
        );
        check(
            Some("https://fleet.example.org/"),
            "0.0.0.0:8443",
            Ok("https://fleet.example.org 127.0.0.1,::1,fleet.example.org,localhost"),
        );
        check(
            Some("https://[fd00::1]:8443"),
            "10.0.0.1:8443",
            Ok("https://[fd00::1]:8443 10.0.0.1,127.0.0.1,::1,fd00::1,localhost"),
        );
        check(None, "0.0.0.0:8443", Err("--agents-url"));
        check(Some("http://x"), "127.0.0.1:1", Err("https://"));
        check(Some("https://x/y"), "127.0.0.1:1", Err("after the port"));
    }
}
