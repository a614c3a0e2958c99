//! What a chart became: for a bundle, and as the stream that `helm template` prints.

use fleet_core::diagnostic::Diagnostic;
use fleet_core::rendered::{Manifest, Output, Rendered};

use crate::error::Place;

/// What a chart became, in the order of installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// Name of the chart.
    pub chart: String,
    pub(crate) chart_yaml: Place,
    /// Definitions first, then manifests, then hooks.
    pub parts: Vec<Part>,
    /// What Helm only prints about the chart and its values.
    pub warnings: Vec<String>,
}

/// One thing that Helm prints behind one `---`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub role: Role,
    /// The template or file, as Helm names it: `web/templates/service.yaml`.
    pub source: String,
    /// The text; a file of definitions may hold several documents.
    pub text: String,
    /// Where it comes from in the repository.
    pub place: Place,
}

/// What a [`Part`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A file of `crds/`.
    Definitions,
    /// A manifest.
    Manifest,
    /// A manifest with the annotation `helm.sh/hook`.
    Hook,
}

impl Release {
    /// The bytes that `helm template` prints.
    pub fn to_stream(&self) -> String {
        let mut main = String::new();
        let mut hooks = String::new();
        for part in &self.parts {
            let to = match part.role {
                Role::Hook => &mut hooks,
                Role::Definitions | Role::Manifest => &mut main,
            };
            to.push_str(&format!("---\n# Source: {}\n{}\n", part.source, part.text));
        }
        format!("{}\n{hooks}", main.trim())
    }

    /// What a renderer gives to the host: one manifest for each part, which begins with its `# Source:`.
    ///
    /// Joined with `---` lines before them, the texts are what [`to_stream`](Self::to_stream) gives.
    pub fn into_output(self) -> Output {
        let chart = self.chart;
        let chart_yaml = self.chart_yaml;
        let warnings = self.warnings.into_iter().map(|warning| Diagnostic {
            location: Some(chart_yaml.clone().into()),
            ..Diagnostic::warning("chart/warning", format!("chart `{chart}`: {warning}"))
        });
        let mut manifests: Vec<Rendered> = Vec::new();
        let last = self.parts.iter().rposition(|part| part.role != Role::Hook);
        for (n, part) in self.parts.into_iter().enumerate() {
            let mut text = format!("# Source: {}\n{}\n", part.source, part.text);
            if Some(n) == last {
                // Helm trims everything that is no hook at its end.
                text.truncate(text.trim_end().len());
                text.push('\n');
            }
            manifests.push(Rendered {
                manifest: Manifest::Yaml(text),
                origin: Some(part.place.into()),
            });
        }
        Output {
            manifests,
            warnings: warnings.collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(parts: &[(Role, &str)]) -> Release {
        let parts = parts.iter().map(|(role, text)| Part {
            role: *role,
            source: "c/x.yaml".to_owned(),
            text: (*text).to_owned(),
            place: Place::file("x.yaml"),
        });
        Release {
            chart: "c".to_owned(),
            chart_yaml: Place::default(),
            parts: parts.collect(),
            warnings: Vec::new(),
        }
    }

    #[test]
    fn the_stream_is_what_helm_prints() {
        let check = |parts: &[(Role, &str)], expected: &str| {
            assert_eq!(release(parts).to_stream(), expected, "{parts:?}");
        };
        check(&[], "\n");
        check(
            &[
                (Role::Definitions, "---\na: 1\n\n"),
                (Role::Manifest, "b: 2"),
                (Role::Hook, "c: 3"),
            ],
            "---\n# Source: c/x.yaml\n---\na: 1\n\n\n---\n# Source: c/x.yaml\nb: 2\n---\n# Source: c/x.yaml\nc: 3\n",
        );
        check(
            &[(Role::Definitions, "a: 1\n\n"), (Role::Hook, "c: 3")],
            "---\n# Source: c/x.yaml\na: 1\n---\n# Source: c/x.yaml\nc: 3\n",
        );
        check(&[(Role::Hook, "c: 3")], "\n---\n# Source: c/x.yaml\nc: 3\n");
    }

    #[test]
    fn the_manifests_of_the_output_join_to_the_stream() {
        let release = release(&[
            (Role::Definitions, "---\na: 1\n\n"),
            (Role::Manifest, "b: 2"),
            (Role::Hook, "c: 3"),
        ]);
        let stream = release.to_stream();
        let joined: String = release
            .into_output()
            .manifests
            .into_iter()
            .map(|rendered| match rendered.manifest {
                Manifest::Yaml(text) => format!("---\n{text}"),
                Manifest::Json(value) => panic!("{value} is no text"),
            })
            .collect();
        assert_eq!(joined, stream);
    }
}
