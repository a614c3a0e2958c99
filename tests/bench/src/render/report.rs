//! What was measured, as a table for people and as JSON.

use std::fmt::Write as _;

use fleet_test_golden::corpus::Suite;
use serde_json::{Value, json};

use super::Row;
use crate::cpu::Cost;
use crate::stats::{median, ms, quantile};

/// How many cases are shown that gain least.
const SHOWN: usize = 8;

/// How many of the largest cases are shown.
const LARGEST: usize = 3;

/// How many cases take more CPU here than with the real tool.
pub(super) fn slower(rows: &[Row]) -> usize {
    rows.iter()
        .filter_map(|row| gain(row.tool, Some(row.warm)))
        .filter(|gain| *gain < 1.0)
        .count()
}

/// How many times less CPU `ours` took than `other`.
fn gain(other: Option<Cost>, ours: Option<Cost>) -> Option<f64> {
    Some(ms(other?.cpu) / ms(ours?.cpu).max(1e-3))
}

fn wall_gain(other: Option<Cost>, ours: Option<Cost>) -> Option<f64> {
    Some(ms(other?.wall) / ms(ours?.wall).max(1e-3))
}

/// All that people want to see of it.
pub(super) fn table(rows: &[Row]) -> String {
    let mut text = String::new();
    for suite in Suite::ALL {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.suite == suite).collect();
        if !rows.is_empty() {
            of_suite(&mut text, suite, &rows);
        }
    }
    text
}

fn of_suite(text: &mut String, suite: Suite, rows: &[&Row]) {
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:44} {value}");
    };
    let all = |of: &dyn Fn(&Row) -> Option<f64>| -> Vec<f64> {
        rows.iter().filter_map(|row| of(row)).collect()
    };
    let spread = |values: &[f64]| {
        format!(
            "median {:.1}  best 5 % {:.1}  worst 5 % {:.1}  least {:.1}  ({} cases)",
            median(values),
            quantile(values, 0.95),
            quantile(values, 0.05),
            quantile(values, 0.0),
            values.len()
        )
    };
    line(suite.as_str(), format!("{} cases", rows.len()));
    let warm = all(&|row| gain(row.tool, Some(row.warm)));
    if !warm.is_empty() {
        line("  tool CPU / ours, warm component", spread(&warm));
        let slower = warm.iter().filter(|gain| **gain < 1.0).count();
        line("  slower than the tool", slower.to_string());
    }
    let call = all(&|row| gain(row.tool, Some(row.call)));
    if !call.is_empty() {
        line("  tool CPU / ours, call of the component", spread(&call));
    }
    let sandbox = all(&|row| gain(Some(row.warm), row.native));
    line("  component CPU / native CPU", spread(&sandbox));
    let cold = all(&|row| gain(row.tool, row.cold));
    if !cold.is_empty() {
        line("  tool CPU / `fleet render` process", spread(&cold));
        let wall = all(&|row| wall_gain(row.tool, row.cold));
        line("  tool time / `fleet render` process", spread(&wall));
    }
    let cpu = |of: &dyn Fn(&Row) -> Option<Cost>| {
        let values: Vec<f64> = rows
            .iter()
            .filter_map(|row| of(row))
            .map(|cost| ms(cost.cpu))
            .collect();
        format!(
            "median {:.2} ms  p95 {:.2} ms  most {:.1} ms",
            median(&values),
            quantile(&values, 0.95),
            quantile(&values, 1.0)
        )
    };
    line("  CPU, warm component", cpu(&|row| Some(row.warm)));
    line("  CPU, call of the component", cpu(&|row| Some(row.call)));
    line("  CPU, native", cpu(&|row| row.native));
    line("  CPU, real tool", cpu(&|row| row.tool));
    line("  CPU, `fleet render` process", cpu(&|row| row.cold));
    let mut sorted = rows.to_vec();
    sorted.sort_by_key(|row| std::cmp::Reverse(row.memory));
    for row in sorted.iter().take(LARGEST) {
        let mib = row.memory as f64 / f64::from(1 << 20);
        line(
            "  guest memory",
            format!("{mib:.0} MiB for {} bytes: {}", row.bytes, row.id),
        );
    }
    sorted.sort_by_key(|row| std::cmp::Reverse(row.bytes));
    for row in sorted.iter().take(LARGEST) {
        line("  largest", describe(row));
    }
    sorted.sort_by(|one, other| {
        let key = |row: &Row| gain(row.tool, Some(row.warm)).unwrap_or(f64::MAX);
        key(one).total_cmp(&key(other))
    });
    for row in sorted.iter().take(SHOWN).filter(|row| row.tool.is_some()) {
        line("  least gain", describe(row));
    }
}

fn describe(row: &Row) -> String {
    let gain = gain(row.tool, Some(row.warm));
    let gain = gain.map_or(String::new(), |gain| format!("{gain:.1}x, "));
    format!(
        "{gain}{:.2} ms for {} bytes: {}",
        ms(row.warm.cpu),
        row.bytes,
        row.id
    )
}

/// Everything, a case each.
pub(super) fn json(rows: &[Row]) -> String {
    let cost = |cost: Option<Cost>| match cost {
        Some(cost) => json!({"cpu_ms": ms(cost.cpu), "wall_ms": ms(cost.wall)}),
        None => Value::Null,
    };
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "suite": row.suite.as_str(),
                "id": row.id,
                "bytes": row.bytes,
                "warm": cost(Some(row.warm)),
                "call": cost(Some(row.call)),
                "native": cost(row.native),
                "tool": cost(row.tool),
                "cold": cost(row.cold),
                "memory_bytes": row.memory,
                "fuel": row.fuel,
            })
        })
        .collect();
    format!("{:#}\n", Value::Array(rows))
}
