//! Judges how a live object is doing, by the rules of kstatus.
//!
//! The order is: going away, not yet looked at by its controller, the two conditions that every controller
//! may set (`Reconciling`, `Stalled`), the rules of a built-in kind, and at last the `Ready` condition.
//! An object that says nothing about itself is current.

use fleet_core::state::Health;
use jiff::Timestamp;
use serde_json::Value;

mod kinds;

/// How an object is doing, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assessment {
    /// How it is doing.
    pub health: Health,
    /// One word that says why; empty when there is nothing to say.
    pub reason: String,
    /// A sentence for people.
    pub message: String,
}

/// Judges `object` as the API server has it; `now` tells how long a pod has waited to be scheduled.
pub fn assess(object: &Value, now: Timestamp) -> Assessment {
    let metadata = &object["metadata"];
    if !metadata["deletionTimestamp"].is_null() {
        return Assessment::new(Health::Terminating, "Deleting", "it is being deleted");
    }
    if let (Some(generation), Some(observed)) = (
        metadata["generation"].as_i64(),
        object["status"]["observedGeneration"].as_i64(),
    ) && generation != observed
    {
        let message = format!("generation is {generation}, and its controller has seen {observed}");
        return Assessment::in_progress("LatestGenerationNotObserved", message);
    }
    if let Some(reconciling) = condition(object, "Reconciling").filter(|c| c.is("True")) {
        return Assessment::in_progress(reconciling.reason, reconciling.message);
    }
    if let Some(stalled) = condition(object, "Stalled").filter(|c| c.is("True")) {
        return Assessment::failed(stalled.reason, stalled.message);
    }
    if let Some(assessment) = kinds::assess(object, now) {
        return assessment;
    }
    match condition(object, "Ready") {
        Some(ready) if !ready.is("True") => Assessment::in_progress(ready.reason, ready.message),
        _ => Assessment::current(),
    }
}

/// What the pods of a workload add to its own assessment: a workload that waits for a pod that will not
/// get there by itself has failed.
pub fn with_pods(own: Assessment, pods: &[Value], now: Timestamp) -> Assessment {
    if own.health != Health::InProgress {
        return own;
    }
    let failed = pods
        .iter()
        .map(|pod| (pod, assess(pod, now)))
        .find(|(_, assessment)| assessment.health == Health::Failed);
    match failed {
        Some((pod, assessment)) => {
            let name = pod["metadata"]["name"].as_str().unwrap_or_default();
            let message = format!("pod `{name}`: {}", assessment.message);
            Assessment::failed(&assessment.reason, message)
        }
        None => own,
    }
}

/// Whether objects of a kind have nothing to get ready: they are current as soon as they exist.
pub fn is_always_current(group: &str, kind: &str) -> bool {
    matches!(
        (group, kind),
        ("", "ConfigMap" | "Secret" | "ServiceAccount" | "LimitRange")
            | ("rbac.authorization.k8s.io", _)
            | ("admissionregistration.k8s.io", _)
            | ("scheduling.k8s.io", _)
            | ("storage.k8s.io", "StorageClass" | "CSIDriver")
            | ("networking.k8s.io", "IngressClass" | "NetworkPolicy")
            | ("node.k8s.io", "RuntimeClass")
    )
}

/// The label selector of a workload whose pods tell how it is doing, as a query string; `None` for other
/// kinds and for selectors without `matchLabels`.
pub fn pod_selector(object: &Value) -> Option<String> {
    let api_version = object["apiVersion"].as_str()?;
    let kind = object["kind"].as_str()?;
    let owns_pods = matches!(
        kind,
        "Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet"
    );
    if !owns_pods || !api_version.starts_with("apps/") {
        return None;
    }
    let labels = object["spec"]["selector"]["matchLabels"].as_object()?;
    let pairs: Vec<_> = labels
        .iter()
        .filter_map(|(key, value)| Some(format!("{key}={}", value.as_str()?)))
        .collect();
    (!pairs.is_empty()).then(|| pairs.join(","))
}

impl Assessment {
    fn new(health: Health, reason: &str, message: impl Into<String>) -> Self {
        Self {
            health,
            reason: reason.to_owned(),
            message: message.into(),
        }
    }

    fn current() -> Self {
        Self::new(Health::Current, "", "")
    }

    fn in_progress(reason: &str, message: impl Into<String>) -> Self {
        Self::new(Health::InProgress, reason, message)
    }

    fn failed(reason: &str, message: impl Into<String>) -> Self {
        Self::new(Health::Failed, reason, message)
    }
}

/// One entry of `status.conditions`.
struct Condition<'a> {
    status: &'a str,
    reason: &'a str,
    message: &'a str,
}

impl Condition<'_> {
    fn is(&self, status: &str) -> bool {
        self.status == status
    }
}

fn condition<'a>(object: &'a Value, kind: &str) -> Option<Condition<'a>> {
    let conditions = object["status"]["conditions"].as_array()?;
    let found = conditions
        .iter()
        .find(|condition| condition["type"].as_str() == Some(kind))?;
    let text = |key: &str| found[key].as_str().unwrap_or_default();
    Some(Condition {
        status: text("status"),
        reason: text("reason"),
        message: text("message"),
    })
}

#[cfg(test)]
mod tests;
