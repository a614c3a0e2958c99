//! Between trees and JSON values, as kyaml's `MarshalJSON` and `FromMap` do it.

use std::borrow::Cow;

use fleet_yaml::{Resolved, Schema, Style, format_float_json, resolve};
use serde_json::{Map, Number, Value};

use super::convert::plain_tag;
use super::{Mapping, Node, Scalar, Tag, folded};

/// Why a tree cannot be said in JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(pub String);

impl Node {
    /// The value of the tree.
    ///
    /// # Errors
    /// If the text of a scalar is not what its tag promises, or a number is infinite or none.
    pub fn to_value(&self) -> Result<Value, ValueError> {
        Ok(match self {
            Self::Scalar(scalar) => scalar.to_value()?,
            Self::Sequence(items) => {
                Value::Array(items.iter().map(Self::to_value).collect::<Result<_, _>>()?)
            }
            Self::Mapping(mapping) => {
                let mut map = Map::new();
                for (key, value) in mapping.iter() {
                    map.insert(key.to_owned(), value.to_value()?);
                }
                Value::Object(map)
            }
        })
    }

    /// The value of the tree, which is used up.
    ///
    /// # Errors
    /// As [`Node::to_value`].
    pub fn into_value(self) -> Result<Value, ValueError> {
        Ok(match self {
            Self::Scalar(scalar) if scalar.tag == Tag::Str && scalar.style != Style::Folded => {
                Value::String(scalar.text)
            }
            Self::Scalar(scalar) => scalar.to_value()?,
            Self::Sequence(items) => Value::Array(
                items
                    .into_iter()
                    .map(Self::into_value)
                    .collect::<Result<_, _>>()?,
            ),
            Self::Mapping(mapping) => {
                let mut map = Map::new();
                for (key, value) in mapping {
                    map.insert(key, value.into_value()?);
                }
                Value::Object(map)
            }
        })
    }

    /// The tree of a value.
    pub fn from_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::null(),
            Value::Bool(b) => Self::bool(*b),
            Value::Number(number) => Self::Scalar(number_scalar(number)),
            Value::String(text) => Self::string(text.clone()),
            Value::Array(items) => Self::Sequence(items.iter().map(Self::from_value).collect()),
            Value::Object(map) => {
                let mut mapping = Mapping::new();
                for (key, value) in map {
                    mapping.push(key.clone(), Self::from_value(value));
                }
                Self::Mapping(mapping)
            }
        }
    }
}

fn number_scalar(number: &Number) -> Scalar {
    match number.as_f64() {
        Some(f) if number.is_f64() => {
            let text = format_float_json(f);
            let whole = !text.contains(['.', 'e']);
            Scalar::new(text, if whole { Tag::Int } else { Tag::Float })
        }
        _ => Scalar::new(number.to_string(), Tag::Int),
    }
}

impl Scalar {
    /// The text after kustomize wrote the scalar and read it again, which a folded one does not always survive.
    pub(crate) fn written(&self) -> Cow<'_, str> {
        match self.style {
            Style::Folded => folded::read_again(&self.text),
            _ => Cow::Borrowed(&self.text),
        }
    }

    /// Whether goyaml writes it with quotes, or in a block.
    fn is_quoted(&self) -> bool {
        match self.style {
            Style::Plain => false,
            Style::Flow => self.needs_quotes_in_flow(),
            _ => true,
        }
    }

    /// Whether goyaml puts quotes around it within braces or brackets though it is plain and no string: these make it
    /// one when kustomize reads what it has written.
    pub(super) fn needs_quotes_in_flow(&self) -> bool {
        match self.tag {
            Tag::Null => self.text.is_empty(),
            Tag::Timestamp => self.text.contains(':'),
            _ => false,
        }
    }

    /// The value of the scalar by goyaml.v3's rules.
    ///
    /// # Errors
    /// If the text is not what the tag promises, or the number is infinite or none.
    pub fn to_value(&self) -> Result<Value, ValueError> {
        let tag = match &self.tag {
            Tag::Str => return Ok(Value::String(self.written().into_owned())),
            // Where the text says by itself what the tag says, goyaml drops the tag, and the quotes make it a string.
            tag if self.is_quoted() && *tag == plain_tag(&self.text) => {
                return Ok(Value::String(self.text.clone()));
            }
            Tag::None if self.is_quoted() => {
                return Ok(Value::String(self.text.clone()));
            }
            Tag::None => None,
            Tag::Null => Some("!!null"),
            Tag::Bool => Some("!!bool"),
            Tag::Int => Some("!!int"),
            Tag::Float => Some("!!float"),
            Tag::Timestamp => Some("!!timestamp"),
            Tag::Binary => Some("!!binary"),
            Tag::Other(tag) => Some(&**tag),
        };
        let resolved =
            resolve(Schema::V3, tag, &self.text).map_err(|error| ValueError(error.message))?;
        Ok(match resolved {
            Resolved::Null => Value::Null,
            Resolved::Bool(b) => Value::Bool(b),
            Resolved::Int(n) => Value::Number(n.into()),
            Resolved::UInt(n) => Value::Number(n.into()),
            Resolved::Float(f) => Value::Number(float(f)?),
            Resolved::String(text) => Value::String(text),
            Resolved::Timestamp(text) => Value::String(rfc3339(&text)),
            Resolved::Binary(bytes) => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
        })
    }
}

/// A float as it comes back after Go wrote it as JSON: a whole number where that fits into 64 bits.
fn float(f: f64) -> Result<Number, ValueError> {
    const I64_END: f64 = 9_223_372_036_854_775_808.0;
    const U64_END: f64 = 18_446_744_073_709_551_616.0;
    if f.fract() == 0.0 && (-I64_END..U64_END).contains(&f) {
        // Go writes no more digits than tell the number from others, and zeros behind them.
        let text = format_float_json(f);
        if let Ok(n) = text.parse::<i64>() {
            return Ok(n.into());
        }
        if let Ok(n) = text.parse::<u64>() {
            return Ok(n.into());
        }
    }
    Number::from_f64(f).ok_or_else(|| {
        let text = if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        };
        ValueError(format!("json: unsupported value: {text}"))
    })
}

/// A timestamp as Go's `time.Time` writes itself: `2006-01-02T15:04:05.999999999Z07:00`.
fn rfc3339(text: &str) -> String {
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, "00:00:00"),
    };
    let two = |part: &str| format!("{part:0>2}");
    let date: Vec<String> = date.split('-').map(two).collect();
    let (time, zone) = match time.find(['Z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, "Z"),
    };
    let zone = if matches!(zone, "+00:00" | "-00:00") {
        "Z"
    } else {
        zone
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let time: Vec<String> = time.split(':').map(two).collect();
    // Go reads no more than nanoseconds.
    let fraction = fraction.get(..9).unwrap_or(fraction).trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!(
        "{}T{}{point}{fraction}{zone}",
        date.join("-"),
        time.join(":")
    )
}
