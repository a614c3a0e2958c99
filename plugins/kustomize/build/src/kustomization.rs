//! The kustomization file: its fields, how it is read, and what is put right in it.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::fieldspec::FieldSpec;
use crate::helm::{HelmChart, HelmChartArgs, HelmGlobals};
use crate::replacements::Replacement;
use crate::selector::Selector;

mod file;

pub use file::File;

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

#[cfg(test)]
mod tests {
    use super::*;

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
