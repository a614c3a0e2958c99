//! Kubernetes YAML read and written as Go does.
//!
//! Reading follows sigs.k8s.io/yaml (a fork of goyaml.v2): YAML 1.1 words are booleans, also as keys;
//! `0755` and `0o755` are octal; `12:30` and timestamps stay strings. Writing is byte for byte what
//! `yaml.Marshal` prints, because charts hash rendered text.
//!
//! ```
//! use fleet_yaml::Duplicates;
//!
//! let value = fleet_yaml::from_str("on: [0755, 12:30]\n", Duplicates::LastWins).unwrap();
//! assert_eq!(value, serde_json::json!({"true": [493, "12:30"]}));
//! assert_eq!(fleet_yaml::to_string(&value), "\"true\":\n- 493\n- \"12:30\"\n");
//! ```

mod compose;
mod emit;
mod error;
mod go_syntax;
mod json;
mod lines;
mod mend;
mod node;
mod number;
mod resolve;
mod split;
mod tags;
mod value;

pub use compose::parse_events;
pub use emit::{Tree, to_string, to_string_pretty};
pub use error::Error;
pub use json::{to_go_json, to_go_json_indent};
pub use lines::Make;
pub use node::{Kind, Node, Style, parse};
pub use number::{format_float_g, format_float_json};
pub use resolve::{Resolved, Schema, resolve};
pub use split::{Document, split_documents};
pub use value::Duplicates;

use serde_json::Value;

/// Reads one document (the first) as `sigs.k8s.io/yaml.Unmarshal` into `interface{}` does.
///
/// Whole numbers become integers where they fit into 64 bits; all other numbers are floats. Keys become
/// strings as they do in Go: `1: a` has the key `"1"`, `on: a` the key `"true"`.
///
/// # Errors
/// With goyaml's text, if the document is no YAML or cannot be said in JSON.
pub fn from_str(text: &str, duplicates: Duplicates) -> Result<Value, Error> {
    if let Some(value) = lines::value(text, Schema::V2, duplicates, &lines::Json) {
        return Ok(value);
    }
    // The quick reader has given up, and would again.
    match parse_events(text)? {
        Some(node) => node.to_value(Schema::V2, duplicates),
        None => Ok(Value::Null),
    }
}

/// Makes values of one's own of a document, as [`from_str`] makes JSON of it; of a text without one as of null.
///
/// `None` for texts that are not written as most are, and for those that are wrong: [`from_str`] reads them, or says
/// what is wrong.
pub fn read_common<'a, M: Make<'a>>(
    text: &'a str,
    duplicates: Duplicates,
    make: &M,
) -> Option<M::Value> {
    lines::value(text, Schema::V2, duplicates, make)
}

/// Reads all documents of a stream, each with the line (1-based) on which it starts; empty ones are left out.
///
/// # Errors
/// If a document is no YAML; the line counts from the beginning of the stream.
pub fn documents(text: &str, duplicates: Duplicates) -> Result<Vec<(u32, Value)>, Error> {
    let mut values = Vec::new();
    for document in split_documents(text) {
        let value =
            from_str(document.text, duplicates).map_err(|error| error.moved(document.line - 1))?;
        if !value.is_null() {
            values.push((document.line, value));
        }
    }
    Ok(values)
}
