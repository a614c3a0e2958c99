//! Sources against real Git repositories and servers, with the `git` program as the oracle.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/content.rs"]
mod content;
#[path = "it/faults.rs"]
mod faults;
#[path = "it/history.rs"]
mod history;
#[path = "it/local.rs"]
mod local;
#[path = "it/submodules.rs"]
mod submodules;
#[path = "it/support.rs"]
mod support;
#[path = "it/transports.rs"]
mod transports;
#[path = "it/world.rs"]
mod world;
