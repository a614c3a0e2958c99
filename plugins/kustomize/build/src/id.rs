//! How kustomize names objects: group, version, kind, name and namespace.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;

/// The namespace under which objects without one are compared.
pub const DEFAULT_NAMESPACE: &str = "default";

/// The namespace under which cluster-scoped objects are compared.
pub const NO_NAMESPACE: &str = "_non_namespaceable_";

/// Group, version and kind; in a selector an empty field matches anything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(default)]
pub struct Gvk {
    /// API group; empty for the core group.
    pub group: String,
    /// Version within the group.
    pub version: String,
    /// Kind.
    pub kind: String,
}

impl Gvk {
    /// From the `apiVersion` and `kind` of a manifest.
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = split_api_version(api_version);
        Self {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
        }
    }

    /// `group/version`, or only the version in the core group.
    pub fn api_version(&self) -> Cow<'_, str> {
        if self.group.is_empty() {
            Cow::Borrowed(&self.version)
        } else {
            Cow::Owned(format!("{}/{}", self.group, self.version))
        }
    }

    /// Whether the selector takes it; empty fields of the selector match anything.
    pub fn is_selected(&self, selector: &Gvk) -> bool {
        let matches = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        matches(&selector.kind, &self.kind)
            && matches(&selector.group, &self.group)
            && matches(&selector.version, &self.version)
    }
}

/// Splits `group/version`; the core group is empty.
pub fn split_api_version(api_version: &str) -> (&str, &str) {
    api_version.split_once('/').unwrap_or(("", api_version))
}

fn or<'a>(text: &'a str, other: &'a str) -> &'a str {
    if text.is_empty() { other } else { text }
}

impl fmt::Display for Gvk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{}.{}",
            or(&self.kind, "[noKind]"),
            or(&self.version, "[noVer]"),
            or(&self.group, "[noGrp]")
        )
    }
}

/// An object's full name, as it is or as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ResId {
    /// Group, version and kind.
    pub gvk: Gvk,
    /// Name.
    pub name: String,
    /// Namespace; may be empty.
    pub namespace: String,
    /// Whether the kind is known to live outside namespaces.
    pub cluster_scoped: bool,
}

impl ResId {
    /// The namespace by which ids are compared.
    pub fn effective_namespace(&self) -> &str {
        effective_namespace(&self.namespace, self.cluster_scoped)
    }

    /// Whether both name the same object: equal kinds, names and effective namespaces.
    pub fn same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.gvk == other.gvk
            && self.effective_namespace() == other.effective_namespace()
    }

    /// Whether the selector takes it; empty fields of the selector match anything.
    pub fn is_selected(&self, selector: &ResId) -> bool {
        (selector.name.is_empty() || selector.name == self.name)
            && (selector.namespace.is_empty()
                || selector.effective_namespace() == self.effective_namespace())
            && self.gvk.is_selected(&selector.gvk)
    }
}

/// The namespace by which objects are compared.
pub fn effective_namespace(namespace: &str, cluster_scoped: bool) -> &str {
    if cluster_scoped {
        NO_NAMESPACE
    } else {
        or(namespace, DEFAULT_NAMESPACE)
    }
}

impl fmt::Display for ResId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}.{}",
            self.gvk,
            or(&self.name, "[noName]"),
            or(&self.namespace, "[noNs]")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_print_as_in_kustomize() {
        let id = ResId {
            gvk: Gvk::new("apps/v1", "Deployment"),
            name: "web".to_owned(),
            ..ResId::default()
        };
        assert_eq!(id.to_string(), "Deployment.v1.apps/web.[noNs]");
        assert_eq!(
            ResId::default().to_string(),
            "[noKind].[noVer].[noGrp]/[noName].[noNs]"
        );
        assert_eq!(id.gvk.api_version(), "apps/v1");
        assert_eq!(Gvk::new("v1", "Service").api_version(), "v1");
    }

    #[test]
    fn no_namespace_and_default_are_the_same_for_namespaced_kinds() {
        let id = |namespace: &str, cluster_scoped| ResId {
            gvk: Gvk::new("v1", "Service"),
            name: "a".to_owned(),
            namespace: namespace.to_owned(),
            cluster_scoped,
        };
        assert!(id("", false).same(&id("default", false)));
        assert!(!id("", false).same(&id("x", false)));
        assert!(id("x", true).same(&id("y", true)));
    }

    #[test]
    fn empty_fields_of_a_selector_match_anything() {
        let gvk = Gvk::new("apps/v1", "Deployment");
        for (selector, expected) in [
            (Gvk::default(), true),
            (Gvk::new("", "Deployment"), true),
            (Gvk::new("apps/", ""), true),
            (Gvk::new("v1", "Deployment"), true),
            (Gvk::new("extensions/v1", "Deployment"), false),
        ] {
            assert_eq!(gvk.is_selected(&selector), expected, "{selector}");
        }
    }
}
