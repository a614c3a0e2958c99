//! `namePrefix`, `nameSuffix` and the hashes of generated objects.

use std::rc::Rc;

use super::{about, set_scalar};
use crate::error::Result;
use crate::field::text;
use crate::fieldspec::{self, Create, FieldSpec};
use crate::hash;
use crate::id::Gvk;
use crate::node::Tag;
use crate::resmap::ResMap;

/// Which end of a name grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The front.
    Prefix,
    /// The back.
    Suffix,
}

/// Puts a text in front of names or behind them.
#[derive(Clone, Debug)]
pub(crate) struct Affix {
    /// Which end of a name grows.
    pub end: End,
    /// The text.
    pub text: String,
    /// The fields that hold names.
    pub specs: Rc<[FieldSpec]>,
}

/// Kinds whose names mean something by themselves.
fn is_fixed(gvk: &Gvk) -> bool {
    match gvk.kind.as_str() {
        "CustomResourceDefinition" | "Namespace" => true,
        "APIService" => gvk.group == "apiregistration.k8s.io",
        _ => false,
    }
}

impl Affix {
    /// Changes the names.
    ///
    /// # Errors
    /// If a field is there and holds no scalar.
    pub(crate) fn apply(&self, map: &mut ResMap) -> Result<()> {
        for item in map.items_mut() {
            let original = item.original_gvk();
            if is_fixed(&original) {
                continue;
            }
            for spec in self.specs.iter().filter(|spec| spec.selects(&original)) {
                if spec.path == "metadata/name" && !self.text.is_empty() {
                    match self.end {
                        End::Prefix => item.prefixes.push(self.text.clone()),
                        End::Suffix => item.suffixes.push(self.text.clone()),
                    }
                    item.remember();
                }
                let gvk = item.gvk().clone();
                let create = Create::Scalar(Tag::Str);
                fieldspec::apply(spec, &gvk, &mut item.node, &create, &mut |node| {
                    let name = match self.end {
                        End::Prefix => format!("{}{}", self.text, text(node)),
                        End::Suffix => format!("{}{}", text(node), self.text),
                    };
                    set_scalar(node, name)
                })
                .map_err(|error| about(item, error))?;
            }
        }
        Ok(())
    }
}

/// Puts a hash of their content behind the names of generated objects.
///
/// # Errors
/// If an object is marked that cannot be hashed.
pub(crate) fn add_hashes(map: &mut ResMap) -> Result<()> {
    if !map.items().iter().any(|item| item.needs_hash) {
        return Ok(());
    }
    for item in map.items_mut().iter_mut().filter(|item| item.needs_hash) {
        let hash = hash::suffix(&item.node)?;
        item.remember();
        let name = format!("{}-{hash}", item.name());
        item.set_name(&name);
    }
    Ok(())
}
