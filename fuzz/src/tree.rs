//! Trees whose keys and values come from a small alphabet, so that two of them meet often.

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Map, Value, json};

/// Keys: fields of Kubernetes that lists are merged by, directives, and names without any meaning.
const KEYS: [&str; 32] = [
    "a",
    "b",
    "c",
    "name",
    "metadata",
    "spec",
    "template",
    "containers",
    "initContainers",
    "ports",
    "containerPort",
    "port",
    "protocol",
    "env",
    "value",
    "key",
    "volumes",
    "volumeMounts",
    "mountPath",
    "emptyDir",
    "labels",
    "annotations",
    "args",
    "data",
    "rules",
    "subjects",
    "kind",
    "apiVersion",
    "namespace",
    "$patch",
    "$setElementOrder/containers",
    "$retainKeys",
];

/// Texts.
const WORDS: [&str; 20] = [
    "",
    "a",
    "b",
    "c",
    "x",
    "1",
    "80",
    "TCP",
    "true",
    "null",
    "~",
    "delete",
    "replace",
    "merge",
    "Service",
    "v1",
    "a.b/c",
    "a-b",
    "nginx:1.2",
    "$(A)",
];

/// The deepest tree.
const MAX_DEPTH: usize = 7;

/// A JSON value over the small alphabet.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree(pub Value);

/// A word of the alphabet.
pub fn word(u: &mut Unstructured<'_>) -> Result<&'static str> {
    Ok(*u.choose(&WORDS)?)
}

/// A key of the alphabet.
pub fn key(u: &mut Unstructured<'_>) -> Result<&'static str> {
    Ok(*u.choose(&KEYS)?)
}

/// A tree that is a mapping.
pub fn mapping(u: &mut Unstructured<'_>) -> Result<Map<String, Value>> {
    fields(u, 0)
}

/// The kinds of objects: with merge keys of several sorts, without any, unknown, and none.
const KINDS: [(&str, &str); 8] = [
    ("apps/v1", "Deployment"),
    ("v1", "Service"),
    ("v1", "Pod"),
    ("v1", "ConfigMap"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("networking.k8s.io/v1", "Ingress"),
    ("example.org/v1", "Thing"),
    ("", ""),
];

/// An object: a mapping with `apiVersion`, `kind` and a name.
pub fn object(u: &mut Unstructured<'_>) -> Result<Value> {
    let (api_version, kind) = *u.choose(&KINDS)?;
    let name = word(u)?;
    let mut object = mapping(u)?;
    if !kind.is_empty() {
        object.insert("apiVersion".to_owned(), json!(api_version));
        object.insert("kind".to_owned(), json!(kind));
        let metadata = object
            .entry("metadata")
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(metadata) = metadata {
            metadata.insert("name".to_owned(), json!(name));
        }
    }
    Ok(Value::Object(object))
}

impl<'a> Arbitrary<'a> for Tree {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        value(u, 0).map(Self)
    }
}

fn fields(u: &mut Unstructured<'_>, depth: usize) -> Result<Map<String, Value>> {
    let mut map = Map::new();
    for _ in 0..u.int_in_range(0..=4)? {
        map.insert(key(u)?.to_owned(), value(u, depth + 1)?);
    }
    Ok(map)
}

fn value(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let deepest = if depth < MAX_DEPTH { 9 } else { 6 };
    Ok(match u.int_in_range(0..=deepest)? {
        0 => Value::Null,
        1 => json!(u.arbitrary::<bool>()?),
        2 => json!(u.arbitrary::<i8>()?),
        3 => json!(u.arbitrary::<i64>()?),
        4 => json!(u.arbitrary::<f64>()?),
        5 => json!(u.arbitrary::<&str>()?),
        6 => json!(word(u)?),
        7 => {
            let mut items = Vec::new();
            for _ in 0..u.int_in_range(0..=4)? {
                items.push(value(u, depth + 1)?);
            }
            Value::Array(items)
        }
        _ => Value::Object(fields(u, depth)?),
    })
}
