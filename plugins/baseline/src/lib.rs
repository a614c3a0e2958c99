//! The policy plugin for a pod-security baseline.
//!
//! It looks at pods and at the pod templates of every workload that has one, whatever its kind.

mod rules;

use fleet_sdk::prelude::*;
use serde::Deserialize;
use serde_json::Value;

/// The policy.
pub struct Baseline;

/// How each rule counts; the defaults refuse what gives a container the node, and warn of the rest.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Settings {
    /// Containers with `securityContext.privileged`.
    pub privileged: Level,
    /// Pods in the network, process or IPC namespace of the node.
    pub host_namespaces: Level,
    /// Volumes of type `hostPath`.
    pub host_path: Level,
    /// Images with the tag `latest`, or with neither tag nor digest.
    pub latest_image: Level,
    /// Containers without a memory limit.
    pub missing_limits: Level,
    /// Objects that are not judged.
    pub exempt: Vec<Exemption>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            privileged: Level::Error,
            host_namespaces: Level::Error,
            host_path: Level::Error,
            latest_image: Level::Warning,
            missing_limits: Level::Warning,
            exempt: Vec::new(),
        }
    }
}

/// How a rule counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It blocks the bundle.
    Error,
    /// It is reported.
    Warning,
    /// It is reported.
    Info,
    /// It is not looked at.
    Off,
}

impl Level {
    fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}

/// Objects that are not judged; what is not given matches everything.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exemption {
    /// Kind of the object.
    pub kind: Option<String>,
    /// Namespace of the object.
    pub namespace: Option<String>,
    /// Name of the object.
    pub name: Option<String>,
    /// Rules that do not apply, by their code without `baseline/`; all of them if there are none.
    pub rules: Vec<String>,
}

impl Exemption {
    fn covers(&self, id: &ObjectId, rule: &str) -> bool {
        let is = |wanted: &Option<String>, given: &str| {
            wanted.as_ref().is_none_or(|wanted| wanted == given)
        };
        is(&self.kind, &id.kind)
            && is(&self.namespace, id.namespace.as_deref().unwrap_or_default())
            && is(&self.name, &id.name)
            && (self.rules.is_empty() || self.rules.iter().any(|known| known == rule))
    }
}

impl Policy for Baseline {
    const NAME: &'static str = "baseline";
    type Settings = Settings;

    fn check(
        objects: &[Checked],
        settings: &Settings,
        _: &dyn Facts,
    ) -> Result<Vec<Diagnostic>, Failure> {
        let mut findings = Vec::new();
        for Checked { object, origin } in objects {
            let id = id_of(object);
            for (path, pod) in pod_specs(object) {
                for finding in rules::judge(pod) {
                    let Some(severity) = finding.rule.level(settings).severity() else {
                        continue;
                    };
                    let rule = finding.rule.code();
                    if settings
                        .exempt
                        .iter()
                        .any(|exemption| exemption.covers(&id, rule))
                    {
                        continue;
                    }
                    let message = format!("`{path}.{}`: {}", finding.field, finding.message);
                    let mut diagnostic =
                        Diagnostic::new(severity, format!("baseline/{rule}"), message)
                            .about(id.clone())
                            .hint(finding.rule.hint());
                    diagnostic.location = origin.clone();
                    findings.push(diagnostic);
                }
            }
        }
        Ok(findings)
    }
}

fleet_sdk::export_policy!(Baseline);

fn id_of(object: &Value) -> ObjectId {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    ObjectId {
        api_version: text(&object["apiVersion"]),
        kind: text(&object["kind"]),
        namespace: object["metadata"]["namespace"].as_str().map(str::to_owned),
        name: text(&object["metadata"]["name"]),
    }
}

/// The pod specs in an object, with their paths: a pod's own, and that of every `template` below `spec`.
fn pod_specs(object: &Value) -> Vec<(&'static str, &Value)> {
    const TEMPLATES: [(&str, &str); 2] = [
        ("spec.template.spec", "/spec/template/spec"),
        (
            "spec.jobTemplate.spec.template.spec",
            "/spec/jobTemplate/spec/template/spec",
        ),
    ];
    let mut found = Vec::new();
    if object["kind"] == "Pod" && object["apiVersion"] == "v1" {
        found.push(("spec", &object["spec"]));
    }
    if object["kind"] == "PodTemplate" {
        found.push(("template.spec", &object["template"]["spec"]));
    }
    let templates = TEMPLATES
        .iter()
        .filter_map(|(path, pointer)| Some((*path, object.pointer(pointer)?)));
    found.extend(templates.filter(|(_, spec)| spec["containers"].is_array()));
    found
}

