//! Real charts against what Helm 4.1.4 made of them.
//!
//! The corpus is a folder of cases (`$FLEET_CORPUS`, else `~/.cache/fleet/corpus/render`); where it is not,
//! the test says so and passes. `FLEET_CORPUS_ONLY` chooses cases by a part of their name.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fleet_chart::{Options, Surroundings};
use fleet_core::facts::StaticFacts;
use fleet_yaml::Duplicates;
use serde_json::Value;

use crate::common::{Folder, TestEntropy};

/// What must hold of the whole corpus.
const MIN_EQUAL: usize = 701;
const MIN_SAME_BYTES: usize = 607;
const MIN_FAILED: usize = 52;

#[derive(Default)]
struct Tally {
    ok: usize,
    equal: usize,
    comparable_bytes: usize,
    same_bytes: usize,
    must_fail: usize,
    failed: usize,
    same_error: usize,
    complaints: Vec<String>,
}

#[test]
fn real_charts_render_as_with_helm() {
    let Some(corpus) = corpus() else {
        eprintln!("SKIPPED: no corpus; set FLEET_CORPUS");
        return;
    };
    let only = std::env::var("FLEET_CORPUS_ONLY").unwrap_or_default();
    let cases: Vec<_> = cases(&corpus.join("helm"))
        .into_iter()
        .filter(|case| name(case).contains(&only))
        .collect();
    let next = AtomicUsize::new(0);
    let tally = Mutex::new(Tally::default());
    let n_threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..n_threads {
            let work = || {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run(case, &tally);
                }
            };
            // Debug builds of the YAML reader and the validator are generous with their stacks.
            let builder = std::thread::Builder::new().stack_size(64 << 20);
            builder.spawn_scoped(scope, work).unwrap();
        }
    });
    let mut tally = tally.into_inner().unwrap();
    tally.complaints.sort();
    for complaint in &tally.complaints {
        eprintln!("{complaint}");
    }
    eprintln!(
        "helm: {}/{} semantically equal, {}/{} byte-equal, {}/{} must-fail failed ({} with Helm's words)",
        tally.equal,
        tally.ok,
        tally.same_bytes,
        tally.comparable_bytes,
        tally.failed,
        tally.must_fail,
        tally.same_error
    );
    if only.is_empty() {
        assert!(
            tally.equal >= MIN_EQUAL,
            "fewer cases are equal than before"
        );
        assert!(
            tally.same_bytes >= MIN_SAME_BYTES,
            "fewer bytes are equal than before"
        );
        assert!(tally.failed >= MIN_FAILED, "fewer cases fail that must");
    }
}

fn corpus() -> Option<PathBuf> {
    let dir = match std::env::var_os("FLEET_CORPUS") {
        Some(dir) => PathBuf::from(dir),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".cache/fleet/corpus/render"),
    };
    dir.is_dir().then_some(dir)
}

/// The folders of all cases, sorted.
fn cases(dir: &Path) -> Vec<PathBuf> {
    let folders = |dir: &Path| -> BTreeSet<PathBuf> {
        let entries = std::fs::read_dir(dir).into_iter().flatten();
        entries.map(|entry| entry.unwrap().path()).collect()
    };
    folders(dir)
        .iter()
        .flat_map(|chart| folders(&chart.join("cases")))
        .collect()
}

