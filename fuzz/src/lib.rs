//! What the fuzz targets have in common: folders written as one text, and trees over a small alphabet.

pub mod tree;

use fleet_core::entropy::{Entropy, KeyKind};
use fleet_core::files::MemoryFiles;
use serde_json::Value;

/// Bytes that depend on the label; no keys, which take longer than all the rest.
pub struct Derived;

impl Entropy for Derived {
    fn derive(&self, label: &str, len: u32) -> Vec<u8> {
        label.bytes().cycle().take(len as usize).collect()
    }

    fn private_key(&self, _: &str, _: KeyKind) -> String {
        String::new()
    }

    fn window(&self, _: &str, _: u32) -> u64 {
        1_700_000_000
    }
}

/// Files out of one text: a line `=== PATH` begins each; what stands before the first is the file `first`.
///
/// One text mutates better than a list of files, and people can read and write the seeds. Paths are made what they are
/// in a commit: no empty parts, and none that leads out.
pub fn files(text: &str, first: &str) -> MemoryFiles {
    let mut files = MemoryFiles::new();
    let mut insert = |path: &str, content: String| {
        if let Ok(path) = fleet_core::files::join("", path)
            && !path.is_empty()
        {
            files.insert(path, content);
        }
    };
    let (mut path, mut content) = (first, String::new());
    for line in text.split_inclusive('\n') {
        if let Some(next) = line.strip_prefix("=== ") {
            insert(path, std::mem::take(&mut content));
            path = next.trim_end();
        } else {
            content.push_str(line);
        }
    }
    insert(path, content);
    files
}

/// How many lines a text has by YAML's rules, or more: where nothing that is said of it may point behind.
pub fn n_lines(text: &str) -> usize {
    1 + text
        .chars()
        .filter(|c| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}'))
        .count()
}

/// Whether two values are the same to Go, for which `1.0` is `1`.
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64() && (one.is_f64() || other.is_f64())
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        (one, other) => one == other,
    }
}

/// Whether what Go's emitter writes for a text reads back as that text: it does not for odd line breaks, nor for
/// blank lines at the edges of blocks and keys, nor for `<<`; and a value with control characters that its reader
/// refuses it does not write at all. What Go writes is what counts.
pub fn reads_back(text: &str) -> bool {
    text != "<<"
        && !text.contains(['\n', '\r', '\u{2028}', '\u{2029}'])
        && !text.contains(|c: char| ('\u{7f}'..='\u{9f}').contains(&c))
}

/// Whether all texts of a value [read back](reads_back).
pub fn all_read_back(value: &Value) -> bool {
    match value {
        Value::String(text) => reads_back(text),
        Value::Array(items) => items.iter().all(all_read_back),
        Value::Object(map) => map
            .iter()
            .all(|(key, value)| reads_back(key) && all_read_back(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}
