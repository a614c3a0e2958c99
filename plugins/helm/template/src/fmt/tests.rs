//! What Go prints of values that templates have no constants for; the rest is in `tests/it/go.jsonl`.

use super::*;
use crate::text::Text;
use crate::value::{List, Map, Type};

#[test]
fn values_print_by_their_types() {
    let bytes = || Value::Bytes(b"ab"[..].into());
    let strings = || Value::List(List::strings(["a", "b c"]));
    let nil_list = || Value::List(List::nil(Type::Any));
    let nil_map = || Value::Map(Map::nil(Type::Any));
    let string_map = || {
        let map = Map::of(Type::String);
        map.insert("k", "v");
        Value::Map(map)
    };
    for (format, value, expected) in [
        ("%v", Value::Int64(7), "7"),
        ("%T", Value::Int64(7), "int64"),
        ("%#v", Value::Uint64(300), "0x12c"),
        ("%x", Value::Uint8(65), "41"),
        ("%c|", Value::Int32(0x1f600), "😀|"),
        ("%v", bytes(), "[97 98]"),
        (
            "%v",
            Value::Bytes([0, 9, 10, 99, 100, 255][..].into()),
            "[0 9 10 99 100 255]",
        ),
        ("%4d", bytes(), "[  97   98]"),
        ("%s", bytes(), "ab"),
        ("%x", bytes(), "6162"),
        ("%#v", bytes(), "[]byte{0x61, 0x62}"),
        ("%v", strings(), "[a b c]"),
        ("%q", strings(), "[\"a\" \"b c\"]"),
        ("%#v", strings(), "[]string{\"a\", \"b c\"}"),
        ("%T", strings(), "[]string"),
        ("%v", nil_list(), "[]"),
        ("%#v", nil_list(), "[]interface {}(nil)"),
        ("%v", nil_map(), "map[]"),
        ("%#v", nil_map(), "map[string]interface {}(nil)"),
        ("%#v", string_map(), "map[string]string{\"k\":\"v\"}"),
        ("%d", string_map(), "map[%!d(string=k):%!d(string=v)]"),
        ("%w", string_map(), "%!w(map[string]string=map[k:v])"),
        ("%v", Value::Float(f64::INFINITY), "+Inf"),
        ("%08.2f", Value::Float(f64::NEG_INFINITY), "    -Inf"),
        ("%v", Value::Float(f64::NAN), "NaN"),
        ("%v", Value::Float(-0.0), "-0"),
        ("%v", Value::Float(5e-324), "5e-324"),
        ("%x", Value::Float(1.5), "0x1.8p+00"),
        ("%.1x", Value::Float(1.96875), "0x1.0p+01"),
        ("%b", Value::Float(1.0), "4503599627370496p-52"),
        (
            "%.1200f|",
            Value::Float(0.5),
            &format!("0.5{}|", "0".repeat(1199)),
        ),
    ] {
        let text = sprintf(format.as_bytes(), std::slice::from_ref(&value)).unwrap();
        assert_eq!(Text::from(text).to_str(), expected, "{format} {value:?}");
    }
}

#[test]
fn invalid_utf8_is_kept_and_quoted_by_the_byte() {
    let text = Value::String(Text::from(&b"\xff\xe4x"[..]));
    let print = |format: &[u8]| sprintf(format, std::slice::from_ref(&text)).unwrap();
    assert_eq!(print(b"%s"), b"\xff\xe4x");
    assert_eq!(print(b"%q"), br#""\xff\xe4x""#);
    assert_eq!(print(b"%.1s|%4[1]s"), b"\xff| \xff\xe4x");
}

#[test]
fn quoting_is_undone() {
    for text in [
        "",
        "a\"b\\\n\t\u{7}",
        "héllo\u{1f600}\u{200b}\u{feff}",
        "\0\u{7f}",
    ] {
        assert_eq!(unquote(&quote(text)).unwrap(), text.as_bytes());
    }
    for wrong in [
        "",
        "\"",
        "\"a",
        "'a'",
        "\"\\q\"",
        "\"\\u00\"",
        "\"\\ud800\"",
        "\"\\400\"",
        "`a`b`",
    ] {
        assert_eq!(unquote(wrong), None, "{wrong}");
    }
}
