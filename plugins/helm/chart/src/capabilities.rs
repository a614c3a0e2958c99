//! `.Capabilities`: what the target can do, as Helm 4.1.4 tells templates.

use std::any::Any;
use std::rc::Rc;

use fleet_core::facts::Facts;
use fleet_template::functions::{Call, Failure};
use fleet_template::value::{Kind, List, Method, Named, Object, Type, Value};

use crate::error::Error;

/// What Helm takes for served where it does not ask a cluster.
const BUILT_IN: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "autoscaling/v2beta1",
    "autoscaling/v2beta2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha1",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// A version of Kubernetes, as Helm reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KubeVersion {
    /// As it was given, with a leading `v`: `v1.33.4-gke.1245000`.
    pub(crate) version: String,
    /// Numbers only, for constraints: `v1.33.4`.
    pub(crate) normalized: String,
    major: String,
    minor: String,
}

impl KubeVersion {
    /// The version that the caller wants, else that of the target.
    pub(crate) fn of(wanted: Option<&str>, facts: &dyn Facts) -> Result<Self, Error> {
        match wanted {
            Some(version) => Self::parse(version),
            None => Self::parse(&facts.kube_version()),
        }
    }

    /// Reads a version; it needs a major and a minor number, and what follows the numbers is kept aside.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        let invalid = || Error::InvalidKubeVersion {
            version: text.to_owned(),
        };
        let bare = text.trim();
        let bare = bare.strip_prefix('v').unwrap_or(bare);
        let end = bare.find(|c: char| !c.is_ascii_digit() && c != '.');
        let numbers = bare[..end.unwrap_or(bare.len())].trim_end_matches('.');
        let parts: Vec<&str> = numbers.split('.').collect();
        let is_number = |part: &&str| part.parse::<u32>().is_ok();
        if parts.len() < 2
            || !parts.iter().all(is_number)
            || parts[0].len() > 1 && parts[0].starts_with('0')
        {
            return Err(invalid());
        }
        let plain = |part: &str| {
            part.parse::<u32>()
                .map(|n| n.to_string())
                .unwrap_or_default()
        };
        let normalized: Vec<_> = parts.iter().map(|part| plain(part)).collect();
        Ok(Self {
            version: if text.starts_with('v') {
                text.to_owned()
            } else {
                format!("v{text}")
            },
            major: normalized[0].clone(),
            minor: normalized[1].clone(),
            normalized: format!("v{}", normalized.join(".")),
        })
    }
}

impl Object for KubeVersion {
    fn type_name(&self) -> &str {
        "common.KubeVersion"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn text(&self) -> Option<String> {
        Some(self.normalized.clone())
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Version", self.version.as_str().into()),
            ("Major", self.major.as_str().into()),
            ("Minor", self.minor.as_str().into()),
        ]
    }

    fn methods(&self) -> &'static [Method] {
        static METHODS: &[Method] = &[
            Method::new("GitVersion", &[], |_, receiver, _| {
                Ok(version_of(receiver, |v| &v.version))
            }),
            Method::new("String", &[], |_, receiver, _| {
                Ok(version_of(receiver, |v| &v.normalized))
            }),
        ];
        METHODS
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn version_of(receiver: &Value, field: fn(&KubeVersion) -> &str) -> Value {
    let version = receiver.downcast::<KubeVersion>();
    version.map(field).unwrap_or_default().into()
}

/// What the target serves: what it says itself, else what Helm has built in; and what was added by hand.
#[derive(Clone)]
pub(crate) struct ApiVersions {
    facts: Rc<dyn Facts>,
    added: Rc<[String]>,
}

impl ApiVersions {
    /// The versions that the target's facts tell, with others.
    pub(crate) fn new(facts: Rc<dyn Facts>, added: &[String]) -> Self {
        Self {
            facts,
            added: added.into(),
        }
    }

    fn has(&self, api: &str) -> bool {
        if self.added.iter().any(|added| added == api) || self.facts.has_api(api) {
            return true;
        }
        // Every cluster that was asked serves `v1`; a target that does not was not asked.
        !self.facts.has_api("v1") && BUILT_IN.contains(&api)
    }

    fn all(&self) -> Vec<String> {
        let mut all = self.facts.api_versions();
        if all.is_empty() {
            all.extend(BUILT_IN.iter().map(|api| (*api).to_owned()));
        }
        all.extend(self.added.iter().cloned());
        all
    }

    /// All of them, for templates that look at the list itself.
    fn list(&self) -> Value {
        let items = self.all().into_iter().map(Value::from);
        Value::List(List::named(&VERSION_SET, Type::String, items.collect()))
    }
}

/// The name and methods of the list that templates get when they look at the list itself.
static VERSION_SET: Named = Named {
    name: "common.VersionSet",
    methods: &[Method::new("Has", &[Type::String], |_, receiver, args| {
        let items = receiver.as_list().map(List::items).unwrap_or_default();
        let has = args
            .first()
            .is_some_and(|api| items.iter().any(|item| item.deep_equal(api)));
        Ok(Value::Bool(has))
    })],
};

/// `.Capabilities.APIVersions` for templates that only call `.Has`: asks the target for nothing else.
impl Object for ApiVersions {
    fn type_name(&self) -> &str {
        VERSION_SET.name
    }

