//! Our plugins through the suite, and a guest that misbehaves in every way.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/cases.rs"]
mod cases;
#[path = "it/hostile.rs"]
mod hostile;
#[path = "it/misbehave.rs"]
mod misbehave;
#[path = "it/support.rs"]
mod support;
