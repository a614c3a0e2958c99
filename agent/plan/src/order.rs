//! The order in which kinds are applied, and in reverse deleted.

use fleet_core::object::Object;

/// When an object is applied, relative to the others of its bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Namespaces: everything else may live in one.
    Namespaces,
    /// Custom resource definitions; the next stage waits until they are served.
    Definitions,
    /// Helm hooks that run before the rest, by weight.
    HooksBefore(i32),
    /// What workloads refer to: classes, quotas, accounts, roles, configuration, storage.
    Foundations,
    /// Everything else.
    Workloads,
    /// Webhooks, which could refuse the rest while their own pods do not run yet.
    Webhooks,
    /// Helm hooks that run after the rest, by weight.
    HooksAfter(i32),
}

/// The stage of an object that is no hook.
///
/// The groups follow `fluxcd/pkg/ssa` (`sort.go`, `KindOrder`): definitions and namespaces first, admission
/// webhooks last.
pub fn stage_of(object: &Object) -> Stage {
    match (object.group(), object.kind()) {
        ("", "Namespace") => Stage::Namespaces,
        ("apiextensions.k8s.io", "CustomResourceDefinition") => Stage::Definitions,
        ("admissionregistration.k8s.io", _) => Stage::Webhooks,
        ("rbac.authorization.k8s.io", _)
        | ("scheduling.k8s.io", "PriorityClass")
        | ("node.k8s.io", "RuntimeClass")
        | ("storage.k8s.io", "StorageClass" | "CSIDriver" | "VolumeAttributesClass")
        | ("networking.k8s.io", "IngressClass" | "NetworkPolicy")
        | (
            "",
            "ResourceQuota"
            | "LimitRange"
            | "ServiceAccount"
            | "Secret"
            | "ConfigMap"
            | "PersistentVolume"
            | "PersistentVolumeClaim",
        ) => Stage::Foundations,
        (_, kind) if kind.ends_with("Class") => Stage::Foundations,
        _ => Stage::Workloads,
    }
}

/// What a Helm hook wants, read from the annotations that charts put on objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// Events, for example `pre-install`.
    pub events: Vec<String>,
    /// Weight; lower runs earlier.
    pub weight: i32,
    /// Delete policies; `before-hook-creation` if the chart names none, as in Helm.
    pub delete_policies: Vec<String>,
}

/// The hook that `object` is, if it is one.
pub fn hook_of(object: &Object) -> Option<Hook> {
    let words = |text: &str| -> Vec<String> {
        text.split(',')
            .map(|word| word.trim().to_lowercase())
            .filter(|word| !word.is_empty())
            .collect()
    };
    let events = words(object.annotation("helm.sh/hook")?);
    let weight = object
        .annotation("helm.sh/hook-weight")
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(0);
    let mut delete_policies = object
        .annotation("helm.sh/hook-delete-policy")
        .map(words)
        .unwrap_or_default();
    if delete_policies.is_empty() {
        delete_policies.push("before-hook-creation".to_owned());
    }
    Some(Hook {
        events,
        weight,
        delete_policies,
    })
}

/// Whether a deployment's objects exist already, which decides which hooks run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The deployment is new on this cluster.
    Install,
    /// It has run here before.
    Upgrade,
}

impl Hook {
    /// When this hook runs at `moment`; `None` if it does not.
    pub fn stage(&self, moment: Moment) -> Option<Stage> {
        let (before, after) = match moment {
            Moment::Install => ("pre-install", "post-install"),
            Moment::Upgrade => ("pre-upgrade", "post-upgrade"),
        };
        let has = |event: &str| self.events.iter().any(|known| known == event);
        if has("crd-install") {
            return Some(Stage::Definitions);
        }
        if has(before) {
            return Some(Stage::HooksBefore(self.weight));
        }
        has(after).then_some(Stage::HooksAfter(self.weight))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn object(api_version: &str, kind: &str, annotations: serde_json::Value) -> Object {
        let metadata = json!({"name": "x", "annotations": annotations});
        Object::parse(json!({"apiVersion": api_version, "kind": kind, "metadata": metadata}))
            .unwrap()
    }

    #[test]
    fn definitions_come_before_and_webhooks_after_what_uses_them() {
        let stage = |api_version, kind| stage_of(&object(api_version, kind, json!({})));
        assert!(
            stage("v1", "Namespace") < stage("apiextensions.k8s.io/v1", "CustomResourceDefinition")
        );
        assert!(stage("v1", "Secret") < stage("apps/v1", "Deployment"));
        assert!(
            stage("example.com/v1", "Widget")
                < stage(
                    "admissionregistration.k8s.io/v1",
                    "MutatingWebhookConfiguration"
                )
        );
    }

    #[test]
    fn hooks_run_at_their_moment_and_tests_never() {
        let hook = |events: &str| {
            hook_of(&object(
                "batch/v1",
                "Job",
                json!({"helm.sh/hook": events, "helm.sh/hook-weight": "-5"}),
            ))
            .unwrap()
        };
        assert_eq!(
            hook("pre-install, pre-upgrade").stage(Moment::Install),
            Some(Stage::HooksBefore(-5))
        );
        assert_eq!(hook("post-upgrade").stage(Moment::Install), None);
        assert_eq!(
            hook("post-upgrade").stage(Moment::Upgrade),
            Some(Stage::HooksAfter(-5))
        );
        assert_eq!(hook("test").stage(Moment::Upgrade), None);
        assert_eq!(hook("test").delete_policies, ["before-hook-creation"]);
    }
}
