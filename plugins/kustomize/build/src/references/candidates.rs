//! The objects whose names have changed, by the names that they had.

use std::collections::HashMap;

use super::Referrer;
use crate::id::Gvk;
use crate::resource::Resource;

/// The objects whose names have changed.
#[derive(Debug)]
pub(super) struct Candidates {
    all: Vec<Candidate>,
    by_name: HashMap<String, Vec<usize>>,
    /// All objects, by the namespace that they had first.
    places: HashMap<String, Vec<Place>>,
}

/// An object whose name has changed.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) namespace: String,
    pub(super) effective_namespace: String,
    pub(super) original_namespace: String,
    pub(super) cluster_scoped: bool,
    pub(super) is_service_account: bool,
    prefixes: Vec<String>,
    suffixes: Vec<String>,
    /// The kinds that it had.
    kinds: Vec<Gvk>,
}

/// Where an object is now.
#[derive(Debug, PartialEq)]
pub(super) struct Place {
    pub(super) namespace: String,
    pub(super) effective_namespace: String,
    pub(super) cluster_scoped: bool,
}

impl Candidates {
    pub(super) fn of(items: &[Resource]) -> Self {
        let mut candidates = Self {
            all: Vec::new(),
            by_name: HashMap::new(),
            places: HashMap::new(),
        };
        if items.iter().all(|item| item.previous().is_empty()) {
            return candidates;
        }
        for item in items {
            let place = Place {
                namespace: item.namespace().to_owned(),
                effective_namespace: item.effective_namespace().to_owned(),
                cluster_scoped: item.is_cluster_scoped(),
            };
            let places = candidates
                .places
                .entry(item.original_namespace().to_owned())
                .or_default();
            if !places.contains(&place) {
                places.push(place);
            }
            if item.previous().is_empty() {
                continue;
            }
            let index = candidates.all.len();
            for previous in item.previous() {
                let indices = candidates.by_name.entry(previous.name.clone()).or_default();
                if indices.last() != Some(&index) {
                    indices.push(index);
                }
            }
            candidates.all.push(Candidate::of(item));
        }
        candidates
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether any of them had a kind.
    pub(super) fn has_kind(&self, selector: &Gvk) -> bool {
        self.all
            .iter()
            .any(|candidate| candidate.had_kind(selector))
    }

    /// Those that had a name, in order.
    pub(super) fn named(&self, name: &str) -> impl Iterator<Item = &Candidate> {
        let indices = self.by_name.get(name).map_or(&[][..], Vec::as_slice);
        indices.iter().map(|index| &self.all[*index])
    }

    /// Where the objects are now that were in a namespace at first.
    pub(super) fn places_of(&self, namespace: &str) -> impl Iterator<Item = &Place> {
        self.places.get(namespace).into_iter().flatten()
    }
}

impl Candidate {
    fn of(item: &Resource) -> Self {
        let mut kinds: Vec<Gvk> = Vec::new();
        for previous in item.previous() {
            if kinds.iter().all(|gvk| gvk.kind != previous.kind) {
                kinds.push(Gvk {
                    kind: previous.kind.clone(),
                    ..item.gvk().clone()
                });
            }
        }
        Self {
            id: item.id().to_string(),
            name: item.name().to_owned(),
            namespace: item.namespace().to_owned(),
            effective_namespace: item.effective_namespace().to_owned(),
            original_namespace: item.original_namespace().to_owned(),
            cluster_scoped: item.is_cluster_scoped(),
            is_service_account: item.kind() == "ServiceAccount",
            prefixes: item.prefixes.clone(),
            suffixes: item.suffixes.clone(),
            kinds,
        }
    }

    pub(super) fn had_kind(&self, selector: &Gvk) -> bool {
        self.kinds.iter().any(|gvk| gvk.is_selected(selector))
    }

    /// Whether both got the same prefixes and suffixes last; none fits to any, if that is allowed.
    pub(super) fn affixes_fit(&self, referrer: &Referrer, allow_none: bool) -> bool {
        let fit = |a: &[String], b: &[String]| {
            (allow_none && (a.is_empty() || b.is_empty())) || same_ending(a, b)
        };
        fit(&self.prefixes, &referrer.prefixes) && fit(&self.suffixes, &referrer.suffixes)
    }
}

/// Whether the shorter one is the end of the longer one; none is only the end of none.
fn same_ending(a: &[String], b: &[String]) -> bool {
    if a.is_empty() || b.is_empty() {
        return a.is_empty() && b.is_empty();
    }
    a.ends_with(b) || b.ends_with(a)
}
