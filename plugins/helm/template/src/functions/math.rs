//! Numbers: conversion, whole and decimal arithmetic, ranges.

mod decimal;

use decimal::Decimal;

use crate::fmt;
use crate::functions::cast::{Wrong, parse_int_radix, to_float64, to_int64};
use crate::functions::{Args, Call, Failure, Function};
use crate::value::{List, Type, Value};

const ANY: &[Type] = &[Type::Any];
const TWO: &[Type] = &[Type::Any, Type::Any];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("atoi", &[Type::String], atoi),
    Function::new("int", ANY, |_, args| Ok(Value::Int(to_int64(args.any(0))))),
    Function::new("int64", ANY, |_, args| whole(to_int64(args.any(0)))),
    Function::new("float64", ANY, |_, args| real(to_float64(args.any(0)))),
    Function::new("toDecimal", ANY, to_decimal),
    Function::new("add1", ANY, |_, args| {
        whole(to_int64(args.any(0)).wrapping_add(1))
    }),
    Function::variadic("add", &[], Type::Any, |_, args| {
        whole(args.all().iter().map(to_int64).fold(0, i64::wrapping_add))
    }),
    Function::new("sub", TWO, |_, args| {
        whole(to_int64(args.any(0)).wrapping_sub(to_int64(args.any(1))))
    }),
    Function::variadic("mul", ANY, Type::Any, |_, args| {
        whole(args.all().iter().map(to_int64).fold(1, i64::wrapping_mul))
    }),
    Function::new("div", TWO, |_, args| divide(args, i64::wrapping_div)),
    Function::new("mod", TWO, |_, args| divide(args, i64::wrapping_rem)),
    Function::variadic("max", ANY, Type::Any, max),
    Function::variadic("biggest", ANY, Type::Any, max),
    Function::variadic("min", ANY, Type::Any, |_, args| {
        whole(args.all().iter().map(to_int64).min().unwrap_or(0))
    }),
    Function::variadic("maxf", ANY, Type::Any, |_, args| choose(args, f64::max)),
    Function::variadic("minf", ANY, Type::Any, |_, args| choose(args, f64::min)),
    Function::new("add1f", ANY, |_, args| {
        let numbers = [args.any(0).clone(), Value::Int(1)];
        exact(&numbers, |a, b| Ok(a.add(b)))
    }),
    Function::variadic("addf", &[], Type::Any, |_, args| {
        let zero = [Value::Float(0.0)];
        exact(&[&zero, args.all()].concat(), |a, b| Ok(a.add(b)))
    }),
    Function::variadic("subf", ANY, Type::Any, |_, args| {
        exact(args.all(), |a, b| Ok(a.sub(b)))
    }),
    Function::variadic("mulf", ANY, Type::Any, |_, args| {
        exact(args.all(), |a, b| Ok(a.mul(b)))
    }),
    Function::variadic("divf", ANY, Type::Any, |_, args| {
        exact(args.all(), Decimal::div)
    }),
    Function::new("floor", ANY, |_, args| {
        real(to_float64(args.any(0)).floor())
    }),
    Function::new("ceil", ANY, |_, args| real(to_float64(args.any(0)).ceil())),
    Function::variadic("round", &[Type::Any, Type::Int], Type::Float64, round),
    Function::new("until", &[Type::Int], |call, args| {
        let stop = args.int(0)?;
        let step = if stop < 0 { -1 } else { 1 };
        numbers(&range(call, 0, stop, step)?)
    }),
    Function::new(
        "untilStep",
        &[Type::Int, Type::Int, Type::Int],
        |call, args| numbers(&range(call, args.int(0)?, args.int(1)?, args.int(2)?)?),
    ),
    Function::variadic("seq", &[], Type::Int, seq),
];

fn whole(n: i64) -> Result<Value, Failure> {
    Ok(Value::Int64(n))
}

fn real(f: f64) -> Result<Value, Failure> {
    Ok(Value::Float(f))
}

