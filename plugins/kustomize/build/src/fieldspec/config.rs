//! Which fields each built-in transformer changes, and where names are referred to.

use std::rc::Rc;

use fleet_yaml::Duplicates;
use serde::Deserialize;

use super::{Error, FieldSpec, builtin};
use crate::decode::{self, Unknown};
use crate::id::Gvk;
use crate::order;

/// The fields of all built-in transformers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// Names that get the prefix.
    pub name_prefix: Vec<FieldSpec>,
    /// Names that get the suffix.
    pub name_suffix: Vec<FieldSpec>,
    /// Namespaces beside `metadata.namespace`.
    pub namespace: Vec<FieldSpec>,
    /// Labels and selectors, for `commonLabels`.
    pub common_labels: Vec<FieldSpec>,
    /// Labels, for `labels`.
    pub labels: Vec<FieldSpec>,
    /// Labels of objects and of their templates, for `labels` with `includeTemplates`.
    pub template_labels: Vec<FieldSpec>,
    /// Annotations.
    pub common_annotations: Vec<FieldSpec>,
    /// Names of other objects.
    pub name_reference: Vec<NameReference>,
    /// Fields in which vars are put in.
    pub var_reference: Vec<FieldSpec>,
    /// Images.
    pub images: Vec<FieldSpec>,
    /// Numbers of replicas.
    pub replicas: Vec<FieldSpec>,
}

/// The fields that refer to objects of a kind by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NameReference {
    /// API group of what is referred to; empty for any.
    pub group: String,
    /// Version of what is referred to; empty for any.
    pub version: String,
    /// Kind of what is referred to.
    pub kind: String,
    /// The fields that refer.
    pub field_specs: Vec<FieldSpec>,
}

impl NameReference {
    /// Group, version and kind of what is referred to.
    pub fn gvk(&self) -> Gvk {
        Gvk {
            group: self.group.clone(),
            version: self.version.clone(),
            kind: self.kind.clone(),
        }
    }
}

thread_local! {
    static BUILTIN: Rc<Config> = Rc::new(sorted(builtin::config()));
    static SETTLED: Rc<Config> = Rc::new(
        Config::default()
            .merge(&Config::builtin())
            .expect("the built-in fields do not contradict each other"),
    );
}

/// The fields that are in force; those of Kubernetes' own kinds are made when they are first looked at, because most
/// builds never do.
#[derive(Clone, Debug)]
pub(crate) enum InForce {
    /// Those of Kubernetes' own kinds.
    Builtin,
    /// The same, merged into none: in doing so kustomize drops those of any kind that come behind one of a single kind
    /// with the same path (`FsSlice.MergeOne`).
    Settled,
    /// Others as well.
    Own(Rc<Config>),
}

impl InForce {
    /// The fields.
    pub(crate) fn get(&self) -> Rc<Config> {
        match self {
            Self::Builtin => Config::builtin(),
            Self::Settled => SETTLED.with(Rc::clone),
            Self::Own(config) => Rc::clone(config),
        }
    }
}

impl Config {
    /// The fields of Kubernetes' own kinds.
    pub fn builtin() -> Rc<Self> {
        BUILTIN.with(Rc::clone)
    }

