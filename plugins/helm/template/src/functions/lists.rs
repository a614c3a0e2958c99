//! Lists: making them, taking them apart, putting them together.

use std::borrow::Cow;

use crate::functions::cast::to_int64;
use crate::functions::{Args, Call, Failure, Function};
use crate::value::{List, Type, Value};

const ONE: &[Type] = &[Type::Any];
const TWO: &[Type] = &[Type::Any, Type::Any];
const CHUNK: &[Type] = &[Type::Int, Type::Any];

/// The functions of this module; each has a twin with `must` in its name, which fails in the same way.
pub static FUNCTIONS: &[Function] = &[
    Function::variadic("list", &[], Type::Any, list),
    Function::variadic("tuple", &[], Type::Any, list),
    Function::new("append", TWO, append),
    Function::new("push", TWO, append),
    Function::new("mustAppend", TWO, append),
    Function::new("mustPush", TWO, append),
    Function::new("prepend", TWO, prepend),
    Function::new("mustPrepend", TWO, prepend),
    Function::variadic("concat", &[], Type::Any, concat),
    Function::new("chunk", CHUNK, chunk),
    Function::new("mustChunk", CHUNK, chunk),
    Function::new("first", ONE, first),
    Function::new("mustFirst", ONE, first),
    Function::new("last", ONE, last),
    Function::new("mustLast", ONE, last),
    Function::new("rest", ONE, rest),
    Function::new("mustRest", ONE, rest),
    Function::new("initial", ONE, initial),
    Function::new("mustInitial", ONE, initial),
    Function::new("reverse", ONE, reverse),
    Function::new("mustReverse", ONE, reverse),
    Function::new("compact", ONE, compact),
    Function::new("mustCompact", ONE, compact),
    Function::new("uniq", ONE, uniq),
    Function::new("mustUniq", ONE, uniq),
    Function::variadic("without", ONE, Type::Any, without),
    Function::variadic("mustWithout", ONE, Type::Any, without),
    Function::new("has", TWO, has),
    Function::new("mustHas", TWO, has),
    Function::variadic("slice", ONE, Type::Any, slice),
    Function::variadic("mustSlice", ONE, Type::Any, slice),
];

fn new(items: Vec<Value>) -> Result<Value, Failure> {
    Ok(Value::List(List::new(items)))
}

/// The items of a slice of any type; `what` begins the complaint about other values.
fn items<'a>(value: &'a Value, what: &str) -> Result<Cow<'a, [Value]>, Failure> {
    match value {
        Value::List(list) => Ok(Cow::Borrowed(list.items())),
        Value::Bytes(bytes) => Ok(bytes.iter().copied().map(Value::Uint8).collect()),
        Value::Nil => {
            Err("runtime error: invalid memory address or nil pointer dereference".into())
        }
        other => Err(format!("{what} {}", other.kind().name()).into()),
    }
}

fn list(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    new(args.all().to_vec())
}

fn append(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut list = items(args.any(0), "Cannot push on type")?.into_owned();
    list.push(args.any(1).clone());
    new(list)
}

fn prepend(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(0), "Cannot prepend on type")?;
    new([std::slice::from_ref(args.any(1)), &list].concat())
}

fn concat(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut all = Vec::new();
    for list in args.all() {
        let complaint = |failure: Failure| match list {
            Value::Nil => failure,
            other => format!("Cannot concat type {} as list", other.kind().name()).into(),
        };
        let list = items(list, "").map_err(complaint)?;
        call.check_size((all.len() + list.len()).saturating_mul(size_of::<Value>()))?;
        all.extend_from_slice(&list);
    }
    if all.is_empty() {
        return Ok(Value::List(List::nil(Type::Any)));
    }
    new(all)
}

fn chunk(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(1), "Cannot chunk type")?;
    let size = args.int(0)?;
    let out_of_range = || Failure::from("runtime error: makeslice: len out of range");
    let chunks: Vec<Value> = match usize::try_from(size) {
        Ok(0) => return Err(out_of_range()),
        Ok(size) => list
            .chunks(size)
            .map(|chunk| Value::List(List::new(chunk.to_vec())))
            .collect(),
        // The original's arithmetic with floats finds a meaning in some negative sizes.
        Err(_) => {
            let n_chunks = ((list.len() as f64 - 1.0) / size as f64).floor() + 1.0;
            if n_chunks < 0.0 || list.is_empty() || (size == -1 && list.len() == 1) {
                return Err(out_of_range());
            }
            let one = || Value::List(List::new(list.to_vec()));
            if n_chunks < 1.0 { vec![] } else { vec![one()] }
        }
    };
    Ok(Value::List(List::of(Type::LIST, chunks)))
}

fn first(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(0), "Cannot find first on type")?;
    Ok(list.first().cloned().unwrap_or_default())
}

fn last(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(0), "Cannot find last on type")?;
    Ok(list.last().cloned().unwrap_or_default())
}

/// The items, or the nil list if `part` is `None`.
fn or_nil(part: Option<&[Value]>) -> Result<Value, Failure> {
    match part {
        Some(items) => new(items.to_vec()),
        None => Ok(Value::List(List::nil(Type::Any))),
    }
}

fn rest(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(0), "Cannot find rest on type")?;
    or_nil(list.split_first().map(|(_, rest)| rest))
}

fn initial(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(0), "Cannot find initial on type")?;
    or_nil(list.split_last().map(|(_, initial)| initial))
}

fn reverse(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(0), "Cannot find reverse on type")?;
    new(list.iter().rev().cloned().collect())
}

fn compact(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(0), "Cannot compact on type")?;
    new(list.iter().filter(|item| item.truth()).cloned().collect())
}

fn is_in(list: &[Value], item: &Value) -> bool {
    list.iter().any(|other| item.deep_equal(other))
}

fn uniq(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut unique = Vec::new();
    for item in &*items(args.any(0), "Cannot find uniq on type")? {
        if !is_in(&unique, item) {
            unique.push(item.clone());
        }
    }
    new(unique)
}

fn without(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let list = items(args.any(0), "Cannot find without on type")?;
    let kept = list.iter().filter(|item| !is_in(args.from(1), item));
    new(kept.cloned().collect())
}

fn has(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    if matches!(args.any(1), Value::Nil) {
        return Ok(Value::Bool(false));
    }
    let list = items(args.any(1), "Cannot find has on type")?;
    Ok(Value::Bool(is_in(&list, args.any(0))))
}

/// From one index to another; the type of the slice stays.
fn slice(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let value = args.any(0);
    let length = items(value, "list should be type of slice or array but")?.len();
    if length == 0 {
        return Ok(Value::Nil);
    }
    let index = |i: usize, otherwise: usize| match args.from(1).get(i) {
        Some(value) => usize::try_from(to_int64(value)).ok(),
        None => Some(otherwise),
    };
    let range = index(0, 0)
        .zip(index(1, length))
        .filter(|(start, end)| start <= end && *end <= length);
    let Some((start, end)) = range else {
        return Err("reflect.Value.Slice: slice index out of bounds".into());
    };
    Ok(match value {
        Value::List(list) => Value::List(list.with_items(list.items()[start..end].to_vec())),
        Value::Bytes(bytes) => Value::Bytes(bytes[start..end].into()),
        other => other.clone(),
    })
}
