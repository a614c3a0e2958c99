//! YAML into typed fields as `sigs.k8s.io/yaml` with `encoding/json` does it.
//!
//! Keys fit in any case. A scalar where a string is wanted becomes one (`version: 1.10` is `"1.1"`).
//! `null` leaves a field as it was. What has the wrong type is told in Go's words.

use fleet_template::value::MAX_NESTING;
use fleet_yaml::Duplicates;
use serde_json::{Map, Value};

/// Why a text could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DecodeError {
    /// What `yaml.Unmarshal` says.
    pub(crate) message: String,
    /// Line, 1-based; 0 if unknown.
    pub(crate) line: u32,
    /// Column, 1-based; 0 if unknown.
    pub(crate) column: u32,
}

impl From<fleet_yaml::Error> for DecodeError {
    fn from(error: fleet_yaml::Error) -> Self {
        Self {
            message: format!("error converting YAML to JSON: {}", error.message),
            line: error.line,
            column: error.column,
        }
    }
}

impl From<TypeError> for DecodeError {
    fn from(error: TypeError) -> Self {
        Self {
            message: format!("error unmarshaling JSON: while decoding JSON: {}", error.0),
            line: 0,
            column: 0,
        }
    }
}

/// A value that does not fit its field, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeError(String);

/// The first document of a text, as JSON; not deeper than template values may be.
pub(crate) fn document(text: &str) -> Result<Value, DecodeError> {
    let value = fleet_yaml::from_str(text, Duplicates::LastWins)?;
    if is_deeper_than(&value, MAX_NESTING) {
        return Err(DecodeError {
            message: format!("value nests deeper than {MAX_NESTING} levels"),
            line: 0,
            column: 0,
        });
    }
    Ok(value)
}

fn is_deeper_than(value: &Value, limit: usize) -> bool {
    let mut level = vec![value];
    for _ in 0..=limit {
        let mut below = Vec::new();
        for value in level {
            match value {
                Value::Array(items) => below.extend(items),
                Value::Object(map) => below.extend(map.values()),
                _ => {}
            }
        }
        if below.is_empty() {
            return false;
        }
        level = below;
    }
    true
}

/// A mapping whose keys are the fields of a Go struct.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'v> {
    map: Option<&'v Map<String, Value>>,
    /// The name of the struct and of the fields that lead here.
    path: String,
}

impl<'v> Fields<'v> {
    /// The fields of the struct `package.Name` that `value` is decoded into; `null` has none.
    pub(crate) fn of(value: &'v Value, go_type: &str) -> Result<Self, TypeError> {
        let map = match value {
            Value::Null => None,
            Value::Object(map) => Some(map),
            other => {
                return Err(TypeError(format!(
                    "json: cannot unmarshal {} into Go value of type {go_type}",
                    kind(other)
                )));
            }
        };
        let (_, name) = go_type.rsplit_once('.').unwrap_or(("", go_type));
        Ok(Self {
            map,
            path: name.to_owned(),
        })
    }

