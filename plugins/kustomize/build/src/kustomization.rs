//! The kustomization file: its fields, how it is read, and what is put right in it.

use std::collections::BTreeMap;

use fleet_yaml::{Duplicates, Schema};
use serde::Deserialize;
use serde_json::Value;

use crate::decode::{self, DecodeError, Unknown};
use crate::error::{Error, Result};
use crate::fieldspec::FieldSpec;
use crate::helm::{self, HelmChart, HelmChartArgs, HelmGlobals};
use crate::replacements::Replacement;
use crate::selector::Selector;

/// The names that a kustomization file may have.
pub const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

const VERSION: &str = "kustomize.config.k8s.io/v1beta1";
const COMPONENT_VERSION: &str = "kustomize.config.k8s.io/v1alpha1";

/// The kind of a kustomization that takes part in its parent's build.
pub const COMPONENT: &str = "Component";

/// A kustomization file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Kustomization {
    /// `Kustomization` or `Component`.
    pub kind: String,
    /// `kustomize.config.k8s.io/v1beta1`, or `v1alpha1` for components.
    pub api_version: String,
    /// Read and not used.
    pub metadata: Option<ObjectMeta>,
    /// Which types to merge by: `path` of a file or `version` of the built-in ones.
    pub openapi: BTreeMap<String, String>,
    /// Put in front of all names.
    pub name_prefix: String,
    /// Put behind all names.
    pub name_suffix: String,
    /// The namespace of all objects.
    pub namespace: String,
    /// Labels of all objects and their selectors.
    pub common_labels: Option<BTreeMap<String, String>>,
    /// Labels of all objects.
    pub labels: Vec<Label>,
    /// Annotations of all objects.
    pub common_annotations: BTreeMap<String, String>,
    /// Strategic merge patches: files or their text.
    pub patches_strategic_merge: Option<Vec<String>>,
    /// JSON 6902 patches.
    #[serde(rename = "patchesJson6902")]
    pub patches_json6902: Option<Vec<Patch>>,
    /// Patches of either form.
    pub patches: Vec<Patch>,
    /// New names, tags and digests of images.
    pub images: Vec<Image>,
    /// The older name of `images`.
    pub image_tags: Option<Vec<Image>>,
    /// Values copied from one object into others.
    pub replacements: Vec<Replacement>,
    /// Numbers of replicas.
    pub replicas: Vec<Replica>,
    /// Values put in place of `$(NAME)`.
    pub vars: Option<Vec<Var>>,
    /// The order of the output.
    pub sort_options: Option<SortOptions>,
    /// Files and folders with objects.
    pub resources: Vec<String>,
    /// Folders with components.
    pub components: Vec<String>,
    /// Files with OpenAPI definitions of custom resources.
    pub crds: Vec<String>,
    /// The older name of `resources` that are folders.
    pub bases: Option<Vec<String>>,
    /// ConfigMaps to make.
    pub config_map_generator: Vec<GeneratorArgs>,
    /// Secrets to make.
    pub secret_generator: Vec<GeneratorArgs>,
    /// Settings for all charts.
    pub helm_globals: Option<HelmGlobals>,
    /// Charts to inflate.
    pub helm_charts: Vec<HelmChart>,
    /// The older name of `helmCharts`.
    pub helm_chart_inflation_generator: Vec<HelmChartArgs>,
    /// Settings for all generators.
    pub generator_options: Option<GeneratorOptions>,
    /// Files that say which fields hold names, labels, images and so on.
    pub configurations: Vec<String>,
    /// Generators as files, folders or text.
    pub generators: Vec<String>,
    /// Transformers as files, folders or text.
    pub transformers: Vec<String>,
    /// Validators as files, folders or text.
    pub validators: Vec<String>,
    /// Which facts about the build are written into the objects.
    pub build_metadata: Vec<String>,
}

/// `metadata` of a kustomization or of a transformer's configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ObjectMeta {
    /// Name.
    pub name: String,
    /// Namespace.
    pub namespace: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
}

