//! What both programs and every plugin mean: names, objects, digests, bundles, states and messages.
//!
//! This crate is pure: it does no I/O, reads no clock and knows neither tokio nor kube.

pub mod bundle;
pub mod canonical;
pub mod diagnostic;
pub mod digest;
pub mod entropy;
pub mod error;
pub mod facts;
pub mod files;
pub mod inventory;
pub mod name;
pub mod object;
pub mod options;
pub mod pattern;
pub mod problem;
pub mod remote;
pub mod rendered;
pub mod resource;
pub mod secret;
pub mod selector;
pub mod state;
pub mod version;
pub mod wire;
