//! Between template values and JSON.

use std::borrow::Cow;

use fleet_yaml::{Duplicates, Make};
use serde_json::Value as Json;

use super::{List, Map, Value, visit};
use crate::functions::Failure;

/// What whole numbers of JSON become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// `float64`, as for everything that Helm reads from YAML or JSON
    Float,
    /// `int64`, as for values given with `--set`
    Int64,
}

impl Value {
    /// The template value of a JSON value.
    pub fn from_json(json: &Json, numbers: Numbers) -> Self {
        match json {
            Json::Null => Self::Nil,
            Json::Bool(b) => Self::Bool(*b),
            Json::Number(n) => match (numbers, n.as_i64()) {
                (Numbers::Int64, Some(n)) => Self::Int64(n),
                _ => Self::Float(n.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Self::from(text.as_str()),
            Json::Array(items) => {
                let items = items.iter().map(|item| Self::from_json(item, numbers));
                Self::List(List::new(items.collect()))
            }
            Json::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| (key.as_str(), Self::from_json(value, numbers)));
                Self::Map(entries.collect())
            }
        }
    }

    /// The template value of a YAML document whose numbers are `float64`; `None` unless it is written as most are.
    pub fn from_common_yaml(text: &str) -> Option<Self> {
        fleet_yaml::read_common(text, Duplicates::LastWins, &Values)
    }

    /// The JSON that Go's `encoding/json` would write, as a value.
    ///
    /// # Errors
    /// In Go's words for what JSON cannot say; and if the value is too deep or too large.
    pub fn to_json(&self) -> Result<Json, Failure> {
        to_json(self, 0, &mut 0)
    }
}

/// Makes template values.
struct Values;

impl Make<'_> for Values {
    type Value = Value;

    fn null(&self) -> Value {
        Value::Nil
    }

    fn bool(&self, b: bool) -> Value {
        Value::Bool(b)
    }

    fn int(&self, n: i64) -> Value {
        Value::Float(n as f64)
    }

    fn uint(&self, n: u64) -> Value {
        Value::Float(n as f64)
    }

    fn float(&self, f: f64) -> Value {
        Value::Float(f)
    }

    fn string(&self, text: Cow<'_, str>) -> Value {
        Value::from(&*text)
    }

    fn array(&self, items: Vec<Value>) -> Value {
        Value::List(List::new(items))
    }

    fn object(&self, entries: Vec<(Cow<'_, str>, Value)>) -> Value {
        Value::Map(entries.into_iter().collect())
    }
}

fn to_json(value: &Value, depth: usize, n_visited: &mut usize) -> Result<Json, Failure> {
    visit(depth, n_visited)?;
    Ok(match value {
        Value::Nil => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(n) | Value::Int64(n) => (*n).into(),
        Value::Int32(n) => (*n).into(),
        Value::Uint8(n) => (*n).into(),
        Value::Uint64(n) => (*n).into(),
        Value::Float(f) => match serde_json::Number::from_f64(*f) {
            Some(n) => Json::Number(n),
            None => {
                let name = match f {
                    f if f.is_nan() => "NaN",
                    f if *f > 0.0 => "+Inf",
                    _ => "-Inf",
                };
                return Err(Failure::new(format!("json: unsupported value: {name}")));
            }
        },
        Value::String(text) => Json::String(text.to_str().into_owned()),
        Value::Bytes(bytes) => {
            use base64::Engine as _;
            Json::String(base64::engine::general_purpose::STANDARD.encode(bytes))
        }
        Value::List(list) if list.is_nil() => Json::Null,
        Value::List(list) => {
            let items = list.iter().map(|item| to_json(item, depth + 1, n_visited));
            Json::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Map(map) if map.is_nil() => Json::Null,
        Value::Map(map) => {
            let mut object = serde_json::Map::new();
            for (key, value) in map_entries(map) {
                object.insert(key, to_json(&value, depth + 1, n_visited)?);
            }
            Json::Object(object)
        }
        Value::Object(object) => object.json()?,
    })
}

fn map_entries(map: &Map) -> impl Iterator<Item = (String, Value)> {
    map.entries()
        .into_iter()
        .map(|(key, value)| (key.to_str().into_owned(), value))
}
