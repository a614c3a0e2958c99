//! One Kubernetes manifest and how it is named.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::diagnostic::ObjectId;

/// Group, kind, namespace and name: what an object *is* across versions of its API.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ObjectRef {
    /// API group; empty for the core group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// Kind, for example `Deployment`.
    pub kind: String,
    /// Namespace; empty for cluster-scoped objects.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// Name.
    pub name: String,
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        if !self.group.is_empty() {
            write!(f, ".{}", self.group)?;
        }
        f.write_str("/")?;
        if !self.namespace.is_empty() {
            write!(f, "{}/", self.namespace)?;
        }
        f.write_str(&self.name)
    }
}

/// Whether objects of a kind live in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// They live in a namespace.
    Namespaced,
    /// They belong to the whole cluster.
    Cluster,
}

/// The deepest manifest that is taken, in mappings and lists inside each other.
///
/// JSON parsers stop somewhere (`serde_json` at 128), so what is deeper could be written and never read again.
pub const MAX_DEPTH: usize = 100;

/// Whether a value is deeper than any manifest may be.
pub fn is_too_deep(value: &Value) -> bool {
    fn is_deeper(value: &Value, room: usize) -> bool {
        let Some(room) = room.checked_sub(1) else {
            return !matches!(
                value,
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)
            );
        };
        match value {
            Value::Array(items) => items.iter().any(|item| is_deeper(item, room)),
            Value::Object(map) => map.values().any(|item| is_deeper(item, room)),
            _ => false,
        }
    }
    is_deeper(value, MAX_DEPTH)
}

/// A manifest that has an `apiVersion`, a `kind` and a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Object(Value);

