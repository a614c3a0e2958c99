//! The functions that Go's `text/template` has by itself.

mod compare;
mod escape;

use super::{Args, Body, Call, Failure, Function};
use crate::fmt;
use crate::text::Text;
use crate::value::Type::{Any, Reflect, String as Str};
use crate::value::Value;

/// Go's own functions.
pub static FUNCTIONS: &[Function] = &[
    Function::special("and", &[Reflect], Some(Reflect), Body::And),
    Function::special("or", &[Reflect], Some(Reflect), Body::Or),
    Function::special("call", &[Reflect], Some(Reflect), Body::Call),
    Function::special("len", &[Reflect], None, Body::Len),
    Function::new("not", &[Reflect], not),
    Function::variadic("index", &[Reflect], Reflect, index),
    Function::variadic("slice", &[Reflect], Reflect, slice),
    Function::variadic("eq", &[Reflect], Reflect, compare::eq),
    Function::new("ne", &[Reflect, Reflect], compare::ne),
    Function::new("lt", &[Reflect, Reflect], compare::lt),
    Function::new("le", &[Reflect, Reflect], compare::le),
    Function::new("gt", &[Reflect, Reflect], compare::gt),
    Function::new("ge", &[Reflect, Reflect], compare::ge),
    Function::variadic("print", &[], Any, print),
    Function::variadic("printf", &[Str], Any, printf),
    Function::variadic("println", &[], Any, println),
    Function::variadic("html", &[], Any, escape::html),
    Function::variadic("js", &[], Any, escape::js),
    Function::variadic("urlquery", &[], Any, escape::urlquery),
];

/// The functions that render: `include` and `tpl`.
pub static ENGINE: &[Function] = &[
    Function::special("include", &[Str, Any], None, Body::Include),
    Function::special("tpl", &[Str, Any], None, Body::Tpl),
];

fn not(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(!args.any(0).truth()))
}

fn print(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Text::from(fmt::sprint(args.all())?).into())
}

fn println(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Text::from(fmt::sprintln(args.all())?).into())
}

fn printf(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let format = args.text(0)?;
    Ok(Text::from(fmt::sprintf(format.as_bytes(), args.from(1))?).into())
}

fn index(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut item = args.any(0).clone();
    if let Value::Nil = item {
        return Err("index of untyped nil".into());
    }
    for index in args.from(1) {
        item = match &item {
            // An item that holds nothing is a nil inside of an interface.
            Value::Nil => return Err("index of nil pointer".into()),
            Value::List(list) => list.items()[position(index, list.len(), Some("slice"))?].clone(),
            Value::Bytes(bytes) => {
                Value::Uint8(bytes[position(index, bytes.len(), Some("slice"))?])
            }
            Value::String(text) => {
                Value::Uint8(text.as_bytes()[position(index, text.len(), Some("string"))?])
            }
            Value::Map(map) => match index {
                Value::String(key) => map.get(key).unwrap_or_else(|| map.element().zero()),
                Value::Nil => return Err("value is nil; should be of type string".into()),
                other => {
                    let type_name = other.type_name();
                    return Err(Failure::new(format!(
                        "value has type {type_name}; should be string"
                    )));
                }
            },
            other => {
                let type_name = other.type_name();
                return Err(Failure::new(format!(
                    "can't index item of type {type_name}"
                )));
            }
        };
    }
    Ok(item)
}

/// Go's `indexArg`. It lets the length itself pass; indexing what is `indexed` with it then fails in other words.
fn position(index: &Value, len: usize, indexed: Option<&str>) -> Result<usize, Failure> {
    let n = match index {
        Value::Uint64(n) => *n as i64,
        other => match (other.as_int(), other) {
            (Some(n), _) => n,
            (None, Value::Nil) => return Err("cannot index slice/array with nil".into()),
            (None, _) => {
                let type_name = index.type_name();
                return Err(Failure::new(format!(
                    "cannot index slice/array with type {type_name}"
                )));
            }
        },
    };
    match usize::try_from(n) {
        Ok(i) if i < len => Ok(i),
        Ok(i) if i == len => match indexed {
            None => Ok(i),
            Some(kind) => Err(Failure::new(format!("reflect: {kind} index out of range"))),
        },
        _ => Err(Failure::new(format!("index out of range: {n}"))),
    }
}

fn slice(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let item = args.any(0);
    let indexes = args.from(1);
    if let Value::Nil = item {
        return Err("slice of untyped nil".into());
    }
    if indexes.len() > 3 {
        let n = indexes.len();
        return Err(Failure::new(format!("too many slice indexes: {n}")));
    }
    let len = match item {
        Value::String(_) if indexes.len() == 3 => {
            return Err("cannot 3-index slice a string".into());
        }
        Value::String(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.len(),
        other => {
            let type_name = other.type_name();
            return Err(Failure::new(format!(
                "can't slice item of type {type_name}"
            )));
        }
    };
    let mut bounds = [0, len, len];
    for (bound, index) in bounds.iter_mut().zip(indexes) {
        *bound = position(index, len, None)?;
    }
    let [start, end, capacity] = bounds;
    for (low, high) in [(start, end), (end, capacity)] {
        if low > high {
            return Err(Failure::new(format!("invalid slice index: {low} > {high}")));
        }
    }
    Ok(match item {
        Value::String(text) => Text::from(&text.as_bytes()[start..end]).into(),
        Value::Bytes(bytes) => Value::Bytes(bytes[start..end].into()),
        Value::List(list) => Value::List(list.with_items(list.items()[start..end].to_vec())),
        _ => Value::Nil,
    })
}
