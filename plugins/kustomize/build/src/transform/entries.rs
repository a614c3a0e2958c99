//! `labels`, `commonLabels` and `commonAnnotations`

use std::collections::BTreeMap;
use std::rc::Rc;

use super::about;
use crate::error::Result;
use crate::field::{WrongKind, set_field};
use crate::fieldspec::{self, Create, FieldSpec};
use crate::node::{Node, Scalar, Shared};
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
            let n_shared = item.n_shared;
            item.n_shared += u32::try_from(self.entries.len()).unwrap_or_default();
            let mut spreads = false;
            for spec in self.specs.iter() {
                let create = Create::Mapping;
                fieldspec::apply(spec, &gvk, &mut item.node, &create, &mut |node| {
                    let Node::Mapping(mapping) = node else {
                        return Err(WrongKind::new("MappingNode", node).into());
                    };
                    for ((key, value), id) in self.entries.iter().zip(n_shared + 1..) {
                        let old = mapping.get(key).and_then(Node::as_scalar);
                        spreads |= old.is_some_and(|old| old.shared.is_shared());
                        let shared = Shared::new(id);
                        let value = Scalar {
                            shared,
                            ..Scalar::string(value.as_str())
                        };
                        set_field(mapping, key, Node::Scalar(value));
                    }
                    Ok(())
                })
                .map_err(|error| about(item, error))?;
            }
            if spreads {
                item.node.spread_shared();
            }
        }
        Ok(())
    }
}
