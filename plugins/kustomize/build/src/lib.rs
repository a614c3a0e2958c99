//! Kustomize builds as typed transformations.

pub mod node;

pub use node::{Mapping, Node, Scalar, Tag};
