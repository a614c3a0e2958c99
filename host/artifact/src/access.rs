//! Who may fetch what, and which credential goes where.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fleet_core::digest::Digest;
use fleet_core::pattern;
use fleet_core::secret::{Entries, NotText, Secret};
use fleet_source::credentials::pem;
use fleet_source::{Location, Remote};
use fleet_yaml::Duplicates;
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::Error;
use crate::cache::Partition;

/// The entry of a secret that says which credential is for which paths.
const PATHS_ENTRY: &str = "secrets-path.yaml";

/// What one GitRepo may fetch, and with what.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// Whether bases and resources of kustomizations are fetched; charts always are.
    pub bases: bool,
    /// The credential for Helm repositories and registries.
    pub helm: Option<Credential>,
    /// Which of them get it.
    pub helm_urls: UrlRule,
    /// The repository that asks: its credential is for its neighbours too.
    pub git: Option<Remote>,
    /// Why no chart can be fetched, though they are allowed: a secret that cannot be read.
    pub broken: Option<String>,
}

/// Which URLs get a credential: a regular expression that counts from the beginning of the URL.
#[derive(Clone, Debug, Default)]
pub struct UrlRule(Option<Regex>);

impl UrlRule {
    /// Reads the rule; an empty one lets nothing through.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is no regular expression.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        let anchored = format!("^(?:{text})");
        match Regex::new(&anchored) {
            Ok(regex) => Ok(Self(Some(regex))),
            Err(_) => Err(Error::Refused(format!(
                "cannot use `helmRepoURLRegex` `{text}`: it is no regular expression"
            ))),
        }
    }

    fn fits(&self, url: &str) -> bool {
        self.0.as_ref().is_some_and(|regex| regex.is_match(url))
    }
}

/// A credential for Helm repositories and registries.
#[derive(Clone, Default)]
pub struct Credential {
    /// User and password.
    pub login: Option<(String, Secret<String>)>,
    /// User and password for particular registries, by host.
    pub registries: BTreeMap<String, (String, Secret<String>)>,
    /// Certificate authorities that are trusted besides the system's, PEM.
    pub authorities: Option<String>,
    /// Whether certificates are not checked.
    pub insecure_skip_tls_verify: bool,
}

impl Credential {
    /// Reads the entries of a secret: `username`, `password`, `cacerts`, `insecureSkipVerify`, `.dockerconfigjson`.
    ///
    /// # Errors
    /// [`Error::Refused`] if one cannot be read, or they do not belong together.
    pub fn from_entries(entries: &Entries) -> Result<Self, Error> {
        let refuse = refusal(entries);
        let not_text = |error: NotText| refuse(&error.to_string());
        let text = |entry| entries.text(entry).map_err(not_text);
        let line = |entry| entries.line(entry).map_err(not_text);
        let registries = match text(".dockerconfigjson")? {
            Some(json) => docker_logins(json)
                .ok_or_else(|| refuse("`.dockerconfigjson` is not what Docker writes"))?,
            None => BTreeMap::new(),
        };
        let login = match (line("username")?, line("password")?) {
            (Some(username), Some(password)) => {
                Some((username.to_owned(), Secret::new(password.to_owned())))
            }
            (None, None) => None,
            _ => {
                return Err(refuse(
                    "`username` and `password` belong together, and one is missing",
                ));
            }
        };
        let authorities = text("cacerts")?.or(text("ca.crt")?);
        Ok(Self {
            login,
            registries,
            authorities: authorities.map(str::to_owned),
            insecure_skip_tls_verify: line("insecureSkipVerify")? == Some("true"),
        })
    }

