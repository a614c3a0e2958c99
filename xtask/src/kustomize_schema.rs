//! `cargo xtask kustomize-schema FILE.json...`: the table of merge keys and scopes of the kustomize renderer.
//!
//! Kustomize merges lists by what Kubernetes' OpenAPI says of them. The renderer does not carry those 4 MB, but a
//! table of fields, lists and scopes derived from them. Kustomize 5.7.1 uses the document of Kubernetes v1.21.2
//! (`kubectl get --raw /openapi/v2` of such a cluster) and a small one of its own kinds; give both, in this order.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};

/// Where the table lives, from the root of the workspace.
pub(crate) const TABLE: &str = "plugins/kustomize/build/src/schema/table.rs";

/// Reads OpenAPI documents and writes the table.
///
/// # Errors
/// If a file cannot be read or written, or is no OpenAPI document that the table can say.
pub(crate) fn write(inputs: &[PathBuf], root: &Path) -> Result<()> {
    let mut documents = Vec::new();
    for path in inputs {
        let text =
            std::fs::read(path).with_context(|| format!("could not read `{}`", path.display()))?;
        let document: Value = serde_json::from_slice(&text)
            .with_context(|| format!("`{}` is no JSON", path.display()))?;
        documents.push(document);
    }
    let table = generate(&documents)?;
    let path = root.join(TABLE);
    std::fs::write(&path, table).with_context(|| format!("could not write `{}`", path.display()))
}

/// The Rust source of the table.
///
/// # Errors
/// If the documents have no definitions, or say something that the table cannot.
pub(crate) fn generate(documents: &[Value]) -> Result<String> {
    let mut definitions = Map::new();
    let mut scopes = BTreeMap::new();
    for document in documents {
        let Some(Value::Object(own)) = document.get("definitions") else {
            bail!("the document has no `definitions`");
        };
        definitions.extend(own.clone());
        read_scopes(document, &mut scopes);
    }
    let mut kinds = BTreeMap::new();
    let mut types = Types::new(&definitions);
    for (name, definition) in &definitions {
        let id = types.definition(name)?;
        for kind in group_version_kinds(definition) {
            kinds.insert(kind, id);
        }
    }
    let mut out = type_source(&types);
    definition_source(&mut out, &types);
    kind_source(&mut out, &kinds, &scopes);
    Ok(out)
}

/// An `apiVersion` and a `kind`.
type ApiKind = (String, String);

fn group_version_kinds(definition: &Value) -> Vec<ApiKind> {
    match definition.get("x-kubernetes-group-version-kind") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(api_kind).collect(),
        _ => Vec::new(),
    }
}

fn api_kind(kind: &Value) -> Option<ApiKind> {
    let text = |key| kind.get(key).and_then(Value::as_str);
    let version = text("version")?;
    let api_version = match text("group") {
        None | Some("") => version.to_owned(),
        Some(group) => format!("{group}/{version}"),
    };
    Some((api_version, text("kind")?.to_owned()))
}

/// A kind lives in namespaces if one of its paths has a namespace.
fn read_scopes(document: &Value, scopes: &mut BTreeMap<ApiKind, bool>) {
    let Some(Value::Object(paths)) = document.get("paths") else {
        return;
    };
    for (path, item) in paths {
        let kind = item.pointer("/get/x-kubernetes-group-version-kind");
        if let Some(kind) = kind.and_then(api_kind) {
            let namespaced = path.contains("namespaces/{namespace}");
            *scopes.entry(kind).or_insert(false) |= namespaced;
        }
    }
}

/// One type of the table; fields, values and items are indices of other types.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Type {
    Leaf,
    Object(Vec<(String, usize)>),
    Map(usize),
    List(usize),
    MergeList(usize, Vec<String>),
}

struct Types<'a> {
    definitions: &'a Map<String, Value>,
    all: Vec<Type>,
    /// The definition that a type came from.
    names: HashMap<usize, &'a str>,
    by_name: HashMap<&'a str, usize>,
    by_type: HashMap<Type, usize>,
}

impl<'a> Types<'a> {
    fn new(definitions: &'a Map<String, Value>) -> Self {
        Self {
            definitions,
            all: vec![Type::Leaf],
            names: HashMap::new(),
            by_name: HashMap::new(),
            by_type: HashMap::from([(Type::Leaf, 0)]),
        }
    }

