//! What a kustomization adds up to: objects, field specifications and vars, gathered through all its bases.

use std::rc::Rc;

use fleet_chart::Surroundings;

use crate::error::{Error, Result};
use crate::fieldspec::{Config, InForce};
use crate::generators::{self, Kind};
use crate::helm::HelmGlobals;
use crate::helm::inflate::Inflation;
use crate::kustomization::{COMPONENT, File, GeneratorOptions, Kustomization};
use crate::loader::{Found, Loader};
use crate::origin::{ConfiguredBy, Origin};
use crate::plugin::{self, Context};
use crate::read;
use crate::references;
use crate::resmap::ResMap;
use crate::resource::{Resource, Source};
use crate::schema::Schema;
use crate::transform::{Place, names};
use crate::vars::VarSet;

mod transformations;

/// What has been gathered.
#[derive(Debug, Default)]
pub(crate) struct Accumulator {
    pub(crate) map: ResMap,
    config: Option<InForce>,
    vars: VarSet,
}

impl Accumulator {
    /// Merges field specifications into those that are there, if only into none.
    fn merge_config(&mut self, other: &InForce) -> Result<()> {
        let config = match (self.config.take(), other) {
            // Nearly all kustomizations have the built-in ones only.
            (None | Some(InForce::Settled), InForce::Builtin | InForce::Settled) => {
                InForce::Settled
            }
            (Some(InForce::Own(own)), InForce::Own(other)) if Rc::ptr_eq(&own, other) => {
                InForce::Own(own)
            }
            (config, other) => {
                let config = config.map_or_else(Rc::default, |config| config.get());
                let merged = config
                    .merge(&other.get())
                    .map_err(|error| Error::new("kustomize/configuration", error))?;
                InForce::Own(Rc::new(merged))
            }
        };
        self.config = Some(config);
        Ok(())
    }

    fn merge(&mut self, other: Self) -> Result<()> {
        self.map.append_all(other.map.into_items())?;
        if let Some(config) = other.config {
            self.merge_config(&config)?;
        }
        self.vars.merge_all(other.vars)
    }

    /// Puts names, references and vars right, once everything is there; gives back the vars that stand nowhere.
    pub(crate) fn complete(&mut self) -> Result<Vec<String>> {
        let config = self.config.as_ref().unwrap_or(&InForce::Builtin);
        names::add_hashes(&mut self.map)?;
        references::fix(&mut self.map, config)?;
        self.vars.resolve(&mut self.map, config)
    }
}

/// One kustomization that is being built.
pub(crate) struct Target<'a> {
    pub(crate) loader: Loader<'a>,
    pub(crate) file: File,
    /// Where it is, as seen from the folder that is built; only if that is to be written down.
    pub(crate) origin: Option<Origin>,
    pub(crate) schema: Schema,
    /// What charts may ask, if there may be any.
    pub(crate) charts: Option<&'a Surroundings>,
    pub(crate) warnings: Vec<crate::build::Warning>,
}

impl<'a> Target<'a> {
    /// Reads the kustomization of a folder.
    pub(crate) fn load(
        loader: Loader<'a>,
        schema: Schema,
        charts: Option<&'a Surroundings>,
    ) -> Result<Self> {
        let (path, name, text) = loader.kustomization()?;
        let file = File::read(&path, name, &text)?;
        let warnings = file
            .deprecated
            .iter()
            .map(|(old, new)| {
                let (line, column) = file.place(old);
                crate::build::Warning {
                    code: "kustomize/deprecated",
                    message: format!("'{old}' is deprecated. Please use '{new}' instead"),
                    file: path.clone(),
                    line,
                    column,
                }
            })
            .collect();
        Ok(Self {
            loader,
            file,
            origin: None,
            schema,
            charts,
            warnings,
        })
    }

    pub(crate) fn kustomization(&self) -> &Kustomization {
        &self.file.kustomization
    }

    /// Brings the types into force that the kustomization asks for.
    pub(crate) fn set_schema(&self, outermost: bool) -> Result<()> {
        let openapi = &self.kustomization().openapi;
        let at = |error: Error| self.file.locate(error, "openapi");
        let document = match openapi.get("path") {
            Some(path) => Some(self.loader.read_text(path).map_err(at)?),
            None => None,
        };
        self.schema
            .set(
                openapi.get("version").map(String::as_str),
                document.as_deref(),
                outermost,
            )
            .map_err(|error| at(Error::new("kustomize/openapi", error)))
    }

