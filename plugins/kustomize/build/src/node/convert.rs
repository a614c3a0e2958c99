//! From a document that was read to a tree that can be changed.
//!
//! Aliases are replaced by copies of what they name and merge keys by what they bring, as kyaml's `DeAnchor` does.

use std::collections::HashSet;
use std::rc::Rc;

use fleet_yaml::{Kind, Resolved, Schema, Style, resolve};

use super::{Mapping, Node, Scalar, Tag};

/// The most nodes that the aliases of one document may stand for.
const MAX_ALIASED: usize = 1_000_000;

/// The deepest nesting, aliases included.
const MAX_DEPTH: usize = 1000;

/// Up to this many keys, looking through all of them is quicker than hashing.
const FEW_KEYS: usize = 24;

/// Why a document cannot be a tree of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ConvertError {
    /// What is wrong, in goyaml's words where it has some.
    pub message: String,
    /// Line, 1-based.
    pub line: u32,
    /// Column, 1-based.
    pub column: u32,
}

impl Node {
    /// Takes over a document.
    ///
    /// # Errors
    /// If a mapping has a key twice or a key that is no text, or aliases multiply the document.
    pub fn from_yaml(node: fleet_yaml::Node) -> Result<Self, ConvertError> {
        let mut converter = Converter {
            n_aliased: 0,
            in_flow: false,
        };
        converter.node(node, 0)
    }
}

struct Converter {
    n_aliased: usize,
    /// Whether a collection in braces or brackets is around.
    in_flow: bool,
}

fn error<T>(node: (u32, u32), message: impl Into<String>) -> Result<T, ConvertError> {
    Err(ConvertError {
        message: message.into(),
        line: node.0,
        column: node.1,
    })
}

/// Takes a node out of its box, by copying it only where an alias names it too.
fn owned(node: Rc<fleet_yaml::Node>) -> fleet_yaml::Node {
    Rc::unwrap_or_clone(node)
}

impl Converter {
    fn node(&mut self, node: fleet_yaml::Node, depth: usize) -> Result<Node, ConvertError> {
        let place = (node.line, node.column);
        if depth > MAX_DEPTH {
            return error(place, format!("yaml: exceeded max depth of {MAX_DEPTH}"));
        }
        let outer = self.in_flow;
        let node = match node.kind {
            Kind::Scalar(text) => {
                let mut scalar = scalar(text, node.tag, node.style);
                if outer && scalar.style == Style::Plain && scalar.needs_quotes_in_flow() {
                    scalar.style = Style::Flow;
                }
                Ok(Node::Scalar(scalar))
            }
            Kind::Sequence(items) => {
                self.in_flow |= node.style == Style::Flow;
                let items = items.into_iter();
                items
                    .map(|item| self.node(owned(item), depth + 1))
                    .collect::<Result<_, _>>()
                    .map(Node::Sequence)
            }
            Kind::Mapping(pairs) => {
                self.in_flow |= node.style == Style::Flow;
                self.mapping(pairs, depth).map(Node::Mapping)
            }
            Kind::Alias(target) => {
                let node = self.node(target.target().clone(), depth + 1)?;
                self.n_aliased += size(&node);
                if self.n_aliased > MAX_ALIASED {
                    return error(place, "yaml: document contains excessive aliasing");
                }
                Ok(node)
            }
        };
        self.in_flow = outer;
        node
    }

    fn mapping(
        &mut self,
        pairs: Vec<(Rc<fleet_yaml::Node>, Rc<fleet_yaml::Node>)>,
        depth: usize,
    ) -> Result<Mapping, ConvertError> {
        let mut mapping = Mapping::new();
        let mut merged: Option<Rc<fleet_yaml::Node>> = None;
        let mut seen = HashSet::new();
        let many = pairs.len() > FEW_KEYS;
        for (key, value) in pairs {
            let place = (key.line, key.column);
            if is_merge(&key) {
                if merged.replace(value).is_some() {
                    return error(place, "duplicate merge key");
                }
                continue;
            }
            let name = self.key(key, depth)?;
            let duplicate = if many {
                !seen.insert(name.clone())
            } else {
                mapping.contains(&name)
            };
            if duplicate {
                let message = format!(
                    "yaml: unmarshal errors:\n  line {}: mapping key {name:?} already defined",
                    place.0
                );
                return error(place, message);
            }
            mapping.push(name, self.node(owned(value), depth + 1)?);
        }
        if let Some(merged) = merged {
            self.merge(&merged, &mut mapping, depth)?;
        }
        Ok(mapping)
    }

