//! Values of library types, and methods of named types.

use std::any::Any;

use super::{Kind, Type, Value};
use crate::functions::{Call, Failure, Function};

/// A value of a type that is neither basic nor a plain container: a time, a version, an error.
pub trait Object {
    /// The name of the type, as `%T` prints it: `*semver.Version`.
    fn type_name(&self) -> &str;

    /// The kind; pointers to structs are the most common.
    fn kind(&self) -> Kind {
        Kind::Pointer
    }

    /// Whether it can be given where the named type is asked for.
    fn is_a(&self, type_name: &str) -> bool {
        self.type_name() == type_name
    }

    /// Whether `if` takes it for true.
    fn truth(&self) -> bool {
        true
    }

    /// What its `String` or `Error` method says, if it has one: that is what is printed.
    fn text(&self) -> Option<String> {
        None
    }

    /// The exported fields in their order, for printing and for `.Field`.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// One field.
    fn field(&self, name: &str) -> Option<Value> {
        let fields = self.fields();
        fields
            .into_iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The methods.
    fn methods(&self) -> &'static [Method] {
        &[]
    }

    /// The number behind a type such as `time.Duration`, for comparison, arithmetic and `%d`.
    fn number(&self) -> Option<Value> {
        None
    }

    /// The fields as they are called in JSON, in their order there.
    fn json_fields(&self) -> Vec<(&'static str, Value)> {
        self.fields()
    }

    /// How it is written as JSON, and so as YAML.
    ///
    /// # Errors
    /// If the type cannot be written.
    fn json(&self) -> Result<serde_json::Value, Failure> {
        let mut map = serde_json::Map::new();
        for (name, value) in self.json_fields() {
            map.insert(name.to_owned(), value.to_json()?);
        }
        Ok(serde_json::Value::Object(map))
    }

    /// Whether the other is equal.
    fn equal(&self, _other: &dyn Object) -> bool {
        false
    }

    /// The object itself, for functions that know its type.
    fn as_any(&self) -> &dyn Any;
}

/// A named slice or map type.
pub struct Named {
    /// The name, as `%T` prints it: `common.Values`.
    pub name: &'static str,
    /// Its methods.
    pub methods: &'static [Method],
}

/// A method: a function whose first argument, not counted in its parameters, is the receiver.
pub struct Method {
    /// Name and parameters.
    pub name: &'static str,
    /// The parameters after the receiver.
    pub params: &'static [Type],
    /// The type of further arguments, if there may be any.
    pub rest: Option<Type>,
    /// What it does; gets the receiver and then the arguments.
    pub call: MethodBody,
}

/// The body of a method.
pub type MethodBody = fn(&mut Call<'_>, &Value, &[Value]) -> Result<Value, Failure>;

impl Method {
    /// A method without variadic arguments.
    pub const fn new(name: &'static str, params: &'static [Type], call: MethodBody) -> Self {
        Self {
            name,
            params,
            rest: None,
            call,
        }
    }
}

impl Value {
    /// The method of that name.
    pub fn method(&self, name: &str) -> Option<&'static Method> {
        let methods = match self {
            Self::Map(map) => map.named_type()?.methods,
            Self::List(list) => list.named_type()?.methods,
            Self::Object(object) => object.methods(),
            _ => return None,
        };
        methods.iter().find(|method| method.name == name)
    }
}

/// What a function and a method have in common: how their arguments are checked.
#[derive(Clone, Copy)]
pub(crate) struct Signature {
    pub(crate) name: &'static str,
    pub(crate) params: &'static [Type],
    pub(crate) rest: Option<Type>,
}

impl Signature {
    /// The type of the argument at a position.
    pub(crate) fn param(&self, i: usize) -> Option<Type> {
        self.params.get(i).copied().or(self.rest)
    }

    /// Go's words, if a call with `n_args` of which the last may come from the pipeline is wrong.
    pub(crate) fn refuse(&self, n_args: usize, piped: bool) -> Option<String> {
        let n_params = self.params.len();
        let n_given = n_args + usize::from(piped);
        let name = self.name;
        match self.rest {
            Some(_) if n_given < n_params => Some(format!(
                "wrong number of args for {name}: want at least {n_params} got {n_args}"
            )),
            None if n_given != n_params => Some(format!(
                "wrong number of args for {name}: want {n_params} got {n_given}"
            )),
            _ => None,
        }
    }
}

impl From<&'static Method> for Signature {
    fn from(method: &'static Method) -> Self {
        Self {
            name: method.name,
            params: method.params,
            rest: method.rest,
        }
    }
}

impl From<&'static Function> for Signature {
    fn from(function: &'static Function) -> Self {
        Self {
            name: function.name,
            params: function.params,
            rest: function.rest,
        }
    }
}
