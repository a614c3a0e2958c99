//! Marks and tokens against a server that speaks the forges' APIs.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/app.rs"]
mod app;
#[path = "it/status.rs"]
mod status;
#[path = "it/support.rs"]
mod support;
