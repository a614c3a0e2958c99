//! Tokens of GitHub Apps: got with the app's key, kept until shortly before they end, each for one repository and one
//! permission.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fleet_core::resource::ForgeKind;
use fleet_core::secret::Secret;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::Error;
use crate::jwt::Key;
use crate::project::{api_url, cloud_api, serves};
use crate::request::{Answer, post};

/// How long before its end a token is replaced, in seconds.
const MARGIN: u64 = 300;

/// How long a failure stands before it is tried again, in seconds: all that wait for the same thing get the same answer.
const FAILED_FOR: u64 = 10;

/// How old a token must be to be worth replacing when a server refuses it, in seconds.
const FRESH: u64 = 60;

/// Difference between clocks that GitHub does not forgive, in seconds: how far back our tokens are dated.
const SKEW: u64 = 60;

/// A GitHub App that is installed somewhere.
pub struct App {
    /// Its number, or its client id.
    id: String,
    installation: String,
    key: Key,
    api: Option<Url>,
    fingerprint: [u8; 32],
}

/// What a token is for, and no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permission {
    /// Reading a repository with Git.
    ReadContents,
    /// Putting marks beside commits.
    WriteStatuses,
}

/// The tokens of all apps.
#[derive(Default)]
pub struct Apps {
    installations: Mutex<HashMap<[u8; 32], Arc<Installation>>>,
}

/// The tokens of one app in one installation.
#[derive(Default)]
struct Installation {
    held: Mutex<HashMap<Wanted, Held>>,
    /// One exchange at a time.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Wanted {
    /// Name of the repository; none for what went wrong with the app as a whole.
    repository: Option<String>,
    permission: Permission,
}

enum Held {
    Token {
        token: Secret<String>,
        since: u64,
        until: u64,
    },
    Failure {
        error: Error,
        until: u64,
    },
}

impl App {
    /// An app from the parts of its secret; `base_url` says where GitHub's API is, if not where GitHub itself runs it.
    ///
    /// # Errors
    /// [`Error::App`] or [`Error::Project`] if one of them cannot be used.
    pub fn new(
        id: &str,
        installation: &str,
        private_key: &Secret<String>,
        base_url: Option<&str>,
    ) -> Result<Self, Error> {
        let (id, installation) = (id.trim(), installation.trim());
        let plain = |text: &str, also: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || also.contains(c);
            !text.is_empty() && text.len() <= 64 && text.chars().all(known)
        };
        if !plain(id, ".") {
            return Err(Error::App {
                field: "github_app_id",
                why: "it is neither a number nor a client id",
            });
        }
        if !plain(installation, "") || !installation.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::App {
                field: "github_app_installation_id",
                why: "it is not a number",
            });
        }
        let key = Key::parse(private_key)?;
        let api = base_url.map(|text| api_url(ForgeKind::GitHub, text.trim()));
        let api = api.transpose()?;
        let mut hash = Sha256::new();
        for part in [
            id,
            installation,
            private_key.reveal(),
            api.as_ref().map_or("", Url::as_str),
        ] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Ok(Self {
            id: id.to_owned(),
            installation: installation.to_owned(),
            key,
            api,
            fingerprint: hash.finalize().into(),
        })
    }

    /// Names the app without giving its key away.
    pub fn fingerprint(&self) -> [u8; 32] {
        self.fingerprint
    }

    /// The API that gives tokens for repositories on `host`.
    ///
    /// # Errors
    /// If the app belongs to another server. An app without `github_app_base_url` belongs to GitHub itself, so that
    /// nobody can have its signature sent elsewhere by naming a repository there.
    pub fn api(&self, host: &str) -> Result<Url, Error> {
        let elsewhere = |app: &str| Error::Elsewhere {
            app: app.to_owned(),
            repository: host.to_owned(),
        };
        match (&self.api, cloud_api(host)) {
            (Some(api), _) => match api.host_str() {
                Some(own) if serves(own, host) => Ok(api.clone()),
                own => Err(elsewhere(own.unwrap_or_default())),
            },
            (None, Some(cloud)) => api_url(ForgeKind::GitHub, &format!("https://{cloud}/")),
            (None, None) => Err(elsewhere("github.com")),
        }
    }

    /// Asks for a token. `now` is in seconds since the epoch.
    async fn exchange(
        &self,
        client: &reqwest::Client,
        api: &Url,
        repository: &str,
        permission: Permission,
        now: u64,
    ) -> Result<Held, Error> {
        #[derive(Deserialize)]
        struct Given {
            token: String,
            expires_at: String,
        }
        let mut url = api.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            let path = ["app", "installations", &self.installation, "access_tokens"];
            segments.pop_if_empty().extend(path);
        }
        let (scope, access) = permission.words();
        let body = json!({"repositories": [repository], "permissions": {scope: access}});
        let shown = Secret::new(format!(
            "Bearer {}",
            self.key.token(&self.id, now)?.reveal()
        ));
        let answer = post(client, &url, "application/vnd.github+json", &shown, &body).await?;
        let date = answer.date;
        let answer = match answer.checked() {
            Err(Error::Refused { host, status, why }) => {
                let why = self.explained(status, why, permission, repository, date, now);
                return Err(Error::Refused { host, status, why });
            }
            answer => answer?,
        };
        let unusable = |answer: &Answer| answer.unusable("it is not a token with an end");
        let given: Given = serde_json::from_slice(&answer.body).map_err(|_| unusable(&answer))?;
        let plain = |byte: u8| byte.is_ascii_graphic() && byte != b':';
        let token = given.token;
        if token.is_empty() || token.len() > 1024 || !token.bytes().all(plain) {
            return Err(unusable(&answer));
        }
        let end: jiff::Timestamp = given.expires_at.parse().map_err(|_| unusable(&answer))?;
        // By the forge's own clock: ours may be another.
        let end = u64::try_from(end.as_second()).unwrap_or(0);
        let life = end.saturating_sub(date.unwrap_or(now));
        Ok(Held::Token {
            token: Secret::new(token),
            since: now,
            until: now + life - MARGIN.min(life / 2),
        })
    }

    /// What a refusal means.
    fn explained(
        &self,
        status: u16,
        said: String,
        permission: Permission,
        repository: &str,
        date: Option<u64>,
        now: u64,
    ) -> String {
        let (scope, access) = permission.words();
        let (id, installation) = (&self.id, &self.installation);
        let skew = date.map(|date| (now.abs_diff(date), now > date));
        match (status, skew) {
            (401, Some((by, ahead))) if by > SKEW => {
                let which = if ahead { "ahead of" } else { "behind" };
                format!("this machine's clock is {by} s {which} the server's; {said}")
            }
            (401, _) => format!(
                "`github_app_id` {id} and `github_app_private_key` do not belong together; {said}"
            ),
            (403, _) => {
                format!("installation {installation} of GitHub App {id} may not be used; {said}")
            }
            (404, _) => format!(
                "GitHub App {id} has no installation {installation} (`github_app_installation_id`)"
            ),
            (422, _) => format!(
                "installation {installation} of GitHub App {id} does not reach `{repository}`, or lacks the permission `{scope}: {access}`; {said}"
            ),
            _ => said,
        }
    }
}

