//! Where an object comes from, as `buildMetadata` writes it into annotations.

/// The annotation with the origin of an object.
pub const ORIGIN_ANNOTATION: &str = "config.kubernetes.io/origin";

/// The annotation with the transformers that changed an object.
pub const TRANSFORMATIONS_ANNOTATION: &str = "alpha.config.kubernetes.io/transformations";

/// Where an object or a transformer's configuration comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Path relative to the folder that is built.
    pub path: String,
    /// The file that configures the generator or transformer.
    pub configured_in: String,
    /// The generator or transformer.
    pub configured_by: Option<ConfiguredBy>,
}

/// A generator or transformer by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfiguredBy {
    /// `apiVersion` of its configuration; `builtin` for what a kustomization itself says.
    pub api_version: String,
    /// `kind` of its configuration.
    pub kind: String,
    /// `metadata.name` of its configuration.
    pub name: String,
    /// `metadata.namespace` of its configuration.
    pub namespace: String,
}

impl Origin {
    /// The same, one step further down.
    #[must_use]
    pub fn append(&self, path: &str) -> Self {
        Self {
            path: clean(&format!("{}/{path}", self.path)),
            ..self.clone()
        }
    }

    /// What a field of a kustomization configures.
    pub fn configured(&self, file: &str, kind: &str) -> Self {
        Self {
            path: String::new(),
            configured_in: clean(&format!("{}/{file}", self.path)),
            configured_by: Some(ConfiguredBy {
                api_version: "builtin".to_owned(),
                kind: kind.to_owned(),
                ..ConfiguredBy::default()
            }),
        }
    }

    /// As the annotation says it, in YAML.
    pub fn to_yaml(&self) -> String {
        let mut lines = Vec::new();
        let mut put = |indent: &str, key: &str, text: &str| {
            if !text.is_empty() {
                lines.push(format!("{indent}{key}: {}", scalar(text)));
            }
        };
        put("", "path", &self.path);
        put("", "configuredIn", &self.configured_in);
        if let Some(by) = &self.configured_by {
            lines.push("configuredBy:".to_owned());
            let mut put = |key: &str, text: &str| {
                if !text.is_empty() {
                    lines.push(format!("  {key}: {}", scalar(text)));
                }
            };
            put("apiVersion", &by.api_version);
            put("kind", &by.kind);
            put("name", &by.name);
            put("namespace", &by.namespace);
        }
        if lines.is_empty() {
            return "{}\n".to_owned();
        }
        lines.join("\n") + "\n"
    }
}

/// As the annotation with transformations says them, in YAML.
pub fn transformations_to_yaml(transformations: &[Origin]) -> String {
    let mut text = String::new();
    for transformation in transformations {
        for (n, line) in transformation.to_yaml().lines().enumerate() {
            text.push_str(if n == 0 { "- " } else { "  " });
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

fn scalar(text: &str) -> String {
    let value = serde_json::Value::String(text.to_owned());
    fleet_yaml::to_string_pretty(&value).trim_end().to_owned()
}

/// Removes `.` and `..` from a relative path as Go's `filepath.Join` does; leading `..` stay.
pub fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_kustomize_writes_them() {
        let base = Origin::default().append("../base").append("a.yaml");
        assert_eq!(base.to_yaml(), "path: ../base/a.yaml\n");
        let by = Origin::default().configured("kustomization.yaml", "LabelTransformer");
        assert_eq!(
            transformations_to_yaml(&[by.clone(), by]),
            "- configuredIn: kustomization.yaml\n  configuredBy:\n    apiVersion: builtin\n    kind: LabelTransformer\n"
                .repeat(2)
        );
    }

    #[test]
    fn paths_are_cleaned() {
        for (path, expected) in [
            ("a/./b", "a/b"),
            ("/a", "a"),
            ("a/../../b", "../b"),
            ("../../b/..", "../.."),
            ("", ""),
        ] {
            assert_eq!(clean(path), expected, "{path}");
        }
    }
}
