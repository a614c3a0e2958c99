//! Slices: immutable, shared, and typed by what they hold.

use std::rc::Rc;

use super::{Named, Type, Value, dismantle};

/// A Go slice. No function of a template changes one in place, so it is shared freely.
#[derive(Clone)]
pub struct List(Rc<Inner>);

struct Inner {
    items: Vec<Value>,
    element: Type,
    named: Option<&'static Named>,
    nil: bool,
}

impl List {
    /// A `[]interface {}`.
    pub fn new(items: Vec<Value>) -> Self {
        Self::of(Type::Any, items)
    }

    /// A slice of one type; each item must be a value of it.
    pub fn of(element: Type, items: Vec<Value>) -> Self {
        Self(Rc::new(Inner {
            items,
            element,
            named: None,
            nil: false,
        }))
    }

    /// A `[]string`.
    pub fn strings<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::of(Type::String, items.into_iter().map(Into::into).collect())
    }

    /// A slice of a named type, which may have methods.
    pub fn named(named: &'static Named, element: Type, items: Vec<Value>) -> Self {
        Self(Rc::new(Inner {
            items,
            element,
            named: Some(named),
            nil: false,
        }))
    }

    /// The nil slice of a type.
    pub fn nil(element: Type) -> Self {
        Self(Rc::new(Inner {
            items: Vec::new(),
            element,
            named: None,
            nil: true,
        }))
    }

    /// Another slice of the same type.
    pub fn with_items(&self, items: Vec<Value>) -> Self {
        Self(Rc::new(Inner {
            items,
            element: self.0.element,
            named: self.0.named,
            nil: false,
        }))
    }

    /// The items.
    pub fn items(&self) -> &[Value] {
        &self.0.items
    }

    /// Goes over the items.
    pub fn iter(&self) -> std::slice::Iter<'_, Value> {
        self.0.items.iter()
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.0.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.items.is_empty()
    }

    /// Whether it is the nil slice.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// The type of its items.
    pub fn element(&self) -> Type {
        self.0.element
    }

    /// Its named type, if it has one.
    pub fn named_type(&self) -> Option<&'static Named> {
        self.0.named
    }

    /// The name of its type.
    pub fn type_name(&self) -> String {
        match self.0.named {
            Some(named) => named.name.to_owned(),
            None => format!("[]{}", self.0.element),
        }
    }

    pub(super) fn same_type(&self, other: &Self) -> bool {
        self.0.element == other.0.element
            && self.0.named.map(|named| named.name) == other.0.named.map(|named| named.name)
    }

    pub(super) fn take_last(self, stack: &mut Vec<Value>) {
        if let Some(mut inner) = Rc::into_inner(self.0) {
            stack.extend(inner.items.drain(..).filter(is_container));
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if self.items.iter().any(is_container) {
            dismantle(std::mem::take(&mut self.items));
        }
    }
}

pub(super) fn is_container(value: &Value) -> bool {
    matches!(value, Value::List(_) | Value::Map(_))
}
