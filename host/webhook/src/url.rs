//! The URL of a repository, reduced to what tells repositories apart.
//!
//! A forge names the same repository in several ways, and the operator in yet another: HTTPS, SSH, `host:path`, with
//! and without `.git`. Two that mean the same must be found to be the same; that two different ones are taken for one
//! does no harm, since a webhook only says when to look.

use std::fmt::{self, Write as _};

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// Longest URL that is read, in bytes.
const MAX_BYTES: usize = 2048;

/// Names under which forges offer SSH on the port of HTTPS, or for SSH only.
const ALIASES: [(&str, &str); 5] = [
    ("ssh.github.com", "github.com"),
    ("altssh.gitlab.com", "gitlab.com"),
    ("altssh.bitbucket.org", "bitbucket.org"),
    ("ssh.dev.azure.com", AZURE),
    ("vs-ssh.visualstudio.com", AZURE),
];

/// Where all of Azure DevOps Services is.
const AZURE: &str = "dev.azure.com";

/// The URL of a repository: lower case, without user, default port, `.git` and closing slashes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoUrl {
    transport: Transport,
    host: String,
    /// None if it is the transport's own.
    port: Option<u16>,
    path: String,
}

/// How a repository is reached, as far as ports can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Transport {
    Http,
    Https,
    Ssh,
    Git,
    File,
}

impl RepoUrl {
    /// Reads any of the forms that Git knows; none if it is none of them.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || text.len() > MAX_BYTES || text.contains(char::is_control) {
            return None;
        }
        let (transport, authority, path) = split(text)?;
        let (host, port) = host_and_port(authority)?;
        let path = decoded(path)?.to_ascii_lowercase();
        let mut segments: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        // A home folder says nothing; one may also come to the front when a forge's own prefix is gone.
        let homeless = |segments: &mut Vec<&str>| {
            let n_homes = segments.iter().take_while(|part| **part == "~").count();
            segments.drain(..n_homes);
        };
        homeless(&mut segments);
        let (host, port, mut segments) = known_forges(&host, port, segments);
        homeless(&mut segments);
        let mut path = segments.join("/");
        while let Some(shorter) = path
            .strip_suffix(".git")
            .filter(|path| !path.is_empty() && !path.ends_with('/') && *path != "~")
        {
            path.truncate(shorter.len());
        }
        if path.is_empty() || (host.is_empty() != (transport == Transport::File)) {
            return None;
        }
        let port = port.filter(|port| Some(*port) != transport.default_port());
        Some(Self {
            transport,
            host: host.to_owned(),
            port,
            path,
        })
    }

    /// Whether both are the same repository: ports are compared only between URLs of one transport, because a server
    /// has one for each.
    pub fn same_repository(&self, other: &Self) -> bool {
        self.host == other.host
            && self.path == other.path
            && (self.transport != other.transport || self.port == other.port)
    }
}

impl fmt::Display for RepoUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.transport.scheme())?;
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str("/")?;
        let mut utf8 = [0; 4];
        for c in self.path.chars() {
            if c.is_whitespace() || matches!(c, '%' | '?' | '#') {
                let bytes = c.encode_utf8(&mut utf8).as_bytes();
                write!(f, "{}", percent_encode(bytes, NON_ALPHANUMERIC))?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

impl Transport {
    fn of(scheme: &str) -> Option<Self> {
        Some(match scheme.to_ascii_lowercase().as_str() {
            "http" => Self::Http,
            "https" => Self::Https,
            "ssh" | "git+ssh" | "ssh+git" => Self::Ssh,
            "git" => Self::Git,
            "file" => Self::File,
            _ => return None,
        })
    }

    fn scheme(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Ssh => "ssh",
            Self::Git => "git",
            Self::File => "file",
        }
    }

    fn default_port(self) -> Option<u16> {
        match self {
            Self::Http => Some(80),
            Self::Https => Some(443),
            Self::Ssh => Some(22),
            Self::Git => Some(9418),
            Self::File => None,
        }
    }
}

/// Transport, authority without user, path.
fn split(text: &str) -> Option<(Transport, &str, &str)> {
    if text.starts_with('/') {
        return Some((Transport::File, "", text));
    }
    let without_user = |text: &'_ str| text.rfind('@').map_or(0, |at| at + 1);
    if let Some((scheme, rest)) = text.split_once("://") {
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = &authority[without_user(authority)..];
        return Some((Transport::of(scheme)?, authority, path));
    }
    // `[user@]host:path`; an IPv6 address has brackets.
    let start = if text.starts_with('[') {
        0
    } else {
        let before_path = text.split(['/', ':']).next().unwrap_or_default();
        without_user(before_path)
    };
    let rest = &text[start..];
    let colon = match rest.strip_prefix('[') {
        Some(bracketed) => bracketed.find("]:")? + 2,
        None => rest.find(':')?,
    };
    let (host, path) = (&rest[..colon], &rest[colon + 1..]);
    let plain = !host.is_empty() && !host.contains('/');
    plain.then_some((Transport::Ssh, host, path))
}

fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, rest) = match authority.strip_prefix('[') {
        Some(bracketed) => bracketed.split_once(']')?,
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => None,
        Some("") => None,
        Some(port) => Some(port.parse().ok()?),
        None => return None,
    };
    let odd = |c: char| c.is_whitespace() || "[]%@\\?#".contains(c);
    if host.contains(odd) {
        return None;
    }
    let host = host.to_ascii_lowercase();
    // The closing full stop of a fully qualified name says nothing here.
    Some((host.trim_end_matches('.').to_owned(), port))
}

/// Text with its percent escapes replaced; none if that is not text, or hides control characters.
fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    (!text.contains(char::is_control)).then(|| text.into_owned())
}

/// Brings hosts and paths of forges that have several for one repository into one form.
fn known_forges<'a>(
    host: &'a str,
    port: Option<u16>,
    mut segments: Vec<&'a str>,
) -> (&'a str, Option<u16>, Vec<&'a str>) {
    if let Some((_, name)) = ALIASES.iter().find(|(alias, _)| *alias == host) {
        // `v3/organisation/project/repository`
        if *name == AZURE && segments.len() == 4 && matches!(segments[0], "v1" | "v3") {
            segments.remove(0);
        }
        return (name, None, azure(&segments).unwrap_or(segments));
    }
    if host == AZURE {
        return (host, port, azure(&segments).unwrap_or(segments));
    }
    // `https://organisation.visualstudio.com/[DefaultCollection/]project/_git/repository`
    if let Some(organisation) = host.strip_suffix(".visualstudio.com") {
        let rest = match segments.as_slice() {
            ["defaultcollection", rest @ ..] => rest,
            rest => rest,
        };
        let whole: Vec<&str> = [&[organisation], rest].concat();
        if let Some(found) = azure(&whole) {
            return (AZURE, None, found);
        }
    }
    (host, port, segments)
}

/// Organisation, project and repository; a project's first repository can be named without the project.
fn azure<'a>(segments: &[&'a str]) -> Option<Vec<&'a str>> {
    let found = match segments {
        [organisation, "_git", repository] => [*organisation, *repository, *repository],
        [organisation, project, "_git", repository] => [*organisation, *project, *repository],
        _ => return None,
    };
    (!found.contains(&"_git")).then(|| found.to_vec())
}
