//! GitHub Apps: secrets that give tokens for a while instead of holding one.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use fleet_core::resource::ForgeKind;
use fleet_core::secret::{Entries, Secret};
use fleet_forge::{App, Home, Permission, Project};
use fleet_source::{Error, Remote, Source, TokenSource};
use tokio::runtime::Handle;
use url::Url;

use crate::clock;

/// The user that GitHub wants beside a token of an app ("Authenticating as a GitHub App installation").
const USER: &str = "x-access-token";

/// Gets the tokens of all apps; cheap to clone.
#[derive(Clone)]
pub(crate) struct Apps {
    source: Arc<Source>,
    runtime: Handle,
    tokens: Arc<fleet_forge::Apps>,
}

/// An app that lets a repository be read.
struct Reader {
    apps: Apps,
    app: App,
    /// Name of its secret.
    name: String,
    /// The repository, without any token.
    remote: Remote,
}

impl Apps {
    /// No tokens yet; requests run on `runtime`, with the clients of `source`.
    pub(crate) fn new(source: Arc<Source>, runtime: Handle) -> Self {
        Self {
            source,
            runtime,
            tokens: Arc::default(),
        }
    }

    /// The same repository, let in by an app.
    pub(super) fn admit(&self, name: &str, app: App, remote: Remote) -> Result<Remote, Error> {
        let mut credentials = remote.credentials().clone();
        if credentials.password.is_some() || credentials.bearer_token.is_some() {
            return Err(Error::Credential {
                name: name.to_owned(),
                why: "it has both a GitHub App and a password or token; only one of them can count"
                    .to_owned(),
            });
        }
        credentials.username = Some(USER.to_owned());
        credentials.tokens = Some(Arc::new(Reader {
            apps: self.clone(),
            app,
            name: name.to_owned(),
            remote: remote.clone(),
        }));
        Ok(remote.with_credentials(credentials))
    }

    /// A token with which marks may be put beside the commits of `project`.
    pub(crate) async fn for_statuses(
        &self,
        client: &reqwest::Client,
        app: &App,
        host: &str,
        project: &Project,
    ) -> Result<Secret<String>, fleet_forge::Error> {
        let at = (host, project.name());
        let permission = Permission::WriteStatuses;
        self.tokens
            .token(client, app, at, permission, clock::now())
            .await
    }

    /// Takes in that the forge refused that token; returns whether another one may fare better.
    pub(crate) fn refused_for_statuses(&self, app: &App, project: &Project) -> bool {
        let permission = Permission::WriteStatuses;
        self.tokens
            .refused(app, project.name(), permission, clock::now())
    }
}

impl TokenSource for Reader {
    fn identity(&self) -> [u8; 32] {
        self.app.fingerprint()
    }

    fn token(&self, url: &Url, interrupt: &AtomicBool) -> Result<Secret<String>, Error> {
        let told = |error: fleet_forge::Error| self.told(error);
        let host = url.host_str().unwrap_or_default();
        let api = self.app.api(host).map_err(told)?;
        let name = repository(url).map_err(told)?;
        let client = self.apps.source.web_client(&self.remote, &api)?;
        let at = (host, name.as_str());
        let permission = Permission::ReadContents;
        let (tokens, now) = (&self.apps.tokens, clock::now());
        let token = tokens.token(&client, &self.app, at, permission, now);
        self.apps.runtime.block_on(async {
            tokio::select! {
                token = token => token.map_err(told),
                () = interrupted(interrupt) => Err(Error::Interrupted),
            }
        })
    }

    fn refused(&self, url: &Url) -> bool {
        let permission = Permission::ReadContents;
        repository(url).is_ok_and(|name| {
            let tokens = &self.apps.tokens;
            tokens.refused(&self.app, &name, permission, clock::now())
        })
    }
}

impl Reader {
    /// What went wrong between the host and the forge, as what went wrong with the secret.
    fn told(&self, error: fleet_forge::Error) -> Error {
        use fleet_forge::Error as Forge;
        let url = |host: &str| format!("https://{host}");
        match error {
            Forge::RateLimited {
                host,
                status,
                retry_after,
            } => Error::RateLimited {
                url: url(&host),
                status,
                retry_after,
            },
            Forge::NotTrusted { host, why } => Error::CertificateInvalid {
                url: url(&host),
                why,
            },
            Forge::Unreachable { ref host, .. }
            | Forge::TimedOut { ref host, .. }
            | Forge::Broken { ref host, .. } => Error::Unreachable {
                url: url(host),
                why: format!(
                    "no token for the GitHub App of secret `{}`: {error}",
                    self.name
                ),
            },
            error => refuse(&self.name, error),
        }
    }
}

