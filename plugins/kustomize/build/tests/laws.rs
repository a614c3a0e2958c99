//! What holds for every input: a build ends with objects or an error, never with a panic, and always the same.

use fleet_core::files::MemoryFiles;
use fleet_kustomize::merge::strategic_merge;
use fleet_kustomize::schema::Schema;
use fleet_kustomize::{Node, Options, build, json6902};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Lines of kustomizations, right and wrong.
const LINES: [&str; 32] = [
    "resources: [r.yaml]",
    "resources: [r.yaml, ../base]",
    "resources: [., .., nope]",
    "components: [../comp]",
    "namePrefix: a-",
    "nameSuffix: '-1'",
    "namespace: n",
    "namespace: 5",
    "commonLabels: {a: b, '1': '2'}",
    "commonAnnotations: {a: 'true'}",
    "labels: [{pairs: {c: d}, includeSelectors: true, fields: [{path: 'a//b[]', create: true}]}]",
    "images: [{name: 'x.*', newTag: '1'}, {name: '('}]",
    "images: [{name: nginx, digest: 'sha256:a', tagSuffix: q}]",
    "replicas: [{name: a, count: 2}]",
    "configMapGenerator: [{name: a, literals: [x=y], behavior: merge}, {name: b}]",
    "secretGenerator: [{name: '', files: [r.yaml, 'k=', '=k']}]",
    "patches: [{path: r.yaml}]",
    "patches: [{target: {kind: '.*'}, patch: '[{\"op\": \"add\", \"path\": \"/a/-\", \"value\": 1}]'}]",
    "patches: [{target: {name: '['}, patch: '$patch: delete'}]",
    "patchesStrategicMerge: [r.yaml, 'kind: A']",
    "patchesJson6902: [{target: {kind: Service, name: a}, patch: '- {op: move, from: /spec, path: /spec/x}'}]",
    "replacements: [{source: {kind: Service}, targets: [{select: {kind: '*'}, fieldPaths: ['spec.*.[a=b]', 'a.b.-']}]}]",
    "vars: [{name: V, objref: {kind: Service, name: a, apiVersion: v1}, fieldref: {fieldPath: 'spec[0].[x'}}]",
    "transformers: ['{apiVersion: builtin, kind: PrefixTransformer, metadata: {name: x}}', r.yaml]",
    "generators: [r.yaml]",
    "validators: [r.yaml]",
    "openapi: {path: r.yaml}",
    "crds: [r.yaml]",
    "configurations: [r.yaml]",
    "sortOptions: {order: legacy, legacySortOptions: {orderFirst: [A, A]}}",
    "buildMetadata: [originAnnotations, x]",
    "helmCharts: [{name: a}]",
];

/// Values as objects of Kubernetes have them: with lists that have keys, lists that have none, and nulls.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..9i64).prop_map(Value::from),
        "[a-c]{0,2}".prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-d]", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Containers, each with a name of its own.
fn containers() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[a-d]", value(), 0..4).prop_map(|map| {
        let container = |(name, env): (String, Value)| {
            json!({"name": name, "image": "i", "resources": {"limits": env}})
        };
        Value::Array(map.into_iter().map(container).collect())
    })
}

fn deployment() -> impl Strategy<Value = Value> {
    (
        containers(),
        prop::collection::btree_map("[a-d]", value(), 0..4),
    )
        .prop_map(|(containers, more)| {
            let more: Map<String, Value> = more.into_iter().collect();
            json!({
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"},
                "spec": {"x": more, "template": {"spec": {"containers": containers}}},
            })
        })
}

/// The object after the patch; `None` if the two do not fit together, or nothing is left.
fn merged(object: &Node, patch: &Value) -> Option<Node> {
    strategic_merge(object.clone(), &Node::from_value(patch), &Schema::builtin()).ok()?
}

/// All places of a value, as JSON pointers.
fn pointers(value: &Value, here: &str, into: &mut Vec<String>) {
    into.push(here.to_owned());
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| pointers(value, &format!("{here}/{key}"), into)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(n, value)| pointers(value, &format!("{here}/{n}"), into)),
        _ => {}
    }
}

/// The object after operations, as JSON.
fn patched(object: &Value, operations: &Value) -> Result<Value, json6902::Error> {
    let mut node = Node::from_value(object);
    json6902::Patch::parse(&operations.to_string())?.apply(&mut node)?;
    Ok(node.to_value().unwrap_or_default())
}

