//! Values as templates see them, with the distinctions that Go makes.

mod json;
mod list;
mod map;
mod object;
mod types;

use std::rc::Rc;

pub use json::Numbers;
pub use list::List;
pub use map::{Map, Source};
pub(crate) use object::Signature;
pub use object::{Method, MethodBody, Named, Object};
pub use types::{Kind, Type};

use crate::functions::Failure;
use crate::text::Text;

/// How deep values may nest before a walk over one gives up.
///
/// Templates can build maps that hold themselves; a walk must end before the stack does.
pub const MAX_NESTING: usize = 500;

/// How many values one walk may visit: maps that share their parts can say more than memory holds.
pub const MAX_VISITED: usize = 2_000_000;

/// A value of a template.
///
/// Cloning is cheap: containers are shared, and maps are shared *mutably*, as in Go.
#[derive(Clone, Default)]
pub enum Value {
    /// `nil`, or what a key that is missing has.
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// `int`: constants of templates, and what most functions return
    Int(i64),
    /// `int32`
    Int32(i32),
    /// `int64`: `int64`, `add`, and whole numbers given on the command line
    Int64(i64),
    /// `uint8`: one byte of a string
    Uint8(u8),
    /// `uint64`
    Uint64(u64),
    /// `float64`: every number that comes from YAML or JSON
    Float(f64),
    /// `string`
    String(Text),
    /// `[]byte`
    Bytes(Rc<[u8]>),
    /// A slice. Slices never change.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// What the program around the templates offers, or a value of a library type.
    Object(Rc<dyn Object>),
}

impl Value {
    /// A value for an object.
    pub fn object(object: impl Object + 'static) -> Self {
        Self::Object(Rc::new(object))
    }

    /// Whether it is nil, untyped or of its type.
    pub fn is_nil(&self) -> bool {
        match self {
            Self::Nil => true,
            Self::List(list) => list.is_nil(),
            Self::Map(map) => map.is_nil(),
            _ => false,
        }
    }

    /// Whether `if` takes it for true; the opposite is what sprig calls empty.
    pub fn truth(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(b) => *b,
            Self::Int(n) | Self::Int64(n) => *n != 0,
            Self::Int32(n) => *n != 0,
            Self::Uint8(n) => *n != 0,
            Self::Uint64(n) => *n != 0,
            Self::Float(f) => *f != 0.0,
            Self::String(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Object(object) => object.truth(),
        }
    }

    /// The kind, by the name that `kindOf` gives it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Nil => Kind::Invalid,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Int32(_) => Kind::Int32,
            Self::Int64(_) => Kind::Int64,
            Self::Uint8(_) => Kind::Uint8,
            Self::Uint64(_) => Kind::Uint64,
            Self::Float(_) => Kind::Float64,
            Self::String(_) => Kind::String,
            Self::Bytes(_) | Self::List(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Object(object) => object.kind(),
        }
    }

    /// The name of the type, as `%T` and `typeOf` print it.
    pub fn type_name(&self) -> String {
        match self {
            Self::Nil => "<nil>".to_owned(),
            Self::Bytes(_) => "[]uint8".to_owned(),
            Self::List(list) => list.type_name(),
            Self::Map(map) => map.type_name(),
            Self::Object(object) => object.type_name().to_owned(),
            _ => self.kind().name().to_owned(),
        }
    }

    /// The string, if it is one.
    pub fn as_text(&self) -> Option<&Text> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<&List> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The whole number, if it is one of any width; large `uint64` are not.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(n) | Self::Int64(n) => Some(*n),
            Self::Int32(n) => Some((*n).into()),
            Self::Uint8(n) => Some((*n).into()),
            Self::Uint64(n) => i64::try_from(*n).ok(),
            _ => None,
        }
    }

    /// The object behind it, if it is a `T`.
    pub fn downcast<T: Object + 'static>(&self) -> Option<&T> {
        match self {
            Self::Object(object) => object.as_any().downcast_ref(),
            _ => None,
        }
    }

    /// Whether the other is the same type with the same content, as `reflect.DeepEqual` has it.
    pub fn deep_equal(&self, other: &Self) -> bool {
        deep_equal(self, other, 0)
    }

    /// A copy that shares no map with the original.
    ///
    /// # Errors
    /// If it nests too deeply, or is too large.
    pub fn deep_copy(&self) -> Result<Self, Failure> {
        let mut n_visited = 0;
        deep_copy(self, 0, &mut n_visited)
    }
}

pub(crate) fn visit(depth: usize, n_visited: &mut usize) -> Result<(), Failure> {
    *n_visited += 1;
    if depth > MAX_NESTING {
        return Err(Failure::new(format!(
            "value nests deeper than {MAX_NESTING} levels"
        )));
    }
    if *n_visited > MAX_VISITED {
        return Err(Failure::new(format!(
            "value has more than {MAX_VISITED} parts"
        )));
    }
    Ok(())
}

fn deep_equal(a: &Value, b: &Value, depth: usize) -> bool {
    if depth > MAX_NESTING {
        return false;
    }
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) | (Value::Int64(a), Value::Int64(b)) => a == b,
        (Value::Int32(a), Value::Int32(b)) => a == b,
        (Value::Uint8(a), Value::Uint8(b)) => a == b,
        (Value::Uint64(a), Value::Uint64(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::String(a), Value::String(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.same_type(b)
                && a.is_nil() == b.is_nil()
                && a.len() == b.len()
                && a.iter()
                    .zip(b.iter())
                    .all(|(a, b)| deep_equal(a, b, depth + 1))
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.ptr_eq(b) {
                return true;
            }
            let (left, right) = (a.entries(), b.entries());
            a.same_type(b)
                && a.is_nil() == b.is_nil()
                && left.len() == right.len()
                && left
                    .iter()
                    .zip(&right)
                    .all(|(a, b)| a.0 == b.0 && deep_equal(&a.1, &b.1, depth + 1))
        }
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b) || a.equal(&**b),
        _ => false,
    }
}

fn deep_copy(value: &Value, depth: usize, n_visited: &mut usize) -> Result<Value, Failure> {
    visit(depth, n_visited)?;
    match value {
        Value::List(list) if !list.is_nil() => {
            let items: Result<Vec<_>, _> = list
                .iter()
                .map(|item| deep_copy(item, depth + 1, n_visited))
                .collect();
            Ok(Value::List(list.with_items(items?)))
        }
        Value::Map(map) if !map.is_nil() => {
            let copy = map.mapped(|item| deep_copy(item, depth + 1, n_visited));
            Ok(Value::Map(copy?))
        }
        _ => Ok(value.clone()),
    }
}

/// Drops containers without recursion, however deep they nest.
fn dismantle(mut stack: Vec<Value>) {
    while let Some(value) = stack.pop() {
        match value {
            Value::List(list) => list.take_last(&mut stack),
            Value::Map(map) => map.take_last(&mut stack),
            _ => {}
        }
    }
}

macro_rules! from {
    ($($from:ty => |$x:ident| $value:expr;)*) => {$(
        impl From<$from> for Value {
            fn from($x: $from) -> Self {
                $value
            }
        }
    )*};
}

from! {
    bool => |b| Self::Bool(b);
    i64 => |n| Self::Int(n);
    f64 => |f| Self::Float(f);
    &str => |text| Self::String(text.into());
    String => |text| Self::String(text.into());
    std::borrow::Cow<'_, str> => |text| Self::String(text.into());
    Text => |text| Self::String(text);
    List => |list| Self::List(list);
    Vec<Value> => |items| Self::List(List::new(items));
    Map => |map| Self::Map(map);
}