    fn key(&mut self, key: Rc<fleet_yaml::Node>, depth: usize) -> Result<String, ConvertError> {
        let place = (key.line, key.column);
        match self.node(owned(key), depth + 1)? {
            Node::Scalar(Scalar {
                text, tag, style, ..
            }) => match tag {
                // Go reads the outermost mapping with keys that are text, whatever they look like.
                _ if depth == 0 => Ok(text),
                Tag::Str | Tag::None | Tag::Other(_) | Tag::Binary => Ok(text),
                Tag::Timestamp if style == Style::Flow => Ok(text),
                _ => error(
                    place,
                    format!(
                        "json: unsupported type: map[interface {{}}]interface {{}}: the key `{text}` is no text"
                    ),
                ),
            },
            _ => error(
                place,
                "yaml: invalid map key: a mapping or a sequence cannot be a key",
            ),
        }
    }

    /// What a mapping does not say itself comes from the mappings that it merges; of these the first wins.
    fn merge(
        &mut self,
        node: &fleet_yaml::Node,
        into: &mut Mapping,
        depth: usize,
    ) -> Result<(), ConvertError> {
        let place = (node.line, node.column);
        match &node.target().kind {
            Kind::Mapping(_) => {
                let Node::Mapping(other) = self.node(node.clone(), depth + 1)? else {
                    return Ok(());
                };
                for (key, value) in other {
                    if !into.contains(&key) {
                        into.push(key, value);
                    }
                }
                Ok(())
            }
            Kind::Sequence(items) if !matches!(node.kind, Kind::Alias(_)) => {
                for item in items {
                    if !matches!(item.target().kind, Kind::Mapping(_)) {
                        return error(
                            place,
                            "invalid map merge: received a nested sequence or a scalar",
                        );
                    }
                    self.merge(item, into, depth + 1)?;
                }
                Ok(())
            }
            _ if matches!(node.kind, Kind::Alias(_)) => error(
                place,
                "invalid map merge: received alias for a non-map value",
            ),
            _ => error(
                place,
                "map merge requires map or sequence of maps as the value",
            ),
        }
    }
}

fn is_merge(key: &fleet_yaml::Node) -> bool {
    let implicit = key.style == Style::Plain && key.tag.is_none();
    matches!(&key.kind, Kind::Scalar(text) if text == "<<")
        && (implicit || key.tag.as_deref() == Some("!!merge"))
}

fn size(node: &Node) -> usize {
    match node {
        Node::Scalar(_) => 1,
        Node::Sequence(items) => 1 + items.iter().map(size).sum::<usize>(),
        Node::Mapping(mapping) => 1 + mapping.iter().map(|(_, value)| size(value)).sum::<usize>(),
    }
}

fn scalar(text: String, tag: Option<String>, style: Style) -> Scalar {
    let tag = match tag.as_deref() {
        None if style == Style::Plain => plain_tag(&text),
        None | Some("!!str") => Tag::Str,
        Some("!!null") => Tag::Null,
        Some("!!bool") => Tag::Bool,
        Some("!!int") => Tag::Int,
        Some("!!float") => Tag::Float,
        Some("!!timestamp") => Tag::Timestamp,
        Some("!!binary") => Tag::Binary,
        Some(other) => Tag::Other(other.into()),
    };
    // An explicit tag goes before quotes; those of a tag that is only known would win when goyaml writes it.
    let explicit = matches!(
        tag,
        Tag::Null | Tag::Bool | Tag::Int | Tag::Float | Tag::Timestamp
    );
    let style = if explicit { Style::Plain } else { style };
    Scalar {
        style,
        ..Scalar::new(text, tag)
    }
}

/// The tag that goyaml.v3 gives to a plain scalar.
pub(super) fn plain_tag(text: &str) -> Tag {
    match text.as_bytes().first() {
        None => return Tag::Null,
        Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'~' | b'n' | b'N' | b't' | b'T' | b'f' | b'F') => {
        }
        Some(_) => return Tag::Str,
    }
    match resolve(Schema::V3, None, text) {
        Ok(Resolved::Null) => Tag::Null,
        Ok(Resolved::Bool(_)) => Tag::Bool,
        Ok(Resolved::Int(_) | Resolved::UInt(_)) => Tag::Int,
        Ok(Resolved::Float(_)) => Tag::Float,
        Ok(Resolved::Timestamp(_)) => Tag::Timestamp,
        Ok(Resolved::Binary(_)) => Tag::Binary,
        Ok(Resolved::String(_)) | Err(_) => Tag::Str,
    }
}
