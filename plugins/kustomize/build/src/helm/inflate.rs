//! Renders the charts of a kustomization, as kustomize does with a `helm` of the same version as our engine's.

use fleet_chart::{Hooks, Options, Surroundings};
use fleet_core::remote;
use fleet_core::rendered::{Failure, Manifest};
use serde_json::Value;

use super::{HelmChart, HelmGlobals};
use crate::error::{Error, Result};
use crate::merge::strategic_merge;
use crate::node::Node;
use crate::plugin::Context;
use crate::read;
use crate::resource::{Resource, Source};

/// The folder of charts that kustomize takes if none is named.
const DEFAULT_HOME: &str = "charts";

/// The name that `helm template` gives to a release without one.
const DEFAULT_RELEASE: &str = "release-name";

/// How the values of the kustomization and those of the file go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ValuesMerge {
    /// Those of the kustomization win.
    Override,
    /// Those of the file win.
    Merge,
    /// Those of the file are not used.
    Replace,
}

/// A chart with its description checked.
pub(crate) struct Inflation<'a> {
    globals: &'a HelmGlobals,
    chart: &'a HelmChart,
    merge: ValuesMerge,
    context: Context<'a>,
    surroundings: &'a Surroundings,
}

impl<'a> Inflation<'a> {
    /// Checks the description of a chart.
    ///
    /// # Errors
    /// If charts are off, or the description is wrong.
    pub(crate) fn new(
        globals: &'a HelmGlobals,
        chart: &'a HelmChart,
        context: Context<'a>,
    ) -> Result<Self> {
        let Some(surroundings) = context.charts else {
            return Err(wrong("must specify --enable-helm").hint(
                "charts inside kustomizations are off; `--enable-helm` of `fleet render`, or `spec.kustomize.enableHelm` \
                 of the GitRepo, turns them on",
            ));
        };
        if chart.name.is_empty() {
            return Err(wrong("chart name cannot be empty").field("name"));
        }
        for (n, file) in chart.additional_values_files.iter().enumerate() {
            context.loader.read(file).map_err(|error| {
                error
                    .context("could not load additionalValuesFile")
                    .field(format!("additionalValuesFiles[{n}]"))
            })?;
        }
        let merge = match &*chart.values_merge {
            "" | "override" => ValuesMerge::Override,
            "merge" => ValuesMerge::Merge,
            "replace" => ValuesMerge::Replace,
            _ => {
                let message = "valuesMerge must be one of [merge override replace]";
                return Err(wrong(message).field("valuesMerge"));
            }
        };
        Ok(Self {
            globals,
            chart,
            merge,
            context,
            surroundings,
        })
    }

    /// Renders the chart.
    ///
    /// # Errors
    /// If there is no such chart, its values cannot be put together, it fails, or what it prints is no list of objects.
    pub(crate) fn run(&self) -> Result<Vec<Resource>> {
        let place = self.place()?;
        let values = self.values(&place)?;
        let options = Options {
            release: self.release()?,
            namespace: match &*self.chart.namespace {
                "" => self.surroundings.facts.default_namespace(),
                namespace => namespace.to_owned(),
            },
            include_crds: self.chart.include_crds,
            api_versions: self.chart.api_versions.clone(),
            kube_version: Some(self.chart.kube_version.clone()).filter(|v| !v.is_empty()),
            hooks: match self.chart {
                HelmChart {
                    skip_hooks: true, ..
                } => Hooks::None,
                HelmChart {
                    skip_tests: true, ..
                } => Hooks::NoTests,
                _ => Hooks::All,
            },
            ..Options::default()
        };
        let release = fleet_chart::render(place.path(), &values, &options, self.surroundings);
        let output = release.map_err(failed)?.into_output();
        let mut resources = Vec::with_capacity(output.manifests.len());
        for rendered in output.manifests {
            let source = rendered.origin.map(|origin| Source {
                file: origin.file,
                line: origin.line,
            });
            let source = source.unwrap_or_default();
            let Manifest::Yaml(text) = rendered.manifest else {
                continue;
            };
            let read = read::resources(&text, "", self.context.schema);
            let read = read.map_err(|error| error.at(&source.file, source.line, 0))?;
            resources.extend(read.into_iter().map(|mut resource| {
                resource.source = source.clone();
                resource
            }));
        }
        Ok(resources)
    }

    /// Where the chart is: below the folder of charts, else what the host answers.
    fn place(&self) -> Result<Place> {
        let HelmChart {
            name,
            version,
            repo,
            devel,
            ..
        } = self.chart;
        let loader = self.context.loader;
        let mut home = match &*self.globals.chart_home {
            "" => DEFAULT_HOME.to_owned(),
            home => home.to_owned(),
        };
        if !version.is_empty() && !repo.is_empty() {
            home = format!("{home}/{name}-{version}");
        }
        let relative = format!("{home}/{name}");
        let path = loader
            .path(&relative)
            .map_err(|error| error.field("name"))?;
        if loader.is_folder(&path) {
            return Ok(Place::Local { relative, path });
        }
        if repo.is_empty() {
            let message = format!("no repo specified for pull, no chart found at '{path}'");
            return Err(wrong(message)
                .field("repo")
                .hint("put the chart there, or say in `repo` where it is got from"));
        }
        let version = match &**version {
            "" if *devel => ">0.0.0-0",
            version => version,
        };
        let reference = reference(repo, name, version);
        let path = loader
            .resolve(&reference)
            .map_err(|error| error.field("repo"))?;
        Ok(Place::Remote { path })
    }

