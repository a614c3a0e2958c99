//! TOML as BurntSushi/toml writes and reads it.

mod read;
mod scalar;

use std::borrow::Cow;

use fleet_yaml::format_float_g;

use crate::functions::dates::time::Time;
use crate::text::Text;
use crate::value::{MAX_NESTING, Object, Value};
pub(super) use read::from_toml;

/// `toml.Encoder.Encode`: two spaces for each level of tables.
pub(super) fn to_toml(value: &Value) -> Result<Vec<u8>, String> {
    let mut writer = Writer { out: Vec::new() };
    writer.top(value)?;
    Ok(writer.out)
}

/// A value as TOML sees it.
enum Shape<'v> {
    /// Left out where it stands in a table.
    Nil,
    /// A number, text, time and so on, as it is written.
    Scalar(Vec<u8>),
    Array(Cow<'v, [Value]>),
    Table(Vec<(Text, Value)>),
}

fn shape(value: &Value) -> Shape<'_> {
    let scalar = |text: String| Shape::Scalar(text.into_bytes());
    match value {
        Value::Nil => Shape::Nil,
        Value::List(list) if list.is_nil() => Shape::Nil,
        Value::Map(map) if map.is_nil() => Shape::Nil,
        Value::Bool(b) => scalar(b.to_string()),
        Value::Int(n) | Value::Int64(n) => scalar(n.to_string()),
        Value::Int32(n) => scalar(n.to_string()),
        Value::Uint8(n) => scalar(n.to_string()),
        Value::Uint64(n) => scalar(n.to_string()),
        Value::Float(f) => scalar(float(*f)),
        Value::String(text) => Shape::Scalar(quoted(text.as_bytes())),
        Value::Bytes(bytes) => Shape::Array(bytes.iter().copied().map(Value::Uint8).collect()),
        Value::List(list) => Shape::Array(Cow::Borrowed(list.items())),
        Value::Map(map) => Shape::Table(map.entries()),
        Value::Object(object) => of_object(&**object, value),
    }
}

fn of_object<'v>(object: &dyn Object, value: &'v Value) -> Shape<'v> {
    if let Some(time) = value.downcast::<Time>() {
        return Shape::Scalar(time.rfc3339().into_bytes());
    }
    if let Some(number) = object.number() {
        let text = match number.as_int() {
            Some(n) => n.to_string(),
            None => String::new(),
        };
        return Shape::Scalar(text.into_bytes());
    }
    let fields = object.fields();
    match object.text() {
        Some(text) if fields.is_empty() => Shape::Scalar(quoted(text.as_bytes())),
        _ => {
            let entries = fields.into_iter();
            Shape::Table(entries.map(|(key, value)| (key.into(), value)).collect())
        }
    }
}

fn float(f: f64) -> String {
    if f.is_nan() {
        return "nan".to_owned();
    }
    if f.is_infinite() {
        return if f > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = format_float_g(f);
    if text.contains(['e', '.']) {
        text
    } else {
        text + ".0"
    }
}

fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = vec![b'"'];
    for &b in text {
        match b {
            b'"' | b'\\' => out.extend([b'\\', b]),
            b'\x08' => out.extend(b"\\b"),
            b'\t' => out.extend(b"\\t"),
            b'\n' => out.extend(b"\\n"),
            b'\x0c' => out.extend(b"\\f"),
            b'\r' => out.extend(b"\\r"),
            b'\0'..=b'\x1f' | b'\x7f' => out.extend(format!("\\u{b:04x}").bytes()),
            b => out.push(b),
        }
    }
    out.push(b'"');
    out
}

fn key_text(key: &Text) -> Vec<u8> {
    let bytes = key.as_bytes();
    let bare = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if !bytes.is_empty() && bytes.iter().all(bare) {
        return bytes.to_vec();
    }
    quoted(bytes)
}

/// Whether each item is a table, so that the array is written as `[[key]]`.
fn is_array_of_tables(items: &[Value]) -> Result<bool, String> {
    let mut all = !items.is_empty();
    for item in items {
        match shape(item) {
            Shape::Nil => return Err("toml: cannot encode array with nil element".to_owned()),
            Shape::Table(_) => {}
            Shape::Array(inner) => {
                is_array_of_tables(&inner)?;
                all = false;
            }
            Shape::Scalar(_) => all = false,
        }
    }
    Ok(all)
}

