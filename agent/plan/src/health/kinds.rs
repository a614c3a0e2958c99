//! The rules of the built-in kinds.
//!
//! They are those of kstatus (`sigs.k8s.io/cli-utils/pkg/kstatus/status/core.go`); the first that holds wins.

use fleet_core::state::Health;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Assessment, condition};

/// How long a pod may wait to be scheduled before that counts as failure, as in kstatus.
const SCHEDULE_WINDOW: SignedDuration = SignedDuration::from_secs(15);

/// Judges an object of a kind that has rules of its own; `None` for all other kinds.
pub(super) fn assess(object: &Value, now: Timestamp) -> Option<Assessment> {
    let api_version = object["apiVersion"].as_str().unwrap_or_default();
    let group = api_version.split_once('/').map_or("", |(group, _)| group);
    let assessment = match (group, object["kind"].as_str().unwrap_or_default()) {
        ("", "Secret" | "ConfigMap") | ("batch", "CronJob") | ("policy", "PodDisruptionBudget") => {
            Assessment::current()
        }
        ("", "Service") => service(object),
        ("", "Pod") => pod(object, now),
        ("", "PersistentVolumeClaim") => volume_claim(object),
        ("apps", "StatefulSet") => stateful_set(object),
        ("apps" | "extensions", "Deployment") => deployment(object),
        ("apps" | "extensions", "ReplicaSet") => replica_set(object),
        ("apps" | "extensions", "DaemonSet") => daemon_set(object),
        ("batch", "Job") => job(object),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => definition(object),
        _ => return None,
    };
    Some(assessment)
}

/// A number of the object; `default` where there is none.
fn number(object: &Value, pointer: &str, default: i64) -> i64 {
    object
        .pointer(pointer)
        .and_then(Value::as_i64)
        .unwrap_or(default)
}

/// The first comparison that does not hold, as progress that is still to be made.
fn first_gap(gaps: &[(bool, &str, String)]) -> Option<Assessment> {
    gaps.iter()
        .find(|(is_open, ..)| *is_open)
        .map(|(_, reason, message)| Assessment::in_progress(reason, message.clone()))
}

fn service(object: &Value) -> Assessment {
    let spec = &object["spec"];
    let waits = spec["type"].as_str() == Some("LoadBalancer")
        && spec["clusterIP"].as_str().unwrap_or_default().is_empty();
    if waits {
        return Assessment::in_progress("NoIPAssigned", "it has no IP address yet");
    }
    Assessment::current()
}

fn volume_claim(object: &Value) -> Assessment {
    match object["status"]["phase"].as_str() {
        Some("Bound") => Assessment::current(),
        phase => {
            let message = format!("it is not bound, but {}", phase.unwrap_or("unknown"));
            Assessment::in_progress("NotBound", message)
        }
    }
}

fn pod(object: &Value, now: Timestamp) -> Assessment {
    let scheduled = condition(object, "PodScheduled");
    match object["status"]["phase"].as_str().unwrap_or_default() {
        // A pod that has ended has nothing left to do; whoever started it judges how it ended.
        "Succeeded" | "Failed" => Assessment::current(),
        "Running" => {
            if condition(object, "Ready").is_some_and(|ready| ready.is("True")) {
                return Assessment::current();
            }
            let looping = crash_looping(object);
            if !looping.is_empty() {
                let message = format!("containers in CrashLoopBackOff: {}", looping.join(", "));
                return Assessment::failed("ContainerCrashLooping", message);
            }
            Assessment::in_progress("PodRunningNotReady", "it runs and is not ready")
        }
        "Pending" => match scheduled {
            Some(condition) if condition.is("False") && condition.reason == "Unschedulable" => {
                let created = object["metadata"]["creationTimestamp"]
                    .as_str()
                    .and_then(|text| text.parse::<Timestamp>().ok());
                if created.is_some_and(|created| now.duration_since(created) < SCHEDULE_WINDOW) {
                    return Assessment::in_progress("PodNotScheduled", "it is not scheduled yet");
                }
                let message = format!("it could not be scheduled: {}", condition.message);
                Assessment::failed("PodUnschedulable", message)
            }
            _ => Assessment::in_progress("PodPending", "it is pending"),
        },
        "" => Assessment::in_progress("PodNotObserved", "no kubelet has seen it yet"),
        phase => {
            let message = format!("phase `{phase}` means nothing to us");
            Assessment::new(Health::Unknown, "PodPhaseUnknown", message)
        }
    }
}