    fn kind(&self) -> Kind {
        Kind::Slice
    }

    fn methods(&self) -> &'static [Method] {
        static METHODS: &[Method] = &[Method::new("Has", &[Type::String], has)];
        METHODS
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn has(_: &mut Call<'_>, receiver: &Value, args: &[Value]) -> Result<Value, Failure> {
    let api = args.first().and_then(Value::as_text);
    let versions = receiver.downcast::<ApiVersions>();
    let has = versions
        .zip(api)
        .is_some_and(|(versions, api)| versions.has(&api.to_str()));
    Ok(Value::Bool(has))
}

/// `.Capabilities`.
pub(crate) struct Capabilities {
    pub(crate) facts: Rc<dyn Facts>,
    /// The version that the caller wants; the target's, if it wants none.
    pub(crate) kube_version: Option<String>,
    pub(crate) api_versions: ApiVersions,
    /// Whether some template looks at the list of versions itself, and not only calls `.Has`.
    pub(crate) as_list: bool,
}

impl Object for Capabilities {
    fn type_name(&self) -> &str {
        "*common.Capabilities"
    }

    /// Who looks at all of it looks at the list of versions, too.
    fn fields(&self) -> Vec<(&'static str, Value)> {
        ["KubeVersion", "APIVersions", "HelmVersion"]
            .into_iter()
            .filter_map(|name| match name {
                "APIVersions" => Some((name, self.api_versions.list())),
                _ => Some((name, self.field(name)?)),
            })
            .collect()
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            // A version that cannot be read was refused before.
            "KubeVersion" => KubeVersion::of(self.kube_version.as_deref(), &*self.facts)
                .ok()
                .map(Value::object),
            "APIVersions" if self.as_list => Some(self.api_versions.list()),
            "APIVersions" => Some(Value::object(self.api_versions.clone())),
            "HelmVersion" => Some(Value::object(BuildInfo)),
            _ => None,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `.Capabilities.HelmVersion`: that of the Helm whose behaviour this is.
struct BuildInfo;

impl Object for BuildInfo {
    fn type_name(&self) -> &str {
        "version.BuildInfo"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn fields(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("Version", "v4.1.4".into()),
            (
                "GitCommit",
                "05fa37973dc9e42b76e1d2883494c87174b6074f".into(),
            ),
            ("GitTreeState", "clean".into()),
            ("GoVersion", "go1.25.9".into()),
            ("KubeClientVersion", "v1.35".into()),
        ]
    }

    fn json_fields(&self) -> Vec<(&'static str, Value)> {
        let keys = [
            "version",
            "git_commit",
            "git_tree_state",
            "go_version",
            "kube_client_version",
        ];
        let values = self.fields().into_iter().map(|(_, value)| value);
        keys.into_iter().zip(values).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::facts::StaticFacts;

    use super::*;

    #[test]
    fn versions_are_read_as_kubernetes_reads_them() {
        for (text, version, normalized) in [
            ("v1.35.0", "v1.35.0", "v1.35.0"),
            ("1.21.3-gke.5", "v1.21.3-gke.5", "v1.21.3"),
            ("1.21", "v1.21", "v1.21"),
            ("v1.27.3+k3s1", "v1.27.3+k3s1", "v1.27.3"),
        ] {
            let parsed = KubeVersion::parse(text).unwrap();
            assert_eq!(
                (parsed.version.as_str(), parsed.normalized.as_str()),
                (version, normalized)
            );
        }
        for bad in ["", "1", "v", "x1.2", "01.2"] {
            assert!(KubeVersion::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_target_that_was_asked_is_believed() {
        let facts = |apis: &[&str]| -> Rc<dyn Facts> {
            Rc::new(StaticFacts {
                api_versions: apis.iter().map(|api| (*api).to_owned()).collect(),
                ..StaticFacts::default()
            })
        };
        let added = ["cert-manager.io/v1".to_owned()];
        let unknown = ApiVersions::new(facts(&[]), &added);
        assert!(unknown.has("apps/v1") && unknown.has("cert-manager.io/v1"));
        assert!(!unknown.has("apps/v1/Deployment"));
        assert_eq!(unknown.all().len(), BUILT_IN.len() + 1);
        let known = ApiVersions::new(facts(&["apps/v1", "v1"]), &added);
        assert!(known.has("apps/v1") && !known.has("policy/v1beta1"));
        assert_eq!(known.all(), ["apps/v1", "v1", "cert-manager.io/v1"]);
    }
}
