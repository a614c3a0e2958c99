//! Small builds, each with what `kubectl kustomize` 1.35.2 prints for it.

use fleet_core::files::MemoryFiles;

use super::*;

fn check(files: &[(&str, &str)], expected: &str) {
    let files = files.iter().fold(MemoryFiles::new(), |all, (path, text)| {
        all.with(*path, *text)
    });
    let built = build(&files, "top", &Options::default(), Vec::new()).unwrap();
    assert_eq!(built.to_yaml(), expected);
}

#[test]
fn references_follow_the_prefix_of_their_own_overlay() {
    check(
        &[
            ("base/kustomization.yaml", "resources: [r.yaml]\n"),
            (
                "base/r.yaml",
                r#"apiVersion: v1
kind: ConfigMap
metadata: {name: config}
---
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {volumes: [{configMap: {name: config}}]}
"#,
            ),
            (
                "a/kustomization.yaml",
                r#"resources: [../base]
namePrefix: a-
"#,
            ),
            (
                "b/kustomization.yaml",
                r#"resources: [../base]
namePrefix: b-
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [../a, ../b]
nameSuffix: -t
"#,
            ),
        ],
        r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: a-config-t
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: b-config-t
---
apiVersion: v1
kind: Pod
metadata:
  name: a-pod-t
spec:
  volumes:
  - configMap:
      name: a-config-t
---
apiVersion: v1
kind: Pod
metadata:
  name: b-pod-t
spec:
  volumes:
  - configMap:
      name: b-config-t
"#,
    );
}

#[test]
fn subjects_follow_service_accounts_of_other_namespaces() {
    check(
        &[
            (
                "a/kustomization.yaml",
                r#"resources: [r.yaml]
namespace: na
"#,
            ),
            (
                "a/r.yaml",
                r#"apiVersion: v1
kind: ServiceAccount
metadata: {name: sa}
"#,
            ),
            (
                "b/kustomization.yaml",
                r#"resources: [r.yaml]
namespace: nb
"#,
            ),
            (
                "b/r.yaml",
                r#"apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: rb}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}
subjects: [{kind: ServiceAccount, name: sa, namespace: na}, {kind: ServiceAccount, name: default}, {kind: User, name: sa}]
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [../a, ../b]
namePrefix: p-
"#,
            ),
        ],
        r#"apiVersion: v1
kind: ServiceAccount
metadata:
  name: p-sa
  namespace: na
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: p-rb
  namespace: nb
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: r
subjects:
- kind: ServiceAccount
  name: p-sa
  namespace: na
- kind: ServiceAccount
  name: default
  namespace: nb
- kind: User
  name: p-sa
  namespace: na
"#,
    );
}

#[test]
fn generators_merge_into_what_a_base_generates() {
    check(
        &[
            (
                "base/kustomization.yaml",
                r#"resources: [r.yaml]
configMapGenerator: [{name: config, literals: [a=1, b=2]}]
"#,
            ),
            (
                "base/r.yaml",
                r#"apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {volumes: [{configMap: {name: config}}]}
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [../base]
namePrefix: p-
configMapGenerator: [{name: config, behavior: merge, literals: [b=3]}]
generatorOptions: {labels: {l: "1"}}
"#,
            ),
        ],
        r#"apiVersion: v1
data:
  a: "1"
  b: "3"
kind: ConfigMap
metadata:
  labels:
    l: "1"
  name: p-config-dtd4b88ttf
---
apiVersion: v1
kind: Pod
metadata:
  name: p-pod
spec:
  volumes:
  - configMap:
      name: p-config-dtd4b88ttf
"#,
    );
}

#[test]
fn components_work_on_what_is_there() {
    check(
        &[
            (
                "comp/kustomization.yaml",
                r#"apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
nameSuffix: -c
patches: [{target: {kind: Pod}, patch: "- {op: add, path: /metadata/annotations/a, value: b}"}]
"#,
            ),
            (
                "top/r.yaml",
                r#"apiVersion: v1
kind: ConfigMap
metadata: {name: config}
---
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {volumes: [{configMap: {name: config}}]}
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [r.yaml]
components: [../comp]
namePrefix: p-
"#,
            ),
        ],
        r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: p-config-c
---
apiVersion: v1
kind: Pod
metadata:
  annotations:
    a: b
  name: p-pod-c
spec:
  volumes:
  - configMap:
      name: p-config-c
"#,
    );
}