fn crash_looping(pod: &Value) -> Vec<&str> {
    ["initContainerStatuses", "containerStatuses"]
        .into_iter()
        .filter_map(|list| pod["status"][list].as_array())
        .flatten()
        .filter(|status| status["state"]["waiting"]["reason"].as_str() == Some("CrashLoopBackOff"))
        .filter_map(|status| status["name"].as_str())
        .collect()
}

fn stateful_set(object: &Value) -> Assessment {
    if object["spec"]["updateStrategy"]["type"].as_str() == Some("OnDelete") {
        return Assessment::current();
    }
    let wanted = number(object, "/spec/replicas", 1);
    let replicas = number(object, "/status/replicas", 0);
    let ready = number(object, "/status/readyReplicas", 0);
    let updated = number(object, "/status/updatedReplicas", 0);
    let current = number(object, "/status/currentReplicas", 0);
    let gap = first_gap(&[
        (
            wanted > replicas,
            "LessReplicas",
            format!("{replicas} of {wanted} replicas exist"),
        ),
        (
            wanted > ready,
            "LessReady",
            format!("{ready} of {wanted} replicas are ready"),
        ),
        (
            replicas > wanted,
            "ExtraPods",
            format!("{} replicas are to go", replicas - wanted),
        ),
    ]);
    if let Some(gap) = gap {
        return gap;
    }
    let partition = object
        .pointer("/spec/updateStrategy/rollingUpdate/partition")
        .and_then(Value::as_i64);
    if let Some(partition) = partition.filter(|partition| *partition != 0) {
        let to_update = wanted - partition;
        let message = format!("{updated} of {to_update} replicas of the partition are updated");
        let gap = first_gap(&[(updated < to_update, "PartitionRollout", message)]);
        return gap.unwrap_or_else(Assessment::current);
    }
    let status = &object["status"];
    let revisions_differ = status["currentRevision"] != status["updateRevision"];
    first_gap(&[
        (
            wanted > current,
            "LessCurrent",
            format!("{current} of {wanted} replicas are current"),
        ),
        (
            revisions_differ,
            "RevisionMismatch",
            "its revisions differ".to_owned(),
        ),
    ])
    .unwrap_or_else(Assessment::current)
}

fn deployment(object: &Value) -> Assessment {
    let progressing = condition(object, "Progressing");
    if let Some(progressing) = &progressing
        && progressing.reason == "ProgressDeadlineExceeded"
    {
        return Assessment::failed(progressing.reason, progressing.message);
    }
    let deadline = number(object, "/spec/progressDeadlineSeconds", i64::from(i32::MAX));
    let has_progressed = deadline == i64::from(i32::MAX)
        || progressing.is_some_and(|c| c.is("True") && c.reason == "NewReplicaSetAvailable");
    let is_available = condition(object, "Available").is_some_and(|c| c.is("True"));
    let wanted = number(object, "/spec/replicas", 1);
    let replicas = number(object, "/status/replicas", 0);
    let updated = number(object, "/status/updatedReplicas", 0);
    let ready = number(object, "/status/readyReplicas", 0);
    let available = number(object, "/status/availableReplicas", 0);
    first_gap(&[
        (
            wanted > replicas,
            "LessReplicas",
            format!("{replicas} of {wanted} replicas exist"),
        ),
        (
            wanted > updated,
            "LessUpdated",
            format!("{updated} of {wanted} replicas are updated"),
        ),
        (
            replicas > wanted,
            "ExtraPods",
            format!("{} replicas are to go", replicas - wanted),
        ),
        (
            updated > available,
            "LessAvailable",
            format!("{available} of {updated} replicas are available"),
        ),
        (
            wanted > ready,
            "LessReady",
            format!("{ready} of {wanted} replicas are ready"),
        ),
        (
            !has_progressed,
            "ReplicaSetNotAvailable",
            "its new replica set is not available".to_owned(),
        ),
        (
            !is_available,
            "DeploymentNotAvailable",
            "it is not available".to_owned(),
        ),
    ])
    .unwrap_or_else(Assessment::current)
}

