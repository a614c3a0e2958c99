//! Kustomize builds as typed transformations.

pub mod field;
pub mod json6902;
pub mod merge;
pub mod node;
pub mod schema;

pub use node::{Mapping, Node, Scalar, Tag};