fn text(lines: &[&str]) -> String {
    lines.join("\n") + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn kustomizations_build_or_say_why_not(
        top in prop::sample::subsequence(LINES.to_vec(), 1..8),
        base in prop::sample::subsequence(LINES.to_vec(), 0..4),
        resource in "(apiVersion: v1\nkind: (Service|ConfigMap|RoleBinding|List)\nmetadata: \\{name: (a|b), annotations: (\\{a: 1\\}|\\[1\\]|null|x)\\}\n)?[a-z]{1,4}: (\\{a: b\\}|\\[a, \\{b: c\\}\\]|&a [0-9]{1,3}|\\$\\(V\\)|null)\n",
        noise in "[ -~\n]{0,12}",
    ) {
        let files = MemoryFiles::new()
            .with("top/kustomization.yaml", text(&top))
            .with("top/r.yaml", format!("{resource}{noise}"))
            .with("base/kustomization.yaml", text(&base))
            .with("base/r.yaml", resource)
            .with("comp/kustomization.yaml", format!("kind: Component\n{}", text(&base)));
        let run = || {
            build(&files, "top", &Options::default(), Vec::new())
                .map(|built| built.to_yaml())
                .map_err(|error| error.to_string())
        };
        prop_assert_eq!(run(), run());
    }

    #[test]
    fn any_text_is_read_or_refused(kustomization in "[ -~\n]{0,60}", resource in "\\PC{0,40}") {
        let files = MemoryFiles::new()
            .with("kustomization.yaml", format!("resources: [r.yaml]\n{kustomization}"))
            .with("r.yaml", resource);
        let _ = build(&files, "", &Options::default(), Vec::new());
    }

    #[test]
    fn a_patch_changes_nothing_the_second_time(object in deployment(), patch in deployment()) {
        if let Some(once) = merged(&Node::from_value(&object), &patch) {
            let twice = merged(&once, &patch);
            prop_assert_eq!(twice.map(|node| node.to_value()), Some(once.to_value()));
        }
    }

    #[test]
    fn an_object_without_nulls_is_a_patch_that_does_not_change_it(object in deployment()) {
        let object = without_nulls(object);
        let again = merged(&Node::from_value(&object), &object).map(|node| node.to_value());
        prop_assert_eq!(again, Some(Ok(object)));
    }

    #[test]
    fn what_a_json_patch_does_another_one_takes_back(object in deployment(), at in any::<prop::sample::Index>(), new in value()) {
        let mut places = Vec::new();
        pointers(&object["spec"], "/spec", &mut places);
        let place = at.get(&places).as_str();
        let old = object.pointer(place).cloned().unwrap_or_default();
        let there = json!([{"op": "replace", "path": place, "value": new}]);
        let back = json!([
            {"op": "test", "path": place, "value": new},
            {"op": "replace", "path": place, "value": old},
        ]);
        let changed = patched(&object, &there);
        prop_assert!(changed.is_ok(), "{changed:?}");
        let changed = changed.unwrap_or_default();
        prop_assert_eq!(changed.pointer(place), Some(&new));
        prop_assert_eq!(patched(&changed, &back), Ok(object));
    }

    #[test]
    fn what_a_json_patch_adds_can_be_removed_and_moved_there_and_back(object in deployment(), new in value()) {
        let add = json!({"op": "add", "path": "/spec/new", "value": new});
        let remove = json!({"op": "remove", "path": "/spec/new"});
        prop_assert_eq!(patched(&object, &json!([add, remove])), Ok(object.clone()));
        let there = json!({"op": "move", "from": "/spec/x", "path": "/spec/y"});
        let back = json!({"op": "move", "from": "/spec/y", "path": "/spec/x"});
        prop_assert_eq!(patched(&object, &json!([there, back])), Ok(object.clone()));
        let copy = json!([{"op": "copy", "from": "/spec/x", "path": "/spec/y"}]);
        let copied = patched(&object, &copy).unwrap_or_default();
        prop_assert_eq!(&copied["spec"]["y"], &object["spec"]["x"]);
    }
}

/// The same without the fields that are null: in a patch these take fields away.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let fields = map.into_iter().filter(|(_, value)| !value.is_null());
            fields
                .map(|(key, value)| (key, without_nulls(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        other => other,
    }
}
