//! Where a repository is in the API of its forge, found from the repository's own URL.

use std::fmt;

use fleet_core::resource::ForgeKind;
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::Error;

/// Where a repository is, as Git sees it.
#[derive(Clone, Copy, Debug)]
pub enum Home<'a> {
    /// Behind HTTP or HTTPS.
    Http(&'a Url),
    /// Behind SSH.
    Ssh {
        /// Host name or address.
        host: &'a str,
        /// Path on the server.
        path: &'a str,
    },
}

/// A repository in the API of its forge; `Display` is its name and where the API is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    kind: ForgeKind,
    api: Url,
    /// Owner and name; with GitLab all the groups around it.
    path: Vec<String>,
    at_home: bool,
}

impl Project {
    /// Finds a repository; `api` says where the API is, if that cannot be told from where the repository is.
    ///
    /// # Errors
    /// [`Error::Project`] if it cannot be found, or the API could be spoken with in clear text only.
    pub fn find(kind: ForgeKind, home: &Home<'_>, api: Option<&str>) -> Result<Self, Error> {
        let place = Place::of(home)?;
        let (api, prefix) = match api {
            Some(text) => {
                let api = api_url(kind, text)?;
                let inside = api.path().strip_suffix(tail(kind)).unwrap_or_default();
                let prefix = segments(inside).unwrap_or_default();
                (api, prefix)
            }
            None => place.api(kind)?,
        };
        let refuse = |why| Error::Project {
            what: place.path.join("/"),
            why,
        };
        let path = match kind {
            ForgeKind::GitLab => {
                let path = place.path.strip_prefix(&prefix[..]);
                path.unwrap_or(&place.path).to_vec()
            }
            ForgeKind::GitHub | ForgeKind::Gitea => {
                let first = place.path.len().saturating_sub(2);
                place.path[first..].to_vec()
            }
        };
        if path.len() < 2 {
            return Err(refuse("its path is not that of an owner and a repository"));
        }
        let at_home = api.host_str().is_some_and(|host| serves(host, &place.host));
        Ok(Self {
            kind,
            api,
            path,
            at_home,
        })
    }

    /// Whose API it is.
    pub fn kind(&self) -> ForgeKind {
        self.kind
    }

    /// Where the API is; ends with `/`.
    pub fn api(&self) -> &Url {
        &self.api
    }

    /// Name of the repository, without its owner.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", String::as_str)
    }

    /// Whether the API belongs to the server that holds the repository, so that a credential for one is for the other.
    pub fn is_at_home(&self) -> bool {
        self.at_home
    }

    /// Where the marks of a commit are told.
    pub(crate) fn statuses(&self, commit: &str) -> Url {
        let mut url = self.api.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty();
            match self.kind {
                ForgeKind::GitLab => segments.push("projects").push(&self.path.join("/")),
                ForgeKind::GitHub | ForgeKind::Gitea => segments.push("repos").extend(&self.path),
            };
            segments.extend(["statuses", commit]);
        }
        url
    }
}

impl fmt::Display for Project {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.path.join("/"), self.api)
    }
}

/// Where a repository is, in parts.
struct Place {
    /// `http` or `https`.
    scheme: &'static str,
    host: String,
    port: Option<u16>,
    path: Vec<String>,
}

impl Place {
    fn of(home: &Home<'_>) -> Result<Self, Error> {
        let refuse = |what: &str| Error::Project {
            what: what.to_owned(),
            why: "its path has parts that no repository has",
        };
        let (scheme, host, port, path) = match *home {
            Home::Http(url) => {
                let scheme = if url.scheme() == "http" {
                    "http"
                } else {
                    "https"
                };
                let host = url.host_str().unwrap_or_default().to_owned();
                (scheme, host, url.port(), url.path())
            }
            Home::Ssh { host, path } => {
                let path = path.trim_start_matches('/');
                let path = path.strip_prefix("~/").unwrap_or(path);
                let host = if host.contains(':') {
                    format!("[{host}]")
                } else {
                    host.to_ascii_lowercase()
                };
                ("https", host, None, path)
            }
        };
        let mut parts = segments(path).ok_or_else(|| refuse(path))?;
        if let Some(last) = parts.last_mut()
            && let Some(bare) = last.strip_suffix(".git")
        {
            *last = bare.to_owned();
        }
        if parts.iter().any(String::is_empty) {
            return Err(refuse(path));
        }
        // The forges' names for SSH through firewalls.
        let host = match host.as_str() {
            "ssh.github.com" | "www.github.com" => "github.com".to_owned(),
            "altssh.gitlab.com" => "gitlab.com".to_owned(),
            "altssh.codeberg.org" => "codeberg.org".to_owned(),
            _ => host,
        };
        Ok(Self {
            scheme,
            host,
            port,
            path: parts,
        })
    }

