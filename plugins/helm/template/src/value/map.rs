//! Maps: shared, mutable, sorted by key, and lazy where the program around asks for it.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::list::is_container;
use super::{Named, Type, Value, dismantle};
use crate::text::Text;

/// A Go map with string keys. Clones are the same map: `set` through one is seen through all.
///
/// A map that a template puts into itself is not freed before the program ends.
#[derive(Clone)]
pub struct Map {
    inner: Rc<Inner>,
    /// The type under which this handle knows the map; others may know it under another.
    named: Option<&'static Named>,
}

struct Inner {
    entries: RefCell<BTreeMap<Text, Value>>,
    element: Type,
    nil: bool,
    source: Option<Rc<dyn Source>>,
    loaded: Cell<bool>,
}

/// Where the entries of a lazy map come from. What is not looked at is never asked for.
pub trait Source {
    /// The value of one key.
    fn get(&self, key: &str) -> Option<Value>;
    /// All entries.
    fn entries(&self) -> Vec<(Text, Value)>;
    /// The source itself, for methods of the map that know it.
    fn as_any(&self) -> &dyn Any;
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl Map {
    /// An empty `map[string]interface {}`.
    pub fn new() -> Self {
        Self::of(Type::Any)
    }

    /// An empty map to values of one type.
    pub fn of(element: Type) -> Self {
        Self::make(element, None, false, None)
    }

    /// The nil map of a type.
    pub fn nil(element: Type) -> Self {
        Self::make(element, None, true, None)
    }

    /// An empty map of a named type, which may have methods.
    pub fn named(named: &'static Named, element: Type) -> Self {
        Self::make(element, Some(named), false, None)
    }

    /// A `map[string]interface {}` whose entries are asked for when a template looks at them.
    pub fn lazy(source: Rc<dyn Source>) -> Self {
        Self::make(Type::Any, None, false, Some(source))
    }

    /// A lazy map of a named type.
    pub fn lazy_named(named: &'static Named, element: Type, source: Rc<dyn Source>) -> Self {
        Self::make(element, Some(named), false, Some(source))
    }

    fn make(
        element: Type,
        named: Option<&'static Named>,
        nil: bool,
        source: Option<Rc<dyn Source>>,
    ) -> Self {
        let inner = Rc::new(Inner {
            entries: RefCell::default(),
            element,
            nil,
            loaded: Cell::new(source.is_none()),
            source,
        });
        Self { inner, named }
    }

    /// The same map under a named type, or under none, as Go converts `map[string]interface {}` to
    /// `common.Values` and back.
    #[must_use]
    pub fn converted(&self, named: Option<&'static Named>) -> Self {
        Self {
            inner: Rc::clone(&self.inner),
            named,
        }
    }

    /// An empty map of the same type.
    pub fn empty_like(&self) -> Self {
        Self::make(self.inner.element, self.named, false, None)
    }

    /// The value of a key.
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        let key = key.as_ref();
        if let Some(value) = self.inner.entries.borrow().get(key) {
            return Some(value.clone());
        }
        if self.inner.loaded.get() {
            return None;
        }
        let source = self.inner.source.clone()?;
        let value = source.get(std::str::from_utf8(key).ok()?)?;
        let mut entries = self.inner.entries.borrow_mut();
        Some(entries.entry(Text::from(key)).or_insert(value).clone())
    }

    /// Whether there is such a key.
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.get(key).is_some()
    }

    /// Sets the value of a key. The nil map stays as it is: ask [`is_nil`](Self::is_nil) first.
    pub fn insert(&self, key: impl Into<Text>, value: impl Into<Value>) {
        self.load();
        if !self.inner.nil {
            // What was there is dropped after the borrow: its end must not find the map taken.
            let before = self
                .inner
                .entries
                .borrow_mut()
                .insert(key.into(), value.into());
            drop(before);
        }
    }

    /// Removes a key; its value, if it was there.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.load();
        self.inner.entries.borrow_mut().remove(key.as_ref())
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.load();
        self.inner.entries.borrow().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys, sorted by bytes.
    pub fn keys(&self) -> Vec<Text> {
        self.load();
        self.inner.entries.borrow().keys().cloned().collect()
    }

    /// The entries as they are now, sorted by the bytes of the key.
    pub fn entries(&self) -> Vec<(Text, Value)> {
        self.load();
        let entries = self.inner.entries.borrow();
        entries
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }

    /// Whether something is true of one of the values.
    pub fn any(&self, test: impl FnMut(&Value) -> bool) -> bool {
        self.load();
        self.inner.entries.borrow().values().any(test)
    }

    /// A map of the same type with what is made of each value.
    pub(super) fn mapped<E>(
        &self,
        mut make: impl FnMut(&Value) -> Result<Value, E>,
    ) -> Result<Self, E> {
        self.load();
        let entries = self.inner.entries.borrow();
        let made = entries
            .iter()
            .map(|(key, value)| Ok((key.clone(), make(value)?)));
        let made = made.collect::<Result<BTreeMap<_, _>, E>>()?;
        let copy = self.empty_like();
        copy.inner.entries.replace(made);
        Ok(copy)
    }

    /// Whether it is the nil map, which nothing can be put into.
    pub fn is_nil(&self) -> bool {
        self.inner.nil
    }

    /// The type of its values.
    pub fn element(&self) -> Type {
        self.inner.element
    }

    /// Its named type, if it has one.
    pub fn named_type(&self) -> Option<&'static Named> {
        self.named
    }

    /// Where a lazy map gets its entries.
    pub fn source(&self) -> Option<&dyn Source> {
        self.inner.source.as_deref()
    }

    /// The name of its type.
    pub fn type_name(&self) -> String {
        match self.named {
            Some(named) => named.name.to_owned(),
            None => format!("map[string]{}", self.inner.element),
        }
    }

    /// Whether both are one map.
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.inner, &other.inner)
    }

    pub(super) fn same_type(&self, other: &Self) -> bool {
        self.inner.element == other.inner.element
            && self.named.map(|named| named.name) == other.named.map(|named| named.name)
    }

    pub(super) fn take_last(self, stack: &mut Vec<Value>) {
        if let Some(mut inner) = Rc::into_inner(self.inner) {
            let entries = std::mem::take(inner.entries.get_mut());
            stack.extend(entries.into_values().filter(is_container));
        }
    }

    fn load(&self) {
        if self.inner.loaded.replace(true) {
            return;
        }
        let Some(source) = &self.inner.source else {
            return;
        };
        let all = source.entries();
        let mut entries = self.inner.entries.borrow_mut();
        for (key, value) in all {
            entries.entry(key).or_insert(value);
        }
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let entries = entries.map(|(key, value)| (key.into(), value.into()));
        let map = Self::new();
        map.inner.entries.replace(entries.collect());
        map
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let entries = self.entries.get_mut();
        if entries.values().any(is_container) {
            let entries = std::mem::take(entries);
            dismantle(entries.into_values().filter(is_container).collect());
        }
    }
}
