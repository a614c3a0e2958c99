//! The order of kinds that kustomize calls legacy: what others need comes first.

use std::cmp::Ordering;

use crate::id::Gvk;

/// Kinds that go first.
pub(crate) const FIRST: [&str; 22] = [
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// Kinds that go last.
pub(crate) const LAST: [&str; 2] = [
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Compares by the place of the kind, then by group, version and kind.
pub(crate) fn compare(one: &Gvk, other: &Gvk) -> Ordering {
    rank(&one.kind)
        .cmp(&rank(&other.kind))
        .then_with(|| key(one).cmp(key(other)))
}

/// The bytes of `group_version_kind`.
fn key(gvk: &Gvk) -> impl Iterator<Item = u8> {
    fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
        if text.is_empty() { other } else { text }
    }
    let group = or(&gvk.group, "~G").bytes();
    let version = or(&gvk.version, "~V").bytes();
    let kind = or(&gvk.kind, "~K").bytes();
    group.chain(*b"_").chain(version).chain(*b"_").chain(kind)
}

/// The place of a kind: below 0, those that go first; above 0, those that go last.
fn rank(kind: &str) -> i32 {
    let at = |kinds: &[&str]| {
        let at = kinds.iter().position(|other| *other == kind)?;
        i32::try_from(at).ok()
    };
    match (at(&FIRST), at(&LAST)) {
        (Some(n), _) => n - FIRST.len() as i32,
        (None, Some(n)) => n + 1,
        (None, None) => 0,
    }
}
