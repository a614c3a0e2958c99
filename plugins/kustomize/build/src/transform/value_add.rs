//! The ValueAddTransformer: a value put into fields, or as a part into file paths.

use serde::Deserialize;

use super::{about, set_scalar};
use crate::error::{Error, Result};
use crate::field::{WrongKind, text};
use crate::fieldspec;
use crate::node::Node;
use crate::resmap::ResMap;
use crate::schema::Schema;
use crate::selector::{Matcher, Selector};
use crate::transform::namespace::{Namespace, Subjects};

/// The configuration of a ValueAddTransformer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Config {
    /// The value; the name of the folder if empty.
    pub value: String,
    /// What gets it.
    pub targets: Vec<Target>,
    /// A file with further targets.
    pub target_file_path: String,
}

/// Fields of some objects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Target {
    /// The objects; all if there is none.
    pub selector: Option<Selector>,
    /// The field, with slashes.
    pub field_path: String,
    /// Where in a file path the value goes, 1-based; 0 replaces the field.
    pub file_path_position: i64,
}

/// Adds a value.
#[derive(Clone, Debug)]
pub(crate) struct ValueAdd {
    value: String,
    targets: Vec<(Option<Matcher>, Target)>,
}

impl ValueAdd {
    /// A value for fields.
    ///
    /// # Errors
    /// If there are no targets, or one has no field.
    pub(crate) fn new(value: String, targets: Vec<Target>) -> Result<Self> {
        let invalid = |message: String| Err(Error::new("kustomize/invalid", message));
        if targets.is_empty() {
            return invalid("must specify at least one target".to_owned());
        }
        let mut compiled = Vec::with_capacity(targets.len());
        for target in targets {
            if target.field_path.is_empty() {
                return invalid("fieldPath cannot be empty".to_owned());
            }
            if target.file_path_position < 0 {
                return invalid(format!(
                    "value of FilePathPosition ({}) cannot be negative",
                    target.file_path_position
                ));
            }
            let matcher = match &target.selector {
                None => None,
                Some(selector) => Some(
                    selector
                        .compile()
                        .map_err(|error| Error::new("kustomize/invalid", error))?,
                ),
            };
            compiled.push((matcher, target));
        }
        Ok(Self {
            value,
            targets: compiled,
        })
    }

    /// Changes the objects.
    ///
    /// # Errors
    /// If a field is there and holds no scalar.
    pub(crate) fn apply(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        for (matcher, target) in &self.targets {
            for item in map.items_mut() {
                if matcher
                    .as_ref()
                    .is_some_and(|matcher| !matcher.matches(item))
                {
                    continue;
                }
                let changed = if target.field_path == "metadata/namespace" {
                    let namespace = Namespace {
                        namespace: self.value.clone(),
                        specs: [].into(),
                        unset_only: false,
                        subjects: Subjects::Default,
                    };
                    namespace.change(item)
                } else {
                    self.change(&mut item.node, target)
                };
                changed.map_err(|error| about(item, error))?;
                item.refresh(schema);
            }
        }
        Ok(())
    }

    fn change(
        &self,
        node: &mut Node,
        target: &Target,
    ) -> std::result::Result<(), fieldspec::Error> {
        let parts = parts(&target.field_path);
        let Some((last, path)) = parts.split_last() else {
            return Ok(());
        };
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let wrong = WrongKind::new("MappingNode", node);
        let mapping = node.mapping_at(&path).ok_or(wrong)?;
        let field = mapping.entry(last, || Node::plain(""));
        let position = usize::try_from(target.file_path_position).unwrap_or(0);
        let value = match position {
            0 => self.value.clone(),
            position => insert_path_part(text(field), position - 1, &self.value),
        };
        set_scalar(field, value)
    }
}

/// The parts of a path with slashes; `\/` is a slash within a part.
fn parts(path: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match parts.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push('/');
                last.push_str(part);
            }
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

/// A file path with one more part; an absolute one stays absolute.
fn insert_path_part(path: &str, position: usize, part: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert(position.min(parts.len()), part);
    let joined = parts.join("/");
    if absolute {
        format!("/{joined}")
    } else {
        joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of kustomize's `api/filters/valueadd/valueadd.go`.
    #[test]
    fn a_part_goes_into_a_file_path() {
        for (path, position, expected) in [
            ("", 1, "PEACH"),
            ("/", 5, "/PEACH"),
            ("pie", 1, "PEACH/pie"),
            ("/pie", 1, "/PEACH/pie"),
            ("raw", 2, "raw/PEACH"),
            ("/raw", 9, "/raw/PEACH"),
            ("a/nice/warm/pie", 4, "a/nice/warm/PEACH/pie"),
            ("/a/nice/warm/pie", 4, "/a/nice/warm/PEACH/pie"),
        ] {
            assert_eq!(insert_path_part(path, position - 1, "PEACH"), expected);
        }
    }
}