    /// The credential for a path of the repository, from the entry `secrets-path.yaml` of a secret: of the patterns
    /// that match the path, the first in lexical order counts.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is no such entry or it cannot be read.
    pub fn for_path(entries: &Entries, path: &str) -> Result<Option<Self>, Error> {
        let refuse = refusal(entries);
        let text = entries
            .text(PATHS_ENTRY)
            .map_err(|error| refuse(&error.to_string()))?;
        if !entries.names().any(|name| name == PATHS_ENTRY) {
            return Err(refuse(&format!("it has no `{PATHS_ENTRY}`")));
        }
        // One that is empty has no credential for any path.
        let text = text.unwrap_or_default();
        let value = fleet_yaml::from_str(text, Duplicates::Refuse).map_err(|error| {
            refuse(&format!(
                "`{PATHS_ENTRY}` line {}: {}",
                error.line, error.message
            ))
        })?;
        let value = if value.is_null() {
            Value::Object(serde_json::Map::new())
        } else {
            value
        };
        let paths: BTreeMap<String, PathLogin> = serde_json::from_value(value).map_err(|_| {
            refuse(&format!(
                "`{PATHS_ENTRY}` is not a mapping of paths to credentials"
            ))
        })?;
        let path = path.trim_matches('/');
        let found = paths.into_iter().find(|(key, _)| {
            let key = key.trim_matches('/');
            key == path || pattern::matches(key, path)
        });
        let Some((key, login)) = found else {
            return Ok(None);
        };
        let authorities = match login.ca_bundle.filter(|text| !text.trim().is_empty()) {
            Some(text) => Some(pem(&text).ok_or_else(|| {
                refuse(&format!(
                    "`caBundle` of `{key}` is neither PEM nor base64 of PEM"
                ))
            })?),
            None => None,
        };
        let login_pair = match (login.username, login.password) {
            (username, password) if username.is_empty() && password.is_empty() => None,
            (username, password) => Some((username, Secret::new(password))),
        };
        Ok(Some(Self {
            login: login_pair,
            registries: BTreeMap::new(),
            authorities,
            insecure_skip_tls_verify: login.insecure_skip_verify,
        }))
    }

    /// User and password for a host.
    pub(crate) fn login(&self, host: &str) -> Option<&(String, Secret<String>)> {
        self.registries.get(host).or(self.login.as_ref())
    }

    fn partition(&self, host: &str) -> Partition {
        let Some((username, password)) = self.login(host) else {
            return Partition::Public;
        };
        let mut bytes = (username.len() as u64).to_le_bytes().to_vec();
        bytes.extend(username.as_bytes());
        bytes.extend(password.reveal().as_bytes());
        Partition::Credential(Digest::of(&bytes))
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("login", &self.login.as_ref().map(|_| "***"))
            .field("registries", &self.registries.keys())
            .field("authorities", &self.authorities.is_some())
            .field("insecure_skip_tls_verify", &self.insecure_skip_tls_verify)
            .finish()
    }
}

/// One entry of `secrets-path.yaml`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PathLogin {
    username: String,
    password: String,
    ca_bundle: Option<String>,
    insecure_skip_verify: bool,
}

/// `{"auths": {"HOST": {"auth": base64 of `user:password`}}}`, or with both in plain text.
fn docker_logins(json: &str) -> Option<BTreeMap<String, (String, Secret<String>)>> {
    let value: Value = serde_json::from_str(json).ok()?;
    let mut logins = BTreeMap::new();
    for (server, entry) in value["auths"].as_object()? {
        let host = server
            .split_once("://")
            .map_or(server.as_str(), |(_, rest)| rest);
        let host = host.split('/').next().unwrap_or_default();
        let pair = match (entry["username"].as_str(), entry["password"].as_str()) {
            (Some(username), Some(password)) => (username.to_owned(), password.to_owned()),
            _ => {
                let auth = BASE64.decode(entry["auth"].as_str()?).ok()?;
                let auth = String::from_utf8(auth).ok()?;
                let (username, password) = auth.split_once(':')?;
                (username.to_owned(), password.to_owned())
            }
        };
        logins.insert(host.to_owned(), (pair.0, Secret::new(pair.1)));
    }
    Some(logins)
}

fn refusal(entries: &Entries) -> impl Fn(&str) -> Error {
    |why| Error::Refused(format!("cannot use the secret `{}`: {why}", entries.name()))
}

impl Access {
    /// The credential that is sent to a URL, if it is one that gets it.
    pub(crate) fn for_url(&self, url: &str) -> Option<&Credential> {
        self.helm.as_ref().filter(|_| self.helm_urls.fits(url))
    }

    /// For whom what is fetched from a URL is kept.
    pub(crate) fn partition(&self, url: &str, host: &str) -> Partition {
        self.for_url(url)
            .map_or(Partition::Public, |credential| credential.partition(host))
    }

    /// A Git repository: with the credential and trust of the one that asks if it is a neighbour of that, without
    /// anything otherwise.
    pub(crate) fn git_remote(&self, url: &str) -> Result<Remote, Error> {
        let other = Remote::new(url)?;
        Ok(match &self.git {
            Some(own) if neighbours(own.location(), other.location()) => other.trusted_as(own),
            _ => other,
        })
    }
}