fn name(case: &Path) -> String {
    let part = |path: Option<&Path>| {
        let name = path.and_then(Path::file_name).unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let chart = case.parent().and_then(Path::parent);
    format!("{}/{}", part(chart), part(Some(case)))
}

fn run(case: &Path, tally: &Mutex<Tally>) {
    let args = std::fs::read_to_string(case.join("args.json")).unwrap();
    let args: Value = serde_json::from_str(&args).unwrap();
    let rendered = render(case, &args);
    let mut tally = tally.lock().unwrap();
    if args["expect"] == "error" {
        tally.must_fail += 1;
        let expected = std::fs::read_to_string(case.join("expected.err")).unwrap();
        match rendered {
            Ok(_) => tally
                .complaints
                .push(format!("{}: must fail, and does not", name(case))),
            Err(error) => {
                tally.failed += 1;
                if expected.trim_end().ends_with(error.trim_end()) {
                    tally.same_error += 1;
                } else if std::env::var_os("FLEET_CORPUS_ERRORS").is_some() {
                    tally.complaints.push(format!(
                        "{}: fails with\n  {error}\nand not with\n  {expected}",
                        name(case)
                    ));
                }
            }
        }
        return;
    }
    tally.ok += 1;
    let expected = std::fs::read_to_string(case.join("expected.yaml")).unwrap();
    let rendered = match rendered {
        Ok(rendered) => rendered,
        Err(error) => {
            let error: String = error.chars().take(600).collect();
            tally.complaints.push(format!("{}: {error}", name(case)));
            return;
        }
    };
    match difference(&expected, &rendered, &args["mask"]) {
        None => tally.equal += 1,
        Some(difference) => tally
            .complaints
            .push(format!("{}: {difference}", name(case))),
    }
    if args["deterministic"] != false {
        tally.comparable_bytes += 1;
        if expected == rendered {
            tally.same_bytes += 1;
        } else {
            let place = byte_difference(&expected, &rendered);
            tally
                .complaints
                .push(format!("{}: bytes differ: {place}", name(case)));
        }
    }
}

fn render(case: &Path, args: &Value) -> Result<String, String> {
    let text = |key: &str| args[key].as_str().unwrap_or_default().to_owned();
    let strings = |key: &str| -> Vec<String> {
        let items = args[key].as_array().into_iter().flatten();
        items
            .map(|item| item.as_str().unwrap().to_owned())
            .collect()
    };
    let flag = |key: &str| args[key] == true;
    let chart = case.join(text("path")).canonicalize().unwrap();
    let top = case.parent().and_then(Path::parent).unwrap();
    let path = chart.strip_prefix(top.canonicalize().unwrap()).unwrap();
    let files: Vec<(String, String)> = strings("values")
        .into_iter()
        .map(|file| {
            let text = std::fs::read_to_string(case.join(&file)).unwrap();
            (file, text)
        })
        .collect();
    let files = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let values = fleet_chart::read_values(files).map_err(|error| error.to_string())?;
    let options = Options {
        release: text("release"),
        namespace: text("namespace"),
        is_upgrade: flag("is_upgrade"),
        include_crds: flag("include_crds"),
        skip_schema_validation: flag("skip_schema_validation"),
        api_versions: strings("api_versions"),
        ..Options::default()
    };
    let kube_version = args["kube_version"].as_str().unwrap_or("v1.35.0");
    let surroundings = Surroundings {
        files: Rc::new(Folder(top.to_owned())),
        facts: Rc::new(StaticFacts {
            kube_version: kube_version.to_owned(),
            commit_time: 1_700_000_000,
            ..StaticFacts::default()
        }),
        entropy: Rc::new(TestEntropy),
    };
    fleet_chart::render(&path.to_string_lossy(), &values, &options, &surroundings)
        .map(|release| release.to_stream())
        .map_err(|failed| failed.to_string())
}

/// The first difference in meaning, masked values aside.
fn difference(expected: &str, actual: &str, mask: &Value) -> Option<String> {
    let read = |text: &str| fleet_yaml::documents(text, Duplicates::LastWins);
    let expected_docs = match read(expected) {
        Ok(documents) => documents,
        Err(error) => return Some(format!("the expected text is no YAML: {error}")),
    };
    let actual_docs = match read(actual) {
        Ok(documents) => documents,
        Err(error) => return Some(format!("what was rendered is no YAML: {error}")),
    };
    let sources = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("# Source: "));
        lines.map(str::to_owned).collect()
    };
    let (expected_sources, actual_sources) = (sources(expected), sources(actual));
    for n in 0..expected_sources.len().max(actual_sources.len()) {
        let (expected, actual) = (expected_sources.get(n), actual_sources.get(n));
        if expected != actual {
            return Some(format!("source {n}: expected {expected:?}, got {actual:?}"));
        }
    }
    for n in 0..expected_docs.len().max(actual_docs.len()) {
        let (Some((_, expected)), Some((_, actual))) = (expected_docs.get(n), actual_docs.get(n))
        else {
            return Some(format!(
                "{} documents instead of {}",
                actual_docs.len(),
                expected_docs.len()
            ));
        };
        let id = identity(expected);
        let masked: Vec<&Value> = mask
            .as_array()
            .into_iter()
            .flatten()
            .filter(|entry| entry[0] == id || entry[0] == n)
            .map(|entry| &entry[1])
            .collect();
        let mut path = Vec::new();
        if let Some(difference) = compare(expected, actual, &mut path, &masked) {
            return Some(format!("document {n} {id}: {difference}"));
        }
    }
    None
}

fn identity(object: &Value) -> Value {
    let metadata = &object["metadata"];
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let name = match &metadata["name"] {
        Value::Null => &metadata["generateName"],
        name => name,
    };
    serde_json::json!([
        text(&object["apiVersion"]),
        text(&object["kind"]),
        text(&metadata["namespace"]),
        text(name)
    ])
}

fn compare(
    expected: &Value,
    actual: &Value,
    path: &mut Vec<Value>,
    masked: &[&Value],
) -> Option<String> {
    if masked
        .iter()
        .any(|mask| mask.as_array().is_some_and(|mask| mask == path))
    {
        return None;
    }
    let absent = Value::from("<absent>");
    match (expected, actual) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: BTreeSet<_> = a.keys().chain(b.keys()).collect();
            for key in keys {
                path.push(key.as_str().into());
                let (a, b) = (a.get(key).unwrap_or(&absent), b.get(key).unwrap_or(&absent));
                let difference = compare(a, b, path, masked);
                path.pop();
                if difference.is_some() {
                    return difference;
                }
            }
            None
        }
        (Value::Array(a), Value::Array(b)) => {
            for n in 0..a.len().max(b.len()) {
                path.push(n.into());
                let (a, b) = (a.get(n).unwrap_or(&absent), b.get(n).unwrap_or(&absent));
                let difference = compare(a, b, path, masked);
                path.pop();
                if difference.is_some() {
                    return difference;
                }
            }
            None
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (a, b) if a == b => None,
        (a, b) => {
            let path: Vec<_> = path.iter().map(|part| part.to_string()).collect();
            let show = |value: &Value| -> String { value.to_string().chars().take(300).collect() };
            Some(format!(
                "at {}\n  expected: {}\n  actual:   {}",
                path.join("/"),
                show(a),
                show(b)
            ))
        }
    }
}

fn byte_difference(expected: &str, actual: &str) -> String {
    let lines = || expected.lines().zip(actual.lines()).enumerate();
    match lines().find(|(_, (a, b))| a != b) {
        Some((n, (a, b))) => format!("line {}\n  expected: {a:?}\n  actual:   {b:?}", n + 1),
        None => format!("{} bytes instead of {}", actual.len(), expected.len()),
    }
}
