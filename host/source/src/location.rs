//! Where a repository is: the URL forms that Git knows, parsed once.

use std::fmt;
use std::path::PathBuf;

use fleet_core::secret::Secret;
use percent_encoding::percent_decode_str;

use crate::{Error, guard};

/// Where a repository is.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// On the host's own disk: `file:///srv/git/app` or `/srv/git/app`.
    Local(PathBuf),
    /// Behind HTTP or HTTPS; without user and password.
    Http(url::Url),
    /// Behind SSH: `ssh://git@host:22/path` or `git@host:path`.
    Ssh {
        /// User, if given.
        user: Option<String>,
        /// Host name or address, without brackets.
        host: String,
        /// Port, if given.
        port: Option<u16>,
        /// Path on the server; relative to the user's home in the `host:path` form.
        path: String,
    },
    /// Behind a Git daemon: `git://host/path`, neither private nor authentic.
    Daemon {
        /// Host name or address, without brackets.
        host: String,
        /// Port, if given.
        port: Option<u16>,
        /// Path on the server.
        path: String,
    },
}

/// User and password that were written into a URL.
pub(crate) type UserInfo = (String, Secret<String>);

impl Location {
    /// Reads a URL and takes user and password out of it.
    pub(crate) fn parse(text: &str) -> Result<(Self, Option<UserInfo>), Error> {
        let (location, userinfo) = Self::parse_any(text)?;
        let forbidden = match &location {
            Self::Local(_) => false,
            Self::Http(url) => guard::is_forbidden_host(url),
            // A name is looked at when it is resolved.
            Self::Ssh { host, .. } | Self::Daemon { host, .. } => {
                host.parse().is_ok_and(guard::is_forbidden)
            }
        };
        match forbidden {
            true => Err(Error::forbidden(without_userinfo(text))),
            false => Ok((location, userinfo)),
        }
    }

    fn parse_any(text: &str) -> Result<(Self, Option<UserInfo>), Error> {
        let refuse = |why| Error::Url {
            url: without_userinfo(text),
            why,
        };
        if text.is_empty() {
            return Err(refuse("it is empty"));
        }
        if text.len() > 2048 || text.chars().any(|c| c.is_control() || c == ' ') {
            return Err(refuse(
                "it is too long, or has spaces or control characters",
            ));
        }
        if text.starts_with('/') || text.starts_with("./") || text.starts_with("../") {
            return Ok((Self::Local(PathBuf::from(text)), None));
        }
        if let Some((scheme, _)) = text.split_once("://") {
            let url = url::Url::parse(text).map_err(|_| refuse("it is not well-formed"))?;
            return match scheme.to_ascii_lowercase().as_str() {
                "file" => {
                    let path = url
                        .to_file_path()
                        .map_err(|()| refuse("it names another host"))?;
                    Ok((Self::Local(path), None))
                }
                "http" | "https" => Self::http(url, refuse),
                "ssh" | "git+ssh" | "ssh+git" => Ok((Self::ssh(&url, refuse)?, None)),
                "git" => {
                    let (host, port, path) = authority(&url, refuse)?;
                    Ok((Self::Daemon { host, port, path }, None))
                }
                _ => Err(refuse("only file, http, https, ssh and git are known")),
            };
        }
        Ok((Self::scp_like(text, refuse)?, None))
    }

    /// The repository that a relative URL leads to, in the way of Git's submodules: each `../` leaves one part of our
    /// own path, and `./` none. `None` if `text` is no relative URL, and inside that if it leads nowhere.
    pub(crate) fn relative(&self, text: &str) -> Option<Option<Self>> {
        if !text.starts_with("./") && !text.starts_with("../") {
            return None;
        }
        let place = |base: &str| climb(base, text);
        Some(match self {
            Self::Local(path) => path.to_str().and_then(place).map(|p| Self::Local(p.into())),
            Self::Http(url) => place(url.path()).map(|path| {
                let mut url = url.clone();
                url.set_path(&path);
                Self::Http(url)
            }),
            Self::Ssh {
                user,
                host,
                port,
                path,
            } => place(path).map(|path| Self::Ssh {
                user: user.clone(),
                host: host.clone(),
                port: *port,
                path,
            }),
            Self::Daemon { host, port, path } => place(path).map(|path| Self::Daemon {
                host: host.clone(),
                port: *port,
                path,
            }),
        })
    }

