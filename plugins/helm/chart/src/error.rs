//! Why a chart could not be rendered: in Helm's words, and as a diagnostic with place and advice.

use fleet_core::diagnostic::{Diagnostic, Location};
use fleet_core::files::ReadError;
use fleet_core::rendered::Failure;

use crate::decode::DecodeError;

/// Why a chart could not be rendered. `Display` is what Helm says, as far as Helm has a word for it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read.
    #[error("error reading {path}: {source}")]
    Read {
        /// Path relative to the top of the repository.
        path: String,
        /// Why not.
        source: ReadError,
    },
    /// There is no chart.
    #[error("unable to detect chart at {path}: there is no Chart.yaml")]
    NoChart {
        /// Path relative to the top of the repository.
        path: String,
    },
    /// A subchart is none.
    #[error("Chart.yaml file is missing")]
    NoChartYaml {
        /// Path relative to the top of the repository.
        path: String,
    },
    /// A YAML file of the chart could not be read.
    #[error("{what}: {message}")]
    Yaml {
        /// Where.
        place: Place,
        /// What was tried.
        what: String,
        /// Why not, in Go's words.
        message: String,
    },
    /// `Chart.yaml` names an API version that Helm does not know, or cannot install.
    #[error("{}", if version == "v3" { "invalid chart apiVersion" } else { "unsupported chart version" })]
    ApiVersion {
        /// Where.
        place: Place,
        /// The version that it names.
        version: String,
    },
    /// `Chart.yaml` is not valid.
    #[error("validation: {message}")]
    Metadata {
        /// Where.
        place: Place,
        /// What is wrong with it.
        message: String,
    },
    /// `.helmignore` is not valid.
    #[error("{message}")]
    Ignore {
        /// Where.
        place: Place,
        /// What is wrong with it.
        message: String,
    },
    /// A packed chart could not be unpacked.
    #[error("{message}")]
    Archive {
        /// Where.
        place: Place,
        /// Why not.
        message: String,
    },
    /// Something is larger than a chart may be.
    #[error("{message}")]
    Limit {
        /// Where.
        place: Place,
        /// What is too large.
        message: String,
    },
    /// A subchart could not be loaded.
    #[error("error unpacking subchart {name} in {parent}: {source}")]
    Subchart {
        /// Name of the folder or file in `charts/`.
        name: String,
        /// Name of the chart above it.
        parent: String,
        /// Why not.
        source: Box<Error>,
    },
    /// The release cannot be named like this.
    #[error("release name check failed: release name {name:?}: {message}")]
    ReleaseName {
        /// The name.
        name: String,
        /// What is wrong with it.
        message: &'static str,
    },
    /// The template for the name of the release fails.
    #[error("cannot make a name for the release: {message}")]
    NameTemplate {
        /// What is wrong with it.
        message: String,
    },
    /// A library chart is no application.
    #[error("{kind} charts are not installable")]
    NotInstallable {
        /// Where.
        place: Place,
        /// The type of the chart.
        kind: String,
    },
    /// `Chart.yaml` names dependencies that are not in `charts/`.
    #[error(
        "an error occurred while checking for chart dependencies. You may need to run `helm dependency build` to \
         fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: {}", names.join(", ")
    )]
    MissingDependencies {
        /// Where.
        place: Place,
        /// Their names.
        names: Vec<String>,
    },
    /// A dependency that is not in `charts/` could not be brought.
    #[error("could not bring dependency `{name}` from `{repository}`: {source}")]
    Dependency {
        /// Where it is declared.
        place: Place,
        /// Its name.
        name: String,
        /// Where it should be.
        repository: String,
        /// Why not.
        source: ReadError,
    },
    /// A value given on the command line could not be read.
    #[error("failed parsing {flag} data: {message}")]
    Set {
        /// The flag.
        flag: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// A values file could not be read.
    #[error("failed to parse {file}: {message}")]
    ValuesFile {
        /// The file.
        file: String,
        /// What is wrong with it.
        message: String,
    },
    /// Something else than a table stands where a subchart's values belong.
    #[error("{prefix}type mismatch on {name}: {found}")]
    SubchartValues {
        /// What Helm was doing.
        prefix: &'static str,
        /// Name of the subchart.
        name: String,
        /// What stands there, as Go's `%t` prints it.
        found: String,
    },
    /// The target's Kubernetes is not one that the chart asks for.
    #[error(
        "chart requires kubeVersion: {constraint} which is incompatible with Kubernetes {version}"
    )]
    KubeVersion {
        /// Where.
        place: Place,
        /// What the chart asks for.
        constraint: String,
        /// What the target runs.
        version: String,
    },
    /// The version of Kubernetes that was given is none.
    #[error("invalid kube version '{version}': could not parse it as version")]
    InvalidKubeVersion {
        /// What was given.
        version: String,
    },
    /// The values do not fit the schema.
    #[error(
        "values don't meet the specifications of the schema(s) in the following chart(s):\n{message}"
    )]
    Schema {
        /// The schema that was not met first.
        place: Place,
        /// Every finding, by chart.
        message: String,
        /// What to do.
        hint: &'static str,
    },
    /// A template could not be parsed.
    #[error("parse error at ({at}): {message}")]
    Parse {
        /// Where, in the repository.
        place: Place,
        /// Where, as Helm names it.
        at: String,
        /// What is wrong, in Go's words.
        message: String,
    },
    /// A template failed.
    #[error("{0}")]
    Template(Box<TemplateError>),
    /// What a template made is no manifest.
    #[error("YAML parse error on {template}: {message}")]
    Manifest {
        /// The template, in the repository.
        place: Place,
        /// The template, as Helm names it.
        template: String,
        /// What is wrong, in Go's words.
        message: String,
        /// The line of what was rendered around which it is wrong, if known.
        excerpt: Option<String>,
    },
}

