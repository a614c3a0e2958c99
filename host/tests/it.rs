//! The program `fleet` as operators and agents meet it: real processes, real repositories, real TLS.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/agents.rs"]
mod agents;
#[path = "it/deploy.rs"]
mod deploy;
#[path = "it/harness.rs"]
mod harness;
#[path = "it/operators.rs"]
mod operators;
#[path = "it/render.rs"]
mod render;
#[path = "it/webhooks.rs"]
mod webhooks;
