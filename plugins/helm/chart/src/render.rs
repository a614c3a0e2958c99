//! From a chart and values to manifests: what `helm template` does, step by step.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use std::sync::LazyLock;

use fleet_core::entropy::Entropy;
use fleet_core::facts::Facts;
use fleet_core::files::Files;
use fleet_template::functions::{Environment, Functions, helm, semver};
use fleet_template::value::{Map, Numbers, Value};
use fleet_template::{Limits, MissingKey, Templates, strip_no_value};
use memchr::memmem::Finder;
use serde_json::Value as Json;

use crate::capabilities::{ApiVersions, Capabilities, KubeVersion};
use crate::chart::Chart;
use crate::context::{Renderable, Shared, in_order, renderables};
use crate::error::{Error, Place};
use crate::files_object::ReadErrors;
use crate::load::text_of;
use crate::release::{Part, Release, Role};
use crate::values::coalesce::{Nulls, Warnings, coalesce};
use crate::values::{SetKind, set};
use crate::{cluster, dependencies, diagnose, gopath, load, manifest, schema};

/// What the caller decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Name of the release.
    pub release: String,
    /// Namespace of the release.
    pub namespace: String,
    /// Whether `.Release.IsUpgrade` is set instead of `.Release.IsInstall`.
    pub is_upgrade: bool,
    /// Whether the definitions in `crds/` come first in the result.
    pub include_crds: bool,
    /// Whether `values.schema.json` is ignored.
    pub skip_schema_validation: bool,
    /// API versions that the target serves besides those that it is known to serve.
    pub api_versions: Vec<String>,
    /// `--set` texts, in order; they win over the values.
    pub set: Vec<String>,
    /// `--set-string` texts, in order; they win over `set`.
    pub set_string: Vec<String>,
    /// Whether `global.fleet` offers what is known of the cluster.
    pub cluster_values: bool,
    /// Whether dependencies that are declared and not in `charts/` are asked for, as `helm dependency update` would.
    pub dependency_update: bool,
    /// The Kubernetes version that templates are told; the target's, if it is not set.
    pub kube_version: Option<String>,
    /// Which hooks are part of the result.
    pub hooks: Hooks,
}

/// Which manifests with the annotation `helm.sh/hook` are part of a release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hooks {
    /// All that Helm knows.
    #[default]
    All,
    /// All but tests, as with `--skip-tests`.
    NoTests,
    /// None, as with `--no-hooks`.
    None,
}

/// What the engine may ask of the program around it.
#[derive(Clone)]
pub struct Surroundings {
    /// The files of the repository.
    pub files: Rc<dyn Files>,
    /// What may be known of the target.
    pub facts: Rc<dyn Facts>,
    /// Stable randomness.
    pub entropy: Rc<dyn Entropy>,
}

impl Surroundings {
    /// What functions of templates may ask.
    fn environment(&self) -> Environment {
        Environment {
            entropy: Rc::clone(&self.entropy),
            commit_time: self.facts.commit_time(),
        }
    }
}

impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings").finish_non_exhaustive()
    }
}

/// How many bytes all templates of a chart may print together.
const MAX_OUTPUT: usize = 64 << 20;

/// Renders the chart at `path`, relative to the top of the files, with `values` over its own.
///
/// # Errors
/// Where Helm fails, with Helm's words and the place in the repository.
pub fn render(
    path: &str,
    values: &Json,
    options: &Options,
    surroundings: &Surroundings,
) -> Result<Release, Failed> {
    render_chart(path, values, options, surroundings, false)
}

/// As [`render`], for a program that ends with it, as a guest does: the chart stays in memory, because it takes a
/// thirtieth of the time to take it apart piece by piece.
///
/// # Errors
/// As [`render`].
pub fn render_last(
    path: &str,
    values: &Json,
    options: &Options,
    surroundings: &Surroundings,
) -> Result<Release, Failed> {
    render_chart(path, values, options, surroundings, true)
}

