//! Generators and transformers that are configured by objects of their own.

use std::collections::BTreeMap;
use std::rc::Rc;

use fleet_chart::Surroundings;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::decode::{self, Unknown};
use crate::error::{Error, Result};
use crate::fieldspec::FieldSpec;
use crate::generators::{self, Kind};
use crate::helm::inflate::Inflation;
use crate::helm::{HelmChart, HelmGlobals};
use crate::iam;
use crate::kustomization::{self, GeneratorArgs, GeneratorOptions, ObjectMeta};
use crate::loader::Loader;
use crate::read;
use crate::replacements::Replacement;
use crate::resource::Resource;
use crate::schema::Schema;
use crate::selector::Selector;
use crate::transform::Transformer;
use crate::transform::entries::Entries;
use crate::transform::images::Image;
use crate::transform::names::{Affix, End};
use crate::transform::namespace::{self, Namespace, Subjects};
use crate::transform::patch::{Json6902, Patch, StrategicMerge};
use crate::transform::replicas::Replicas;
use crate::transform::value_add::{self, ValueAdd};

/// What a plugin may use.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The files of the kustomization that lists the plugin.
    pub loader: &'a Loader<'a>,
    /// The types of objects.
    pub schema: &'a Schema,
    /// What charts may ask; `None` if there may be none.
    pub charts: Option<&'a Surroundings>,
}

fn wrong(resource: &Resource, message: impl std::fmt::Display) -> Error {
    Error::new("kustomize/plugin", message).at(&resource.source.file, resource.source.line, 1)
}

/// Fails unless the configuration is for something built in.
fn check_builtin(resource: &Resource) -> Result<()> {
    let gvk = resource.gvk();
    if gvk.group.is_empty() && gvk.version == "builtin" {
        return Ok(());
    }
    let is_function = resource.annotations().is_some_and(|annotations| {
        annotations.contains("config.kubernetes.io/function")
            || annotations.contains("config.k8s.io/function")
    });
    let what = if is_function {
        "container and exec functions are not run"
    } else {
        "external plugins disabled"
    };
    Err(wrong(
        resource,
        format!("{what}; unable to load external plugin '{}'", gvk.kind),
    )
    .hint("write it as a Wasm renderer or transformer of Fleet, and run that behind this kustomization"))
}

fn config<T: DeserializeOwned>(resource: &Resource) -> Result<T> {
    let value = resource
        .node
        .to_value()
        .map_err(|error| wrong(resource, error))?;
    decode::from_value(&value, Unknown::Ignore).map_err(|error| {
        wrong(
            resource,
            format!(
                "plugin {} fails configuration: {}",
                resource.id(),
                error.message
            ),
        )
        .field(error.field())
    })
}

/// Runs the generator that an object configures.
///
/// # Errors
/// If there is none, or it fails.
pub(crate) fn generate(resource: &Resource, context: Context<'_>) -> Result<Vec<Resource>> {
    check_builtin(resource)?;
    let kind = match resource.kind() {
        "ConfigMapGenerator" => Kind::ConfigMap,
        "SecretGenerator" => Kind::Secret,
        "IAMPolicyGenerator" => {
            let made = iam::generate(&config(resource)?, resource.source.clone(), context.schema);
            return made.map_err(|error| wrong(resource, error.message()));
        }
        "HelmChartInflationGenerator" => {
            let (globals, chart): (HelmGlobals, HelmChart) = (config(resource)?, config(resource)?);
            let made = Inflation::new(&globals, &chart, context).and_then(|chart| chart.run());
            return made.map_err(|error| error.at(&resource.source.file, resource.source.line, 1));
        }
        other => {
            return Err(wrong(resource, format!("plugin {} not a generator", other)));
        }
    };
    let args: GeneratorConfig = config(resource)?;
    let args = args.into_args();
    generators::make(
        kind,
        &args,
        context.loader,
        resource.source.clone(),
        context.schema,
    )
    .map(|made| vec![made])
    .map_err(|error| error.at(&resource.source.file, resource.source.line, 1))
}

