//! Builds every kustomization of the conformance corpus and compares with what kubectl printed.
//!
//! The corpus is read from `$FLEET_CORPUS`, else from `~/.cache/fleet/corpus/render`; without one the tests skip aloud.
//! `FLEET_CORPUS_ONLY` takes only the cases whose name contains its text.

#![expect(
    clippy::unwrap_used,
    reason = "a test fails loudly where its files are not as they must be"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use fleet_core::files::{Entry, EntryKind, Files, ReadError, join};
use fleet_kustomize::loader::Restriction;
use fleet_kustomize::{Options, build};
use fleet_yaml::Duplicates;
use serde_json::Value;

/// Cases that print less than this are built twice.
const SMALL: usize = 200_000;

/// The files of a folder.
struct Folder(PathBuf);

impl Folder {
    fn path(&self, path: &str) -> Result<PathBuf, ReadError> {
        Ok(self.0.join(join("", path)?))
    }
}

fn read_error(error: &std::io::Error) -> ReadError {
    match error.kind() {
        std::io::ErrorKind::NotFound => ReadError::NotFound,
        std::io::ErrorKind::NotADirectory => ReadError::NotADirectory,
        std::io::ErrorKind::IsADirectory => ReadError::NotAFile,
        _ => ReadError::Other(error.to_string()),
    }
}

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        fs::read(self.path(path)?).map_err(|error| read_error(&error))
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>, ReadError> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(self.path(path)?).map_err(|error| read_error(&error))? {
            let entry = entry.map_err(|error| read_error(&error))?;
            let (kind, size) = match fs::metadata(entry.path()) {
                Ok(meta) if meta.is_dir() => (EntryKind::Directory, 0),
                Ok(meta) => (EntryKind::File, meta.len()),
                Err(_) => (EntryKind::Symlink, 0),
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            entries.push(Entry {
                name,
                kind,
                size,
                link: false,
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }
}

/// What became of a case.
enum Outcome {
    Same,
    /// The documents are equal and the bytes are not.
    Equal(String),
    Wrong(String),
    /// A case that must fail did.
    Refused,
}

fn corpus() -> Option<PathBuf> {
    let folder = match std::env::var_os("FLEET_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(std::env::var_os("HOME")?).join(".cache/fleet/corpus/render"),
    };
    folder.is_dir().then_some(folder)
}

fn run(case: &Path) -> Outcome {
    let args: Value = serde_json::from_slice(&fs::read(case.join("args.json")).unwrap()).unwrap();
    let path = args["path"].as_str().unwrap();
    let flags: Vec<&str> = args["args"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let options = Options {
        restriction: if flags.contains(&"LoadRestrictionsNone") {
            Restriction::None
        } else {
            Restriction::RootOnly
        },
        ..Options::default()
    };
    let built = build(&Folder(case.to_owned()), path, &options, Vec::new());
    let must_fail = args["expect"] == "error";
    let built = match (built, must_fail) {
        (Ok(built), false) => built,
        (Ok(_), true) => return Outcome::Wrong("it must fail and did not".to_owned()),
        (Err(error), true) => {
            if std::env::var_os("FLEET_CORPUS_ERRORS").is_some() {
                let wanted = fs::read_to_string(case.join("expected.err")).unwrap_or_default();
                let diagnostic = fleet_core::diagnostic::Diagnostic::from(error);
                println!(
                    "{}\n  ours: {diagnostic}\n  kubectl: {wanted}",
                    case.display()
                );
            }
            return Outcome::Refused;
        }
        (Err(error), false) => {
            let diagnostic = fleet_core::diagnostic::Diagnostic::from(error);
            return Outcome::Wrong(format!("it failed: {diagnostic}"));
        }
    };
    let expected = fs::read_to_string(case.join("expected.yaml")).unwrap();
    let actual = built.to_yaml();
    if actual.len() < SMALL {
        let again = build(&Folder(case.to_owned()), path, &options, Vec::new());
        if again.is_ok_and(|again| again.to_yaml() != actual) {
            return Outcome::Wrong("a second build gives something else".to_owned());
        }
    }
    if actual == expected {
        return Outcome::Same;
    }
    let difference = first_difference(&expected, &actual);
    let values = |text: &str| fleet_yaml::documents(text, Duplicates::LastWins).unwrap_or_default();
    let only_values =
        |text: &str| -> Vec<Value> { values(text).into_iter().map(|(_, value)| value).collect() };
    if only_values(&expected) == only_values(&actual) {
        Outcome::Equal(difference)
    } else {
        Outcome::Wrong(difference)
    }
}

fn first_difference(expected: &str, actual: &str) -> String {
    let (mut expected, mut actual) = (expected.lines(), actual.lines());
    for n in 1.. {
        match (expected.next(), actual.next()) {
            (None, None) => break,
            (wanted, got) if wanted == got => {}
            (wanted, got) => {
                let end = "(end of the text)";
                return format!(
                    "line {n}\n    expected: {}\n    actual:   {}",
                    wanted.unwrap_or(end),
                    got.unwrap_or(end)
                );
            }
        }
    }
    "only the line breaks at the end differ".to_owned()
}

/// Runs a suite; at least so many cases must print the same bytes, and so many must be refused.
fn check(suite: &str, least_same: usize, least_refused: usize) {
    let Some(corpus) = corpus() else {
        println!("SKIPPED: there is no corpus in $FLEET_CORPUS or ~/.cache/fleet/corpus/render");
        return;
    };
    let only = std::env::var("FLEET_CORPUS_ONLY").unwrap_or_default();
    let mut cases: Vec<PathBuf> = fs::read_dir(corpus.join(suite))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(&only))
        .collect();
    cases.sort();
    let next = AtomicUsize::new(0);
    let outcomes = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = run(case);
                    outcomes.lock().unwrap().push((case, outcome));
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap();
    outcomes.sort_by_key(|(case, _)| *case);
    let (mut same, mut equal, mut refused) = (0, 0, 0);
    for (case, outcome) in &outcomes {
        let name = case.file_name().unwrap_or_default().to_string_lossy();
        match outcome {
            Outcome::Same => same += 1,
            Outcome::Refused => refused += 1,
            Outcome::Equal(difference) => {
                equal += 1;
                println!("{name}: equal, but other bytes: {difference}");
            }
            Outcome::Wrong(difference) => println!("{name}: {difference}"),
        }
    }
    println!(
        "{suite}: {} cases, {same} with the same bytes, {equal} equal, {refused} refused as they must be",
        outcomes.len()
    );
    if only.is_empty() {
        assert!(same >= least_same, "{same} of at least {least_same}");
        assert!(
            refused >= least_refused,
            "{refused} of at least {least_refused}"
        );
    }
}

#[test]
fn real_kustomizations_print_what_kubectl_prints() {
    check("kustomize", 256, 0);
}

#[test]
fn kustomizes_own_tests_print_what_kubectl_prints() {
    check("krusty", 147, 32);
}