    /// Gathers everything, starting from what is there already.
    pub(crate) fn accumulate(&mut self, mut into: Accumulator) -> Result<Accumulator> {
        let resources = self.kustomization().resources.clone();
        for (n, path) in resources.iter().enumerate() {
            let field = format!("resources[{n}]");
            self.add(&mut into, path)
                .map_err(|error| self.file.locate(error, &field))?;
        }
        self.add_configurations(&mut into)?;
        self.generate(&mut into.map)?;
        let components = self.kustomization().components.clone();
        for (n, path) in components.iter().enumerate() {
            let field = format!("components[{n}]");
            into = self
                .add_component(into, path)
                .map_err(|error| self.file.locate(error, &field))?;
        }
        self.transform(&mut into)?;
        self.validate(&mut into)?;
        let vars = self.file.kustomization.vars.take().unwrap_or_default();
        into.vars
            .add(vars, &mut into.map)
            .map_err(|error| self.file.locate(error, "vars"))?;
        Ok(into)
    }

    /// Adds the objects of a file, or everything of a folder.
    fn add(&mut self, into: &mut Accumulator, path: &str) -> Result<()> {
        match self.loader.find(path)? {
            Found::File(full, content) => {
                let text = String::from_utf8(content).map_err(|_| {
                    Error::new("kustomize/file", format!("`{path}` is not UTF-8 text"))
                })?;
                let mut resources = read::resources(&text, &full, &self.schema)?;
                if let Some(origin) = &self.origin {
                    for resource in &mut resources {
                        resource.origin = Some(origin.append(path));
                    }
                }
                into.map.append_all(resources)
            }
            Found::Folder => {
                let mut child = self.enter(path)?;
                if child.kustomization().kind == COMPONENT {
                    return Err(Error::new(
                        "kustomize/component",
                        format!("expected kind != 'Component' for path `{path}`"),
                    )
                    .hint("list it under `components`"));
                }
                let made = child.accumulate(Accumulator::default())?;
                self.warnings.append(&mut child.warnings);
                into.merge(made)
            }
        }
    }

    /// Components work on what is there already.
    fn add_component(&mut self, into: Accumulator, path: &str) -> Result<Accumulator> {
        let mut child = self.enter(path)?;
        let kind = &child.kustomization().kind;
        if kind != COMPONENT {
            return Err(Error::new(
                "kustomize/component",
                format!("expected kind 'Component' for path `{path}` but got '{kind}'"),
            )
            .hint("list it under `resources`"));
        }
        let made = child.accumulate(into)?;
        self.warnings.append(&mut child.warnings);
        // As kustomize does, which finds here what has got the same id as another.
        let mut merged = Accumulator::default();
        merged.merge(made)?;
        Ok(merged)
    }

    fn enter(&self, path: &str) -> Result<Self> {
        let loader = self.loader.enter(path)?;
        let mut child = Target::load(loader, self.schema.clone(), self.charts)?;
        child.origin = self.origin.as_ref().map(|origin| origin.append(path));
        child.set_schema(false)?;
        Ok(child)
    }

    fn add_configurations(&self, into: &mut Accumulator) -> Result<()> {
        let kustomization = self.kustomization();
        let mut config = InForce::Builtin;
        if !kustomization.configurations.is_empty() {
            let mut own = Config::default();
            for (n, path) in kustomization.configurations.iter().enumerate() {
                let at = |error: Error| self.file.locate(error, &format!("configurations[{n}]"));
                let text = self.loader.read_text(path).map_err(at)?;
                own = Config::parse(&text)
                    .and_then(|read| own.merge(&read))
                    .map_err(|error| {
                        let file = self.loader.path(path).unwrap_or_default();
                        at(Error::new("kustomize/configuration", error).at(&file, 0, 0))
                    })?;
            }
            let merged = config.get().merge(&own).map_err(|error| {
                let error = Error::new("kustomize/configuration", error);
                self.file.locate(error, "configurations")
            })?;
            config = InForce::Own(Rc::new(merged));
        }
        into.merge_config(&config)?;
        let mut crds = Config::default();
        for (n, path) in kustomization.crds.iter().enumerate() {
            let at = |error: Error| self.file.locate(error, &format!("crds[{n}]"));
            let text = self.loader.read_text(path).map_err(at)?;
            crds = crate::crds::config(&text)
                .and_then(|read| {
                    crds.merge(&read)
                        .map_err(|error| Error::new("kustomize/crds", error))
                })
                .map_err(|error| at(error.at(&self.loader.path(path).unwrap_or_default(), 0, 0)))?;
        }
        if !kustomization.crds.is_empty() {
            into.merge_config(&InForce::Own(Rc::new(crds)))?;
        }
        Ok(())
    }

