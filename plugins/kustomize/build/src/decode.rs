//! JSON values into types, as Go's `encoding/json` and `sigs.k8s.io/yaml` do it.
//!
//! Field names are compared without regard to case, null is the same as nothing, and what is unknown is refused or
//! ignored by the caller's choice. Types derive `serde::Deserialize` with `#[serde(default)]` and name all their
//! fields themselves (no `flatten`).

use std::fmt;

use serde::de::{
    self, DeserializeOwned, DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};

/// What to do with fields that a type does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// They are errors, as in a kustomization.
    Refuse,
    /// They are left out, as in the configuration of a transformer.
    Ignore,
}

/// Why a value is not of a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DecodeError {
    /// What is wrong, in Go's words.
    pub message: String,
    /// Where: keys and indices from the outside in.
    pub path: Vec<String>,
    /// What may have been meant.
    pub hint: Option<String>,
}

impl DecodeError {
    /// The path with dots and brackets.
    pub fn field(&self) -> String {
        let mut text = String::new();
        for part in &self.path {
            if part.bytes().all(|c| c.is_ascii_digit()) {
                text.push_str(&format!("[{part}]"));
            } else {
                if !text.is_empty() {
                    text.push('.');
                }
                text.push_str(part);
            }
        }
        text
    }

    fn below(mut self, part: &str) -> Self {
        self.path.insert(0, part.to_owned());
        self
    }

    fn mismatch(value: &Value, wanted: &str) -> Self {
        de::Error::custom(format!(
            "json: cannot unmarshal {} into Go value of type {wanted}",
            kind(value)
        ))
    }
}

impl de::Error for DecodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
            path: Vec::new(),
            hint: None,
        }
    }
}

/// Reads a value as a type.
///
/// # Errors
/// If a field has the wrong type, or there is an unknown one and these are refused.
pub fn from_value<T: DeserializeOwned>(value: &Value, unknown: Unknown) -> Result<T, DecodeError> {
    T::deserialize(Decoder { value, unknown })
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[derive(Clone, Copy)]
struct Decoder<'a> {
    value: &'a Value,
    unknown: Unknown,
}

impl<'a> Decoder<'a> {
    fn with(self, value: &'a Value) -> Self {
        Self { value, ..self }
    }

    fn integer<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_i64(0),
            Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(n), _) => visitor.visit_i64(n),
                (None, Some(f)) if f.fract() == 0.0 && f.abs() < 9e15 => {
                    visitor.visit_i64(f as i64)
                }
                _ => Err(de::Error::custom(format!(
                    "json: cannot unmarshal number {number} into Go value of type int"
                ))),
            },
            other => Err(DecodeError::mismatch(other, "int")),
        }
    }
}

