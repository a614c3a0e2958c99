//! `replacements`: values of some fields copied into others.

use serde::Deserialize;

use crate::field::{text, untagged};
use crate::id::{Gvk, ResId};
use crate::node::{Mapping, Node};
use crate::path::{self, Location, Step};
use crate::resource::Resource;
use crate::selector::{LabelSelector, Selector};

/// The field that is meant where none is named.
const DEFAULT_FIELD: &str = "metadata.name";

/// One value and where it goes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Replacement {
    /// A file with replacements, which then has them instead; only in a kustomization's list.
    pub path: String,
    /// The field that has the value.
    pub source: Option<Source>,
    /// Where the value goes.
    pub targets: Option<Vec<Target>>,
    /// The value itself.
    pub source_value: Option<String>,
}

/// A field of one object.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Source {
    /// API group; empty for any.
    pub group: String,
    /// Version; empty for any.
    pub version: String,
    /// Kind; empty for any.
    pub kind: String,
    /// Name; empty for any.
    pub name: String,
    /// Namespace; empty for any.
    pub namespace: String,
    /// The field; `metadata.name` if empty.
    pub field_path: String,
    /// Which part of the field.
    pub options: Option<FieldOptions>,
}

/// Fields of some objects.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Target {
    /// The objects; names and kinds are compared exactly.
    pub select: Option<Selector>,
    /// Those of them that are left out.
    pub reject: Vec<Selector>,
    /// The fields; `metadata.name` if there are none.
    pub field_paths: Vec<String>,
    /// Which part of the fields.
    pub options: Option<FieldOptions>,
}

/// Which part of a field is meant.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldOptions {
    /// What stands between the parts; empty for the whole field.
    pub delimiter: String,
    /// Which part, counted from 0; in a target, before the first and behind the last adds one.
    pub index: i64,
    /// Not used by kustomize 5.7.1.
    pub encoding: String,
    /// Whether a field of a target is made where it is missing.
    pub create: bool,
}

/// Why a value cannot be copied, in the words of kustomize.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

/// Copies the values, one replacement after the other.
///
/// # Errors
/// If a source is not one object with the field, or a target does not have its fields.
pub fn apply(replacements: &[Replacement], resources: &mut [Resource]) -> Result<(), Error> {
    for replacement in replacements {
        let no_source = replacement.source.is_none() && replacement.source_value.is_none();
        let Some(targets) = replacement.targets.as_ref().filter(|_| !no_source) else {
            return error("replacements must specify a source and at least one target");
        };
        let mut value = value(replacement, resources)?;
        for target in targets {
            copy(&mut value, target, resources)?;
        }
    }
    Ok(())
}

/// A value that is being copied.
struct Value {
    node: Node,
    /// Where it stands, if it is a whole field of an object: its own copies may change it.
    place: Option<(usize, Location)>,
}

impl Value {
    fn detached(node: Node) -> Self {
        Self { node, place: None }
    }

    /// Takes over what has become of the field, if this is the object that has it.
    fn refresh(&mut self, index: usize, object: &Node) {
        if let Some((own, location)) = &self.place
            && *own == index
            && let Some(node) = path::at(object, location)
        {
            self.node = node.clone();
        }
    }

    /// Notes that something took the place of a field; a value that was part of it is no longer to be seen.
    fn replaced(&mut self, index: usize, location: &[Step]) {
        let is_within = |(own, place): &(usize, Location)| {
            *own == index && place.len() > location.len() && place.starts_with(location)
        };
        if self.place.as_ref().is_some_and(is_within) {
            self.place = None;
        }
    }
}

fn value(replacement: &Replacement, resources: &[Resource]) -> Result<Value, Error> {
    match (&replacement.source, &replacement.source_value) {
        (Some(_), Some(_)) => error("value and resource selectors are mutually exclusive"),
        (None, Some(value)) => Ok(Value::detached(untagged(value))),
        (None, None) => error("replacements must specify a source and at least one target"),
        (Some(source), None) => source.value(resources),
    }
}

