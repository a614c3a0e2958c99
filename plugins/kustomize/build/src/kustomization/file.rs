//! A kustomization file: how it is read, what is put right in it, and where its fields stand.

use fleet_yaml::{Duplicates, Schema};
use serde_json::Value;

use super::{COMPONENT, COMPONENT_VERSION, Kustomization, VERSION};
use crate::decode::{self, DecodeError, Unknown};
use crate::error::{Error, Result};
use crate::helm::{self, HelmChart};

/// A kustomization file with its text's tree, for the places of errors.
#[derive(Clone, Debug)]
pub struct File {
    /// Path relative to the top of the repository.
    pub path: String,
    /// Name without the folder.
    pub name: String,
    /// What it says.
    pub kustomization: Kustomization,
    /// Deprecated fields that it uses, each with what to use instead.
    pub deprecated: Vec<(&'static str, &'static str)>,
    tree: Option<fleet_yaml::Node>,
}

impl File {
    /// Reads a kustomization file.
    ///
    /// # Errors
    /// If it is no YAML, has an unknown field or one of the wrong type, is empty, or is of another kind or version.
    pub fn read(path: &str, name: &str, text: &str) -> Result<Self> {
        let invalid = |error: &fleet_yaml::Error| {
            Error::new(
                "kustomize/invalid",
                format!("invalid Kustomization: {}", error.message),
            )
            .at(path, error.line, error.column)
        };
        let tree = fleet_yaml::parse(text).map_err(|error| invalid(&error))?;
        let value = match &tree {
            Some(tree) => tree
                .to_value(Schema::V2, Duplicates::LastWins)
                .map_err(|error| invalid(&error))?,
            None => Value::Null,
        };
        let decoded: std::result::Result<Kustomization, DecodeError> =
            decode::from_value(&value, Unknown::Refuse);
        let mut file = Self {
            path: path.to_owned(),
            name: name.to_owned(),
            kustomization: Kustomization::default(),
            deprecated: Vec::new(),
            tree,
        };
        match decoded {
            Ok(kustomization) => file.kustomization = kustomization,
            Err(error) => {
                let mut wrong = Error::new(
                    "kustomize/invalid",
                    format!("invalid Kustomization: {}", error.message),
                );
                if let Some(hint) = &error.hint {
                    wrong = wrong.hint(hint);
                }
                return Err(file.locate(wrong, &error.field()));
            }
        }
        let generators = &file.kustomization.config_map_generator;
        if let Some(index) = generators.iter().position(|args| !args.r#type.is_empty()) {
            let message = "invalid Kustomization: json: unknown field \"type\"";
            let field = format!("configMapGenerator[{index}].type");
            return Err(file.locate(Error::new("kustomize/invalid", message), &field));
        }
        file.deprecated = file.kustomization.deprecated();
        file.kustomization.fix();
        let empty = Kustomization {
            kind: file.kustomization.kind.clone(),
            api_version: file.kustomization.api_version.clone(),
            ..Kustomization::default()
        };
        if file.kustomization == empty && !has_collection(&value) {
            return Err(Error::new("kustomize/empty", format!("{name} is empty"))
                .at(path, 1, 1)
                .hint("list what is to be built under `resources`"));
        }
        file.check_kind()?;
        Ok(file)
    }

    fn check_kind(&self) -> Result<()> {
        let Kustomization {
            kind, api_version, ..
        } = &self.kustomization;
        let wrong = |field: &str, why: String| {
            Err(self.locate(Error::new("kustomize/invalid", why), field))
        };
        if kind != "Kustomization" && kind != COMPONENT {
            return wrong(
                "kind",
                format!("kind should be Kustomization or Component, not `{kind}`"),
            );
        }
        let wanted = if kind == COMPONENT {
            COMPONENT_VERSION
        } else {
            VERSION
        };
        if api_version != wanted {
            return wrong(
                "apiVersion",
                format!("apiVersion for {kind} should be {wanted}, not `{api_version}`"),
            );
        }
        Ok(())
    }

    /// The error at a field of this file, such as `patches[0].path`, unless it has a place already.
    pub fn locate(&self, error: Error, field: &str) -> Error {
        if error.has_place() {
            return error;
        }
        let error = error.field(field);
        let (line, column) = self.place(error.field_name().unwrap_or_default());
        error.at(&self.path, line, column)
    }

