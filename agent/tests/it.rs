//! The agent against a real API server.

#[path = "it/world.rs"]
mod world;

#[path = "it/apply.rs"]
mod apply;
#[path = "it/process.rs"]
mod process;
#[path = "it/prune.rs"]
mod prune;
#[path = "it/running.rs"]
mod running;
