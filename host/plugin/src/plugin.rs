//! One component: loaded, asked for its name, and called.

use std::fmt;
use std::sync::Arc;

use fleet_core::diagnostic::{Diagnostic, Location};
use fleet_core::digest::Digest;
use fleet_core::rendered::{Failure, Manifest, Output, Rendered};
use serde_json::Value;
use wasmtime::component::{Component, InstancePre};

use crate::bindings::exports::fleet::plugin::{health, metadata, policy, renderer, transformer};
use crate::call::{self, Call};
use crate::error::{Cause, LoadError};
use crate::host::State;
use crate::{Context, Engine, Limits, convert, imports};

/// A kind of plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum World {
    /// Turns files and settings into manifests.
    Renderer,
    /// Changes manifests, or files before they are read.
    Transformer,
    /// Judges objects.
    Policy,
    /// Judges how an object is doing.
    Health,
}

impl World {
    /// All there are.
    pub const ALL: [Self; 4] = [
        Self::Renderer,
        Self::Transformer,
        Self::Policy,
        Self::Health,
    ];

    /// The interface that such a plugin exports.
    pub(crate) fn interface(self) -> &'static str {
        match self {
            Self::Renderer => "renderer",
            Self::Transformer => "transformer",
            Self::Policy => "policy",
            Self::Health => "health",
        }
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Health => "health plugin",
            world => world.interface(),
        })
    }
}

/// What a plugin is: what it says of itself, and its exact bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its own name.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// Digest of the component.
    pub digest: Digest,
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// What is to be rendered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    /// Folder or file, relative to the top of the files.
    pub path: String,
    /// Settings of the plugin.
    pub settings: Value,
    /// Merged values; nothing of the cluster is in them.
    pub values: Value,
    /// What an earlier renderer made and this one is stacked on.
    pub inputs: Vec<Rendered>,
}

/// One object for a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    /// The object in canonical JSON.
    pub json: String,
    /// The file that it came from.
    pub origin: Option<Location>,
}

/// How a health plugin judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// It is what its spec says.
    Current,
    /// It is on its way.
    InProgress,
    /// It will not get there by itself.
    Failed,
    /// It is stopped on purpose.
    Suspended,
    /// Nobody can tell.
    Unknown,
}

/// A component that is ready to be called. Cheap to clone.
#[derive(Clone)]
pub struct Plugin(Arc<Inner>);

#[derive(Clone)]
struct Inner {
    engine: Engine,
    identity: Identity,
    /// `name version`, for messages.
    label: String,
    settings_schema: Option<String>,
    imports: Vec<String>,
    worlds: Vec<World>,
    pre: InstancePre<State>,
    renderer: Option<renderer::GuestIndices>,
    transformer: Option<transformer::GuestIndices>,
    policy: Option<policy::GuestIndices>,
    health: Option<health::GuestIndices>,
    limits: Limits,
}

impl Plugin {
    /// Compiles a component (or finds it compiled), checks what it imports and exports, and asks for its name.
    ///
    /// # Errors
    /// If the bytes are no component, want what this host does not offer, or offer nothing that this host wants.
    pub async fn load(engine: &Engine, bytes: Vec<u8>) -> Result<Self, LoadError> {
        imports::sniff(&bytes)?;
        let compiler = engine.wasmtime().clone();
        // Compiling takes a core for a second and more.
        let compiled = tokio::task::spawn_blocking(move || {
            let component = Component::from_binary(&compiler, &bytes);
            component.map(|component| (component, Digest::of(&bytes)))
        });
        let (component, digest) = compiled
            .await
            .map_err(|error| LoadError::Compiler(error.to_string()))?
            .map_err(|error| LoadError::Invalid(error.root_cause().to_string()))?;
        let (worlds, imports) = imports::check(engine.wasmtime(), &component)?;
        let mismatch = |error: wasmtime::Error| LoadError::Exports(format!("{error:#}"));
        let pre = engine
            .linker()
            .instantiate_pre(&component)
            .map_err(|error| LoadError::Imports(vec![format!("{error:#}")]))?;
        let has = |world: World| worlds.contains(&world);
        let renderer = has(World::Renderer).then(|| renderer::GuestIndices::new(&pre));
        let transformer = has(World::Transformer).then(|| transformer::GuestIndices::new(&pre));
        let policy = has(World::Policy).then(|| policy::GuestIndices::new(&pre));
        let health = has(World::Health).then(|| health::GuestIndices::new(&pre));
        let metadata = metadata::GuestIndices::new(&pre).map_err(mismatch)?;
        let info = describe(engine, &pre, metadata).await?;
        let identity = Identity {
            name: checked("name", info.name)?,
            version: checked("version", info.version)?,
            digest,
        };
        Ok(Self(Arc::new(Inner {
            engine: engine.clone(),
            label: identity.to_string(),
            identity,
            settings_schema: info.settings_schema,
            imports,
            worlds,
            renderer: renderer.transpose().map_err(mismatch)?,
            transformer: transformer.transpose().map_err(mismatch)?,
            policy: policy.transpose().map_err(mismatch)?,
            health: health.transpose().map_err(mismatch)?,
            pre,
            limits: engine.limits().clone(),
        })))
    }

