//! Texts with what Helm's `fromYaml` and `toYaml` made of them.

use std::path::PathBuf;

use fleet_yaml::{Duplicates, from_str, to_go_json, to_string, to_string_pretty};
use serde_json::{Value, json};

/// The lines of a file of probes; none, said aloud, where the corpus is absent.
fn probes(name: &str) -> Vec<Value> {
    let home = std::env::var_os("HOME")
        .map(PathBuf::from)
        .unwrap_or_default();
    let folder = std::env::var_os("FLEET_CORPUS")
        .map_or_else(|| home.join(".cache/fleet/corpus/render"), PathBuf::from);
    let file = folder.join("probes").join(name);
    let Ok(text) = std::fs::read_to_string(&file) else {
        eprintln!("SKIPPED: there is no {}", file.display());
        return Vec::new();
    };
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a probe is JSON"))
        .collect()
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

/// `known` texts differ for a reason that is written beside them.
fn judge(name: &str, n_probes: usize, mut failures: Vec<String>, known: &[&str]) {
    for failure in &failures {
        eprintln!("{failure}");
    }
    eprintln!(
        "{name}: {} of {n_probes} as in Go",
        n_probes - failures.len()
    );
    failures.retain(|failure| !known.iter().any(|known| failure.contains(known)));
    assert!(
        failures.is_empty(),
        "{} of {n_probes} {name} differ",
        failures.len()
    );
}

#[test]
fn texts_are_read_as_in_go() {
    let probes = probes("yaml_parse.jsonl");
    let mut failures = Vec::new();
    for probe in &probes {
        let text = probe["in"].as_str().unwrap();
        let read = from_str(text, Duplicates::LastWins);
        // `fromYaml` gives a mapping or an error, `fromYamlArray` a list or an error.
        let map = match &read {
            Ok(Value::Object(map)) => Value::Object(map.clone()),
            Ok(Value::Null) => json!({}),
            _ => json!({"Error": ()}),
        };
        let expected = &probe["fromYaml"];
        let same = match expected.get("Error") {
            Some(_) => map.get("Error").is_some(),
            None => floats(&map) == floats(expected),
        };
        if !same {
            failures.push(format!("{text:?}: Go {expected}, here {map} {read:?}"));
        }
    }
    // libyaml-safer knows the escape `\/` of YAML 1.2, which goyaml refuses.
    judge(
        "parse probes",
        probes.len(),
        failures,
        &[r#""a: \"\\/\"\n""#],
    );
}

#[test]
fn values_are_written_as_in_go() {
    let probes = probes("yaml_emit.jsonl");
    let mut failures = Vec::new();
    for probe in &probes {
        // Helm reads the values as floats, and `toYaml` prints whole ones as integers.
        let value = floats(&probe["in"]);
        let trimmed = |text: String| text.strip_suffix('\n').map(str::to_owned).unwrap_or(text);
        for (column, got) in [
            ("toYaml", trimmed(to_string(&value))),
            ("toYaml_in_map", trimmed(to_string(&json!({"key": value})))),
            (
                "toYaml_nested",
                trimmed(to_string(&json!({"a": {"b": [value]}}))),
            ),
            (
                "toYamlPretty_list",
                trimmed(to_string_pretty(&json!({"a": [value]}))),
            ),
            ("toJson", to_go_json(&value, true)),
        ] {
            let Some(expected) = probe[column].as_str() else {
                continue;
            };
            if got != expected {
                failures.push(format!(
                    "{column} of {}: Go {expected:?}, here {got:?}",
                    probe["in"]
                ));
            }
        }
    }
    // goyaml's order of keys is not transitive (`a1` < `a9` < `a10` < `a1b2`), so where such keys meet the result
    // depends on how Go's sort visits them.
    judge(
        "emit probes",
        probes.len() * 5,
        failures,
        &[r#""a1b10":31"#],
    );
}
