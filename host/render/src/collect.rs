//! From what renderers returned to the objects of a bundle.

use std::collections::BTreeMap;

use fleet_core::bundle::{Bundle, Origin};
use fleet_core::diagnostic::Location;
use fleet_core::object::Object;
use fleet_core::problem::{Problem, Reason};
use fleet_core::rendered::{Manifest, Rendered};
use fleet_yaml::Duplicates;
use serde_json::Value;

/// A bundle that was collected, where its objects come from, and what could not be used.
#[derive(Clone, Debug)]
pub struct Collected {
    /// The bundle.
    pub bundle: Bundle,
    /// The file of each object.
    pub files: BTreeMap<String, Location>,
    /// Documents that are no objects; with any of these the bundle must not be applied.
    pub problems: Vec<Problem>,
}

impl Collected {
    /// Where the bundle comes from.
    pub fn origin(&self, commit: &str, path: &str) -> Origin {
        Origin {
            commit: commit.to_owned(),
            path: path.to_owned(),
            files: self.files.clone(),
        }
    }
}

/// Parses the manifests, takes `List`s apart, and puts the objects into one bundle in the given order.
///
/// Empty documents are dropped. A document that is no object becomes a problem with its file.
pub fn collect(manifests: Vec<Rendered>) -> Collected {
    let mut objects = Vec::new();
    let mut files = BTreeMap::new();
    let mut problems = Vec::new();
    for Rendered { manifest, origin } in manifests {
        let documents = match manifest {
            Manifest::Json(value) => Ok(vec![(1, value)]),
            // A file of definitions is one manifest and may hold several documents.
            Manifest::Yaml(text) => fleet_yaml::documents(&text, Duplicates::LastWins),
        };
        match documents {
            Ok(documents) => {
                for (line, value) in documents {
                    let origin = origin.as_ref().map(|origin| below(origin, line));
                    take(
                        value,
                        origin.as_ref(),
                        &mut objects,
                        &mut files,
                        &mut problems,
                    );
                }
            }
            Err(error) => {
                let message = format!("a rendered document is not YAML: {}", error.message);
                problems.push(Problem::new(Reason::ObjectInvalid, message).at(origin));
            }
        }
    }
    Collected {
        bundle: Bundle::new(objects),
        files,
        problems,
    }
}

/// The place of a later document of the same text; where the first line is unknown, so is this one.
fn below(origin: &Location, line: u32) -> Location {
    let mut origin = origin.clone();
    if origin.line > 0 {
        origin.line = origin.line.saturating_add(line.saturating_sub(1));
    }
    origin
}

fn take(
    value: Value,
    origin: Option<&Location>,
    objects: &mut Vec<Object>,
    files: &mut BTreeMap<String, Location>,
    problems: &mut Vec<Problem>,
) {
    if value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty) {
        return;
    }
    let is_list = value["apiVersion"] == "v1" && value["kind"] == "List";
    if is_list && let Some(items) = value["items"].as_array() {
        for item in items {
            take(item.clone(), origin, objects, files, problems);
        }
        return;
    }
    match Object::parse(value) {
        Ok(object) => {
            if let Some(origin) = origin {
                files.insert(object.reference().to_string(), origin.clone());
            }
            objects.push(object);
        }
        Err(error) => {
            let message = format!("a rendered document is not a Kubernetes object: {error}");
            problems.push(Problem::new(Reason::ObjectInvalid, message).at(origin.cloned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yaml(text: &str) -> Rendered {
        let origin = Some(Location {
            file: "a.yaml".to_owned(),
            line: 3,
            column: 0,
        });
        Rendered {
            manifest: Manifest::Yaml(text.to_owned()),
            origin,
        }
    }

    #[test]
    fn lists_are_taken_apart_and_empty_documents_dropped() {
        let collected = collect(vec![
            yaml("# nothing\n"),
            yaml(
                "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n- {apiVersion: v1, kind: Secret, metadata: {name: b}}\n",
            ),
        ]);
        let names: Vec<_> = collected
            .bundle
            .objects()
            .iter()
            .map(Object::name)
            .collect();
        assert_eq!(names, ["a", "b"]);
        assert_eq!(collected.files["Secret/a"].line, 3);
        assert_eq!(collected.problems, []);
    }

    #[test]
    fn a_manifest_may_be_a_stream_of_documents() {
        let secret =
            |name: &str| format!("apiVersion: v1\nkind: Secret\nmetadata: {{name: {name}}}\n");
        let text = format!("---\n{}---\n# nothing\n---\n{}", secret("a"), secret("b"));
        let collected = collect(vec![yaml(&text)]);
        let names: Vec<_> = collected
            .bundle
            .objects()
            .iter()
            .map(Object::name)
            .collect();
        assert_eq!(names, ["a", "b"]);
        assert!(collected.files["Secret/b"].line > collected.files["Secret/a"].line);
    }

    #[test]
    fn what_is_no_object_is_a_problem_with_its_file() {
        let collected = collect(vec![yaml("kind: Secret\n"), yaml("a: [\n")]);
        let reasons: Vec<_> = collected
            .problems
            .iter()
            .map(|p| (p.reason, p.location.is_some()))
            .collect();
        assert_eq!(
            reasons,
            [(Reason::ObjectInvalid, true), (Reason::ObjectInvalid, true)]
        );
    }
}
