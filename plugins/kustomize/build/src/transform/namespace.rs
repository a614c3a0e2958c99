//! `namespace`

use std::rc::Rc;

use serde::Deserialize;

use super::about;
use crate::error::{Error, Result};
use crate::field::{WrongKind, set_over, text};
use crate::fieldspec::{self, Create, FieldSpec};
use crate::node::{Node, Tag};
use crate::resmap::ResMap;
use crate::resource::Resource;
use crate::schema::Schema;

/// Puts all objects into a namespace.
#[derive(Clone, Debug)]
pub(crate) struct Namespace {
    /// The namespace.
    pub namespace: String,
    /// Further fields that hold namespaces.
    pub specs: Rc<[FieldSpec]>,
    /// Leaves fields alone that say something.
    pub unset_only: bool,
    /// Which subjects of role bindings get it.
    pub subjects: Subjects,
}

/// Which subjects of role bindings get a namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subjects {
    /// Those named `default`.
    #[default]
    Default,
    /// All ServiceAccounts.
    AllServiceAccounts,
    /// None.
    None,
}

/// The configuration of a NamespaceTransformer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Config {
    /// Its namespace is the one that is set.
    pub metadata: crate::kustomization::ObjectMeta,
    /// Fields that hold namespaces.
    pub field_specs: Vec<FieldSpec>,
    /// Leaves fields alone that say something.
    pub unset_only: bool,
    /// `defaultOnly`, `allServiceAccounts` or `none`.
    pub set_role_binding_subjects: String,
}

impl Subjects {
    /// From its word; an empty one is the default.
    ///
    /// # Errors
    /// If the word means nothing.
    pub(crate) fn parse(word: &str) -> Result<Self> {
        match word {
            "" | "defaultOnly" => Ok(Self::Default),
            "allServiceAccounts" => Ok(Self::AllServiceAccounts),
            "none" => Ok(Self::None),
            word => Err(Error::new(
                "kustomize/invalid",
                format!(
                    "invalid value \"{word}\" for setRoleBindingSubjects: must be one of \"defaultOnly\", \"none\" or \"allServiceAccounts\""
                ),
            )),
        }
    }
}

impl Namespace {
    /// Changes the objects.
    ///
    /// # Errors
    /// If a field holds no scalar, or two objects get the same id.
    pub(crate) fn apply(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        if self.namespace.is_empty() {
            return Ok(());
        }
        for item in map.items_mut() {
            if item.node.is_empty() {
                continue;
            }
            item.remember();
            self.change(item).map_err(|error| about(item, error))?;
            item.refresh(schema);
        }
        map.check_ids("namespace transformation produces ID conflict")
    }

    pub(super) fn change(&self, item: &mut Resource) -> std::result::Result<(), fieldspec::Error> {
        let gvk = item.gvk().clone();
        let mut set = |node: &mut Node| self.set(node);
        if !item.is_cluster_scoped() {
            let spec = FieldSpec::new("metadata/namespace", true);
            let create = Create::Scalar(Tag::None);
            fieldspec::apply(&spec, &gvk, &mut item.node, &create, &mut set)?;
        }
        let binding = matches!(gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if binding {
            self.change_subjects(&mut item.node)?;
        }
        let version_one = item.api_version() == "v1";
        for spec in self.specs.iter() {
            let handled = spec.path == "metadata/namespace"
                || (spec.path == "metadata/name" && !version_one)
                || (binding
                    && spec.path == "subjects/namespace"
                    && matches!(spec.kind.as_str(), "RoleBinding" | "ClusterRoleBinding"));
            if !handled {
                let create = Create::Scalar(Tag::Str);
                fieldspec::apply(spec, &gvk, &mut item.node, &create, &mut set)?;
            }
        }
        Ok(())
    }

    fn change_subjects(&self, node: &mut Node) -> std::result::Result<(), fieldspec::Error> {
        let (key, wanted) = match self.subjects {
            Subjects::None => return Ok(()),
            Subjects::Default => ("name", "default"),
            Subjects::AllServiceAccounts => ("kind", "ServiceAccount"),
        };
        let subjects = match node.get_mut("subjects") {
            None => return Ok(()),
            Some(subjects) if subjects.is_null() => return Ok(()),
            Some(Node::Sequence(subjects)) => subjects,
            Some(other) => return Err(WrongKind::new("SequenceNode", other).into()),
        };
        for subject in subjects {
            if WrongKind::unless_mapping(subject)?.is_none()
                || subject.text_at(&[key]) != Some(wanted)
            {
                continue;
            }
            if let Some(mapping) = subject.as_mapping_mut() {
                self.set(mapping.entry("namespace", || Node::plain("")))?;
            }
        }
        Ok(())
    }

    fn set(&self, node: &mut Node) -> std::result::Result<(), fieldspec::Error> {
        if self.unset_only && !node.is_null() && !text(node).is_empty() {
            return Ok(());
        }
        if !matches!(node, Node::Scalar(_)) {
            return Err(WrongKind::new("ScalarNode", node).into());
        }
        set_over(node, Node::string(self.namespace.clone()));
        Ok(())
    }
}
