//! A document as a tree, with the place, style and tag of every node.

use std::rc::Rc;

use crate::compose::parse_events;
use crate::error::Error;
use crate::lines;

/// One node of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its explicit tag in short form (`!!str`, `!mine`), if it has one.
    pub tag: Option<String>,
    /// How it is written.
    pub style: Style,
    /// Line, 1-based.
    pub line: u32,
    /// Column, 1-based.
    pub column: u32,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A scalar with its text.
    Scalar(String),
    /// A sequence.
    Sequence(Vec<Rc<Node>>),
    /// A mapping, in the order of the text; a key may be there twice.
    Mapping(Vec<(Rc<Node>, Rc<Node>)>),
    /// Another node of the same document.
    Alias(Rc<Node>),
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A mapping or sequence by indentation.
    Block,
    /// `[…]` or `{…}`
    Flow,
}

impl Node {
    /// The node itself, or the one that it is an alias for.
    pub fn target(&self) -> &Self {
        let mut node = self;
        while let Kind::Alias(target) = &node.kind {
            node = target;
        }
        node
    }

    /// The value of a key of a mapping; the last one, if the key is there twice.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Kind::Mapping(pairs) = &self.target().kind else {
            return None;
        };
        pairs
            .iter()
            .rev()
            .find(|(name, _)| name.as_str() == Some(key))
            .map(|(_, value)| value.target())
    }

    /// The text of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match &self.target().kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads the first document of a text; `None` if there is none.
///
/// # Errors
/// With goyaml's text, if the document is no YAML.
pub fn parse(text: &str) -> Result<Option<Node>, Error> {
    match lines::parse(text) {
        Some(node) => Ok(node),
        None => parse_events(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_their_place() {
        let node = parse("a:\n  b: &x [1]\n  c: *x\n").unwrap().unwrap();
        let b = node.get("a").unwrap().get("b").unwrap();
        assert_eq!((b.line, b.column, b.style), (2, 6, Style::Flow));
        assert_eq!(node.get("a").unwrap().get("c").unwrap().kind, b.kind);
    }
}
