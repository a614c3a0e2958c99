//! `crds`: OpenAPI definitions of custom resources that say which of their fields hold names, labels and annotations.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::decode::{self, Unknown};
use crate::error::{Error, Result};
use crate::fieldspec::{self, Config, FieldSpec, NameReference};

/// The deepest nesting of definitions that refer to each other.
const MAX_DEPTH: usize = 100;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Definition {
    schema: Schema,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Schema {
    properties: BTreeMap<String, Value>,
}

/// Reads a file with definitions.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn config(text: &str) -> Result<Config> {
    let invalid = |message: String| {
        Error::new(
            "kustomize/crds",
            format!("unable to parse open API definition: {message}"),
        )
    };
    let value = fleet_yaml::from_str(text, fleet_yaml::Duplicates::LastWins)
        .map_err(|error| invalid(error.message))?;
    let definitions: BTreeMap<String, Definition> =
        decode::from_value(&value, Unknown::Ignore).map_err(|error| invalid(error.message))?;
    let mut config = Config::default();
    for (name, definition) in &definitions {
        let properties = &definition.schema.properties;
        let is_type = ["kind", "apiVersion", "metadata"]
            .iter()
            .all(|field| properties.contains_key(*field));
        if is_type {
            let kind = name.rsplit('.').next().unwrap_or_default();
            let mut visit = Visit {
                definitions: &definitions,
                kind,
                config: &mut config,
            };
            visit
                .definition(name, &mut Vec::new())
                .map_err(|error| Error::new("kustomize/crds", error))?;
        }
    }
    Ok(config)
}

struct Visit<'a> {
    definitions: &'a BTreeMap<String, Definition>,
    kind: &'a str,
    config: &'a mut Config,
}

impl Visit<'_> {
    fn definition(
        &mut self,
        name: &str,
        path: &mut Vec<String>,
    ) -> std::result::Result<(), fieldspec::Error> {
        let definitions = self.definitions;
        let Some(definition) = definitions.get(name) else {
            return Ok(());
        };
        if path.len() > MAX_DEPTH {
            return Err(fieldspec::Error::Other(format!(
                "definition `{name}` refers to itself"
            )));
        }
        for (property, schema) in &definition.schema.properties {
            path.push(property.clone());
            self.property(schema, path)?;
            path.pop();
        }
        Ok(())
    }

    fn property(
        &mut self,
        schema: &Value,
        path: &mut Vec<String>,
    ) -> std::result::Result<(), fieldspec::Error> {
        let extension = |name: &str| {
            let fields = schema.as_object()?;
            let (_, value) = fields
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name))?;
            value.as_str()
        };
        let spec = |path: &[String]| {
            let mut spec = FieldSpec::new(path.join("/"), false);
            self.kind.clone_into(&mut spec.kind);
            spec
        };
        if extension("x-kubernetes-annotation").is_some() {
            fieldspec::merge_one(&mut self.config.common_annotations, spec(path))?;
        }
        if extension("x-kubernetes-label-selector").is_some() {
            fieldspec::merge_one(&mut self.config.common_labels, spec(path))?;
        }
        if extension("x-kubernetes-identity").is_some() {
            fieldspec::merge_one(&mut self.config.name_prefix, spec(path))?;
        }
        if let (Some(version), Some(kind)) = (
            extension("x-kubernetes-object-ref-api-version"),
            extension("x-kubernetes-object-ref-kind"),
        ) {
            let key = extension("x-kubernetes-object-ref-name-key").unwrap_or("name");
            let mut path = path.clone();
            path.push(key.to_owned());
            self.config.add_name_reference(NameReference {
                group: String::new(),
                version: version.to_owned(),
                kind: kind.to_owned(),
                field_specs: vec![spec(&path)],
            })?;
        }
        match schema.get("$ref").and_then(Value::as_str) {
            Some(reference) => self.definition(reference, path),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_say_what_fields_hold() {
        let text = r##"
example.v1.Bee:
  Schema:
    properties:
      kind: {type: string}
      apiVersion: {type: string}
      metadata: {type: object}
      spec: {$ref: example.v1.BeeSpec}
example.v1.BeeSpec:
  Schema:
    properties:
      secretRef:
        x-kubernetes-object-ref-api-version: v1
        x-kubernetes-object-ref-kind: Secret
      labels: {x-kubernetes-label-selector: ""}
"##;
        let config = config(text).unwrap();
        let reference = &config.name_reference[0];
        assert_eq!(
            (reference.kind.as_str(), reference.version.as_str()),
            ("Secret", "v1")
        );
        let spec = &reference.field_specs[0];
        assert_eq!(
            (spec.kind.as_str(), spec.path.as_str()),
            ("Bee", "spec/secretRef/name")
        );
        assert_eq!(config.common_labels[0].path, "spec/labels");
    }
}
