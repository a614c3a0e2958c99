//! An OpenAPI document that a kustomization brings.

use std::collections::HashMap;
use std::rc::Rc;

use fleet_yaml::Duplicates;
use serde_json::Value;

use super::{Error, Layer, Type, known};

/// The most references that lead from one to the next.
const MAX_REFERENCES: usize = 100;

/// A document with its kinds found.
#[derive(Clone, Debug)]
pub(super) struct Document(Rc<Parsed>);

#[derive(Debug)]
struct Parsed {
    root: Value,
    kinds: HashMap<(String, String), String>,
    scopes: HashMap<(String, String), bool>,
}

impl Document {
    /// Reads JSON or YAML.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let root = if text.starts_with('{') {
            serde_json::from_str(text).map_err(|error| Error::Invalid(error.to_string()))?
        } else {
            fleet_yaml::from_str(text, Duplicates::LastWins)
                .map_err(|error| Error::Invalid(error.to_string()))?
        };
        if !root.is_object() {
            let message = "json: cannot unmarshal a value that is no object into a schema";
            return Err(Error::Invalid(message.to_owned()));
        }
        let mut kinds = HashMap::new();
        for (name, definition) in entries(root.get("definitions")) {
            if let Some(Value::Array(list)) = definition.get("x-kubernetes-group-version-kind") {
                for kind in list.iter().filter_map(api_kind) {
                    kinds.insert(kind, name.to_owned());
                }
            }
        }
        let mut scopes = HashMap::new();
        for (path, item) in entries(root.get("paths")) {
            let kind = item.pointer("/get/x-kubernetes-group-version-kind");
            if let Some(kind) = kind.and_then(api_kind) {
                *scopes.entry(kind).or_insert(false) |= path.contains("namespaces/{namespace}");
            }
        }
        Ok(Self(Rc::new(Parsed {
            root,
            kinds,
            scopes,
        })))
    }

    /// The type of a kind; what it refers to is looked for in all the layers.
    pub(super) fn of_kind(
        &self,
        api_version: &str,
        kind: &str,
        layers: &Rc<Vec<Layer>>,
    ) -> Option<Schema> {
        let name = self
            .0
            .kinds
            .get(&(api_version.to_owned(), kind.to_owned()))?;
        Some(Schema {
            layers: Rc::clone(layers),
            document: self.clone(),
            path: vec!["definitions".into(), name.as_str().into()],
        })
    }

    fn has_definition(&self, name: &str) -> bool {
        let definitions = self.0.root.get("definitions");
        definitions.is_some_and(|definitions| definitions.get(name).is_some())
    }

    pub(super) fn namespaced(&self, api_version: &str, kind: &str) -> Option<bool> {
        let key = (api_version.to_owned(), kind.to_owned());
        self.0.scopes.get(&key).copied()
    }
}

/// A schema somewhere in a document.
#[derive(Clone, Debug)]
pub(super) struct Schema {
    layers: Rc<Vec<Layer>>,
    document: Document,
    /// Keys from the root.
    path: Vec<Rc<str>>,
}

impl Schema {
    fn at(&self, keys: &[&str]) -> Self {
        let mut schema = self.clone();
        schema.path.extend(keys.iter().map(|key| Rc::from(*key)));
        schema
    }

    fn value(&self) -> Option<&Value> {
        self.path
            .iter()
            .try_fold(&self.document.0.root, |value, key| value.get(&**key))
    }

    /// Follows references; `None` if one leads nowhere.
    fn resolved(mut self) -> Option<Type> {
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = self.value()?.get("$ref").and_then(Value::as_str) else {
                return Some(Type::custom(self));
            };
            let pointer = reference.split_once('#')?.1.strip_prefix('/')?;
            let unescape = |key: &str| Rc::from(key.replace("~1", "/").replace("~0", "~"));
            let path: Vec<Rc<str>> = pointer.split('/').map(unescape).collect();
            let ["definitions", name] = [&**path.first()?, &**path.get(1)?] else {
                return None;
            };
            let document = match self.definition(name)? {
                Definition::Known(known) if path.len() == 2 => return Some(Type::known(known)),
                Definition::Known(_) => return None,
                Definition::In(document) => document,
            };
            self.document = document;
            self.path = path;
        }
        None
    }

    /// Where a definition is: the last layer that has it counts.
    fn definition(&self, name: &str) -> Option<Definition> {
        let mut layers = self.layers.iter().rev();
        layers.find_map(|layer| match layer {
            Layer::Builtin => known::definition(name).map(Definition::Known),
            Layer::Custom(document) if document.has_definition(name) => {
                Some(Definition::In(document.clone()))
            }
            Layer::Custom(_) => None,
        })
    }

    pub(super) fn field(&self, name: &str) -> Option<Type> {
        let value = self.value()?;
        let own = value.get("properties").and_then(|fields| fields.get(name));
        let field = if own.is_some() {
            self.at(&["properties", name])
        } else if value
            .get("additionalProperties")
            .is_some_and(Value::is_object)
        {
            self.at(&["additionalProperties"])
        } else {
            return None;
        };
        field.resolved()
    }

    pub(super) fn items(&self) -> Option<Type> {
        let value = self.value()?;
        let list = match value.get("type")? {
            Value::String(kind) => kind == "array",
            Value::Array(kinds) => kinds.len() == 1 && kinds[0] == "array",
            _ => false,
        };
        if !list || !value.get("items")?.is_object() {
            return None;
        }
        self.at(&["items"]).resolved()
    }

    pub(super) fn merge_keys(&self) -> Option<Vec<&str>> {
        let value = self.value()?;
        let strategy = value.get("x-kubernetes-patch-strategy")?.as_str()?;
        if !strategy.split(',').any(|one| one == "merge") {
            return None;
        }
        if let Some(Value::Array(keys)) = value.get("x-kubernetes-list-map-keys") {
            return Some(keys.iter().filter_map(Value::as_str).collect());
        }
        let key = value
            .get("x-kubernetes-patch-merge-key")
            .and_then(Value::as_str);
        Some(key.into_iter().collect())
    }
}

/// Where a definition is.
enum Definition {
    Known(&'static known::Known),
    In(Document),
}

fn entries(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let map = value.and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

fn api_kind(kind: &Value) -> Option<(String, String)> {
    let text = |key| kind.get(key).and_then(Value::as_str);
    let version = text("version")?;
    let api_version = match text("group") {
        None | Some("") => version.to_owned(),
        Some(group) => format!("{group}/{version}"),
    };
    Some((api_version, text("kind")?.to_owned()))
}
