//! Whether two streams of manifests mean the same, and where they first differ.
//!
//! Quoting, comments, the order of keys and empty documents do not count; the order of documents does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fleet_yaml::Duplicates;
use serde_json::Value;

/// Values that are not compared.
#[derive(Clone, Debug, Default)]
pub struct Mask {
    /// Paths, by object.
    by_object: BTreeMap<Identity, BTreeSet<String>>,
    /// Paths, by number of the document.
    by_number: BTreeMap<u64, BTreeSet<String>>,
}

/// `apiVersion`, `kind`, namespace and name.
type Identity = [String; 4];

impl Mask {
    /// Reads pairs of an object (or the number of a document) and a path of keys and indices.
    pub fn new(pairs: &[(Value, Vec<Value>)]) -> Self {
        let mut mask = Self::default();
        for (object, path) in pairs {
            let path = path.iter().fold(String::new(), |path, part| match part {
                Value::String(key) => format!("{path}/{key}"),
                index => format!("{path}/{index}"),
            });
            if let Some(number) = object.as_u64() {
                mask.by_number.entry(number).or_default().insert(path);
            } else {
                let part = |n: usize| object[n].as_str().unwrap_or_default().to_owned();
                let identity = std::array::from_fn(part);
                mask.by_object.entry(identity).or_default().insert(path);
            }
        }
        mask
    }

    fn of(&self, number: usize, document: &Value) -> BTreeSet<&str> {
        let by_object = self.by_object.get(&identity(document));
        let by_number = self.by_number.get(&(number as u64));
        let paths = by_object.into_iter().chain(by_number).flatten();
        paths.map(String::as_str).collect()
    }
}

/// The first difference of two streams.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Which document and which field.
    pub place: String,
    /// What was wanted there.
    pub expected: String,
    /// What is there.
    pub actual: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            place,
            expected,
            actual,
        } = self;
        write!(f, "{place}: expected {expected}, got {actual}")
    }
}

/// Compares two streams; `None` if they mean the same.
pub fn streams(expected: &[u8], actual: &[u8], mask: &Mask) -> Option<Difference> {
    let difference = |place: String, expected: &dyn fmt::Display, actual: &dyn fmt::Display| {
        Some(Difference {
            place,
            expected: short(&expected.to_string()),
            actual: short(&actual.to_string()),
        })
    };
    let read = |bytes: &[u8]| {
        fleet_yaml::documents(&String::from_utf8_lossy(bytes), Duplicates::LastWins)
            .map_err(|error| error.to_string())
    };
    let expected = match read(expected) {
        Ok(documents) => documents,
        Err(error) => return difference("the expected stream".to_owned(), &"YAML", &error),
    };
    let actual = match read(actual) {
        Ok(documents) => documents,
        Err(error) => return difference("the stream".to_owned(), &"YAML", &error),
    };
    for (n, pair) in expected.iter().zip(&actual).enumerate() {
        let ((_, expected), (line, actual)) = pair;
        let masked = mask.of(n, expected);
        if let Some((path, expected, actual)) = values(expected, actual, "", &masked) {
            let [_, kind, _, name] =
                identity(pair.0.1.as_object().map_or(&Value::Null, |_| &pair.0.1));
            let place = format!("document {n} ({kind}/{name}, line {line}) {path}");
            return difference(place, &expected, &actual);
        }
    }
    let n = expected.len().min(actual.len());
    let title = |documents: &[(u32, Value)]| match documents.get(n) {
        Some((_, document)) => identity(document).join(" "),
        None => "no such document".to_owned(),
    };
    if expected.len() == actual.len() {
        return None;
    }
    difference(format!("document {n}"), &title(&expected), &title(&actual))
}

/// The first line in which two texts differ.
pub fn first_line(expected: &[u8], actual: &[u8]) -> Option<Difference> {
    if expected == actual {
        return None;
    }
    let mut lines = (
        expected.split(|c| *c == b'\n'),
        actual.split(|c| *c == b'\n'),
    );
    let mut n = 0;
    loop {
        n += 1;
        let (expected, actual) = (lines.0.next(), lines.1.next());
        if expected == actual && expected.is_some() {
            continue;
        }
        let text = |line: Option<&[u8]>| match line {
            Some(line) => short(&format!("{:?}", String::from_utf8_lossy(line))),
            None => "the end".to_owned(),
        };
        return Some(Difference {
            place: format!("line {n}"),
            expected: text(expected),
            actual: text(actual),
        });
    }
}