/// One entry of `labels`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Label {
    /// The labels.
    pub pairs: BTreeMap<String, String>,
    /// Whether selectors get them too.
    pub include_selectors: bool,
    /// Whether templates get them too.
    pub include_templates: bool,
    /// Further fields that get them.
    pub fields: Vec<FieldSpec>,
}

/// One entry of `patches`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Patch {
    /// A file with the patch.
    pub path: String,
    /// The text of the patch.
    pub patch: String,
    /// What is patched.
    pub target: Option<Selector>,
    /// `allowNameChange` and `allowKindChange`.
    pub options: BTreeMap<String, bool>,
}

/// One entry of `images`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Image {
    /// Name without a tag; a pattern.
    pub name: String,
    /// The new name.
    pub new_name: String,
    /// Put behind the tag that is there.
    pub tag_suffix: String,
    /// The new tag.
    pub new_tag: String,
    /// The new digest.
    pub digest: String,
}

/// One entry of `replicas`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Replica {
    /// Name of the object.
    pub name: String,
    /// How many replicas.
    pub count: i64,
}

/// One entry of `vars`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Var {
    /// Its name, as in `$(NAME)`.
    pub name: String,
    /// The object with the value.
    pub objref: ObjRef,
    /// The field with the value.
    pub fieldref: FieldRef,
}

/// The object of a [`Var`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjRef {
    /// `apiVersion`; goes before `group` and `version`.
    pub api_version: String,
    /// API group.
    pub group: String,
    /// Version.
    pub version: String,
    /// Kind.
    pub kind: String,
    /// Name as in the manifest.
    pub name: String,
    /// Namespace.
    pub namespace: String,
}

/// The field of a [`Var`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FieldRef {
    /// Path with dots.
    pub field_path: String,
}

/// `sortOptions`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SortOptions {
    /// `legacy` or `fifo`.
    pub order: String,
    /// What goes first and last in the legacy order.
    pub legacy_sort_options: Option<LegacySortOptions>,
}

/// `sortOptions.legacySortOptions`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LegacySortOptions {
    /// Kinds that go first.
    pub order_first: Vec<String>,
    /// Kinds that go last.
    pub order_last: Vec<String>,
}

/// One entry of `configMapGenerator` or `secretGenerator`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GeneratorArgs {
    /// Namespace.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// `create`, `replace` or `merge`.
    pub behavior: String,
    /// `key=value`
    pub literals: Vec<String>,
    /// `path` or `key=path`
    pub files: Vec<String>,
    /// Files with a `key=value` on each line.
    pub envs: Vec<String>,
    /// One such file.
    pub env: String,
    /// Settings for this one.
    pub options: Option<GeneratorOptions>,
    /// Type of a Secret.
    pub r#type: String,
}

/// `generatorOptions`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GeneratorOptions {
    /// Labels of what is made.
    pub labels: BTreeMap<String, String>,
    /// Annotations of what is made.
    pub annotations: BTreeMap<String, String>,
    /// No hash in names.
    pub disable_name_suffix_hash: bool,
    /// What is made cannot be changed.
    pub immutable: bool,
}

impl GeneratorOptions {
    /// The options of one generator, completed by those for all.
    pub fn merged(local: Option<&Self>, global: Option<&Self>) -> Option<Self> {
        let Some(global) = global else {
            return local.cloned();
        };
        let mut merged = local.cloned().unwrap_or_default();
        for (into, from) in [
            (&mut merged.labels, &global.labels),
            (&mut merged.annotations, &global.annotations),
        ] {
            for (key, value) in from {
                into.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        merged.disable_name_suffix_hash |= global.disable_name_suffix_hash;
        merged.immutable |= global.immutable;
        Some(merged)
    }
}

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

    #[test]
    fn options_of_one_generator_go_before_those_of_all() {
        let options = |labels: &[(&str, &str)], immutable| GeneratorOptions {
            labels: labels
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            immutable,
            ..GeneratorOptions::default()
        };
        let merged = GeneratorOptions::merged(
            Some(&options(&[("a", "local")], true)),
            Some(&options(&[("a", "global"), ("b", "global")], false)),
        );
        assert_eq!(
            merged,
            Some(options(&[("a", "local"), ("b", "global")], true))
        );
    }
}
