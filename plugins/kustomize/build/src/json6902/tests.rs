//! Facts about JSON patches.

use serde_json::Value;

use super::*;

fn node(text: &str) -> Node {
    Node::from_yaml(fleet_yaml::parse(text).unwrap().unwrap()).unwrap()
}

fn value(text: &str) -> Value {
    node(text).to_value().unwrap()
}

fn patched(object: &str, patch: &str) -> Result<Value, Error> {
    let mut object = node(object);
    Patch::parse(patch)?.apply(&mut object)?;
    Ok(object.to_value().unwrap())
}

#[track_caller]
fn check(object: &str, patch: &str, expected: &str) {
    assert_eq!(patched(object, patch), Ok(value(expected)), "{patch}");
}

#[track_caller]
fn refused(object: &str, patch: &str, why: &str) {
    assert_eq!(
        patched(object, patch).unwrap_err().to_string(),
        why,
        "{patch}"
    );
}

const OBJECT: &str = "{a: {b: 1, 'c/d': {'~': x}}, l: [p, q], n: null}";

#[test]
fn operations_do_what_rfc_6902_says() {
    for (patch, expected) in [
        (
            "- {op: add, path: /a/b, value: 2}",
            "{a: {b: 2}, l: [p, q]}",
        ),
        (
            "- {op: add, path: /l/-, value: r}",
            "{a: {b: 1}, l: [p, q, r]}",
        ),
        (
            "- {op: add, path: /l/0, value: r}",
            "{a: {b: 1}, l: [r, p, q]}",
        ),
        (
            "- {op: add, path: /l/-1, value: r}",
            "{a: {b: 1}, l: [p, q, r]}",
        ),
        ("- {op: add, path: /x}", "{a: {b: 1}, l: [p, q], x: null}"),
        ("- {op: remove, path: /l/1}", "{a: {b: 1}, l: [p]}"),
        ("- {op: remove, path: /l/-2}", "{a: {b: 1}, l: [q]}"),
        ("- {op: remove, path: /a}", "{l: [p, q]}"),
        (
            "- {op: replace, path: /a/b, value: [1]}",
            "{a: {b: [1]}, l: [p, q]}",
        ),
        (
            "- {op: replace, path: /l/1, value: r}",
            "{a: {b: 1}, l: [p, r]}",
        ),
        // json-patch lets `replace` add a field.
        (
            "- {op: replace, path: /new, value: r}",
            "{a: {b: 1}, l: [p, q], new: r}",
        ),
        ("- {op: replace, path: '', value: {x: 1}}", "{x: 1}"),
        (
            "- {op: replace, path: '', value: 1}",
            "{a: {b: 1}, l: [p, q]}",
        ),
        (
            "- {op: move, from: /a/b, path: /l/0}",
            "{a: {}, l: [1, p, q]}",
        ),
        (
            "- {op: copy, from: /l, path: /a/b}",
            "{a: {b: [p, q]}, l: [p, q]}",
        ),
        (
            "- {op: copy, from: /none, path: /x}",
            "{a: {b: 1}, l: [p, q], x: null}",
        ),
        (
            "- {op: test, path: /l, value: [p, q]}",
            "{a: {b: 1}, l: [p, q]}",
        ),
        (
            "- {op: test, path: /none, value: null}",
            "{a: {b: 1}, l: [p, q]}",
        ),
        (
            "- {op: test, path: '', value: {l: [p, q], a: {b: 1}}}",
            "{a: {b: 1}, l: [p, q]}",
        ),
        (
            "[{\"op\": \"add\", \"path\": \"/x\", \"value\": \"yes\"}]",
            "{a: {b: 1}, l: [p, q], x: 'yes'}",
        ),
        ("null", "{a: {b: 1}, l: [p, q]}"),
        // YAML patches are read by the rules of YAML 1.1.
        (
            "- {op: add, path: /x, value: yes}",
            "{a: {b: 1}, l: [p, q], x: true}",
        ),
    ] {
        check("{a: {b: 1}, l: [p, q]}", patch, expected);
    }
    check(
        OBJECT,
        "- {op: replace, path: /a/c~1d/~0, value: z}",
        "{a: {b: 1, 'c/d': {'~': z}}, l: [p, q], n: null}",
    );
    check(
        OBJECT,
        "- {op: remove, path: /n}",
        "{a: {b: 1, 'c/d': {'~': x}}, l: [p, q]}",
    );
}