/// A template that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// What Helm says.
    pub text: String,
    /// Where it failed.
    pub place: Place,
    /// What went wrong, in one line.
    pub message: String,
    /// Stable code for the kind of failure.
    pub code: &'static str,
    /// The templates that led there, outermost first, as `path:line:column`.
    pub chain: Vec<String>,
    /// What to do next.
    pub hint: Option<String>,
}

impl std::fmt::Display for TemplateError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A place in a file of the repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Path relative to the top of the repository.
    pub file: String,
    /// Line, 1-based; 0 if unknown.
    pub line: u32,
    /// Column, 1-based; 0 if unknown.
    pub column: u32,
}

impl Place {
    /// Somewhere in a file.
    pub(crate) fn file(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
        }
    }
}

impl From<Place> for Location {
    fn from(place: Place) -> Self {
        Self {
            file: place.file,
            line: place.line,
            column: place.column,
        }
    }
}

impl Error {
    pub(crate) fn read(path: &str, source: ReadError) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    pub(crate) fn limit(path: &str, message: String) -> Self {
        Self::Limit {
            place: Place::file(path),
            message,
        }
    }

    pub(crate) fn yaml(file: &str, what: impl Into<String>, error: DecodeError) -> Self {
        Self::Yaml {
            place: Place {
                file: file.to_owned(),
                line: error.line,
                column: error.column,
            },
            what: what.into(),
            message: error.message,
        }
    }

    /// The failure to report: what was tried on which chart, why not, where, and what next.
    pub fn into_failure(self, chart: &str) -> Failure {
        self.into_diagnostic(chart).into()
    }

    fn into_diagnostic(self, chart: &str) -> Diagnostic {
        let code = self.code();
        let hint = self.hint();
        let place = self.place().cloned();
        let why = match &self {
            Self::Template(error) => error.describe(),
            Self::Manifest {
                excerpt: Some(line),
                ..
            } => format!("{self}, at `{line}`"),
            other => other.to_string(),
        };
        let message = format!("could not render chart `{chart}`: {}", why.trim_end());
        Diagnostic {
            location: place.map(Into::into),
            hint,
            ..Diagnostic::error(code, message)
        }
    }

