//! All places that a path names (kyaml's `PathMatcher`).

use fleet_yaml::{Resolved, Schema, Style, resolve};
use regex::Regex;

use super::{Error, is_item, number, other, split_item};
use crate::field::{WrongKind, set_field, untagged};
use crate::node::{Mapping, Node, Scalar, Tag};

/// What is made at the end of a path that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Create {
    Scalar,
    Sequence,
    Mapping,
}

impl Create {
    /// Something of the kind of a node.
    pub(crate) fn like(node: &Node) -> Self {
        match node {
            Node::Scalar(_) => Self::Scalar,
            Node::Sequence(_) => Self::Sequence,
            Node::Mapping(_) => Self::Mapping,
        }
    }

    fn node(self) -> Node {
        match self {
            Self::Scalar => untagged(""),
            Self::Sequence => Node::Sequence(Vec::new()),
            Self::Mapping => Node::mapping(),
        }
    }

    /// What has to stand before the next part of a path.
    fn before(self, next: Option<&str>) -> Self {
        match next {
            None | Some("") => self,
            Some(part) if is_item(part) || index(part).is_some() => Self::Sequence,
            Some(_) => Self::Mapping,
        }
    }
}

/// Visits all places that a path names, and makes what is missing if told so; the number of places.
pub(crate) fn for_each_match<E: From<Error>>(
    node: &mut Node,
    parts: &[String],
    create: Option<Create>,
    visit: &mut dyn FnMut(&mut Node) -> Result<(), E>,
) -> Result<usize, E> {
    let Some((part, rest)) = parts.split_first() else {
        visit(node)?;
        return Ok(1);
    };
    let next = rest.first().map(String::as_str);
    if let Some(at) = index(part) {
        return at_index(
            node,
            at,
            create.map(|create| (create, create.before(next))),
            rest,
            visit,
        );
    }
    if is_item(part) {
        return at_items(node, part, rest, create, visit);
    }
    if part == "*" {
        let mut n_matches = 0;
        for item in items_mut(node).map_err(Error::from)? {
            n_matches += for_each_match(item, rest, create, visit)?;
        }
        return Ok(n_matches);
    }
    if part.is_empty() {
        // The field without a name is the scalar itself, if it is empty.
        return match node {
            Node::Scalar(scalar) if scalar.text.is_empty() && scalar.tag != Tag::Null => {
                for_each_match(node, rest, create, visit)
            }
            Node::Scalar(_) => Ok(0),
            _ => Err(Error::from(WrongKind::new("ScalarNode", node)).into()),
        };
    }
    let Some(mapping) = mapping_mut(node).map_err(Error::from)? else {
        // What is made below null is lost, but counts.
        return match create {
            Some(create) => {
                for_each_match(&mut create.before(next).node(), rest, Some(create), visit)
            }
            None => Ok(0),
        };
    };
    if let (Some(create), false) = (create, mapping.contains(part)) {
        set_field(mapping, part, create.before(next).node());
    }
    match mapping.get_mut(part) {
        Some(field) => for_each_match(field, rest, create, visit),
        None => Ok(0),
    }
}

fn at_index<E: From<Error>>(
    node: &mut Node,
    at: usize,
    create: Option<(Create, Create)>,
    rest: &[String],
    visit: &mut dyn FnMut(&mut Node) -> Result<(), E>,
) -> Result<usize, E> {
    let mut lost = Vec::new();
    let items = match node {
        Node::Sequence(items) => items,
        _ if node.is_null() => &mut lost,
        _ => return Err(Error::from(WrongKind::new("SequenceNode", node)).into()),
    };
    if let (Some((_, here)), true) = (create, items.len() == at) {
        items.push(here.node());
    }
    let n_items = items.len();
    match items.get_mut(at) {
        Some(item) => for_each_match(item, rest, create.map(|(create, _)| create), visit),
        None => {
            let message = format!("index {at} specified but only {n_items} elements found");
            Err(Error::Other(message).into())
        }
    }
}

