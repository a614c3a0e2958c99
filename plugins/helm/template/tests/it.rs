//! Tests of the crate from outside.

#[path = "it/probes.rs"]
mod probes;
