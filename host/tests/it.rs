//! The host's parts, put together without a network.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/commit.rs"]
mod commit;
#[path = "it/folder.rs"]
mod folder;
#[path = "it/support.rs"]
mod support;