    /// Reads a file that `configurations` names.
    ///
    /// # Errors
    /// If it is no YAML, or has fields that are not known.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let value = fleet_yaml::from_str(text, Duplicates::Refuse)
            .map_err(|error| Error::Other(error.to_string()))?;
        let config = decode::from_value(&value, Unknown::Refuse)
            .map_err(|error| Error::Other(error.to_string()))?;
        Ok(sorted(config))
    }

    /// These fields and others; those that both have are kept once.
    ///
    /// # Errors
    /// If a field is made where it is missing by one, and not by the other.
    pub fn merge(&self, other: &Self) -> Result<Self, Error> {
        let mut config = self.clone();
        let merge = |list: &mut Vec<FieldSpec>, other: &[FieldSpec], name: &str| {
            merge_all(list, other).map_err(|error| failed(error, name))
        };
        merge(&mut config.name_prefix, &other.name_prefix, "NamePrefix")?;
        merge(&mut config.name_suffix, &other.name_suffix, "NameSuffix")?;
        merge(&mut config.namespace, &other.namespace, "NameSpace")?;
        merge(
            &mut config.common_annotations,
            &other.common_annotations,
            "CommonAnnotations",
        )?;
        merge(
            &mut config.common_labels,
            &other.common_labels,
            "CommonLabels",
        )?;
        merge(&mut config.labels, &other.labels, "Labels")?;
        merge(
            &mut config.template_labels,
            &other.template_labels,
            "TemplateLabels",
        )?;
        merge(
            &mut config.var_reference,
            &other.var_reference,
            "VarReference",
        )?;
        for reference in &other.name_reference {
            config
                .add_name_reference(reference.clone())
                .map_err(|error| failed(error, "NameReference"))?;
        }
        merge(&mut config.images, &other.images, "Images")?;
        merge(&mut config.replicas, &other.replicas, "Replicas")?;
        Ok(sorted(config))
    }

    /// Adds fields that refer to objects of a kind.
    ///
    /// # Errors
    /// As [`Config::merge`].
    pub fn add_name_reference(&mut self, reference: NameReference) -> Result<(), Error> {
        let same = |own: &&mut NameReference| {
            own.kind == reference.kind
                && own.group == reference.group
                && own.version == reference.version
        };
        match self.name_reference.iter_mut().find(same) {
            Some(own) => merge_all(&mut own.field_specs, &reference.field_specs),
            None => {
                self.name_reference.push(reference);
                Ok(())
            }
        }
    }
}

fn failed(error: Error, name: &str) -> Error {
    error.below(format_args!("failed to merge {name} fieldSpec"))
}

/// Adds fields to a list.
///
/// # Errors
/// As [`merge_one`].
pub fn merge_all(list: &mut Vec<FieldSpec>, other: &[FieldSpec]) -> Result<(), Error> {
    list.reserve(other.len());
    for spec in other {
        if is_new(list, spec)? {
            list.push(spec.clone());
        }
    }
    Ok(())
}

/// Adds a field to a list, if it is not there yet.
///
/// # Errors
/// If it is there, and is made where it is missing by one of them only.
pub fn merge_one(list: &mut Vec<FieldSpec>, spec: FieldSpec) -> Result<(), Error> {
    if is_new(list, &spec)? {
        list.push(spec);
    }
    Ok(())
}

/// Whether a field is not in a list yet.
fn is_new(list: &[FieldSpec], spec: &FieldSpec) -> Result<bool, Error> {
    let selected = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
    let same = |own: &&FieldSpec| {
        own.path == spec.path
            && selected(&spec.kind, &own.kind)
            && selected(&spec.group, &own.group)
            && selected(&spec.version, &own.version)
    };
    match list.iter().find(same) {
        Some(own) if own.create != spec.create => {
            Err(Error::Other("conflicting fieldspecs".to_owned()))
        }
        found => Ok(found.is_none()),
    }
}

/// In the order of the kinds. Where one name could be that of two objects, the first kind gets it.
fn sorted(mut config: Config) -> Config {
    for list in [
        &mut config.name_prefix,
        &mut config.name_suffix,
        &mut config.namespace,
        &mut config.common_labels,
        &mut config.labels,
        &mut config.template_labels,
        &mut config.common_annotations,
        &mut config.var_reference,
        &mut config.images,
        &mut config.replicas,
    ] {
        list.sort_by(|one, other| order::compare(&one.gvk(), &other.gvk()));
    }
    config
        .name_reference
        .sort_by(|one, other| order::compare(&one.gvk(), &other.gvk()));
    config
}