fn at_items<E: From<Error>>(
    node: &mut Node,
    part: &str,
    rest: &[String],
    create: Option<Create>,
    visit: &mut dyn FnMut(&mut Node) -> Result<(), E>,
) -> Result<usize, E> {
    let (field, wanted) = split_item(part)?;
    let pattern = Pattern::new(wanted)?;
    let mut visit_items = |items: &mut [Node]| {
        let mut n_matches = 0;
        for item in items {
            if field.is_empty() {
                if pattern.matches(item) {
                    visit(item)?;
                    n_matches += 1;
                }
            } else if item.get(field).is_some_and(|value| pattern.matches(value)) {
                n_matches += for_each_match(item, rest, create, visit)?;
            }
        }
        Ok::<_, E>(n_matches)
    };
    let n_matches = visit_items(items_mut(node).map_err(Error::from)?)?;
    if n_matches > 0 || create.is_none() {
        return Ok(n_matches);
    }
    let value = untagged(wanted);
    let mut made = if field.is_empty() {
        value
    } else {
        Node::Mapping(Mapping::from_iter([(field.to_owned(), value)]))
    };
    // An expression that does not match itself makes kyaml go on for ever.
    let n_matches = visit_items(std::slice::from_mut(&mut made))?;
    if let Node::Sequence(items) = node {
        items.push(made);
    }
    Ok(n_matches)
}

fn index(part: &str) -> Option<usize> {
    usize::try_from(number(part)?).ok()
}

fn items_mut(node: &mut Node) -> Result<&mut [Node], WrongKind> {
    match node {
        Node::Sequence(items) => Ok(items),
        _ if node.is_null() => Ok(&mut []),
        _ => Err(WrongKind::new("SequenceNode", node)),
    }
}

fn mapping_mut(node: &mut Node) -> Result<Option<&mut Mapping>, WrongKind> {
    match node {
        Node::Mapping(mapping) => Ok(Some(mapping)),
        _ if node.is_null() => Ok(None),
        _ => Err(WrongKind::new("MappingNode", node)),
    }
}

/// The expression that the value of an item has to match somewhere, as it is written in YAML.
enum Pattern<'a> {
    Text(&'a str),
    Regex(Regex),
}

impl<'a> Pattern<'a> {
    fn new(wanted: &'a str) -> Result<Self, Error> {
        if !wanted.contains([
            '\\', '.', '+', '*', '?', '(', ')', '|', '[', ']', '{', '}', '^', '$',
        ]) {
            return Ok(Self::Text(wanted));
        }
        match Regex::new(wanted) {
            Ok(regex) => Ok(Self::Regex(regex)),
            Err(_) => other(format!("error parsing regexp: `{wanted}`")),
        }
    }

    fn matches(&self, node: &Node) -> bool {
        let text = match node {
            Node::Scalar(scalar) => written(scalar),
            Node::Sequence(_) | Node::Mapping(_) => match node.to_value() {
                Ok(value) => fleet_yaml::to_string(&value),
                Err(_) => return false,
            },
        };
        let text = text.trim();
        match self {
            Self::Text(wanted) => text.contains(wanted),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

/// A scalar as goyaml.v3 writes it.
fn written(scalar: &Scalar) -> String {
    let text = &scalar.text;
    match scalar.style {
        Style::SingleQuoted => format!("'{}'", text.replace('\'', "''")),
        Style::DoubleQuoted => format!("{text:?}"),
        Style::Literal | Style::Folded => format!("|-\n{text}"),
        Style::Plain | Style::Block | Style::Flow => {
            let is_text = matches!(resolve(Schema::V3, None, text), Ok(Resolved::String(_)));
            if scalar.tag == Tag::Str && !is_text {
                format!("{text:?}")
            } else {
                text.clone()
            }
        }
    }
}