/// Why a value is not an object.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The document is a list, a string or another scalar.
    #[error("a manifest must be a mapping, not {0}")]
    NotAMapping(&'static str),
    /// A field that every manifest has is missing, empty or not a string.
    #[error("`{0}` is missing or is not a non-empty string")]
    MissingField(&'static str),
    /// Mappings and lists stand inside each other too many times.
    #[error("it is more than {MAX_DEPTH} mappings and lists deep")]
    TooDeep,
    /// The name or namespace could not be part of a path or a URL.
    #[error("`{field}` is `{value}`, which no Kubernetes object can have")]
    BadField {
        /// The field.
        field: &'static str,
        /// Its value.
        value: String,
    },
}

impl Object {
    /// Checks that `value` has what every manifest has: `apiVersion`, `kind` and `metadata.name`.
    ///
    /// # Errors
    /// If one of them is missing, empty, not a string, or holds characters that no API accepts
    /// (a `/` in a name would escape its URL or its file), or if it is deeper than [`MAX_DEPTH`].
    pub fn parse(value: Value) -> Result<Self, Error> {
        let map = match &value {
            Value::Object(map) => map,
            other => return Err(Error::NotAMapping(kind_of(other))),
        };
        if is_too_deep(&value) {
            return Err(Error::TooDeep);
        }
        let text = |map: &Map<String, Value>, key: &'static str, field: &'static str| match map
            .get(key)
            .and_then(Value::as_str)
        {
            Some(text) if !text.is_empty() => Ok(text.to_owned()),
            _ => Err(Error::MissingField(field)),
        };
        let api_version = text(map, "apiVersion", "apiVersion")?;
        let kind = text(map, "kind", "kind")?;
        let metadata = map.get("metadata").and_then(Value::as_object);
        let name = text(
            metadata.ok_or(Error::MissingField("metadata.name"))?,
            "name",
            "metadata.name",
        )?;
        let namespace = metadata
            .and_then(|m| m.get("namespace"))
            .and_then(Value::as_str)
            .unwrap_or_default();
        // ValidatePathSegmentName of apimachinery `validation/path`.
        let bad_segment = |text: &str| text == "." || text == ".." || text.contains(['/', '%']);
        let bad_word = |text: &str| text.chars().any(|c| c.is_control() || c.is_whitespace());
        for (field, text, bad) in [
            (
                "metadata.name",
                &name as &str,
                bad_segment(&name) || bad_word(&name),
            ),
            (
                "metadata.namespace",
                namespace,
                bad_segment(namespace) || bad_word(namespace),
            ),
            ("kind", &kind, kind.contains('/') || bad_word(&kind)),
            (
                "apiVersion",
                &api_version,
                api_version.matches('/').count() > 1 || bad_word(&api_version),
            ),
        ] {
            if bad {
                return Err(Error::BadField {
                    field,
                    value: text.chars().take(100).collect(),
                });
            }
        }
        Ok(Self(value))
    }

    /// The manifest.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The manifest, to be changed; `apiVersion`, `kind` and `metadata.name` must stay as they are.
    pub fn value_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    /// The manifest itself.
    pub fn into_value(self) -> Value {
        self.0
    }

    /// `apiVersion`.
    pub fn api_version(&self) -> &str {
        self.0["apiVersion"].as_str().unwrap_or_default()
    }

    /// The group part of `apiVersion`; empty for the core group.
    pub fn group(&self) -> &str {
        self.api_version()
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// The version part of `apiVersion`.
    pub fn version(&self) -> &str {
        let api_version = self.api_version();
        api_version
            .split_once('/')
            .map_or(api_version, |(_, version)| version)
    }

    /// `kind`.
    pub fn kind(&self) -> &str {
        self.0["kind"].as_str().unwrap_or_default()
    }

    /// `metadata.name`.
    pub fn name(&self) -> &str {
        self.0["metadata"]["name"].as_str().unwrap_or_default()
    }

    /// `metadata.namespace`; empty if there is none.
    pub fn namespace(&self) -> &str {
        self.0["metadata"]["namespace"].as_str().unwrap_or_default()
    }

    /// Sets `metadata.namespace`.
    pub fn set_namespace(&mut self, namespace: &str) {
        self.0["metadata"]["namespace"] = Value::String(namespace.to_owned());
    }

    /// Removes `metadata.namespace`.
    pub fn clear_namespace(&mut self) {
        if let Some(metadata) = self.0["metadata"].as_object_mut() {
            metadata.remove("namespace");
        }
    }

    /// One annotation.
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.0["metadata"]["annotations"].get(key)?.as_str()
    }

    /// One label.
    pub fn label(&self, key: &str) -> Option<&str> {
        self.0["metadata"]["labels"].get(key)?.as_str()
    }

    /// Sets one label.
    pub fn set_label(&mut self, key: &str, value: &str) {
        let labels = &mut self.0["metadata"]["labels"];
        if !labels.is_object() {
            *labels = Value::Object(Map::new());
        }
        labels[key] = Value::String(value.to_owned());
    }

    /// What the object is called, across versions of its API.
    pub fn reference(&self) -> ObjectRef {
        ObjectRef {
            group: self.group().to_owned(),
            kind: self.kind().to_owned(),
            namespace: self.namespace().to_owned(),
            name: self.name().to_owned(),
        }
    }

    /// What the object is called in diagnostics.
    pub fn id(&self) -> ObjectId {
        let namespace = self.namespace();
        ObjectId {
            api_version: self.api_version().to_owned(),
            kind: self.kind().to_owned(),
            namespace: (!namespace.is_empty()).then(|| namespace.to_owned()),
            name: self.name().to_owned(),
        }
    }
}

/// The scope of a kind that every Kubernetes serves; `None` for all others.
///
/// From the `namespaced` field of the discovery documents of Kubernetes 1.36; group names alone do not
/// tell, so cluster-scoped kinds are listed and other kinds of built-in groups are namespaced.
pub fn builtin_scope(group: &str, kind: &str) -> Option<Scope> {
    const CLUSTER: &[(&str, &[&str])] = &[
        (
            "",
            &["ComponentStatus", "Namespace", "Node", "PersistentVolume"],
        ),
        (
            "admissionregistration.k8s.io",
            &[
                "MutatingAdmissionPolicy",
                "MutatingAdmissionPolicyBinding",
                "MutatingWebhookConfiguration",
                "ValidatingAdmissionPolicy",
                "ValidatingAdmissionPolicyBinding",
                "ValidatingWebhookConfiguration",
            ],
        ),
        ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
        ("apiregistration.k8s.io", &["APIService"]),
        (
            "authentication.k8s.io",
            &["SelfSubjectReview", "TokenReview"],
        ),
        (
            "authorization.k8s.io",
            &[
                "SelfSubjectAccessReview",
                "SelfSubjectRulesReview",
                "SubjectAccessReview",
            ],
        ),
        (
            "certificates.k8s.io",
            &["CertificateSigningRequest", "ClusterTrustBundle"],
        ),
        (
            "flowcontrol.apiserver.k8s.io",
            &["FlowSchema", "PriorityLevelConfiguration"],
        ),
        ("internal.apiserver.k8s.io", &["StorageVersion"]),
        (
            "networking.k8s.io",
            &["IngressClass", "IPAddress", "ServiceCIDR"],
        ),
        ("node.k8s.io", &["RuntimeClass"]),
        ("policy", &["PodSecurityPolicy"]),
        (
            "rbac.authorization.k8s.io",
            &["ClusterRole", "ClusterRoleBinding"],
        ),
        (
            "resource.k8s.io",
            &["DeviceClass", "ResourceSlice", "DeviceTaintRule"],
        ),
        ("scheduling.k8s.io", &["PriorityClass"]),
        (
            "storage.k8s.io",
            &[
                "CSIDriver",
                "CSINode",
                "StorageClass",
                "VolumeAttachment",
                "VolumeAttributesClass",
            ],
        ),
        ("storagemigration.k8s.io", &["StorageVersionMigration"]),
    ];
    const NAMESPACED: &[&str] = &[
        "apps",
        "autoscaling",
        "batch",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "extensions",
    ];
    match CLUSTER.iter().find(|(known, _)| *known == group) {
        Some((_, kinds)) if kinds.contains(&kind) => Some(Scope::Cluster),
        Some(_) => Some(Scope::Namespaced),
        None if NAMESPACED.contains(&group) => Some(Scope::Namespaced),
        None => None,
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_manifest_needs_version_kind_and_a_safe_name() {
        let ok = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "n"}});
        let object = Object::parse(ok.clone()).unwrap();
        assert_eq!(object.reference().to_string(), "Deployment.apps/n/a");
        assert_eq!(object.version(), "v1");
        for (pointer, value) in [
            ("/apiVersion", json!("")),
            ("/kind", json!(3)),
            ("/metadata/name", json!("../../etc")),
            ("/metadata/namespace", json!("a/b")),
            ("/metadata/name", json!(null)),
        ] {
            let mut bad = ok.clone();
            *bad.pointer_mut(pointer).unwrap() = value;
            assert!(Object::parse(bad.clone()).is_err(), "{bad}");
        }
        assert_eq!(Object::parse(json!([])), Err(Error::NotAMapping("a list")));
    }

    #[test]
    fn a_manifest_that_no_parser_could_read_again_is_refused() {
        let nested = |depth: usize| (0..depth).fold(json!("x"), |inner, _| json!([inner]));
        let with = |depth: usize| json!({"apiVersion": "v1", "kind": "X", "metadata": {"name": "a"}, "spec": nested(depth)});
        assert!(Object::parse(with(MAX_DEPTH - 1)).is_ok());
        assert_eq!(Object::parse(with(MAX_DEPTH)), Err(Error::TooDeep));
        assert!(is_too_deep(&nested(MAX_DEPTH + 1)) && !is_too_deep(&nested(MAX_DEPTH)));
    }

    #[test]
    fn the_scope_of_unknown_groups_is_not_guessed() {
        assert_eq!(builtin_scope("", "Namespace"), Some(Scope::Cluster));
        assert_eq!(builtin_scope("apps", "Deployment"), Some(Scope::Namespaced));
        assert_eq!(
            builtin_scope("rbac.authorization.k8s.io", "Role"),
            Some(Scope::Namespaced)
        );
        assert_eq!(builtin_scope("cert-manager.io", "ClusterIssuer"), None);
    }
}
