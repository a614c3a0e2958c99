//! Write a Fleet plugin in Rust: one trait, one macro, and tests that run without a host.
//!
//! ```
//! use fleet_sdk::prelude::*;
//!
//! /// Makes one ConfigMap that says hello.
//! struct Hello;
//!
//! #[derive(serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Settings {
//!     #[serde(default)]
//!     name: String,
//! }
//!
//! impl Renderer for Hello {
//!     const NAME: &'static str = "hello";
//!     type Settings = Settings;
//!
//!     fn render(request: Request<Settings>, _: &Host<'_>) -> Result<Output, Failure> {
//!         let manifest = serde_json::json!({
//!             "apiVersion": "v1", "kind": "ConfigMap",
//!             "metadata": {"name": "hello"}, "data": {"hello": request.settings.name},
//!         });
//!         Ok(Output { manifests: vec![Rendered { manifest: Manifest::Json(manifest), origin: None }], warnings: vec![] })
//!     }
//! }
//!
//! fleet_sdk::export_renderer!(Hello);
//!
//! let output = fleet_sdk::test::Harness::default().settings(r#"{"name": "you"}"#).render::<Hello>().unwrap();
//! assert_eq!(output.manifests.len(), 1);
//! ```
//!
//! A crate enables the feature of the world that it implements (`renderer`, `policy`, …), has the crate types
//! `cdylib` and `rlib`, and is built for `wasm32-unknown-unknown`. It imports no WASI: there is no clock, no
//! randomness, no environment and no network but what [`Host`] offers.

pub mod settings;
pub mod test;

pub mod health;
pub mod policy;
pub mod renderer;
pub mod transformer;

#[cfg(target_arch = "wasm32")]
mod wasm;

pub use fleet_core::{diagnostic, entropy, facts, files, rendered};

use std::rc::Rc;

use fleet_core::entropy::Entropy;
use fleet_core::facts::Facts;
use fleet_core::files::Files;

/// What most plugins need.
pub mod prelude {
    pub use fleet_core::diagnostic::{Diagnostic, Location, ObjectId, Severity};
    pub use fleet_core::entropy::Entropy;
    pub use fleet_core::facts::Facts;
    pub use fleet_core::files::{EntryKind, Files, ReadError};
    pub use fleet_core::rendered::{Failure, Manifest, Output, Rendered};

    pub use crate::Host;
    pub use crate::policy::{Checked, Policy};
    pub use crate::renderer::{Renderer, Request};
}

/// What the host offers to a plugin during one call; clone what has to be kept (a lazy value, say).
#[derive(Clone, Copy)]
pub struct Host<'a> {
    /// The files of the revision.
    pub files: &'a Rc<dyn Files>,
    /// What may be known of the target.
    pub facts: &'a Rc<dyn Facts>,
    /// Values that other tools draw at random.
    pub entropy: &'a Rc<dyn Entropy>,
}
