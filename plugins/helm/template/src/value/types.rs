//! Go's types, as far as templates can tell them apart.

use std::fmt;

use super::Value;

/// What `reflect` calls the kind of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// no value
    Invalid,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `uint8`
    Uint8,
    /// `uint64`
    Uint64,
    /// `float64`
    Float64,
    /// `string`
    String,
    /// slices
    Slice,
    /// maps
    Map,
    /// structs
    Struct,
    /// pointers
    Pointer,
}

impl Kind {
    /// The name that `kindOf` gives.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint8 => "uint8",
            Self::Uint64 => "uint64",
            Self::Float64 => "float64",
            Self::String => "string",
            Self::Slice => "slice",
            Self::Map => "map",
            Self::Struct => "struct",
            Self::Pointer => "ptr",
        }
    }
}

/// A Go type: of a parameter, or of what a container holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// `interface{}`
    Any,
    /// `reflect.Value`, which Go's own functions take
    Reflect,
    /// `bool`
    Bool,
    /// `int`
    Int,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `uint8`
    Uint8,
    /// `uint64`
    Uint64,
    /// `float64`
    Float64,
    /// `string`
    String,
    /// A slice of the type; of `Uint8` it is [`Value::Bytes`].
    List(&'static Type),
    /// A map from strings to the type.
    Map(&'static Type),
    /// A type of objects, by the name that `%T` prints.
    Object(&'static str),
}

impl Type {
    /// `[]interface {}`
    pub const LIST: Self = Self::List(&Self::Any);
    /// `[]string`
    pub const STRINGS: Self = Self::List(&Self::String);
    /// `map[string]interface {}`
    pub const MAP: Self = Self::Map(&Self::Any);
    /// `map[string]string`
    pub const STRING_MAP: Self = Self::Map(&Self::String);
    /// `[]uint8`
    pub const BYTES: Self = Self::List(&Self::Uint8);

    /// Whether nil can be a value of the type.
    pub fn can_be_nil(self) -> bool {
        match self {
            Self::Any | Self::Reflect | Self::List(_) | Self::Map(_) => true,
            Self::Object(name) => name.starts_with('*') || name == "error",
            _ => false,
        }
    }

    /// The zero value of the type.
    pub fn zero(self) -> Value {
        match self {
            Self::Any | Self::Reflect | Self::Object(_) => Value::Nil,
            Self::Bool => Value::Bool(false),
            Self::Int => Value::Int(0),
            Self::Int32 => Value::Int32(0),
            Self::Int64 => Value::Int64(0),
            Self::Uint8 => Value::Uint8(0),
            Self::Uint64 => Value::Uint64(0),
            Self::Float64 => Value::Float(0.0),
            Self::String => Value::from(""),
            Self::List(&Self::Uint8) => Value::Bytes([].into()),
            Self::List(element) => Value::List(super::List::nil(*element)),
            Self::Map(element) => Value::Map(super::Map::nil(*element)),
        }
    }

    /// Whether a value can be assigned to a variable of the type.
    pub fn admits(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Any | Self::Reflect, _)
            | (Self::Bool, Value::Bool(_))
            | (Self::Int, Value::Int(_))
            | (Self::Int32, Value::Int32(_))
            | (Self::Int64, Value::Int64(_))
            | (Self::Uint8, Value::Uint8(_))
            | (Self::Uint64, Value::Uint64(_))
            | (Self::Float64, Value::Float(_))
            | (Self::String, Value::String(_))
            | (Self::List(&Self::Uint8), Value::Bytes(_)) => true,
            (Self::List(element), Value::List(list)) => list.element() == *element,
            (Self::Map(element), Value::Map(map)) => map.element() == *element,
            (Self::Object(name), Value::Object(object)) => object.is_a(name),
            _ => false,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Any => "interface {}",
            Self::Reflect => "reflect.Value",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Uint8 => "uint8",
            Self::Uint64 => "uint64",
            Self::Float64 => "float64",
            Self::String => "string",
            Self::Object(name) => name,
            Self::List(element) => return write!(f, "[]{element}"),
            Self::Map(element) => return write!(f, "map[string]{element}"),
        };
        f.write_str(name)
    }
}
