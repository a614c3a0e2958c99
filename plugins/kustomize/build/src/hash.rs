//! The hash that becomes part of the name of a generated object.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::node::Node;

/// The ten characters that stand for the content of a ConfigMap or Secret.
///
/// Kustomize hashes Go's JSON of the content; the name in it is always empty, because the field is looked up by a
/// path that does not exist (`api/hasher/hasher.go`).
///
/// # Errors
/// If the object is of another kind or cannot be said in JSON.
pub(crate) fn suffix(node: &Node) -> Result<String> {
    let kind = node.text_at(&["kind"]).unwrap_or_default();
    let (fields, optional): (&[&str], &str) = match kind {
        "ConfigMap" => (&["data"], "binaryData"),
        "Secret" => (&["data", "type"], "stringData"),
        other => {
            return Err(Error::new(
                "kustomize/hash",
                format!("only ConfigMaps and Secrets are hashed, not {other}"),
            ));
        }
    };
    let mut map = Map::new();
    map.insert("kind".to_owned(), Value::String(kind.to_owned()));
    map.insert("name".to_owned(), Value::String(String::new()));
    for field in fields {
        map.insert((*field).to_owned(), content(node, field)?);
    }
    let optional_content = content(node, optional)?;
    if optional_content.is_object() {
        map.insert(optional.to_owned(), optional_content);
    }
    let json = fleet_yaml::to_go_json(&Value::Object(map), true);
    Ok(encode(json.as_bytes()))
}

fn content(node: &Node, field: &str) -> Result<Value> {
    match node.get(field) {
        None => Ok(Value::String(String::new())),
        Some(Node::Scalar(_)) => {
            let text = node.text_at(&[field]).unwrap_or_default();
            Ok(Value::String(text.to_owned()))
        }
        Some(node) => node
            .to_value()
            .map_err(|error| Error::new("kustomize/hash", error)),
    }
}

/// The first ten hexadecimal digits, with those changed that could spell a word.
fn encode(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest
        .iter()
        .take(5)
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| match digit {
            0 => 'g',
            1 => 'h',
            3 => 'k',
            10 => 'm',
            14 => 't',
            digit => char::from_digit(u32::from(digit), 16).expect("four bits are one digit"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashes as in kustomize's own tests (`api/hasher/hasher_test.go`).
    #[test]
    fn hashes_are_kustomizes() {
        for (text, expected) in [
            ("{kind: ConfigMap}", "6ct58987ht"),
            ("{kind: ConfigMap, data: {one: ''}}", "9g67k2htb6"),
            (
                "{kind: ConfigMap, data: {two: 2, one: '', three: 3}}",
                "7757f9kkct",
            ),
            ("{kind: Secret, type: my-type}", "5gmgkf8578"),
        ] {
            let node = Node::from_yaml(fleet_yaml::parse(text).unwrap().unwrap()).unwrap();
            assert_eq!(suffix(&node).unwrap(), expected, "{text}");
        }
    }
}
