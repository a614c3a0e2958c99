//! Merging lists by the keys of their items, step by step as kyaml does it.
//!
//! Items are kept in one place and lists of their numbers stand for the lists: kyaml's lists share items, and what
//! becomes of an item with odd keys depends on that.

use std::collections::HashSet;
use std::mem::replace;

use super::{Error, Merger, Walked};
use crate::field::{WrongKind, set_field, set_over, text, untagged};
use crate::node::Node;
use crate::schema::Type;

/// How the items of a list are told apart.
pub(super) struct Merged<'a> {
    /// Fields of the items; one empty name, if the items are plain values.
    keys: Vec<&'a str>,
    items: Option<Type>,
}

impl<'a> Merged<'a> {
    /// `None` if a list of this type is not merged.
    pub(super) fn of(own: Option<&'a Type>) -> Option<Self> {
        let own = own?;
        let keys = own.merge_keys()?;
        let keys = if keys.is_empty() { vec![""] } else { keys };
        Some(Self {
            keys,
            items: own.items(),
        })
    }

    fn are_values(&self) -> bool {
        self.keys == [""]
    }
}

/// What is merged onto a list.
pub(super) enum Other {
    /// Nothing.
    None,
    /// The list itself.
    Same,
    /// The list of the patch.
    List(Vec<Node>),
}

impl Merger<'_> {
    /// The list with the other one merged onto it.
    pub(super) fn list(
        &self,
        target: Vec<Node>,
        other: Other,
        merged: &Merged<'_>,
    ) -> Result<Vec<Node>, Error> {
        let n_target = target.len();
        let mut nodes = target;
        let patch = match other {
            Other::None => Numbers::None,
            Other::Same => Numbers::Same,
            Other::List(items) => {
                nodes.extend(items);
                Numbers::List((n_target..nodes.len()).collect())
            }
        };
        let mut lists = Lists {
            nodes,
            target: (0..n_target).collect(),
            patch,
        };
        lists.merge(self, merged)?;
        Ok(lists.into_items())
    }
}

enum Numbers {
    None,
    Same,
    List(Vec<usize>),
}

struct Lists {
    nodes: Vec<Node>,
    target: Vec<usize>,
    patch: Numbers,
}

impl Lists {
    fn merge(&mut self, merger: &Merger<'_>, merged: &Merged<'_>) -> Result<(), Error> {
        let mut all = self.all_values(merged);
        if merged.keys.len() > 1 {
            unite(&mut all);
        }
        let mut items = Vec::new();
        let mut keys = Vec::new();
        for values in &all {
            let (own_keys, own_values) = usable(&all, values, &merged.keys);
            let item = self.item(merger, merged, &own_keys, &own_values)?;
            match item.filter(|item| !is_nothing(&self.nodes[*item])) {
                Some(item) => {
                    self.complete(item, &own_keys, &own_values);
                    self.put(&mut items, Some(item), &own_keys, &own_values)?;
                }
                None => {
                    let mut target = std::mem::take(&mut self.target);
                    let put = self.put(&mut target, None, &own_keys, &own_values);
                    self.target = target;
                    put?;
                }
            }
            keys = own_keys;
        }
        if !all.is_empty() {
            let target = std::mem::take(&mut self.target);
            self.append(&mut items, &target, &keys)?;
            self.target = items;
        }
        Ok(())
    }

    /// The values of the keys of all items, those of the patch first, each once.
    fn all_values(&self, merged: &Merged<'_>) -> Vec<Vec<String>> {
        let patch = match &self.patch {
            Numbers::None | Numbers::Same => [].as_slice(),
            Numbers::List(list) => list.as_slice(),
        };
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for item in patch.iter().chain(&self.target) {
            let item = &self.nodes[*item];
            let values: Vec<String> = if merged.are_values() {
                vec![text(item).to_owned()]
            } else {
                let value = |key: &&str| match item.get(key) {
                    Some(value) if !value.is_empty() => text(value).to_owned(),
                    _ => String::new(),
                };
                merged.keys.iter().map(value).collect()
            };
            if seen.insert(values.clone()) {
                all.push(values);
            }
        }
        all
    }