#[cfg(test)]
mod tests {
    use fleet_sdk::test::Harness;
    use serde_json::json;

    use super::*;

    fn deployment(pod: Value) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop"},
            "spec": {"template": {"spec": pod}},
        })
    }

    fn codes(settings: &str, object: Value) -> Vec<String> {
        let findings = Harness::default()
            .settings(settings)
            .check::<Baseline>(&[object])
            .unwrap();
        findings
            .iter()
            .map(|finding| format!("{:?} {}", finding.severity, finding.code))
            .collect()
    }

    fn good_container() -> Value {
        json!({"name": "c", "image": "app:1.0", "resources": {"limits": {"memory": "64Mi"}}})
    }

    #[test]
    fn a_careful_pod_passes() {
        assert_eq!(
            codes("{}", deployment(json!({"containers": [good_container()]}))),
            [] as [&str; 0]
        );
    }

    #[test]
    fn each_rule_finds_what_it_is_for() {
        let with = |changes: Value| {
            let mut container = good_container();
            container
                .as_object_mut()
                .unwrap()
                .extend(changes.as_object().unwrap().clone());
            deployment(json!({"containers": [container]}))
        };
        for (object, expected) in [
            (
                with(json!({"securityContext": {"privileged": true}})),
                "Error baseline/privileged",
            ),
            (
                with(json!({"image": "app:latest"})),
                "Warning baseline/latest-image",
            ),
            (
                with(json!({"image": "registry:5000/app"})),
                "Warning baseline/latest-image",
            ),
            (
                with(json!({"resources": {}})),
                "Warning baseline/missing-limits",
            ),
            (
                deployment(json!({"hostNetwork": true, "containers": [good_container()]})),
                "Error baseline/host-namespaces",
            ),
            (
                deployment(
                    json!({"volumes": [{"name": "v", "hostPath": {"path": "/"}}], "containers": [good_container()]}),
                ),
                "Error baseline/host-path",
            ),
        ] {
            assert_eq!(codes("{}", object), [expected]);
        }
        assert_eq!(
            codes("{}", with(json!({"image": "app@sha256:00"}))),
            [] as [&str; 0]
        );
    }

    #[test]
    fn init_containers_and_job_templates_count_too() {
        let pod = json!({"containers": [good_container()], "initContainers": [{"name": "i", "image": "x:1", "securityContext": {"privileged": true}}]});
        let job = json!({"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "j"}, "spec": {"jobTemplate": {"spec": {"template": {"spec": pod}}}}});
        let findings = Harness::default()
            .settings(r#"{"missingLimits": "off"}"#)
            .check::<Baseline>(&[job])
            .unwrap();
        assert_eq!(findings.len(), 1);
        assert!(
            findings[0]
                .message
                .starts_with("`spec.jobTemplate.spec.template.spec.initContainers[0]"),
            "{}",
            findings[0].message
        );
    }

    #[test]
    fn severities_and_exemptions_come_from_the_settings() {
        let object = || deployment(json!({"hostPID": true, "containers": [good_container()]}));
        assert_eq!(
            codes(r#"{"hostNamespaces": "info"}"#, object()),
            ["Info baseline/host-namespaces"]
        );
        assert_eq!(
            codes(r#"{"hostNamespaces": "off"}"#, object()),
            [] as [&str; 0]
        );
        assert_eq!(
            codes(
                r#"{"exempt": [{"namespace": "shop", "rules": ["host-namespaces"]}]}"#,
                object()
            ),
            [] as [&str; 0]
        );
        assert_eq!(
            codes(r#"{"exempt": [{"namespace": "other"}]}"#, object()).len(),
            1
        );
        let failure = Harness::default()
            .settings(r#"{"privileged": "maybe"}"#)
            .check::<Baseline>(&[])
            .unwrap_err();
        assert!(failure.to_string().contains("maybe"), "{failure}");
    }
}