    /// The value of a field that is there and not `null`.
    fn get(&self, field: &str) -> Option<&'v Value> {
        let mut found = None;
        for (key, value) in self.map.into_iter().flatten() {
            if key.eq_ignore_ascii_case(field) && !value.is_null() {
                found = Some(value);
            }
        }
        found
    }

    fn wrong(&self, field: &str, value: &Value, go_type: &str) -> TypeError {
        TypeError(format!(
            "json: cannot unmarshal {} into Go struct field {}.{field} of type {go_type}",
            kind(value),
            self.path
        ))
    }

    /// A `string` field; empty if it is not there.
    pub(crate) fn string(&self, field: &str) -> Result<String, TypeError> {
        match self.get(field) {
            None => Ok(String::new()),
            Some(value) => text(value).ok_or_else(|| self.wrong(field, value, "string")),
        }
    }

    /// A `bool` field; false if it is not there.
    pub(crate) fn boolean(&self, field: &str) -> Result<bool, TypeError> {
        match self.get(field) {
            None => Ok(false),
            Some(Value::Bool(b)) => Ok(*b),
            Some(value) => Err(self.wrong(field, value, "bool")),
        }
    }

    /// A slice; `None` if it is not there.
    pub(crate) fn list(
        &self,
        field: &str,
        go_type: &str,
    ) -> Result<Option<&'v [Value]>, TypeError> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(value) => Err(self.wrong(field, value, go_type)),
        }
    }

    /// A `[]string` field.
    pub(crate) fn strings(&self, field: &str) -> Result<Vec<String>, TypeError> {
        let items = self.list(field, "[]string")?.unwrap_or_default();
        let string = |item: &Value| match item {
            Value::Null => Ok(String::new()),
            item => text(item).ok_or_else(|| self.wrong(field, item, "string")),
        };
        items.iter().map(string).collect()
    }

    /// A `map[string]string` field; `None` if it is not there.
    pub(crate) fn string_map(
        &self,
        field: &str,
    ) -> Result<Option<Vec<(String, String)>>, TypeError> {
        let map = match self.get(field) {
            None => return Ok(None),
            Some(Value::Object(map)) => map,
            Some(value) => return Err(self.wrong(field, value, "map[string]string")),
        };
        let pair = |(key, value): (&String, &Value)| {
            let value = match value {
                Value::Null => String::new(),
                value => text(value).ok_or_else(|| self.wrong(field, value, "string"))?,
            };
            Ok((key.clone(), value))
        };
        map.iter().map(pair).collect::<Result<_, _>>().map(Some)
    }

    /// A field that is a struct itself; `None` if it is not there.
    pub(crate) fn fields(&self, field: &str, go_type: &str) -> Result<Option<Self>, TypeError> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(self.below(field, map))),
            Some(value) => Err(self.wrong(field, value, go_type)),
        }
    }

    /// A slice of structs; an item that is `null` is `None`.
    pub(crate) fn structs(
        &self,
        field: &str,
        go_type: &str,
    ) -> Result<Option<Vec<Option<Self>>>, TypeError> {
        let Some(items) = self.list(field, &format!("[]*{go_type}"))? else {
            return Ok(None);
        };
        let item = |item: &'v Value| match item {
            Value::Null => Ok(None),
            Value::Object(map) => Ok(Some(self.below(field, map))),
            item => Err(self.wrong(field, item, go_type)),
        };
        items.iter().map(item).collect::<Result<_, _>>().map(Some)
    }

    fn below(&self, field: &str, map: &'v Map<String, Value>) -> Self {
        Self {
            map: Some(map),
            path: format!("{}.{field}", self.path),
        }
    }
}

/// The string that a scalar becomes where a string is wanted.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(b) => Some(b.to_string()),
        Value::Number(n) => Some(match n.as_f64() {
            Some(f) if n.is_f64() => fleet_yaml::format_float_g(f),
            _ => n.to_string(),
        }),
        _ => None,
    }
}

/// What `encoding/json` calls the kind of a value.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_become_strings_where_strings_are_wanted() {
        let value =
            document("A: 1.10\nb: 1000000.0\nC: yes\nd: [1, x]\ne: {x: 1, z: null}\n").unwrap();
        let fields = Fields::of(&value, "v2.Metadata").unwrap();
        assert_eq!(fields.string("a").unwrap(), "1.1");
        assert_eq!(fields.string("b").unwrap(), "1e+06");
        assert_eq!(fields.string("c").unwrap(), "true");
        assert_eq!(fields.strings("d").unwrap(), ["1", "x"]);
        let map = fields.string_map("e").unwrap().unwrap();
        assert_eq!(map, [("x".into(), "1".into()), ("z".into(), String::new())]);
    }

    #[test]
    fn wrong_types_are_told_as_go_does() {
        let check = |yaml: &str, expected: &str| {
            let value = document(yaml).unwrap();
            let error = Fields::of(&value, "v2.Metadata")
                .and_then(|fields| fields.string("name").and(fields.boolean("deprecated")))
                .unwrap_err();
            assert_eq!(error.0, expected, "{yaml}");
        };
        check(
            "[]",
            "json: cannot unmarshal array into Go value of type v2.Metadata",
        );
        check(
            "name: {}",
            "json: cannot unmarshal object into Go struct field Metadata.name of type string",
        );
        check(
            "deprecated: x",
            "json: cannot unmarshal string into Go struct field Metadata.deprecated of type bool",
        );
    }
}
