//! TOML as Go's library reads it.

use super::*;

#[test]
fn texts_are_read_as_in_go() {
    for (text, expected) in [
        (
            "a = 1\n[b]\nc = \"x\\n\\u00e9\"\n",
            r#"{"a":1,"b":{"c":"x\né"}}"#,
        ),
        (
            "a.b = 1\na.c = [1, 2.5,\n # note\n true,]\n",
            r#"{"a":{"b":1,"c":[1,2.5,true]}}"#,
        ),
        (
            "[[a]]\nx = 1\n[[a]]\n[a.b]\ny = 0x1F\n",
            r#"{"a":[{"x":1},{"b":{"y":31}}]}"#,
        ),
        (
            "a = {b = 1, c.d = 'x\\'}\n",
            r#"{"a":{"b":1,"c":{"d":"x\\"}}}"#,
        ),
        ("a = [{b = 1}, {b = 2}]", r#"{"a":[{"b":1},{"b":2}]}"#),
        (
            "a = \"\"\"\nx\\\n   y\"\"\"\"\nb = '''\n'q''''",
            r#"{"a":"xy\"","b":"'q'"}"#,
        ),
        (
            "a = 2020-01-02T03:04:05Z\nb = 2020-01-02",
            r#"{"a":"2020-01-02T03:04:05Z","b":"2020-01-02T00:00:00Z"}"#,
        ),
        ("\"a b\".'c' = 1_000", r#"{"a b":{"c":1000}}"#),
        ("[a.b.c]\n[a.b]\nx = 1\n", r#"{"a":{"b":{"c":{},"x":1}}}"#),
        (
            "a = +1e3\nb = -0.5\nc = \"\"\nd=1 # end",
            r#"{"a":1000.0,"b":-0.5,"c":"","d":1}"#,
        ),
        ("", "{}"),
    ] {
        let map = from_toml(text).unwrap();
        assert_eq!(
            Value::Map(map).to_json().unwrap().to_string(),
            expected,
            "{text}"
        );
    }
}

#[test]
fn wrong_texts_are_refused_in_gos_words() {
    for (text, expected) in [
        ("a", "line 1: unexpected EOF; expected key separator '='"),
        (
            "a = ",
            "line 1 (last key \"a\"): unexpected EOF; expected value",
        ),
        (
            "a = 1\na = 2",
            "line 2 (last key \"a\"): Key 'a' has already been defined.",
        ),
        (
            "[a\n",
            "line 2: expected '.' or ']' to end table name, but got '\\n' instead",
        ),
        (
            "a = x",
            "line 1 (last key \"a\"): expected value but found \"x\" instead",
        ),
        (
            "[t]\na = 1 x",
            "line 2 (last key \"t\"): expected a top-level item to end with a newline, comment, or EOF, but got 'x' instead",
        ),
        (
            "a = \"x",
            "line 1 (last key \"a\"): unexpected EOF; expected '\"'",
        ),
        (
            "a = \"\n\"",
            "line 1 (last key \"a\"): strings cannot contain newlines",
        ),
        (
            "a = 01",
            "line 1 (last key \"a\"): Invalid integer \"01\": cannot have leading zeroes",
        ),
        (
            "a = 1__0",
            "line 1 (last key \"a\"): Invalid integer \"1__0\": underscores must be surrounded by digits",
        ),
        (
            "a = 99999999999999999999",
            "line 1 (last key \"a\"): 99999999999999999999 is out of range for int64",
        ),
        (
            "a = 1.",
            "line 1 (last key \"a\"): Invalid float \"1.\": '.' must be followed by one or more digits",
        ),
        (
            "a = 2020-13-01",
            "line 1 (last key \"a\"): invalid datetime: \"2020-13-01\"",
        ),
        (
            "a = [1 2]",
            "line 1 (last key \"a\"): expected a comma (',') or array terminator (']'), but got '2'",
        ),
        ("= 1", "line 1: unexpected '=': key name appears blank"),
        (
            "a = \"\\q\"",
            "line 1 (last key \"a\"): invalid escape in string '\\q'",
        ),
        (
            "a b = 1",
            "line 1: expected '.' or '=', but got 'b' instead",
        ),
    ] {
        let error = from_toml(text).err().unwrap_or_default();
        assert_eq!(error, format!("toml: {expected}"), "{text}");
    }
    let deep = format!("a = {}", "[".repeat(100_000));
    assert!(from_toml(&deep).is_err());
}