    /// Whether it is on the host's own disk.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self, Self::Local(_))
    }

    /// Whether both are behind the same server and reached in the same way, so that one credential is for both.
    pub(crate) fn is_same_server(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Local(_), Self::Local(_)) => true,
            (Self::Http(a), Self::Http(b)) => a.origin() == b.origin(),
            (
                Self::Ssh {
                    user, host, port, ..
                },
                Self::Ssh {
                    user: other_user,
                    host: other_host,
                    port: other_port,
                    ..
                },
            ) => (user, host, port) == (other_user, other_host, other_port),
            _ => false,
        }
    }

    fn http(
        mut url: url::Url,
        refuse: impl Fn(&'static str) -> Error,
    ) -> Result<(Self, Option<UserInfo>), Error> {
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refuse("a query or fragment has no meaning for Git"));
        }
        let decode = |text: &str| {
            percent_decoded(text).ok_or_else(|| refuse("user or password is not UTF-8"))
        };
        let user = decode(url.username())?;
        let password = url.password().map(decode).transpose()?;
        // Both can only fail for URLs without a host, and http has one.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        let userinfo = (!user.is_empty() || password.is_some())
            .then(|| (user, Secret::new(password.unwrap_or_default())));
        Ok((Self::Http(url), userinfo))
    }

    fn ssh(url: &url::Url, refuse: impl Fn(&'static str) -> Error) -> Result<Self, Error> {
        if url.password().is_some() {
            return Err(refuse("a password has no use with SSH here; use a key"));
        }
        let (host, port, path) = authority(url, &refuse)?;
        let user =
            percent_decoded(url.username()).ok_or_else(|| refuse("the user is not UTF-8"))?;
        if user.starts_with('-') {
            return Err(refuse("the user begins with `-`"));
        }
        Ok(Self::Ssh {
            user: (!user.is_empty()).then_some(user),
            host,
            port,
            path,
        })
    }

    /// `[user@]host:path`
    fn scp_like(text: &str, refuse: impl Fn(&'static str) -> Error) -> Result<Self, Error> {
        let form = "it is neither a URL, nor `user@host:path`, nor an absolute path";
        let (user, rest) = match text.split_once('@') {
            Some((user, rest)) if !user.contains([':', '/']) => (Some(user.to_owned()), rest),
            _ => (None, text),
        };
        let (host, path) = match rest.strip_prefix('[') {
            Some(bracketed) => bracketed.split_once("]:").ok_or_else(|| refuse(form))?,
            None => rest.split_once(':').ok_or_else(|| refuse(form))?,
        };
        if host.is_empty() || host.contains('/') || path.is_empty() {
            return Err(refuse(form));
        }
        if host.starts_with('-')
            || path.starts_with('-')
            || user.as_ref().is_some_and(|user| user.starts_with('-'))
        {
            return Err(refuse("user, host or path begins with `-`"));
        }
        Ok(Self::Ssh {
            user,
            host: host.to_ascii_lowercase(),
            port: None,
            path: path.to_owned(),
        })
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bracketed = |host: &str| {
            if host.contains(':') {
                format!("[{host}]")
            } else {
                host.to_owned()
            }
        };
        let port = |port: &Option<u16>| port.map_or(String::new(), |port| format!(":{port}"));
        match self {
            Self::Local(path) => path.display().fmt(f),
            Self::Http(url) => url.fmt(f),
            Self::Ssh {
                user,
                host,
                port: number,
                path,
            } => {
                let user = user
                    .as_ref()
                    .map_or(String::new(), |user| format!("{user}@"));
                let slash = if path.starts_with('/') { "" } else { "/~/" };
                write!(
                    f,
                    "ssh://{user}{}{}{slash}{path}",
                    bracketed(host),
                    port(number)
                )
            }
            Self::Daemon {
                host,
                port: number,
                path,
            } => {
                write!(f, "git://{}{}{path}", bracketed(host), port(number))
            }
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The path that `relative` leads to from `base`.
fn climb(base: &str, mut relative: &str) -> Option<String> {
    let mut place = base.trim_end_matches('/');
    loop {
        if let Some(rest) = relative.strip_prefix("./") {
            relative = rest;
        } else if let Some(rest) = relative.strip_prefix("../") {
            let (above, name) = place.rsplit_once('/').unwrap_or(("", place));
            if name.is_empty() {
                return None;
            }
            (place, relative) = (above, rest);
        } else {
            break;
        }
    }
    let relative = relative.trim_end_matches('/');
    let odd = |part: &str| matches!(part, "" | "." | "..") || part.chars().any(char::is_control);
    if relative.split('/').any(odd) {
        return None;
    }
    let path = match place {
        "" if base.starts_with('/') => format!("/{relative}"),
        "" => relative.to_owned(),
        place => format!("{place}/{relative}"),
    };
    (!path.starts_with('-')).then_some(path)
}

fn authority(
    url: &url::Url,
    refuse: impl Fn(&'static str) -> Error,
) -> Result<(String, Option<u16>, String), Error> {
    let host = url
        .host_str()
        .filter(|host| !host.is_empty())
        .ok_or_else(|| refuse("it has no host"))?;
    let host = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase();
    let host = percent_decoded(&host).ok_or_else(|| refuse("the host is not UTF-8"))?;
    let path = percent_decoded(url.path()).ok_or_else(|| refuse("the path is not UTF-8"))?;
    // As Git reads it: `ssh://host/~/x` and `ssh://host/~user/x` are relative to a home.
    let path = match path.strip_prefix("/~/") {
        Some(relative) => relative.to_owned(),
        None if path.starts_with("/~") => path[1..].to_owned(),
        None => path,
    };
    if host.starts_with('-') || path.starts_with('-') {
        return Err(refuse("host or path begins with `-`"));
    }
    if path.is_empty() || path == "/" {
        return Err(refuse("it has no path"));
    }
    if host.chars().chain(path.chars()).any(char::is_control) {
        return Err(refuse("it has control characters"));
    }
    Ok((host, url.port(), path))
}

fn percent_decoded(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// For messages about URLs that could not be parsed: nothing between `://` and the last `@` of the authority.
pub(crate) fn without_userinfo(text: &str) -> String {
    let (scheme, rest) = text
        .split_once("://")
        .map_or(("", text), |(scheme, rest)| (scheme, rest));
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let separator = if scheme.is_empty() { "" } else { "://" };
    let shown = format!("{scheme}{separator}{host}{path}");
    shown
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        match Location::parse(text) {
            Ok((location, None)) => location.to_string(),
            Ok((location, Some((user, password)))) => {
                format!("{location} as {user}:{}", password.reveal())
            }
            Err(Error::Url { url, why }) => format!("{url}: {why}"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn every_form_that_git_knows_is_read() {
        for (text, expected) in [
            ("/srv/git/app", "/srv/git/app"),
            ("file:///srv/git/a%20b", "/srv/git/a b"),
            (
                "https://git.example.org/team/app.git/",
                "https://git.example.org/team/app.git",
            ),
            ("HTTPS://Git.Example.org:443/x", "https://git.example.org/x"),
            ("https://u%40x:p%2Fw@host/x", "https://host/x as u@x:p/w"),
            ("https://token@host/x", "https://host/x as token:"),
            ("http://host:8080/x", "http://host:8080/x"),
            (
                "ssh://git@host:2222/team/app",
                "ssh://git@host:2222/team/app",
            ),
            ("ssh://[::1]:22/x", "ssh://[::1]:22/x"),
            ("ssh://host/~/x", "ssh://host/~/x"),
            (
                "git@github.com:team/app.git",
                "ssh://git@github.com/~/team/app.git",
            ),
            ("host:/srv/app", "ssh://host/srv/app"),
            ("[::1]:x", "ssh://[::1]/~/x"),
            ("git://host/x", "git://host/x"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    /// `ssh -oProxyCommand=…` in place of a host runs a program on the host.
    #[test]
    fn what_could_be_taken_for_an_option_is_refused() {
        for text in [
            "ssh://-oProxyCommand=x/y",
            "-oProxyCommand=x:y",
            "host:-upload",
            "ssh://-u@host/x",
            "-u@host:x",
        ] {
            assert!(Location::parse(text).is_err(), "{text}: {}", shown(text));
        }
    }

    #[test]
    fn refusals_do_not_show_credentials() {
        for text in [
            "ftp://user:hunter2@host/x",
            "https://user:hunter2@host/x?y",
            "ssh://u:hunter2@host/x",
        ] {
            let message = shown(text);
            assert!(!message.contains("hunter2"), "{message}");
        }
        assert!(format!("{:?}", Location::parse("https://u:hunter2@h/x").unwrap()).contains("***"));
    }

    /// Without this a GitRepo could have the host ask the cloud for the credentials of its machine.
    #[test]
    fn addresses_of_metadata_services_are_refused() {
        for text in [
            "https://169.254.169.254/x",
            "http://2852039166/x",
            "https://[fd00:ec2::254]/x",
            "ssh://git@169.254.169.254/x",
            "[fe80::1]:x",
            "git://0.0.0.0/x",
        ] {
            let refused = shown(text);
            assert!(refused.contains("link-local"), "{text}: {refused}");
        }
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "https://",
            "https://host/x#y",
            "relative/path",
            "ext::sh -c x",
            "file://host/x",
            "ssh://host",
            "a\nb",
        ] {
            assert!(Location::parse(text).is_err(), "{text}");
        }
    }
}
