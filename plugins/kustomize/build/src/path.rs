//! Paths to fields with dots, such as `spec.template.spec.containers.[name=web].image`.

use crate::field::{WrongKind, text};
use crate::node::Node;

mod matches;

pub(crate) use matches::{Create, Location, Step, at, at_mut, matches};

/// Why a path cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Something on the way is of another kind than the path wants.
    #[error(transparent)]
    WrongKind(#[from] WrongKind),
    /// The path itself is wrong, or an index is not there.
    #[error("{0}")]
    Other(String),
}

/// Splits a path at a delimiter; behind a backslash it is none (kyaml's `PathSplitter`).
pub(crate) fn split(path: &str, delimiter: char) -> Vec<String> {
    let mut pieces = path.split(delimiter).peekable();
    if path.starts_with(delimiter) {
        pieces.next();
    }
    let mut parts: Vec<String> = Vec::new();
    for piece in pieces {
        match parts.last_mut().filter(|last| last.ends_with('\\')) {
            Some(last) => {
                last.pop();
                last.push(delimiter);
                last.push_str(piece);
            }
            None => parts.push(piece.to_owned()),
        }
    }
    parts
}

/// Splits a path at its dots, but not within brackets; `[a.b]` is the key `a.b`, `[name=a.b]` an item
/// (kyaml's `SmarterPathSplitter`).
pub fn parts(path: &str) -> Vec<String> {
    let mut pieces = split(path, '.').into_iter();
    let mut parts = Vec::new();
    while let Some(mut part) = pieces.next() {
        if part.starts_with('[') && !part.ends_with(']') {
            for piece in pieces.by_ref() {
                part.push('.');
                part.push_str(&piece);
                if piece.ends_with(']') {
                    break;
                }
            }
            if !part.contains('=') {
                part = part.trim_matches(['[', ']']).to_owned();
            }
        }
        parts.push(part);
    }
    parts
}

/// What stands at a path (kyaml's `Lookup`).
///
/// # Errors
/// If something on the way is of another kind than the path wants, or the path is wrong.
pub fn lookup<'a>(node: &'a Node, parts: &[String]) -> Result<Option<&'a Node>, Error> {
    let location = locate(node, parts)?;
    Ok(location.and_then(|location| at(node, &location)))
}

/// Where that stands which [`lookup`] finds.
///
/// # Errors
/// As [`lookup`].
pub(crate) fn locate(node: &Node, parts: &[String]) -> Result<Option<Location>, Error> {
    let mut node = node;
    let mut location = Location::new();
    for part in parts
        .iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
    {
        let Some(step) = step(node, part)? else {
            return Ok(None);
        };
        let Some(next) = at(node, std::slice::from_ref(&step)) else {
            return Ok(None);
        };
        node = next;
        location.push(step);
    }
    Ok(Some(location))
}

fn step(node: &Node, part: &str) -> Result<Option<Step>, Error> {
    match Part::parse(part)? {
        Part::Index(at) => Ok((at < items(node)?.len()).then_some(Step::Item(at))),
        Part::Last => Ok(items(node)?.len().checked_sub(1).map(Step::Item)),
        Part::Every => other("wildcard is not supported in PathGetter"),
        Part::Item { field, value } => {
            let matches = |item: &Node| {
                if field.is_empty() {
                    text(item) == value
                } else {
                    item.get(field).is_some_and(|own| text(own) == value)
                }
            };
            Ok(items(node)?.iter().position(matches).map(Step::Item))
        }
        Part::Field(name) => Ok(WrongKind::unless_mapping(node)?
            .filter(|mapping| mapping.contains(name))
            .map(|_| Step::Key(name.to_owned()))),
    }
}

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// `3`
    Index(usize),
    /// `-`
    Last,
    /// `*`
    Every,
    /// `[field=value]`; without a field, the item itself has the value.
    Item { field: &'a str, value: &'a str },
    /// A key of a mapping.
    Field(&'a str),
}

impl<'a> Part<'a> {
    pub(crate) fn parse(part: &'a str) -> Result<Self, Error> {
        if let Some(number) = number(part) {
            return match usize::try_from(number) {
                Ok(at) => Ok(Self::Index(at)),
                Err(_) => other(format!("array index {number} cannot be negative")),
            };
        }
        match part {
            "-" => Ok(Self::Last),
            "*" => Ok(Self::Every),
            _ if is_item(part) => {
                let (field, value) = split_item(part)?;
                Ok(Self::Item { field, value })
            }
            _ => Ok(Self::Field(part)),
        }
    }
}

/// Go's `strconv.Atoi`.
fn number(part: &str) -> Option<i64> {
    let digits = part.strip_prefix(['+', '-']).unwrap_or(part);
    let all_digits = !digits.is_empty() && digits.bytes().all(|c| c.is_ascii_digit());
    all_digits.then(|| part.parse().ok()).flatten()
}

fn is_item(part: &str) -> bool {
    part.starts_with('[') && part.ends_with(']')
}

fn split_item(part: &str) -> Result<(&str, &str), Error> {
    let part = part.strip_suffix(']').unwrap_or(part);
    let part = part.strip_prefix('[').unwrap_or(part);
    match part.split_once('=') {
        Some(pair) => Ok(pair),
        None => other("list path element must contain fieldName=fieldValue for element to match"),
    }
}

/// The items of a list; null has none.
fn items(node: &Node) -> Result<&[Node], WrongKind> {
    match node {
        Node::Sequence(items) => Ok(items),
        _ if node.is_null() => Ok(&[]),
        _ => Err(WrongKind::new("SequenceNode", node)),
    }
}

fn other<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error::Other(message.into()))
}

#[cfg(test)]
mod tests;