/// Whether two repositories lie in the same folder of the same server, or one below it: the same owner or group.
fn neighbours(own: &Location, other: &Location) -> bool {
    let below = |own: &str, other: &str| {
        let folder = own
            .trim_end_matches('/')
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let clean = !other.split('/').any(|part| matches!(part, "." | ".."));
        clean
            && !folder.is_empty()
            && other
                .strip_prefix(folder)
                .is_some_and(|rest| rest.starts_with('/'))
    };
    match (own, other) {
        (Location::Http(own), Location::Http(other)) => {
            let same = |a: &Url, b: &Url| a.origin() == b.origin();
            same(own, other) && below(own.path(), other.path())
        }
        (
            Location::Ssh {
                user,
                host,
                port,
                path,
            },
            Location::Ssh {
                user: other_user,
                host: other_host,
                port: other_port,
                path: other_path,
            },
        ) => {
            (user, host, port) == (other_user, other_host, other_port)
                && below(
                    &format!("/{}", path.trim_start_matches('/')),
                    &format!("/{}", other_path.trim_start_matches('/')),
                )
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(entries: &[(&str, &str)]) -> Entries {
        Entries::new("helm", entries.iter().copied())
    }

    #[test]
    fn the_rule_counts_from_the_beginning_and_an_empty_one_lets_nothing_through() {
        let fits = |rule: &str, url: &str| UrlRule::parse(rule).unwrap().fits(url);
        assert!(fits("https://c\\.example/", "https://c.example/stable"));
        assert!(fits("https://a|https://b", "https://b.example"));
        assert!(!fits(
            "https://c\\.example/",
            "https://evil.example/?x=https://c.example/"
        ));
        assert!(!fits("a|b", "https://b.example"));
        assert!(!fits("", "https://c.example"));
        assert!(UrlRule::parse("(").is_err());
    }

    #[test]
    fn secrets_are_read_and_never_shown() {
        let entries = secret(&[
            ("username", "me\n"),
            ("password", "hunter2\n"),
            (
                ".dockerconfigjson",
                r#"{"auths":{"https://r.example/v1/":{"auth":"dTpodW50ZXIy"}}}"#,
            ),
        ]);
        let credential = Credential::from_entries(&entries).unwrap();
        assert_eq!(credential.login("c.example").unwrap().0, "me");
        assert_eq!(credential.login("r.example").unwrap().1.reveal(), "hunter2");
        assert!(!format!("{credential:?}").contains("hunter2"));
        for half in [&[("username", "me")][..], &[(".dockerconfigjson", "{}")]] {
            let error = Credential::from_entries(&secret(half)).unwrap_err();
            let message = error.to_string();
            assert!(
                message.starts_with("cannot use the secret `helm`: "),
                "{message}"
            );
        }
    }

    #[test]
    fn the_first_pattern_that_matches_a_path_decides() {
        let entries = secret(&[(
            PATHS_ENTRY,
            "apps/*: {username: any, password: p}\napps/a: {username: exact, password: p}\nb: {caBundle: LS0tLS1CRUdJTg==, insecureSkipVerify: true}\n",
        )]);
        let user = |path: &str| {
            let found = Credential::for_path(&entries, path).unwrap();
            found.map(|found| found.login.map_or(String::new(), |(user, _)| user))
        };
        assert_eq!(
            user("apps/a").as_deref(),
            Some("any"),
            "`*` sorts before letters"
        );
        assert_eq!(user("apps/z").as_deref(), Some("any"));
        assert_eq!(user("other"), None);
        let b = Credential::for_path(&entries, "b").unwrap().unwrap();
        assert!(b.insecure_skip_tls_verify && b.authorities.is_some() && b.login.is_none());
        let empty = secret(&[(PATHS_ENTRY, "")]);
        assert!(Credential::for_path(&empty, "b").unwrap().is_none());
        assert!(Credential::for_path(&secret(&[]), "b").is_err());
    }

    #[test]
    fn a_credential_is_for_neighbours_only() {
        let check = |own: &str, other: &str, expected: bool| {
            let location = |url| Remote::new(url).unwrap().location().clone();
            assert_eq!(
                neighbours(&location(own), &location(other)),
                expected,
                "{own} {other}"
            );
        };
        check(
            "https://g.example/team/app",
            "https://g.example/team/base.git",
            true,
        );
        check(
            "https://g.example/team/app",
            "https://g.example/team/sub/base",
            true,
        );
        check(
            "https://g.example/team/app",
            "https://g.example/teams/base",
            false,
        );
        check(
            "https://g.example/team/app",
            "https://g.example:8443/team/base",
            false,
        );
        check(
            "https://g.example/team/app",
            "http://g.example/team/base",
            false,
        );
        check("https://g.example/app", "https://g.example/base", false);
        check(
            "https://g.example/team/app",
            "https://other.example/team/base",
            false,
        );
        check("git@g.example:team/app", "git@g.example:team/base", true);
        check("git@g.example:team/app", "git@g.example:other/base", false);
        check(
            "git@g.example:team/app",
            "https://g.example/team/base",
            false,
        );
    }
}
