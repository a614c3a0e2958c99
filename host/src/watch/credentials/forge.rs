//! What a forge is shown when it is told how a commit fares.

use fleet_core::resource::GitRepo;
use fleet_core::secret::Secret;
use fleet_forge::{App, Credential, Project};
use fleet_source::{Error, Remote};

use super::{Credentials, apps};

/// What it takes to be let in by a forge.
pub(crate) struct ForgeAccess {
    /// The repository, for its authorities and the way to it.
    pub(crate) remote: Remote,
    /// What is shown.
    pub(crate) key: ForgeKey,
}

/// What a forge is shown.
pub(crate) enum ForgeKey {
    /// What the secret holds.
    Fixed(Credential),
    /// A token that a GitHub App is given.
    App(Box<App>),
}

impl Credentials {
    /// What lets `project` be told about a commit of `repo`: the secret of `commitStatus`, else the repository's own.
    /// Reads the secret anew, so that a rotated one counts.
    ///
    /// # Errors
    /// If there is no secret, or it holds nothing that a forge takes.
    pub(crate) fn forge(&self, repo: &GitRepo, project: &Project) -> Result<ForgeAccess, Error> {
        let spec = &repo.spec;
        let of_its_own = spec.commit_status.as_ref();
        let of_its_own = of_its_own.and_then(|status| status.secret_name.as_deref());
        let name = of_its_own.or(spec.client_secret_name.as_deref());
        let refuse = |why: &str| Error::Credential {
            name: name.unwrap_or("commitStatus").to_owned(),
            why: why.to_owned(),
        };
        let Some(name) = name else {
            return Err(refuse(
                "the forge wants a token, and neither `commitStatus.secretName` nor `clientSecretName` names a secret",
            ));
        };
        if of_its_own.is_none() && !project.is_at_home() {
            return Err(refuse(
                "it is for the repository's own server, and `commitStatus.apiUrl` is another one; name a secret for that by `commitStatus.secretName`",
            ));
        }
        let secret = self.secret(name)?;
        let (remote, _) = super::parse(repo)?;
        let credentials = fleet_source::Credentials::from_entries(&secret)?;
        let key = match apps::read(&secret)? {
            Some(app) => ForgeKey::App(Box::new(app)),
            None => ForgeKey::Fixed(fixed(&credentials).ok_or_else(|| {
                refuse("it holds neither a token (`password` or `bearerToken`) nor a GitHub App")
            })?),
        };
        let remote = remote.with_credentials(credentials);
        Ok(ForgeAccess { remote, key })
    }

    /// Whoever gets tokens for GitHub Apps.
    pub(crate) fn apps(&self) -> Option<&apps::Apps> {
        self.apps.as_ref()
    }
}

fn fixed(credentials: &fleet_source::Credentials) -> Option<Credential> {
    if let Some(token) = &credentials.bearer_token {
        return Some(Credential::Token(token.clone()));
    }
    let password: &Secret<String> = credentials.password.as_ref()?;
    Some(match &credentials.username {
        Some(username) => Credential::Basic {
            username: username.clone(),
            password: password.clone(),
        },
        None => Credential::Token(password.clone()),
    })
}

#[cfg(test)]
mod tests {
    use fleet_forge::Home;
    use fleet_secrets::Secrets;
    use fleet_test_forge::AppKey;

    use super::*;

    /// What the forge is shown for a repository on `git.example.org`, in short.
    fn shown(secrets: &Credentials, spec: &str) -> Result<String, String> {
        let json = format!(
            r#"{{"metadata":{{"name":"shop"}},"spec":{{"repo":"https://git.example.org/team/shop",{spec}}}}}"#
        );
        let repo: GitRepo = serde_json::from_str(&json).unwrap();
        let status = repo.spec.commit_status.as_ref().unwrap();
        let url = url::Url::parse(&repo.spec.repo).unwrap();
        let api = status.api_url.as_deref();
        let project = Project::find(status.provider, &Home::Http(&url), api).unwrap();
        let access = secrets.forge(&repo, &project);
        let access = access.map_err(|error| error.to_string())?;
        Ok(match access.key {
            ForgeKey::Fixed(Credential::Token(token)) => token.reveal().clone(),
            ForgeKey::Fixed(Credential::Basic { username, password }) => {
                format!("{username}:{}", password.reveal())
            }
            ForgeKey::App(_) => "an app".to_owned(),
        })
    }

    #[test]
    fn a_forge_is_shown_the_secret_that_is_meant_for_it() {
        let dir = tempfile::tempdir().unwrap();
        let pem = AppKey::generate().unwrap().pkcs8_pem();
        let app = [
            ("github_app_id", "12"),
            ("github_app_installation_id", "34"),
            ("github_app_private_key", pem.as_str()),
        ];
        let folders: [(&str, &[(&str, &str)]); 5] = [
            ("git", &[("username", "bot"), ("password", "p")]),
            ("token", &[("password", "t\n")]),
            ("bearer", &[("bearerToken", "b")]),
            ("ssh", &[("ssh-privatekey", "k")]),
            ("app", &app),
        ];
        for (name, files) in folders {
            std::fs::create_dir(dir.path().join(name)).unwrap();
            for (file, text) in files {
                std::fs::write(dir.path().join(name).join(file), text).unwrap();
            }
        }
        let secrets = Credentials::new(Secrets::folder(dir.path()));
        let check =
            |spec: &str, expected: Result<&str, &str>| match (shown(&secrets, spec), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{spec}"),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
                (found, expected) => panic!("{spec}: {found:?} instead of {expected:?}"),
            };
        let own = |name: &str| {
            format!(r#""clientSecretName":"{name}","commitStatus":{{"provider":"gitea"}}"#)
        };
        check(&own("git"), Ok("bot:p"));
        check(&own("token"), Ok("t"));
        check(&own("bearer"), Ok("b"));
        check(&own("app"), Ok("an app"));
        check(&own("ssh"), Err("neither a token"));
        check(&own("other"), Err("no such secret"));
        check(
            r#""commitStatus":{"provider":"gitea"}"#,
            Err("names a secret"),
        );
        check(
            r#""clientSecretName":"git","commitStatus":{"provider":"gitea","secretName":"token"}"#,
            Ok("t"),
        );
        let elsewhere = r#""provider":"gitea","apiUrl":"https://other.example.org""#;
        check(
            &format!(r#""clientSecretName":"git","commitStatus":{{{elsewhere}}}"#),
            Err("another one"),
        );
        check(
            &format!(
                r#""clientSecretName":"git","commitStatus":{{{elsewhere},"secretName":"token"}}"#
            ),
            Ok("t"),
        );
    }
}
