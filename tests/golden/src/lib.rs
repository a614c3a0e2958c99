//! Compares renderers with the recorded output of the real tools.
//!
//! [`corpus`] reads a folder of cases, [`compare`] tells whether two streams of manifests mean the same, and
//! [`run`] puts a renderer through a suite in parallel and adds up what came of it. The corpus itself is no part
//! of this project: it is looked for in `$FLEET_CORPUS`, else in `~/.cache/fleet/corpus/render`.

pub mod compare;
pub mod corpus;
#[cfg(feature = "components")]
pub mod ours;
pub mod probes;
pub mod run;
