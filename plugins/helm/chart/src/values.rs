//! Values: read from YAML, merged, set, and coalesced with those of charts.

pub(crate) mod coalesce;
mod set;

use fleet_template::value::{Map, Numbers, Value};
use memchr::memmem;

use crate::decode::{DecodeError, Fields, document};
use crate::error::Error;

pub(crate) use set::{Kind as SetKind, set};

/// Reads values files, later ones over earlier ones, as `helm template -f` does.
///
/// # Errors
/// If a file is no YAML or no mapping; `files` names each for that.
pub fn read_values<'f>(
    files: impl IntoIterator<Item = (&'f str, &'f str)>,
) -> Result<serde_json::Value, Error> {
    let mut values = Map::new();
    for (name, text) in files {
        let failed = |message| Error::ValuesFile {
            file: name.to_owned(),
            message,
        };
        let read = parse(text).map_err(|error| failed(error.message))?;
        values = merge(&values, &read);
    }
    Value::Map(values)
        .to_json()
        .map_err(|failure| Error::limit("values", failure.message))
}

/// Reads a values file: one or more documents, merged in their order.
pub(crate) fn parse(text: &str) -> Result<Map, DecodeError> {
    let mut values = Map::new();
    for (line, text) in documents(text) {
        let moved = |mut error: DecodeError| {
            error.message = format!("cannot unmarshal yaml document: {}", error.message);
            if error.line > 0 {
                error.line += line - 1;
            }
            error
        };
        let value = match Value::from_common_yaml(text) {
            Some(value @ (Value::Map(_) | Value::Nil)) => value,
            _ => {
                let value = document(text).map_err(moved)?;
                Fields::of(&value, "map[string]interface {}")
                    .map_err(|error| moved(error.into()))?;
                Value::from_json(&value, Numbers::Float)
            }
        };
        if let Value::Map(map) = value {
            values = match values.is_empty() {
                true => map,
                false => merge(&values, &map),
            };
        }
    }
    Ok(values)
}

/// Takes a text apart at lines that are nothing but `---`, each part with its first line (1-based).
fn documents(text: &str) -> Vec<(u32, &str)> {
    if memmem::find(text.as_bytes(), b"---").is_none() {
        return Vec::from_iter((!text.is_empty()).then_some((1, text)));
    }
    let mut parts = Vec::new();
    let (mut start, mut start_line, mut at) = (0, 1, 0);
    for (n, line) in (1u32..).zip(text.split_inclusive('\n')) {
        let ends = line
            .strip_prefix("---")
            .is_some_and(|rest| rest.trim().is_empty());
        if ends && at > start {
            parts.push((start_line, &text[start..at]));
            (start, start_line) = (at + line.len(), n + 1);
        }
        at += line.len();
    }
    if start < at {
        parts.push((start_line, &text[start..]));
    }
    parts
}

/// Merges `over` over `base`: maps key by key, everything else is replaced. Neither changes.
pub(crate) fn merge(base: &Map, over: &Map) -> Map {
    let merged: Map = base.entries().into_iter().collect();
    for (key, value) in over.entries() {
        let both = match (merged.get(&key), &value) {
            (Some(Value::Map(base)), Value::Map(over)) => Some(merge(&base, over)),
            _ => None,
        };
        merged.insert(key, both.map_or(value, Value::Map));
    }
    merged
}

/// Looks a dotted path up; the value of a key that leads through maps only.
pub(crate) fn table(values: &Map, path: &str) -> Option<Map> {
    let mut table = values.clone();
    for name in path.split('.') {
        table = match table.get(name) {
            Some(Value::Map(map)) => map,
            _ => return None,
        };
    }
    Some(table)
}

/// A value that is no table, by its dotted path, as `Values.PathValue` gives it.
pub(crate) fn scalar(values: &Map, path: &str) -> Option<Value> {
    let (table, key) = match path.rsplit_once('.') {
        Some((path, key)) => (self::table(values, path)?, key),
        None => (values.clone(), path),
    };
    table
        .get(key)
        .filter(|value| !matches!(value, Value::Map(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(map: &Map) -> serde_json::Value {
        Value::Map(map.clone()).to_json().unwrap()
    }

    #[test]
    fn documents_of_a_values_file_are_merged() {
        let text =
            "# c\n---\na: {x: 1, z: 1}\n---  \n\n---\na: {z: 2}\nb:\n--- # no separator\nc: 1\n";
        let values = parse(text).unwrap();
        assert_eq!(
            json(&values),
            serde_json::json!({"a": {"x": 1.0, "z": 2.0}, "b": null})
        );
    }

    #[test]
    fn numbers_of_values_are_floats() {
        let values = parse("x: 1\n").unwrap();
        assert!(matches!(values.get("x"), Some(Value::Float(1.0))));
    }

    #[test]
    fn what_is_no_mapping_is_refused_with_its_line() {
        let error = parse("a: 1\n---\nb: [\n").err().unwrap();
        assert_eq!(error.line, 4, "{error:?}");
        assert!(error.message.starts_with(
            "cannot unmarshal yaml document: error converting YAML to JSON: yaml: line "
        ));
        let error = parse("text").err().unwrap();
        assert_eq!(
            error.message,
            "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal \
             string into Go value of type map[string]interface {}"
        );
    }

    #[test]
    fn paths_lead_through_tables() {
        let values = parse("a: {b: {c: true}, d: 1}\n").unwrap();
        assert!(table(&values, "a.b").is_some() && table(&values, "a.d").is_none());
        assert!(matches!(scalar(&values, "a.b.c"), Some(Value::Bool(true))));
        assert!(scalar(&values, "a.b").is_none() && scalar(&values, "x.y").is_none());
    }
}
