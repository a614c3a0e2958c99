//! YAML written as goyaml's emitter writes it.
//!
//! The emitter keeps the few facts that libyaml's keeps (column, whether white space or indentation was written
//! last), because they decide where a long scalar is folded.

use serde_json::{Number, Value};

use crate::number::{format_float_g, format_float_json};
use crate::resolve::{Resolved, Schema, resolve};

mod order;
mod scalar;
mod tree;

use order::{natural, sorted};
pub use tree::Tree;

/// Writes as `sigs.k8s.io/yaml.Marshal` (goyaml.v2 fork) does, with the final newline.
///
/// Go writes JSON first and reads that as YAML. Text with U+007F or U+0080 to U+009F does not survive that
/// ("control characters are not allowed"): nothing is written, as Helm's `toYaml` then prints nothing.
/// U+0085 is a line break there: it is folded into a blank, and no key can have one.
pub fn to_string(value: &Value) -> String {
    let mut emitter = Emitter::new(Schema::V2);
    emitter.value(value, None, false);
    if !emitter.is_suspicious {
        return emitter.finish();
    }
    match through_json(value) {
        Through::Same => emitter.finish(),
        Through::Changed => Emitter::new(Schema::V2).document(&without_nel(value)),
        Through::Refused => String::new(),
    }
}

/// Writes as goyaml.v3 with indent 2 does (`toYamlPretty`), with the final newline.
pub fn to_string_pretty(value: &Value) -> String {
    Emitter::new(Schema::V3).document(value)
}

/// Spaces for each level.
const INDENT: usize = 2;

/// The longest text that can be a key on the line of its value, in bytes.
const MAX_SIMPLE_KEY: usize = 128;

struct Emitter {
    schema: Schema,
    out: String,
    /// Characters since the last line break.
    column: usize,
    /// Whether the last thing written was white space.
    whitespace: bool,
    /// Whether the line has nothing but indentation and indicators so far.
    indention: bool,
    /// Whether a text had a character that JSON may not carry on to YAML: any from U+007F on.
    is_suspicious: bool,
}

impl Emitter {
    fn new(schema: Schema) -> Self {
        Self {
            schema,
            out: String::new(),
            column: 0,
            whitespace: true,
            indention: true,
            is_suspicious: false,
        }
    }

    fn document(mut self, value: &Value) -> String {
        self.value(value, None, false);
        self.finish()
    }

    fn finish(mut self) -> String {
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out
    }

    /// Writes a value. `indent` is the indentation of the collection around it; `in_mapping` says whether
    /// that is a mapping.
    fn value(&mut self, value: &Value, indent: Option<usize>, in_mapping: bool) {
        match value {
            Value::Array(items) if items.is_empty() => self.indicator("[]", true),
            Value::Object(map) if map.is_empty() => self.indicator("{}", true),
            Value::Array(items) => {
                // goyaml.v2 does not indent a sequence below its key.
                let flush = self.schema == Schema::V2 && in_mapping && !self.indention;
                let indent = match indent {
                    None => 0,
                    Some(indent) if flush => indent,
                    Some(indent) => indent + INDENT,
                };
                for item in items {
                    self.new_line(indent);
                    self.indicator("-", true);
                    self.indention = true;
                    self.value(item, Some(indent), false);
                }
            }
            Value::Object(map) => {
                let indent = indent.map_or(0, |indent| indent + INDENT);
                let schema = self.schema;
                let order = |a: &str, b: &str| natural(a, b, schema);
                // The map keeps its keys sorted, which nearly always is goyaml's order as well.
                if map.keys().is_sorted_by(|a, b| order(a, b).is_le()) {
                    self.entries_of(map.iter(), indent);
                } else {
                    let entries = sorted(map.iter().collect(), &|a, b| order(a.0, b.0));
                    self.entries_of(entries.into_iter(), indent);
                }
            }
            Value::String(text) => {
                self.string(text, indent.map_or(INDENT, |indent| indent + INDENT), false)
            }
            Value::Null => self.plain_text("null"),
            Value::Bool(b) => self.plain_text(if *b { "true" } else { "false" }),
            Value::Number(number) => self.plain_text(&self.number(number)),
        }
    }