fn refuse(name: &str, error: fleet_forge::Error) -> Error {
    Error::Credential {
        name: name.to_owned(),
        why: error.to_string(),
    }
}

/// The app that a secret holds, if it holds one.
///
/// # Errors
/// If it holds only a part of one, or one that cannot be used.
pub(super) fn read(secret: &Entries) -> Result<Option<App>, Error> {
    let name = secret.name();
    let text = |entry| {
        let text = secret.text(entry);
        text.map_err(|error| Error::Credential {
            name: name.to_owned(),
            why: error.to_string(),
        })
    };
    let entries = [
        "github_app_id",
        "github_app_installation_id",
        "github_app_private_key",
    ];
    let [id, installation, key] = [text(entries[0])?, text(entries[1])?, text(entries[2])?];
    let (id, installation, key) = match (id, installation, key) {
        (None, None, None) => return Ok(None),
        (Some(id), Some(installation), Some(key)) => {
            (id, installation, Secret::new(key.to_owned()))
        }
        _ => {
            return Err(Error::Credential {
                name: name.to_owned(),
                why: format!(
                    "`{}` belong together, and one is missing",
                    entries.join("`, `")
                ),
            });
        }
    };
    let app = App::new(id, installation, &key, text("github_app_base_url")?);
    app.map(Some).map_err(|error| refuse(name, error))
}

/// The name of the repository at `url`, without its owner.
fn repository(url: &Url) -> Result<String, fleet_forge::Error> {
    let project = Project::find(ForgeKind::GitHub, &Home::Http(url), None)?;
    Ok(project.name().to_owned())
}

async fn interrupted(interrupt: &AtomicBool) {
    while !interrupt.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

impl fmt::Debug for Apps {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Apps")
    }
}

#[cfg(test)]
mod tests {
    use fleet_test_forge::AppKey;

    use super::*;

    fn app(entries: &[(&str, &str)]) -> Result<Option<App>, Error> {
        read(&Entries::new("git", entries.iter().copied()))
    }

    #[test]
    fn a_secret_is_an_apps_if_it_holds_all_of_one() {
        let pem = AppKey::generate().unwrap().pkcs1_pem();
        let all = [
            ("github_app_id", "12\n"),
            ("github_app_installation_id", "34\n"),
            ("github_app_private_key", pem.as_str()),
        ];
        let found = app(&all).unwrap();
        let api = found.unwrap().api("github.com").unwrap();
        assert_eq!(api.as_str(), "https://api.github.com/");
        let none = app(&[("password", "t")]).unwrap();
        assert!(none.is_none());
        let error = app(&all[..2]).unwrap_err();
        assert!(error.to_string().contains("one is missing"), "{error}");
        let mut odd = all.to_vec();
        odd.push(("github_app_base_url", "http://git.example.org"));
        let error = app(&odd).unwrap_err();
        assert!(error.to_string().contains("clear text"), "{error}");
    }

    /// Without this nobody could tell which of the two was used.
    #[tokio::test]
    async fn a_secret_is_an_apps_or_a_password_and_not_both() {
        let mirrors = tempfile::tempdir().unwrap();
        let options = fleet_source::Options::default();
        let source = Arc::new(Source::open(mirrors.path(), options).unwrap());
        let apps = Apps::new(source, Handle::current());
        let key = Secret::new(AppKey::generate().unwrap().pkcs8_pem());
        let admit = |password: Option<&str>| {
            let credentials = fleet_source::Credentials {
                password: password.map(|password| Secret::new(password.to_owned())),
                ..fleet_source::Credentials::default()
            };
            let remote = Remote::new("https://github.com/team/app").unwrap();
            let app = App::new("12", "34", &key, None).unwrap();
            apps.admit("git", app, remote.with_credentials(credentials))
        };
        assert!(admit(None).unwrap().credentials().tokens.is_some());
        let error = admit(Some("t")).unwrap_err();
        assert!(error.to_string().contains("both"), "{error}");
    }
}
