//! The kinds that the API server serves.

use std::collections::BTreeMap;

use fleet_core::object::Scope;
use kube::Client;
use kube::discovery::{self, ApiResource, Discovery, verbs};

/// What the API server serves, by group and kind.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    by_kind: BTreeMap<(String, String), Vec<Served>>,
}

/// One kind in one version.
#[derive(Clone, Debug)]
pub(super) struct Served {
    /// How it is addressed.
    pub(super) resource: ApiResource,
    /// Whether its objects live in namespaces.
    pub(super) scope: Scope,
    /// Whether its objects are things that can be listed and deleted, and not questions and answers.
    pub(super) is_stored: bool,
}

impl Kinds {
    /// Asks the API server: two requests, where it can answer in one document (Kubernetes 1.26 and later).
    pub(super) async fn discover(client: &Client) -> Result<Self, kube::Error> {
        let aggregated = Discovery::new(client.clone()).run_aggregated().await;
        let found = match aggregated {
            Err(kube::Error::Api(_) | kube::Error::SerdeError(_)) => {
                Discovery::new(client.clone()).run().await?
            }
            other => other?,
        };
        let mut kinds = Self::default();
        for group in found.groups() {
            for version in group.versions() {
                for (resource, capabilities) in group.versioned_resources(version) {
                    let scope = match capabilities.scope {
                        discovery::Scope::Cluster => Scope::Cluster,
                        discovery::Scope::Namespaced => Scope::Namespaced,
                    };
                    let key = (resource.group.clone(), resource.kind.clone());
                    let can = |verb| capabilities.supports_operation(verb);
                    let is_stored = can(verbs::LIST) && can(verbs::DELETE);
                    let served = Served {
                        resource,
                        scope,
                        is_stored,
                    };
                    kinds.by_kind.entry(key).or_default().push(served);
                }
            }
        }
        Ok(kinds)
    }

    /// A kind in exactly this version.
    pub(super) fn get(&self, group: &str, version: &str, kind: &str) -> Option<&Served> {
        let mut versions = self.versions(group, kind).iter();
        versions.find(|served| served.resource.version == version)
    }

    /// A kind in whatever version it is served, the preferred one first.
    pub(super) fn any(&self, group: &str, kind: &str) -> Option<&Served> {
        self.versions(group, kind).first()
    }

    /// Every kind of stored objects once, in its preferred version.
    pub(super) fn stored(&self) -> impl Iterator<Item = &Served> {
        let preferred = self
            .by_kind
            .values()
            .filter_map(|versions| versions.first());
        preferred.filter(|served| served.is_stored)
    }

    /// Every `group/version` and `group/version/Kind`, sorted.
    pub(super) fn api_versions(&self) -> Vec<String> {
        let served = self.by_kind.values().flatten();
        let mut texts: Vec<String> = served
            .flat_map(|Served { resource, .. }| {
                let api_version = resource.api_version.clone();
                [format!("{api_version}/{}", resource.kind), api_version]
            })
            .collect();
        texts.sort();
        texts.dedup();
        texts
    }

    fn versions(&self, group: &str, kind: &str) -> &[Served] {
        let key = (group.to_owned(), kind.to_owned());
        self.by_kind.get(&key).map_or(&[], Vec::as_slice)
    }
}
