//! What to take when something is empty, and what a value is.

use crate::functions::{Args, Call, Failure, Function};
use crate::value::{Type, Value};

const ONE: &[Type] = &[Type::Any];
const NAME: &[Type] = &[Type::String, Type::Any];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::variadic("default", ONE, Type::Any, |_, args| {
        let given = args.from(1).first().filter(|given| given.truth());
        Ok(given.unwrap_or(args.any(0)).clone())
    }),
    Function::new("empty", ONE, |_, args| {
        Ok(Value::Bool(!args.any(0).truth()))
    }),
    Function::variadic("coalesce", &[], Type::Any, |_, args| {
        let found = args.all().iter().find(|value| value.truth());
        Ok(found.cloned().unwrap_or_default())
    }),
    Function::variadic("all", &[], Type::Any, |_, args| {
        Ok(Value::Bool(args.all().iter().all(Value::truth)))
    }),
    Function::variadic("any", &[], Type::Any, |_, args| {
        Ok(Value::Bool(args.all().iter().any(Value::truth)))
    }),
    Function::new("ternary", &[Type::Any, Type::Any, Type::Bool], |_, args| {
        Ok(args.any(usize::from(!args.bool(2)?)).clone())
    }),
    Function::new("typeOf", ONE, |_, args| {
        Ok(Value::from(args.any(0).type_name()))
    }),
    Function::new("typeIs", NAME, |_, args| {
        Ok(Value::Bool(args.str(0)? == args.any(1).type_name()))
    }),
    Function::new("typeIsLike", NAME, type_is_like),
    Function::new("kindOf", ONE, |_, args| {
        Ok(Value::from(args.any(0).kind().name()))
    }),
    Function::new("kindIs", NAME, |_, args| {
        Ok(Value::Bool(args.str(0)? == args.any(1).kind().name()))
    }),
    Function::new("deepEqual", &[Type::Any, Type::Any], |_, args| {
        Ok(Value::Bool(args.any(0).deep_equal(args.any(1))))
    }),
    Function::new("deepCopy", ONE, deep_copy),
    Function::new("mustDeepCopy", ONE, deep_copy),
];

/// Also if the type is a pointer to the one asked for.
fn type_is_like(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (wanted, name) = (args.str(0)?, args.any(1).type_name());
    let like = name == wanted || name.strip_prefix('*') == Some(&*wanted);
    Ok(Value::Bool(like))
}

fn deep_copy(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    match args.any(0) {
        Value::Nil => Err("reflect: call of reflect.Value.Type on zero Value".into()),
        value => value.deep_copy(),
    }
}