/// The configuration of a ConfigMapGenerator or SecretGenerator.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GeneratorConfig {
    metadata: ObjectMeta,
    namespace: String,
    name: String,
    behavior: String,
    literals: Vec<String>,
    files: Vec<String>,
    envs: Vec<String>,
    env: String,
    options: Option<GeneratorOptions>,
    r#type: String,
}

impl GeneratorConfig {
    fn into_args(self) -> GeneratorArgs {
        let or = |text: String, other: String| if text.is_empty() { other } else { text };
        GeneratorArgs {
            namespace: or(self.namespace, self.metadata.namespace),
            name: or(self.name, self.metadata.name),
            behavior: self.behavior,
            literals: self.literals,
            files: self.files,
            envs: self.envs,
            env: self.env,
            options: self.options,
            r#type: self.r#type,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EntriesConfig {
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
    field_specs: Vec<FieldSpec>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct AffixConfig {
    prefix: String,
    suffix: String,
    field_specs: Option<Vec<FieldSpec>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ImageConfig {
    image_tag: kustomization::Image,
    field_specs: Vec<FieldSpec>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ReplicaConfig {
    replica: kustomization::Replica,
    field_specs: Vec<FieldSpec>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Json6902Config {
    target: Option<Selector>,
    path: String,
    json_op: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct StrategicMergeConfig {
    paths: Vec<String>,
    patches: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReplacementConfig {
    replacements: Vec<Replacement>,
}

/// The transformer that an object configures.
///
/// # Errors
/// If there is none, or the configuration is wrong.
pub(crate) fn transformer(resource: &Resource, context: Context<'_>) -> Result<Transformer> {
    check_builtin(resource)?;
    let made = make(resource, context);
    made.map_err(|error| error.at(&resource.source.file, resource.source.line, 1))
}

fn make(resource: &Resource, context: Context<'_>) -> Result<Transformer> {
    let Context { loader, schema, .. } = context;
    Ok(match resource.kind() {
        "AnnotationsTransformer" => {
            let config: EntriesConfig = config(resource)?;
            Transformer::Entries(Entries {
                entries: config.annotations,
                specs: config.field_specs.into(),
            })
        }
        "LabelTransformer" => {
            let config: EntriesConfig = config(resource)?;
            Transformer::Entries(Entries {
                entries: config.labels,
                specs: config.field_specs.into(),
            })
        }
        "PrefixTransformer" => affix(resource, End::Prefix)?,
        "SuffixTransformer" => affix(resource, End::Suffix)?,
        "PrefixSuffixTransformer" => Transformer::Sequence(vec![
            affix(resource, End::Prefix)?,
            affix(resource, End::Suffix)?,
        ]),
        "HashTransformer" => Transformer::Hash,
        "ImageTagTransformer" => {
            let config: ImageConfig = config(resource)?;
            let image = Image::new(config.image_tag, config.field_specs.into())?;
            Transformer::Image(Box::new(image))
        }
        "ReplicaCountTransformer" => {
            let config: ReplicaConfig = config(resource)?;
            Transformer::Replicas(Replicas {
                replica: config.replica,
                specs: config.field_specs.into(),
            })
        }
        "NamespaceTransformer" => {
            let config: namespace::Config = config(resource)?;
            Transformer::Namespace(Namespace {
                namespace: config.metadata.namespace,
                specs: config.field_specs.into(),
                unset_only: config.unset_only,
                subjects: Subjects::parse(&config.set_role_binding_subjects)
                    .map_err(|error| error.field("setRoleBindingSubjects"))?,
            })
        }
        "PatchTransformer" => {
            let patch: kustomization::Patch = config(resource)?;
            Transformer::Patch(Patch::new(&patch, loader, schema)?)
        }
        "PatchJson6902Transformer" => {
            let config: Json6902Config = config(resource)?;
            let target = config.target.as_ref();
            Transformer::Json6902(Json6902::new(
                target,
                &config.path,
                &config.json_op,
                loader,
            )?)
        }
        "PatchStrategicMergeTransformer" => {
            let config: StrategicMergeConfig = config(resource)?;
            let patches = StrategicMerge::new(&config.paths, &config.patches, loader, schema)?;
            Transformer::StrategicMerge(patches)
        }
        "ReplacementTransformer" => {
            let config: ReplacementConfig = config(resource)?;
            Transformer::Replacements(replacements(config.replacements, loader)?)
        }
        "ValueAddTransformer" => value_add(config(resource)?, loader)?,
        other => {
            return Err(wrong(
                resource,
                format!("unable to load builtin {other}: there is no such transformer"),
            ));
        }
    })
}

fn affix(resource: &Resource, end: End) -> Result<Transformer> {
    let config: AffixConfig = config(resource)?;
    let Some(specs) = config.field_specs else {
        return Err(wrong(resource, "fieldSpecs is not expected to be nil").field("fieldSpecs"));
    };
    Ok(Transformer::Affix(Affix {
        end,
        text: match end {
            End::Prefix => config.prefix,
            End::Suffix => config.suffix,
        },
        specs: Rc::from(specs),
    }))
}

fn value_add(mut config: value_add::Config, loader: &Loader<'_>) -> Result<Transformer> {
    let mut value = config.value.trim().to_owned();
    if value.is_empty() {
        value = loader
            .root()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
    }
    if !config.target_file_path.is_empty() {
        let text = loader
            .read_text(&config.target_file_path)
            .map_err(|error| error.field("targetFilePath"))?;
        let more: value_add::Config = decode_text(&text)?;
        config.targets.extend(more.targets);
    }
    ValueAdd::new(value, config.targets).map(Transformer::ValueAdd)
}

fn decode_text<T: DeserializeOwned>(text: &str) -> Result<T> {
    let value = fleet_yaml::from_str(text, fleet_yaml::Duplicates::LastWins)
        .map_err(|error| Error::new("kustomize/plugin", error.message))?;
    decode::from_value(&value, Unknown::Ignore)
        .map_err(|error| Error::new("kustomize/plugin", &error.message).field(error.field()))
}

/// The replacements of a list, with those that stand in files.
///
/// # Errors
/// If a file cannot be read, or an entry names one and is a replacement itself.
pub(crate) fn replacements(
    fields: Vec<Replacement>,
    loader: &Loader<'_>,
) -> Result<Vec<Replacement>> {
    let mut replacements = Vec::with_capacity(fields.len());
    for (n, field) in fields.into_iter().enumerate() {
        let at = |error: Error| error.field(format!("[{n}]"));
        if field.path.is_empty() {
            replacements.push(field);
            continue;
        }
        if field.source.is_some()
            || field
                .targets
                .as_ref()
                .is_some_and(|targets| !targets.is_empty())
        {
            let message = "cannot specify both path and inline replacement";
            return Err(at(Error::new("kustomize/replacement", message)));
        }
        let text = loader
            .read_text(&field.path)
            .map_err(|error| at(error.field("path")))?;
        let file = loader.path(&field.path).map_err(at)?;
        let value =
            fleet_yaml::from_str(&text, fleet_yaml::Duplicates::LastWins).map_err(|error| {
                Error::new("kustomize/replacement", &error.message).at(
                    &file,
                    error.line,
                    error.column,
                )
            })?;
        let decoded = if value.is_array() {
            decode::from_value::<Vec<Replacement>>(&value, Unknown::Ignore)
        } else if value.is_object() {
            decode::from_value(&value, Unknown::Ignore).map(|one| vec![one])
        } else {
            let message = "unsupported replacement type encountered within replacement path";
            return Err(Error::new("kustomize/replacement", message).at(&file, 1, 1));
        };
        replacements.extend(decoded.map_err(|error| {
            Error::new("kustomize/replacement", &error.message)
                .at(&file, 1, 1)
                .field(error.field())
        })?);
    }
    Ok(replacements)
}

/// Whether the text of an entry of `generators`, `transformers` or `validators` holds objects, not a path.
pub(crate) fn inline(text: &str, schema: &Schema) -> Option<Vec<Resource>> {
    read::resources(text, "", schema).ok()
}
