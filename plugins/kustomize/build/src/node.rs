//! A document that can be changed, with the semantics of kyaml's nodes.
//!
//! A scalar keeps its text, its tag and its style, so that `1.10` copied into a string stays `1.10` and a
//! quoted `"true"` stays a string. What a scalar means is decided when the tree becomes JSON, by the rules of
//! goyaml.v3.

use fleet_yaml::Style;

mod convert;
mod folded;
mod json;
mod mapping;
mod shared;

pub use convert::ConvertError;
pub use json::ValueError;
pub use mapping::Mapping;
pub use shared::Shared;

/// One node of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A scalar.
    Scalar(Scalar),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping.
    Mapping(Mapping),
}

/// A scalar as it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// The text without quotes.
    pub text: String,
    /// What the text is, as resolved when it was read or set when it was made.
    pub tag: Tag,
    /// How it was written; [`Style::Flow`] for a plain one in braces or brackets that gets quotes there.
    pub style: Style,
    /// In which other places of its object it stands.
    pub shared: Shared,
}

/// The tag of a scalar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// None: the text and the style decide.
    None,
    /// `!!null`
    Null,
    /// `!!bool`
    Bool,
    /// `!!int`
    Int,
    /// `!!float`
    Float,
    /// `!!str`
    Str,
    /// `!!timestamp`
    Timestamp,
    /// `!!binary`
    Binary,
    /// Any other.
    Other(Box<str>),
}

impl Scalar {
    /// A string.
    pub fn string(text: impl Into<String>) -> Self {
        Self::new(text, Tag::Str)
    }

    /// A plain scalar with a tag.
    pub fn new(text: impl Into<String>, tag: Tag) -> Self {
        Self {
            text: text.into(),
            tag,
            style: Style::Plain,
            shared: Shared::default(),
        }
    }

    /// Whether kyaml takes it for a string: its tag is `!!str`, or it has none.
    pub fn is_string(&self) -> bool {
        matches!(self.tag, Tag::Str | Tag::None)
    }
}

impl Node {
    /// A string.
    pub fn string(text: impl Into<String>) -> Self {
        Self::Scalar(Scalar::string(text))
    }

    /// Null.
    pub fn null() -> Self {
        Self::Scalar(Scalar::new("null", Tag::Null))
    }

    /// A boolean.
    pub fn bool(value: bool) -> Self {
        Self::Scalar(Scalar::new(value.to_string(), Tag::Bool))
    }

    /// A whole number.
    pub fn int(value: i64) -> Self {
        Self::Scalar(Scalar::new(value.to_string(), Tag::Int))
    }

    /// A plain scalar whose text decides what it is, as if it had been read.
    pub fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        let tag = convert::plain_tag(&text);
        Self::Scalar(Scalar::new(text, tag))
    }

    /// A mapping without entries.
    pub fn mapping() -> Self {
        Self::Mapping(Mapping::new())
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match self {
            Self::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The text of a scalar of any kind but null.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Scalar(scalar) if scalar.tag != Tag::Null => Some(&scalar.text),
            _ => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match self {
            Self::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The mapping, if it is one.
    pub fn as_mapping_mut(&mut self) -> Option<&mut Mapping> {
        match self {
            Self::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The items of a sequence.
    pub fn as_sequence(&self) -> Option<&Vec<Node>> {
        match self {
            Self::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Whether its tag is `!!null` (kyaml's `IsTaggedNull`).
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(scalar) if scalar.tag == Tag::Null)
    }

    /// Whether it is null, or a mapping or sequence without content (kyaml's `IsNilOrEmpty`).
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Scalar(scalar) => scalar.tag == Tag::Null,
            Self::Sequence(items) => items.is_empty(),
            Self::Mapping(mapping) => mapping.is_empty(),
        }
    }

    /// What it is called in messages, as in kyaml.
    pub fn kind_name(&self) -> &'static str {
        match self {
            Self::Scalar(_) => "ScalarNode",
            Self::Sequence(_) => "SequenceNode",
            Self::Mapping(_) => "MappingNode",
        }
    }

    /// The value of a key of a mapping.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// The value of a key of a mapping.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.as_mapping_mut()?.get_mut(key)
    }

    /// The node at a path of keys.
    pub fn lookup(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The node at a path of keys.
    pub fn lookup_mut(&mut self, path: &[&str]) -> Option<&mut Node> {
        path.iter().try_fold(self, |node, key| node.get_mut(key))
    }

    /// The text at a path of keys; `None` if there is nothing or null.
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        self.lookup(path)?.as_str()
    }

    /// Sets a key of a mapping; a node that is null becomes a mapping first, any other is left as it is.
    pub fn set(&mut self, key: &str, value: Node) {
        if let Some(mapping) = self.make_mapping() {
            mapping.set(key, value);
        }
    }

    /// Removes a key of a mapping and gives back its value.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        self.as_mapping_mut()?.remove(key)
    }

    /// The mapping at a path of keys; what is missing or null on the way becomes a mapping.
    ///
    /// `None` if something on the way is a scalar or a sequence.
    pub fn mapping_at(&mut self, path: &[&str]) -> Option<&mut Mapping> {
        let mut node = self;
        for key in path {
            node = node.make_mapping()?.entry(key, Node::mapping);
        }
        node.make_mapping()
    }

    fn make_mapping(&mut self) -> Option<&mut Mapping> {
        if self.is_null() {
            *self = Self::mapping();
        }
        self.as_mapping_mut()
    }
}

#[cfg(test)]
mod tests;
