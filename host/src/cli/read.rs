//! Resources from files: several documents each, and each mistake with its file, line and column.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use fleet_core::resource::Resource;
use fleet_yaml::{Duplicates, Kind, Node, Schema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A resource and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub(super) resource: Resource,
    /// `file:line`.
    pub(super) place: String,
}

/// A mistake and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    /// `file:line:column`, or the file alone.
    pub(super) place: String,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// What a source of resources holds: what can be used, and what is wrong with the rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Content {
    pub(super) found: Vec<Found>,
    pub(super) mistakes: Vec<Mistake>,
}

/// What servers write into a resource and nobody else does; dropped, so that what `get` prints can be applied.
const OF_SERVERS: [&str; 7] = [
    "creationTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
    "finalizers",
];

/// Reads `-` (standard input), a file, or the YAML and JSON files of a folder, sorted by name.
pub(super) fn read(from: &Path) -> Content {
    let mut content = Content::default();
    if from == Path::new("-") {
        let mut text = String::new();
        match std::io::stdin().read_to_string(&mut text) {
            Ok(_) => content.text("standard input", &text),
            Err(error) => content.mistake("standard input", format!("cannot be read: {error}")),
        }
        return content;
    }
    if !from.is_dir() {
        content.file(from);
        return content;
    }
    match files_of(from) {
        Ok(files) if files.is_empty() => {
            let place = from.display().to_string();
            content.mistake(
                &place,
                "the folder has no .yaml, .yml or .json file".to_owned(),
            );
        }
        Ok(files) => files.iter().for_each(|file| content.file(file)),
        Err(error) => {
            let place = from.display().to_string();
            content.mistake(&place, format!("cannot be read: {error}"));
        }
    }
    content
}

/// The resources in a text of YAML or JSON, and what is wrong with the rest, as `fleet apply -f` finds them.
///
/// `file` is how mistakes name the text.
pub fn resources(file: &str, text: &str) -> (Vec<Resource>, Vec<String>) {
    let mut content = Content::default();
    content.text(file, text);
    let say = |mistake: Mistake| format!("{}: {}", mistake.place, mistake.message);
    (
        content.found.into_iter().map(|f| f.resource).collect(),
        content.mistakes.into_iter().map(say).collect(),
    )
}

fn files_of(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("yaml" | "yml" | "json")) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

impl Content {
    fn mistake(&mut self, place: &str, message: String) {
        self.mistakes.push(Mistake {
            place: place.to_owned(),
            message,
            hint: None,
        });
    }

    fn file(&mut self, path: &Path) {
        let place = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(text) => self.text(&place, &text),
            Err(error) => self.mistake(&place, format!("cannot be read: {error}")),
        }
    }

    /// Reads a stream of documents.
    pub(super) fn text(&mut self, file: &str, text: &str) {
        for document in fleet_yaml::split_documents(text) {
            let above = document.line - 1;
            let node = match fleet_yaml::parse(document.text) {
                Ok(Some(node)) => node,
                Ok(None) => continue,
                Err(error) => {
                    self.mistake(
                        &place(file, above + error.line, error.column),
                        error.message,
                    );
                    continue;
                }
            };
            match node.to_value(Schema::V2, Duplicates::Refuse) {
                Ok(Value::Null) => {}
                Ok(value) => self.document(file, above, &node, value),
                Err(error) => {
                    self.mistake(
                        &place(file, above + error.line, error.column),
                        error.message,
                    );
                }
            }
        }
    }

    fn document(&mut self, file: &str, above: u32, node: &Node, value: Value) {
        let is_list = value["kind"].as_str().is_some_and(|kind| kind == "List");
        if is_list
            && let (Some(Value::Array(items)), Some(node)) = (value.get("items"), node.get("items"))
        {
            if let Kind::Sequence(nodes) = &node.kind {
                for (item, node) in items.iter().zip(nodes) {
                    self.document(file, above, node.target(), item.clone());
                }
            }
            return;
        }
        match resource(value) {
            Ok(resource) => self.found.push(Found {
                resource,
                place: place(file, above + node.line, 0),
            }),
            Err(wrong) => {
                let at = wrong.find_in(node);
                self.mistakes.push(Mistake {
                    place: place(file, above + at.line, at.column),
                    message: wrong.message,
                    hint: wrong.hint,
                });
            }
        }
    }
}

