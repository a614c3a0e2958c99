//! The objects of a build, in order, each with an id of its own.

use std::collections::{HashMap, HashSet};

use crate::error::{Error, Result};
use crate::field::text;
use crate::id::ResId;
use crate::node::{Mapping, Node};
use crate::resource::{Behavior, Resource};

/// The objects of a build.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResMap {
    items: Vec<Resource>,
    /// The ids of all items, as long as nobody may have changed one.
    known: Option<HashSet<String>>,
    /// Where the objects stand that have, or had, a name; as long as nobody may have changed one.
    by_name: Option<HashMap<String, Vec<usize>>>,
}

impl ResMap {
    /// The objects, in order.
    pub(crate) fn items(&self) -> &[Resource] {
        &self.items
    }

    /// The objects, to be changed.
    pub(crate) fn items_mut(&mut self) -> &mut Vec<Resource> {
        self.known = None;
        self.by_name = None;
        &mut self.items
    }

    /// The objects, in order.
    pub(crate) fn into_items(self) -> Vec<Resource> {
        self.items
    }

    /// Adds an object at the end.
    ///
    /// # Errors
    /// If there is one with the same id.
    pub(crate) fn append(&mut self, resource: Resource) -> Result<()> {
        let items = &self.items;
        let known = self
            .known
            .get_or_insert_with(|| items.iter().map(key).collect());
        if !known.insert(key(&resource)) {
            let error = Error::new(
                "kustomize/conflict",
                format!(
                    "may not add resource with an already registered id: {}",
                    resource.id()
                ),
            )
            .at(&resource.source.file, resource.source.line, 1);
            let first = self.items.iter().find(|item| key(item) == key(&resource));
            return Err(match first {
                Some(first) if !first.source.file.is_empty() => error.hint(format!(
                    "the other one is in `{}`, line {}",
                    first.source.file, first.source.line
                )),
                _ => error,
            });
        }
        if let Some(by_name) = &mut self.by_name {
            add_names(by_name, self.items.len(), &resource);
        }
        self.items.push(resource);
        Ok(())
    }

    /// Adds objects at the end.
    ///
    /// # Errors
    /// If there is one with the same id.
    pub(crate) fn append_all(
        &mut self,
        resources: impl IntoIterator<Item = Resource>,
    ) -> Result<()> {
        resources
            .into_iter()
            .try_for_each(|resource| self.append(resource))
    }

    /// Adds a generated object at the end, or puts it in the place of one with the same id, as its behavior says.
    ///
    /// # Errors
    /// If the behavior does not allow what is found.
    pub(crate) fn absorb(&mut self, mut resource: Resource) -> Result<()> {
        let id = resource.id();
        let behavior = resource.behavior.unwrap_or(Behavior::Unspecified);
        let fail = |message: String| {
            Err(Error::new("kustomize/generator", message).at(
                &resource.source.file,
                resource.source.line,
                1,
            ))
        };
        let matches = self.matching_by_name(&id);
        match (matches.as_slice(), behavior) {
            ([], Behavior::Merge | Behavior::Replace) => {
                fail(format!("id {id} does not exist; cannot merge or replace"))
            }
            ([], _) => self.append(resource),
            ([index], Behavior::Merge | Behavior::Replace) => {
                let index = *index;
                take_metadata(&mut resource, &self.items[index]);
                if behavior == Behavior::Merge {
                    merge_data(&mut resource.node, &self.items[index].node, "data");
                    merge_data(&mut resource.node, &self.items[index].node, "binaryData");
                    if self.items[index].origin.is_some() {
                        resource.origin.clone_from(&self.items[index].origin);
                    }
                }
                if key(&resource) != key(&self.items[index]) {
                    self.known = None;
                    self.by_name = None;
                }
                self.items[index] = resource;
                Ok(())
            }
            ([_], _) => fail(format!("id {id} exists; behavior must be merge or replace")),
            _ => fail(format!(
                "found multiple objects that could accept merge of {id}"
            )),
        }
    }

    /// Where the objects stand that have, or had, an id.
    pub(crate) fn matching(&self, id: &ResId) -> Vec<usize> {
        self.items
            .iter()
            .enumerate()
            .filter(|(_, item)| !item.node.is_empty() && item.has_id(id))
            .map(|(index, _)| index)
            .collect()
    }