    /// Stable code for the kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "chart/unreadable",
            Self::NoChart { .. } | Self::NoChartYaml { .. } => "chart/missing",
            Self::Yaml { .. } | Self::Ignore { .. } => "chart/syntax",
            Self::ApiVersion { .. } => "chart/api-version",
            Self::Metadata { .. } => "chart/metadata",
            Self::Archive { .. } => "chart/archive",
            Self::Limit { .. } => "chart/too-large",
            Self::Subchart { source, .. } => source.code(),
            Self::ReleaseName { .. } | Self::NameTemplate { .. } => "release/name",
            Self::NotInstallable { .. } => "chart/not-installable",
            Self::MissingDependencies { .. } | Self::Dependency { .. } => {
                "chart/missing-dependency"
            }
            Self::Set { .. } | Self::ValuesFile { .. } => "values/invalid",
            Self::SubchartValues { .. } => "values/type",
            Self::KubeVersion { .. } => "chart/kube-version",
            Self::InvalidKubeVersion { .. } => "target/kube-version",
            Self::Schema { .. } => "values/schema",
            Self::Parse { .. } => "template/syntax",
            Self::Template(error) => error.code,
            Self::Manifest { .. } => "template/not-a-manifest",
        }
    }

    fn place(&self) -> Option<&Place> {
        match self {
            Self::Yaml { place, .. }
            | Self::ApiVersion { place, .. }
            | Self::Metadata { place, .. }
            | Self::Ignore { place, .. }
            | Self::Archive { place, .. }
            | Self::Limit { place, .. }
            | Self::NotInstallable { place, .. }
            | Self::MissingDependencies { place, .. }
            | Self::Dependency { place, .. }
            | Self::KubeVersion { place, .. }
            | Self::Schema { place, .. }
            | Self::Parse { place, .. }
            | Self::Manifest { place, .. } => Some(place),
            Self::Template(error) => Some(&error.place),
            Self::Subchart { source, .. } => source.place(),
            Self::Read { .. }
            | Self::NoChart { .. }
            | Self::NoChartYaml { .. }
            | Self::ReleaseName { .. }
            | Self::NameTemplate { .. }
            | Self::Set { .. }
            | Self::ValuesFile { .. }
            | Self::SubchartValues { .. }
            | Self::InvalidKubeVersion { .. } => None,
        }
    }

    fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Template(error) => return error.hint.clone(),
            Self::Subchart { source, .. } => return source.hint(),
            Self::Schema { hint, .. } => hint,
            Self::MissingDependencies { .. } | Self::Dependency { .. } => {
                "run `helm dependency build` and commit `charts/`, or name the chart by `repo` and `version`"
            }
            Self::NoChart { .. } => "point `helm.chart` at a folder that has a `Chart.yaml`",
            Self::NoChartYaml { .. } => {
                "every folder and file in `charts/` must be a chart; list others in `.helmignore`"
            }
            Self::ApiVersion { .. } => "charts of API version `v1` and `v2` can be rendered",
            Self::NotInstallable { .. } => {
                "a library chart only lends its templates to charts that depend on it"
            }
            Self::KubeVersion { .. } => {
                "use a version of the chart that supports the cluster, or upgrade the cluster"
            }
            Self::Parse { .. } => "correct the template",
            Self::Manifest { .. } => {
                "look at what the template prints for these values: every document must be one YAML mapping"
            }
            Self::SubchartValues { .. } => "the values of a subchart must be a mapping",
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

impl TemplateError {
    fn describe(&self) -> String {
        let mut text = format!("{}: {}", self.at(), self.message);
        for site in self.chain.iter().rev().skip(1) {
            text.push_str("\n  included from ");
            text.push_str(site);
        }
        text
    }

    fn at(&self) -> &str {
        self.chain.last().map_or("", String::as_str)
    }
}