    /// Where the API should be, and which folders of the server are the forge's own.
    fn api(&self, kind: ForgeKind) -> Result<(Url, Vec<String>), Error> {
        let (host, port) = (&self.host, self.port);
        let server = match port {
            Some(port) => format!("{}://{host}:{port}", self.scheme),
            None => format!("{}://{host}", self.scheme),
        };
        let mut prefix = Vec::new();
        let text = match kind {
            ForgeKind::GitHub => match cloud_api(host) {
                Some(api) => format!("https://{api}/"),
                None => format!("{server}/api/v3/"),
            },
            ForgeKind::GitLab => format!("{server}/api/v4/"),
            ForgeKind::Gitea => {
                prefix = self.path[..self.path.len().saturating_sub(2)].to_vec();
                let inside: String = prefix.iter().map(|part| format!("{part}/")).collect();
                format!("{server}/{inside}api/v1/")
            }
        };
        Ok((api_url(kind, &text)?, prefix))
    }
}

/// Host of GitHub's API for a host of its repositories, where GitHub itself runs both.
pub(crate) fn cloud_api(host: &str) -> Option<String> {
    (host == "github.com" || host.ends_with(".ghe.com")).then(|| format!("api.{host}"))
}

/// Whether an API on host `api` is that of a server whose repositories are on host `repositories`.
pub(crate) fn serves(api: &str, repositories: &str) -> bool {
    match cloud_api(repositories) {
        Some(cloud) => cloud == api,
        None => api == repositories,
    }
}

