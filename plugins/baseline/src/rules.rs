//! The rules, each a look at one pod spec.

use serde_json::Value;

use crate::{Level, Settings};

/// A rule of the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Privileged,
    HostNamespaces,
    HostPath,
    LatestImage,
    MissingLimits,
}

/// Something that a rule found.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) rule: Rule,
    /// The field, relative to the pod spec.
    pub(crate) field: String,
    pub(crate) message: String,
}

impl Rule {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::HostNamespaces => "host-namespaces",
            Self::HostPath => "host-path",
            Self::LatestImage => "latest-image",
            Self::MissingLimits => "missing-limits",
        }
    }

    pub(crate) fn level(self, settings: &Settings) -> Level {
        match self {
            Self::Privileged => settings.privileged,
            Self::HostNamespaces => settings.host_namespaces,
            Self::HostPath => settings.host_path,
            Self::LatestImage => settings.latest_image,
            Self::MissingLimits => settings.missing_limits,
        }
    }

    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::Privileged => "ask for the capabilities that the container needs instead",
            Self::HostNamespaces => "use a Service to be reached, and a sidecar to be watched",
            Self::HostPath => {
                "use a volume that belongs to the pod: emptyDir, configMap or a claim"
            }
            Self::LatestImage => {
                "name a version or a digest, so that every node runs the same image"
            }
            Self::MissingLimits => {
                "set `resources.limits.memory`, so that one pod cannot starve a node"
            }
        }
    }
}

/// Judges one pod spec.
pub(crate) fn judge(pod: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut found = |rule, field: String, message: String| {
        findings.push(Finding {
            rule,
            field,
            message,
        })
    };
    for field in ["hostNetwork", "hostPID", "hostIPC"] {
        if pod[field] == true {
            found(
                Rule::HostNamespaces,
                field.to_owned(),
                "the pod shares a namespace of its node".to_owned(),
            );
        }
    }
    for (n, volume) in pod["volumes"].as_array().into_iter().flatten().enumerate() {
        if let Some(path) = volume["hostPath"]["path"].as_str() {
            let message = format!("the volume is the folder `{path}` of the node");
            found(Rule::HostPath, format!("volumes[{n}].hostPath"), message);
        }
    }
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        for (n, container) in pod[list].as_array().into_iter().flatten().enumerate() {
            let name = container["name"].as_str().unwrap_or_default();
            if container["securityContext"]["privileged"] == true {
                let message = format!("container `{name}` is privileged");
                found(
                    Rule::Privileged,
                    format!("{list}[{n}].securityContext.privileged"),
                    message,
                );
            }
            if let Some(image) = container["image"]
                .as_str()
                .filter(|image| is_floating(image))
            {
                let message = format!(
                    "image `{image}` of container `{name}` can change from one start to the next"
                );
                found(Rule::LatestImage, format!("{list}[{n}].image"), message);
            }
            if container["resources"]["limits"]["memory"].is_null() && list != "ephemeralContainers"
            {
                let message = format!("container `{name}` has no memory limit");
                found(
                    Rule::MissingLimits,
                    format!("{list}[{n}].resources.limits"),
                    message,
                );
            }
        }
    }
    findings
}

/// Whether an image has the tag `latest`, or neither tag nor digest. The part before the last `/` may hold a port.
fn is_floating(image: &str) -> bool {
    if image.contains('@') {
        return false;
    }
    let name = image.rsplit('/').next().unwrap_or(image);
    name.split_once(':').is_none_or(|(_, tag)| tag == "latest")
}
