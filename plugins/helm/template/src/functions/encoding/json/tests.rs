//! JSON as Go reads it.

use super::*;

fn written(value: &Value, layout: Layout, escape_html: bool) -> String {
    String::from_utf8(to_json(value, layout, escape_html).unwrap()).unwrap()
}

#[test]
fn json_is_read_and_written_back() {
    for (text, expected) in [
        (
            r#" {"b": [1, 2.5, null], "a": "x"} "#,
            r#"{"a":"x","b":[1,2.5,null]}"#,
        ),
        (r#""é\u00e9\ud83d\ude00\ud83d\n\/""#, "\"éé😀\u{fffd}\\n/\""),
        ("1e21", "1e+21"),
        ("1e-7", "1e-7"),
        ("10000000", "10000000"),
        ("-0.5", "-0.5"),
        (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
        ("[]", "[]"),
        ("{}", "{}"),
    ] {
        let value = from_json(text.as_bytes()).unwrap();
        assert_eq!(written(&value, Layout::Compact, true), expected);
    }
}

#[test]
fn wrong_json_is_refused_in_gos_words() {
    for (text, expected) in [
        ("", "unexpected end of JSON input"),
        (
            "bad",
            "invalid character 'b' looking for beginning of value",
        ),
        (
            "tru",
            "invalid character ' ' in literal true (expecting 'e')",
        ),
        (
            "trux",
            "invalid character 'x' in literal true (expecting 'e')",
        ),
        (
            "[1,]",
            "invalid character ']' looking for beginning of value",
        ),
        ("[1 2]", "invalid character '2' after array element"),
        ("{\"a\" 1}", "invalid character '1' after object key"),
        (
            "{\"a\":1 2}",
            "invalid character '2' after object key:value pair",
        ),
        (
            "{\"a\":1,}",
            "invalid character '}' looking for beginning of object key string",
        ),
        (
            "{1}",
            "invalid character '1' looking for beginning of object key string",
        ),
        ("1 2", "invalid character '2' after top-level value"),
        ("01", "invalid character '1' after top-level value"),
        ("-", "invalid character ' ' in numeric literal"),
        ("\"x", "unexpected end of JSON input"),
        ("\"\\", "invalid character ' ' in string escape code"),
        ("-x", "invalid character 'x' in numeric literal"),
        (
            "1.x",
            "invalid character 'x' after decimal point in numeric literal",
        ),
        (
            "1ex",
            "invalid character 'x' in exponent of numeric literal",
        ),
        ("\"\n\"", "invalid character '\\n' in string literal"),
        ("\"\\x\"", "invalid character 'x' in string escape code"),
        (
            "\"\\u00x\"",
            "invalid character 'x' in \\u hexadecimal character escape",
        ),
        (
            "'a'",
            "invalid character '\\'' looking for beginning of value",
        ),
        (
            "1e999",
            "json: cannot unmarshal number 1e999 into Go value of type float64",
        ),
    ] {
        assert_eq!(
            from_json(text.as_bytes()).err().as_deref(),
            Some(expected),
            "{text}"
        );
    }
    for (text, expected) in [
        (
            "[1]",
            r#"{"Error":"json: cannot unmarshal array into Go value of type map[string]interface {}"}"#,
        ),
        (
            r#"{"a":1e999,"b":1}"#,
            r#"{"Error":"json: cannot unmarshal number 1e999 into Go value of type float64","a":null,"b":1}"#,
        ),
    ] {
        let map = Value::Map(map_from_json(text.as_bytes()));
        assert_eq!(written(&map, Layout::Compact, true), expected);
    }
    assert!(from_json("[".repeat(100_000).as_bytes()).is_err());
}

#[test]
fn layouts_differ_in_white_space_only() {
    let value = from_json(br#"{"a":[1,{"b":"<"}],"c":{},"d":[]}"#).unwrap();
    assert_eq!(
        written(&value, Layout::Indented, false),
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"<\"\n    }\n  ],\n  \"c\": {},\n  \"d\": []\n}"
    );
    assert_eq!(
        written(&value, Layout::Compact, true),
        r#"{"a":[1,{"b":"\u003c"}],"c":{},"d":[]}"#
    );
}
