//! Strategic merge of a patch onto an object, as kyaml's `merge2` does it for kustomize.
//!
//! Lists are merged only where a schema names their keys, new items first. Of the directives of the API server only
//! `$patch` means something; `$setElementOrder`, `$retainKeys` and `$deleteFromPrimitiveList` are fields like others.

use std::mem::take;

use directive::Directive;
use list::{Merged, Other};

use crate::field::{WrongKind, quote_ambiguous, set_field, set_over, text};
use crate::node::{Mapping, Node};
use crate::schema::{Schema, Type};

mod directive;
mod list;

/// Why a patch cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The patch has a mapping where the object has a list, or the like.
    #[error(transparent)]
    WrongKind(#[from] WrongKind),
    /// `$patch` is none of `merge`, `replace` and `delete`.
    #[error("unknown patch strategy '{0}'")]
    UnknownDirective(String),
}

/// Merges a patch onto an object; `None` if the patch deletes it.
///
/// # Errors
/// If the two do not fit together, or the patch has a directive that is not known.
pub fn strategic_merge(
    mut target: Node,
    patch: &Node,
    schema: &Schema,
) -> Result<Option<Node>, Error> {
    let mut patch = patch.clone();
    let merger = Merger { schema };
    Ok(
        match merger.walk(Some(&mut target), Some(&mut patch), None)? {
            Walked::Nothing => None,
            // Kustomize drops the result of `$patch: replace` for a whole object.
            Walked::Target | Walked::KeptNull | Walked::Patch => Some(target),
        },
    )
}

/// Where the result of a walk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Walked {
    /// In the node of the object.
    Target,
    /// In the node of the patch.
    Patch,
    /// Nowhere: it is gone.
    Nothing,
    /// In the node of the object, which is a null that was written out and stays.
    KeptNull,
}

struct Merger<'a> {
    schema: &'a Schema,
}

