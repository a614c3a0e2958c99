//! Facts about merging.

use serde_json::Value;

use super::*;

fn node(text: &str) -> Node {
    Node::from_yaml(fleet_yaml::parse(text).unwrap().unwrap()).unwrap()
}

fn value(text: &str) -> Value {
    node(text).to_value().unwrap()
}

fn merged(target: &str, patch: &str) -> Result<Option<Value>, Error> {
    let merged = strategic_merge(node(target), &node(patch), &Schema::builtin())?;
    Ok(merged.map(|node| node.to_value().unwrap()))
}

#[track_caller]
fn check(target: &str, patch: &str, expected: &str) {
    let merged = merged(target, patch).unwrap().unwrap();
    assert_eq!(merged, value(expected), "{patch}");
}

/// A Deployment with this text as the list of its containers.
fn deployment(containers: &str) -> String {
    format!(
        "{{apiVersion: apps/v1, kind: Deployment, spec: {{template: {{spec: {{containers: {containers}}}}}}}}}"
    )
}

#[test]
fn fields_are_merged_and_null_removes_them() {
    check(
        "{a: 1, b: {c: 2, d: 3}}",
        "{b: {c: null, e: 4}, f: {g: null, h: 5}}",
        "{a: 1, b: {d: 3, e: 4}, f: {h: 5}}",
    );
    check("{a: [1, 2]}", "{a: [3]}", "{a: [3]}");
    check("{a: {b: 1}}", "{a: null}", "{}");
    check("{a: [1]}", "{a: null}", "{}");
}

#[test]
fn nulls_of_the_object_stay_if_they_were_written_out() {
    check("a: null\nb: ~\nc:\nd: 1\n", "d: 2", "a: null\nb: ~\nd: 2\n");
    check("a: null", "a: 1", "a: 1");
    check("a: null", "a: null", "{}");
}

#[test]
fn a_value_takes_over_the_style_of_the_one_before() {
    check("a: '4'", "a: 5", "a: '5'");
    check("a: 4", "a: '5'", "a: '5'");
    check("a: 4", "a: yes", "a: 'yes'");
    check("a: |\n  x\n", "a: \"y\\nz\\n\"", "a: \"y\\nz\\n\"");
}

#[test]
fn lists_of_known_kinds_are_merged_with_new_items_first() {
    for (target, patch, expected) in [
        (
            "[{name: a}, {name: b, image: x}]",
            "[{name: c}, {name: b, image: y}]",
            "[{name: c}, {name: b, image: y}, {name: a}]",
        ),
        (
            "[{name: a, env: [{name: X, value: '1'}, {name: Y}]}]",
            "[{name: a, env: [{name: Z}, {name: X, value: '2'}]}]",
            "[{name: a, env: [{name: Z}, {name: X, value: '2'}, {name: Y}]}]",
        ),
        (
            "[{name: a, args: [x]}]",
            "[{name: a, args: [y]}]",
            "[{name: a, args: [y]}]",
        ),
        (
            "[{name: a}, {name: b}]",
            "[{name: a, $patch: delete}]",
            "[{name: b}]",
        ),
        ("[{name: a}]", "[{name: a, $patch: delete}]", "[]"),
        (
            "[{name: a, image: x}]",
            "[{name: a, command: [y], $patch: replace}]",
            "[{name: a, image: x}]",
        ),
        (
            "[{name: a, image: x}]",
            "[{name: b}, {$patch: replace}]",
            "[{name: b}]",
        ),
        (
            "[{name: a}]",
            "[{name: b}, {$patch: merge}]",
            "[{name: b}, {name: a}]",
        ),
        (
            "[{name: a}, {name: a, image: x}]",
            "[]",
            "[{name: a, image: x}]",
        ),
        // An item without its key takes all others with it.
        ("[{name: a}]", "[{image: x}]", "[]"),
    ] {
        check(
            &deployment(target),
            &deployment(patch),
            &deployment(expected),
        );
    }
    let merged = merged(
        &deployment("[{name: a}]"),
        &deployment("[{$patch: delete}]"),
    );
    assert_eq!(
        merged.unwrap().unwrap().pointer("/spec/template/spec"),
        Some(&serde_json::json!({}))
    );
}

#[test]
fn ports_have_two_keys_of_which_one_may_be_missing() {
    let ports = |ports: &str| deployment(&format!("[{{name: a, ports: {ports}}}]"));
    for (target, patch, expected) in [
        (
            "[{containerPort: 80, protocol: TCP}]",
            "[{containerPort: 80, protocol: UDP}]",
            "[{containerPort: 80, protocol: UDP}, {containerPort: 80, protocol: TCP}]",
        ),
        (
            "[{containerPort: 80, protocol: UDP, name: a}, {containerPort: 80, protocol: TCP}]",
            "[{containerPort: 80, protocol: UDP, name: b}]",
            "[{containerPort: 80, protocol: UDP, name: b}, {containerPort: 80, protocol: TCP}]",
        ),
        (
            "[{containerPort: 80}]",
            "[{containerPort: 90}]",
            "[{containerPort: 90}, {containerPort: 80}]",
        ),
        (
            "[{containerPort: 80}]",
            "[{containerPort: 80, name: a}]",
            "[{containerPort: 80, name: a}]",
        ),
    ] {
        check(&ports(target), &ports(patch), &ports(expected));
    }
}