    /// Merges the items of both lists that have these values; the number of the result, if something is left.
    fn item(
        &mut self,
        merger: &Merger<'_>,
        merged: &Merged<'_>,
        keys: &[&str],
        values: &[String],
    ) -> Result<Option<usize>, Error> {
        let own = [values.to_vec()];
        let (keys, values) = usable(&own, values, keys);
        let target = self.find(&self.target, &keys, &values);
        let patch = match &self.patch {
            Numbers::None => None,
            Numbers::Same => target,
            Numbers::List(list) => self.find(list, &keys, &values),
        };
        let own = merged.items.clone();
        let walked = match (target, patch) {
            (None, None) => Walked::Nothing,
            (Some(target), Some(patch)) if target == patch => {
                match merger.add_within(&mut self.nodes[target], own)? {
                    true => Walked::Target,
                    false => Walked::Nothing,
                }
            }
            (Some(target), Some(patch)) => {
                let mut node = replace(&mut self.nodes[target], Node::null());
                let walked = merger.walk(Some(&mut node), Some(&mut self.nodes[patch]), own);
                self.nodes[target] = node;
                walked?
            }
            (Some(target), None) => merger.walk(Some(&mut self.nodes[target]), None, own)?,
            (None, Some(patch)) => merger.walk(None, Some(&mut self.nodes[patch]), own)?,
        };
        Ok(match walked {
            Walked::Target => target,
            Walked::Patch => patch,
            Walked::Nothing | Walked::KeptNull => None,
        })
    }

    /// The first item with these values (kyaml's `ElementMatcher`).
    fn find(&self, list: &[usize], keys: &[&str], values: &[String]) -> Option<usize> {
        if keys.first() == Some(&"") {
            let value = values.first()?;
            return list
                .iter()
                .copied()
                .find(|item| text(&self.nodes[*item]) == value);
        }
        if keys.len() != values.len() {
            return None;
        }
        let has = |item: &usize| {
            let Node::Mapping(item) = &self.nodes[*item] else {
                return false;
            };
            let mut pairs = keys.iter().zip(values);
            pairs.all(|(key, value)| item.get(key).is_some_and(|own| text(own) == value))
        };
        list.iter().copied().find(has)
    }

    /// Sets keys that the item lacks though it was found by them.
    fn complete(&mut self, item: usize, keys: &[&str], values: &[String]) {
        for (key, value) in keys
            .iter()
            .zip(values)
            .filter(|(_, value)| !value.is_empty())
        {
            match &mut self.nodes[item] {
                node @ Node::Scalar(_) if key.is_empty() => set_over(node, untagged(value)),
                Node::Mapping(mapping) if !mapping.contains(key) => {
                    set_field(mapping, key, untagged(value));
                }
                _ => {}
            }
        }
    }

    /// Puts an item in the place of those with the same values, or at the end; without an item, removes those
    /// (kyaml's `ElementSetter`).
    fn put(
        &self,
        list: &mut Vec<usize>,
        item: Option<usize>,
        keys: &[&str],
        values: &[String],
    ) -> Result<(), Error> {
        let by_field = keys.first().is_some_and(|key| !key.is_empty())
            && values.first().is_some_and(|value| !value.is_empty());
        let mut found = false;
        let mut kept = Vec::with_capacity(list.len() + 1);
        for own in list.iter().copied() {
            let node = &self.nodes[own];
            if is_nothing(node) {
                continue;
            }
            if by_field && !matches!(node, Node::Mapping(_)) {
                kept.push(own);
                continue;
            }
            if has_values(node, keys, values)? {
                found = true;
                kept.extend(item);
            } else if !values.is_empty() {
                kept.push(own);
            }
        }
        if let Some(item) = item.filter(|item| !found && !self.nodes[*item].is_null()) {
            kept.push(item);
        }
        *list = kept;
        Ok(())
    }