    /// The same plugin with other limits.
    #[must_use]
    pub fn with_limits(&self, limits: Limits) -> Self {
        Self(Arc::new(Inner {
            limits,
            ..(*self.0).clone()
        }))
    }

    /// What it is.
    pub fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// What it implements; at least one.
    pub fn worlds(&self) -> &[World] {
        &self.0.worlds
    }

    /// What it imports, sorted: its manifest of capabilities.
    pub fn imports(&self) -> &[String] {
        &self.0.imports
    }

    /// JSON Schema of its settings, if it has one.
    pub fn settings_schema(&self) -> Option<&str> {
        self.0.settings_schema.as_deref()
    }

    /// Limits of each call.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Renders one path.
    pub async fn render(&self, request: &Request, context: &Context) -> Call<Output> {
        let Some(indices) = self.0.renderer.clone() else {
            return self.is_no(World::Renderer);
        };
        let settings = fleet_core::canonical::to_string(&request.settings);
        let values = fleet_core::canonical::to_string(&request.values);
        let inputs: Vec<_> = request.inputs.iter().map(convert::rendered_in).collect();
        let size = request.path.len() + settings.len() + values.len() + size_of(&request.inputs);
        if let Some(refused) = self.too_large(size) {
            return refused;
        }
        let request = renderer::Request {
            path: request.path.clone(),
            settings,
            values,
            inputs,
        };
        let limit = self.0.limits.output_bytes;
        self.run(context, move |store, instance| {
            Box::pin(async move {
                store.data_mut().allow(&request.path);
                let guest = indices.load(&mut *store, &instance)?;
                let result = guest.call_render(store, &request).await?;
                Ok(match result {
                    Ok(output) => {
                        convert::rendered_output(output).and_then(|output| within(output, limit))
                    }
                    Err(failure) => Err(Cause::Refused(convert::failure_out(failure))),
                })
            })
        })
        .await
    }

    /// Changes manifests.
    pub async fn transform(
        &self,
        manifests: &[Rendered],
        settings: &Value,
        context: &Context,
    ) -> Call<Output> {
        let Some(indices) = self.0.transformer.clone() else {
            return self.is_no(World::Transformer);
        };
        let settings = fleet_core::canonical::to_string(settings);
        if let Some(refused) = self.too_large(settings.len() + size_of(manifests)) {
            return refused;
        }
        let manifests: Vec<_> = manifests.iter().map(convert::rendered_in).collect();
        let limit = self.0.limits.output_bytes;
        self.run(context, move |store, instance| {
            Box::pin(async move {
                let guest = indices.load(&mut *store, &instance)?;
                let result = guest.call_transform(store, &manifests, &settings).await?;
                Ok(match result {
                    Ok(output) => {
                        convert::transformed_output(output).and_then(|output| within(output, limit))
                    }
                    Err(failure) => Err(Cause::Refused(convert::failure_out(failure))),
                })
            })
        })
        .await
    }

    /// Turns a file into plain text.
    pub async fn transform_file(
        &self,
        path: &str,
        content: &[u8],
        settings: &Value,
        context: &Context,
    ) -> Call<Vec<u8>> {
        let Some(indices) = self.0.transformer.clone() else {
            return self.is_no(World::Transformer);
        };
        let settings = fleet_core::canonical::to_string(settings);
        if let Some(refused) = self.too_large(settings.len() + content.len()) {
            return refused;
        }
        let (path, content) = (path.to_owned(), content.to_vec());
        let limit = self.0.limits.output_bytes;
        self.run(context, move |store, instance| {
            Box::pin(async move {
                let guest = indices.load(&mut *store, &instance)?;
                let result = guest
                    .call_transform_file(store, &path, &content, &settings)
                    .await?;
                Ok(match result {
                    Ok(content) if content.len() > limit => Err(Cause::OutputTooLarge { limit }),
                    Ok(content) => Ok(content),
                    Err(failure) => Err(Cause::Refused(convert::failure_out(failure))),
                })
            })
        })
        .await
    }

