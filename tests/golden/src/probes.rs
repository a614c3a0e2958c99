//! Probes: small texts with what Helm's template functions made of them.
//!
//! Each probe becomes a template of the probe chart whose output is one JSON text, so that the renderer is used as
//! a user would: through a whole chart.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// One text to be rendered with what it must give.
#[derive(Clone, Debug)]
pub struct Probe {
    /// File and line.
    pub id: String,
    /// The template; it prints one JSON text.
    pub template: String,
    /// What must come of it.
    pub expected: Expected,
}

/// What must come of a probe.
#[derive(Clone, Debug, PartialEq)]
pub enum Expected {
    /// This value.
    Value(Value),
    /// Any value: it changes from run to run.
    Anything,
    /// An error that holds this text.
    Error(String),
}

/// Reads all probes of a corpus.
///
/// # Errors
/// If a file is there and cannot be read.
pub fn read(corpus: &Path) -> Result<Vec<Probe>> {
    let dir = corpus.join("probes");
    let mut probes = Vec::new();
    for (name, make) in [
        (
            "functions.jsonl",
            function as fn(&Value) -> Vec<(String, Expected)>,
        ),
        ("yaml_emit.jsonl", emit),
        ("yaml_parse.jsonl", parse),
    ] {
        let file = dir.join(name);
        if !file.is_file() {
            continue;
        }
        let text = fs::read_to_string(&file)?;
        for (n, line) in text.lines().enumerate() {
            let probe: Value = serde_json::from_str(line)
                .with_context(|| format!("{}:{}", file.display(), n + 1))?;
            for (template, expected) in make(&probe) {
                probes.push(Probe {
                    id: format!("{name}:{}", n + 1),
                    template,
                    expected,
                });
            }
        }
    }
    Ok(probes)
}

impl Probe {
    /// Whether what a renderer gave is what must come; else why not.
    ///
    /// # Errors
    /// With the difference.
    pub fn judge(&self, actual: &Result<String, String>) -> Result<(), String> {
        match (&self.expected, actual) {
            (Expected::Error(_), Ok(actual)) => Err(format!("it must fail, and gave {actual}")),
            (Expected::Error(wanted), Err(actual)) if actual.contains(wanted) => Ok(()),
            (Expected::Error(wanted), Err(actual)) => {
                Err(format!("expected the error {wanted:?}, got {actual:?}"))
            }
            (_, Err(error)) => Err(error.clone()),
            (Expected::Anything, Ok(_)) => Ok(()),
            (Expected::Value(wanted), Ok(actual)) => {
                let actual: Value = serde_json::from_str(actual.trim())
                    .map_err(|error| format!("{error}: {actual}"))?;
                if floats(&actual) == floats(wanted) {
                    Ok(())
                } else {
                    Err(format!("expected {wanted}, got {actual}"))
                }
            }
        }
    }
}

fn function(probe: &Value) -> Vec<(String, Expected)> {
    let template = format!("{{{{ tpl {} $ | toJson }}}}", literal(&probe["tpl"]));
    let expected = match (probe["err"].as_str(), probe["nondeterministic"].as_bool()) {
        (Some(error), _) => Expected::Error(error.to_owned()),
        (None, Some(true)) => Expected::Anything,
        (None, _) => Expected::Value(probe["out"].clone()),
    };
    vec![(template, expected)]
}

fn emit(probe: &Value) -> Vec<(String, Expected)> {
    let list = Value::String(json!([probe["in"]]).to_string());
    let bind = format!(
        "{{{{ $in := index (fromJsonArray {}) 0 }}}}",
        literal(&list)
    );
    let calls = [
        ("toYaml", "toYaml $in"),
        ("toYaml_in_map", "toYaml (dict \"key\" $in)"),
        (
            "toYaml_nested",
            "toYaml (dict \"a\" (dict \"b\" (list $in)))",
        ),
        ("toYamlPretty_list", "toYamlPretty (dict \"a\" (list $in))"),
        ("toJson", "toJson $in"),
        ("quote", "quote $in"),
        ("printf_v", "printf \"%v\" $in"),
    ];
    let wanted = calls
        .iter()
        .filter_map(|(key, call)| Some((call, probe.get(key)?)));
    wanted
        .map(|(call, value)| {
            let template = format!("{bind}{{{{ {call} | toJson }}}}");
            (template, Expected::Value(value.clone()))
        })
        .collect()
}

fn parse(probe: &Value) -> Vec<(String, Expected)> {
    let text = literal(&probe["in"]);
    ["fromYaml", "fromYamlArray"]
        .into_iter()
        .filter_map(|call| {
            let value = probe.get(call)?;
            let template = format!("{{{{ {call} {text} | toJson }}}}");
            Some((template, Expected::Value(value.clone())))
        })
        .collect()
}

/// A JSON string as a Go string constant: the two agree but for surrogate pairs, which are not written here.
fn literal(text: &Value) -> String {
    text.to_string()
}

/// Numbers compare by their value: Go reads all of them as floats.
fn floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(floats).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), floats(value)))
            .collect(),
        other => other.clone(),
    }
}
