//! Which addresses are never spoken to: those of a machine's own link, where clouds keep their metadata.
//!
//! Loopback and private networks are allowed: registries and chart repositories live inside clusters too.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::error::shown;
use crate::{Error, Options};

/// Where Amazon serves metadata over IPv6; the other clouds use link-local addresses.
const AWS_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Whether an address is one that nobody is to be sent to.
pub(crate) fn is_forbidden(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            v4.is_link_local()
                || v4.is_multicast()
                || v4.is_broadcast()
                || v4 == Ipv4Addr::UNSPECIFIED
        }
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local()
                || v6.is_multicast()
                || v6.is_unspecified()
                || v6 == AWS_METADATA
                || embedded(v6).is_some_and(|v4| v4.is_link_local())
        }
    }
}

/// The IPv4 address inside one that is translated on the way: NAT64 (`64:ff9b::/96`), 6to4 (`2002::/16`), and the
/// deprecated `::a.b.c.d`.
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let from = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match s {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0, 0, 0, 0, 0, 0, high, low] => {
            Some(from(high, low))
        }
        [0x2002, high, low, ..] => Some(from(high, low)),
        _ => None,
    }
}

/// Refuses a URL that is not spoken to: another scheme than HTTPS, or an address above.
///
/// Names are looked at when they are resolved, by [`Resolver`], so that what is checked is what is dialled.
pub(crate) fn check(url: &Url, options: &Options) -> Result<(), Error> {
    let refuse = |why: &str| {
        Err(Error::Refused(format!(
            "cannot fetch `{}`: {why}",
            shown(url)
        )))
    };
    match url.scheme() {
        "https" => {}
        "http" if is_plain(url, options) => {}
        "http" => {
            return refuse(
                "it is not protected by TLS; use https, or have the operator name the host by `--plain-http-host`",
            );
        }
        _ => return refuse("only https is fetched"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("a credential does not belong into a URL; put it into a secret");
    }
    let forbidden = match url.host() {
        Some(Host::Ipv4(v4)) => is_forbidden(v4.into()),
        Some(Host::Ipv6(v6)) => is_forbidden(v6.into()),
        Some(Host::Domain(_)) => false,
        None => return refuse("it has no host"),
    };
    if forbidden {
        return refuse(FORBIDDEN);
    }
    Ok(())
}

/// Whether the operator lets this host be spoken to without TLS.
pub(crate) fn is_plain(url: &Url, options: &Options) -> bool {
    let Some(host) = url.host_str() else {
        return false;
    };
    let with_port = url.port().map(|port| format!("{host}:{port}"));
    let named = |host: &str| options.plain_http_hosts.contains(host);
    named(host) || with_port.is_some_and(|host| named(&host))
}

/// Refuses a Git server whose name leads to an address above.
///
/// Git has connections of its own, so this looks before they are made.
pub(crate) fn check_host(host: &str) -> Result<(), Error> {
    use std::net::ToSocketAddrs as _;
    let refuse = || {
        Err(Error::Refused(format!(
            "cannot fetch from `{host}`: {FORBIDDEN}"
        )))
    };
    if let Ok(address) = host.parse::<IpAddr>() {
        return if is_forbidden(address) {
            refuse()
        } else {
            Ok(())
        };
    }
    // Who cannot be found cannot be dialled either, and Git says it better.
    let mut found = (host, 0).to_socket_addrs().into_iter().flatten();
    if found.any(|address| is_forbidden(address.ip())) {
        return refuse();
    }
    Ok(())
}

const FORBIDDEN: &str = "its address is link-local, where machines keep their metadata";

/// A name that leads where nobody is to be sent.
#[derive(Debug)]
pub(crate) struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORBIDDEN)
    }
}

impl std::error::Error for Forbidden {}

/// Resolves names by the system and leaves out the addresses above.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed: Vec<SocketAddr> = found
                .iter()
                .copied()
                .filter(|address| !is_forbidden(address.ip()))
                .collect();
            if allowed.is_empty() && !found.is_empty() {
                return Err(Forbidden.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_services_are_out_of_reach_and_registries_in_clusters_are_not() {
        for (address, expected) in [
            ("169.254.169.254", true),
            ("::ffff:169.254.169.254", true),
            ("64:ff9b::a9fe:a9fe", true),
            ("2002:a9fe:a9fe::1", true),
            ("fe80::1", true),
            ("fd00:ec2::254", true),
            ("0.0.0.0", true),
            ("::", true),
            ("224.0.0.1", true),
            ("127.0.0.1", false),
            ("::1", false),
            ("10.1.2.3", false),
            ("fd00::1", false),
            ("93.184.216.34", false),
        ] {
            assert_eq!(
                is_forbidden(address.parse().unwrap()),
                expected,
                "{address}"
            );
        }
    }

    #[test]
    fn only_https_is_fetched_unless_the_operator_names_the_host() {
        let options = Options {
            plain_http_hosts: ["plain.example".to_owned(), "127.0.0.1:8080".to_owned()].into(),
            ..Options::default()
        };
        for (url, expected) in [
            ("https://a.example/x", true),
            ("http://a.example/x", false),
            ("http://plain.example:81/x", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://127.0.0.1:8081/x", false),
            ("https://169.254.169.254/latest", false),
            ("https://2852039166/latest", false),
            ("https://[fe80::1]/x", false),
            ("https://user:hunter2@a.example/x", false),
            ("ftp://a.example/x", false),
        ] {
            let checked = check(&Url::parse(url).unwrap(), &options);
            assert_eq!(checked.is_ok(), expected, "{url}");
            let message = checked
                .err()
                .map_or(String::new(), |error| error.to_string());
            assert!(!message.contains("hunter2"), "{message}");
        }
    }
}
