//! What objects say about themselves, as a table; and the recorded cases of kstatus where they are at hand.

use std::path::PathBuf;

use jiff::SignedDuration;
use serde_json::json;

use super::*;

const NOW: &str = "2026-11-22T18:00:00Z";

#[track_caller]
fn check(object: Value, health: Health, reason: &str) {
    let got = assess(&object, NOW.parse().unwrap());
    assert_eq!(
        (got.health, got.reason.as_str()),
        (health, reason),
        "{object}"
    );
}

fn object(api_version: &str, kind: &str, spec: Value, status: Value) -> Value {
    json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x", "generation": 2}, "spec": spec, "status": status})
}

fn conditions(list: &[(&str, &str, &str)]) -> Value {
    list.iter()
        .map(|(kind, status, reason)| json!({"type": kind, "status": status, "reason": reason}))
        .collect()
}

#[test]
fn an_object_on_its_way_out_is_terminating_whatever_else_it_says() {
    let mut gone = object("v1", "ConfigMap", json!({}), json!({}));
    gone["metadata"]["deletionTimestamp"] = json!(NOW);
    check(gone, Health::Terminating, "Deleting");
}

#[test]
fn conditions_that_every_controller_may_set_come_before_the_kind() {
    let status = |list: &[_]| json!({"observedGeneration": 2, "conditions": conditions(list)});
    let widget = |status| object("example.com/v1", "Widget", json!({}), status);
    check(
        widget(status(&[("Reconciling", "True", "Busy")])),
        Health::InProgress,
        "Busy",
    );
    check(
        widget(status(&[("Stalled", "True", "BadSpec")])),
        Health::Failed,
        "BadSpec",
    );
    check(
        widget(status(&[("Ready", "Unknown", "Waiting")])),
        Health::InProgress,
        "Waiting",
    );
    check(
        widget(status(&[("Ready", "True", "Fine")])),
        Health::Current,
        "",
    );
    check(
        widget(json!({"observedGeneration": 1})),
        Health::InProgress,
        "LatestGenerationNotObserved",
    );
    check(widget(json!({})), Health::Current, "");
}

#[test]
fn a_pod_that_cannot_be_scheduled_fails_after_a_while_only() {
    let pending = |created: &str| {
        let status = json!({"phase": "Pending", "conditions": conditions(&[("PodScheduled", "False", "Unschedulable")])});
        let mut pod = object("v1", "Pod", json!({}), status);
        pod["metadata"]["creationTimestamp"] = json!(created);
        pod
    };
    check(
        pending("2026-11-22T17:59:50Z"),
        Health::InProgress,
        "PodNotScheduled",
    );
    check(
        pending("2026-11-22T17:59:40Z"),
        Health::Failed,
        "PodUnschedulable",
    );
}

#[test]
fn a_deployment_fails_when_its_deadline_has_passed_or_a_pod_crashes() {
    let spec = json!({"replicas": 2, "progressDeadlineSeconds": 600, "selector": {"matchLabels": {"app": "a"}}});
    let late = json!({"observedGeneration": 2, "conditions": conditions(&[("Progressing", "False", "ProgressDeadlineExceeded")])});
    check(
        object("apps/v1", "Deployment", spec.clone(), late),
        Health::Failed,
        "ProgressDeadlineExceeded",
    );

    let waiting = json!({"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "availableReplicas": 1});
    let deployment = object("apps/v1", "Deployment", spec, waiting);
    assert_eq!(pod_selector(&deployment).as_deref(), Some("app=a"));
    let now = NOW.parse().unwrap();
    let own = assess(&deployment, now);
    assert_eq!(own.reason, "LessAvailable");
    let containers = json!([{"name": "c", "state": {"waiting": {"reason": "CrashLoopBackOff"}}}]);
    let crashing = object(
        "v1",
        "Pod",
        json!({}),
        json!({"phase": "Running", "containerStatuses": containers}),
    );
    assert_eq!(with_pods(own.clone(), &[], now), own);
    let blamed = with_pods(own, &[crashing], now);
    assert_eq!(
        (blamed.health, blamed.reason.as_str()),
        (Health::Failed, "ContainerCrashLooping")
    );
}

#[test]
fn a_suspended_job_is_current_and_one_that_waits_is_not() {
    let job = |spec, list: &[_]| {
        object(
            "batch/v1",
            "Job",
            spec,
            json!({"conditions": conditions(list)}),
        )
    };
    check(
        job(json!({"suspend": true}), &[("Suspended", "True", "")]),
        Health::Current,
        "",
    );
    check(job(json!({}), &[]), Health::InProgress, "JobNotStarted");
    check(
        job(json!({}), &[("Failed", "True", "BackoffLimitExceeded")]),
        Health::Failed,
        "JobFailed",
    );
}

/// The recorded table of upstream: a JSON list of objects with `name`, `yaml`, `status` and `reasons`.
#[test]
fn the_recorded_cases_of_kstatus_are_judged_alike() {
    let Some(folder) = std::env::var_os("FLEET_HEALTH_CORPUS").map(PathBuf::from) else {
        eprintln!("SKIPPED: set FLEET_HEALTH_CORPUS to the folder with `kstatus.json`");
        return;
    };
    let text = std::fs::read_to_string(folder.join("kstatus.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert!(cases.len() > 40, "only {} cases", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let yaml = case["yaml"].as_str().unwrap();
        let object = fleet_yaml::from_str(yaml, fleet_yaml::Duplicates::LastWins).unwrap();
        // The cases were recorded a moment after their own creation time.
        let created = object["metadata"]["creationTimestamp"].as_str();
        let now: Timestamp = created.unwrap_or(NOW).parse().unwrap();
        let got = assess(&object, now + SignedDuration::from_secs(1));
        let reason = case["reasons"][0].as_str().unwrap_or_default();
        if got.health.to_string() != case["status"].as_str().unwrap() || got.reason != reason {
            wrong.push(format!(
                "{}: {got:?}, wanted {} {reason}",
                case["name"], case["status"]
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