    /// Judges the objects of a bundle; a finding of severity error blocks it.
    pub async fn check(
        &self,
        objects: &[Checked],
        settings: &Value,
        context: &Context,
    ) -> Call<Vec<Diagnostic>> {
        let Some(indices) = self.0.policy.clone() else {
            return self.is_no(World::Policy);
        };
        let settings = fleet_core::canonical::to_string(settings);
        let size: usize = objects.iter().map(|checked| checked.json.len()).sum();
        if let Some(refused) = self.too_large(settings.len() + size) {
            return refused;
        }
        let objects: Vec<_> = objects.iter().map(convert::object_in).collect();
        self.run(context, move |store, instance| {
            Box::pin(async move {
                let guest = indices.load(&mut *store, &instance)?;
                let result = guest.call_check(store, &objects, &settings).await?;
                Ok(match result {
                    Ok(findings) => Ok(convert::findings_out(findings)),
                    Err(failure) => Err(Cause::Refused(convert::failure_out(failure))),
                })
            })
        })
        .await
    }

    /// Judges one live object, from which the caller has removed secrets; the text says why.
    pub async fn assess(&self, object: &Value, settings: &Value) -> Call<(Health, String)> {
        let Some(indices) = self.0.health.clone() else {
            return self.is_no(World::Health);
        };
        let object = object.to_string();
        let settings = fleet_core::canonical::to_string(settings);
        if let Some(refused) = self.too_large(settings.len() + object.len()) {
            return refused;
        }
        self.run(&Context::empty(), move |store, instance| {
            Box::pin(async move {
                let guest = indices.load(&mut *store, &instance)?;
                let result = guest.call_assess(store, &object, &settings).await?;
                Ok(match result {
                    Ok(verdict) => Ok((convert::health_out(verdict.status), verdict.message)),
                    Err(why) => {
                        let why = Diagnostic::error("health/failed", why);
                        Err(Cause::Refused(Failure::from(why)))
                    }
                })
            })
        })
        .await
    }

    async fn run<T>(
        &self,
        context: &Context,
        guest: impl for<'a> FnOnce(
            &'a mut wasmtime::Store<State>,
            wasmtime::component::Instance,
        ) -> call::Guest<'a, T>,
    ) -> Call<T> {
        let Inner {
            engine,
            pre,
            label,
            limits,
            ..
        } = &*self.0;
        call::run(engine, pre, label, context, limits, guest).await
    }

    fn is_no<T>(&self, world: World) -> Call<T> {
        Call::refused(&self.0.label, Cause::WrongWorld(world))
    }

    fn too_large<T>(&self, bytes: usize) -> Option<Call<T>> {
        let limit = self.0.limits.input_bytes;
        let cause = Cause::InputTooLarge { bytes, limit };
        (bytes > limit).then(|| Call::refused(&self.0.label, cause))
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Plugin").field(&self.0.label).finish()
    }
}

async fn describe(
    engine: &Engine,
    pre: &InstancePre<State>,
    indices: metadata::GuestIndices,
) -> Result<metadata::Info, LoadError> {
    let context = Context::empty();
    let call = call::run(
        engine,
        pre,
        "that is being loaded",
        &context,
        engine.limits(),
        move |store, instance| {
            Box::pin(async move {
                let guest = indices.load(&mut *store, &instance)?;
                Ok(Ok(guest.call_describe(store).await?))
            })
        },
    );
    call.await
        .result
        .map_err(|error| LoadError::Describe(Box::new(error)))
}

/// A name or version that can stand in a message, a log field and a metric.
fn checked(what: &str, text: String) -> Result<String, LoadError> {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '+');
    if text.is_empty() || text.len() > 64 || !text.chars().all(good) {
        let text: String = text.escape_default().take(80).collect();
        return Err(LoadError::Description(format!(
            "its {what} is `{text}`, and must be 1 to 64 letters, digits, `-`, `_`, `.` and `+`"
        )));
    }
    Ok(text)
}

fn within(output: Output, limit: usize) -> Result<Output, Cause> {
    if size_of(&output.manifests) > limit {
        return Err(Cause::OutputTooLarge { limit });
    }
    Ok(output)
}

/// Bytes of manifests, as text; an estimate for those that are parsed.
pub(crate) fn size_of(manifests: &[Rendered]) -> usize {
    let size = |rendered: &Rendered| match &rendered.manifest {
        Manifest::Yaml(text) => text.len(),
        Manifest::Json(value) => json_size(value),
    };
    manifests.iter().map(size).sum()
}

fn json_size(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| json_size(item) + 1).sum::<usize>() + 2,
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| key.len() + 4 + json_size(value);
            map.iter().map(entry).sum::<usize>() + 2
        }
        _ => 5,
    }
}