/// `strconv.Atoi`, with zero for what is no number and the nearest for what is too large.
fn atoi(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Int(match parse_int_radix(&args.str(0)?, 10) {
        Ok(n) | Err(Wrong::Range(n)) => n,
        Err(Wrong::Syntax) => 0,
    }))
}

/// What is printed, read as an octal number.
fn to_decimal(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let printed = fmt::sprint(args.all())?;
    let text = String::from_utf8_lossy(&printed);
    whole(parse_int_radix(&text, 8).unwrap_or(0))
}

fn divide(args: Args<'_>, operation: fn(i64, i64) -> i64) -> Result<Value, Failure> {
    match to_int64(args.any(1)) {
        0 => Err("runtime error: integer divide by zero".into()),
        divisor => whole(operation(to_int64(args.any(0)), divisor)),
    }
}

fn max(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    whole(args.all().iter().map(to_int64).max().unwrap_or(0))
}

/// `math.Max` or `math.Min` over all: unlike in Rust, one NaN makes the result NaN.
fn choose(args: Args<'_>, better: fn(f64, f64) -> f64) -> Result<Value, Failure> {
    let choice = args.all().iter().map(to_float64).reduce(|a, b| {
        if a.is_nan() || b.is_nan() {
            f64::NAN
        } else {
            better(a, b)
        }
    });
    real(choice.unwrap_or(0.0))
}

fn exact(
    numbers: &[Value],
    operation: impl Fn(&Decimal, &Decimal) -> Result<Decimal, String>,
) -> Result<Value, Failure> {
    let mut numbers = numbers.iter().map(|n| Decimal::from_float(to_float64(n)));
    let Some(first) = numbers.next() else {
        return real(0.0);
    };
    let mut result = first?;
    for number in numbers {
        result = operation(&result, &number?)?;
    }
    real(result.to_float())
}

/// Up from a fraction of one half, or of the third argument.
fn round(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let up_from = if args.len() > 2 { args.float(2)? } else { 0.5 };
    let places = i32::try_from(args.int(1)?).unwrap_or(i32::MAX);
    let power = 10_f64.powi(places);
    let shifted = power * to_float64(args.any(0));
    let rounded = if shifted.fract() >= up_from {
        shifted.ceil()
    } else {
        shifted.floor()
    };
    real(rounded / power)
}

/// The numbers from `start` up or down to `stop`, which is not among them.
fn range(call: &Call<'_>, start: i64, stop: i64, step: i64) -> Result<Vec<i64>, Failure> {
    let towards = if stop < start { step < 0 } else { step > 0 };
    if !towards {
        return Ok(Vec::new());
    }
    let n = start.abs_diff(stop).div_ceil(step.unsigned_abs());
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    call.check_size(n.saturating_mul(size_of::<Value>()))?;
    let at = |n| start.wrapping_add(step.wrapping_mul(n as i64));
    Ok((0..n).map(at).collect())
}

fn numbers(numbers: &[i64]) -> Result<Value, Failure> {
    let items = numbers.iter().copied().map(Value::Int).collect();
    Ok(Value::List(List::of(Type::Int, items)))
}

/// Like the command `seq`: `LAST`, `FIRST LAST` or `FIRST STEP LAST`, in one text.
fn seq(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let arg = |i| args.int(i);
    let (start, step, end) = match args.len() {
        1 => (1, None, arg(0)?),
        2 => (arg(0)?, None, arg(1)?),
        3 => (arg(0)?, Some(arg(1)?), arg(2)?),
        _ => return Ok(Value::from("")),
    };
    let direction = if end < start { -1 } else { 1 };
    if direction < 0 && step.is_some_and(|step| step > 0) {
        return Ok(Value::from(""));
    }
    let stop = end.wrapping_add(direction);
    let numbers = range(call, start, stop, step.unwrap_or(direction))?;
    let texts: Vec<_> = numbers.iter().map(i64::to_string).collect();
    Ok(Value::from(texts.join(" ")))
}
