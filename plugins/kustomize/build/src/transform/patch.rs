//! `patches`, `patchesStrategicMerge` and `patchesJson6902`

use std::borrow::Cow;

use crate::error::{Error, Result};
use crate::field::text;
use crate::json6902;
use crate::kustomization;
use crate::loader::Loader;
use crate::merge;
use crate::node::{Mapping, Node};
use crate::read;
use crate::resmap::ResMap;
use crate::resource::Resource;
use crate::schema::Schema;
use crate::selector::{Matcher, Selector};

/// Strategic merge patches, each for the object that it names.
#[derive(Clone, Debug)]
pub(crate) struct StrategicMerge {
    patches: Vec<Resource>,
}

/// One entry of `patches`.
#[derive(Clone, Debug)]
pub(crate) struct Patch {
    form: Form,
    /// The objects that are patched, if the entry says so itself.
    target: Option<Matcher>,
    allow: Allow,
    /// The file or the text, for messages.
    source: String,
}

#[derive(Clone, Debug)]
enum Form {
    Strategic(Vec<Resource>),
    Json(json6902::Patch),
}

/// What a patch may change besides content.
#[derive(Clone, Copy, Debug, Default)]
struct Allow {
    name: bool,
    kind: bool,
}

/// One entry of `patchesJson6902`.
#[derive(Clone, Debug)]
pub(crate) struct Json6902 {
    patch: json6902::Patch,
    target: Matcher,
}

fn patch_error(message: impl std::fmt::Display) -> Error {
    Error::new("kustomize/patch", message)
}

fn compile(selector: &Selector) -> Result<Matcher> {
    selector
        .compile()
        .map_err(|error| Error::new("kustomize/invalid", error).field("target"))
}

impl StrategicMerge {
    /// Patches from files or from the text itself.
    ///
    /// # Errors
    /// If a file cannot be read or is no patch.
    pub(crate) fn new(
        paths: &[String],
        text: &str,
        loader: &Loader<'_>,
        schema: &Schema,
    ) -> Result<Self> {
        if paths.is_empty() && text.is_empty() {
            return Err(patch_error("empty file path and empty patch content"));
        }
        let mut patches = Vec::new();
        for (n, path) in paths.iter().enumerate() {
            // The text of a patch may stand in the place of its path.
            match read::resources(path, "", schema) {
                Ok(read) => patches.extend(read),
                Err(_) => {
                    let read = loader
                        .read_text(path)
                        .and_then(|text| read::resources(&text, &loader.path(path)?, schema));
                    patches.extend(read.map_err(|error| error.field(format!("[{n}]")))?);
                }
            }
        }
        if !text.is_empty() {
            patches.extend(read::resources(text, "", schema)?);
        }
        if patches.is_empty() {
            return Err(patch_error(format!(
                "patch appears to be empty; files={paths:?}"
            )));
        }
        Ok(Self { patches })
    }

    /// Changes the objects.
    ///
    /// # Errors
    /// If there is not exactly one object for a patch, or the two do not fit together.
    pub(crate) fn apply(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        for patch in &self.patches {
            let located = |error: Error| error.at(&patch.source.file, patch.source.line, 1);
            let index = map.by_id(&patch.original_id()).map_err(located)?;
            let item = &mut map.items_mut()[index];
            apply_strategic(
                item,
                patch,
                &rewritten(&patch.node),
                Allow::default(),
                schema,
            )?;
            map.drop_empty();
        }
        Ok(())
    }
}

impl Patch {
    /// One entry of `patches`.
    ///
    /// # Errors
    /// If it names no patch or two, the file cannot be read, or it is neither a strategic merge nor a JSON patch.
    pub(crate) fn new(
        args: &kustomization::Patch,
        loader: &Loader<'_>,
        schema: &Schema,
    ) -> Result<Self> {
        let inline = args.patch.trim();
        let (text, file, source) = match (inline, args.path.as_str()) {
            ("", "") => return Err(patch_error("must specify one of patch and path")),
            ("", path) => {
                let text = loader.read_text(path).map_err(|error| {
                    error
                        .context(format!("failed to get the patch file from path({path})"))
                        .field("path")
                })?;
                let file = if crate::loader::is_remote(path) {
                    path.to_owned()
                } else {
                    loader.path(path)?
                };
                (Cow::Owned(text), file, format!("[path: {path:?}]"))
            }
            (inline, "") => (
                Cow::Borrowed(inline),
                String::new(),
                format!("[patch: {inline:?}]"),
            ),
            _ => return Err(patch_error("patch and path can't be set at the same time")),
        };
        let form = Form::detect(&text, &file, &source, schema)?;
        let target = args.target.as_ref().map(compile).transpose()?;
        let option = |name: &str| args.options.get(name).copied().unwrap_or(false);
        Ok(Self {
            form,
            target,
            allow: Allow {
                name: option("allowNameChange"),
                kind: option("allowKindChange"),
            },
            source,
        })
    }