    fn entries_of<'v>(
        &mut self,
        entries: impl Iterator<Item = (&'v String, &'v Value)>,
        indent: usize,
    ) {
        for (key, item) in entries {
            self.new_line(indent);
            self.key(key, indent);
            self.value(item, Some(indent), true);
        }
    }

    fn key(&mut self, key: &str, indent: usize) {
        let simple = key.len() <= MAX_SIMPLE_KEY && !key.contains(scalar::is_break);
        if simple {
            self.string(key, indent + INDENT, true);
            self.indicator(":", false);
            return;
        }
        self.indicator("?", true);
        self.indention = true;
        self.string(key, indent + INDENT, false);
        self.new_line(indent);
        self.indicator(":", true);
        self.indention = true;
    }

    /// sigs.k8s.io/yaml goes through JSON, where whole floats are written as integers; goyaml.v3 gets the float.
    fn number(&self, number: &Number) -> String {
        match number.as_f64() {
            Some(f) if number.is_f64() => {
                let json = format_float_json(f);
                let whole = json.bytes().all(|c| c.is_ascii_digit() || c == b'-');
                if self.schema == Schema::V2
                    && whole
                    && matches!(
                        resolve(Schema::V2, None, &json),
                        Ok(Resolved::Int(_) | Resolved::UInt(_))
                    )
                {
                    return json;
                }
                format_float_g(f)
            }
            _ => number.to_string(),
        }
    }

    fn plain_text(&mut self, text: &str) {
        if !self.whitespace {
            self.put(' ');
        }
        self.put_str(text);
        self.whitespace = false;
        self.indention = false;
    }

    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn put_str(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn indicator(&mut self, text: &str, needs_whitespace: bool) {
        if needs_whitespace && !self.whitespace {
            self.put(' ');
        }
        self.put_str(text);
        self.whitespace = false;
        self.indention = false;
    }

    /// Goes to a column on a line of its own, unless it is there already.
    fn new_line(&mut self, indent: usize) {
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        if self.column < indent {
            self.out
                .extend(std::iter::repeat_n(' ', indent - self.column));
            self.column = indent;
        }
        self.whitespace = true;
        self.indention = true;
    }
}

/// What becomes of a value on its way through JSON that is read as YAML.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Through {
    Same,
    Changed,
    Refused,
}

fn through_json(value: &Value) -> Through {
    let text = |text: &str| {
        if text.is_ascii() && !text.contains('\u{7f}') {
            return Through::Same;
        }
        let of = |c| match c {
            '\u{85}' => Through::Changed,
            '\u{7f}'..='\u{9f}' => Through::Refused,
            _ => Through::Same,
        };
        text.chars().map(of).max().unwrap_or(Through::Same)
    };
    match value {
        Value::String(s) => text(s),
        Value::Array(items) => items
            .iter()
            .map(through_json)
            .max()
            .unwrap_or(Through::Same),
        Value::Object(map) => map
            .iter()
            .map(|(key, item)| match text(key) {
                Through::Changed => Through::Refused,
                same => same.max(through_json(item)),
            })
            .max()
            .unwrap_or(Through::Same),
        _ => Through::Same,
    }
}

fn without_nel(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(fold(text)),
        Value::Array(items) => items.iter().map(without_nel).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, item)| (key.clone(), without_nel(item)))
            .collect(),
        other => other.clone(),
    }
}

/// Folds lines that end with U+0085: a single one becomes a blank, of several the first is dropped. Blanks
/// around them are dropped as well.
fn fold(text: &str) -> String {
    let mut lines = text.split('\u{85}');
    let mut out = lines.next().unwrap_or_default().to_owned();
    let mut lines = lines.peekable();
    while let Some(line) = lines.next() {
        out.truncate(out.trim_end_matches(' ').len());
        let mut line = line.trim_start_matches(' ');
        if line.is_empty() && lines.peek().is_some() {
            for next in lines.by_ref() {
                out.push('\n');
                line = next.trim_start_matches(' ');
                if !line.is_empty() {
                    break;
                }
            }
        } else {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests;
