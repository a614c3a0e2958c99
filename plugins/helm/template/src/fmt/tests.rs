//! What Go 1.25 prints, by table.

use super::*;
use crate::value::{List, Map, Type};

fn check(format: &str, args: &[Value], expected: &str) {
    let text = sprintf(format.as_bytes(), args).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&text),
        expected,
        "{format:?} {args:?}"
    );
}
fn list() -> Value {
    Value::from(vec![
        Value::Int(1),
        Value::from("x"),
        Value::Nil,
        Value::Float(2.0),
    ])
}

fn strings() -> Value {
    Value::List(List::strings(["a", "b c"]))
}

fn map() -> Value {
    let inner = Value::from(vec![Value::from("x"), Value::Nil]);
    Value::Map(Map::from_iter([
        ("b", Value::Float(1.0)),
        ("a", inner),
        ("c", Value::Nil),
        ("d", Value::Bytes(b"z"[..].into())),
    ]))
}

fn string_map() -> Value {
    let map = Map::of(Type::String);
    map.insert("k", "v");
    Value::Map(map)
}
