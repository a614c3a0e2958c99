//! The program `fleet` as operators and agents meet it: real processes, real repositories, real TLS.

#[path = "it/agents.rs"]
mod agents;
#[path = "it/deploy.rs"]
mod deploy;
#[path = "it/harness.rs"]
mod harness;
#[path = "it/operators.rs"]
mod operators;