impl Source {
    fn id(&self) -> ResId {
        ResId {
            gvk: Gvk {
                group: self.group.clone(),
                version: self.version.clone(),
                kind: self.kind.clone(),
            },
            name: self.name.clone(),
            namespace: self.namespace.clone(),
            cluster_scoped: false,
        }
    }

    fn value(&self, resources: &[Resource]) -> Result<Value, Error> {
        let id = self.id();
        let mut selected = resources
            .iter()
            .enumerate()
            .filter(|(_, resource)| is_selected(resource, &id));
        let (index, resource) = match (selected.next(), selected.next()) {
            (None, _) => return error(format!("nothing selected by {self}")),
            (Some(_), Some(_)) => return error(format!("multiple matches for selector {self}")),
            (Some(resource), None) => resource,
        };
        let field = match self.field_path.as_str() {
            "" => DEFAULT_FIELD,
            field => field,
        };
        let missing = || {
            error(format!(
                "fieldPath `{field}` is missing for replacement source {id}"
            ))
        };
        let found = path::locate(&resource.node, &path::parts(field))
            .map_err(|why| Error(format!("error looking up replacement source: {why}")))?;
        let Some(location) = found else {
            return missing();
        };
        let found = path::at(&resource.node, &location);
        let Some(node) = found.filter(|node| !node.is_empty()) else {
            return missing();
        };
        let mut node = node.clone();
        let Some(options) = self
            .options
            .as_ref()
            .filter(|options| !options.delimiter.is_empty())
        else {
            return Ok(Value {
                node,
                place: Some((index, location)),
            });
        };
        let Node::Scalar(scalar) = &mut node else {
            return error("delimiter option can only be used with scalar nodes");
        };
        let mut parts = scalar.text.split(&options.delimiter);
        let part = usize::try_from(options.index)
            .ok()
            .and_then(|at| parts.nth(at));
        match part.map(str::to_owned) {
            Some(part) => scalar.text = part,
            None => {
                return error(format!(
                    "options.index {} is out of bounds for value {}",
                    options.index, scalar.text
                ));
            }
        }
        Ok(Value::detached(node))
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.id())?;
        if !self.field_path.is_empty() {
            write!(f, ":{}", self.field_path)?;
        }
        match &self.options {
            Some(options) if !options.delimiter.is_empty() || options.create => write!(
                f,
                ":{}({}), create={}",
                options.delimiter, options.index, options.create
            ),
            _ => Ok(()),
        }
    }
}

/// Whether one of its ids, old or new, is selected. Here even objects outside namespaces count as in `default`.
fn is_selected(resource: &Resource, selector: &ResId) -> bool {
    resource.ids().any(|mut id| {
        id.cluster_scoped = false;
        id.is_selected(selector)
    })
}

fn copy(value: &mut Value, target: &Target, resources: &mut [Resource]) -> Result<(), Error> {
    let Some(select) = &target.select else {
        return error("target must specify resources to select");
    };
    let paths: Vec<(&str, Vec<String>)> = match target.field_paths.as_slice() {
        [] => vec![(DEFAULT_FIELD, path::parts(DEFAULT_FIELD))],
        paths => paths
            .iter()
            .map(|path| (path.as_str(), path::parts(path)))
            .collect(),
    };
    let select = Condition::new(select)?;
    let reject: Vec<Condition> = target
        .reject
        .iter()
        .map(Condition::new)
        .collect::<Result<_, _>>()?;
    for (index, resource) in resources.iter_mut().enumerate() {
        let rejected_by_labels = |resource: &Resource| {
            reject
                .iter()
                .any(|reject| reject.has_labels() && reject.labels_match(resource))
        };
        let rejected_by_id = |resource: &Resource| {
            let mut ids = reject.iter().map(|reject| &reject.id);
            ids.any(|id| *id != ResId::default() && is_selected(resource, id))
        };
        if !select.labels_match(resource)
            || rejected_by_labels(resource)
            || !is_selected(resource, &select.id)
            || rejected_by_id(resource)
        {
            continue;
        }
        for (path, parts) in &paths {
            let options = target.options.as_ref();
            let object = &mut resource.node;
            for location in found(&value.node, options, path, parts, object)? {
                // A field that was made below null is lost.
                let Some(location) = location else { continue };
                value.refresh(index, object);
                let Some(field) = path::at_mut(object, &location) else {
                    continue;
                };
                match set_field(&value.node, options, field)? {
                    Set::Replaced => value.replaced(index, &location),
                    Set::ChangedElsewhere => object.spread_shared(),
                    Set::Changed => {}
                }
            }
            value.refresh(index, object);
        }
    }
    Ok(())
}