struct Writer {
    out: Vec<u8>,
}

impl Writer {
    fn top(&mut self, value: &Value) -> Result<(), String> {
        match shape(value) {
            Shape::Table(entries) => self.table(&[], &entries),
            Shape::Array(items) if is_array_of_tables(&items)? => {
                Err("toml: top-level values must be Go maps or structs".to_owned())
            }
            _ => self.inline(value, 0),
        }
    }

    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push(b'\n');
        }
    }

    fn indent(&mut self, key: &[Text]) {
        let n_spaces = 2 * key.len().saturating_sub(1);
        self.out.resize(self.out.len() + n_spaces, b' ');
    }

    /// The entries of a table: what is no table first.
    fn table(&mut self, key: &[Text], entries: &[(Text, Value)]) -> Result<(), String> {
        if key.len() > MAX_NESTING {
            return Err(format!("value nests deeper than {MAX_NESTING} levels"));
        }
        let mut tables = Vec::new();
        for entry in entries {
            let path = [key, std::slice::from_ref(&entry.0)].concat();
            match shape(&entry.1) {
                Shape::Nil => {}
                Shape::Table(_) => tables.push((path, &entry.1)),
                Shape::Array(items) if is_array_of_tables(&items)? => {
                    tables.push((path, &entry.1));
                }
                _ => {
                    self.indent(&path);
                    self.out.extend(key_text(&entry.0));
                    self.out.extend(b" = ");
                    self.inline(&entry.1, key.len())?;
                    self.newline();
                }
            }
        }
        for (path, value) in tables {
            match shape(value) {
                Shape::Table(entries) => {
                    if path.len() == 1 {
                        self.newline();
                    }
                    self.header(&path, "[", "]");
                    self.table(&path, &entries)?;
                }
                Shape::Array(items) => {
                    for item in items.iter() {
                        if let Shape::Table(entries) = shape(item) {
                            self.newline();
                            self.header(&path, "[[", "]]");
                            self.table(&path, &entries)?;
                        }
                    }
                }
                Shape::Nil | Shape::Scalar(_) => {}
            }
        }
        Ok(())
    }

    fn header(&mut self, path: &[Text], open: &str, close: &str) {
        self.indent(path);
        self.out.extend(open.bytes());
        let keys: Vec<_> = path.iter().map(key_text).collect();
        self.out.extend(keys.join(b".".as_slice()));
        self.out.extend(close.bytes());
        self.newline();
    }

    /// A value on one line.
    fn inline(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        if depth > MAX_NESTING {
            return Err(format!("value nests deeper than {MAX_NESTING} levels"));
        }
        match shape(value) {
            Shape::Nil => return Err("toml: cannot encode array with nil element".to_owned()),
            Shape::Scalar(text) => self.out.extend(text),
            Shape::Array(items) => {
                self.out.push(b'[');
                for (n, item) in items.iter().enumerate() {
                    if n > 0 {
                        self.out.extend(b", ");
                    }
                    self.inline(item, depth + 1)?;
                }
                self.out.push(b']');
            }
            Shape::Table(entries) => self.inline_table(&entries, depth)?,
        }
        Ok(())
    }

    fn inline_table(&mut self, entries: &[(Text, Value)], depth: usize) -> Result<(), String> {
        let (mut direct, mut tables) = (Vec::new(), Vec::new());
        for entry in entries {
            match shape(&entry.1) {
                Shape::Table(_) => tables.push(entry),
                Shape::Array(items) if is_array_of_tables(&items)? => tables.push(entry),
                _ => direct.push(entry),
            }
        }
        self.out.push(b'{');
        let n_entries = entries.len();
        for (n, (key, value)) in direct.into_iter().chain(tables).enumerate() {
            if matches!(shape(value), Shape::Nil) {
                continue;
            }
            self.out.extend(key_text(key));
            self.out.extend(b" = ");
            self.inline(value, depth + 1)?;
            if n + 1 < n_entries {
                self.out.extend(b", ");
            }
        }
        self.out.push(b'}');
        Ok(())
    }
}
