//! What is known here is read as by the other reader; what is not is left to it.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::compose::parse_events;
use crate::lines;
use crate::resolve::Schema;
use crate::value::Duplicates;

/// Whether the text is of the known part; if it is, both readers must give the same tree.
fn is_known(text: &str) -> bool {
    let Some(tree) = lines::parse(text) else {
        return false;
    };
    match parse_events(text) {
        Ok(expected) => assert_eq!(tree, expected, "{text:?}"),
        Err(error) => panic!("{text:?} is an error: {error}"),
    }
    for schema in [Schema::V2, Schema::V3] {
        for duplicates in [Duplicates::LastWins, Duplicates::Refuse] {
            let expected = match &tree {
                Some(tree) => tree.to_value(schema, duplicates).ok(),
                None => Some(Value::Null),
            };
            let value = lines::value(text, schema, duplicates, &lines::Json);
            // What merges is a value, and not known.
            if value.is_some() || !text.contains("<<") {
                assert_eq!(value, expected, "{text:?}");
            }
        }
    }
    true
}

#[test]
fn what_makes_no_value_is_left_alone() {
    for text in [
        "~: a\n",
        "a: .inf\n",
        "9223372036854775808: a\n",
        "a: {b: c}\n<<: {d: e}\n",
    ] {
        assert!(is_known(text), "{text:?}");
        let value = lines::value(text, Schema::V2, Duplicates::LastWins, &lines::Json);
        assert_eq!(value, None, "{text:?}");
    }
    let value =
        |duplicates| lines::value("a: 1\nb: 2\na: 3\n", Schema::V2, duplicates, &lines::Json);
    assert_eq!(value(Duplicates::Refuse), None);
    assert_eq!(value(Duplicates::LastWins), Some(json!({"a": 3, "b": 2})));
}

#[test]
fn what_people_write_is_known() {
    for text in [
        "",
        "# nothing\n\n",
        "a: 1\nb: two words\n\n# c\nd : x\n",
        "---\na: 1",
        "a:\nb:  # nothing\nc:",
        "a:\n  b:\n    c: d\n  e: f\n",
        "a:\n- b\n-\n- c: d\n  e:\n  - f\n-   g:\n      h\ni: j\n",
        "- - a\n  - b\n-\n  - c\n- d: e\n",
        "a: b\n  c\n\n  - d # e\nf: g\n",
        "a: it's {{ x }} & [more], *x !y\n",
        "\"a b\": 'it''s'\n'c': \"x\\n\\\"y\\\"\\\\\"  # z\n",
        "a: |\n  b\n   c\n\n  d\n\n\ne: f\n",
        "a: |-\n\n    b\n\n  # c\n# d\n",
        "a: |+\n  b\n\n\nc: >-\n  d\n  e\n\n  f\n    g\n  h\n",
        "- |\n  a\n- >+ # b\n  c\n\n",
        "a: |\nb: |+\n\nc: x\n",
        "a: |\n  b\n\n   c",
        "a: |+\n  b",
        "- >-\n  b\n  c #d",
        "a: |\n  b\nc: d",
        "a: :80\nb:\n- :c\n",
        "a: [b, c,]\nd: {e: f,\n}\n",
        "a: 'b\n  c \n\n\n d'\ne:\n- \"f  \n  g\\\n   \\ h\\\n\n  \"\ni: '\n '\n",
        "a: []\nb: {}\nc: [x, 'y z', \"w\", [1, -2.5], {k: v, l: http://h:1/p}]\n",
        "é: ü\nk: {é: x}\n",
        "a: ['b\n\n\n  c', {d: \"e\n  f\"}] # g\nh: [\n  # i\n  j,\n\n  k # l\n]\nm: {\nn: o\n}\n",
        "url: http://x:80/#a\nt: 12:30\n",
        "a:\n  # b\n  c: d\n   # e\n",
        "a:   \n  b\n",
        "key with blanks: -x\n? y: z\n",
    ] {
        let known = is_known(text);
        let expected = !text.contains("{é") && !text.contains("? ");
        assert_eq!(known, expected, "{text:?}");
    }
}

