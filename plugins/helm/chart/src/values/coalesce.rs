//! How the values of charts and users come together, by the rules of Helm 4.1.4.
//!
//! Maps are shared as in Helm, where a subchart's values are a table of its parent's, and globals are
//! copied one level deep: what one changes, the other sees.

use std::cell::RefCell;
use std::collections::BTreeSet;

use fleet_template::value::{Map, Value};

use crate::chart::Chart;
use crate::error::Error;

/// Where things common to a chart and its subcharts are.
const GLOBAL: &str = "global";

/// What to do with `null`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nulls {
    /// It removes a default, as when templates get the values.
    Remove,
    /// It stays, for a later pass to act on.
    Keep,
}

/// What Helm only prints about values; each once.
pub(crate) type Warnings = RefCell<BTreeSet<String>>;

/// The values of a chart and its subcharts with `given` over them. `given` does not change.
pub(crate) fn coalesce(
    chart: &Chart,
    given: &Map,
    nulls: Nulls,
    warnings: &Warnings,
) -> Result<Map, Error> {
    let values = copy(given)?;
    let pass = Pass { warnings };
    pass.chart(chart, &values, "", nulls)?;
    Ok(values)
}

/// Merges `below` under `over`, which changes; `null` stays.
pub(crate) fn merge_under(over: &Map, below: &Map) {
    let warnings = Warnings::default();
    Pass {
        warnings: &warnings,
    }
    .tables(over, below, "", Nulls::Keep);
}

/// A copy that shares nothing.
pub(crate) fn copy(values: &Map) -> Result<Map, Error> {
    match Value::Map(values.clone()).deep_copy() {
        Ok(Value::Map(copy)) => Ok(copy),
        Ok(_) => Ok(Map::new()),
        Err(failure) => Err(Error::limit("values", failure.message)),
    }
}

struct Pass<'w> {
    warnings: &'w Warnings,
}

impl Pass<'_> {
    fn warn(&self, warning: String) {
        self.warnings.borrow_mut().insert(warning);
    }

    fn chart(&self, chart: &Chart, values: &Map, prefix: &str, nulls: Nulls) -> Result<(), Error> {
        self.defaults(chart, values, prefix, nulls)?;
        let prefix = dotted(prefix, chart.name());
        for subchart in &chart.dependencies {
            let name = subchart.name();
            let below = match values.get(name) {
                None => {
                    let below = Map::new();
                    values.insert(name, below.clone());
                    below
                }
                Some(Value::Map(below)) => below,
                Some(other) => {
                    let found = fleet_template::fmt::sprintf(b"%t", &[other]).unwrap_or_default();
                    return Err(Error::SubchartValues {
                        prefix: "",
                        name: name.to_owned(),
                        found: String::from_utf8_lossy(&found).into_owned(),
                    });
                }
            };
            self.globals(&below, values, &prefix);
            self.chart(subchart, &below, &prefix, nulls)?;
        }
        Ok(())
    }

    /// Puts the chart's own defaults under `values`.
    fn defaults(
        &self,
        chart: &Chart,
        values: &Map,
        prefix: &str,
        nulls: Nulls,
    ) -> Result<(), Error> {
        let prefix = dotted(prefix, chart.name());
        for (key, default) in copy(&chart.values)?.entries() {
            match (values.get(&key), default) {
                (None, default) => values.insert(key, default),
                (Some(Value::Nil), _) if nulls == Nulls::Remove => {
                    values.remove(&key);
                }
                (Some(Value::Map(table)), Value::Map(defaults)) => {
                    let path = dotted(&prefix, &key.to_str());
                    // What is meant for a subchart is left for it to remove.
                    let is_subchart = chart
                        .dependencies
                        .iter()
                        .any(|subchart| key == *subchart.name());
                    let nulls = if is_subchart { Nulls::Keep } else { nulls };
                    self.tables(&table, &defaults, &path, nulls);
                }
                (Some(Value::Map(_)), default) if !matches!(default, Value::Nil) => {
                    self.warn(format!("skipped value for {prefix}.{key}: Not a table."));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Merges the globals of `from` over those of `into`.
    fn globals(&self, into: &Map, from: &Map, prefix: &str) {
        let into_globals = match into.get(GLOBAL) {
            None => Map::new(),
            Some(Value::Map(map)) => map,
            Some(_) => {
                self.warn("skipping globals because destination global is not a table.".to_owned());
                return;
            }
        };
        let from_globals = match from.get(GLOBAL) {
            None => Map::new(),
            Some(Value::Map(map)) => map,
            Some(_) => {
                self.warn("skipping globals because source global is not a table.".to_owned());
                return;
            }
        };
        for (key, value) in from_globals.entries() {
            let present = into_globals.get(&key);
            match (value, present) {
                (Value::Map(table), None) => into_globals.insert(key, shallow(&table)),
                (Value::Map(table), Some(Value::Map(present))) => {
                    let table = shallow(&table);
                    let path = dotted(prefix, &key.to_str());
                    self.tables(&table, &present, &path, Nulls::Keep);
                    into_globals.insert(key, table);
                }
                (Value::Map(_), Some(_)) => self.warn(format!(
                    "Conflict: cannot merge map onto non-map for {:?}. Skipping.",
                    key.to_str()
                )),
                (_, Some(Value::Map(_))) => self.warn(format!("key {key} is table. Skipping")),
                (value, _) => into_globals.insert(key, value),
            }
        }
        into.insert(GLOBAL, into_globals);
    }

    /// Merges `below` under `over`; both change.
    fn tables(&self, over: &Map, below: &Map, prefix: &str, nulls: Nulls) {
        let had_value: BTreeSet<_> = below
            .entries()
            .into_iter()
            .filter_map(|(key, value)| (!matches!(value, Value::Nil)).then_some(key))
            .collect();
        for (key, value) in over.entries() {
            if matches!(value, Value::Nil) {
                below.insert(key, Value::Nil);
            }
        }
        for (key, value) in below.entries() {
            match (over.get(&key), value) {
                // The user takes a default away; what had none keeps its null.
                (Some(Value::Nil), _) if nulls == Nulls::Remove && had_value.contains(&key) => {
                    over.remove(&key);
                }
                (None, value) => over.insert(key, value),
                (Some(Value::Map(over)), Value::Map(below)) => {
                    self.tables(&over, &below, &dotted(prefix, &key.to_str()), nulls);
                }
                (Some(_), Value::Map(_)) => self.warn(format!(
                    "cannot overwrite table with non table for {}",
                    dotted(prefix, &key.to_str())
                )),
                (Some(Value::Map(_)), value) if !matches!(value, Value::Nil) => {
                    self.warn(format!(
                        "destination for {} is a table. Ignoring non-table value",
                        dotted(prefix, &key.to_str())
                    ));
                }
                _ => {}
            }
        }
    }
}

fn shallow(map: &Map) -> Map {
    map.entries().into_iter().collect()
}

fn dotted(prefix: &str, name: &str) -> String {
    match prefix {
        "" => name.to_owned(),
        prefix => format!("{prefix}.{name}"),
    }
}
