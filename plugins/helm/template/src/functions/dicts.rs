//! Maps: making, changing, merging and searching them.

mod merge;

use merge::{Overwrite, merge};

use crate::functions::strings::to_text;
use crate::functions::{Args, Call, Failure, Function};
use crate::text::Text;
use crate::value::{List, Map, Type, Value};

const KEY: &[Type] = &[Type::MAP, Type::String];
const MAP: &[Type] = &[Type::MAP];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::variadic("dict", &[], Type::Any, dict),
    Function::new("get", KEY, |_, args| {
        let value = args.map(0)?.get(args.text(1)?);
        Ok(value.unwrap_or_else(|| Value::from("")))
    }),
    Function::new("set", &[Type::MAP, Type::String, Type::Any], set),
    Function::new("unset", KEY, |_, args| {
        args.map(0)?.remove(args.text(1)?);
        Ok(args.any(0).clone())
    }),
    Function::new("hasKey", KEY, |_, args| {
        Ok(Value::Bool(args.map(0)?.contains(args.text(1)?)))
    }),
    Function::variadic("pluck", &[Type::String], Type::MAP, pluck),
    Function::variadic("keys", &[], Type::MAP, keys),
    Function::new("values", MAP, |_, args| {
        let entries = args.map(0)?.entries().into_iter();
        Ok(Value::List(List::new(
            entries.map(|(_, value)| value).collect(),
        )))
    }),
    Function::variadic("pick", MAP, Type::String, pick),
    Function::variadic("omit", MAP, Type::String, omit),
    Function::variadic("dig", &[], Type::Any, dig),
    // Merging maps can fail only where Go panics, so that those with `must` are no different.
    Function::variadic("merge", MAP, Type::MAP, |_, args| {
        merged(args, Overwrite::Empty)
    }),
    Function::variadic("mustMerge", MAP, Type::MAP, |_, args| {
        merged(args, Overwrite::Empty)
    }),
    Function::variadic("mergeOverwrite", MAP, Type::MAP, |_, args| {
        merged(args, Overwrite::All)
    }),
    Function::variadic("mustMergeOverwrite", MAP, Type::MAP, |_, args| {
        merged(args, Overwrite::All)
    }),
];

/// Keys and values by turns; a last key without a value gets an empty text.
fn dict(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let map = Map::new();
    for pair in args.all().chunks(2) {
        let value = pair.get(1).cloned().unwrap_or_else(|| Value::from(""));
        map.insert(to_text(&pair[0])?, value);
    }
    Ok(Value::Map(map))
}

fn set(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let map = args.map(0)?;
    if map.is_nil() {
        return Err("assignment to entry in nil map".into());
    }
    map.insert(args.text(1)?.clone(), args.any(2).clone());
    Ok(args.any(0).clone())
}

fn pluck(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let key = args.text(0)?;
    let maps = args.from(1).iter().filter_map(Value::as_map);
    Ok(Value::List(List::new(
        maps.filter_map(|map| map.get(key)).collect(),
    )))
}

fn keys(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let maps = args.all().iter().filter_map(Value::as_map);
    Ok(Value::List(List::strings(maps.flat_map(Map::keys))))
}

fn pick(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (map, picked) = (args.map(0)?, Map::new());
    for key in args.from(1).iter().filter_map(Value::as_text) {
        if let Some(value) = map.get(key) {
            picked.insert(key.clone(), value);
        }
    }
    Ok(Value::Map(picked))
}

fn omit(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let rest = Map::new();
    let omitted = |key: &Text| {
        args.from(1)
            .iter()
            .any(|other| other.as_text() == Some(key))
    };
    for (key, value) in args.map(0)?.entries() {
        if !omitted(&key) {
            rest.insert(key, value);
        }
    }
    Ok(Value::Map(rest))
}

/// `dig "a" "b" DEFAULT MAP`: the default only where a key is missing.
fn dig(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let [keys @ .., default, start] = args.all() else {
        return Err("dig needs at least three arguments".into());
    };
    if keys.is_empty() {
        return Err("dig needs at least three arguments".into());
    }
    let wrong = |value: &Value, wanted: &str| -> Failure {
        let found = match value {
            Value::Nil => "nil".to_owned(),
            other => other.type_name(),
        };
        format!("interface conversion: interface {{}} is {found}, not {wanted}").into()
    };
    fn plain_map(value: &Value) -> Option<&Map> {
        let map = value.as_map()?;
        // A type assertion does not see through named types such as that of `.Values`.
        (map.named_type().is_none() && map.element() == Type::Any).then_some(map)
    }
    const MAP_TYPE: &str = "map[string]interface {}";
    if plain_map(start).is_none() {
        return Err(wrong(start, MAP_TYPE));
    }
    if let Some(key) = keys.iter().find(|key| key.as_text().is_none()) {
        return Err(wrong(key, "string"));
    }
    let mut here = start.clone();
    for key in keys.iter().filter_map(Value::as_text) {
        let map = plain_map(&here).ok_or_else(|| wrong(&here, MAP_TYPE))?;
        match map.get(key) {
            Some(next) => here = next,
            None => return Ok(default.clone()),
        }
    }
    Ok(here)
}

fn merged(args: Args<'_>, overwrite: Overwrite) -> Result<Value, Failure> {
    let mut target = args.map(0)?.clone();
    for source in args.from(1).iter().filter_map(Value::as_map) {
        if target.is_nil() && !source.is_nil() {
            target = Map::new();
        }
        merge(&target, source, overwrite)?;
    }
    Ok(Value::Map(target))
}
