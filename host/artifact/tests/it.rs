//! Charts and bases from servers on loopback that can be made to fail.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/bases.rs"]
mod bases;
#[path = "it/charts.rs"]
mod charts;
#[path = "it/registry.rs"]
mod registry;
#[path = "it/server.rs"]
mod server;
#[path = "it/stage.rs"]
mod stage;