    /// Adds the items of a list to another, in the place of those with the same values (kyaml's `appendListNode`).
    fn append(&self, list: &mut Vec<usize>, other: &[usize], keys: &[&str]) -> Result<(), Error> {
        for item in other.iter().copied() {
            let node = &self.nodes[item];
            if keys.first() == Some(&"") {
                self.put(list, Some(item), keys, &[text(node).to_owned()])?;
                continue;
            }
            let mut values = Vec::with_capacity(keys.len());
            for key in keys {
                match WrongKind::unless_mapping(node)?.and_then(|node| node.get(key)) {
                    Some(value) => values.push(text(value).to_owned()),
                    None => list.push(item),
                }
            }
            if keys.len() > 1 {
                self.put(list, None, keys, &values)?;
            }
            self.put(list, Some(item), keys, &values)?;
        }
        Ok(())
    }

    fn into_items(self) -> Vec<Node> {
        let mut uses = vec![0_usize; self.nodes.len()];
        for item in &self.target {
            uses[*item] += 1;
        }
        let mut nodes = self.nodes;
        let mut take = |item: usize| {
            uses[item] -= 1;
            match uses[item] {
                0 => replace(&mut nodes[item], Node::null()),
                _ => nodes[item].clone(),
            }
        };
        self.target.iter().map(|item| take(*item)).collect()
    }
}

/// Null or a mapping without fields, which no list that is merged keeps.
fn is_nothing(node: &Node) -> bool {
    match node {
        Node::Scalar(_) => node.is_null(),
        Node::Mapping(mapping) => mapping.is_empty(),
        Node::Sequence(_) => false,
    }
}

/// Whether an item has these values; an empty value stands for any.
///
/// Keys without a value are as good as the one before, as in kyaml.
fn has_values(node: &Node, keys: &[&str], values: &[String]) -> Result<bool, WrongKind> {
    if values.is_empty() {
        return Ok(false);
    }
    for (key, value) in keys.iter().zip(values) {
        let has = if key.is_empty() {
            match node {
                Node::Scalar(_) => text(node) == value,
                Node::Sequence(_) | Node::Mapping(_) => {
                    return Err(WrongKind::new("ScalarNode", node));
                }
            }
        } else {
            let own = WrongKind::unless_mapping(node)?.and_then(|node| node.get(key));
            own.is_some_and(|own| value.is_empty() || text(own) == value)
        };
        if !has {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Makes values that differ only in that one has some and the other none the same, such as the ports 80 and 80/TCP.
fn unite(all: &mut [Vec<String>]) {
    for at in 0..all.len() {
        let own = all[at].clone();
        for other in 0..all.len() {
            if let Some(united) = united(&own, &all[other]) {
                all[at].clone_from(&united);
                all[other] = united;
            }
        }
    }
}

fn united(one: &[String], other: &[String]) -> Option<Vec<String>> {
    let pairs = || one.iter().zip(other);
    let clash = pairs().any(|(a, b)| a != b && !a.is_empty() && !b.is_empty());
    if one.len() != other.len() || clash || !pairs().any(|(a, b)| a == b) {
        return None;
    }
    Some(
        pairs()
            .map(|(a, b)| if a.is_empty() { b } else { a }.clone())
            .collect(),
    )
}

/// The keys for which some item has a value, with the values; all, if none has.
fn usable<'a>(
    all: &[Vec<String>],
    values: &[String],
    keys: &[&'a str],
) -> (Vec<&'a str>, Vec<String>) {
    let used: Vec<bool> = (0..keys.len())
        .map(|at| {
            all.iter()
                .any(|values| values.get(at).is_some_and(|value| !value.is_empty()))
        })
        .collect();
    if !used.contains(&true) {
        return (keys.to_vec(), values.to_vec());
    }
    let keys = keys.iter().zip(&used).filter(|(_, used)| **used);
    let values = values.iter().zip(&used).filter(|(_, used)| **used);
    (
        keys.map(|(key, _)| *key).collect(),
        values.map(|(value, _)| value.clone()).collect(),
    )
}