#[test]
fn lists_of_plain_values_are_united() {
    let pod = |finalizers: &str| {
        format!("{{apiVersion: v1, kind: Pod, metadata: {{finalizers: {finalizers}}}}}")
    };
    check(&pod("[a, b]"), &pod("[c, b]"), &pod("[c, b, a]"));
}

#[test]
fn lists_of_unknown_kinds_are_replaced_unless_what_is_within_says_its_kind() {
    let inner = |containers: &str| {
        format!(
            "{{apiVersion: x/v1, kind: X, inner: {}}}",
            deployment(containers)
        )
    };
    check(
        &inner("[{name: a}]"),
        &inner("[{name: b}]"),
        &inner("[{name: b}, {name: a}]"),
    );
    check(
        "{apiVersion: x/v1, kind: X, containers: [{name: a}]}",
        "{containers: [{name: b}]}",
        "{apiVersion: x/v1, kind: X, containers: [{name: b}]}",
    );
}

#[test]
fn mappings_obey_their_directive() {
    check("{a: {b: 1}, c: 2}", "{a: {$patch: delete}}", "{c: 2}");
    check("{a: {b: 1}}", "{a: {$patch: replace, d: 1}}", "{a: {d: 1}}");
    check(
        "{a: {b: 1}}",
        "{a: {$patch: merge, d: 1}}",
        "{a: {b: 1, d: 1}}",
    );
    check(
        "{}",
        "{a: {$patch: replace, b: {$patch: delete}, c: {$patch: merge}}}",
        "{a: {c: {}}}",
    );
    // For a whole object, kustomize does not hear this one.
    check("{a: 1}", "{$patch: replace, b: 1}", "{a: 1}");
    assert_eq!(merged("{a: 1}", "{$patch: delete}"), Ok(None));
}

#[test]
fn the_other_directives_of_the_api_server_are_plain_fields() {
    check(
        &deployment("[{name: a}]"),
        "{spec: {$retainKeys: [x], $setElementOrder/y: [z], $deleteFromPrimitiveList/y: [z]}}",
        "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{name: a}]}}, \
         $retainKeys: [x], $setElementOrder/y: [z], $deleteFromPrimitiveList/y: [z]}}",
    );
}

#[test]
fn what_does_not_fit_is_refused_in_kyamls_words() {
    let refused = |target, patch| merged(target, patch).unwrap_err().to_string();
    assert_eq!(
        refused("a: 1", "a: {b: 2}"),
        "wrong node kind: expected ScalarNode but got MappingNode: node contents:\nb: 2\n"
    );
    assert_eq!(
        refused("a: {b: 1}", "a: {$patch: foo}"),
        "unknown patch strategy 'foo'"
    );
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    fn scalar() -> impl Strategy<Value = String> {
        prop::sample::select(vec!["1", "'1'", "x", "yes", "null", "~", "true", "'a: b'"])
            .prop_map(str::to_owned)
    }

    fn tree(patch: bool) -> impl Strategy<Value = String> {
        let name = prop::sample::select(vec!["name", "containers", "ports", "a", "b"]);
        let word = prop::sample::select(vec!["merge", "replace", "delete"]);
        scalar().prop_recursive(5, 40, 4, move |inner| {
            let fields = prop::collection::btree_map(name.clone(), inner.clone(), 0..4);
            let directive = prop::option::weighted(if patch { 0.1 } else { 1e-9 }, word.clone());
            let mapping = (fields, directive).prop_map(|(fields, directive)| {
                let mut fields: Vec<String> = fields
                    .iter()
                    .map(|(name, value)| format!("{name}: {value}"))
                    .collect();
                fields.extend(directive.map(|word| format!("$patch: {word}")));
                format!("{{{}}}", fields.join(", "))
            });
            let list = prop::collection::vec(inner, 0..4)
                .prop_map(|items| format!("[{}]", items.join(", ")));
            prop_oneof![2 => mapping, 1 => list]
        })
    }

    fn pod(spec: &str) -> String {
        format!("{{apiVersion: v1, kind: Pod, spec: {spec}}}")
    }

    proptest! {
        #[test]
        fn nothing_panics(target in tree(false), patch in tree(true)) {
            let _ = strategic_merge(node(&pod(&target)), &node(&pod(&patch)), &Schema::builtin());
            let _ = strategic_merge(node(&target), &node(&patch), &Schema::builtin());
        }

        /// Without directives, and where no items lack their keys, a second time changes nothing.
        #[test]
        fn a_patch_onto_its_own_result_changes_nothing(
            names in prop::collection::btree_map("[a-d]", scalar(), 0..4),
            others in prop::collection::btree_map("[a-d]", scalar(), 0..4),
        ) {
            let containers = |names: &std::collections::BTreeMap<String, String>| {
                let items: Vec<String> =
                    names.iter().map(|(name, image)| format!("{{name: {name}, image: {image}}}")).collect();
                pod(&format!("{{containers: [{}]}}", items.join(", ")))
            };
            let (target, patch) = (node(&containers(&names)), node(&containers(&others)));
            let schema = Schema::builtin();
            let once = strategic_merge(target, &patch, &schema).unwrap().unwrap();
            let twice = strategic_merge(once.clone(), &patch, &schema).unwrap().unwrap();
            prop_assert_eq!(once.to_value().unwrap(), twice.to_value().unwrap());
        }
    }
}
