//! The transformers and validators of a kustomization.

use std::rc::Rc;

use serde_json::Value;

use super::{Accumulator, Target, configured_by};
use crate::error::{Error, Result};
use crate::fieldspec::{self, Config, FieldSpec, InForce};
use crate::kustomization::Label;
use crate::plugin::{self, Context};
use crate::resource::Resource;
use crate::transform::entries::Entries;
use crate::transform::images::Image;
use crate::transform::names::{Affix, End};
use crate::transform::namespace::{Namespace, Subjects};
use crate::transform::patch::{Json6902, Patch, StrategicMerge};
use crate::transform::replicas::Replicas;
use crate::transform::{Place, Transformation, Transformer};

impl Target<'_> {
    pub(super) fn transform(&mut self, into: &mut Accumulator) -> Result<()> {
        let config = into.config.as_ref().unwrap_or(&InForce::Builtin);
        let mut transformations = self.builtin_transformations(config)?;
        let entries = self.kustomization().transformers.clone();
        transformations.extend(self.plugin_transformations("transformers", &entries)?);
        transformations
            .iter()
            .try_for_each(|transformation| transformation.apply(&mut into.map, &self.schema))
    }

    fn plugin_transformations(
        &mut self,
        field: &str,
        entries: &[String],
    ) -> Result<Vec<Transformation>> {
        let mut transformations = Vec::new();
        for configuration in self.plugins(field, entries)? {
            let context = Context {
                loader: &self.loader,
                schema: &self.schema,
                charts: self.charts,
            };
            transformations.push(Transformation {
                transformer: plugin::transformer(&configuration, context)?,
                origin: configured_by(&configuration),
                place: Place {
                    file: configuration.source.file.clone(),
                    line: configuration.source.line,
                    column: 1,
                    field: String::new(),
                },
            });
        }
        Ok(transformations)
    }

    fn builtin_transformations(&self, config: &InForce) -> Result<Vec<Transformation>> {
        let k = self.kustomization();
        let mut list = Vec::new();
        let mut push = |field: String, kind: &str, transformer: Result<Transformer>| {
            list.push(Transformation {
                transformer: transformer.map_err(|error| self.file.locate(error, &field))?,
                origin: self.configured(kind),
                place: self.place(field),
            });
            Ok::<_, Error>(())
        };
        let (loader, schema) = (&self.loader, &self.schema);
        let specs = |of: fn(&Config) -> &Vec<FieldSpec>| -> Rc<[FieldSpec]> {
            Rc::from(of(&config.get()).as_slice())
        };
        if let Some(paths) = k.patches_strategic_merge.as_ref().filter(|p| !p.is_empty()) {
            let patches = StrategicMerge::new(paths, "", loader, schema);
            push(
                "patchesStrategicMerge".to_owned(),
                "PatchStrategicMergeTransformer",
                patches.map(Transformer::StrategicMerge),
            )?;
        }
        for (n, patch) in k.patches.iter().enumerate() {
            push(
                format!("patches[{n}]"),
                "PatchTransformer",
                Patch::new(patch, loader, schema).map(Transformer::Patch),
            )?;
        }
        if !k.namespace.is_empty() {
            let namespace = Namespace {
                namespace: k.namespace.clone(),
                specs: specs(|config| &config.namespace),
                unset_only: false,
                subjects: Subjects::Default,
            };
            push(
                "namespace".to_owned(),
                "NamespaceTransformer",
                Ok(Transformer::Namespace(namespace)),
            )?;
        }
        for (end, field, kind, text) in [
            (
                End::Prefix,
                "namePrefix",
                "PrefixTransformer",
                &k.name_prefix,
            ),
            (
                End::Suffix,
                "nameSuffix",
                "SuffixTransformer",
                &k.name_suffix,
            ),
        ] {
            if !text.is_empty() {
                let affix = Affix {
                    end,
                    text: text.clone(),
                    specs: specs(match end {
                        End::Prefix => |config| &config.name_prefix,
                        End::Suffix => |config| &config.name_suffix,
                    }),
                };
                push(field.to_owned(), kind, Ok(Transformer::Affix(affix)))?;
            }
        }
        let common_labels = k.common_labels.clone().unwrap_or_default();
        for (n, label) in k.labels.iter().enumerate() {
            let entries = label_specs(label, &config.get())
                .map(|specs| Entries {
                    entries: label.pairs.clone(),
                    specs: specs.into(),
                })
                .map_err(|error| {
                    Error::new(
                        "kustomize/invalid",
                        format!("failed to merge labels: {error}"),
                    )
                });
            push(
                format!("labels[{n}]"),
                "LabelTransformer",
                entries.map(Transformer::Entries),
            )?;
        }
        if !k.labels.is_empty() || !common_labels.is_empty() {
            let entries = Entries {
                entries: common_labels,
                specs: specs(|config| &config.common_labels),
            };
            push(
                "commonLabels".to_owned(),
                "LabelTransformer",
                Ok(Transformer::Entries(entries)),
            )?;
        }
        if !k.common_annotations.is_empty() {
            let entries = Entries {
                entries: k.common_annotations.clone(),
                specs: specs(|config| &config.common_annotations),
            };
            push(
                "commonAnnotations".to_owned(),
                "AnnotationsTransformer",
                Ok(Transformer::Entries(entries)),
            )?;
        }
        for (n, patch) in k.patches_json6902.iter().flatten().enumerate() {
            let json = Json6902::new(patch.target.as_ref(), &patch.path, &patch.patch, loader);
            push(
                format!("patchesJson6902[{n}]"),
                "PatchJson6902Transformer",
                json.map(Transformer::Json6902),
            )?;
        }
        for (n, replica) in k.replicas.iter().enumerate() {
            let replicas = Replicas {
                replica: replica.clone(),
                specs: specs(|config| &config.replicas),
            };
            push(
                format!("replicas[{n}]"),
                "ReplicaCountTransformer",
                Ok(Transformer::Replicas(replicas)),
            )?;
        }
        for (n, image) in k.images.iter().enumerate() {
            let image = Image::new(image.clone(), specs(|config| &config.images));
            push(
                format!("images[{n}]"),
                "ImageTagTransformer",
                image.map(|image| Transformer::Image(Box::new(image))),
            )?;
        }
        if !k.replacements.is_empty() {
            let mut replacements = k.replacements.clone();
            for replacement in &mut replacements {
                // Kustomize hands the list on without what is empty.
                replacement.targets = replacement.targets.take().filter(|list| !list.is_empty());
            }
            let replacements = plugin::replacements(replacements, loader);
            push(
                "replacements".to_owned(),
                "ReplacementTransformer",
                replacements.map(Transformer::Replacements),
            )?;
        }
        Ok(list)
    }

    /// Validators may look at the objects, and change nothing but a label that says that they did.
    pub(super) fn validate(&mut self, into: &mut Accumulator) -> Result<()> {
        let entries = self.kustomization().validators.clone();
        if entries.is_empty() {
            return Ok(());
        }
        for validator in self.plugin_transformations("validators", &entries)? {
            let mut validated = into.map.clone();
            validator.transformer.apply(&mut validated, &self.schema)?;
            for item in validated.items_mut() {
                if let Some(labels) = item.node.lookup_mut(&["metadata", "labels"]) {
                    labels.remove("validated-by");
                }
            }
            let same = validated.items().len() == into.map.items().len()
                && validated
                    .items()
                    .iter()
                    .zip(into.map.items())
                    .all(|(a, b)| values(a) == values(b));
            if !same {
                let message = "validator shouldn't modify the resource map";
                return Err(validator
                    .place
                    .locate(Error::new("kustomize/validator", message)));
            }
        }
        Ok(())
    }
}

fn values(resource: &Resource) -> Option<Value> {
    let mut value = resource.node.to_value().ok()?;
    if let Some(meta) = value.get_mut("metadata").and_then(Value::as_object_mut)
        && meta
            .get("labels")
            .and_then(Value::as_object)
            .is_some_and(serde_json::Map::is_empty)
    {
        meta.remove("labels");
    }
    Some(value)
}

/// The mappings that get the labels of one entry of `labels`.
fn label_specs(
    label: &Label,
    config: &Config,
) -> std::result::Result<Vec<FieldSpec>, fieldspec::Error> {
    let mut specs = label.fields.clone();
    fieldspec::merge_all(&mut specs, &config.labels)?;
    if label.include_selectors {
        fieldspec::merge_all(&mut specs, &config.common_labels)?;
    } else {
        if label.include_templates {
            fieldspec::merge_all(&mut specs, &config.template_labels)?;
        }
        fieldspec::merge_one(&mut specs, FieldSpec::new("metadata/labels", true))?;
    }
    Ok(specs)
}