    fn definition(&mut self, name: &str) -> Result<usize> {
        if let Some(id) = self.by_name.get(name) {
            return Ok(*id);
        }
        let Some((name, schema)) = self.definitions.get_key_value(name) else {
            bail!("there is no definition `{name}`");
        };
        if schema.get("properties").is_none() {
            let id = self.schema(schema)?;
            self.by_name.insert(name, id);
            return Ok(id);
        }
        // The place is taken first: definitions name one another in circles.
        let id = self.all.len();
        self.all.push(Type::Leaf);
        self.names.insert(id, name);
        self.by_name.insert(name, id);
        self.all[id] = self.object(schema)?;
        Ok(id)
    }

    fn object(&mut self, schema: &Value) -> Result<Type> {
        if matches!(schema.get("additionalProperties"), Some(Value::Object(_))) {
            bail!("a type has both fields and keys of one's own: {schema}");
        }
        let mut fields = BTreeMap::new();
        if let Some(Value::Object(properties)) = schema.get("properties") {
            for (name, property) in properties {
                fields.insert(name.clone(), self.schema(property)?);
            }
        }
        Ok(Type::Object(fields.into_iter().collect()))
    }

    fn schema(&mut self, schema: &Value) -> Result<usize> {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let Some(name) = reference.strip_prefix("#/definitions/") else {
                bail!("the reference `{reference}` leaves the document");
            };
            return self.definition(name);
        }
        let kind = if schema.get("properties").is_some() {
            self.object(schema)?
        } else if let Some(values @ Value::Object(_)) = schema.get("additionalProperties") {
            Type::Map(self.schema(values)?)
        } else if schema.get("type").and_then(Value::as_str) == Some("array") {
            let items = match schema.get("items") {
                Some(items) => self.schema(items)?,
                None => 0,
            };
            match merge_keys(schema) {
                Some(keys) => Type::MergeList(items, keys),
                None => Type::List(items),
            }
        } else {
            Type::Leaf
        };
        let next = self.all.len();
        let id = *self.by_type.entry(kind.clone()).or_insert(next);
        if id == next {
            self.all.push(kind);
        }
        Ok(id)
    }
}

