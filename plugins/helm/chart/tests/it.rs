//! The chart engine on real charts, on charts that mean harm, and on charts made to ask one question.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/common.rs"]
mod common;
#[path = "it/corpus.rs"]
mod corpus;
#[path = "it/features.rs"]
mod features;
#[path = "it/hostile.rs"]
mod hostile;
