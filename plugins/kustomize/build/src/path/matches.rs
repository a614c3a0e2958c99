//! All places that a path names (kyaml's `PathMatcher`).

use fleet_template::functions::regex::Regex;
use fleet_yaml::{Resolved, Schema, Style, resolve};

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

/// A place in a tree.
pub(crate) type Location = Vec<Step>;

/// One step on the way to a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// To the value of a key.
    Key(String),
    /// To an item.
    Item(usize),
}

/// What stands at a place.
pub(crate) fn at<'n>(node: &'n Node, location: &[Step]) -> Option<&'n Node> {
    location.iter().try_fold(node, |node, step| match step {
        Step::Key(name) => node.get(name),
        Step::Item(at) => node.as_sequence()?.get(*at),
    })
}

/// What stands at a place, to be changed.
pub(crate) fn at_mut<'n>(node: &'n mut Node, location: &[Step]) -> Option<&'n mut Node> {
    location
        .iter()
        .try_fold(node, |node, step| match (step, node) {
            (Step::Key(name), Node::Mapping(mapping)) => mapping.get_mut(name),
            (Step::Item(at), Node::Sequence(items)) => items.get_mut(*at),
            _ => None,
        })
}

/// Finds all places that a path names, and makes what is missing if told so.
///
/// What would be made below null is lost, but counts: then there is no place, only `None`.
///
/// # Errors
/// If something on the way is of another kind than the path wants, or the path is wrong.
pub(crate) fn matches(
    node: &mut Node,
    parts: &[String],
    create: Option<Create>,
) -> Result<Vec<Option<Location>>, Error> {
    let mut search = Search {
        create,
        here: Vec::new(),
        lost: false,
        found: Vec::new(),
    };
    search.walk(node, parts)?;
    Ok(search.found)
}

struct Search {
    create: Option<Create>,
    here: Location,
    /// Whether the walk is in something that is not part of the tree.
    lost: bool,
    found: Vec<Option<Location>>,
}

impl Search {
    fn walk(&mut self, node: &mut Node, parts: &[String]) -> Result<(), Error> {
        let Some((part, rest)) = parts.split_first() else {
            self.found.push((!self.lost).then(|| self.here.clone()));
            return Ok(());
        };
        let next = rest.first().map(String::as_str);
        let made = self.create.map(|create| create.before(next));
        if let Some(at) = index(part) {
            return self.index(node, at, made, rest);
        }
        if is_item(part) {
            return self.items(node, part, rest);
        }
        if part == "*" {
            let items = items_mut(node)?.iter_mut().enumerate();
            for (at, item) in items {
                self.step(Step::Item(at), item, rest)?;
            }
            return Ok(());
        }
        if part.is_empty() {
            // The field without a name is the scalar itself, if it is empty.
            return match node {
                Node::Scalar(scalar) if scalar.text.is_empty() && scalar.tag != Tag::Null => {
                    self.walk(node, rest)
                }
                Node::Scalar(_) => Ok(()),
                _ => Err(WrongKind::new("ScalarNode", node).into()),
            };
        }
        let Some(mapping) = mapping_mut(node)? else {
            return match made {
                Some(made) => self.lose(made.node(), rest),
                None => Ok(()),
            };
        };
        if let (Some(made), false) = (made, mapping.contains(part)) {
            set_field(mapping, part, made.node());
        }
        match mapping.get_mut(part) {
            Some(field) => self.step(Step::Key(part.clone()), field, rest),
            None => Ok(()),
        }
    }

    fn step(&mut self, step: Step, node: &mut Node, rest: &[String]) -> Result<(), Error> {
        self.here.push(step);
        self.walk(node, rest)?;
        self.here.pop();
        Ok(())
    }

    /// Goes on in something that nobody will see.
    fn lose(&mut self, mut node: Node, rest: &[String]) -> Result<(), Error> {
        let outer = std::mem::replace(&mut self.lost, true);
        self.walk(&mut node, rest)?;
        self.lost = outer;
        Ok(())
    }

    fn index(
        &mut self,
        node: &mut Node,
        at: usize,
        made: Option<Create>,
        rest: &[String],
    ) -> Result<(), Error> {
        let missing = |n_items: usize| {
            let message = format!("index {at} specified but only {n_items} elements found");
            Err(Error::Other(message))
        };
        let items = match node {
            Node::Sequence(items) => items,
            _ if node.is_null() => {
                return match made {
                    Some(made) if at == 0 => self.lose(made.node(), rest),
                    _ => missing(0),
                };
            }
            _ => return Err(WrongKind::new("SequenceNode", node).into()),
        };
        if let (Some(made), true) = (made, items.len() == at) {
            items.push(made.node());
        }
        let n_items = items.len();
        match items.get_mut(at) {
            Some(item) => self.step(Step::Item(at), item, rest),
            None => missing(n_items),
        }
    }

    fn items(&mut self, node: &mut Node, part: &str, rest: &[String]) -> Result<(), Error> {
        let (field, wanted) = split_item(part)?;
        let pattern = Pattern::new(wanted)?;
        let n_before = self.found.len();
        self.matching(items_mut(node)?, 0, field, &pattern, rest)?;
        if self.found.len() > n_before || self.create.is_none() {
            return Ok(());
        }
        let value = untagged(wanted);
        let made = if field.is_empty() {
            value
        } else {
            Node::Mapping(Mapping::from_iter([(field.to_owned(), value)]))
        };
        // An expression that does not match itself makes kyaml go on for ever.
        match node {
            Node::Sequence(items) => {
                let at = items.len();
                items.push(made);
                self.matching(&mut items[at..], at, field, &pattern, rest)
            }
            _ => {
                let outer = std::mem::replace(&mut self.lost, true);
                self.matching(&mut [made], 0, field, &pattern, rest)?;
                self.lost = outer;
                Ok(())
            }
        }
    }

    /// Goes on in the items that match; the first of them has the index `first`.
    fn matching(
        &mut self,
        items: &mut [Node],
        first: usize,
        field: &str,
        pattern: &Pattern<'_>,
        rest: &[String],
    ) -> Result<(), Error> {
        for (at, item) in (first..).zip(items) {
            // What follows behind `[=value]` means nothing.
            let (matches, rest) = match field {
                "" => (pattern.matches(item), &[][..]),
                field => (
                    item.get(field).is_some_and(|value| pattern.matches(value)),
                    rest,
                ),
            };
            if matches {
                self.step(Step::Item(at), item, rest)?;
            }
        }
        Ok(())
    }
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
            Err(why) => other(why),
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