/// The keys by which items of a list are told apart; none for a list of plain values; `None` if it is replaced as a whole.
fn merge_keys(schema: &Value) -> Option<Vec<String>> {
    let strategy = schema.get("x-kubernetes-patch-strategy")?.as_str()?;
    if !strategy.split(',').any(|one| one == "merge") {
        return None;
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(Value::Array(keys)) = schema.get("x-kubernetes-list-map-keys") {
        return Some(keys.iter().filter_map(text).collect());
    }
    let key = schema.get("x-kubernetes-patch-merge-key").and_then(text);
    Some(key.into_iter().collect())
}

fn type_source(types: &Types<'_>) -> String {
    let mut out = String::from(
        "//! Types and scopes of Kubernetes' kinds; made by `cargo xtask kustomize-schema`, not by hand.\n\n\
         use super::known::Known::{self, Leaf, List, Map, MergeList, Object};\n\n\
         /// All types; fields, values and items are indices of this list.\n\
         #[rustfmt::skip]\n\
         pub(super) static TYPES: &[Known] = &[\n",
    );
    for (id, kind) in types.all.iter().enumerate() {
        if let Some(name) = types.names.get(&id) {
            push(&mut out, format_args!("    // {id}: {name}\n"));
        } else if !matches!(kind, Type::Object(_)) {
            push(&mut out, format_args!("    // {id}\n"));
        }
        match kind {
            Type::Leaf => out.push_str("    Leaf,\n"),
            Type::Map(values) => push(&mut out, format_args!("    Map({values}),\n")),
            Type::List(items) => push(&mut out, format_args!("    List({items}),\n")),
            Type::MergeList(items, keys) => {
                push(
                    &mut out,
                    format_args!("    MergeList({items}, &{keys:?}),\n"),
                );
            }
            Type::Object(fields) => {
                let fields = fields.iter().map(|field| format!("{field:?}"));
                out.push_str("    Object(&[\n");
                wrap(&mut out, "        ", fields);
                out.push_str("    ]),\n");
            }
        }
    }
    out.push_str("];\n\n");
    out
}

/// The names of the definitions, by what stands before their last dot.
fn definition_source(out: &mut String, types: &Types<'_>) {
    let mut packages: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (name, id) in &types.by_name {
        let (package, name) = name.rsplit_once('.').unwrap_or(("", name));
        packages.entry(package).or_default().insert(name, *id);
    }
    out.push_str(
        "/// The type of each definition by package and name, sorted.\n#[rustfmt::skip]\n\
         pub(super) static DEFINITIONS: &[(&str, &[(&str, u16)])] = &[\n",
    );
    for (package, names) in packages {
        push(out, format_args!("    ({package:?}, &[\n"));
        wrap(
            out,
            "        ",
            names.iter().map(|name| format!("{name:?}")),
        );
        out.push_str("    ]),\n");
    }
    out.push_str("];\n\n");
}

fn kind_source(
    out: &mut String,
    kinds: &BTreeMap<ApiKind, usize>,
    scopes: &BTreeMap<ApiKind, bool>,
) {
    out.push_str(
        "/// The type of each kind, sorted.\n#[rustfmt::skip]\n\
         pub(super) static KINDS: &[(&str, &str, u16)] = &[\n",
    );
    for ((api_version, kind), id) in kinds {
        push(
            out,
            format_args!("    ({api_version:?}, {kind:?}, {id}),\n"),
        );
    }
    out.push_str(
        "];\n\n/// Whether objects of a kind live in namespaces, sorted.\n#[rustfmt::skip]\n\
         pub(super) static SCOPES: &[(&str, &str, bool)] = &[\n",
    );
    for ((api_version, kind), namespaced) in scopes {
        push(
            out,
            format_args!("    ({api_version:?}, {kind:?}, {namespaced}),\n"),
        );
    }
    out.push_str("];\n");
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a string takes everything");
}

/// Writes items behind one another, in lines of at most 110 columns.
fn wrap(out: &mut String, indent: &str, items: impl Iterator<Item = String>) {
    let mut line = indent.to_owned();
    for item in items {
        if line.len() + item.len() + 2 > 110 && line.len() > indent.len() {
            out.push_str(line.trim_end());
            out.push('\n');
            line.truncate(indent.len());
        }
        line.push_str(&item);
        line.push_str(", ");
    }
    if line.len() > indent.len() {
        out.push_str(line.trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_becomes_types_kinds_and_scopes() {
        let document = json!({
            "definitions": {
                "Pod": {
                    "x-kubernetes-group-version-kind": [{"group": "", "version": "v1", "kind": "Pod"}],
                    "properties": {
                        "containers": {
                            "type": "array",
                            "items": {"$ref": "#/definitions/Container"},
                            "x-kubernetes-patch-strategy": "merge,retainKeys",
                            "x-kubernetes-patch-merge-key": "name",
                        },
                        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                        "owner": {"$ref": "#/definitions/Pod"},
                    },
                },
                "Container": {"properties": {"args": {"type": "array", "items": {"type": "string"}}}},
            },
            "paths": {
                "/api/v1/pods": {
                    "get": {"x-kubernetes-group-version-kind": {"group": "", "version": "v1", "kind": "Pod"}},
                },
                "/api/v1/namespaces/{namespace}/pods": {
                    "get": {"x-kubernetes-group-version-kind": {"group": "", "version": "v1", "kind": "Pod"}},
                },
            },
        });
        let source = generate(&[document]).unwrap();
        for line in [
            r#"        ("args", 2),"#,
            r#"        ("containers", 4), ("labels", 5), ("owner", 3),"#,
            r#"    MergeList(1, &["name"]),"#,
            "    Map(0),",
            r#"        ("Container", 1), ("Pod", 3),"#,
            r#"    ("v1", "Pod", 3),"#,
            r#"    ("v1", "Pod", true),"#,
        ] {
            assert!(source.contains(line), "{line} is missing in\n{source}");
        }
    }

    #[test]
    fn a_reference_to_nothing_is_refused() {
        let document = json!({"definitions": {"A": {
            "x-kubernetes-group-version-kind": [{"version": "v1", "kind": "A"}],
            "properties": {"b": {"$ref": "#/definitions/B"}},
        }}});
        assert!(generate(&[document]).is_err());
    }
}
