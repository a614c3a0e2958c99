//! Secrets of a real Kubernetes API server.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/namespace.rs"]
mod namespace;
