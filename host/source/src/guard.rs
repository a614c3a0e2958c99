//! Which addresses are never spoken to: those of a machine's own link, where clouds keep their metadata.
//!
//! Loopback and private networks are allowed: Git servers, registries and chart repositories live inside clusters too.
//! What is checked is what is dialled: names are looked at when they are resolved, by [`Resolver`] or `resolve`, and
//! addresses that are written out by [`is_forbidden_host`]. Where a proxy is used, it resolves the names, and its own
//! rules count.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// Why an address is refused.
pub const FORBIDDEN: &str = "its address is link-local, where machines keep their metadata";

/// Where Amazon serves metadata over IPv6; the other clouds use link-local addresses.
const AWS_METADATA: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Whether an address is one that nobody is to be sent to.
pub fn is_forbidden(address: IpAddr) -> bool {
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

/// Whether a URL names such an address itself; a name says nothing until it is resolved.
pub fn is_forbidden_host(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(v4)) => is_forbidden(v4.into()),
        Some(Host::Ipv6(v6)) => is_forbidden(v6.into()),
        Some(Host::Domain(_)) | None => false,
    }
}

/// A name that leads where nobody is to be sent.
#[derive(Clone, Copy, Debug)]
pub struct Forbidden;

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FORBIDDEN)
    }
}

impl std::error::Error for Forbidden {}

/// Resolves names by the system and leaves out the addresses above.
#[derive(Clone, Copy, Debug)]
pub struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(allowed(found)?.into_iter()) as Addrs)
        })
    }
}

/// Where a name leads, without the addresses above; blocks.
///
/// # Errors
/// If it leads nowhere, or with [`Forbidden`] only to those.
pub(crate) fn resolve(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let found = (host, port).to_socket_addrs()?;
    allowed(found).map_err(io::Error::other)
}

fn allowed(found: impl Iterator<Item = SocketAddr>) -> Result<Vec<SocketAddr>, Forbidden> {
    let mut n_found = 0;
    let found = found.inspect(|_| n_found += 1);
    let allowed: Vec<_> = found
        .filter(|address| !is_forbidden(address.ip()))
        .collect();
    match n_found > 0 && allowed.is_empty() {
        true => Err(Forbidden),
        false => Ok(allowed),
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

    /// Without this a name that leads to both would be refused, or dialled where it must not be.
    #[test]
    fn of_a_name_only_the_addresses_that_are_allowed_count() {
        let check = |found: &[&str], expected: Option<&[&str]>| {
            let parse = |list: &[&str]| -> Vec<SocketAddr> {
                let parse = |text: &&str| SocketAddr::new(text.parse().unwrap(), 22);
                list.iter().map(parse).collect()
            };
            let kept = allowed(parse(found).into_iter()).ok();
            assert_eq!(kept, expected.map(parse), "{found:?}");
        };
        check(&["fe80::1", "10.0.0.1"], Some(&["10.0.0.1"]));
        check(&["169.254.169.254", "fe80::1"], None);
        check(&[], Some(&[]));
        for host in ["169.254.169.254", "2852039166", "0xa9fea9fe", "fe80::1"] {
            let refused = resolve(host, 22).unwrap_err();
            assert!(
                refused.to_string().contains("link-local"),
                "{host}: {refused}"
            );
        }
        assert_eq!(resolve("127.0.0.1", 22).unwrap().len(), 1);
    }
}