#[test]
fn a_var_that_is_a_whole_text_keeps_its_type() {
    check(
        &[
            (
                "top/r.yaml",
                r#"apiVersion: v1
kind: Service
metadata: {name: svc}
spec: {ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: pod}
spec: {containers: [{name: c, args: [$(PORT), "--to=$(SVC):$(PORT)", $(NOPE)]}]}
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [r.yaml]
namePrefix: p-
vars:
- {name: SVC, objref: {apiVersion: v1, kind: Service, name: svc}}
- {name: PORT, objref: {apiVersion: v1, kind: Service, name: svc}, fieldref: {fieldPath: "spec.ports[0].port"}}
"#,
            ),
        ],
        r#"apiVersion: v1
kind: Service
metadata:
  name: p-svc
spec:
  ports:
  - port: 80
---
apiVersion: v1
kind: Pod
metadata:
  name: p-pod
spec:
  containers:
  - args:
    - 80
    - --to=p-svc:80
    - $(NOPE)
    name: c
"#,
    );
}

#[test]
fn patches_choose_by_patterns_and_labels() {
    check(
        &[
            (
                "top/r.yaml",
                r#"apiVersion: v1
kind: Service
metadata: {name: one, labels: {app: a}}
spec: {ports: [{port: 80, name: x}]}
---
apiVersion: v1
kind: Service
metadata: {name: two, labels: {app: b}}
spec: {ports: [{port: 80, name: x}]}
---
apiVersion: v1
kind: Service
metadata: {name: three, labels: {app: a}}
spec: {ports: [{port: 80, name: x}]}
---
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [r.yaml]
patches:
- target: {name: t.*, labelSelector: app=a}
  patch: "- {op: replace, path: /spec/ports/0/port, value: 81}"
- target: {name: one}
  options: {allowNameChange: true}
  patch: "apiVersion: v1\nkind: Service\nmetadata: {name: eins}"
- patch: "apiVersion: v1\nkind: Service\nmetadata: {name: two}\n$patch: delete"
"#,
            ),
        ],
        r#"apiVersion: v1
kind: Service
metadata:
  labels:
    app: a
  name: eins
spec:
  ports:
  - name: x
    port: 80
---
apiVersion: v1
kind: Service
metadata:
  labels:
    app: a
  name: three
spec:
  ports:
  - name: x
    port: 81
"#,
    );
}

#[test]
fn namespaces_are_set_where_objects_have_one() {
    check(
        &[
            (
                "top/r.yaml",
                r#"apiVersion: v1
kind: ConfigMap
metadata: {name: config}
---
apiVersion: v1
kind: Namespace
metadata: {name: old}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: r}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: rb}
roleRef: {kind: ClusterRole, name: r, apiGroup: rbac.authorization.k8s.io}
subjects: [{kind: ServiceAccount, name: default, namespace: x}, {kind: ServiceAccount, name: other, namespace: x}]
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [r.yaml]
namespace: new
"#,
            ),
        ],
        r#"apiVersion: v1
kind: Namespace
metadata:
  name: new
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: r
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: rb
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: r
subjects:
- kind: ServiceAccount
  name: default
  namespace: new
- kind: ServiceAccount
  name: other
  namespace: x
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: config
  namespace: new
"#,
    );
}

#[test]
fn local_configuration_is_dropped_and_lists_are_taken_apart() {
    check(
        &[
            (
                "top/r.yaml",
                r#"apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Service, metadata: {name: a, annotations: {config.kubernetes.io/local-config: "true"}}}
- {apiVersion: v1, kind: Service, metadata: {name: b, annotations: {n: 1, z: null}}}
"#,
            ),
            ("top/kustomization.yaml", "resources: [r.yaml]\n"),
        ],
        r#"apiVersion: v1
kind: Service
metadata:
  annotations:
    "n": "1"
    z: "null"
  name: b
"#,
    );
}

#[test]
fn configurations_say_where_names_are() {
    check(
        &[
            (
                "top/r.yaml",
                r#"apiVersion: v1
kind: ConfigMap
metadata: {name: config}
---
apiVersion: e/v1
kind: Foo
metadata: {name: foo}
spec: {use: config, image: "nginx:1"}
"#,
            ),
            (
                "top/c.yaml",
                r#"nameReference: [{kind: ConfigMap, fieldSpecs: [{path: spec/use, kind: Foo}]}]
images: [{path: spec/image, kind: Foo}]
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [r.yaml]
namePrefix: p-
configurations: [c.yaml]
images: [{name: nginx, newTag: "2"}]
"#,
            ),
        ],
        r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: p-config
---
apiVersion: e/v1
kind: Foo
metadata:
  name: p-foo
spec:
  image: nginx:2
  use: p-config
"#,
    );
}

