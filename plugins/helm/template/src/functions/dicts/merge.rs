//! Merging of maps, as dario.cat/mergo 1.0.1 does it.

use crate::functions::Failure;
use crate::text::Text;
use crate::value::{MAX_NESTING, Map, Type, Value};

/// Which values of the target give way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Overwrite {
    /// Those that are missing or empty: nil, false, 0, an empty text, list or map.
    Empty,
    /// All; also by an empty value or nil.
    All,
}

/// Puts the entries of `source` into `target`; maps that both have are merged in place.
pub(super) fn merge(target: &Map, source: &Map, overwrite: Overwrite) -> Result<(), Failure> {
    merge_at(target, source, overwrite, 0)
}

fn merge_at(target: &Map, source: &Map, overwrite: Overwrite, depth: usize) -> Result<(), Failure> {
    if depth > MAX_NESTING {
        return Err(format!("value nests deeper than {MAX_NESTING} levels").into());
    }
    if target.is_nil() {
        return Ok(());
    }
    for (key, new) in source.entries() {
        let old = target.get(&key);
        if matches!(new, Value::Nil) {
            if overwrite == Overwrite::All {
                put(target, key, new, source)?;
            }
            continue;
        }
        if let (Value::Map(new), Some(Value::Map(old))) = (&new, &old) {
            merge_at(old, new, overwrite, depth + 1)?;
            // Not empty now, even if it was before.
            if !old.is_empty() {
                continue;
            }
        }
        if overwrite == Overwrite::All || !old.is_some_and(|old| old.truth()) {
            put(target, key, new, source)?;
        }
    }
    Ok(())
}

/// What comes from a map of anything is itself anything, and fits into no map of one type.
fn put(target: &Map, key: Text, value: Value, source: &Map) -> Result<(), Failure> {
    let (wanted, found) = (target.element(), source.element());
    if wanted != Type::Any && wanted != found {
        return Err(format!(
            "reflect.Value.SetMapIndex: value of type {found} is not assignable to type {wanted}"
        )
        .into());
    }
    target.insert(key, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{List, Numbers};

    fn value(json: serde_json::Value) -> Value {
        Value::from_json(&json, Numbers::Float)
    }

    fn check(
        target: serde_json::Value,
        source: serde_json::Value,
        overwrite: Overwrite,
        expected: &str,
    ) {
        let (target, source) = (value(target), value(source));
        let map = |value: &Value| value.as_map().unwrap().clone();
        merge(&map(&target), &map(&source), overwrite).unwrap();
        assert_eq!(target.to_json().unwrap().to_string(), expected);
    }

    #[test]
    fn empty_values_give_way() {
        use serde_json::json;
        let empty = json!({"a": 0, "b": false, "c": null, "d": "", "e": [], "f": {}, "g": 1});
        let other = json!({"a": 1, "b": true, "c": 2, "d": "x", "e": [1], "f": {"x": 1}, "g": 2});
        check(
            empty,
            other,
            Overwrite::Empty,
            r#"{"a":1.0,"b":true,"c":2.0,"d":"x","e":[1.0],"f":{"x":1.0},"g":1.0}"#,
        );
    }

    #[test]
    fn all_values_give_way_where_asked_also_to_empty_ones() {
        use serde_json::json;
        check(
            json!({"a": 1, "b": {"x": 1, "y": 2}, "c": [1], "d": {"x": 1}, "e": 1}),
            json!({"a": 0, "b": {"x": null}, "c": [], "d": "s", "e": {}}),
            Overwrite::All,
            r#"{"a":0.0,"b":{"x":null,"y":2.0},"c":[],"d":"s","e":{}}"#,
        );
    }

    #[test]
    fn maps_of_the_source_are_shared_where_the_target_has_none() {
        let inner = Map::new();
        let source: Map = [("a", inner.clone())].into_iter().collect();
        let target = Map::new();
        merge(&target, &source, Overwrite::Empty).unwrap();
        inner.insert("late", Value::Int(1));
        assert_eq!(
            Value::Map(target).to_json().unwrap().to_string(),
            r#"{"a":{"late":1}}"#
        );
    }

    #[test]
    fn maps_that_hold_themselves_end() {
        let map = Map::new();
        map.insert("self", Value::Map(map.clone()));
        map.insert("list", List::new(vec![]));
        let other = Map::new();
        other.insert("self", Value::Map(other.clone()));
        assert!(merge(&map, &other, Overwrite::Empty).is_err());
        map.remove("self");
        other.remove("self");
    }
}