impl Apps {
    /// A token of `app` for one repository on `host`, kept or new; `now` is in seconds since the epoch.
    ///
    /// # Errors
    /// Whatever keeps it from being had. All that ask within some seconds get the same error, without asking again.
    pub async fn token(
        &self,
        client: &reqwest::Client,
        app: &App,
        (host, repository): (&str, &str),
        permission: Permission,
        now: u64,
    ) -> Result<Secret<String>, Error> {
        let api = app.api(host)?;
        let installation = self.installation(app, now);
        let wanted = Wanted {
            repository: Some(repository.to_owned()),
            permission,
        };
        if let Some(known) = installation.known(&wanted, now) {
            return known;
        }
        let _turn = installation.turn.lock().await;
        // Whoever had the turn before may have got it, or failed.
        if let Some(known) = installation.known(&wanted, now) {
            return known;
        }
        match app
            .exchange(client, &api, repository, permission, now)
            .await
        {
            Ok(held) => {
                let token = match &held {
                    Held::Token { token, .. } => Ok(token.clone()),
                    Held::Failure { error, .. } => Err(error.clone()),
                };
                installation.held().insert(wanted, held);
                token
            }
            Err(error) => {
                installation.fail(wanted, error.clone(), now);
                Err(error)
            }
        }
    }

    /// Takes in that a server refused the token of `app` for a repository; returns whether another one may fare better.
    pub fn refused(&self, app: &App, repository: &str, permission: Permission, now: u64) -> bool {
        let installation = self.installation(app, now);
        let wanted = Wanted {
            repository: Some(repository.to_owned()),
            permission,
        };
        let mut held = installation.held();
        match held.get(&wanted) {
            Some(Held::Token { since, .. }) if now.saturating_sub(*since) >= FRESH => {
                held.remove(&wanted);
                true
            }
            _ => false,
        }
    }

    fn installation(&self, app: &App, now: u64) -> Arc<Installation> {
        let mut installations = lock(&self.installations);
        if let Some(known) = installations.get(&app.fingerprint) {
            return known.clone();
        }
        // A new app is rare: a good moment to forget what rotated secrets have left behind.
        installations.retain(|_, known| {
            Arc::strong_count(known) > 1 || known.held().values().any(|held| held.holds(now))
        });
        installations.entry(app.fingerprint).or_default().clone()
    }
}

impl Installation {
    fn held(&self) -> MutexGuard<'_, HashMap<Wanted, Held>> {
        lock(&self.held)
    }

    /// What is known without asking.
    fn known(&self, wanted: &Wanted, now: u64) -> Option<Result<Secret<String>, Error>> {
        let mut held = self.held();
        held.retain(|_, held| held.holds(now));
        let of_all = Wanted {
            repository: None,
            permission: wanted.permission,
        };
        Some(match held.get(wanted).or_else(|| held.get(&of_all))? {
            Held::Token { token, .. } => Ok(token.clone()),
            Held::Failure { error, .. } => Err(error.clone()),
        })
    }

    fn fail(&self, mut wanted: Wanted, error: Error, now: u64) {
        // Only a refusal of what was asked for is about the repository alone.
        if !matches!(error, Error::Refused { status: 422, .. }) {
            wanted.repository = None;
        }
        let wait = match &error {
            Error::RateLimited {
                retry_after: Some(pause),
                ..
            } => pause.as_secs().max(FAILED_FOR),
            _ => FAILED_FOR,
        };
        let until = now + wait;
        self.held().insert(wanted, Held::Failure { error, until });
    }
}

impl Held {
    fn holds(&self, now: u64) -> bool {
        match self {
            Self::Token { until, .. } | Self::Failure { until, .. } => now < *until,
        }
    }
}

impl Permission {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::ReadContents => ("contents", "read"),
            Self::WriteStatuses => ("statuses", "write"),
        }
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("id", &self.id)
            .field("installation", &self.installation)
            .field("key", &self.key)
            .field("api", &self.api.as_ref().map(Url::as_str))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Apps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Apps")
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
