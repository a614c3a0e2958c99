//! What becomes of an object on its way through JSON and Go's maps.

use std::borrow::Cow;

use fleet_yaml::{Resolved, Schema, Style, format_float_g, resolve};
use serde_json::Value;

use super::Error;
use crate::node::{Node, Scalar, Shared, Tag};

/// Writes each scalar anew, as goyaml.v3 would after the object was JSON.
pub(super) fn settle(node: &mut Node) -> Result<(), Error> {
    match node {
        Node::Scalar(scalar) if scalar.tag == Tag::Str => {
            if let Cow::Owned(text) = scalar.written() {
                scalar.text = text;
            }
            scalar.style = style(&scalar.text);
            scalar.shared = Shared::default();
        }
        Node::Scalar(scalar) => {
            let value = scalar
                .to_value()
                .map_err(|error| Error(error.to_string()))?;
            *node = self::node(&value);
        }
        Node::Sequence(items) => items.iter_mut().try_for_each(settle)?,
        Node::Mapping(mapping) => mapping.values_mut().try_for_each(settle)?,
    }
    Ok(())
}

/// The tree of a JSON value whose numbers have become floats.
pub(super) fn node(value: &Value) -> Node {
    match value {
        Value::Null => Node::null(),
        Value::Bool(b) => Node::bool(*b),
        Value::Number(number) => {
            let text = format_float_g(number.as_f64().unwrap_or_default());
            let whole = !text.contains(['.', 'e']);
            Node::Scalar(Scalar::new(text, if whole { Tag::Int } else { Tag::Float }))
        }
        Value::String(text) => Node::Scalar(Scalar {
            style: style(text),
            ..Scalar::string(text.as_str())
        }),
        Value::Array(items) => Node::Sequence(items.iter().map(node).collect()),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (key.clone(), node(value)));
            Node::Mapping(fields.collect())
        }
    }
}

/// Whether two values are the same JSON; a null in a mapping differs from nothing.
pub(super) fn same(one: &Node, other: &Node) -> bool {
    match (one, other) {
        (Node::Scalar(one), Node::Scalar(other)) => one.tag == other.tag && one.text == other.text,
        (Node::Sequence(one), Node::Sequence(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Node::Mapping(one), Node::Mapping(other)) => {
            let has = |(key, value)| other.get(key).is_some_and(|other| same(value, other));
            one.len() == other.len() && one.iter().all(has)
        }
        _ => false,
    }
}

/// What Go calls a JSON value in messages.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// How goyaml.v3 writes a string: a later patch takes the quotes over.
fn style(text: &str) -> Style {
    if text.contains('\n') {
        return Style::Literal;
    }
    let is_text = |schema| matches!(resolve(schema, None, text), Ok(Resolved::String(_)));
    let first = text.as_bytes().first();
    let sexagesimal =
        first.is_some_and(|c| matches!(c, b'0'..=b'9' | b'-' | b'+')) && text.contains(':');
    let special = match first {
        None => true,
        Some(b'-' | b'?' | b':') => text.len() == 1 || text.as_bytes()[1] == b' ',
        Some(c) => b",[]{}#&*!|>'\"%@` ".contains(c),
    };
    let within = text.contains(": ")
        || text.contains(" #")
        || text.ends_with([':', ' '])
        || text.contains(char::is_control);
    if special || within || sexagesimal || !is_text(Schema::V2) || !is_text(Schema::V3) {
        Style::DoubleQuoted
    } else {
        Style::Plain
    }
}
