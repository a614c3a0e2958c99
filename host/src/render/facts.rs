//! What plugins may know of a cluster.

use fleet_core::facts::StaticFacts;
use fleet_host_plan::fleet::ClusterRecord;

/// The facts of one cluster for one bundle.
pub(super) fn of_cluster(
    cluster: &ClusterRecord,
    bundle: &str,
    namespace: &str,
    commit_time: u64,
) -> StaticFacts {
    let unknown = StaticFacts::default();
    let resource = &cluster.resource;
    let about = &cluster.about;
    StaticFacts {
        bundle_name: bundle.to_owned(),
        default_namespace: namespace.to_owned(),
        // Until an agent has told, and where the target is no cluster, the newest version that we know is meant.
        kube_version: match about.kube_version.as_str() {
            "" => unknown.kube_version,
            version => version.to_owned(),
        },
        api_versions: about.api_versions.clone(),
        labels: resource.metadata.labels.clone(),
        annotations: resource.metadata.annotations.clone(),
        template_values: resource.spec.template_values.clone(),
        cluster_name: Some(resource.metadata.name.to_string()),
        cluster_namespace: Some(resource.metadata.namespace.clone()),
        commit_time,
    }
}