    fn release(&self) -> Result<String> {
        let HelmChart {
            release_name: name,
            name_template: template,
            ..
        } = self.chart;
        match (&**name, &**template) {
            ("", "") => Ok(DEFAULT_RELEASE.to_owned()),
            ("", template) => fleet_chart::release_name(template, self.surroundings)
                .map_err(|error| wrong(error).field("nameTemplate")),
            (name, "") => Ok(name.to_owned()),
            _ => {
                let message = "cannot set --name-template and also specify a name";
                Err(wrong(message).field("nameTemplate"))
            }
        }
    }

    /// The values that Helm gets: those of the file, merged with those of the kustomization, then the other files.
    fn values(&self, place: &Place) -> Result<Value> {
        let loader = self.context.loader;
        let more = &self.chart.additional_values_files;
        let mut texts = vec![("values".to_owned(), self.main_values(place)?)];
        for file in more {
            texts.push((file.clone(), loader.read_text(file)?));
        }
        let texts = texts.iter().map(|(name, text)| (&**name, &**text));
        fleet_chart::read_values(texts).map_err(wrong)
    }

    fn main_values(&self, place: &Place) -> Result<String> {
        let inline = &self.chart.values_inline;
        if inline.is_empty() {
            return self.file_values(place);
        }
        let inline = Value::Object(inline.clone());
        if self.merge == ValuesMerge::Replace {
            return Ok(fleet_yaml::to_string(&inline));
        }
        let text = self.file_values(place)?;
        let unreadable = |why: &str| {
            let message = format!("could not parse values file into rnode: {why}");
            wrong(message).field("valuesInline")
        };
        let parsed = fleet_yaml::parse(&text).map_err(|error| unreadable(&error.message))?;
        let Some(parsed) = parsed else {
            return Err(unreadable("EOF").hint(
                "kustomize cannot merge values into a file without any; `valuesMerge: replace` leaves it out",
            ));
        };
        let file = Node::from_yaml(parsed).map_err(|error| unreadable(&error.message))?;
        let inline = Node::from_value(&inline);
        let (below, above) = match self.merge {
            ValuesMerge::Merge => (inline, file),
            ValuesMerge::Override | ValuesMerge::Replace => (file, inline),
        };
        let merged = strategic_merge(below, &above, self.context.schema)
            .map_err(|error| wrong(format!("could not merge values: {error}")))?;
        let merged = merged.unwrap_or_else(Node::mapping);
        let merged = merged
            .to_value()
            .map_err(|error| wrong(format!("could not parse merged values into map: {error}")))?;
        Ok(fleet_yaml::to_string(&merged))
    }

    /// The text of the file that is named, else of the chart's own.
    fn file_values(&self, place: &Place) -> Result<String> {
        let loader = self.context.loader;
        if !self.chart.values_file.is_empty() {
            let text = loader.read_text(&self.chart.values_file);
            return text.map_err(|error| error.field("valuesFile"));
        }
        match place {
            Place::Local { relative, .. } => loader.read_text(&format!("{relative}/values.yaml")),
            Place::Remote { path } => {
                let text = fleet_chart::default_values(&self.surroundings.files, path);
                text.map_err(wrong)?
                    .ok_or_else(|| wrong(format!("there is no `values.yaml` in chart `{path}`")))
            }
        }
    }
}

/// Where a chart is.
enum Place {
    /// Below the folder of charts.
    Local {
        /// From the kustomization.
        relative: String,
        /// From the top of the repository.
        path: String,
    },
    /// Where the host put it.
    Remote {
        /// From the top of what can be read.
        path: String,
    },
}

impl Place {
    fn path(&self) -> &str {
        match self {
            Self::Local { path, .. } | Self::Remote { path } => path,
        }
    }
}

/// What the host is asked for; in a registry every chart has a place of its own, in a repository a name.
fn reference(repo: &str, name: &str, version: &str) -> String {
    match repo.strip_suffix('/').unwrap_or(repo) {
        repo if repo.starts_with("oci://") => {
            remote::chart(&format!("{repo}/{name}"), None, Some(version))
        }
        _ => remote::chart(repo, Some(name), Some(version)),
    }
}

fn wrong(message: impl std::fmt::Display) -> Error {
    Error::new("kustomize/helm", message)
}

/// A chart that fails, at the place in the chart.
fn failed(failed: fleet_chart::Failed) -> Error {
    let code = failed.error.code();
    let failure = Failure::from(failed);
    let Some(diagnostic) = failure.diagnostics.into_iter().next() else {
        return Error::new(code, "could not render a chart");
    };
    let mut error = Error::new(code, diagnostic.message);
    if let Some(place) = diagnostic.location {
        error = error.at(&place.file, place.line, place.column);
    }
    match diagnostic.hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_have_the_form_that_the_host_knows() {
        for (repo, version, expected) in [
            ("https://x/charts", "1.2.3", "https://x/charts#web@1.2.3"),
            ("https://x/charts/", "", "https://x/charts/#web"),
            ("oci://x/charts/", "1.2.3", "oci://x/charts/web#@1.2.3"),
            ("oci://x/charts", "", "oci://x/charts/web#"),
        ] {
            assert_eq!(reference(repo, "web", version), expected);
        }
    }
}
