//! Sources against real Git repositories and servers, with the `git` program as the oracle.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/content.rs"]
mod content;
#[path = "it/local.rs"]
mod local;
#[path = "it/support.rs"]
mod support;
