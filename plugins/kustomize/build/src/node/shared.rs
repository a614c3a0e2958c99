//! Scalars that stand in several places of an object.
//!
//! Kustomize adds one and the same node of YAML to all mappings that get a label or an annotation. What changes it in
//! place in one of them later, such as a patch of an overlay, changes it in all; only a JSON patch makes them separate.

use std::collections::BTreeMap;

use super::{Node, Scalar};

/// Which of the scalars of an object this is the same as; it says nothing about the value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Shared {
    /// Equal for the same scalar; 0 for one that stands in one place only.
    id: u32,
    /// Whether this place has changed, and the others do not know yet.
    changed: bool,
}

impl PartialEq for Shared {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Shared {
    /// The scalar with a number of its own in its object, from 1.
    pub(crate) fn new(id: u32) -> Self {
        Self { id, changed: false }
    }

    /// Whether the scalar stands in other places too.
    pub(crate) fn is_shared(self) -> bool {
        self.id != 0
    }

    /// The same after a change in one place.
    #[must_use]
    pub(crate) fn changed(self) -> Self {
        Self {
            changed: self.is_shared(),
            ..self
        }
    }
}

impl Node {
    /// Brings what has changed in one place to the others.
    pub(crate) fn spread_shared(&mut self) {
        let mut changed = BTreeMap::new();
        self.collect_changed(&mut changed);
        if !changed.is_empty() {
            self.spread(&changed);
        }
    }

    /// Makes every scalar stand for itself.
    pub(crate) fn separate(&mut self) {
        match self {
            Self::Scalar(scalar) => scalar.shared = Shared::default(),
            Self::Sequence(items) => items.iter_mut().for_each(Self::separate),
            Self::Mapping(mapping) => mapping.values_mut().for_each(Self::separate),
        }
    }

    fn collect_changed(&self, into: &mut BTreeMap<u32, Scalar>) {
        match self {
            Self::Scalar(scalar) if scalar.shared.changed => {
                into.insert(scalar.shared.id, scalar.clone());
            }
            Self::Scalar(_) => {}
            Self::Sequence(items) => items.iter().for_each(|item| item.collect_changed(into)),
            Self::Mapping(mapping) => mapping
                .iter()
                .for_each(|(_, value)| value.collect_changed(into)),
        }
    }

    fn spread(&mut self, changed: &BTreeMap<u32, Scalar>) {
        match self {
            Self::Scalar(scalar) => {
                if let Some(new) = changed.get(&scalar.shared.id) {
                    scalar.clone_from(new);
                    scalar.shared.changed = false;
                }
            }
            Self::Sequence(items) => items.iter_mut().for_each(|item| item.spread(changed)),
            Self::Mapping(mapping) => mapping.values_mut().for_each(|value| value.spread(changed)),
        }
    }
}