#[test]
fn what_is_not_known_is_left_alone() {
    for text in [
        "a: &x 1\n",
        "a: *x\n",
        "a: !!str 1\n",
        "a:\tb\n",
        "'a\n b': c\n",
        "a: 'b\n---\n c'\n",
        "a: b: c\n",
        "a: b\n c: d\n",
        "a: - b\n",
        "a: 1\n---\nb: 2\n",
        "%YAML 1.1\n---\na: 1\n",
        "text\n",
        "a: |2\n   b\n",
        "a: |",
        "a: |\n  ",
        "a: |\n  b\n   ",
        "a: |\n  b\n# c",
        "a: [x\ny]\n",
        "a: {'b\n  c': d}\n",
        "a: [x,\n---\n]\n",
        "a: \"\\x41\"\n",
        "a: 'b'c\n",
        "a:\n    b: c\n  d: e\n",
        "- a\nb: c\n",
        "a: [!b,c]\n",
        "a\u{2028}: b\n",
        "\u{feff}a: b\n",
        "a: b\r\n",
    ] {
        assert!(!is_known(text), "{text:?}");
    }
}

/// Lines of parts that mean something.
fn texts() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "a",
        "b c",
        ": ",
        ":",
        " ",
        "  ",
        "- ",
        "-",
        "#",
        " # ",
        "'",
        "''",
        "\"",
        "\\n",
        "\\",
        "|",
        ">",
        "|-",
        "|+\n",
        ">-\n",
        "[",
        "]",
        "{",
        "}",
        ", ",
        ",",
        "é",
        "x: ",
        "k:",
        "---",
        "...",
        "&x ",
        "*x",
        "!t ",
        "?",
        "\t",
        "%",
        "1",
        "http://x",
        "~",
        "[]",
        "{}",
        "'q'",
        "\"q\"",
        "'\n",
        " '\n\n ",
        "\"\n ",
        "\\\n",
        "\n",
        "\n\n",
        "<<",
        "1.5",
        "null",
        "yes",
        "2001-01-01",
    ];
    let line = (
        0_usize..6,
        prop::collection::vec(prop::sample::select(PARTS), 0..5),
    );
    prop::collection::vec(line, 0..9).prop_map(|lines| {
        let lines = lines
            .iter()
            .map(|(indent, parts)| " ".repeat(*indent) + &parts.concat());
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// The same with less to go wrong, so that most are known.
fn known_texts() -> impl Strategy<Value = String> {
    const HEADS: &[&str] = &[
        "k: ",
        "k:",
        "- ",
        "-",
        "- k: ",
        "- - ",
        "'q': ",
        "",
        "# ",
        "k: |\n",
        "- >\n",
        "k: >+ #c\n",
    ];
    const TAILS: &[&str] = &[
        "",
        "1",
        "a: 1.0\na: ~",
        "a",
        "a b",
        "'q'",
        "\"q\\n\"",
        "[a, {b: c}]",
        "{}",
        "a #c",
        "a: b",
        "-",
        "é ",
        ":a",
        "[b, c,]",
        "  a",
    ];
    let line = (
        0_usize..4,
        prop::sample::select(HEADS),
        prop::sample::select(TAILS),
        1_usize..3,
    );
    (prop::collection::vec(line, 1..9), 0_usize..3).prop_map(|(lines, n_cut)| {
        let mut text = String::new();
        for (indent, head, tail, n_breaks) in lines {
            text.push_str(&" ".repeat(indent));
            text.push_str(head);
            text.push_str(tail);
            text.push_str(&"\n".repeat(n_breaks));
        }
        for _ in 0..n_cut {
            text.pop();
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, ..ProptestConfig::default() })]

    #[test]
    fn both_readers_give_the_same(text in prop_oneof![texts(), known_texts()]) {
        is_known(&text);
    }
}
