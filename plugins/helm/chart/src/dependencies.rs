//! Which subcharts take part, under which names, and what their parents import from them.

use std::collections::BTreeSet;

use fleet_template::functions::semver::fits;
use fleet_template::value::{Map, Value};

use crate::chart::Chart;
use crate::error::{Error, Place};
use crate::gopath;
use crate::metadata::Import;
use crate::values::coalesce::{Nulls, Warnings, coalesce, copy, merge_under};
use crate::values::{scalar, table};

/// Refuses a chart whose declared dependencies are not in `charts/`.
pub(crate) fn check(chart: &Chart) -> Result<(), Error> {
    let missing: Vec<_> = chart
        .metadata
        .dependencies()
        .filter(|declared| !chart.dependencies.iter().any(|c| c.name() == declared.name))
        .map(|declared| declared.name.clone())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::MissingDependencies {
        place: Place::file(gopath::under(&chart.origin, "Chart.yaml")),
        names: missing,
    })
}

/// Applies aliases, tags, conditions and imported values.
pub(crate) fn process(chart: &mut Chart, values: &Map, warnings: &Warnings) -> Result<(), Error> {
    let processed =
        enable(chart, values, "", warnings).and_then(|()| import_values(chart, warnings));
    processed.map_err(|error| match error {
        Error::SubchartValues { name, found, .. } => Error::SubchartValues {
            prefix: "chart dependencies processing failed: ",
            name,
            found,
        },
        error => error,
    })
}

/// Removes the subcharts that are not enabled.
fn enable(chart: &mut Chart, values: &Map, path: &str, warnings: &Warnings) -> Result<(), Error> {
    let Some(declared) = chart.metadata.dependencies.take() else {
        return Ok(());
    };
    let mut declared: Vec<_> = declared.into_iter().flatten().collect();
    let all = std::mem::take(&mut chart.dependencies);
    let is_declared = |subchart: &&Chart| {
        let matches = |name: &str, version: &str| {
            subchart.name() == name && fits(version, &subchart.metadata.version)
        };
        declared.iter().any(|d| matches(&d.name, &d.version))
    };
    let mut subcharts: Vec<Chart> = all.iter().filter(|c| !is_declared(c)).cloned().collect();
    for dependency in &mut declared {
        let found = all.iter().find(|subchart| {
            subchart.name() == dependency.name
                && fits(&dependency.version, &subchart.metadata.version)
        });
        if let Some(found) = found {
            let mut found = found.clone();
            if !dependency.alias.is_empty() {
                found.metadata.name.clone_from(&dependency.alias);
            }
            subcharts.push(found);
        }
        if !dependency.alias.is_empty() {
            dependency.name.clone_from(&dependency.alias);
        }
        dependency.enabled = true;
    }
    chart.dependencies = subcharts;
    let values = coalesce(chart, values, Nulls::Remove, warnings)?;
    let warn = |warning: String| {
        warnings.borrow_mut().insert(warning);
    };
    if let Some(tags) = table(&values, "tags") {
        for dependency in &mut declared {
            let (mut on, mut off) = (false, false);
            for tag in &dependency.tags {
                match tags.get(tag) {
                    None => {}
                    Some(Value::Bool(true)) => on = true,
                    Some(Value::Bool(false)) => off = true,
                    Some(_) => warn(format!(
                        "tag `{tag}` of chart `{}` is no boolean",
                        dependency.name
                    )),
                }
            }
            dependency.enabled = on || !off;
        }
    }
    for dependency in &mut declared {
        for condition in dependency.condition.trim().split(',') {
            if condition.is_empty() {
                continue;
            }
            match scalar(&values, &format!("{path}{condition}")) {
                None => {}
                Some(Value::Bool(enabled)) => {
                    dependency.enabled = enabled;
                    break;
                }
                Some(_) => warn(format!(
                    "condition `{condition}` of chart `{}` is no boolean",
                    dependency.name
                )),
            }
        }
    }
    let disabled: BTreeSet<String> = declared
        .iter()
        .filter(|dependency| !dependency.enabled)
        .map(|dependency| dependency.name.clone())
        .collect();
    chart
        .dependencies
        .retain(|subchart| !disabled.contains(subchart.name()));
    declared.retain(|dependency| !disabled.contains(&dependency.name));
    for subchart in &mut chart.dependencies {
        let path = format!("{path}{}.", subchart.name());
        enable(subchart, &values, &path, warnings)?;
    }
    if !declared.is_empty() {
        chart.metadata.dependencies = Some(declared.into_iter().map(Some).collect());
    }
    Ok(())
}

/// Gives parents what they import from their subcharts, the deepest first.
fn import_values(chart: &mut Chart, warnings: &Warnings) -> Result<(), Error> {
    for subchart in &mut chart.dependencies {
        import_values(subchart, warnings)?;
    }
    if chart.metadata.dependencies.is_none() {
        return Ok(());
    }
    let values = coalesce(chart, &Map::new(), Nulls::Keep, warnings)?;
    let imported = Map::new();
    for dependency in chart.metadata.dependencies() {
        for import in &dependency.import_values {
            let (child, parent) = match import {
                Import::Export(name) => (format!("exports.{name}"), "."),
                Import::Table { child, parent } => (child.clone(), parent.as_str()),
                Import::Other => continue,
            };
            let Some(found) = table(&values, &format!("{}.{child}", dependency.name)) else {
                warnings.borrow_mut().insert(format!(
                    "`import-values` of chart `{}`: there is no table `{child}`",
                    dependency.name
                ));
                continue;
            };
            // An empty table is not shared with what else is imported to the same place.
            let found = if found.is_empty() { Map::new() } else { found };
            merge_under(&imported, &nested(parent, found));
        }
    }
    let values = copy(&values)?;
    merge_under(&values, &imported);
    chart.values = values;
    Ok(())
}

/// A table at a dotted path; `.` is the top.
fn nested(path: &str, table: Map) -> Map {
    if path == "." {
        return table;
    }
    path.rsplit('.')
        .fold(table, |inner, name| Map::from_iter([(name, inner)]))
}
