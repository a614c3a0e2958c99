//! JSON patches (RFC 6902) as kustomize applies them.
//!
//! Kustomize hands an object as JSON to evanphx/json-patch 4.12 and reads the result back as a map of Go values: all
//! numbers become floats, negative indices count from the end, `replace` also adds, and null is as good as nothing
//! on the way to a field.

use std::fmt;

use fleet_yaml::Duplicates;
use serde_json::Value;

use crate::node::Node;

mod json;
mod pointer;

/// Operations in the order in which they are applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    operations: Vec<Operation>,
}

/// Why a patch cannot be read or applied, in the words of kustomize.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

#[derive(Clone, Debug, PartialEq)]
struct Operation {
    kind: String,
    path: Text,
    from: Text,
    value: Option<Node>,
}

/// A field of an operation that has to be text.
#[derive(Clone, Debug, PartialEq)]
enum Text {
    Missing,
    /// Something else, named as Go does.
    Not(&'static str),
    Is(String),
}

impl Patch {
    /// Reads a patch: JSON if it begins with `[`, else YAML, of which the first document counts.
    ///
    /// # Errors
    /// If the text is neither, or no list of objects.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.is_empty() {
            return error("empty json patch operations");
        }
        let value = if text.starts_with('[') {
            serde_json::from_str(text).map_err(|error| Error(error.to_string()))?
        } else {
            fleet_yaml::from_str(text, Duplicates::LastWins)
                .map_err(|error| Error(error.to_string()))?
        };
        let operations = match value {
            Value::Null => Vec::new(),
            Value::Array(items) => items
                .into_iter()
                .map(Operation::read)
                .collect::<Result<_, _>>()?,
            other => return mismatch(&other, "jsonpatch.Patch"),
        };
        Ok(Self { operations })
    }

    /// Whether the patch has no operations.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// Changes an object; what is left of it after an error is of no use.
    ///
    /// # Errors
    /// If an operation does not apply or a test fails.
    pub fn apply(&self, object: &mut Node) -> Result<(), Error> {
        json::settle(object)?;
        for operation in &self.operations {
            operation.apply(object)?;
        }
        match object {
            Node::Mapping(_) => Ok(()),
            other => mismatch(
                &other.to_value().unwrap_or_default(),
                "map[string]interface {}",
            ),
        }
    }
}

impl Operation {
    fn read(value: Value) -> Result<Self, Error> {
        let mut fields = match value {
            Value::Null => serde_json::Map::new(),
            Value::Object(fields) => fields,
            other => return mismatch(&other, "jsonpatch.Operation"),
        };
        let kind = match fields.remove("op") {
            Some(Value::String(kind)) => kind,
            _ => "unknown".to_owned(),
        };
        Ok(Self {
            kind,
            path: Text::read(fields.remove("path")),
            from: Text::read(fields.remove("from")),
            value: fields.remove("value").map(|value| json::node(&value)),
        })
    }

    fn apply(&self, object: &mut Node) -> Result<(), Error> {
        match self.kind.as_str() {
            "add" => self.add(object),
            "remove" => self.remove(object),
            "replace" => self.replace(object),
            "move" => self.move_from(object),
            "copy" => self.copy(object),
            "test" => self.test(object),
            other => error(format!("Unexpected kind: {other}")),
        }
    }

    fn value(&self) -> Node {
        self.value.clone().unwrap_or_else(Node::null)
    }

    /// The path; `add`, `remove` and `copy` do not tell what is wrong with it.
    fn path(&self) -> Result<&str, Error> {
        let why = match (&self.path, self.kind.as_str()) {
            (Text::Is(path), _) => return Ok(path),
            (_, "add" | "remove" | "copy") => "missing value".to_owned(),
            (Text::Missing, _) => "operation missing path field: missing value".to_owned(),
            (Text::Not(what), _) => not_text(what),
        };
        error(format!(
            "{} operation failed to decode path: {why}",
            self.kind
        ))
    }

    fn from(&self) -> Result<&str, Error> {
        let why = match &self.from {
            Text::Is(from) => return Ok(from),
            Text::Missing => "operation, missing from field: missing value".to_owned(),
            Text::Not(what) => not_text(what),
        };
        error(format!(
            "{} operation failed to decode from: {why}",
            self.kind
        ))
    }

    fn does_not_apply<T>(&self, what: &str, path: impl fmt::Display) -> Result<T, Error> {
        error(format!(
            "{} operation does not apply: {what}: {path}: missing value",
            self.kind
        ))
    }

