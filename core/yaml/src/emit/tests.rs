//! What is written, as tables; the lines were printed by Helm's `toYaml` and `toYamlPretty`.

use serde_json::{Value, json};

use super::*;

#[test]
fn values_are_written_as_sigs_yaml_writes_them() {
    let check = |value: Value, expected: &str| assert_eq!(to_string(&value), expected);
    check(json!("on"), "\"on\"\n");
    check(json!(""), "\"\"\n");
    check(json!("12:30"), "\"12:30\"\n");
    check(json!("- x"), "'- x'\n");
    check(json!("it's"), "it's\n");
    check(
        json!({"a": [], "b": {}, "c": null}),
        "a: []\nb: {}\nc: null\n",
    );
    check(
        json!({"k": [1, {"a": 1, "b": [2]}]}),
        "k:\n- 1\n- a: 1\n  b:\n  - 2\n",
    );
    check(json!([[1, 2], [3]]), "- - 1\n  - 2\n- - 3\n");
    check(
        json!({"a10": 1, "a9": 2, "A": 3, "0": 4}),
        "\"0\": 4\nA: 3\na9: 2\na10: 1\n",
    );
    check(json!({"t": "x\ny\n"}), "t: |\n  x\n  y\n");
    check(json!({"t": "x\ny"}), "t: |-\n  x\n  y\n");
    check(json!({"t": "x\n\n"}), "t: |+\n  x\n\n");
    check(json!({"t": " x\ny\n"}), "t: |2\n   x\n  y\n");
    check(json!("a\tb"), "\"a\\tb\"\n");
    check(json!("😀"), "\"\\U0001F600\"\n");
    check(
        json!([1e6, 1.5, 1e20, 1e-7, 1_234_567.5]),
        "- 1000000\n- 1.5\n- 1e+20\n- 1e-07\n- 1.2345675e+06\n",
    );
}

#[test]
fn long_text_is_folded_behind_column_80() {
    let text = "word ".repeat(20).trim_end().to_owned();
    let expected = "k: word word word word word word word word word word word word word word word word\n  word word word word\n";
    assert_eq!(to_string(&json!({"k": text})), expected);
}

#[test]
fn pretty_indents_sequences_and_folds_nothing() {
    let text = "word ".repeat(20).trim_end().to_owned();
    assert_eq!(
        to_string_pretty(&json!({"k": [1e6, text]})),
        format!("k:\n  - 1e+06\n  - {text}\n")
    );
}

#[test]
fn trees_keep_the_order_of_structures_and_plain_scalars() {
    let text = |text: &str| Tree::Text(text.to_owned());
    let plain = |text: &str| Tree::Plain(text.to_owned());
    let key = |key: &str, tree: Tree| (key.to_owned(), tree);
    let tree = Tree::Mapping(vec![
        key("b10", plain(".nan")),
        key("b9", text("yes")),
        key(
            "a",
            Tree::Sequence(vec![
                Tree::Struct(vec![
                    key("z", text("x\ny")),
                    key("a", Tree::Sequence(vec![])),
                ]),
                Tree::Sequence(vec![plain("1"), Tree::Mapping(vec![])]),
            ]),
        ),
    ]);
    assert_eq!(
        tree.to_string_pretty(),
        "a:\n  - z: |-\n      x\n      y\n    a: []\n  - - 1\n    - {}\nb9: \"yes\"\nb10: .nan\n"
    );
}

#[test]
fn trees_are_written_like_values() {
    for value in [
        json!("text"),
        json!({"k": [1, {"a": 1, "b": [2, [3]]}], "t": "x\n", "e": {}}),
        json!([[1, 2], [{"a": ["long ".repeat(30)]}]]),
    ] {
        fn tree(value: &Value) -> Tree {
            match value {
                Value::String(text) => Tree::Text(text.clone()),
                Value::Array(items) => Tree::Sequence(items.iter().map(tree).collect()),
                Value::Object(map) => {
                    let entries = map.iter().map(|(key, item)| (key.clone(), tree(item)));
                    Tree::Mapping(entries.collect())
                }
                other => Tree::Plain(other.to_string()),
            }
        }
        assert_eq!(tree(&value).to_string_pretty(), to_string_pretty(&value));
    }
}

#[test]
fn next_line_characters_are_folded_on_their_way_through_json() {
    let check = |value: Value, expected: &str| assert_eq!(to_string(&value), expected);
    check(json!("a\u{85}b"), "a b\n");
    check(json!("a  \u{85}  b"), "a b\n");
    check(json!(["a\u{85} \u{85}b"]), "- |-\n  a\n  b\n");
    check(json!("a\u{85}"), "'a '\n");
    check(json!({"a\u{85}": 1}), "");
}