    /// The same as [`matching`](Self::matching), faster where nothing changes in between.
    fn matching_by_name(&mut self, id: &ResId) -> Vec<usize> {
        let items = &self.items;
        let by_name = self.by_name.get_or_insert_with(|| {
            let mut by_name = HashMap::new();
            for (index, item) in items.iter().enumerate() {
                add_names(&mut by_name, index, item);
            }
            by_name
        });
        let candidates = by_name.get(&id.name).map_or(&[][..], Vec::as_slice);
        let matches = |index: &usize| {
            let item = &items[*index];
            !item.node.is_empty() && item.has_id(id)
        };
        candidates.iter().copied().filter(matches).collect()
    }

    /// The one object that has, or had, an id.
    ///
    /// # Errors
    /// If there is none, or more than one.
    pub(crate) fn by_id(&self, id: &ResId) -> Result<usize> {
        match self.matching(id).as_slice() {
            [index] => Ok(*index),
            [] => Err(Error::new(
                "kustomize/no-match",
                format!("no matches for Id {id}; failed to find unique target for patch {id}"),
            )),
            _ => Err(Error::new(
                "kustomize/no-match",
                format!(
                    "multiple matches for Id {id}; failed to find unique target for patch {id}"
                ),
            )),
        }
    }

    /// Drops the objects of which nothing is left.
    pub(crate) fn drop_empty(&mut self) {
        if self.items.iter().any(|item| item.node.is_empty()) {
            self.items_mut().retain(|item| !item.node.is_empty());
        }
    }

    /// Fails if two objects have the same id.
    ///
    /// # Errors
    /// With the id and what was done in front.
    pub(crate) fn check_ids(&self, done: &str) -> Result<()> {
        let mut seen = HashSet::new();
        match self.items.iter().find(|item| !seen.insert(key(item))) {
            None => Ok(()),
            Some(item) => Err(
                Error::new("kustomize/conflict", format!("{done}: {}", item.id())).at(
                    &item.source.file,
                    item.source.line,
                    1,
                ),
            ),
        }
    }
}

/// Notes where an object stands, by all names that it has or had.
fn add_names(by_name: &mut HashMap<String, Vec<usize>>, index: usize, resource: &Resource) {
    for id in resource.ids() {
        let places = by_name.entry(id.name).or_default();
        if places.last() != Some(&index) {
            places.push(index);
        }
    }
}

/// An id as one text, equal for objects that are the same.
fn key(resource: &Resource) -> String {
    let gvk = resource.gvk();
    format!(
        "{}\n{}\n{}\n{}\n{}",
        gvk.group,
        gvk.version,
        gvk.kind,
        resource.effective_namespace(),
        resource.name()
    )
}

/// Everything but its content comes from the object in whose place it goes.
fn take_metadata(resource: &mut Resource, old: &Resource) {
    for field in ["labels", "annotations"] {
        let mut merged = std::collections::BTreeMap::new();
        for node in [&old.node, &resource.node] {
            if let Some(mapping) = node.lookup(&["metadata", field]).and_then(Node::as_mapping) {
                for (key, value) in mapping.iter() {
                    merged.insert(key.to_owned(), text(value).to_owned());
                }
            }
        }
        if let Some(meta) = resource.node.mapping_at(&["metadata"]) {
            meta.remove(field);
            if !merged.is_empty() {
                let mapping: Mapping = merged
                    .into_iter()
                    .map(|(key, value)| (key, Node::string(value)))
                    .collect();
                meta.push(field.to_owned(), Node::Mapping(mapping));
            }
        }
    }
    let (name, namespace) = (old.name().to_owned(), old.namespace().to_owned());
    resource.set_name(&name);
    resource.set_namespace(&namespace);
    resource.needs_hash &= old.needs_hash;
    resource.behavior = old.behavior;
    resource.transformations.clone_from(&old.transformations);
    resource.take_past(old);
}

/// The old entries with the new ones over them, as strings.
fn merge_data(new: &mut Node, old: &Node, field: &str) {
    let mut merged = std::collections::BTreeMap::new();
    for node in [old, &*new] {
        if let Some(mapping) = node.get(field).and_then(Node::as_mapping) {
            for (key, value) in mapping.iter() {
                let value = value.as_str().unwrap_or_default().to_owned();
                merged.insert(key.to_owned(), value);
            }
        }
    }
    new.remove(field);
    if !merged.is_empty() {
        let mapping: Mapping = merged
            .into_iter()
            .map(|(key, value)| (key, Node::string(value)))
            .collect();
        new.set(field, Node::Mapping(mapping));
    }
}
