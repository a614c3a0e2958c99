//! What an agent has applied for a deployment, and therefore owns.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::object::ObjectRef;

/// One object in an [`Inventory`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Entry {
    /// The object.
    #[serde(flatten)]
    pub object: ObjectRef,
    /// API version through which it was applied.
    pub version: String,
    /// UID that the API server gave; none before the first successful apply, or where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
}

/// All objects that a deployment has applied or was about to apply, sorted by object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    /// Generation of the deployment whose objects these are.
    pub generation: u64,
    /// Bundle whose objects these are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bundle: Option<Digest>,
    /// The objects, sorted, each once.
    pub entries: Vec<Entry>,
}

impl Inventory {
    /// The entry of `object`.
    pub fn get(&self, object: &ObjectRef) -> Option<&Entry> {
        let n = self
            .entries
            .binary_search_by(|entry| entry.object.cmp(object))
            .ok()?;
        Some(&self.entries[n])
    }

    /// Adds or replaces an entry; a UID that is known is kept unless `entry` has another.
    pub fn insert(&mut self, mut entry: Entry) {
        match self
            .entries
            .binary_search_by(|known| known.object.cmp(&entry.object))
        {
            Ok(n) => {
                entry.uid = entry.uid.or_else(|| self.entries[n].uid.take());
                self.entries[n] = entry;
            }
            Err(n) => self.entries.insert(n, entry),
        }
    }

    /// Removes the entry of `object`.
    pub fn remove(&mut self, object: &ObjectRef) {
        self.entries.retain(|entry| entry.object != *object);
    }

    /// The entries whose objects are not in `wanted`.
    pub fn not_in<'a>(
        &'a self,
        wanted: &'a BTreeSet<ObjectRef>,
    ) -> impl Iterator<Item = &'a Entry> {
        self.entries
            .iter()
            .filter(|entry| !wanted.contains(&entry.object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, uid: Option<&str>) -> Entry {
        let object = ObjectRef {
            group: String::new(),
            kind: "ConfigMap".to_owned(),
            namespace: "n".to_owned(),
            name: name.to_owned(),
        };
        Entry {
            object,
            version: "v1".to_owned(),
            uid: uid.map(str::to_owned),
        }
    }

    #[test]
    fn inserting_again_keeps_the_known_uid() {
        let mut inventory = Inventory::default();
        inventory.insert(entry("b", Some("1")));
        inventory.insert(entry("a", None));
        inventory.insert(entry("b", None));
        let names: Vec<_> = inventory
            .entries
            .iter()
            .map(|e| e.object.name.as_str())
            .collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(
            inventory
                .get(&entry("b", None).object)
                .unwrap()
                .uid
                .as_deref(),
            Some("1")
        );
    }
}
