//! Facts about nodes.

use serde_json::json;

use super::*;

fn node(text: &str) -> Node {
    Node::from_yaml(fleet_yaml::parse(text).unwrap().unwrap()).unwrap()
}

fn refused(text: &str) -> ConvertError {
    Node::from_yaml(fleet_yaml::parse(text).unwrap().unwrap()).unwrap_err()
}

#[test]
fn scalars_keep_their_text_and_mean_what_goyaml_v3_says() {
    for (text, expected) in [
        ("1.10", json!(1.1)),
        ("'1.10'", json!("1.10")),
        ("yes", json!("yes")),
        ("0755", json!(493)),
        ("1e6", json!(1_000_000)),
        (
            "12345678901234567890",
            json!(12_345_678_901_234_567_890_u64),
        ),
        ("~", json!(null)),
        ("!mine abc", json!("abc")),
        ("!!float 1", json!(1)),
        ("!!int \"5\"", json!(5)),
        ("!!null ''", json!(null)),
        ("!!binary aGVsbG8=", json!("hello")),
        ("2024-01-02", json!("2024-01-02T00:00:00Z")),
        (
            "2024-01-02t3:04:05.1200+02:00",
            json!("2024-01-02T03:04:05.12+02:00"),
        ),
        ("2024-01-02 03:04:05", json!("2024-01-02T03:04:05Z")),
    ] {
        let node = node(text);
        assert_eq!(node.to_value().unwrap(), expected, "{text}");
        assert_eq!(node.clone().into_value().unwrap(), expected, "{text}");
    }
    assert_eq!(node("1.10").as_str(), Some("1.10"));
}

#[test]
fn quotes_that_goyaml_needs_in_flow_collections_make_text() {
    for (text, expected) in [
        ("{a: , b: ~}", json!({"a": "", "b": null})),
        ("{a, ? b}", json!({"a": "", "b": ""})),
        ("[{a: }]", json!([{"a": ""}])),
        ("{a: {b: , c: x}}", json!({"a": {"b": "", "c": "x"}})),
        ("a:\nb: []\n", json!({"a": null, "b": []})),
        ("- a: {b: }\n  c:\n", json!([{"a": {"b": ""}, "c": null}])),
        (
            "a: {t: 2024-01-02 03:04:05, d: 2024-01-02}",
            json!({"a": {"t": "2024-01-02 03:04:05", "d": "2024-01-02T00:00:00Z"}}),
        ),
        (
            "a: {2024-01-02T03:04:05Z: 1}",
            json!({"a": {"2024-01-02T03:04:05Z": 1}}),
        ),
    ] {
        assert_eq!(node(text).to_value().unwrap(), expected, "{text}");
    }
    // Until it is written it is null, and a patch with it removes the field.
    let flow = node("{a: }");
    assert!(flow.get("a").unwrap().is_null());
}

#[test]
fn large_whole_floats_have_the_digits_that_go_writes() {
    for (text, expected) in [
        ("1e19", json!(10_000_000_000_000_000_000_u64)),
        (
            "12345678901234567890.0",
            json!(12_345_678_901_234_567_000_u64),
        ),
        ("-9007199254740993.0", json!(-9_007_199_254_740_992_i64)),
    ] {
        assert_eq!(node(text).to_value().unwrap(), expected, "{text}");
    }
}

#[test]
fn a_scalar_whose_text_breaks_its_tag_is_refused_at_the_end() {
    let mut node = node("a: 1");
    if let Some(Node::Scalar(scalar)) = node.get_mut("a") {
        scalar.text = "x".to_owned();
    }
    assert_eq!(
        node.to_value().unwrap_err().0,
        "yaml: cannot decode !!str `x` as a !!int"
    );
}

#[test]
fn aliases_and_merge_keys_are_expanded() {
    let node = node("a: &a {x: 1, y: 2}\nb: &b {x: 3, z: 3}\nc: {<<: [*a, *b], y: 4}\nd: *a\n");
    assert_eq!(
        node.get("c").unwrap().to_value().unwrap(),
        json!({"x": 1, "y": 4, "z": 3})
    );
    assert_eq!(
        node.get("d").unwrap().to_value().unwrap(),
        json!({"x": 1, "y": 2})
    );
}

#[test]
fn keys_must_be_text_and_different() {
    let twice = refused("m:\n  a: 1\n  b: 2\n  a: 3\n");
    assert_eq!(twice.line, 4);
    assert!(
        twice.message.ends_with("mapping key \"a\" already defined"),
        "{twice}"
    );
    assert!(
        refused("m: {1: a}")
            .message
            .starts_with("json: unsupported type")
    );
    assert_eq!(node("1: a").get("1").and_then(Node::as_str), Some("a"));
}

#[test]
fn aliases_cannot_blow_a_document_up() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..9 {
        let before = vec![format!("*a{}", n - 1); 10].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{before}]\n"));
    }
    assert!(refused(&text).message.contains("excessive aliasing"));
}

#[test]
fn paths_are_made_where_nothing_is() {
    let mut node = node("metadata:\n  labels:\nkind: A\n");
    node.mapping_at(&["metadata", "labels"])
        .unwrap()
        .set("a", Node::string("b"));
    node.mapping_at(&["spec", "x"]).unwrap();
    assert!(node.mapping_at(&["kind", "x"]).is_none());
    assert_eq!(
        node.to_value().unwrap(),
        json!({"kind": "A", "metadata": {"labels": {"a": "b"}}, "spec": {"x": {}}})
    );
    assert_eq!(node.text_at(&["metadata", "labels", "a"]), Some("b"));
}

#[test]
fn values_become_trees_and_back() {
    let value = json!({"a": [1, 1.5, null, true, "x", {}], "b": -3});
    assert_eq!(Node::from_value(&value).to_value().unwrap(), value);
}