/// Reads the URL of an API; `https`, except on this machine.
///
/// # Errors
/// [`Error::Project`] if a credential should not go there.
pub(crate) fn api_url(kind: ForgeKind, text: &str) -> Result<Url, Error> {
    let mut url = Url::parse(text).map_err(|_| Error::Project {
        what: "apiUrl".to_owned(),
        why: "it is not a URL",
    })?;
    let bare = url.username().is_empty() && url.password().is_none();
    let why = match url.scheme() {
        _ if !bare => "a URL must not hold a credential",
        "https" => "",
        "http" if is_loopback(&url) => "",
        "http" => {
            "the token would cross the network in clear text; say with `apiUrl` where it is behind https"
        }
        _ => "it is neither https nor http",
    };
    let why = if why.is_empty() && (url.query().is_some() || url.fragment().is_some()) {
        "a query or fragment has no meaning there"
    } else {
        why
    };
    if !why.is_empty() {
        // Only what was parsed is shown, without what may be a credential.
        let what = url.host_str().unwrap_or("apiUrl").to_owned();
        return Err(Error::Project { what, why });
    }
    if url.path() == "/" && !url.host_str().is_some_and(|host| host.starts_with("api.")) {
        url.set_path(tail(kind));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// Where the API is on a server.
fn tail(kind: ForgeKind) -> &'static str {
    match kind {
        ForgeKind::GitHub => "/api/v3/",
        ForgeKind::GitLab => "/api/v4/",
        ForgeKind::Gitea => "/api/v1/",
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// The parts of a path, without what is written as `%20`; none if one could lead elsewhere.
fn segments(path: &str) -> Option<Vec<String>> {
    let plain = |part: &str| {
        part != "."
            && part != ".."
            && !part.contains(['/', '\\'])
            && !part.contains(char::is_control)
    };
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| {
            let part = percent_decode_str(part).decode_utf8().ok()?;
            plain(&part).then(|| part.into_owned())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `expected` is the URL for marks, or a part of the refusal.
    #[track_caller]
    fn check(kind: ForgeKind, home: &str, api: Option<&str>, expected: Result<&str, &str>) {
        let url = Url::parse(home);
        let home = match (&url, home.split_once(':')) {
            (Ok(url), _) if url.scheme().starts_with("http") => Home::Http(url),
            (_, Some((host, path))) => Home::Ssh { host, path },
            _ => panic!("{home}"),
        };
        let found = Project::find(kind, &home, api).map(|project| project.statuses("c0ffee"));
        match (found, expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found.as_str(), expected),
            (Err(error), Err(expected)) => {
                assert!(error.to_string().contains(expected), "{error}");
            }
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn github_has_its_api_on_a_host_of_its_own_and_enterprise_below_the_server() {
        let check = |home, api, expected| check(ForgeKind::GitHub, home, api, expected);
        let cloud = "https://api.github.com/repos/team/app/statuses/c0ffee";
        check("https://github.com/team/app", None, Ok(cloud));
        check("https://github.com/team/app.git", None, Ok(cloud));
        check("github.com:~/team/app.git", None, Ok(cloud));
        check("ssh.github.com:/team/app", None, Ok(cloud));
        check(
            "https://acme.ghe.com/team/app",
            None,
            Ok("https://api.acme.ghe.com/repos/team/app/statuses/c0ffee"),
        );
        let enterprise = "https://git.example.org:8443/api/v3/repos/team/app/statuses/c0ffee";
        check(
            "https://git.example.org:8443/team/app",
            None,
            Ok(enterprise),
        );
        check(
            "git.example.org:team/app.git",
            Some("https://git.example.org:8443"),
            Ok(enterprise),
        );
        check("https://github.com/app", None, Err("owner"));
    }

    #[test]
    fn gitlab_takes_all_groups_as_one_part_of_the_path() {
        let check = |home, api, expected| check(ForgeKind::GitLab, home, api, expected);
        let one = "https://gitlab.com/api/v4/projects/a%2Fb%2Fc%2Fapp/statuses/c0ffee";
        check("https://gitlab.com/a/b/c/app.git", None, Ok(one));
        check("altssh.gitlab.com:a/b/c/app.git", None, Ok(one));
        let below = "https://example.org/gitlab/api/v4/projects/team%2Fapp/statuses/c0ffee";
        let api = Some("https://example.org/gitlab/api/v4");
        check("https://example.org/gitlab/team/app", api, Ok(below));
        check("example.org:team/app", api, Ok(below));
        check("https://gitlab.com/app", None, Err("owner"));
    }

    #[test]
    fn gitea_may_live_in_a_folder_of_its_server() {
        let check = |home, api, expected| check(ForgeKind::Gitea, home, api, expected);
        check(
            "https://codeberg.org/team/app",
            None,
            Ok("https://codeberg.org/api/v1/repos/team/app/statuses/c0ffee"),
        );
        check(
            "https://example.org/gitea/team/app",
            None,
            Ok("https://example.org/gitea/api/v1/repos/team/app/statuses/c0ffee"),
        );
        check(
            "http://127.0.0.1:3000/team/a%20b",
            None,
            Ok("http://127.0.0.1:3000/api/v1/repos/team/a%20b/statuses/c0ffee"),
        );
    }

    /// Without this a token could be read on the way, or a path could name another endpoint.
    #[test]
    fn what_would_give_a_token_away_or_lead_elsewhere_is_refused() {
        let check = |home, api, expected| check(ForgeKind::Gitea, home, api, Err(expected));
        check("http://git.example.org/team/app", None, "clear text");
        check(
            "git.example.org:team/app",
            Some("http://git.example.org"),
            "clear text",
        );
        check(
            "git.example.org:team/app",
            Some("ftp://git.example.org"),
            "neither",
        );
        check(
            "git.example.org:team/app",
            Some("https://u:p@git.example.org"),
            "credential",
        );
        check(
            "git.example.org:team/app",
            Some("https://git.example.org/?a=b"),
            "query",
        );
        check("git.example.org:team/app", Some("nonsense"), "not a URL");
        check("https://git.example.org/team/%2e%2e%2fadmin", None, "parts");
        check("git.example.org:team/../app", None, "parts");
        check("git.example.org:team/.git", None, "parts");
    }

    #[test]
    fn a_credential_is_at_home_on_the_servers_own_api_only() {
        let at_home = |home: &str, api: Option<&str>| {
            let home = Url::parse(home).unwrap();
            Project::find(ForgeKind::GitHub, &Home::Http(&home), api)
                .unwrap()
                .is_at_home()
        };
        assert!(at_home("https://github.com/team/app", None));
        assert!(at_home("https://git.example.org/team/app", None));
        assert!(!at_home(
            "https://github.com/team/app",
            Some("https://api.example.org")
        ));
        assert!(!at_home(
            "https://git.example.org/team/app",
            Some("https://api.github.com")
        ));
    }
}