#[test]
fn refusals_are_worded_as_in_kustomize() {
    for (patch, why) in [
        (
            "- {op: add, path: /x/y, value: 1}",
            "add operation does not apply: doc is missing path: \"/x/y\": missing value",
        ),
        (
            "- {op: add, path: /n/y, value: 1}",
            "add operation does not apply: doc is missing path: \"/n/y\": missing value",
        ),
        (
            "- {op: add, path: x, value: 1}",
            "add operation does not apply: doc is missing path: \"x\": missing value",
        ),
        (
            "- {op: add, value: 1}",
            "add operation failed to decode path: missing value",
        ),
        (
            "- {op: add, path: /l/x}",
            "error in add for path: '/l/x': value was not a proper array index: 'x': strconv.Atoi: parsing \"x\": invalid syntax",
        ),
        (
            "- {op: add, path: /l/3}",
            "error in add for path: '/l/3': Unable to access invalid index: 3: invalid index referenced",
        ),
        (
            "- {op: remove, path: /x}",
            "error in remove for path: '/x': Unable to remove nonexistent key: x: missing value",
        ),
        (
            "- {op: remove, path: /x/y}",
            "remove operation does not apply: doc is missing path: \"/x/y\": missing value",
        ),
        (
            "- {op: remove, path: /l/-}",
            "error in remove for path: '/l/-': strconv.Atoi: parsing \"-\": invalid syntax",
        ),
        (
            "- {op: replace, path: /x/y, value: 1}",
            "replace operation does not apply: doc is missing path: /x/y: missing value",
        ),
        (
            "- {op: replace, path: /l/2, value: 1}",
            "replace operation does not apply: doc is missing key: /l/2: missing value",
        ),
        (
            "- {op: replace, path: 1}",
            "replace operation failed to decode path: json: cannot unmarshal number into Go value of type string",
        ),
        (
            "- {op: move, path: /x}",
            "move operation failed to decode from: operation, missing from field: missing value",
        ),
        (
            "- {op: move, from: /x, path: /y}",
            "error in move for path: 'x': Unable to remove nonexistent key: x: missing value",
        ),
        (
            "- {op: copy, from: /l, path: /x/y}",
            "copy operation does not apply: doc is missing destination path: /x/y: missing value",
        ),
        (
            "- {op: test, path: /a/b, value: 2}",
            "testing value /a/b failed: test failed",
        ),
        ("- {op: drop, path: /a}", "Unexpected kind: drop"),
        ("- null", "Unexpected kind: unknown"),
        (
            "op: add",
            "json: cannot unmarshal object into Go value of type jsonpatch.Patch",
        ),
        (
            "- x",
            "json: cannot unmarshal string into Go value of type jsonpatch.Operation",
        ),
        (
            "- {op: replace, path: '', value: [1]}",
            "json: cannot unmarshal array into Go value of type map[string]interface {}",
        ),
        ("", "empty json patch operations"),
    ] {
        refused(OBJECT, patch, why);
    }
    assert!(
        Patch::parse("[{op: add}]").is_err(),
        "what begins with a bracket must be JSON"
    );
}

#[test]
fn numbers_become_floats_and_timestamps_text() {
    check(
        "a: 9007199254740993\nt: 2024-01-02",
        "[]",
        "{a: 9007199254740992, t: '2024-01-02T00:00:00Z'}",
    );
    let mut object = node("a: 1000000");
    Patch::parse("- {op: add, path: /b, value: '5'}")
        .unwrap()
        .apply(&mut object)
        .unwrap();
    assert_eq!(object.get("a").and_then(Node::as_str), Some("1e+06"));
    let merged =
        crate::merge::strategic_merge(object, &node("{b: 6}"), &crate::schema::Schema::builtin());
    assert_eq!(
        merged.unwrap().unwrap().to_value().unwrap(),
        value("{a: 1000000, b: '6'}")
    );
}

mod laws {
    use proptest::prelude::*;

    use super::*;

    fn path() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop::sample::select(vec!["a", "b", "l", "0", "1", "-1", "-", "~1", "", "~"]),
            0..4,
        )
        .prop_map(|parts| parts.iter().map(|part| format!("/{part}")).collect())
    }

    fn operation() -> impl Strategy<Value = Value> {
        let kind = prop::sample::select(vec![
            "add", "remove", "replace", "move", "copy", "test", "x",
        ]);
        let value = prop::sample::select(vec![
            serde_json::json!(null),
            serde_json::json!(1),
            serde_json::json!({"a": [1]}),
            serde_json::json!([{"b": "c"}]),
        ]);
        (kind, path(), path(), value).prop_map(|(kind, path, from, value)| {
            serde_json::json!({"op": kind, "path": path, "from": from, "value": value})
        })
    }

    proptest! {
        #[test]
        fn nothing_panics(operations in prop::collection::vec(operation(), 0..6)) {
            let patch = Patch::parse(&Value::Array(operations).to_string()).unwrap();
            let _ = patch.apply(&mut node("{a: {b: 1, l: [x]}, l: [p, {a: 1}], '/': 2}"));
        }

        #[test]
        fn what_was_added_and_removed_again_leaves_no_trace(key in "[a-z~/]{1,4}", items in 0..4_usize) {
            let key = key.replace('~', "~0").replace('/', "~1");
            let list: Vec<Value> = (0..items).map(Value::from).collect();
            let before = serde_json::json!({"m": {"x": 1}, "l": list});
            prop_assume!(key != "x");
            for path in [format!("/m/{key}"), format!("/l/{items}")] {
                let patch = serde_json::json!([
                    {"op": "add", "path": path, "value": {"y": 2}},
                    {"op": "test", "path": path, "value": {"y": 2}},
                    {"op": "remove", "path": path},
                ]);
                let mut object = Node::from_value(&before);
                Patch::parse(&patch.to_string()).unwrap().apply(&mut object).unwrap();
                prop_assert_eq!(object.to_value().unwrap(), before.clone());
            }
        }
    }
}
