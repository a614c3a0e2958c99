//! Runs sandboxed Wasm components: renderers, policies, transformers and health rules.
//!
//! This is the only crate that knows wasmtime. An [`Engine`] compiles, a [`Plugin`] is one component, and each call
//! runs in a store of its own with the files, facts and entropy of its [`Context`] and nothing else: no clock, no
//! environment, no network, no memory of an earlier call.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//! use fleet_core::facts::StaticFacts;
//! use fleet_core::files::MemoryFiles;
//! use fleet_plugin::{Context, Engine, Options, Plugin, Request};
//!
//! let engine = Engine::new(Options::default())?;
//! let raw = Plugin::load(&engine, std::fs::read("target/plugins/raw.wasm")?).await?;
//! let files = MemoryFiles::new().with("app/x.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\n");
//! let context = Context::new(Arc::new(files), Arc::new(StaticFacts::default()));
//! let call = raw.render(&Request { path: "app".into(), ..Request::default() }, &context).await;
//! println!("{} manifests with {} fuel", call.result?.manifests.len(), call.usage.fuel);
//! # Ok(())
//! # }
//! ```
//!
//! What a call has read and asked is in its [`Trace`], and a [`RenderCache`] gives an earlier output again wherever
//! the same questions have the same answers.

mod bindings;
mod cache;
mod call;
mod context;
mod convert;
mod engine;
mod entropy;
mod error;
mod host;
mod imports;
mod limits;
mod log;
mod pause;
mod plugin;
mod trace;

pub use cache::{Cache, Cached, CheckCache, Judged, Prepared, RenderCache};
pub use call::{Call, Usage};
pub use context::{Context, Snapshot};
pub use engine::{Engine, EngineError, Options};
pub use entropy::{BundleEntropy, HostEntropy};
pub use error::{Cause, Error, Frame, LoadError};
pub use limits::Limits;
pub use log::{Level, LogLine};
pub use plugin::{Checked, Health, Identity, Plugin, Request, World};
pub use trace::{Answer, Fact, Observation, Question, Trace};
