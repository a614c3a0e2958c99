//! Whether a schema is one: what the metaschema of its draft says, as a table.

use fleet_template::functions::regex::Regex;
use serde_json::Value;

use super::compile::TYPES;
use super::draft::{Draft, Holds};
use super::finding::quote;
use super::number;

/// What a keyword wants.
#[derive(Clone, Copy)]
enum Wants {
    Text,
    Regex,
    Flag,
    /// A number; before draft 6 the exclusive bounds are flags.
    Bound,
    Number,
    Positive,
    Count,
    Type,
    /// A list of different strings.
    Names,
    /// Lists of different strings by name.
    NamesByName,
    List,
}

const KEYWORDS: &[(&str, Wants, Draft)] = &[
    ("$schema", Wants::Text, Draft::V4),
    ("$ref", Wants::Text, Draft::V4),
    ("title", Wants::Text, Draft::V4),
    ("description", Wants::Text, Draft::V4),
    ("multipleOf", Wants::Positive, Draft::V4),
    ("maximum", Wants::Number, Draft::V4),
    ("minimum", Wants::Number, Draft::V4),
    ("exclusiveMaximum", Wants::Bound, Draft::V4),
    ("exclusiveMinimum", Wants::Bound, Draft::V4),
    ("maxLength", Wants::Count, Draft::V4),
    ("minLength", Wants::Count, Draft::V4),
    ("pattern", Wants::Regex, Draft::V4),
    ("maxItems", Wants::Count, Draft::V4),
    ("minItems", Wants::Count, Draft::V4),
    ("uniqueItems", Wants::Flag, Draft::V4),
    ("maxProperties", Wants::Count, Draft::V4),
    ("minProperties", Wants::Count, Draft::V4),
    ("required", Wants::Names, Draft::V4),
    ("enum", Wants::List, Draft::V4),
    ("type", Wants::Type, Draft::V4),
    ("format", Wants::Text, Draft::V4),
    ("examples", Wants::List, Draft::V6),
    ("$comment", Wants::Text, Draft::V7),
    ("readOnly", Wants::Flag, Draft::V7),
    ("writeOnly", Wants::Flag, Draft::V7),
    ("contentMediaType", Wants::Text, Draft::V7),
    ("contentEncoding", Wants::Text, Draft::V7),
    ("$anchor", Wants::Text, Draft::V2019),
    ("$recursiveAnchor", Wants::Flag, Draft::V2019),
    ("$recursiveRef", Wants::Text, Draft::V2019),
    ("maxContains", Wants::Count, Draft::V2019),
    ("minContains", Wants::Count, Draft::V2019),
    ("dependentRequired", Wants::NamesByName, Draft::V2019),
    ("deprecated", Wants::Flag, Draft::V2019),
    ("$dynamicAnchor", Wants::Text, Draft::V2020),
    ("$dynamicRef", Wants::Text, Draft::V2020),
];

/// Checks a schema; the error is one finding, with the place in the schema.
pub(super) fn check(schema: &Value, pointer: &str, draft: Draft) -> Result<(), String> {
    let map = match schema {
        Value::Object(map) => map,
        Value::Bool(_) if draft > Draft::V4 => return Ok(()),
        other if draft == Draft::V4 => return fail(pointer, got(other, "object")),
        other => return fail(pointer, got(other, "boolean or object")),
    };
    for (keyword, value) in map {
        let at = format!("{pointer}/{keyword}");
        let wanted = KEYWORDS
            .iter()
            .find(|(name, _, since)| name == keyword && *since <= draft);
        if let Some((_, wants, _)) = wanted {
            wants.check(value, &at, draft)?;
        }
        if keyword == draft.id_keyword() {
            Wants::Text.check(value, &at, draft)?;
        }
        if let Some(holds) = draft.subschemas(keyword) {
            subschemas(holds, keyword, value, &at, draft)?;
        }
    }
    Ok(())
}

