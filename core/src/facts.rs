//! What a plugin may learn about where its output goes.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::Value;

/// Facts about the bundle and its target; each getter that is called becomes part of the cache key.
///
/// The documentation of each getter is in `wit/plugin.wit`, interface `context`.
pub trait Facts {
    /// Name of the bundle being rendered.
    fn bundle_name(&self) -> String;
    /// Namespace for objects that name none.
    fn default_namespace(&self) -> String;
    /// Kubernetes version of the target, for example `v1.35.0`.
    fn kube_version(&self) -> String;
    /// Whether the target serves this `group/version` or `group/version/Kind`.
    fn has_api(&self, api: &str) -> bool;
    /// All `group/version` and `group/version/Kind` that are known, sorted.
    fn api_versions(&self) -> Vec<String>;
    /// One label of the cluster.
    fn label(&self, key: &str) -> Option<String>;
    /// All labels of the cluster, sorted by key.
    fn labels(&self) -> Vec<(String, String)>;
    /// One annotation of the cluster.
    fn annotation(&self, key: &str) -> Option<String>;
    /// All annotations of the cluster, sorted by key.
    fn annotations(&self) -> Vec<(String, String)>;
    /// One entry of the cluster's template values; all of them when `key` is empty.
    fn template_value(&self, key: &str) -> Option<Value>;
    /// Name of the cluster, unless rendering is not per cluster.
    fn cluster_name(&self) -> Option<String>;
    /// Namespace (workspace) of the cluster, unless rendering is not per cluster.
    fn cluster_namespace(&self) -> Option<String>;
    /// Seconds since the epoch of the commit being rendered: the only clock there is.
    fn commit_time(&self) -> u64;
}

impl<T: Facts + ?Sized> Facts for Rc<T> {
    fn bundle_name(&self) -> String {
        (**self).bundle_name()
    }

    fn default_namespace(&self) -> String {
        (**self).default_namespace()
    }

    fn kube_version(&self) -> String {
        (**self).kube_version()
    }

    fn has_api(&self, api: &str) -> bool {
        (**self).has_api(api)
    }

    fn api_versions(&self) -> Vec<String> {
        (**self).api_versions()
    }

    fn label(&self, key: &str) -> Option<String> {
        (**self).label(key)
    }

    fn labels(&self) -> Vec<(String, String)> {
        (**self).labels()
    }

    fn annotation(&self, key: &str) -> Option<String> {
        (**self).annotation(key)
    }

    fn annotations(&self) -> Vec<(String, String)> {
        (**self).annotations()
    }

    fn template_value(&self, key: &str) -> Option<Value> {
        (**self).template_value(key)
    }

    fn cluster_name(&self) -> Option<String> {
        (**self).cluster_name()
    }

    fn cluster_namespace(&self) -> Option<String> {
        (**self).cluster_namespace()
    }

    fn commit_time(&self) -> u64 {
        (**self).commit_time()
    }
}

/// Facts as plain data.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticFacts {
    /// See [`Facts::bundle_name`].
    pub bundle_name: String,
    /// See [`Facts::default_namespace`].
    pub default_namespace: String,
    /// See [`Facts::kube_version`].
    pub kube_version: String,
    /// See [`Facts::api_versions`]; sorted.
    pub api_versions: Vec<String>,
    /// See [`Facts::labels`].
    pub labels: BTreeMap<String, String>,
    /// See [`Facts::annotations`].
    pub annotations: BTreeMap<String, String>,
    /// See [`Facts::template_value`].
    pub template_values: BTreeMap<String, Value>,
    /// See [`Facts::cluster_name`].
    pub cluster_name: Option<String>,
    /// See [`Facts::cluster_namespace`].
    pub cluster_namespace: Option<String>,
    /// See [`Facts::commit_time`].
    pub commit_time: u64,
}

impl Default for StaticFacts {
    /// No cluster, namespace `default`, Kubernetes v1.35.0 (the default of Helm 4.1.4), the epoch.
    fn default() -> Self {
        Self {
            bundle_name: "bundle".to_owned(),
            default_namespace: "default".to_owned(),
            kube_version: "v1.35.0".to_owned(),
            api_versions: Vec::new(),
            labels: BTreeMap::new(),
            annotations: BTreeMap::new(),
            template_values: BTreeMap::new(),
            cluster_name: None,
            cluster_namespace: None,
            commit_time: 0,
        }
    }
}

impl Facts for StaticFacts {
    fn bundle_name(&self) -> String {
        self.bundle_name.clone()
    }

    fn default_namespace(&self) -> String {
        self.default_namespace.clone()
    }

    fn kube_version(&self) -> String {
        self.kube_version.clone()
    }

    fn has_api(&self, api: &str) -> bool {
        self.api_versions.iter().any(|known| known == api)
    }

    fn api_versions(&self) -> Vec<String> {
        self.api_versions.clone()
    }

    fn label(&self, key: &str) -> Option<String> {
        self.labels.get(key).cloned()
    }

    fn labels(&self) -> Vec<(String, String)> {
        pairs(&self.labels)
    }

    fn annotation(&self, key: &str) -> Option<String> {
        self.annotations.get(key).cloned()
    }

    fn annotations(&self) -> Vec<(String, String)> {
        pairs(&self.annotations)
    }

    fn template_value(&self, key: &str) -> Option<Value> {
        if key.is_empty() {
            let all = self.template_values.clone().into_iter().collect();
            return Some(Value::Object(all));
        }
        self.template_values.get(key).cloned()
    }

    fn cluster_name(&self) -> Option<String> {
        self.cluster_name.clone()
    }

    fn cluster_namespace(&self) -> Option<String> {
        self.cluster_namespace.clone()
    }

    fn commit_time(&self) -> u64 {
        self.commit_time
    }
}

fn pairs(map: &BTreeMap<String, String>) -> Vec<(String, String)> {
    map.iter()
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}
