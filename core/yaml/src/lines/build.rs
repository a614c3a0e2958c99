//! What becomes of what was read: a tree with its places, or at once the value that such a tree would have.

use std::rc::Rc;

use serde_json::{Map, Value};

use super::{Place, Scalar};
use crate::node::{Kind, Node, Style};
use crate::resolve::{Resolved, Schema, resolve};
use crate::value::{Duplicates, float_key};

/// Makes something of the parts of a document, the inner ones first. `None` leaves the whole of it to the other reader.
pub(super) trait Build<'a> {
    /// What any node becomes.
    type Node;
    /// What a key becomes.
    type Key;
    /// The entries of a mapping.
    type Pairs: Default;

    fn scalar(&self, scalar: Scalar<'a>) -> Option<Self::Node>;

    fn sequence(&self, items: Vec<Self::Node>, style: Style, place: Place) -> Self::Node;

    fn key(&self, scalar: Scalar<'a>) -> Option<Self::Key>;

    /// Adds an entry to a mapping.
    fn pair(&self, pairs: &mut Self::Pairs, key: Self::Key, value: Self::Node) -> Option<()>;

    fn mapping(&self, pairs: Self::Pairs, style: Style, place: Place) -> Self::Node;
}

/// Makes a tree.
pub(super) struct Nodes<'a> {
    bytes: &'a [u8],
    /// Whether columns are bytes.
    is_ascii: bool,
}

impl<'a> Nodes<'a> {
    /// The trees of a text.
    pub(super) fn of(text: &'a str) -> Self {
        Self {
            bytes: text.as_bytes(),
            is_ascii: text.is_ascii(),
        }
    }

    fn node(&self, kind: Kind, style: Style, place: Place) -> Node {
        let before = &self.bytes[place.line_start..place.at];
        let column = match self.is_ascii {
            true => before.len(),
            false => before.iter().filter(|b| (**b & 0xc0) != 0x80).count(),
        };
        Node {
            kind,
            tag: None,
            style,
            line: place.line + 1,
            column: u32::try_from(column + 1).unwrap_or(u32::MAX),
        }
    }
}

impl<'a> Build<'a> for Nodes<'a> {
    type Node = Rc<Node>;
    type Key = Rc<Node>;
    type Pairs = Vec<(Rc<Node>, Rc<Node>)>;

    fn scalar(&self, scalar: Scalar<'a>) -> Option<Rc<Node>> {
        let Scalar { text, style, place } = scalar;
        let kind = Kind::Scalar(text.into_owned());
        Some(Rc::new(self.node(kind, style, place)))
    }

    fn sequence(&self, items: Vec<Rc<Node>>, style: Style, place: Place) -> Rc<Node> {
        Rc::new(self.node(Kind::Sequence(items), style, place))
    }

    fn key(&self, scalar: Scalar<'a>) -> Option<Rc<Node>> {
        self.scalar(scalar)
    }

    fn pair(&self, pairs: &mut Self::Pairs, key: Rc<Node>, value: Rc<Node>) -> Option<()> {
        pairs.push((key, value));
        Some(())
    }

    fn mapping(&self, pairs: Self::Pairs, style: Style, place: Place) -> Rc<Node> {
        Rc::new(self.node(Kind::Mapping(pairs), style, place))
    }
}

/// Makes a value. What JSON cannot say, what is refused and what merges is left to the other reader.
pub(super) struct Values {
    pub(super) schema: Schema,
    pub(super) duplicates: Duplicates,
}

impl Values {
    fn resolved(&self, scalar: Scalar<'_>) -> Option<Resolved> {
        match scalar.style {
            Style::Plain => resolve(self.schema, None, &scalar.text).ok(),
            _ => Some(Resolved::String(scalar.text.into_owned())),
        }
    }
}

impl<'a> Build<'a> for Values {
    type Node = Value;
    type Key = String;
    type Pairs = Map<String, Value>;

    fn scalar(&self, scalar: Scalar<'a>) -> Option<Value> {
        Some(match self.resolved(scalar)? {
            Resolved::Null => Value::Null,
            Resolved::Bool(b) => Value::Bool(b),
            Resolved::Int(n) => n.into(),
            Resolved::UInt(n) => n.into(),
            Resolved::Float(f) => Value::Number(serde_json::Number::from_f64(f)?),
            Resolved::String(text) | Resolved::Timestamp(text) => Value::String(text),
            Resolved::Binary(_) => return None,
        })
    }

    fn sequence(&self, items: Vec<Value>, _: Style, _: Place) -> Value {
        Value::Array(items)
    }

    fn key(&self, scalar: Scalar<'a>) -> Option<String> {
        if scalar.style == Style::Plain && scalar.text == "<<" {
            return None;
        }
        match self.resolved(scalar)? {
            Resolved::Bool(b) => Some(b.to_string()),
            Resolved::Int(n) => Some(n.to_string()),
            Resolved::Float(f) => Some(float_key(f)),
            Resolved::String(text) | Resolved::Timestamp(text) => Some(text),
            Resolved::Null | Resolved::UInt(_) | Resolved::Binary(_) => None,
        }
    }

    fn pair(&self, pairs: &mut Self::Pairs, key: String, value: Value) -> Option<()> {
        let is_second = pairs.insert(key, value).is_some();
        let is_refused = is_second && self.duplicates == Duplicates::Refuse;
        (!is_refused).then_some(())
    }

    fn mapping(&self, pairs: Self::Pairs, _: Style, _: Place) -> Value {
        Value::Object(pairs)
    }
}
