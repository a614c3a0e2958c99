//! What changes the objects of a build, one after the other.

use crate::error::{Error, Result};
use crate::field::{WrongKind, set_over, untagged};
use crate::fieldspec;
use crate::node::Node;
use crate::origin::Origin;
use crate::replacements::{self, Replacement};
use crate::resmap::ResMap;
use crate::resource::Resource;
use crate::schema::Schema;

pub(crate) mod entries;
pub(crate) mod images;
pub(crate) mod names;
pub(crate) mod namespace;
pub(crate) mod patch;
pub(crate) mod replicas;
pub(crate) mod sort;
pub(crate) mod value_add;

/// One transformer with what `buildMetadata` says about it.
#[derive(Clone, Debug)]
pub(crate) struct Transformation {
    /// What it does.
    pub transformer: Transformer,
    /// Where it is configured, if that is to be written down.
    pub origin: Option<Origin>,
    /// The file and line for messages.
    pub place: Place,
}

/// A field of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Path from the top of the repository.
    pub file: String,
    /// Line, 1-based.
    pub line: u32,
    /// Column, 1-based.
    pub column: u32,
    /// The field.
    pub field: String,
}

impl Place {
    /// The error at this place, unless it has one.
    pub(crate) fn locate(&self, error: Error) -> Error {
        if error.has_place() {
            return error;
        }
        let error = error.at(&self.file, self.line, self.column);
        if self.field.is_empty() {
            error
        } else {
            error.field(self.field.clone())
        }
    }
}

/// The built-in transformers.
#[derive(Clone, Debug)]
pub(crate) enum Transformer {
    /// `patchesStrategicMerge`
    StrategicMerge(patch::StrategicMerge),
    /// `patches`
    Patch(patch::Patch),
    /// `patchesJson6902`
    Json6902(patch::Json6902),
    /// `namespace`
    Namespace(namespace::Namespace),
    /// `namePrefix` and `nameSuffix`
    Affix(names::Affix),
    /// `labels`, `commonLabels` and `commonAnnotations`
    Entries(entries::Entries),
    /// `replicas`
    Replicas(replicas::Replicas),
    /// `images`
    Image(Box<images::Image>),
    /// `replacements`
    Replacements(Vec<Replacement>),
    /// Only as the configuration of a transformer.
    ValueAdd(value_add::ValueAdd),
    /// Hashes in names.
    Hash,
    /// Several, one after the other.
    Sequence(Vec<Transformer>),
}

impl Transformer {
    /// Changes the objects.
    ///
    /// # Errors
    /// If a transformer does not find what it must find, or finds something of another form.
    pub(crate) fn apply(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        match self {
            Self::StrategicMerge(patches) => patches.apply(map, schema),
            Self::Patch(patch) => patch.apply(map, schema),
            Self::Json6902(patch) => patch.apply(map, schema),
            Self::Namespace(namespace) => namespace.apply(map, schema),
            Self::Affix(affix) => affix.apply(map),
            Self::Entries(entries) => entries.apply(map),
            Self::Replicas(replicas) => replicas.apply(map),
            Self::Image(image) => image.apply(map),
            Self::Replacements(list) => {
                let items = map.items_mut();
                replacements::apply(list, items)
                    .map_err(|error| Error::new("kustomize/replacement", error))?;
                for item in items {
                    item.refresh(schema);
                }
                Ok(())
            }
            Self::ValueAdd(value) => value.apply(map, schema),
            Self::Hash => names::add_hashes(map),
            Self::Sequence(transformers) => transformers
                .iter()
                .try_for_each(|transformer| transformer.apply(map, schema)),
        }
    }
}

impl Transformation {
    /// Changes the objects and writes down where that was configured.
    ///
    /// # Errors
    /// As [`Transformer::apply`].
    pub(crate) fn apply(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        self.transformer
            .apply(map, schema)
            .map_err(|error| self.place.locate(error))?;
        if let Some(origin) = &self.origin {
            for item in map.items_mut() {
                if item.origin.is_some() {
                    item.transformations.push(origin.clone());
                } else {
                    item.origin = Some(origin.clone());
                }
            }
        }
        map.drop_empty();
        Ok(())
    }
}

/// A scalar in the place of another one (kyaml's `SetScalar`): without a tag, in the style of the old one.
fn set_scalar(node: &mut Node, text: String) -> std::result::Result<(), fieldspec::Error> {
    if !matches!(node, Node::Scalar(_)) {
        return Err(WrongKind::new("ScalarNode", node).into());
    }
    set_over(node, untagged(text));
    Ok(())
}

/// An error of a field specification about an object.
fn about(resource: &Resource, error: fieldspec::Error) -> Error {
    Error::new("kustomize/field", error).at(&resource.source.file, resource.source.line, 1)
}
