//! What a GitRepo means for the source: where, which commit, and what it takes to be let in.

mod apps;
mod forge;

use fleet_core::resource::{GitRepo, Verify, VerifyMode};
use fleet_core::secret::Entries;
use fleet_secrets::Secrets;
use fleet_source::credentials;
use fleet_source::verify::{KeyText, Keys};
use fleet_source::{Error, Reference, Remote};

pub(crate) use apps::Apps;
pub(crate) use forge::ForgeKey;

/// What lets the host in where a GitRepo wants it to go.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    secrets: Secrets,
    /// Without it, secrets of GitHub Apps are refused.
    apps: Option<Apps>,
}

impl Credentials {
    /// What these secrets hold.
    pub fn new(secrets: Secrets) -> Self {
        Self {
            secrets,
            apps: None,
        }
    }

    /// The same, with somebody who gets tokens for GitHub Apps.
    #[must_use]
    pub(crate) fn with_apps(mut self, apps: Apps) -> Self {
        self.apps = Some(apps);
        self
    }

    /// Where a GitRepo's content is and which commit is meant. Reads the secret anew, so that a rotated one counts.
    ///
    /// # Errors
    /// If the URL, the revision, the secret or the bundle of authorities cannot be used.
    pub fn remote(&self, repo: &GitRepo) -> Result<(Remote, Reference), Error> {
        let (mut remote, reference) = parse(repo)?;
        if let Some(name) = &repo.spec.client_secret_name {
            let secret = self.secret(name)?;
            remote = remote.with_credentials(fleet_source::Credentials::from_entries(&secret)?);
            if let Some(app) = apps::read(&secret)? {
                let apps = self.apps.as_ref().ok_or_else(|| Error::Credential {
                    name: name.clone(),
                    why: "it is one of a GitHub App, for which only a host gets tokens".to_owned(),
                })?;
                remote = apps.admit(name, app, remote)?;
            }
        }
        Ok((remote, reference))
    }

    /// The public keys that commits must be signed with: those of the GitRepo, and those of its secret, read anew.
    ///
    /// # Errors
    /// If the secret cannot be read.
    pub(super) fn keys(&self, verify: &Verify) -> Result<Vec<KeyText>, Error> {
        let mut texts = own_keys(verify);
        if let Some(name) = &verify.secret_name {
            let secret = self.secret(name).map_err(|error| match error {
                // What is missing or wrong is what signatures are checked with.
                Error::Credential { name, why } => Error::Key { name, why },
                error => error,
            })?;
            texts.extend(KeyText::from_entries(&secret)?);
        }
        Ok(texts)
    }

    /// What a secret holds now.
    ///
    /// # Errors
    /// If there is none of this name, or it may not or cannot be read.
    pub(crate) fn secret(&self, name: &str) -> Result<Entries, Error> {
        self.secrets.read(name).map_err(|error| {
            let (passing, why) = (error.is_passing(), error.to_string());
            let name = name.chars().take(100).collect();
            match passing {
                true => Error::SecretUnavailable { name, why },
                false => Error::Credential { name, why },
            }
        })
    }
}

/// The public keys that a GitRepo itself names.
fn own_keys(verify: &Verify) -> Vec<KeyText> {
    let keys = verify.keys.iter().enumerate();
    keys.map(|(n, text)| KeyText {
        name: format!("verify.keys[{n}]"),
        text: text.clone(),
    })
    .collect()
}

/// The same as [`parse`], and refuses public keys that could never be used; for when a GitRepo is taken.
///
/// # Errors
/// If anything of it cannot be used.
pub(crate) fn check(repo: &GitRepo) -> Result<(), Error> {
    parse(repo)?;
    if let Some(verify) = &repo.spec.verify {
        let own = own_keys(verify);
        // Those of a secret may come later.
        if !own.is_empty() || verify.secret_name.is_none() {
            Keys::parse(&own)?;
        }
    }
    Ok(())
}

