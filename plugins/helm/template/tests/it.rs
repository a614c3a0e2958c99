//! Tests of the crate from outside.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/certificates.rs"]
mod certificates;
#[path = "it/common.rs"]
mod common;
#[path = "it/functions.rs"]
mod functions;
#[path = "it/go.rs"]
mod go;
#[path = "it/hostile.rs"]
mod hostile;
#[path = "it/probes.rs"]
mod probes;
#[path = "it/render.rs"]
mod render;
