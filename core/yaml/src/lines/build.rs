//! What becomes of what was read: a tree with its places, or at once the value that such a tree would have.

use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

use serde_json::Value;

use super::{Place, Scalar};
use crate::node::{Kind, Node, Style};
use crate::resolve::{Plain, Schema, plain};
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
    fn pair(&self, pairs: &mut Self::Pairs, key: Self::Key, value: Self::Node);

    fn mapping(&self, pairs: Self::Pairs, style: Style, place: Place) -> Option<Self::Node>;
}

/// What the values of a document become, the inner ones first; see [`read_common`](crate::read_common).
pub trait Make<'a> {
    /// What any of them becomes.
    type Value;

    /// Null, or nothing at all.
    fn null(&self) -> Self::Value;
    /// A boolean.
    fn bool(&self, b: bool) -> Self::Value;
    /// A whole number that fits into 64 bits with sign.
    fn int(&self, n: i64) -> Self::Value;
    /// A larger whole number that fits into 64 bits without sign.
    fn uint(&self, n: u64) -> Self::Value;
    /// Any other number; it is finite.
    fn float(&self, f: f64) -> Self::Value;
    /// Text, most often as it stands in the document.
    fn string(&self, text: Cow<'a, str>) -> Self::Value;
    /// A sequence.
    fn array(&self, items: Vec<Self::Value>) -> Self::Value;
    /// A mapping, in the order of the text; of equal keys the last one counts.
    fn object(&self, entries: Vec<(Cow<'a, str>, Self::Value)>) -> Self::Value;
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

    fn pair(&self, pairs: &mut Self::Pairs, key: Rc<Node>, value: Rc<Node>) {
        pairs.push((key, value));
    }

    fn mapping(&self, pairs: Self::Pairs, style: Style, place: Place) -> Option<Rc<Node>> {
        Some(Rc::new(self.node(Kind::Mapping(pairs), style, place)))
    }
}

/// Makes values of whatever kind. What JSON cannot say, what is refused and what merges is left to the other reader.
pub(super) struct Values<'m, M> {
    pub(super) schema: Schema,
    pub(super) duplicates: Duplicates,
    pub(super) make: &'m M,
}

impl<'a, M: Make<'a>> Build<'a> for Values<'_, M> {
    type Node = M::Value;
    type Key = Cow<'a, str>;
    type Pairs = Vec<(Cow<'a, str>, M::Value)>;

    fn scalar(&self, scalar: Scalar<'a>) -> Option<M::Value> {
        let make = self.make;
        if scalar.style != Style::Plain {
            return Some(make.string(scalar.text));
        }
        Some(match plain(self.schema, None, &scalar.text) {
            Plain::Null => make.null(),
            Plain::Bool(b) => make.bool(b),
            Plain::Int(n) => make.int(n),
            Plain::UInt(n) => make.uint(n),
            Plain::Float(f) if f.is_finite() => make.float(f),
            Plain::Float(_) => return None,
            Plain::Text | Plain::Timestamp => make.string(scalar.text),
        })
    }

    fn sequence(&self, items: Vec<M::Value>, _: Style, _: Place) -> M::Value {
        self.make.array(items)
    }

    fn key(&self, scalar: Scalar<'a>) -> Option<Cow<'a, str>> {
        if scalar.style != Style::Plain {
            return Some(scalar.text);
        }
        if scalar.text == "<<" {
            return None;
        }
        match plain(self.schema, None, &scalar.text) {
            Plain::Bool(b) => Some(b.to_string().into()),
            Plain::Int(n) => Some(n.to_string().into()),
            Plain::Float(f) => Some(float_key(f).into()),
            Plain::Text | Plain::Timestamp => Some(scalar.text),
            Plain::Null | Plain::UInt(_) => None,
        }
    }

    fn pair(&self, pairs: &mut Self::Pairs, key: Cow<'a, str>, value: M::Value) {
        pairs.push((key, value));
    }

    fn mapping(&self, pairs: Self::Pairs, _: Style, _: Place) -> Option<M::Value> {
        if self.duplicates == Duplicates::Refuse {
            let keys: HashSet<&str> = pairs.iter().map(|(key, _)| &**key).collect();
            if keys.len() < pairs.len() {
                return None;
            }
        }
        Some(self.make.object(pairs))
    }
}

/// Makes JSON.
pub(crate) struct Json;

impl Make<'_> for Json {
    type Value = Value;

    fn null(&self) -> Value {
        Value::Null
    }

    fn bool(&self, b: bool) -> Value {
        Value::Bool(b)
    }

    fn int(&self, n: i64) -> Value {
        n.into()
    }

    fn uint(&self, n: u64) -> Value {
        n.into()
    }

    fn float(&self, f: f64) -> Value {
        f.into()
    }

    fn string(&self, text: Cow<'_, str>) -> Value {
        Value::String(text.into_owned())
    }

    fn array(&self, items: Vec<Value>) -> Value {
        Value::Array(items)
    }

    fn object(&self, entries: Vec<(Cow<'_, str>, Value)>) -> Value {
        let entries = entries.into_iter();
        Value::Object(
            entries
                .map(|(key, value)| (key.into_owned(), value))
                .collect(),
        )
    }
}