/// The parts of a GitRepo that need no secret.
///
/// # Errors
/// If the URL, the revision or the bundle of authorities cannot be used.
pub(crate) fn parse(repo: &GitRepo) -> Result<(Remote, Reference), Error> {
    let spec = &repo.spec;
    let reference = Reference::of_repo(spec.branch.as_deref(), spec.revision.as_deref())?;
    let mode = spec.verify.as_ref().map(|verify| verify.mode);
    let is_tag = matches!(reference, Reference::Tag(_) | Reference::Versions(_));
    if !is_tag && matches!(mode, Some(VerifyMode::Tag | VerifyMode::TagAndHEAD)) {
        return Err(Error::Reference {
            text: reference.to_string().replace('`', ""),
            why: "`verify.mode` asks for the signature of a tag; set `revision` to a tag or a range of versions, or the mode to `HEAD`".to_owned(),
        });
    }
    let ca_bundle = spec.ca_bundle.as_deref().map(pem).transpose()?;
    let remote = Remote::new(&spec.repo)?;
    if remote.credentials().password.is_some() {
        return Err(Error::Url {
            url: remote.to_string(),
            why: "it holds a user or a password, and everybody who may look at the GitRepo would see them; put them into the secret that `clientSecretName` names",
        });
    }
    let remote = remote
        .with_ca_bundle(ca_bundle)
        .with_insecure_skip_tls_verify(spec.insecure_skip_tls_verify);
    Ok((remote, reference))
}

/// The certificates of `caBundle`.
fn pem(text: &str) -> Result<String, Error> {
    credentials::pem(text).ok_or_else(|| Error::Credential {
        name: "caBundle".to_owned(),
        why: "it is neither PEM nor base64 of PEM".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use fleet_core::name::RepoName;
    use fleet_core::resource::{GitRepoSpec, Metadata};

    use super::*;

    fn repo(spec: GitRepoSpec) -> GitRepo {
        GitRepo {
            api_version: String::new(),
            metadata: Metadata::named(RepoName::parse("a").unwrap()),
            spec: GitRepoSpec {
                repo: "https://git.example.org/a".to_owned(),
                ..spec
            },
        }
    }

    #[test]
    fn a_secret_that_cannot_be_used_is_told_by_what_it_is_for() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("git")).unwrap();
        std::fs::write(dir.path().join("git/password"), "t").unwrap();
        let credentials = Credentials::new(Secrets::folder(dir.path()));
        let remote = |name: &str| {
            let client_secret_name = Some(name.to_owned());
            let spec = GitRepoSpec {
                client_secret_name,
                ..GitRepoSpec::default()
            };
            credentials.remote(&repo(spec)).map(|_| ())
        };
        remote("git").unwrap();
        let error = remote("other").unwrap_err();
        assert_eq!(error.reason().as_str(), "GitAuthenticationFailed");
        assert_eq!(
            error.to_string(),
            "cannot use the credential `other`: there is no such secret"
        );
        let verify = Verify {
            secret_name: Some("other".to_owned()),
            ..Verify::default()
        };
        let error = credentials.keys(&verify).unwrap_err();
        assert_eq!(error.reason().as_str(), "CommitNotVerified");
        assert_eq!(
            error.to_string(),
            "cannot use the public key `other`: there is no such secret"
        );
    }

    /// A GitRepo is shown to whoever may look, and stored in clear text.
    #[test]
    fn a_url_with_a_credential_is_refused_without_showing_it() {
        for userinfo in ["ada:hunter2", "hunter2", ":hunter2"] {
            let mut repo = repo(GitRepoSpec::default());
            repo.spec.repo = format!("https://{userinfo}@git.example.org/a");
            let error = parse(&repo).unwrap_err();
            let shown = format!("{error}{error:?}");
            assert!(
                shown.contains("clientSecretName") && !shown.contains("hunter2"),
                "{shown}"
            );
        }
    }

    #[test]
    fn authorities_come_as_pem_or_as_base64_of_it() {
        let pem_text = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        let encoded = base64::engine::general_purpose::STANDARD.encode(pem_text);
        assert_eq!(pem(pem_text).unwrap(), pem_text);
        assert_eq!(pem(&format!("{encoded}\n")).unwrap(), pem_text);
        assert!(pem("nonsense").is_err());
    }
}
