//! What is wrong with a value, in the words of the validator that Helm uses.

use serde_json::{Number, Value};

use super::number;

/// One thing that is wrong, with what lies below it.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    /// Where in the values.
    pub(super) path: Vec<String>,
    pub(super) kind: Kind,
    pub(super) causes: Vec<Finding>,
}

/// What is wrong.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Several things.
    Group,
    /// What a reference leads to.
    Reference,
    Not,
    AllOf,
    AnyOf,
    OneOfNone,
    OneOfMany(usize, usize),
    FalseSchema,
    Cycle(String),
    Type {
        got: &'static str,
        want: Vec<&'static str>,
    },
    Enum(Vec<Value>),
    Const(Value),
    Format {
        got: Value,
        want: String,
        why: String,
    },
    /// `minItems: got 1, want 2` and its like.
    Count {
        keyword: &'static str,
        got: usize,
        want: u64,
    },
    /// `minimum: got 1, want 2` and its like.
    Bound {
        keyword: &'static str,
        got: Number,
        want: Number,
    },
    AdditionalItems(usize),
    Required(Vec<String>),
    Dependency {
        property: String,
        missing: Vec<String>,
    },
    AdditionalProperties(Vec<String>),
    PropertyName(String),
    UniqueItems(usize, usize),
    Contains,
    MinContains {
        got: Vec<usize>,
        want: u64,
    },
    MaxContains {
        got: Vec<usize>,
        want: u64,
    },
    Pattern {
        got: String,
        want: String,
    },
}

impl Finding {
    /// The findings, one a line, those below others further in.
    pub(super) fn report(&self) -> String {
        let mut lines = Vec::new();
        match self.kind {
            Kind::Group => {
                for cause in &self.causes {
                    cause.write(0, &mut lines);
                }
            }
            _ => self.write(0, &mut lines),
        }
        lines.join("\n")
    }

    fn write(&self, depth: usize, lines: &mut Vec<String>) {
        // A reference with one finding below it says nothing of its own.
        let silent = matches!(self.kind, Kind::Reference) && self.causes.len() == 1;
        if !silent {
            let path: String = self
                .path
                .iter()
                .map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1")))
                .collect();
            lines.push(format!(
                "{}- at {}: {}",
                "  ".repeat(depth),
                quote(&path),
                self.kind.message()
            ));
        }
        for cause in &self.causes {
            cause.write(depth + usize::from(!silent), lines);
        }
    }
}

impl Kind {
    fn message(&self) -> String {
        match self {
            Self::Group | Self::Reference => "validation failed".to_owned(),
            Self::Not => "not failed".to_owned(),
            Self::AllOf => "allOf failed".to_owned(),
            Self::AnyOf => "anyOf failed".to_owned(),
            Self::OneOfNone => "oneOf failed, none matched".to_owned(),
            Self::OneOfMany(a, b) => format!("oneOf failed, subschemas {a}, {b} matched"),
            Self::FalseSchema => "false schema".to_owned(),
            Self::Cycle(location) => format!("{location} refers to itself"),
            Self::Type { got, want } => format!("got {got}, want {}", want.join(" or ")),
            Self::Enum(want) => {
                if want.iter().any(|item| item.is_array() || item.is_object()) {
                    return "enum failed".to_owned();
                }
                let items: Vec<_> = want.iter().map(show).collect();
                match &*items {
                    [one] => format!("value must be {one}"),
                    _ => format!("value must be one of {}", items.join(", ")),
                }
            }
            Self::Const(Value::Array(_) | Value::Object(_)) => "const failed".to_owned(),
            Self::Const(want) => format!("value must be {}", show(want)),
            Self::Format { got, want, why } => {
                format!("{} is not valid {want}: {why}", show(got))
            }
            Self::Count { keyword, got, want } => format!(
                "{keyword}: got {}, want {}",
                number::display(&(*got as u64).into()),
                number::display(&(*want).into())
            ),
            Self::Bound { keyword, got, want } => format!(
                "{keyword}: got {}, want {}",
                number::display(got),
                number::display(want)
            ),
            Self::AdditionalItems(n) => format!("last {n} additionalItem(s) not allowed"),
            Self::Required(missing) => match &**missing {
                [one] => format!("missing property {}", quote(one)),
                many => format!("missing properties {}", quoted(many)),
            },
            Self::Dependency { property, missing } => format!(
                "properties {} required, if {} exists",
                quoted(missing),
                quote(property)
            ),
            Self::AdditionalProperties(names) => {
                format!("additional properties {} not allowed", quoted(names))
            }
            Self::PropertyName(name) => format!("invalid propertyName {}", quote(name)),
            Self::UniqueItems(a, b) => format!("items at {a} and {b} are equal"),
            Self::Contains => "no items match contains schema".to_owned(),
            Self::MinContains { got, want } if got.is_empty() => {
                format!("min {want} items required to match contains schema, but none matched")
            }
            Self::MinContains { got, want } => format!(
                "min {want} items required to match contains schema, but matched {} items at {}",
                got.len(),
                spaced(got)
            ),
            Self::MaxContains { got, want } => format!(
                "max {want} items required to match contains schema, but matched {} items at {}",
                got.len(),
                spaced(got)
            ),
            Self::Pattern { got, want } => {
                format!("{} does not match pattern {}", quote(got), quote(want))
            }
        }
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".to_owned(),
        Value::String(text) => quote(text),
        Value::Array(_) | Value::Object(_) => "value".to_owned(),
        other => other.to_string(),
    }
}

fn spaced(items: &[usize]) -> String {
    let items: Vec<_> = items.iter().map(usize::to_string).collect();
    items.join(" ")
}

fn quoted(items: &[String]) -> String {
    let items: Vec<_> = items.iter().map(|item| quote(item)).collect();
    items.join(", ")
}

/// Single quotes, with Go's escapes inside.
pub(super) fn quote(text: &str) -> String {
    let quoted = fleet_template::fmt::quote(text);
    let inner = &quoted[1..quoted.len() - 1];
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}