fn replica_set(object: &Value) -> Assessment {
    if let Some(failure) = condition(object, "ReplicaFailure").filter(|c| c.is("True")) {
        return Assessment::in_progress("ReplicaFailure", failure.message);
    }
    let wanted = number(object, "/spec/replicas", 1);
    let replicas = number(object, "/status/replicas", 0);
    let labelled = number(object, "/status/fullyLabeledReplicas", 0);
    let available = number(object, "/status/availableReplicas", 0);
    let ready = number(object, "/status/readyReplicas", 0);
    first_gap(&[
        (
            wanted > labelled,
            "LessLabelled",
            format!("{labelled} of {wanted} replicas are labelled"),
        ),
        (
            wanted > available,
            "LessAvailable",
            format!("{available} of {wanted} replicas are available"),
        ),
        (
            wanted > ready,
            "LessReady",
            format!("{ready} of {wanted} replicas are ready"),
        ),
        (
            replicas > wanted,
            "ExtraPods",
            format!("{} replicas are to go", replicas - wanted),
        ),
    ])
    .unwrap_or_else(Assessment::current)
}

fn daemon_set(object: &Value) -> Assessment {
    let has = |pointer: &str| object.pointer(pointer).is_some_and(Value::is_i64);
    if !has("/metadata/generation") || !has("/status/observedGeneration") {
        let message = "its controller has not seen it yet";
        return Assessment::in_progress("NoObservedGeneration", message);
    }
    if !has("/status/desiredNumberScheduled") {
        let message = "its controller has not counted its nodes yet";
        return Assessment::in_progress("NoDesiredNumber", message);
    }
    let wanted = number(object, "/status/desiredNumberScheduled", 0);
    let current = number(object, "/status/currentNumberScheduled", 0);
    let updated = number(object, "/status/updatedNumberScheduled", 0);
    let available = number(object, "/status/numberAvailable", 0);
    let ready = number(object, "/status/numberReady", 0);
    first_gap(&[
        (
            wanted > current,
            "LessCurrent",
            format!("{current} of {wanted} pods exist"),
        ),
        (
            wanted > updated,
            "LessUpdated",
            format!("{updated} of {wanted} pods are updated"),
        ),
        (
            wanted > available,
            "LessAvailable",
            format!("{available} of {wanted} pods are available"),
        ),
        (
            wanted > ready,
            "LessReady",
            format!("{ready} of {wanted} pods are ready"),
        ),
    ])
    .unwrap_or_else(Assessment::current)
}

fn job(object: &Value) -> Assessment {
    if condition(object, "Complete").is_some_and(|c| c.is("True")) {
        return Assessment::current();
    }
    if let Some(failed) = condition(object, "Failed").filter(|c| c.is("True")) {
        return Assessment::failed("JobFailed", failed.message);
    }
    let is_suspended = object["spec"]["suspend"].as_bool() == Some(true);
    if is_suspended && condition(object, "Suspended").is_some_and(|c| c.is("True")) {
        return Assessment::current();
    }
    if object["status"]["startTime"].is_null() {
        return Assessment::in_progress("JobNotStarted", "it has not started yet");
    }
    // A job that runs does what its spec says.
    Assessment::current()
}

fn definition(object: &Value) -> Assessment {
    if let Some(names) = condition(object, "NamesAccepted").filter(|c| c.is("False")) {
        return Assessment::failed(names.reason, names.message);
    }
    match condition(object, "Established") {
        Some(established) if established.is("True") => Assessment::current(),
        Some(established) if established.is("False") && established.reason != "Installing" => {
            Assessment::failed(established.reason, established.message)
        }
        _ => Assessment::in_progress("Installing", "it is being installed"),
    }
}