impl<'de> de::Deserializer<'de> for Decoder<'_> {
    type Error = DecodeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(b) => visitor.visit_bool(*b),
            Value::Number(number) => {
                if let Some(n) = number.as_u64() {
                    visitor.visit_u64(n)
                } else if let Some(n) = number.as_i64() {
                    visitor.visit_i64(n)
                } else {
                    visitor.visit_f64(number.as_f64().unwrap_or_default())
                }
            }
            Value::String(text) => visitor.visit_str(text),
            Value::Array(items) => visitor.visit_seq(Items::new(self, items)),
            Value::Object(map) => visitor.visit_map(Entries::new(self, map)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_bool(false),
            Value::Bool(b) => visitor.visit_bool(*b),
            other => Err(DecodeError::mismatch(other, "bool")),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_str(""),
            Value::String(text) => visitor.visit_str(text),
            // sigs.k8s.io/yaml knows the type that it reads into, `YAMLToJSON` does not.
            Value::Bool(b) if self.unknown == Unknown::Ignore => {
                visitor.visit_string(b.to_string())
            }
            Value::Number(number) if self.unknown == Unknown::Ignore => {
                visitor.visit_string(match number.as_f64() {
                    Some(f) if number.is_f64() => fleet_yaml::format_float_g(f),
                    _ => number.to_string(),
                })
            }
            other => Err(DecodeError::mismatch(other, "string")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_seq(Items::new(self, &[])),
            Value::Array(items) => visitor.visit_seq(Items::new(self, items)),
            other => Err(DecodeError::mismatch(other, "[]")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        match self.value {
            Value::Null => visitor.visit_map(Entries {
                decoder: self,
                entries: Vec::new().into_iter(),
                value: None,
            }),
            Value::Object(map) => visitor.visit_map(Entries::new(self, map)),
            other => Err(DecodeError::mismatch(other, "map")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DecodeError> {
        let map = match self.value {
            Value::Null => return visitor.visit_map(Entries::of(self, Vec::new())),
            Value::Object(map) => map,
            other => return Err(DecodeError::mismatch(other, name)),
        };
        let mut entries: Vec<(&str, &Value)> = Vec::with_capacity(map.len());
        for (key, value) in map {
            let exact = fields.iter().find(|field| **field == key);
            let field =
                exact.or_else(|| fields.iter().find(|field| field.eq_ignore_ascii_case(key)));
            let Some(field) = field else {
                if self.unknown == Unknown::Refuse {
                    return Err(unknown_field(key, fields));
                }
                continue;
            };
            if value.is_null() {
                continue;
            }
            match entries.iter_mut().find(|(name, _)| name == field) {
                Some(entry) => entry.1 = value,
                None => entries.push((field, value)),
            }
        }
        visitor.visit_map(Entries::of(self, entries))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        visitor.visit_unit()
    }

    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.integer(visitor)
    }

    fn deserialize_i32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, DecodeError> {
        self.integer(visitor)
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier
    }
}

fn unknown_field(key: &str, fields: &[&str]) -> DecodeError {
    let nearest = fields
        .iter()
        .map(|field| (distance(&key.to_lowercase(), &field.to_lowercase()), field))
        .min()
        .filter(|(distance, _)| *distance <= 2);
    DecodeError {
        message: format!("json: unknown field \"{key}\""),
        path: vec![key.to_owned()],
        hint: nearest.map(|(_, field)| format!("did you mean `{field}`?")),
    }
}

/// How many letters must be added, removed or changed to make one word of the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (n, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = n + 1;
        for (m, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[m + 1];
            row[m + 1] = change.min(row[m] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

struct Items<'a> {
    decoder: Decoder<'a>,
    items: std::slice::Iter<'a, Value>,
    index: usize,
}

impl<'a> Items<'a> {
    fn new(decoder: Decoder<'a>, items: &'a [Value]) -> Self {
        Self {
            decoder,
            items: items.iter(),
            index: 0,
        }
    }
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = DecodeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DecodeError> {
        let Some(value) = self.items.next() else {
            return Ok(None);
        };
        let index = self.index;
        self.index += 1;
        seed.deserialize(self.decoder.with(value))
            .map(Some)
            .map_err(|error| error.below(&index.to_string()))
    }
}

struct Entries<'a> {
    decoder: Decoder<'a>,
    entries: std::vec::IntoIter<(&'a str, &'a Value)>,
    value: Option<(&'a str, &'a Value)>,
}

impl<'a> Entries<'a> {
    fn new(decoder: Decoder<'a>, map: &'a Map<String, Value>) -> Self {
        let entries: Vec<_> = map
            .iter()
            .map(|(key, value)| (key.as_str(), value))
            .collect();
        Self::of(decoder, entries)
    }

    fn of(decoder: Decoder<'a>, entries: Vec<(&'a str, &'a Value)>) -> Self {
        Self {
            decoder,
            entries: entries.into_iter(),
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = DecodeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DecodeError> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some((key, value));
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, DecodeError> {
        let (key, value) = self
            .value
            .take()
            .ok_or_else(|| de::Error::custom("a value was asked for before its key"))?;
        seed.deserialize(self.decoder.with(value)).map_err(|error| {
            // An unknown field names itself already.
            error.below(key)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct Sample {
        name_prefix: String,
        count: i64,
        labels: BTreeMap<String, String>,
        items: Vec<Item>,
        option: Option<Item>,
        any: Value,
    }

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Item {
        name: String,
        on: bool,
    }

    #[test]
    fn names_are_compared_without_case_and_null_is_nothing() {
        let value = json!({
            "nameprefix": "a-", "Count": 3, "labels": {"a": null}, "items": [{"NAME": "x"}, null],
            "option": null, "any": {"x": [1, "y"]},
        });
        let sample: Sample = from_value(&value, Unknown::Refuse).unwrap();
        assert_eq!(
            sample,
            Sample {
                name_prefix: "a-".to_owned(),
                count: 3,
                labels: BTreeMap::from([("a".to_owned(), String::new())]),
                items: vec![
                    Item {
                        name: "x".to_owned(),
                        on: false
                    },
                    Item::default()
                ],
                option: None,
                any: json!({"x": [1, "y"]}),
            }
        );
    }

    #[test]
    fn errors_name_the_field() {
        let check = |value: Value, field: &str, message: &str| {
            let error = from_value::<Sample>(&value, Unknown::Refuse).unwrap_err();
            assert_eq!(
                (error.field().as_str(), error.message.as_str()),
                (field, message)
            );
        };
        check(
            json!({"items": [{}, {"nmae": 1}]}),
            "items[1].nmae",
            "json: unknown field \"nmae\"",
        );
        check(
            json!({"namePrefix": 5}),
            "namePrefix",
            "json: cannot unmarshal number into Go value of type string",
        );
        check(
            json!({"items": {}}),
            "items",
            "json: cannot unmarshal object into Go value of type []",
        );
        let error = from_value::<Sample>(&json!({"namePrefx": ""}), Unknown::Refuse).unwrap_err();
        assert_eq!(error.hint.as_deref(), Some("did you mean `namePrefix`?"));
    }

    #[test]
    fn numbers_become_text_where_the_type_is_known() {
        let value = json!({"namePrefix": 1.5, "labels": {"a": 1, "b": true}, "other": 1});
        let sample: Sample = from_value(&value, Unknown::Ignore).unwrap();
        assert_eq!(sample.name_prefix, "1.5");
        assert_eq!(sample.labels["a"], "1");
        assert_eq!(sample.labels["b"], "true");
    }
}
