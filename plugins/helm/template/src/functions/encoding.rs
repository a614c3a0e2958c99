//! Between values and text: base 64 and 32, JSON, YAML, TOML.

pub(crate) mod base;
pub(crate) mod json;
mod pretty;
mod toml;

use fleet_yaml::Duplicates;

use crate::functions::{Args, Call, Failure, Function};
use crate::text::Text;
use crate::value::{List, Map, Numbers, Type, Value, visit};
use json::Layout;

const ANY: &[Type] = &[Type::Any];
const TEXT: &[Type] = &[Type::String];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("b64enc", TEXT, |_, args| {
        text(base::to_base64(args.text(0)?.as_bytes()))
    }),
    Function::new("b64dec", TEXT, |_, args| {
        decoded(base::from_base64(args.text(0)?.as_bytes()))
    }),
    Function::new("b32enc", TEXT, |_, args| {
        text(base::to_base32(args.text(0)?.as_bytes()))
    }),
    Function::new("b32dec", TEXT, |_, args| {
        decoded(base::from_base32(args.text(0)?.as_bytes()))
    }),
    Function::new("toJson", ANY, |call, args| {
        check_size(call, args.any(0))?;
        or_empty(json::to_json(args.any(0), Layout::Compact, true))
    }),
    Function::new("mustToJson", ANY, |call, args| {
        check_size(call, args.any(0))?;
        text(json::to_json(args.any(0), Layout::Compact, true)?)
    }),
    Function::new("toPrettyJson", ANY, |call, args| {
        check_size(call, args.any(0))?;
        or_empty(json::to_json(args.any(0), Layout::Indented, true))
    }),
    Function::new("mustToPrettyJson", ANY, |call, args| {
        check_size(call, args.any(0))?;
        text(json::to_json(args.any(0), Layout::Indented, true)?)
    }),
    Function::new("toRawJson", ANY, |call, args| {
        check_size(call, args.any(0))?;
        text(json::to_json(args.any(0), Layout::Compact, false)?)
    }),
    Function::new("mustToRawJson", ANY, |call, args| {
        check_size(call, args.any(0))?;
        text(json::to_json(args.any(0), Layout::Compact, false)?)
    }),
    Function::new("fromJson", TEXT, |_, args| {
        Ok(Value::Map(json::map_from_json(args.text(0)?.as_bytes())))
    }),
    Function::new("mustFromJson", TEXT, |_, args| {
        Ok(json::from_json(args.text(0)?.as_bytes())?)
    }),
    Function::new("fromJsonArray", TEXT, |_, args| {
        let list = json::list_from_json(args.text(0)?.as_bytes());
        Ok(Value::List(list.unwrap_or_else(error_list)))
    }),
    Function::new("toYaml", ANY, |call, args| {
        check_size(call, args.any(0))?;
        or_empty(to_yaml(args.any(0)))
    }),
    Function::new("mustToYaml", ANY, |call, args| {
        check_size(call, args.any(0))?;
        text(to_yaml(args.any(0))?)
    }),
    Function::new("toYamlPretty", ANY, |call, args| {
        check_size(call, args.any(0))?;
        let tree = pretty::tree(args.any(0));
        or_empty(tree.map(|tree| without_last_newline(tree.to_string_pretty())))
    }),
    Function::new("fromYaml", TEXT, |_, args| {
        Ok(match from_yaml(&args.str(0)?, "map[string]interface {}") {
            Ok(Value::Map(map)) => Value::Map(map),
            Ok(_) => Value::Map(Map::new()),
            Err(error) => Value::Map(error_map(error)),
        })
    }),
    Function::new("fromYamlArray", TEXT, |_, args| {
        Ok(match from_yaml(&args.str(0)?, "[]interface {}") {
            Ok(Value::List(list)) => Value::List(list),
            Ok(_) => Value::List(List::new(Vec::new())),
            Err(error) => Value::List(error_list(error)),
        })
    }),
    Function::new("toToml", ANY, to_toml),
    Function::new("fromToml", TEXT, |_, args| {
        let map = toml::from_toml(&args.str(0)?);
        Ok(Value::Map(map.unwrap_or_else(error_map)))
    }),
];

fn text(text: impl Into<Text>) -> Result<Value, Failure> {
    Ok(Value::String(text.into()))
}

/// Refuses values that would be too large when written out: what a list holds a thousand times is
/// there once in memory, but not in the text.
fn check_size(call: &Call<'_>, value: &Value) -> Result<(), Failure> {
    fn walk(
        call: &Call<'_>,
        value: &Value,
        depth: usize,
        n_visited: &mut usize,
        n_bytes: &mut usize,
    ) -> Result<(), Failure> {
        visit(depth, n_visited)?;
        match value {
            Value::String(text) => *n_bytes += text.len(),
            Value::Bytes(bytes) => *n_bytes += bytes.len(),
            Value::List(list) => {
                for item in list.iter() {
                    walk(call, item, depth + 1, n_visited, n_bytes)?;
                }
            }
            Value::Map(map) => {
                for (key, item) in map.entries() {
                    *n_bytes += key.len();
                    walk(call, &item, depth + 1, n_visited, n_bytes)?;
                }
            }
            _ => {}
        }
        call.check_size(*n_bytes)
    }
    walk(call, value, 0, &mut 0, &mut 0)
}

/// What is decoded, or in its place what is wrong with the text.
fn decoded(bytes: Result<Vec<u8>, String>) -> Result<Value, Failure> {
    text(bytes.unwrap_or_else(String::into_bytes))
}

fn or_empty(out: Result<impl Into<Text>, Failure>) -> Result<Value, Failure> {
    match out {
        Ok(out) => text(out),
        Err(_) => text(""),
    }
}

fn error_map(error: String) -> Map {
    [("Error", error)].into_iter().collect()
}

fn error_list(error: String) -> List {
    List::new(vec![Value::from(error)])
}

fn without_last_newline(mut yaml: String) -> String {
    if yaml.ends_with('\n') {
        yaml.pop();
    }
    yaml
}

fn to_yaml(value: &Value) -> Result<String, Failure> {
    let json = value
        .to_json()
        .map_err(|failure| format!("error marshaling into JSON: {}", failure.message))?;
    match fleet_yaml::to_string(&json) {
        written if written.is_empty() => Err("yaml: control characters are not allowed".into()),
        written => Ok(without_last_newline(written)),
    }
}

/// `yaml.Unmarshal` into a map or list: goes through JSON, as its errors tell.
fn from_yaml(yaml: &str, wanted: &str) -> Result<Value, String> {
    let value = match Value::from_common_yaml(yaml) {
        Some(value) => value,
        None => {
            let json = fleet_yaml::from_str(yaml, Duplicates::LastWins)
                .map_err(|error| format!("error converting YAML to JSON: {}", error.message))?;
            Value::from_json(&json, Numbers::Float)
        }
    };
    match value {
        Value::Nil => Ok(value),
        Value::Map(_) if wanted.starts_with("map") => Ok(value),
        Value::List(_) if wanted.starts_with("[]") => Ok(value),
        other => Err(format!(
            "error unmarshaling JSON: while decoding JSON: {}",
            json::wrong_type(&other, wanted)
        )),
    }
}

/// Says in the text what cannot be written; only nil is an error.
fn to_toml(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    check_size(call, args.any(0))?;
    match args.any(0) {
        Value::Nil => Err("reflect: call of reflect.Value.Type on zero Value".into()),
        value => text(toml::to_toml(value).unwrap_or_else(String::into_bytes)),
    }
}