fn identity(document: &Value) -> Identity {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let metadata = &document["metadata"];
    let name = match metadata["name"].as_str() {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => text(&metadata["generateName"]),
    };
    [
        text(&document["apiVersion"]),
        text(&document["kind"]),
        text(&metadata["namespace"]),
        name,
    ]
}

fn values(
    expected: &Value,
    actual: &Value,
    path: &str,
    masked: &BTreeSet<&str>,
) -> Option<(String, String, String)> {
    if masked.contains(path) {
        return None;
    }
    let differ = |path: &str, expected: Option<&Value>, actual: Option<&Value>| {
        let text = |value: Option<&Value>| value.map_or("nothing".to_owned(), Value::to_string);
        Some((path.to_owned(), text(expected), text(actual)))
    };
    match (expected, actual) {
        (Value::Object(left), Value::Object(right)) => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            keys.into_iter().find_map(|key| {
                let path = format!("{path}/{key}");
                match (left.get(key), right.get(key)) {
                    (Some(left), Some(right)) => values(left, right, &path, masked),
                    _ if masked.contains(path.as_str()) => None,
                    (left, right) => differ(&path, left, right),
                }
            })
        }
        (Value::Array(left), Value::Array(right)) => {
            let both = left.iter().zip(right).enumerate();
            let within = both
                .map(|(n, (left, right))| values(left, right, &format!("{path}/{n}"), masked))
                .find_map(|difference| difference);
            let n = left.len().min(right.len());
            within.or_else(|| match left.len() == right.len() {
                true => None,
                false => differ(&format!("{path}/{n}"), left.get(n), right.get(n)),
            })
        }
        (Value::Number(left), Value::Number(right)) => {
            let same = left == right || left.as_f64() == right.as_f64();
            (!same).then(|| differ(path, Some(expected), Some(actual)))?
        }
        _ if expected == actual => None,
        _ => differ(path, Some(expected), Some(actual)),
    }
}

fn short(text: &str) -> String {
    const MOST: usize = 300;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(expected: &str, actual: &str, mask: &[(Value, Vec<Value>)], place: Option<&str>) {
        let difference = streams(expected.as_bytes(), actual.as_bytes(), &Mask::new(mask));
        let found = difference.as_ref().map(|d| d.place.as_str());
        match (found, place) {
            (Some(found), Some(place)) if found.contains(place) => {}
            (None, None) => {}
            _ => panic!("{expected:?} and {actual:?}: {difference:?}, wanted {place:?}"),
        }
    }

    #[test]
    fn only_meaning_counts() {
        check(
            "a: 'x'\n---\n---\nb: 1\n",
            "---\na: x # y\n---\nb: 1.0\n",
            &[],
            None,
        );
        check("a: x\n", "a: y\n", &[], Some("/a"));
        check("a: [1, 2]\n", "a: [1]\n", &[], Some("/a/1"));
        check("a: 1\n---\nb: 1\n", "a: 1\n", &[], Some("document 1"));
        check("a: yes\n", "a: true\n", &[], None);
        check("a: 1\n", "a: [\n", &[], Some("the stream"));
    }

    #[test]
    fn what_is_masked_is_not_compared() {
        let text = |data: &str| {
            format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: s}}\ndata: {{k: {data}}}\n")
        };
        let key = json!(["v1", "Secret", "", "s"]);
        let path = vec![json!("data"), json!("k")];
        check(&text("x"), &text("y"), &[(key.clone(), path.clone())], None);
        check(&text("x"), &text("y"), &[(json!(0), path)], None);
        check(
            &text("x"),
            &text("y"),
            &[(key, vec![json!("data"), json!("z")])],
            Some("/data/k"),
        );
    }

    #[test]
    fn the_first_line_that_differs_is_found() {
        assert_eq!(first_line(b"a\nb\n", b"a\nb\n"), None);
        assert_eq!(first_line(b"a\nb\n", b"a\nc\n").unwrap().place, "line 2");
        assert_eq!(first_line(b"a\n", b"a").unwrap().place, "line 2");
    }
}
