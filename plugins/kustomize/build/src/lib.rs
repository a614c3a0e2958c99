//! Kustomize builds as typed transformations.
//!
//! ```
//! use fleet_core::files::MemoryFiles;
//! use fleet_kustomize::{Options, build};
//!
//! let files = MemoryFiles::new()
//!     .with("app/kustomization.yaml", "resources: [service.yaml]\nnamePrefix: dev-\n")
//!     .with("app/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n");
//! let built = build(&files, "app", &Options::default(), Vec::new()).unwrap();
//! assert_eq!(built.to_yaml(), "apiVersion: v1\nkind: Service\nmetadata:\n  name: dev-web\n");
//! ```
//!
//! A build has the stages of kustomize 5.7.1, as `kubectl kustomize` 1.35 runs it without network: the kustomization is
//! read ([`kustomization`]), its objects are gathered through all bases and components, generators and transformers
//! run, names that changed are put right wherever they are referred to, and the objects are sorted and written
//! ([`build`](mod@build)). What is printed is byte for byte what kubectl prints.
//!
//! It differs where kubectl fails or panics by its own doing:
//! - an object whose name, kind or namespace has a comma is built (kubectl panics: it keeps lists in annotations);
//! - a label or annotation named `"true"` or `"1"` is added (kubectl fails: the key loses its quotes);
//! - a validator may change the label `validated-by` of an object with labels (kubectl compares the style as well);
//! - annotations `internal.config.kubernetes.io/…` in a resource are dropped without any effect;
//! - container and exec functions, remote bases and charts are refused, with the reason.

mod accumulate;
pub mod build;
mod crds;
pub mod decode;
pub mod error;
pub mod field;
pub mod fieldspec;
mod generators;
mod hash;
pub mod helm;
mod iam;
pub mod id;
pub mod json6902;
pub mod kustomization;
pub mod loader;
pub mod merge;
pub mod node;
mod order;
pub mod origin;
pub mod path;
mod plugin;
mod read;
mod references;
pub mod replacements;
mod resmap;
pub mod resource;
pub mod schema;
pub mod selector;
mod transform;
mod vars;

pub use build::{Built, Options, build, inputs};
pub use node::{Mapping, Node, Scalar, Tag};
pub use transform::sort::Order;
