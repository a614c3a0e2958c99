//! The IAMPolicyGenerator: a ServiceAccount bound to one of a cloud.

use serde::Deserialize;

use crate::error::{Error, Result};
use crate::node::Node;
use crate::resource::{Resource, Source};
use crate::schema::Schema;

/// The configuration of an IAMPolicyGenerator.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Config {
    /// The cloud; only `gke` is known.
    pub cloud: String,
    /// The ServiceAccount to make.
    pub kubernetes_service: KubernetesService,
    /// The cloud's account.
    pub service_account: ServiceAccount,
}

/// The ServiceAccount to make.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct KubernetesService {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
}

/// The cloud's account.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct ServiceAccount {
    /// Name.
    pub name: String,
    /// Project.
    pub project_id: String,
}

/// Makes the ServiceAccount.
///
/// # Errors
/// If the cloud is not known.
pub(crate) fn generate(config: &Config, source: Source, schema: &Schema) -> Result<Vec<Resource>> {
    if config.cloud != "gke" {
        return Err(Error::new(
            "kustomize/generator",
            format!("cloud provider {} not supported yet", config.cloud),
        ));
    }
    let mut node = Node::mapping();
    node.set("apiVersion", Node::string("v1"));
    node.set("kind", Node::string("ServiceAccount"));
    let account = format!(
        "{}@{}.iam.gserviceaccount.com",
        config.service_account.name, config.service_account.project_id
    );
    if let Some(meta) = node.mapping_at(&["metadata"]) {
        let mut annotations = Node::mapping();
        annotations.set("iam.gke.io/gcp-service-account", Node::string(account));
        meta.set("annotations", annotations);
        meta.set("name", Node::plain(config.kubernetes_service.name.clone()));
        if !config.kubernetes_service.namespace.is_empty() {
            let namespace = Node::plain(config.kubernetes_service.namespace.clone());
            meta.set("namespace", namespace);
        }
    }
    Ok(vec![Resource::new(node, source, schema)])
}
