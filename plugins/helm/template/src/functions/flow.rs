//! Giving up, and what a renderer without a cluster and a network can say.

use crate::functions::{Args, Call, Failure, Function};
use crate::value::{Map, Type, Value};

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("fail", &[Type::String], |_, args| {
        Err(Failure::by_author(args.str(0)?))
    }),
    Function::new("required", &[Type::String, Type::Any], required),
    Function::new(
        "lookup",
        &[Type::String, Type::String, Type::String, Type::String],
        |_, _| Ok(Value::Map(Map::new())),
    ),
    // As Helm does where names of hosts are not to be resolved.
    Function::new("getHostByName", &[Type::String], |_, _| Ok(Value::from(""))),
];

/// Refuses nil and the empty text; other empty values are values.
fn required(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    match args.any(1) {
        Value::Nil => Err(Failure::by_author(args.str(0)?)),
        Value::String(text) if text.is_empty() => Err(Failure::by_author(args.str(0)?)),
        value => Ok(value.clone()),
    }
}