#[test]
fn origins_and_transformers_are_written_down() {
    check(
        &[
            ("base/kustomization.yaml", "resources: [r.yaml]\n"),
            (
                "base/r.yaml",
                r#"apiVersion: v1
kind: ConfigMap
metadata: {name: config}
"#,
            ),
            (
                "top/t.yaml",
                r#"apiVersion: builtin
kind: PrefixTransformer
metadata: {name: t}
prefix: t-
fieldSpecs: [{path: metadata/name}]
"#,
            ),
            (
                "top/kustomization.yaml",
                r#"resources: [../base]
transformers: [t.yaml]
secretGenerator: [{name: s}]
buildMetadata: [originAnnotations, transformerAnnotations, managedByLabel]
"#,
            ),
        ],
        r#"apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: t.yaml
        configuredBy:
          apiVersion: builtin
          kind: PrefixTransformer
          name: t
    config.kubernetes.io/origin: |
      path: ../base/r.yaml
  labels:
    app.kubernetes.io/managed-by: kustomize-v5.7.1
  name: t-config
---
apiVersion: v1
data: {}
kind: Secret
metadata:
  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: t.yaml
        configuredBy:
          apiVersion: builtin
          kind: PrefixTransformer
          name: t
    config.kubernetes.io/origin: |
      configuredIn: kustomization.yaml
      configuredBy:
        apiVersion: builtin
        kind: SecretGenerator
  labels:
    app.kubernetes.io/managed-by: kustomize-v5.7.1
  name: t-s-46f8b28mk5
type: Opaque
"#,
    );
}

/// kustomize asks every binding for the namespaces of its accounts, also where no name has changed.
#[test]
fn a_binding_to_an_account_in_a_blank_namespace_is_refused() {
    let binding = r#"apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: test}
subjects:
- kind: ServiceAccount
  name: test
  namespace:
roleRef: {kind: Role, name: test, apiGroup: rbac.authorization.k8s.io}
"#;
    let files = MemoryFiles::new()
        .with("top/kustomization.yaml", "resources: [r.yaml]\n")
        .with("top/r.yaml", binding);
    let error = build(&files, "top", &Options::default(), Vec::new()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("namespace is blank for resource"),
        "{error}"
    );
}

/// A base whose labels and annotations stand in several places of an object, and an overlay.
fn labelled(base: &str, overlay: &str, expected: [&str; 3]) {
    let pod = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {template: {spec: {x: y}}}\n";
    let files = MemoryFiles::new()
        .with(
            "base/kustomization.yaml",
            format!("resources: [r.yaml]\n{base}"),
        )
        .with("base/r.yaml", pod)
        .with(
            "top/kustomization.yaml",
            format!("resources: [../base]\n{overlay}"),
        );
    let built = build(&files, "top", &Options::default(), Vec::new()).unwrap();
    let object = &built.objects[0].value;
    let places = [
        "/metadata/labels/app",
        "/spec/selector/matchLabels/app",
        "/spec/template/metadata/labels/app",
    ];
    let found = places.map(|place| object.pointer(place).and_then(Value::as_str).unwrap_or("-"));
    assert_eq!(found, expected, "{base}{overlay}");
}

#[test]
fn a_label_that_was_added_to_several_places_changes_in_all_of_them() {
    let all = "commonLabels: {app: x}\n";
    let patch = |metadata: &str| {
        format!(
            "patches:\n- patch: '{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web, {metadata}}}}}'\n"
        )
    };
    labelled(all, &patch("labels: {app: new}"), ["new", "new", "new"]);
    labelled(
        all,
        "labels: [{pairs: {app: new}}]\n",
        ["new", "new", "new"],
    );
    labelled(
        all,
        "namePrefix: p-\nlabels: [{pairs: {app: new}}]\n",
        ["new", "new", "new"],
    );
    labelled(all, &patch("labels: {app: null}"), ["-", "x", "x"]);
    labelled(
        all,
        &patch("labels: {$patch: replace, app: new}"),
        ["new", "x", "x"],
    );
    labelled(
        "labels: [{pairs: {app: x}, includeTemplates: true}]\n",
        &patch("labels: {app: new}"),
        ["new", "-", "new"],
    );
    let replacement = "replacements:\n- sourceValue: new\n  targets: [{select: {kind: Deployment}, fieldPaths: [metadata.labels.app]}]\n";
    labelled(all, replacement, ["new", "new", "new"]);
    // JSON knows nothing of it, and what was added stands for itself from then on.
    let json = "patches:\n- target: {kind: Deployment}\n  patch: '[{\"op\": \"replace\", \"path\": \"/metadata/labels/app\", \"value\": \"new\"}]'\n";
    labelled(all, json, ["new", "x", "x"]);
    labelled(
        all,
        &format!("{json}labels: [{{pairs: {{app: newer}}}}]\n"),
        ["newer", "x", "x"],
    );
}
