//! Laws: what is written reads back as the same value, and no text makes the reader panic.

use fleet_yaml::{Duplicates, from_str, to_string, to_string_pretty};
use proptest::prelude::*;
use serde_json::{Map, Value};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,20}",
        "[a-z]{1,8}( [a-z]{1,8}){0,30}",
        any::<String>(),
        prop::sample::select(vec![
            "yes",
            "on",
            "~",
            "0755",
            "1e3",
            "12:30",
            "2001-01-01",
            "- a",
            "a: b",
            "#",
            "",
            "...",
            "---",
            "|",
            "x\n",
            "\n"
        ])
        .prop_map(str::to_owned),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map(text(), inner, 0..6)
                .prop_map(|map| Value::Object(Map::from_iter(map))),
        ]
    })
}

/// Go's emitter writes some texts so that they read back differently: odd line breaks, and blank lines at the edges
/// of a block or of a key. What it writes is what counts, so the law leaves these out.
fn is_faithful(value: &Value) -> bool {
    let text_ok =
        |text: &str| !text.contains('\n') || text.chars().all(|c| matches!(c, '\n' | ' '..='~'));
    match value {
        Value::String(text) => text_ok(text),
        Value::Array(items) => items.iter().all(is_faithful),
        Value::Object(map) => map
            .iter()
            .all(|(key, value)| text_ok(key) && is_faithful(value)),
        _ => true,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn what_is_written_reads_back(value in value().prop_filter("odd line breaks", is_faithful)) {
        for text in [to_string(&value), to_string_pretty(&value)] {
            let again = from_str(&text, Duplicates::Refuse).map_err(|error| TestCaseError::fail(format!("{error}: {text:?}")))?;
            prop_assert_eq!(&again, &value, "{:?}", text);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in any::<String>()) {
        let _ = from_str(&text, Duplicates::LastWins);
    }

    #[test]
    fn no_yaml_like_text_makes_the_reader_panic(text in "[-a-c0-9:?,\\[\\]{}&*!|>'\"%@`# \n\t<~.\\\\]{0,60}") {
        let _ = from_str(&text, Duplicates::Refuse);
    }
}
