//! Fields that a transformer changes, by group, version and kind of the object.

use std::borrow::Cow;

use serde::Deserialize;

use crate::field::{WrongKind, untagged};
use crate::id::{Gvk, ResId};
use crate::node::{Mapping, Node, Tag};
use crate::path::{self, Part};

mod builtin;
mod config;

pub(crate) use config::InForce;
pub use config::{Config, NameReference, merge_all, merge_one};
pub use path::parts as path_parts;

/// A field of the objects of some kinds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldSpec {
    /// API group; empty for any.
    pub group: String,
    /// Version; empty for any.
    pub version: String,
    /// Kind; empty for any.
    pub kind: String,
    /// Names of fields with `/` between them, which a backslash makes part of a name; lists are gone through, and
    /// `[]` behind a name says that it is one.
    pub path: String,
    /// Whether the field is made where it is missing.
    pub create: bool,
}

/// What stands at the end of a path that is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Create {
    /// Nothing is made, whatever the field says.
    Nothing,
    /// A scalar; the tag is what a null there becomes.
    Scalar(Tag),
    /// A mapping.
    Mapping,
    /// A list.
    Sequence,
}

impl Create {
    fn node(&self) -> Option<Node> {
        match self {
            Self::Nothing => None,
            Self::Scalar(_) => Some(untagged("")),
            Self::Mapping => Some(Node::mapping()),
            Self::Sequence => Some(Node::Sequence(Vec::new())),
        }
    }
}

/// Why a field cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Something on the way is of another kind.
    #[error(transparent)]
    WrongKind(#[from] WrongKind),
    /// Anything else, in the words of kustomize.
    #[error("{0}")]
    Other(String),
}

impl From<path::Error> for Error {
    fn from(error: path::Error) -> Self {
        match error {
            path::Error::WrongKind(error) => Self::WrongKind(error),
            path::Error::Other(message) => Self::Other(message),
        }
    }
}

impl Error {
    fn below(self, what: impl std::fmt::Display) -> Self {
        Self::Other(format!("{what}: {self}"))
    }
}

/// What is done with the fields that are found.
pub type Set<'a> = dyn FnMut(&mut Node) -> Result<(), Error> + 'a;

impl FieldSpec {
    /// A field of all objects.
    pub fn new(path: impl Into<String>, create: bool) -> Self {
        Self {
            path: path.into(),
            create,
            ..Self::default()
        }
    }

    /// Whether objects of this kind have the field.
    pub fn selects(&self, gvk: &Gvk) -> bool {
        let matches = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        matches(&self.kind, &gvk.kind)
            && matches(&self.group, &gvk.group)
            && matches(&self.version, &gvk.version)
    }

    /// Group, version and kind of the objects.
    pub fn gvk(&self) -> Gvk {
        Gvk {
            group: self.group.clone(),
            version: self.version.clone(),
            kind: self.kind.clone(),
        }
    }
}

/// Changes the field in an object of the given kind, if objects of that kind have it.
///
/// # Errors
/// If something on the way is neither a mapping nor a list, or the change fails.
pub fn apply(
    spec: &FieldSpec,
    gvk: &Gvk,
    object: &mut Node,
    create: &Create,
    set: &mut Set<'_>,
) -> Result<(), Error> {
    if spec.selects(gvk) {
        apply_path(spec, object, create, set)
    } else {
        Ok(())
    }
}

/// Changes the field in an object, of whatever kind it is.
///
/// # Errors
/// As [`apply`].
pub fn apply_path(
    spec: &FieldSpec,
    object: &mut Node,
    create: &Create,
    set: &mut Set<'_>,
) -> Result<(), Error> {
    let create = if spec.create {
        create
    } else {
        &Create::Nothing
    };
    let path = match spec.path.strip_prefix('/') {
        Some(path) => path,
        None => &spec.path,
    };
    visit(object, Some(path), create, set).map_err(|error| {
        error.below(format_args!(
            "considering field '{}' of object {}",
            spec.path,
            id(object)
        ))
    })
}

/// What an object is called in messages.
fn id(object: &Node) -> ResId {
    let text = |path: &[&str]| object.text_at(path).unwrap_or_default().to_owned();
    ResId {
        gvk: Gvk::new(&text(&["apiVersion"]), &text(&["kind"])),
        name: text(&["metadata", "name"]),
        namespace: text(&["metadata", "namespace"]),
        cluster_scoped: false,
    }
}

fn visit(
    node: &mut Node,
    path: Option<&str>,
    create: &Create,
    set: &mut Set<'_>,
) -> Result<(), Error> {
    let Some(path) = path else { return set(node) };
    match node {
        Node::Sequence(items) => items.iter_mut().try_for_each(|item| {
            visit(item, Some(path), create, set).map_err(|error| {
                let parts = path::split(path, '/').join(" ");
                error.below(format_args!("visit traversal on path: [{parts}]"))
            })
        }),
        Node::Mapping(mapping) => visit_field(mapping, path, create, set),
        Node::Scalar(_) if node.is_null() => Ok(()),
        Node::Scalar(_) => Err(Error::Other("expected sequence or mapping node".to_owned())),
    }
}

fn visit_field(
    mapping: &mut Mapping,
    path: &str,
    create: &Create,
    set: &mut Set<'_>,
) -> Result<(), Error> {
    let (name, rest) = first(path);
    let (name, is_list) = match name.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (&*name, false),
    };
    if name.is_empty() {
        return Err(Error::Other(
            "cannot set or create an empty field name".to_owned(),
        ));
    }
    match Part::parse(name)? {
        Part::Field(_) => {}
        Part::Every => {
            let message = format!("fieldName: {name}: wildcard is not supported in PathGetter");
            return Err(Error::Other(message));
        }
        Part::Index(_) | Part::Last | Part::Item { .. } => {
            let node = Node::Mapping(mapping.clone());
            let error = Error::from(WrongKind::new("SequenceNode", &node));
            return Err(error.below(format_args!("fieldName: {name}")));
        }
    }
    let kind = match (is_list, create, rest) {
        (true, _, _) => &Create::Sequence,
        (false, Create::Nothing, _) => &Create::Nothing,
        (false, _, Some(_)) => &Create::Mapping,
        (false, create, None) => create,
    };
    if !is_list
        && !mapping.contains(name)
        && let Some(node) = kind.node()
    {
        mapping.push(name.to_owned(), node);
    }
    let Some(field) = mapping.get_mut(name) else {
        return Ok(());
    };
    if let Node::Scalar(scalar) = field
        && scalar.tag == Tag::Null
    {
        match kind {
            // The text stays: a null that was written out is the text `null` until it is set.
            Create::Scalar(tag) => scalar.tag = tag.clone(),
            Create::Nothing => {}
            Create::Mapping => *field = Node::mapping(),
            Create::Sequence => *field = Node::Sequence(Vec::new()),
        }
    }
    visit(field, rest, create, set)
}

/// The first name of a path, and what follows.
fn first(path: &str) -> (Cow<'_, str>, Option<&str>) {
    let mut escaped = false;
    for (at, _) in path.match_indices('/') {
        if path[..at].ends_with('\\') {
            escaped = true;
            continue;
        }
        return (unescape(&path[..at], escaped), Some(&path[at + 1..]));
    }
    (unescape(path, escaped), None)
}

fn unescape(name: &str, escaped: bool) -> Cow<'_, str> {
    if escaped {
        Cow::Owned(name.replace("\\/", "/"))
    } else {
        Cow::Borrowed(name)
    }
}

#[cfg(test)]
mod tests;