    fn generate(&mut self, map: &mut ResMap) -> Result<()> {
        let kustomization = self.kustomization();
        let global = kustomization.generator_options.as_ref();
        let mut made: Vec<(Resource, Option<Origin>)> = Vec::new();
        for (kind, field, list) in [
            (
                Kind::ConfigMap,
                "configMapGenerator",
                &kustomization.config_map_generator,
            ),
            (
                Kind::Secret,
                "secretGenerator",
                &kustomization.secret_generator,
            ),
        ] {
            for (n, args) in list.iter().enumerate() {
                let field = format!("{field}[{n}]");
                let mut args = args.clone();
                args.options = GeneratorOptions::merged(args.options.as_ref(), global);
                let source = self.source(&field);
                let resource = generators::make(kind, &args, &self.loader, source, &self.schema)
                    .map_err(|error| self.file.locate(error, &field))?;
                let origin = self.configured(kind.plugin());
                made.push((resource, origin));
            }
        }
        for resource in self.inflate()? {
            made.push((resource, self.configured("HelmChartInflationGenerator")));
        }
        let generators = kustomization.generators.clone();
        for configuration in self.plugins("generators", &generators)? {
            let origin = configured_by(&configuration);
            let context = Context {
                loader: &self.loader,
                schema: &self.schema,
                charts: self.charts,
            };
            let resources = plugin::generate(&configuration, context)
                .map_err(|error| self.file.locate(error, "generators"))?;
            made.extend(resources.into_iter().map(|made| (made, origin.clone())));
        }
        for (mut resource, origin) in made {
            resource.origin = origin;
            map.absorb(resource)
                .map_err(|error| error.at(&self.file.path, 0, 0))?;
        }
        Ok(())
    }

    /// The objects of all charts.
    fn inflate(&self) -> Result<Vec<Resource>> {
        let kustomization = self.kustomization();
        let none = HelmGlobals::default();
        let globals = kustomization.helm_globals.as_ref().unwrap_or(&none);
        let context = Context {
            loader: &self.loader,
            schema: &self.schema,
            charts: self.charts,
        };
        let at =
            |n: usize| move |error: Error| self.file.locate(error, &format!("helmCharts[{n}]"));
        let charts = kustomization.helm_charts.iter().enumerate();
        let charts: Vec<Inflation<'_>> = charts
            .map(|(n, chart)| Inflation::new(globals, chart, context).map_err(at(n)))
            .collect::<Result<_>>()?;
        let mut resources = Vec::new();
        for (n, chart) in charts.iter().enumerate() {
            resources.extend(chart.run().map_err(at(n))?);
        }
        Ok(resources)
    }

    fn source(&self, field: &str) -> Source {
        Source {
            file: self.file.path.clone(),
            line: self.file.place(field).0,
        }
    }

    fn place(&self, field: String) -> Place {
        let (line, column) = self.file.place(&field);
        Place {
            file: self.file.path.clone(),
            line,
            column,
            field,
        }
    }

    fn configured(&self, kind: &str) -> Option<Origin> {
        let origin = self.origin.as_ref()?;
        Some(origin.configured(&self.file.name, kind))
    }

    /// The configurations of generators, transformers or validators: texts, files and folders.
    fn plugins(&mut self, field: &str, entries: &[String]) -> Result<Vec<Resource>> {
        let mut gathered = Accumulator::default();
        let mut paths = Vec::new();
        for (n, entry) in entries.iter().enumerate() {
            match plugin::inline(entry, &self.schema) {
                None => paths.push((n, entry)),
                Some(mut resources) => {
                    for resource in &mut resources {
                        resource.source = self.source(&format!("{field}[{n}]"));
                        resource.origin = self
                            .origin
                            .as_ref()
                            .map(|origin| origin.append(&self.file.name));
                    }
                    gathered.map.append_all(resources)?;
                }
            }
        }
        for (n, path) in paths {
            self.add(&mut gathered, path)
                .map_err(|error| self.file.locate(error, &format!("{field}[{n}]")))?;
        }
        Ok(gathered.map.into_items())
    }
}

impl Kind {
    fn plugin(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMapGenerator",
            Self::Secret => "SecretGenerator",
        }
    }
}

/// What `buildMetadata` says about what the object configures.
fn configured_by(configuration: &Resource) -> Option<Origin> {
    let origin = configuration.origin.as_ref()?;
    Some(Origin {
        path: String::new(),
        configured_in: origin.path.clone(),
        configured_by: Some(ConfiguredBy {
            api_version: configuration.api_version().to_owned(),
            kind: configuration.kind().to_owned(),
            name: configuration.name().to_owned(),
            namespace: configuration.namespace().to_owned(),
        }),
    })
}