impl Merger<'_> {
    /// Merges what the patch has at a place onto what the object has there.
    fn walk(
        &self,
        target: Option<&mut Node>,
        patch: Option<&mut Node>,
        own: Option<Type>,
    ) -> Result<Walked, Error> {
        let own = own.or_else(|| self.type_by_kind([target.as_deref(), patch.as_deref()]));
        let own = own.as_ref();
        match (target, patch) {
            (None, None) => Ok(Walked::Nothing),
            (None, Some(patch)) => self.add(patch, own),
            (Some(target), patch) if target.is_null() => match patch {
                Some(patch) => self.add(patch, own),
                // `a: null` stays, `a:` goes.
                None if text(target).is_empty() => Ok(Walked::Nothing),
                None => Ok(Walked::KeptNull),
            },
            (Some(target), None) => self.keep(target, own),
            (Some(_), Some(patch)) if patch.is_null() => Ok(Walked::Nothing),
            (Some(target), Some(patch)) => self.merge(target, patch, own),
        }
    }

    fn merge(
        &self,
        target: &mut Node,
        patch: &mut Node,
        own: Option<&Type>,
    ) -> Result<Walked, Error> {
        match (target, patch) {
            (Node::Scalar(_), Node::Scalar(_)) => Ok(Walked::Patch),
            (Node::Mapping(target), Node::Mapping(patch)) => match directive::take(patch)? {
                Directive::Delete => Ok(Walked::Nothing),
                Directive::Replace => {
                    self.add_fields(patch, own)?;
                    Ok(Walked::Patch)
                }
                Directive::Merge => {
                    self.fields(target, Some(patch), own)?;
                    Ok(Walked::Target)
                }
            },
            (Node::Sequence(target), Node::Sequence(patch)) => {
                let Some(merged) = Merged::of(own) else {
                    return Ok(Walked::Patch);
                };
                match directive::take_from_list(patch)? {
                    Directive::Delete => Ok(Walked::Nothing),
                    Directive::Replace => {
                        *patch = self.list(take(patch), Other::Same, &merged)?;
                        Ok(Walked::Patch)
                    }
                    Directive::Merge => {
                        *target = self.list(take(target), Other::List(patch.clone()), &merged)?;
                        Ok(Walked::Target)
                    }
                }
            }
            (target, patch) => Err(WrongKind::new(target.kind_name(), patch).into()),
        }
    }

    /// What only the object has: it stays, but for nulls and for items that share their keys.
    fn keep(&self, target: &mut Node, own: Option<&Type>) -> Result<Walked, Error> {
        match target {
            Node::Scalar(_) => {}
            Node::Mapping(mapping) => self.fields(mapping, None, own)?,
            Node::Sequence(items) => {
                if let Some(merged) = Merged::of(own) {
                    *items = self.list(take(items), Other::None, &merged)?;
                }
            }
        }
        Ok(Walked::Target)
    }

    /// What only the patch has: it is added without its nulls.
    fn add(&self, patch: &mut Node, own: Option<&Type>) -> Result<Walked, Error> {
        match patch {
            Node::Scalar(_) if patch.is_null() => return Ok(Walked::Nothing),
            Node::Scalar(_) => {}
            Node::Mapping(mapping) => {
                // Here kyaml does not mind a directive that it does not know.
                if let Ok(Directive::Delete) = directive::take(mapping) {
                    return Ok(Walked::Nothing);
                }
                self.add_fields(mapping, own)?;
            }
            Node::Sequence(items) => {
                if let Some(merged) = Merged::of(own) {
                    *items = self.list(take(items), Other::Same, &merged)?;
                }
            }
        }
        Ok(Walked::Patch)
    }

    /// What lies within something that was added: kyaml walks it as object and patch at once. Whether it stays.
    fn add_within(&self, node: &mut Node, own: Option<Type>) -> Result<bool, Error> {
        let own = own.or_else(|| self.type_by_kind([Some(&*node), None]));
        let own = own.as_ref();
        match node {
            Node::Scalar(_) => {}
            Node::Mapping(mapping) => {
                if directive::take(mapping)? == Directive::Delete {
                    return Ok(false);
                }
                self.add_fields(mapping, own)?;
            }
            Node::Sequence(items) => {
                if let Some(merged) = Merged::of(own) {
                    if directive::take_from_list(items)? == Directive::Delete {
                        return Ok(false);
                    }
                    *items = self.list(take(items), Other::Same, &merged)?;
                }
            }
        }
        Ok(!node.is_null())
    }

    fn add_fields(&self, mapping: &mut Mapping, own: Option<&Type>) -> Result<(), Error> {
        let mut failed = Ok(());
        mapping.retain(|name, value| {
            if failed.is_err() {
                return true;
            }
            match self.add_within(value, own.and_then(|own| own.field(name))) {
                Ok(stays) => {
                    quote_ambiguous(value);
                    stays
                }
                Err(error) => {
                    failed = Err(error);
                    true
                }
            }
        });
        failed
    }

    fn fields(
        &self,
        target: &mut Mapping,
        mut patch: Option<&mut Mapping>,
        own: Option<&Type>,
    ) -> Result<(), Error> {
        let new: Vec<usize> = match &patch {
            Some(patch) => {
                let names = patch.keys().enumerate();
                names
                    .filter(|(_, name)| !target.contains(name))
                    .map(|(at, _)| at)
                    .collect()
            }
            None => Vec::new(),
        };
        let field_type = |name: &str| own.and_then(|own| own.field(name));
        let mut failed = Ok(());
        target.retain(|name, value| {
            if failed.is_err() {
                return true;
            }
            let other = patch.as_deref_mut().and_then(|patch| patch.get_mut(name));
            match self.field(value, other, field_type(name)) {
                Ok(stays) => stays,
                Err(error) => {
                    failed = Err(error);
                    true
                }
            }
        });
        failed?;
        let Some(patch) = patch else { return Ok(()) };
        for (at, (name, value)) in patch.iter_mut().enumerate() {
            if new.binary_search(&at).is_ok()
                && self.walk(None, Some(value), field_type(name))? == Walked::Patch
            {
                set_field(target, name, value.clone());
            }
        }
        Ok(())
    }

    /// Merges one field that the object has; whether it stays.
    fn field(
        &self,
        target: &mut Node,
        mut patch: Option<&mut Node>,
        own: Option<Type>,
    ) -> Result<bool, Error> {
        match (self.walk(Some(target), patch.as_deref_mut(), own)?, patch) {
            (Walked::Nothing, _) => Ok(false),
            (Walked::Patch, Some(patch)) => {
                set_over(target, patch.clone());
                Ok(true)
            }
            (Walked::Patch | Walked::Target, _) => {
                quote_ambiguous(target);
                Ok(true)
            }
            (Walked::KeptNull, _) => Ok(true),
        }
    }

    /// The type of a node that no schema describes, but that says itself of which kind it is.
    fn type_by_kind(&self, nodes: [Option<&Node>; 2]) -> Option<Type> {
        nodes.into_iter().flatten().find_map(|node| {
            let kind = node.get("kind").and_then(Node::as_str)?;
            let api_version = node.get("apiVersion").and_then(Node::as_str)?;
            self.schema.type_of(api_version, kind)
        })
    }
}

#[cfg(test)]
mod tests;
