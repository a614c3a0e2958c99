//! What a commit may name outside of its repository, for each of its paths.

use std::sync::Arc;

use fleet_artifact::{Access, Credential, Remotes, Scope, UrlRule, View};
use fleet_core::files::Files;
use fleet_core::resource::GitRepo;
use fleet_core::secret::Entries;
use fleet_source::Remote;

use crate::watch::Credentials;

/// What a commit may name outside of its repository.
#[derive(Clone, Debug)]
pub struct Outside {
    remotes: Arc<Remotes>,
    scope: Scope,
    access: Access,
    /// The secret that has a credential of its own for each path.
    by_path: Option<Entries>,
}

impl Outside {
    /// What a commit of a GitRepo may name. Reads its secrets anew, so that rotated ones count.
    ///
    /// A secret that cannot be used keeps charts from being fetched and nothing else, and is told where one is wanted.
    pub fn of_repo(
        remotes: Arc<Remotes>,
        credentials: &Credentials,
        repo: &GitRepo,
        git: Remote,
        commit: &str,
    ) -> Self {
        let (metadata, spec) = (&repo.metadata, &repo.spec);
        let scope = Scope::new(format!("{}/{}", metadata.namespace, metadata.name), commit);
        let mut access = Access {
            bases: spec.kustomize.remote_bases,
            git: Some(git),
            ..Access::default()
        };
        let secret = |name: &String| credentials.secret(name).map_err(|error| error.to_string());
        let by_path = spec
            .helm_secret_name_for_paths
            .as_ref()
            .map(secret)
            .transpose();
        // As in Rancher Fleet, the secret for all paths counts only where there is none for each.
        let shared = spec
            .helm_secret_name
            .as_ref()
            .filter(|_| spec.helm_secret_name_for_paths.is_none());
        let read =
            |secret: Entries| Credential::from_entries(&secret).map_err(|error| error.to_string());
        let helm = shared.map(|name| secret(name).and_then(read)).transpose();
        let helm_urls =
            UrlRule::parse(&spec.helm_repo_url_regex).map_err(|error| error.to_string());
        match (helm, helm_urls, by_path) {
            (Ok(helm), Ok(helm_urls), Ok(by_path)) => {
                (access.helm, access.helm_urls) = (helm, helm_urls);
                Self {
                    remotes,
                    scope,
                    access,
                    by_path,
                }
            }
            (Err(why), ..) | (_, Err(why), _) | (.., Err(why)) => {
                access.broken = Some(why);
                Self {
                    remotes,
                    scope,
                    access,
                    by_path: None,
                }
            }
        }
    }

    /// Everything, without credentials, looked up anew each time: for a folder on disk.
    pub fn of_folder(remotes: Arc<Remotes>) -> Self {
        Self {
            remotes,
            scope: Scope::passing(),
            access: Access {
                bases: true,
                ..Access::default()
            },
            by_path: None,
        }
    }

    /// Whether each path sees it with its own credential.
    pub(super) fn differs(&self) -> bool {
        self.by_path.is_some()
    }

    /// The files of the commit with what lies outside, as all paths see them.
    pub(super) fn view(&self, files: Arc<dyn Files + Send + Sync>) -> View {
        self.remotes.view(files, &self.scope, self.access.clone())
    }

    /// The same, as one path sees them.
    pub(super) fn view_of(&self, files: Arc<dyn Files + Send + Sync>, path: &str) -> View {
        let mut access = self.access.clone();
        if let Some(secret) = &self.by_path {
            match Credential::for_path(secret, path) {
                Ok(found) => access.helm = found,
                Err(error) => access.broken = Some(error.to_string()),
            }
        }
        self.remotes.view(files, &self.scope, access)
    }
}
