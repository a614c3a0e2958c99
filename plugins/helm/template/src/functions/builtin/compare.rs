//! `eq` and its like: only values of one basic kind compare, and signs of integers do not matter.

use std::cmp::Ordering;

use crate::fmt;
use crate::functions::{Args, Call, Failure};
use crate::text::Text;
use crate::value::Value;

/// A value as far as it can be compared.
enum Basic<'a> {
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    String(&'a Text),
}

fn basic(value: &Value) -> Option<Basic<'_>> {
    Some(match value {
        Value::Bool(b) => Basic::Bool(*b),
        Value::Int(n) | Value::Int64(n) => Basic::Int(*n),
        Value::Int32(n) => Basic::Int((*n).into()),
        Value::Uint8(n) => Basic::Uint((*n).into()),
        Value::Uint64(n) => Basic::Uint(*n),
        Value::Float(f) => Basic::Float(*f),
        Value::String(text) => Basic::String(text),
        Value::Object(object) => match object.number()? {
            Value::Int(n) | Value::Int64(n) => Basic::Int(n),
            Value::Uint64(n) => Basic::Uint(n),
            Value::Float(f) => Basic::Float(f),
            _ => return None,
        },
        _ => return None,
    })
}

fn incompatible(a: &Value, b: &Value) -> Failure {
    let (a, b) = (a.type_name(), b.type_name());
    Failure::new(format!("incompatible types for comparison: {a} and {b}"))
}

fn compare_integers(a: &Basic<'_>, b: &Basic<'_>) -> Option<Ordering> {
    let wide = |basic: &Basic<'_>| match basic {
        Basic::Int(n) => Some(i128::from(*n)),
        Basic::Uint(n) => Some(i128::from(*n)),
        _ => None,
    };
    Some(wide(a)?.cmp(&wide(b)?))
}

pub(super) fn eq(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let others = args.from(1);
    if others.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for other in others {
        if equal(args.any(0), other)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn equal(a: &Value, b: &Value) -> Result<bool, Failure> {
    Ok(match (basic(a), basic(b)) {
        (Some(x), Some(y)) => match (&x, &y) {
            (Basic::Bool(x), Basic::Bool(y)) => x == y,
            (Basic::Float(x), Basic::Float(y)) => x == y,
            (Basic::String(x), Basic::String(y)) => x == y,
            _ => match compare_integers(&x, &y) {
                Some(ordering) => ordering.is_eq(),
                None => return Err(incompatible(a, b)),
            },
        },
        (None, None) => return same(a, b),
        // Nil may be compared with anything.
        _ if matches!(a, Value::Nil) || matches!(b, Value::Nil) => false,
        _ => return Err(incompatible(a, b)),
    })
}

/// Values that are not basic: equal if both are nil, or the same object.
fn same(a: &Value, b: &Value) -> Result<bool, Failure> {
    let is_untyped = |value: &Value| matches!(value, Value::Nil);
    if a.kind() != b.kind() && !is_untyped(a) && !is_untyped(b) {
        // Go gives the arguments to the format in this order.
        let text = fmt::sprintf(
            b"non-comparable types %s: %v, %s: %v",
            &[
                a.clone(),
                a.type_name().into(),
                b.type_name().into(),
                b.clone(),
            ],
        )?;
        return Err(Failure::new(Text::from(text).to_string()));
    }
    if a.is_nil() || b.is_nil() {
        return Ok(a.is_nil() == b.is_nil());
    }
    match (a, b) {
        (Value::Object(_), Value::Object(_)) => Ok(a.deep_equal(b)),
        _ => {
            let text = fmt::sprintf(
                b"non-comparable type %s: %v",
                &[b.clone(), b.type_name().into()],
            )?;
            Err(Failure::new(Text::from(text).to_string()))
        }
    }
}

fn less(a: &Value, b: &Value) -> Result<bool, Failure> {
    let bad = || Failure::new("invalid type for comparison");
    let (Some(x), Some(y)) = (basic(a), basic(b)) else {
        return Err(bad());
    };
    Ok(match (&x, &y) {
        (Basic::Bool(_), Basic::Bool(_)) => return Err(bad()),
        (Basic::Float(x), Basic::Float(y)) => x < y,
        (Basic::String(x), Basic::String(y)) => x < y,
        _ => match compare_integers(&x, &y) {
            Some(ordering) => ordering.is_lt(),
            None => return Err(incompatible(a, b)),
        },
    })
}

pub(super) fn ne(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(!equal(args.any(0), args.any(1))?))
}

pub(super) fn lt(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(less(args.any(0), args.any(1))?))
}

pub(super) fn le(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (a, b) = (args.any(0), args.any(1));
    Ok(Value::Bool(less(a, b)? || equal(a, b)?))
}

pub(super) fn gt(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (a, b) = (args.any(0), args.any(1));
    Ok(Value::Bool(!(less(a, b)? || equal(a, b)?)))
}

pub(super) fn ge(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(!less(args.any(0), args.any(1))?))
}