fn render_chart(
    path: &str,
    values: &Json,
    options: &Options,
    surroundings: &Surroundings,
    is_last: bool,
) -> Result<Release, Failed> {
    let mut name = match path {
        "" | "." => "the top folder".to_owned(),
        path => path.to_owned(),
    };
    let result = Renderer {
        options,
        surroundings,
        warnings: Warnings::default(),
        is_last,
    }
    .render(path, values, &mut name);
    result.map_err(|error| Failed { chart: name, error })
}

/// The name of a release that a template of Helm's `--name-template` makes.
///
/// # Errors
/// If it is no template, or fails.
pub fn release_name(template: &str, surroundings: &Surroundings) -> Result<String, Error> {
    const NAME: &str = "name-template";
    let failed = |message: String| Error::NameTemplate { message };
    let mut templates = Templates::new(NAME, functions());
    templates
        .parse(NAME, template)
        .map_err(|error| failed(error.to_string()))?;
    let name = templates.render(
        NAME,
        Value::Nil,
        &surroundings.environment(),
        Limits::default(),
    );
    let name = name.map_err(|error| failed(error.to_string()))?;
    Ok(String::from_utf8_lossy(&name).into_owned())
}

/// A chart that could not be rendered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}")]
pub struct Failed {
    /// Name of the chart, or its path if the name is not known.
    pub chart: String,
    /// What went wrong.
    pub error: Error,
}

impl From<Failed> for fleet_core::rendered::Failure {
    fn from(failed: Failed) -> Self {
        failed.error.into_failure(&failed.chart)
    }
}

struct Renderer<'o> {
    options: &'o Options,
    surroundings: &'o Surroundings,
    warnings: Warnings,
    /// Whether what is left may stay in memory.
    is_last: bool,
}

