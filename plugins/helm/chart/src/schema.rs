//! `values.schema.json`: JSON Schema of drafts 4, 6, 7, 2019-09 and 2020-12 as Helm applies it.
//!
//! Helm uses `github.com/santhosh-tekuri/jsonschema` v6; its rules and its words are kept. The crates that
//! validate JSON Schema in Rust draw random numbers for their hash tables, which a plugin cannot, and would
//! make it more than twice as large. What differs from Helm: nothing is fetched from the network.

mod check;
mod compile;
mod draft;
mod finding;
mod format;
mod node;
mod number;
mod uri;
mod validate;

use serde_json::Value;

use crate::chart::Chart;
use crate::error::{Error, Place};
use crate::gopath;

/// Why values were not accepted by one schema.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// The schema cannot be read or used; in Helm's words.
    Schema(String),
    /// The schema refers to something that is not part of it.
    Remote(String),
    /// The values do not fit; each finding on its line.
    Values(String),
}

/// Checks the values of a chart and of its subcharts.
pub(crate) fn check_values(chart: &Chart, values: &Value) -> Result<(), Error> {
    let mut report = Report::default();
    report.chart(chart, values);
    let Some(place) = report.place else {
        return Ok(());
    };
    Err(Error::Schema {
        place,
        message: report.text,
        hint: match report.refers_outside {
            true => {
                "nothing is fetched here: put what the schema refers to into it (`$defs`), or set \
                 `helm.skipSchemaValidation` (`--skip-schema-validation`)"
            }
            false => "correct the values, or set `helm.skipSchemaValidation`",
        },
    })
}

#[derive(Default)]
struct Report {
    text: String,
    place: Option<Place>,
    refers_outside: bool,
}

impl Report {
    fn chart(&mut self, chart: &Chart, values: &Value) {
        if let Some(schema) = &chart.schema
            && let Err(refusal) = validate(schema, values)
        {
            self.text.push_str(&format!("{}:\n", chart.name()));
            let place = gopath::under(&chart.origin, "values.schema.json");
            self.place.get_or_insert(Place::file(place));
            match refusal {
                Refusal::Schema(message) => self.text.push_str(&message),
                Refusal::Remote(message) => {
                    self.refers_outside = true;
                    self.text.push_str(&message);
                }
                Refusal::Values(message) => {
                    self.text.push_str(&message);
                    self.text.push('\n');
                }
            }
        }
        for subchart in &chart.dependencies {
            match values.get(subchart.name()) {
                None | Some(Value::Null) => {}
                Some(below @ Value::Object(_)) => self.chart(subchart, below),
                Some(other) => {
                    let found = match other {
                        Value::Bool(_) => "bool",
                        Value::Number(_) => "float64",
                        Value::String(_) => "string",
                        _ => "[]interface {}",
                    };
                    let place = gopath::under(&subchart.origin, "Chart.yaml");
                    self.place.get_or_insert(Place::file(place));
                    self.text.push_str(&format!(
                        "{}:\ninvalid type for values: expected object (map), got {found}\n",
                        subchart.name()
                    ));
                }
            }
        }
    }
}

/// Checks values against one schema.
pub(crate) fn validate(schema: &[u8], values: &Value) -> Result<(), Refusal> {
    let schema: Value = serde_json::from_slice(schema)
        .map_err(|error| Refusal::Schema(format!("the schema is no JSON: {error}")))?;
    let nodes = compile::compile(&schema)?;
    match validate::validate(&nodes, values) {
        None => Ok(()),
        Some(finding) => Err(Refusal::Values(finding.report())),
    }
}

#[cfg(test)]
mod tests;
