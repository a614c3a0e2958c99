//! Kustomize builds as typed transformations.

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
