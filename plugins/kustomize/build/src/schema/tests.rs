//! Facts about schemas.

use super::*;

fn keys(schema: &Schema, api_version: &str, kind: &str, path: &str) -> Option<Vec<String>> {
    let mut kind = schema.type_of(api_version, kind)?;
    for part in path.split('/') {
        kind = if part == "[]" {
            kind.items()?
        } else {
            kind.field(part)?
        };
    }
    let keys = kind.merge_keys()?;
    Some(keys.into_iter().map(str::to_owned).collect())
}

#[test]
fn builtin_lists_have_the_keys_of_kubernetes() {
    let pod = "spec/template/spec/";
    for (api_version, kind, path, expected) in [
        (
            "apps/v1",
            "Deployment",
            format!("{pod}containers"),
            Some(vec!["name"]),
        ),
        (
            "apps/v1",
            "Deployment",
            format!("{pod}containers/[]/env"),
            Some(vec!["name"]),
        ),
        (
            "apps/v1",
            "Deployment",
            format!("{pod}containers/[]/ports"),
            Some(vec!["containerPort", "protocol"]),
        ),
        (
            "apps/v1",
            "Deployment",
            format!("{pod}containers/[]/args"),
            None,
        ),
        ("apps/v1", "Deployment", format!("{pod}tolerations"), None),
        (
            "v1",
            "Service",
            "spec/ports".to_owned(),
            Some(vec!["port", "protocol"]),
        ),
        ("v1", "Pod", "metadata/finalizers".to_owned(), Some(vec![])),
        (
            "networking.k8s.io/v1",
            "Ingress",
            "spec/rules".to_owned(),
            None,
        ),
        ("example.com/v1", "Deployment", "spec/x".to_owned(), None),
        (
            "kustomize.config.k8s.io/v1beta1",
            "Kustomization",
            "configMapGenerator".to_owned(),
            Some(vec!["name"]),
        ),
    ] {
        let expected = expected.map(|keys| keys.into_iter().map(str::to_owned).collect());
        assert_eq!(
            keys(&Schema::builtin(), api_version, kind, &path),
            expected,
            "{kind} {path}"
        );
    }
}

#[test]
fn scopes_are_known_for_builtin_kinds() {
    let schema = Schema::builtin();
    assert_eq!(
        schema.is_namespace_scoped("apps/v1", "Deployment"),
        Some(true)
    );
    assert_eq!(schema.is_namespace_scoped("v1", "Namespace"), Some(false));
    assert_eq!(schema.is_namespace_scoped("v1", "Foo"), None);
    assert!(schema.is_cluster_scoped("v1", "Node"));
    assert!(!schema.is_cluster_scoped("example.com/v1", "Node"));
}

const CUSTOM: &str = r##"
definitions:
  v1.Foo:
    x-kubernetes-group-version-kind: [{group: example.com, version: v1, kind: Foo}]
    properties:
      spec: {$ref: "#/definitions/Spec"}
      self: {$ref: "#/definitions/Loop"}
      pod: {$ref: "#/definitions/io.k8s.api.core.v1.PodSpec"}
  Loop: {$ref: "#/definitions/Loop"}
  Spec:
    properties:
      items:
        type: array
        items: {$ref: "#/definitions/Spec"}
        x-kubernetes-patch-strategy: merge
        x-kubernetes-list-map-keys: [a, b]
        x-kubernetes-patch-merge-key: a
      map: {additionalProperties: {$ref: "#/definitions/Spec"}}
      plain: {type: array, items: {}, x-kubernetes-patch-merge-key: a}
paths:
  /apis/example.com/v1/foos:
    get: {x-kubernetes-group-version-kind: {group: example.com, version: v1, kind: Foo}}
"##;

#[test]
fn a_custom_schema_stands_instead_of_the_builtin_one() {
    let schema = Schema::builtin();
    schema.set(None, Some(CUSTOM), true).unwrap();
    let two = Some(vec!["a".to_owned(), "b".to_owned()]);
    assert_eq!(keys(&schema, "example.com/v1", "Foo", "spec/items"), two);
    assert_eq!(
        keys(
            &schema,
            "example.com/v1",
            "Foo",
            "spec/items/[]/map/x/items"
        ),
        two
    );
    assert_eq!(keys(&schema, "example.com/v1", "Foo", "spec/plain"), None);
    assert!(
        schema
            .type_of("example.com/v1", "Foo")
            .unwrap()
            .field("self")
            .is_none()
    );
    assert!(schema.type_of("apps/v1", "Deployment").is_none());
    assert!(
        schema
            .type_of("example.com/v1", "Foo")
            .unwrap()
            .field("pod")
            .is_none()
    );
    assert!(schema.is_cluster_scoped("example.com/v1", "Foo"));
    assert_eq!(
        schema.is_namespace_scoped("apps/v1", "Deployment"),
        Some(true)
    );
}

#[test]
fn a_custom_schema_hides_builtin_kinds_that_were_read_before() {
    let schema = Schema::builtin();
    schema.type_of("apps/v1", "Deployment").unwrap();
    schema.set(None, Some(CUSTOM), false).unwrap();
    assert!(schema.type_of("example.com/v1", "Foo").is_some());
    assert!(schema.type_of("apps/v1", "Deployment").is_some());
}

#[test]
fn scopes_asked_for_before_a_custom_schema_keep_the_builtin_kinds() {
    let schema = Schema::builtin();
    assert_eq!(schema.is_namespace_scoped("example.com/v1", "Bar"), None);
    schema.set(None, Some(CUSTOM), false).unwrap();
    assert!(schema.type_of("apps/v1", "Deployment").is_some());
    assert!(schema.type_of("example.com/v1", "Foo").is_some());
    // Then its references lead to builtin types too.
    let name = Some(vec!["name".to_owned()]);
    assert_eq!(
        keys(&schema, "example.com/v1", "Foo", "pod/containers"),
        name
    );
}

#[test]
fn the_outermost_choice_stands_and_else_the_first() {
    let schema = Schema::builtin();
    schema.set(Some(BUILTIN_VERSION), None, true).unwrap();
    schema.set(None, Some(CUSTOM), false).unwrap();
    assert!(schema.type_of("example.com/v1", "Foo").is_none());
    schema.set(None, Some(CUSTOM), true).unwrap();
    assert!(schema.type_of("example.com/v1", "Foo").is_some());
}

#[test]
fn wrong_choices_are_refused_in_kustomizes_words() {
    let schema = Schema::builtin();
    let refused = |version, text| schema.set(version, text, true).unwrap_err();
    assert_eq!(refused(Some("v1.20.4"), None), Error::UnknownVersion);
    assert_eq!(refused(Some("v1.21.2"), Some("{}")), Error::Both);
    assert!(matches!(refused(None, Some("[]")), Error::Invalid(_)));
    assert!(matches!(refused(None, Some("{")), Error::Invalid(_)));
}
