//! Credentials, with the names that Kubernetes gives the entries of Secrets.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use fleet_core::secret::{Entries, NotText, Secret};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::Error;

/// What a repository's secret may hold; everything is optional.
#[derive(Clone, Default)]
pub struct Credentials {
    /// User name for HTTP (`username`).
    pub username: Option<String>,
    /// Password or token for HTTP (`password`); alone it is a token.
    pub password: Option<Secret<String>>,
    /// Token that is sent as `Authorization: Bearer` (`bearerToken`).
    pub bearer_token: Option<Secret<String>>,
    /// Private key for SSH without passphrase (`ssh-privatekey`, or `identity`).
    pub ssh_key: Option<Secret<String>>,
    /// Host keys for SSH, as OpenSSH writes them (`known_hosts`).
    pub known_hosts: Option<String>,
    /// Client certificate, PEM (`tls.crt`).
    pub client_certificate: Option<String>,
    /// Its key, PEM (`tls.key`).
    pub client_key: Option<Secret<String>>,
    /// Certificate authorities that are trusted instead of the system's, PEM (`cacerts`, or `ca.crt`).
    pub certificate_authorities: Option<String>,
    /// Where passwords for HTTP come from that hold for a while only; no entry of a secret by itself.
    pub tokens: Option<Arc<dyn TokenSource>>,
}

/// Gives passwords for HTTP that hold for a while, each for one repository.
///
/// Its methods block, like everything here.
pub trait TokenSource: Send + Sync {
    /// Names what tokens are asked for with, without giving any of it away; it stays as tokens come and go.
    fn identity(&self) -> [u8; 32];

    /// A token for the repository at `url`.
    ///
    /// # Errors
    /// Whatever keeps it from being had; [`Error::Interrupted`] if `interrupt` was set meanwhile.
    fn token(&self, url: &Url, interrupt: &AtomicBool) -> Result<Secret<String>, Error>;

    /// Takes in that the server at `url` refused its token; returns whether another one may fare better.
    fn refused(&self, url: &Url) -> bool;
}

impl Credentials {
    /// Reads the entries of a secret; unknown ones are ignored.
    ///
    /// # Errors
    /// [`Error::Credential`] if one is not text, or they do not belong together.
    pub fn from_entries(entries: &Entries) -> Result<Self, Error> {
        let refuse = |why: &str| Error::Credential {
            name: entries.name().to_owned(),
            why: why.to_owned(),
        };
        let not_text = |error: NotText| refuse(&error.to_string());
        let text = |entry| {
            let text = entries.text(entry).map_err(not_text)?;
            Ok::<_, Error>(text.map(str::to_owned))
        };
        let line = |entry| {
            let line = entries.line(entry).map_err(not_text)?;
            Ok::<_, Error>(line.map(str::to_owned))
        };
        let first = |a, b| Ok::<_, Error>(text(a)?.or(text(b)?));
        let credentials = Self {
            username: line("username")?,
            password: line("password")?.map(Secret::new),
            bearer_token: line("bearerToken")?.map(Secret::new),
            ssh_key: first("ssh-privatekey", "identity")?.map(Secret::new),
            known_hosts: text("known_hosts")?,
            client_certificate: text("tls.crt")?,
            client_key: text("tls.key")?.map(Secret::new),
            certificate_authorities: first("cacerts", "ca.crt")?,
            tokens: None,
        };
        if credentials.client_certificate.is_some() != credentials.client_key.is_some() {
            return Err(refuse(
                "`tls.crt` and `tls.key` belong together, and one is missing",
            ));
        }
        if credentials.username.is_some() && credentials.password.is_none() {
            return Err(refuse("it has a `username` and no `password`"));
        }
        Ok(credentials)
    }

    /// The value of the `Authorization` header for the repository at `url`.
    pub(crate) fn authorization(
        &self,
        url: &Url,
        interrupt: &AtomicBool,
    ) -> Result<Option<Secret<String>>, Error> {
        use base64::Engine as _;
        if let Some(token) = &self.bearer_token {
            return Ok(Some(Secret::new(format!("Bearer {}", token.reveal()))));
        }
        let for_a_while = match &self.tokens {
            Some(tokens) => Some(tokens.token(url, interrupt)?),
            None => None,
        };
        let Some(password) = for_a_while.as_ref().or(self.password.as_ref()) else {
            return Ok(None);
        };
        let password = password.reveal();
        // Some servers want a lone token as the user, others as the password; those that want it in one
        // place do not look at the other.
        let username = self.username.as_deref().unwrap_or(password);
        let pair = format!("{username}:{password}");
        Ok(Some(Secret::new(format!(
            "Basic {}",
            base64::engine::general_purpose::STANDARD.encode(pair)
        ))))
    }

    /// Whether there is anything for the `Authorization` header.
    pub(crate) fn has_authorization(&self) -> bool {
        self.bearer_token.is_some() || self.password.is_some() || self.tokens.is_some()
    }

    /// Whether the server at `url`, which refused these credentials, may take them when they are asked for anew.
    pub(crate) fn may_be_renewed(&self, url: &Url) -> bool {
        self.tokens
            .as_ref()
            .is_some_and(|tokens| tokens.refused(url))
    }