    /// Where a field stands; the nearest one around it, if it is not there itself.
    pub fn place(&self, field: &str) -> (u32, u32) {
        let Some(mut node) = self.tree.as_ref() else {
            return (0, 0);
        };
        let mut place = (node.line, node.column);
        for part in field.split(['.', '[', ']']).filter(|part| !part.is_empty()) {
            let found = match &node.target().kind {
                fleet_yaml::Kind::Sequence(items) => part
                    .parse::<usize>()
                    .ok()
                    .and_then(|index| items.get(index))
                    .map(|item| (item.line, item.column, item)),
                fleet_yaml::Kind::Mapping(pairs) => pairs
                    .iter()
                    .rev()
                    .find(|(key, _)| {
                        key.as_str()
                            .is_some_and(|key| key.eq_ignore_ascii_case(part))
                    })
                    .map(|(key, value)| (key.line, key.column, value)),
                _ => None,
            };
            let Some((line, column, next)) = found else {
                break;
            };
            place = (line, column);
            node = next;
        }
        place
    }
}

/// Whether a field is there that Go does not take for empty: a list or a map, even one without content.
fn has_collection(value: &Value) -> bool {
    // What stands in these is moved to other fields first.
    let moved = ["bases", "imageTags", "helmChartInflationGenerator"];
    value.as_object().is_some_and(|fields| {
        fields.iter().any(|(name, value)| {
            (value.is_array() || value.is_object())
                && !moved.iter().any(|moved| moved.eq_ignore_ascii_case(name))
        })
    })
}

impl Kustomization {
    fn deprecated(&self) -> Vec<(&'static str, &'static str)> {
        [
            (self.bases.is_some(), "bases", "resources"),
            (self.common_labels.is_some(), "commonLabels", "labels"),
            (self.image_tags.is_some(), "imageTags", "images"),
            (
                self.patches_json6902.is_some(),
                "patchesJson6902",
                "patches",
            ),
            (
                self.patches_strategic_merge.is_some(),
                "patchesStrategicMerge",
                "patches",
            ),
            (self.vars.is_some(), "vars", "replacements"),
        ]
        .into_iter()
        .filter_map(|(used, old, new)| used.then_some((old, new)))
        .collect()
    }

    /// Fills in what may be left out, and moves what older fields hold.
    fn fix(&mut self) {
        if self.kind.is_empty() {
            self.kind = "Kustomization".to_owned();
        }
        if self.api_version.is_empty() {
            self.api_version = match self.kind.as_str() {
                COMPONENT => COMPONENT_VERSION,
                _ => VERSION,
            }
            .to_owned();
        }
        self.resources.extend(self.bases.take().unwrap_or_default());
        self.images
            .extend(self.image_tags.take().unwrap_or_default());
        let generators = self
            .config_map_generator
            .iter_mut()
            .chain(&mut self.secret_generator);
        for args in generators {
            if !args.env.is_empty() {
                args.envs.push(std::mem::take(&mut args.env));
            }
        }
        let older = std::mem::take(&mut self.helm_chart_inflation_generator);
        if self.helm_globals.is_none() {
            self.helm_globals = helm::globals(&older);
        }
        self.helm_charts
            .extend(older.into_iter().map(HelmChart::from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<File> {
        File::read("app/kustomization.yaml", "kustomization.yaml", text)
    }

    #[test]
    fn older_fields_are_moved() {
        let file = read(
            "bases: [../base]\nresources: [a.yaml]\nimageTags: [{name: x}]\n\
             configMapGenerator: [{name: c, env: e.env, envs: [f.env]}]\n",
        )
        .unwrap();
        let k = &file.kustomization;
        assert_eq!(k.resources, ["a.yaml", "../base"]);
        assert_eq!(k.images[0].name, "x");
        assert_eq!(k.config_map_generator[0].envs, ["f.env", "e.env"]);
        assert_eq!(
            file.deprecated,
            [("bases", "resources"), ("imageTags", "images")]
        );
    }

    #[test]
    fn errors_say_where() {
        let check = |text: &str, line: u32, message: &str| {
            let error = read(text).unwrap_err();
            let diagnostic = fleet_core::diagnostic::Diagnostic::from(error);
            assert!(diagnostic.message.contains(message), "{diagnostic}");
            assert_eq!(diagnostic.location.unwrap().line, line, "{text}");
        };
        check(
            "resources: [a]\nresorces: [b]\n",
            2,
            "unknown field \"resorces\"",
        );
        check(
            "resources:\n- a\npatches:\n- paht: x\n",
            4,
            "patches[0].paht",
        );
        check("kind: Foo\nresources: [a]\n", 1, "kind should be");
        check(
            "apiVersion: v1\nresources: [a]\n",
            1,
            "apiVersion for Kustomization",
        );
        check("", 1, "is empty");
        check("namePrefix: ''\nbases: []\n", 1, "is empty");
        check("resources: [\n", 2, "invalid Kustomization");
        check("namePrefix: 5\n", 1, "cannot unmarshal number");
    }

    #[test]
    fn an_empty_list_is_not_nothing() {
        assert!(read("resources: []\n").is_ok());
    }
}
