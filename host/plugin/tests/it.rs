//! Runs our own plugins in the sandbox.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/ours.rs"]
mod ours;
#[path = "it/support.rs"]
mod support;