/// What is wrong with a document, and the way from its top to the wrong part.
#[derive(Debug)]
struct Wrong {
    path: Vec<Step>,
    message: String,
    hint: Option<String>,
}

#[derive(Debug)]
enum Step {
    Key(String),
    Item(usize),
}

fn resource(value: Value) -> Result<Resource, Wrong> {
    let wrong = |message: &str| Wrong {
        path: Vec::new(),
        message: message.to_owned(),
        hint: Some("`fleet apply` takes GitRepo, Cluster and ClusterGroup".to_owned()),
    };
    let Value::Object(mut map) = value else {
        return Err(wrong("the document is not a resource"));
    };
    let kind = match map.remove("kind") {
        Some(Value::String(kind)) => kind,
        _ => return Err(wrong("`kind` is missing")),
    };
    map.remove("status");
    if let Some(Value::Object(metadata)) = map.get_mut("metadata") {
        for key in OF_SERVERS {
            metadata.remove(key);
        }
    }
    match kind.as_str() {
        "GitRepo" => typed(map).map(Resource::GitRepo),
        "Cluster" => typed(map).map(Resource::Cluster),
        "ClusterGroup" => typed(map).map(Resource::ClusterGroup),
        other => Err(Wrong {
            path: vec![Step::Key("kind".to_owned())],
            ..wrong(&format!("kind `{other}` is not known here"))
        }),
    }
}

fn typed<T: DeserializeOwned>(map: Map<String, Value>) -> Result<T, Wrong> {
    serde_path_to_error::deserialize(Value::Object(map)).map_err(|error| {
        use serde_path_to_error::Segment;
        let mut path: Vec<Step> = error
            .path()
            .iter()
            .filter_map(|segment| match segment {
                Segment::Seq { index } => Some(Step::Item(*index)),
                Segment::Map { key } => Some(Step::Key(key.clone())),
                Segment::Enum { variant } => Some(Step::Key(variant.clone())),
                Segment::Unknown => None,
            })
            .collect();
        let text = error.inner().to_string();
        let (message, hint) = explain(&text, &mut path);
        Wrong {
            path,
            message,
            hint,
        }
    })
}

