//! The agent against a real API server, and against a host that misbehaves.

#![expect(
    clippy::unwrap_used,
    reason = "a test may panic; the helpers here are only for tests"
)]

#[path = "it/host.rs"]
mod host;
#[path = "it/world.rs"]
mod world;

#[path = "it/apply.rs"]
mod apply;
#[path = "it/link.rs"]
mod link;
#[path = "it/process.rs"]
mod process;
#[path = "it/prune.rs"]
mod prune;
#[path = "it/running.rs"]
mod running;
