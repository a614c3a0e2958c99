//! `labels`, `commonLabels` and `commonAnnotations`

use std::collections::BTreeMap;
use std::rc::Rc;

use super::about;
use crate::error::Result;
use crate::field::{WrongKind, set_field};
use crate::fieldspec::{self, Create, FieldSpec};
use crate::node::Node;
use crate::resmap::ResMap;

/// Adds entries to mappings, such as labels.
#[derive(Clone, Debug)]
pub(crate) struct Entries {
    /// The entries.
    pub entries: BTreeMap<String, String>,
    /// The mappings that get them.
    pub specs: Rc<[FieldSpec]>,
}

impl Entries {
    /// Changes the objects.
    ///
    /// # Errors
    /// If a field is there and holds no mapping.
    pub(crate) fn apply(&self, map: &mut ResMap) -> Result<()> {
        if self.entries.is_empty() {
            return Ok(());
        }
        for item in map.items_mut() {
            let gvk = item.gvk().clone();
            for spec in self.specs.iter() {
                let create = Create::Mapping;
                fieldspec::apply(spec, &gvk, &mut item.node, &create, &mut |node| {
                    let Node::Mapping(mapping) = node else {
                        return Err(WrongKind::new("MappingNode", node).into());
                    };
                    for (key, value) in &self.entries {
                        set_field(mapping, key, Node::string(value.clone()));
                    }
                    Ok(())
                })
                .map_err(|error| about(item, error))?;
            }
        }
        Ok(())
    }
}