    fn add(&self, object: &mut Node) -> Result<(), Error> {
        let path = self.path()?;
        let Some((container, key)) = pointer::find(object, path) else {
            return self.does_not_apply("doc is missing path", format_args!("\"{path}\""));
        };
        let added = pointer::add(container, &key, self.value());
        added.map_err(|why| Error(format!("error in add for path: '{path}': {why}")))
    }

    fn remove(&self, object: &mut Node) -> Result<(), Error> {
        let path = self.path()?;
        let Some((container, key)) = pointer::find(object, path) else {
            return self.does_not_apply("doc is missing path", format_args!("\"{path}\""));
        };
        let removed = pointer::remove(container, &key);
        removed.map_err(|why| Error(format!("error in remove for path: '{path}': {why}")))
    }

    fn replace(&self, object: &mut Node) -> Result<(), Error> {
        let path = self.path()?;
        if path.is_empty() {
            // A value that is no object and no list changes nothing, and is no error.
            if let Some(value @ (Node::Mapping(_) | Node::Sequence(_))) = &self.value {
                *object = value.clone();
            }
            return Ok(());
        }
        let Some((container, key)) = pointer::find(object, path) else {
            return self.does_not_apply("doc is missing path", path);
        };
        match container {
            Node::Mapping(mapping) => mapping.set(&key, self.value()),
            _ => match pointer::get_mut(container, &key) {
                Ok(Some(place)) => *place = self.value(),
                _ => return self.does_not_apply("doc is missing key", path),
            },
        }
        Ok(())
    }

    fn move_from(&self, object: &mut Node) -> Result<(), Error> {
        let from = self.from()?;
        let Some((container, key)) = pointer::find(object, from) else {
            return self.does_not_apply("doc is missing from path", from);
        };
        let moved = pointer::get_mut(container, &key)
            .map(|value| value.cloned())
            .and_then(|value| pointer::remove(container, &key).map(|()| value))
            .map_err(|why| Error(format!("error in move for path: '{key}': {why}")))?;
        let path = self.path()?;
        let Some((container, key)) = pointer::find(object, path) else {
            return self.does_not_apply("doc is missing destination path", path);
        };
        let added = pointer::add(container, &key, moved.unwrap_or_else(Node::null));
        added.map_err(|why| Error(format!("error in move for path: '{path}': {why}")))
    }

    fn copy(&self, object: &mut Node) -> Result<(), Error> {
        let from = self.from()?;
        let Some((container, key)) = pointer::find(object, from) else {
            return self.does_not_apply("doc is missing from path", from);
        };
        let copied = pointer::get_mut(container, &key)
            .map_err(|why| Error(format!("error in copy for from: '{from}': {why}")))?
            .cloned();
        let path = self.path()?;
        let Some((container, key)) = pointer::find(object, path) else {
            return self.does_not_apply("doc is missing destination path", path);
        };
        let added = pointer::add(container, &key, copied.unwrap_or_else(Node::null));
        added.map_err(|why| Error(format!("error while adding value during copy: {why}")))
    }

    fn test(&self, object: &mut Node) -> Result<(), Error> {
        let path = self.path()?;
        let own = if path.is_empty() {
            Some(object)
        } else {
            let Some((container, key)) = pointer::find(object, path) else {
                return self.does_not_apply("is missing path", path);
            };
            pointer::get_mut(container, &key)
                .map_err(|why| Error(format!("error in test for path: '{path}': {why}")))?
        };
        let own = own.filter(|own| !own.is_null());
        let wanted = self.value.as_ref().filter(|value| !value.is_null());
        let same = match (own, wanted) {
            (None, None) => true,
            (Some(own), Some(wanted)) => json::same(own, wanted),
            _ => false,
        };
        if same {
            return Ok(());
        }
        error(format!("testing value {path} failed: test failed"))
    }
}

impl Text {
    fn read(value: Option<Value>) -> Self {
        match value {
            None | Some(Value::Null) => Self::Missing,
            Some(Value::String(text)) => Self::Is(text),
            Some(other) => Self::Not(json::kind(&other)),
        }
    }
}

fn not_text(what: &str) -> String {
    format!("json: cannot unmarshal {what} into Go value of type string")
}

fn mismatch<T>(value: &Value, wanted: &str) -> Result<T, Error> {
    let what = json::kind(value);
    error(format!(
        "json: cannot unmarshal {what} into Go value of type {wanted}"
    ))
}

fn error<T>(text: impl Into<String>) -> Result<T, Error> {
    Err(Error(text.into()))
}

#[cfg(test)]
mod tests;