    /// Names this set of credentials without giving any of it away: repositories that are read with different
    /// credentials do not share a mirror.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        let secret =
            |secret: &Option<Secret<String>>| secret.as_ref().map(|secret| secret.reveal().clone());
        let fields = [
            self.username.clone(),
            secret(&self.password),
            secret(&self.bearer_token),
            secret(&self.ssh_key),
            self.known_hosts.clone(),
            self.client_certificate.clone(),
            secret(&self.client_key),
            self.certificate_authorities.clone(),
        ];
        let mut hash = Sha256::new();
        for field in fields {
            let field = field.as_deref();
            hash.update(
                field
                    .map_or(u64::MAX, |field| field.len() as u64)
                    .to_le_bytes(),
            );
            hash.update(field.unwrap_or_default());
        }
        if let Some(tokens) = &self.tokens {
            hash.update(tokens.identity());
        }
        hash.finalize().into()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("username", &self.username.as_ref().map(|_| "***"))
            .field("password", &self.password)
            .field("bearer_token", &self.bearer_token)
            .field("ssh_key", &self.ssh_key)
            .field("known_hosts", &self.known_hosts.is_some())
            .field("client_certificate", &self.client_certificate.is_some())
            .field("client_key", &self.client_key)
            .field(
                "certificate_authorities",
                &self.certificate_authorities.is_some(),
            )
            .field("tokens", &self.tokens.is_some())
            .finish()
    }
}

/// Certificates in PEM as they are, or from the base64 that Kubernetes wraps bytes in; none if it is neither.
pub fn pem(text: &str) -> Option<String> {
    use base64::Engine as _;
    if text.contains("-----BEGIN") {
        return Some(text.to_owned());
    }
    let compact: String = text.split_whitespace().collect();
    let decoded = base64::engine::general_purpose::STANDARD.decode(compact);
    let text = String::from_utf8(decoded.ok()?).ok()?;
    text.contains("-----BEGIN").then_some(text)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn read(entries: &[(&str, &str)]) -> Result<Credentials, Error> {
        Credentials::from_entries(&Entries::new("git", entries.iter().copied()))
    }

    fn authorization(credentials: &Credentials) -> Option<String> {
        let url = Url::parse("https://git.example.org/team/app").unwrap();
        let header = credentials.authorization(&url, &AtomicBool::new(false));
        header.unwrap().map(|header| header.reveal().clone())
    }

    #[test]
    fn the_entries_of_a_secret_are_read() {
        let credentials =
            read(&[("username", "me\n"), ("password", "a b\n"), ("other", "x")]).unwrap();
        assert_eq!(
            authorization(&credentials).as_deref(),
            Some("Basic bWU6YSBi")
        );
        let token = read(&[("password", "t")]).unwrap();
        assert_eq!(authorization(&token).as_deref(), Some("Basic dDp0"));
        let bearer = read(&[("bearerToken", "t"), ("password", "p")]).unwrap();
        assert_eq!(authorization(&bearer).as_deref(), Some("Bearer t"));
        assert!(authorization(&read(&[]).unwrap()).is_none());
        assert_ne!(credentials.fingerprint(), token.fingerprint());
    }

    /// Counts what it is asked for; each token is another one.
    struct Counting(AtomicUsize);

    impl TokenSource for Counting {
        fn identity(&self) -> [u8; 32] {
            [7; 32]
        }

        fn token(&self, _: &Url, _: &AtomicBool) -> Result<Secret<String>, Error> {
            let n = self.0.fetch_add(1, Ordering::Relaxed);
            Ok(Secret::new(n.to_string()))
        }

        fn refused(&self, _: &Url) -> bool {
            true
        }
    }

    /// Without this each new token would bring a mirror of its own.
    #[test]
    fn a_token_that_changes_is_the_same_credential() {
        let mut credentials = read(&[]).unwrap();
        let without = credentials.fingerprint();
        credentials.username = Some("x-access-token".to_owned());
        credentials.tokens = Some(Arc::new(Counting(AtomicUsize::new(0))));
        let before = credentials.fingerprint();
        let tokens = [(); 2].map(|()| authorization(&credentials).unwrap());
        assert_ne!(tokens[0], tokens[1]);
        assert_eq!(tokens[0], "Basic eC1hY2Nlc3MtdG9rZW46MA==");
        assert_eq!(credentials.fingerprint(), before);
        assert_ne!(before, without);
    }

    #[test]
    fn half_a_secret_is_refused_with_the_reason() {
        for entries in [
            &[("tls.crt", "x")][..],
            &[("tls.key", "x")],
            &[("username", "me")],
        ] {
            assert!(
                matches!(read(entries), Err(Error::Credential { .. })),
                "{entries:?}"
            );
        }
        let binary = Entries::new("team-a", [("password", [0xff])]);
        let error = Credentials::from_entries(&binary).unwrap_err();
        assert_eq!(
            error.to_string(),
            "cannot use the credential `team-a`: could not read `password`: it is not text"
        );
    }

    #[test]
    fn nothing_of_a_secret_is_shown() {
        let names = [
            "username",
            "password",
            "bearerToken",
            "ssh-privatekey",
            "known_hosts",
            "tls.crt",
            "tls.key",
        ];
        let entries: Vec<_> = names.iter().map(|name| (*name, "hunter2")).collect();
        let shown = format!("{:?}", read(&entries).unwrap());
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