    /// Changes the objects.
    ///
    /// # Errors
    /// If there is no object for a patch, or the two do not fit together.
    pub(crate) fn apply(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        match (&self.form, &self.target) {
            (Form::Strategic(patches), None) => patches.iter().try_for_each(|patch| {
                let located = |error: Error| {
                    error
                        .context(format!(
                            "no resource matches strategic merge patch \"{}\"",
                            patch.id()
                        ))
                        .at(&patch.source.file, patch.source.line, 1)
                };
                let index = map.by_id(&patch.original_id()).map_err(located)?;
                let item = &mut map.items_mut()[index];
                apply_strategic(item, patch, &patch.node, self.allow, schema)
            }),
            (Form::Strategic(patches), Some(target)) => match patches.as_slice() {
                [patch] => self.apply_to_targets(patch, target, map, schema),
                _ => Err(patch_error(format!(
                    "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: {}",
                    self.source
                ))),
            },
            (Form::Json(_), None) => Err(patch_error(format!(
                "must specify a target for JSON patch {}",
                self.source
            ))
            .field("target")),
            (Form::Json(patch), Some(target)) => {
                for item in map.items_mut() {
                    if target.matches(item) {
                        item.remember();
                        apply_json(item, patch, schema)?;
                    }
                }
                Ok(())
            }
        }
    }

    fn apply_to_targets(
        &self,
        patch: &Resource,
        target: &Matcher,
        map: &mut ResMap,
        schema: &Schema,
    ) -> Result<()> {
        let mut adapted = rewritten(&patch.node);
        for item in map.items_mut() {
            if !target.matches(item) {
                continue;
            }
            // The patch speaks of the version that its target has.
            adapted.set("apiVersion", Node::string(item.api_version()));
            apply_strategic(item, patch, &adapted, self.allow, schema)?;
        }
        map.drop_empty();
        map.check_ids("may not add resource with an already registered id")
    }
}

impl Form {
    fn detect(text: &str, file: &str, source: &str, schema: &Schema) -> Result<Self> {
        let strategic = read::resources(text, file, schema);
        let json = json6902::Patch::parse(text);
        match (strategic, json) {
            (Ok(patches), Ok(json)) if !patches.is_empty() && !json.is_empty() => Err(patch_error(
                format!("illegally qualifies as both an SM and JSON patch: {source}"),
            )),
            (Ok(patches), Ok(json)) if patches.is_empty() => Ok(Self::Json(json)),
            (Ok(patches), Err(_)) if patches.is_empty() => {
                Err(patch_error(format!("the patch is empty: {source}")).at(file, 1, 1))
            }
            (Ok(patches), _) => Ok(Self::Strategic(patches)),
            (Err(_), Ok(json)) => Ok(Self::Json(json)),
            (Err(strategic), Err(json)) => {
                let context = format!("unable to parse SM or JSON patch from {source}");
                Err(if text.trim_start().starts_with(['[', '-']) {
                    patch_error(json).at(file, 1, 1).context(context)
                } else {
                    strategic.context(context)
                })
            }
        }
    }
}

impl Json6902 {
    /// One entry of `patchesJson6902`.
    ///
    /// # Errors
    /// If it names no target, no patch or two, or the file cannot be read or is no JSON patch.
    pub(crate) fn new(
        target: Option<&Selector>,
        path: &str,
        json: &str,
        loader: &Loader<'_>,
    ) -> Result<Self> {
        let target = match target {
            Some(target) if !target.name.is_empty() => compile(target)?,
            _ => return Err(patch_error("must specify the target name").field("target.name")),
        };
        let (text, file) = match (path, json) {
            ("", "") => return Err(patch_error("empty file path and empty jsonOp")),
            ("", json) => (Cow::Borrowed(json), String::new()),
            (path, "") => {
                let text = loader
                    .read_text(path)
                    .map_err(|error| error.field("path"))?;
                if text.is_empty() {
                    let message = format!("patch file '{path}' empty seems to be empty");
                    return Err(patch_error(message));
                }
                (Cow::Owned(text), path.to_owned())
            }
            _ => {
                return Err(patch_error("must specify a file path or jsonOp, not both"));
            }
        };
        let patch = json6902::Patch::parse(&text).map_err(|error| match file.as_str() {
            "" => patch_error(error),
            file => patch_error(error).at(&loader.path(file).unwrap_or_default(), 1, 1),
        })?;
        if patch.is_empty() {
            return Err(patch_error(format!(
                "patch appears to be empty; file={file}"
            )));
        }
        Ok(Self { patch, target })
    }