impl Renderer<'_> {
    fn render(self, path: &str, values: &Json, name: &mut String) -> Result<Release, Error> {
        let given = self.given_values(values)?;
        let files = &self.surroundings.files;
        let mut chart = match self.options.dependency_update {
            true => load::load_whole(files, path)?,
            false => load::load(files, path)?,
        };
        chart.name().clone_into(name);
        if !matches!(&*chart.metadata.kind, "" | "application") {
            return Err(Error::NotInstallable {
                place: self.chart_yaml(&chart),
                kind: chart.metadata.kind.clone(),
            });
        }
        if chart.metadata.deprecated {
            self.warn("this chart is deprecated");
        }
        dependencies::check(&chart)?;
        check_release_name(&self.options.release)?;
        dependencies::process(&mut chart, &given, &self.warnings)?;
        let values = coalesce(&chart, &given, Nulls::Remove, &self.warnings)?;
        if !self.options.skip_schema_validation {
            self.check_schemas(&chart, &values)?;
        }
        if self.options.cluster_values {
            cluster::offer(&chart, &values, &self.surroundings.facts);
        }
        self.check_kube_version(&chart)?;
        let errors = ReadErrors::default();
        let shared = Shared {
            release: self.release_value(),
            capabilities: self.capabilities(&chart, &values),
            reader: Rc::clone(&self.surroundings.files),
            errors: Rc::clone(&errors),
        };
        let templates = renderables(&chart, &values, &shared);
        let printed = self.print(&templates)?;
        if let Some(error) = errors.borrow_mut().take() {
            return Err(error);
        }
        let is_last = self.is_last;
        let release = self.release(&chart, &templates, printed);
        end(is_last, (templates, shared));
        end(is_last, (chart, values, given));
        release
    }

    fn warn(&self, warning: &str) {
        self.warnings.borrow_mut().insert(warning.to_owned());
    }

    fn chart_yaml(&self, chart: &Chart) -> Place {
        Place::file(gopath::under(&chart.origin, "Chart.yaml"))
    }

    /// The values of the user: what was merged before, then `--set`, then `--set-string`.
    fn given_values(&self, values: &Json) -> Result<Map, Error> {
        let given = match Value::from_json(values, Numbers::Float) {
            Value::Map(map) => map,
            _ => Map::new(),
        };
        let all = [
            ("--set", &self.options.set, SetKind::Typed),
            ("--set-string", &self.options.set_string, SetKind::Strings),
        ];
        for (flag, texts, kind) in all {
            for text in texts {
                set(&given, text, kind).map_err(|message| Error::Set { flag, message })?;
            }
        }
        Ok(given)
    }

    fn check_schemas(&self, chart: &Chart, values: &Map) -> Result<(), Error> {
        fn has_schema(chart: &Chart) -> bool {
            chart.schema.is_some() || chart.dependencies.iter().any(has_schema)
        }
        if !has_schema(chart) {
            return Ok(());
        }
        let json = Value::Map(values.clone()).to_json();
        let json = json.map_err(|failure| Error::limit("values", failure.message))?;
        schema::check_values(chart, &json)
    }

    fn check_kube_version(&self, chart: &Chart) -> Result<(), Error> {
        let constraint = &chart.metadata.kube_version;
        if constraint.is_empty() {
            return Ok(());
        }
        let version = self.kube_version()?;
        if semver::fits(constraint, &version.normalized) {
            return Ok(());
        }
        Err(Error::KubeVersion {
            place: self.chart_yaml(chart),
            constraint: constraint.clone(),
            version: version.version,
        })
    }

    /// The version that templates are told.
    fn kube_version(&self) -> Result<KubeVersion, Error> {
        let given = self.options.kube_version.as_deref();
        KubeVersion::of(given, &*self.surroundings.facts)
    }

    fn release_value(&self) -> Value {
        let release = Map::new();
        release.insert("Name", self.options.release.as_str());
        release.insert("Namespace", self.options.namespace.as_str());
        release.insert("IsUpgrade", self.options.is_upgrade);
        release.insert("IsInstall", !self.options.is_upgrade);
        release.insert("Revision", 1);
        release.insert("Service", "Helm");
        Value::Map(release)
    }

    fn capabilities(&self, chart: &Chart, values: &Map) -> Value {
        let facts = Rc::clone(&self.surroundings.facts);
        Value::object(Capabilities {
            api_versions: ApiVersions::new(Rc::clone(&facts), &self.options.api_versions),
            facts,
            kube_version: self.options.kube_version.clone(),
            as_list: lists_api_versions(chart) || value_lists_api_versions(values, 0),
        })
    }

    /// Runs every template that is no partial; what each printed.
    fn print(
        &self,
        renderables: &BTreeMap<String, Renderable<'_>>,
    ) -> Result<Vec<(String, String)>, Error> {
        let mut templates = Templates::new("gotpl", functions()).missing_key(MissingKey::Zero);
        let order = in_order(renderables);
        for (name, renderable) in &order {
            templates
                .parse(name, Rc::clone(&renderable.template.text))
                .map_err(|error| diagnose::parse_error(&error, renderables))?;
        }
        let environment = self.surroundings.environment();
        let mut printed = Vec::new();
        let mut left = MAX_OUTPUT;
        for (name, renderable) in order {
            if gopath::base(name).starts_with('_') {
                continue;
            }
            let limits = Limits {
                output: left,
                ..Limits::default()
            };
            let text = templates
                .render(name, renderable.dot(name), &environment, limits)
                .map_err(|error| diagnose::exec_error(&error, renderables, renderable))?;
            let text = match strip_no_value(&text) {
                Cow::Borrowed(_) => text,
                Cow::Owned(stripped) => stripped,
            };
            left = left.saturating_sub(text.len());
            if !name.ends_with("NOTES.txt") {
                printed.push((name.to_owned(), text_of(text)));
            }
        }
        end(self.is_last, templates);
        Ok(printed)
    }

    fn release(
        self,
        chart: &Chart,
        renderables: &BTreeMap<String, Renderable<'_>>,
        printed: Vec<(String, String)>,
    ) -> Result<Release, Error> {
        let origin = |template: &str| {
            let renderable = renderables.get(template);
            Place::file(renderable.map_or(template, |renderable| &renderable.origin))
        };
        let sorted = manifest::sort(printed).map_err(|error| Error::Manifest {
            place: origin(&error.template),
            template: error.template,
            message: error.error.message,
            excerpt: error.excerpt,
        })?;
        let mut parts = Vec::new();
        if self.options.include_crds {
            for crd in chart.crds() {
                let text = load::read_text(&self.surroundings.files, &crd.content)?;
                parts.push(Part {
                    role: Role::Definitions,
                    source: crd.path,
                    text,
                    place: Place {
                        file: crd.origin,
                        line: 1,
                        column: 0,
                    },
                });
            }
        }
        let roles = [
            (Role::Manifest, sorted.manifests),
            (Role::Hook, sorted.hooks),
        ];
        for (role, manifests) in roles {
            let wanted = |manifest: &manifest::Manifest| match (role, self.options.hooks) {
                (Role::Hook, Hooks::None) => false,
                (Role::Hook, Hooks::NoTests) => !manifest.is_test,
                _ => true,
            };
            parts.extend(manifests.into_iter().filter(wanted).map(|manifest| Part {
                role,
                place: origin(&manifest.template),
                source: manifest.template,
                text: manifest.text,
            }));
        }
        Ok(Release {
            chart: chart.name().to_owned(),
            chart_yaml: self.chart_yaml(chart),
            parts,
            warnings: self.warnings.into_inner().into_iter().collect(),
        })
    }
}