/// serde's message in a person's words.
fn explain(text: &str, path: &mut Vec<Step>) -> (String, Option<String>) {
    let quoted: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let parent = |path: &[Step]| {
        let keys = path.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(_) => None,
        });
        keys.collect::<Vec<_>>().join(".")
    };
    if text.starts_with("unknown field")
        && let Some((field, known)) = quoted.split_first()
    {
        // The path ends with the unknown field itself.
        if !matches!(path.last(), Some(Step::Key(last)) if last == field) {
            path.push(Step::Key((*field).to_owned()));
        }
        let whole = parent(path);
        let near = known
            .iter()
            .map(|known| (distance(field, known), *known))
            .min()
            .filter(|(distance, _)| *distance <= 3);
        let hint = match near {
            Some((_, known)) => format!("did you mean `{known}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        return (format!("`{whole}` is not a known field"), Some(hint));
    }
    let whole = parent(path);
    if text.starts_with("missing field")
        && let Some(field) = quoted.first()
    {
        let dot = if whole.is_empty() { "" } else { "." };
        return (format!("`{whole}{dot}{field}` is missing"), None);
    }
    if whole.is_empty() {
        return (text.to_owned(), None);
    }
    (format!("`{whole}`: {text}"), None)
}

impl Wrong {
    /// The node that is wrong, or the deepest one on the way to it.
    fn find_in<'a>(&self, node: &'a Node) -> &'a Node {
        let mut at = node;
        for step in &self.path {
            let next = match (step, &at.target().kind) {
                (Step::Key(key), Kind::Mapping(pairs)) => {
                    let pair = pairs
                        .iter()
                        .rev()
                        .find(|(name, _)| name.as_str() == Some(key));
                    // An unknown key has no meaning beyond itself; a known one is where its value stands.
                    pair.map(|(name, value)| match &value.target().kind {
                        Kind::Scalar(_) | Kind::Alias(_) => name,
                        _ => value,
                    })
                }
                (Step::Item(n), Kind::Sequence(nodes)) => nodes.get(*n),
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }
}

fn place(file: &str, line: u32, column: u32) -> String {
    match (line, column) {
        (0, _) => file.to_owned(),
        (line, 0) => format!("{file}:{line}"),
        (line, column) => format!("{file}:{line}:{column}"),
    }
}

/// How many letters must be changed, added or removed to make one word from the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> Content {
        let mut content = Content::default();
        content.text("f.yaml", text);
        content
    }

    #[test]
    fn all_documents_of_a_stream_are_read() {
        let text = "\
# clusters
kind: Cluster
apiVersion: fleet.cattle.io/v1alpha1
metadata: {name: a, uid: x, creationTimestamp: null}
status: {anything: 1}
---
---
kind: List
apiVersion: v1
items:
- kind: ClusterGroup
  metadata: {name: default}
  spec: {selector: {matchLabels: {env: dev}}}
- kind: GitRepo
  metadata: {name: shop}
  spec: {repo: https://git.example.org/shop}
";
        let content = content(text);
        assert_eq!(content.mistakes, []);
        let places: Vec<_> = content.found.iter().map(|f| f.place.as_str()).collect();
        assert_eq!(places, ["f.yaml:2", "f.yaml:11", "f.yaml:14"]);
    }

    #[test]
    fn mistakes_have_a_place_and_a_way_out() {
        let check = |text: &str, expected: &str| {
            let content = content(text);
            let [mistake] = content.mistakes.as_slice() else {
                panic!("{content:?}")
            };
            let hint = mistake.hint.as_deref().unwrap_or("-");
            let shown = format!("{}: {} ({hint})", mistake.place, mistake.message);
            assert_eq!(shown, expected);
        };
        check(
            "kind: Cluster\nmetadata: {name: a}\n---\nkind: GitRepo\nmetadata:\n  name: b\nspec:\n  repo: x\n  brunch: main\n",
            "f.yaml:9:3: `spec.brunch` is not a known field (did you mean `branch`?)",
        );
        check(
            "kind: GitRepo\nmetadata: {name: b}\nspec:\n  repo: x\n  paths: one\n",
            "f.yaml:5:3: `spec.paths`: invalid type: string \"one\", expected a sequence (-)",
        );
        check(
            "kind: GitRepo\nmetadata:\n  name: UPPER\n",
            "f.yaml:3:3: `metadata.name`: `UPPER` is not a valid GitRepo name: it must consist of lower-case letters, digits, `-` and `.`, and start and end with a letter or digit (-)",
        );
        check(
            "kind: GitRepo\nmetadata:\n  labels: {}\n",
            "f.yaml:3:3: `metadata.name` is missing (-)",
        );
        check(
            "a: 1\n",
            "f.yaml:1:1: `kind` is missing (`fleet apply` takes GitRepo, Cluster and ClusterGroup)",
        );
        check(
            "\n\nkind: HelmOp\n",
            "f.yaml:3:1: kind `HelmOp` is not known here (`fleet apply` takes GitRepo, Cluster and ClusterGroup)",
        );
        let broken = content("kind: [\n").mistakes;
        assert_eq!(broken.len(), 1);
        assert!(broken[0].place.starts_with("f.yaml:"), "{broken:?}");
    }

    #[test]
    fn a_folder_is_read_in_the_order_of_its_names() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("b.yml", "kind: Cluster\nmetadata: {name: b}\n"),
            (
                "a.json",
                r#"{"kind": "Cluster", "metadata": {"name": "a"}}"#,
            ),
            ("README.md", "# no\n"),
        ] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let names: Vec<_> = read(dir.path())
            .found
            .into_iter()
            .map(|found| match found.resource {
                Resource::Cluster(cluster) => cluster.metadata.name.to_string(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(read(&dir.path().join("none")).mistakes.len(), 1);
    }
}
