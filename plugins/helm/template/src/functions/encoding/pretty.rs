//! Values as goyaml.v3 sees them, for `toYamlPretty`.

use fleet_yaml::{Tree, format_float_g};

use crate::functions::Failure;
use crate::functions::dates::Duration;
use crate::functions::dates::time::Time;
use crate::value::{Value, visit};

/// A value as a tree to be written.
pub(super) fn tree(value: &Value) -> Result<Tree, Failure> {
    tree_at(value, 0, &mut 0)
}

fn tree_at(value: &Value, depth: usize, n_visited: &mut usize) -> Result<Tree, Failure> {
    visit(depth, n_visited)?;
    let plain = |text: &dyn ToString| Tree::Plain(text.to_string());
    Ok(match value {
        Value::Nil => plain(&"null"),
        Value::Bool(b) => plain(b),
        Value::Int(n) | Value::Int64(n) => plain(n),
        Value::Int32(n) => plain(n),
        Value::Uint8(n) => plain(n),
        Value::Uint64(n) => plain(n),
        Value::Float(f) => plain(&float(*f)),
        Value::String(text) => Tree::Text(text.to_str().into_owned()),
        Value::Bytes(bytes) => Tree::Sequence(bytes.iter().map(|b| plain(b)).collect()),
        Value::List(list) => {
            let items = list.iter().map(|item| tree_at(item, depth + 1, n_visited));
            Tree::Sequence(items.collect::<Result<_, _>>()?)
        }
        Value::Map(map) => {
            let entries = map.entries().into_iter().map(|(key, item)| {
                let item = tree_at(&item, depth + 1, n_visited)?;
                Ok((key.to_str().into_owned(), item))
            });
            Tree::Mapping(entries.collect::<Result<_, Failure>>()?)
        }
        Value::Object(object) => {
            if let Some(time) = value.downcast::<Time>() {
                return Ok(plain(&time.rfc3339()));
            }
            if let Some(number) = object.number()
                && value.downcast::<Duration>().is_none()
            {
                return tree_at(&number, depth + 1, n_visited);
            }
            let fields = object.fields();
            match object.text() {
                Some(text) if fields.is_empty() => Tree::Text(text),
                _ => {
                    // Structures without tags have their names in lower case.
                    let entries = fields.into_iter().map(|(name, item)| {
                        let item = tree_at(&item, depth + 1, n_visited)?;
                        Ok((name.to_lowercase(), item))
                    });
                    Tree::Struct(entries.collect::<Result<_, Failure>>()?)
                }
            }
        }
    })
}

fn float(f: f64) -> String {
    match f {
        f if f.is_nan() => ".nan".to_owned(),
        f if f.is_infinite() => if f > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
        f => format_float_g(f),
    }
}