    /// Changes the objects.
    ///
    /// # Errors
    /// If the patch does not fit to an object.
    pub(crate) fn apply(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        for item in map.items_mut() {
            if self.target.matches(item) {
                apply_json(item, &self.patch, schema)?;
            }
        }
        Ok(())
    }
}

fn apply_strategic(
    item: &mut Resource,
    patch: &Resource,
    content: &Node,
    allow: Allow,
    schema: &Schema,
) -> Result<()> {
    let (name, namespace) = (item.name().to_owned(), item.namespace().to_owned());
    let kind = item.kind().to_owned();
    if allow.name || allow.kind {
        item.remember();
    }
    item.expose_origin();
    let target = std::mem::replace(&mut item.node, Node::null());
    let merged = merge::strategic_merge(target, content, schema).map_err(|error| {
        patch_error(format!(
            "cannot apply the patch to {kind} `{name}`: {error}"
        ))
        .at(&patch.source.file, patch.source.line, 1)
    })?;
    let Some(merged) = merged else {
        return Ok(());
    };
    item.node = merged;
    if item.n_shared > 0 {
        item.node.spread_shared();
    }
    item.hide_origin();
    if item.node.is_empty() {
        return Ok(());
    }
    if !allow.kind {
        item.set_kind(&kind);
    }
    if !allow.name {
        item.set_name(&name);
    }
    item.set_namespace(&namespace);
    item.refresh(schema);
    Ok(())
}

fn apply_json(item: &mut Resource, patch: &json6902::Patch, schema: &Schema) -> Result<()> {
    // What kustomize remembers of an object stands in its annotations, so that these are there to be added to.
    if item.has_build_annotations() {
        item.node.mapping_at(&["metadata", "annotations"]);
    }
    item.expose_origin();
    patch.apply(&mut item.node).map_err(|error| {
        patch_error(format!(
            "cannot apply the JSON patch to {} `{}`: {error}",
            item.kind(),
            item.name()
        ))
    })?;
    if let Some(metadata) = item.node.mapping_at(&["metadata"]) {
        rewrite(metadata, "annotations");
    }
    item.hide_origin();
    item.refresh(schema);
    Ok(())
}

/// The copy of a patch that kustomize applies where the patch is not of an entry of `patches` without a target.
fn rewritten(patch: &Node) -> Node {
    let mut patch = patch.clone();
    if let Some(metadata) = patch.mapping_at(&["metadata"]) {
        rewrite(metadata, "labels");
        rewrite(metadata, "annotations");
    }
    patch
}

/// Writes labels or annotations anew, as kustomize does when it sets them: all values become text, even null, and
/// what holds none goes.
fn rewrite(metadata: &mut Mapping, field: &str) {
    let Some(old) = metadata.remove(field) else {
        return;
    };
    let Node::Mapping(old) = old else { return };
    let new: Mapping = old
        .into_iter()
        .map(|(key, value)| (key, Node::string(text(&value))))
        .collect();
    if !new.is_empty() {
        metadata.set(field, Node::Mapping(new));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rewritten_labels_are_text() {
        for (before, after) in [
            (
                "{labels: {a: null, b: 5, c: x, d: {e: f}}}",
                "{labels: {a: 'null', b: '5', c: x, d: ''}}",
            ),
            ("{labels: null}", "{}"),
            ("{labels: {}}", "{}"),
            ("{labels: [a]}", "{}"),
            ("{name: x}", "{name: x}"),
        ] {
            let node = |text| Node::from_yaml(fleet_yaml::parse(text).unwrap().unwrap()).unwrap();
            let mut metadata = node(before);
            rewrite(metadata.as_mapping_mut().unwrap(), "labels");
            assert_eq!(
                metadata.to_value().unwrap(),
                node(after).to_value().unwrap(),
                "{before}"
            );
        }
    }
}