/// A selector that compares ids exactly.
struct Condition {
    id: ResId,
    annotations: Option<LabelSelector>,
    labels: Option<LabelSelector>,
}

impl Condition {
    fn new(selector: &Selector) -> Result<Self, Error> {
        let parse = |text: &str| match text {
            "" => Ok(None),
            text => match LabelSelector::parse(text) {
                Ok(selector) => Ok(Some(selector)),
                Err(why) => error(why.to_string()),
            },
        };
        Ok(Self {
            id: ResId {
                gvk: Gvk {
                    group: selector.group.clone(),
                    version: selector.version.clone(),
                    kind: selector.kind.clone(),
                },
                name: selector.name.clone(),
                namespace: selector.namespace.clone(),
                cluster_scoped: false,
            },
            annotations: parse(&selector.annotation_selector)?,
            labels: parse(&selector.label_selector)?,
        })
    }

    fn has_labels(&self) -> bool {
        self.annotations.is_some() || self.labels.is_some()
    }

    fn labels_match(&self, resource: &Resource) -> bool {
        let matches = |selector: &Option<LabelSelector>, labels: Option<&Mapping>| {
            selector
                .as_ref()
                .is_none_or(|selector| selector.matches(labels))
        };
        matches(&self.annotations, resource.annotations())
            && matches(&self.labels, resource.labels())
    }
}

/// The fields of an object that a path names.
fn found(
    value: &Node,
    options: Option<&FieldOptions>,
    path: &str,
    parts: &[String],
    object: &mut Node,
) -> Result<Vec<Option<Location>>, Error> {
    let create = options
        .filter(|options| options.create)
        .map(|_| path::Create::like(value));
    let what = || match create {
        Some(_) => format!("unable to find or create field {path:?} in replacement target"),
        None => format!("unable to find field {path:?} in replacement target"),
    };
    match path::matches(object, parts, create) {
        Ok(found) if found.is_empty() => error(what()),
        Ok(found) => Ok(found),
        Err(why) => error(format!("{}: {why}", what())),
    }
}

/// What became of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    /// It has another text.
    Changed,
    /// The same, and so have other places where it stands.
    ChangedElsewhere,
    /// Something else is there.
    Replaced,
}

fn set_field(value: &Node, options: Option<&FieldOptions>, field: &mut Node) -> Result<Set, Error> {
    let mut value = value.clone();
    if let Some(options) = options.filter(|options| !options.delimiter.is_empty()) {
        let Node::Scalar(old) = &*field else {
            return error("delimiter option can only be used with scalar nodes");
        };
        let new = value.as_str().unwrap_or_default().to_owned();
        let mut parts: Vec<&str> = old.text.split(&options.delimiter).collect();
        match usize::try_from(options.index) {
            Err(_) => parts.insert(0, &new),
            Ok(at) if at >= parts.len() => parts.push(&new),
            Ok(at) => parts[at] = &new,
        }
        let joined = parts.join(&options.delimiter);
        match &mut value {
            Node::Scalar(scalar) => scalar.text = joined,
            value => *value = untagged(joined),
        }
    }
    match field {
        // Only the text: what the field is stays, so that numbers become text and text numbers.
        Node::Scalar(scalar) => {
            text(&value).clone_into(&mut scalar.text);
            scalar.shared = scalar.shared.changed();
            Ok(match scalar.shared.is_shared() {
                true => Set::ChangedElsewhere,
                false => Set::Changed,
            })
        }
        field => {
            value.separate();
            *field = value;
            Ok(Set::Replaced)
        }
    }
}

fn error<T>(message: impl Into<String>) -> Result<T, Error> {
    Err(Error(message.into()))
}

#[cfg(test)]
mod tests;
