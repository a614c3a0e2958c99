//! How a bundle is applied on one cluster.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Options of one deployment; names are those of `fleet.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplyOptions {
    /// Namespace for namespaced objects that name none.
    pub default_namespace: String,
    /// Namespace forced on all namespaced objects; cluster-scoped objects are then refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// Labels for the deployment's namespace.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub namespace_labels: BTreeMap<String, String>,
    /// Annotations for the deployment's namespace.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub namespace_annotations: BTreeMap<String, String>,
    /// Whether objects stay when the deployment is removed.
    pub keep_resources: bool,
    /// Whether the deployment's namespace is deleted with it.
    pub delete_namespace: bool,
    /// Whether custom resource definitions are deleted with the deployment.
    pub delete_crd_resources: bool,
    /// Whether drift is corrected, and how.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correct_drift: Option<CorrectDrift>,
    /// Service account that the agent acts as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<String>,
    /// Whether objects that cannot be changed are deleted and created again.
    pub force: bool,
    /// Raised by a user to apply again.
    pub force_sync_generation: u64,
}

/// Whether and how drift is corrected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CorrectDrift {
    /// Whether it is corrected at all.
    pub enabled: bool,
    /// Whether objects are replaced where they cannot be patched.
    pub force: bool,
    /// Accepted for compatibility: there is no Helm history here.
    pub keep_fail_history: bool,
}

impl ApplyOptions {
    /// The namespace of the deployment itself: the forced one, else the default one, else `default`.
    pub fn release_namespace(&self) -> &str {
        match &self.namespace {
            Some(namespace) => namespace,
            None if self.default_namespace.is_empty() => "default",
            None => &self.default_namespace,
        }
    }
}
