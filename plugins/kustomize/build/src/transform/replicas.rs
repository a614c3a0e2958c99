//! `replicas`

use std::rc::Rc;

use super::about;
use crate::error::{Error, Result};
use crate::field::{WrongKind, set_over};
use crate::fieldspec::{self, Create, FieldSpec};
use crate::kustomization::Replica;
use crate::node::{Node, Tag};
use crate::resmap::ResMap;

/// Sets a number of replicas.
#[derive(Clone, Debug)]
pub(crate) struct Replicas {
    /// The name of the objects and the number.
    pub replica: Replica,
    /// The fields that hold numbers of replicas.
    pub specs: Rc<[FieldSpec]>,
}

impl Replicas {
    /// Changes the objects.
    ///
    /// # Errors
    /// If there is no object of that name that has replicas, or its field holds no scalar.
    pub(crate) fn apply(&self, map: &mut ResMap) -> Result<()> {
        let mut found = false;
        for spec in self.specs.iter() {
            let selector = spec.gvk();
            for item in map.items_mut() {
                let matches = item.ids_match(|gvk, name, _| {
                    name == self.replica.name && gvk.is_selected(&selector)
                });
                if item.node.is_empty() || !matches {
                    continue;
                }
                found = true;
                let gvk = item.gvk().clone();
                let create = Create::Scalar(Tag::Int);
                fieldspec::apply(spec, &gvk, &mut item.node, &create, &mut |node| {
                    if !matches!(node, Node::Scalar(_)) {
                        return Err(WrongKind::new("ScalarNode", node).into());
                    }
                    set_over(node, Node::int(self.replica.count));
                    Ok(())
                })
                .map_err(|error| about(item, error))?;
            }
        }
        if found {
            return Ok(());
        }
        let kinds: Vec<String> = self
            .specs
            .iter()
            .map(|spec| spec.gvk().to_string())
            .collect();
        Err(Error::new(
            "kustomize/no-match",
            format!(
                "resource with name {} does not match a config with the following GVK [{}]",
                self.replica.name,
                kinds.join(" ")
            ),
        ))
    }
}