fn subschemas(
    holds: Holds,
    keyword: &str,
    value: &Value,
    at: &str,
    draft: Draft,
) -> Result<(), String> {
    match (holds, value) {
        (Holds::Schema, Value::Bool(_)) if keyword.starts_with("additional") => Ok(()),
        (Holds::Schema | Holds::SchemaOrList, Value::Object(_) | Value::Bool(_)) => {
            check(value, at, draft)
        }
        (Holds::List | Holds::SchemaOrList, Value::Array(items)) => {
            if items.is_empty() {
                return fail(at, "minItems: got 0, want 1".to_owned());
            }
            let mut items = items.iter().enumerate();
            items.try_for_each(|(n, item)| check(item, &format!("{at}/{n}"), draft))
        }
        (Holds::Map | Holds::Dependencies, Value::Object(items)) => {
            items.iter().try_for_each(|(name, item)| {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                if keyword == "patternProperties" {
                    Wants::Regex.check(&Value::String(name.clone()), &at, draft)?;
                }
                match item {
                    Value::Array(_) if holds == Holds::Dependencies => {
                        Wants::Names.check(item, &at, draft)
                    }
                    item => check(item, &at, draft),
                }
            })
        }
        (Holds::Schema, other) => check(other, at, draft),
        (Holds::SchemaOrList, other) => fail(at, got(other, "schema or array")),
        (Holds::List, other) => fail(at, got(other, "array")),
        (Holds::Map | Holds::Dependencies, other) => fail(at, got(other, "object")),
    }
}

impl Wants {
    fn check(self, value: &Value, at: &str, draft: Draft) -> Result<(), String> {
        match (self, value) {
            (Self::Text | Self::Regex, Value::String(text)) => match self {
                Self::Regex => match Regex::new(text) {
                    Ok(_) => Ok(()),
                    Err(why) => fail(at, format!("{} is not valid regex: {why}", quote(text))),
                },
                _ => Ok(()),
            },
            (Self::Flag, Value::Bool(_)) | (Self::Number, Value::Number(_)) => Ok(()),
            (Self::Bound, Value::Bool(_)) if draft == Draft::V4 => Ok(()),
            (Self::Bound, Value::Number(_)) if draft > Draft::V4 => Ok(()),
            (Self::Positive, Value::Number(n)) if number::float(n) > 0.0 => Ok(()),
            (Self::Positive, Value::Number(n)) => fail(
                at,
                format!("exclusiveMinimum: got {}, want 0", number::display(n)),
            ),
            (Self::Count, Value::Number(n)) => match number::count(n) {
                Some(_) => Ok(()),
                None if number::is_integer(n) => {
                    fail(at, format!("minimum: got {}, want 0", number::display(n)))
                }
                None => fail(at, got(value, "integer")),
            },
            (Self::Type, Value::String(name)) => known_type(name, at),
            (Self::Type, Value::Array(names)) => {
                if names.is_empty() {
                    return fail(at, "minItems: got 0, want 1".to_owned());
                }
                let mut names = names.iter();
                names.try_for_each(|name| match name {
                    Value::String(name) => known_type(name, at),
                    other => fail(at, got(other, "string")),
                })
            }
            (Self::Names, Value::Array(names)) => {
                if names.is_empty() && draft == Draft::V4 {
                    return fail(at, "minItems: got 0, want 1".to_owned());
                }
                for (n, name) in names.iter().enumerate() {
                    if !name.is_string() {
                        return fail(&format!("{at}/{n}"), got(name, "string"));
                    }
                    if let Some(first) = names[..n].iter().position(|other| other == name) {
                        return fail(at, format!("items at {first} and {n} are equal"));
                    }
                }
                Ok(())
            }
            (Self::NamesByName, Value::Object(map)) => map.iter().try_for_each(|(name, names)| {
                Self::Names.check(names, &format!("{at}/{name}"), draft)
            }),
            (Self::List, Value::Array(_)) => Ok(()),
            (wants, value) => fail(at, got(value, wants.name(draft))),
        }
    }

    fn name(self, draft: Draft) -> &'static str {
        match self {
            Self::Text | Self::Regex => "string",
            Self::Flag => "boolean",
            Self::Bound if draft == Draft::V4 => "boolean",
            Self::Bound | Self::Number | Self::Positive => "number",
            Self::Count => "integer",
            Self::Type => "string or array",
            Self::Names | Self::List => "array",
            Self::NamesByName => "object",
        }
    }
}

fn known_type(name: &str, at: &str) -> Result<(), String> {
    if TYPES.contains(&name) {
        return Ok(());
    }
    let known: Vec<_> = TYPES.iter().map(|name| quote(name)).collect();
    fail(at, format!("value must be one of {}", known.join(", ")))
}

fn got(value: &Value, want: &str) -> String {
    format!("got {}, want {want}", super::validate::type_of(value))
}

fn fail(at: &str, why: String) -> Result<(), String> {
    Err(format!("- at {}: {why}", quote(at)))
}