/// Drops what is no longer needed, or leaves it in memory if nothing comes after it.
fn end<T>(is_last: bool, rest: T) {
    match is_last {
        true => std::mem::forget(rest),
        false => drop(rest),
    }
}

/// Helm's functions, gathered once for each thread.
fn functions() -> Rc<Functions> {
    thread_local! {
        static FUNCTIONS: Rc<Functions> = Rc::new(helm());
    }
    FUNCTIONS.with(Rc::clone)
}

fn check_release_name(name: &str) -> Result<(), Error> {
    let legal = |part: &str| {
        let bytes = part.as_bytes();
        let alphanumeric = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        bytes.first().is_some_and(alphanumeric)
            && bytes.last().is_some_and(alphanumeric)
            && bytes.iter().all(|b| alphanumeric(b) || *b == b'-')
    };
    let message = if name.is_empty() {
        "no name provided"
    } else if name.len() > 53 || !name.split('.').all(legal) {
        "invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and \
         the length must not be longer than 53"
    } else {
        return Ok(());
    };
    Err(Error::ReleaseName {
        name: name.to_owned(),
        message,
    })
}

/// Whether a text looks at the list of API versions itself, and not only asks it `.Has`.
fn mentions_list(text: &str) -> bool {
    static LIST: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("APIVersions"));
    let text = text.as_bytes();
    let after = |at: usize| &text[at + LIST.needle().len()..];
    text.len() >= LIST.needle().len()
        && LIST
            .find_iter(text)
            .any(|at| !after(at).starts_with(b".Has"))
}

fn lists_api_versions(chart: &Chart) -> bool {
    chart.templates.iter().any(|t| mentions_list(&t.text))
        || chart.dependencies.iter().any(lists_api_versions)
}

/// The same for texts in values, which `tpl` may run.
fn value_lists_api_versions(values: &Map, depth: usize) -> bool {
    fn mentions(value: &Value, depth: usize) -> bool {
        match value {
            Value::String(text) => text.as_str().is_some_and(mentions_list),
            Value::List(list) => list.iter().any(|item| mentions(item, depth + 1)),
            // What nests too deeply to look at may hold anything.
            Value::Map(map) => {
                depth > fleet_template::value::MAX_NESTING || value_lists_api_versions(map, depth)
            }
            _ => false,
        }
    }
    values.any(|value| mentions(value, depth + 1))
}
