//! What both programs and every plugin mean: names, objects, digests, bundles, states and messages.
//!
//! This crate is pure: it does no I/O, reads no clock and knows neither tokio nor kube.

pub mod diagnostic;
pub mod entropy;
pub mod facts;
pub mod files;
pub mod rendered;
