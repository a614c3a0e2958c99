//! Plans which cluster runs which bundle: targets, deployments, removals, and how it all is doing.
//!
//! This crate does no I/O and reads no clock. [`fleet::Fleet`] is the host's state machine; [`targets`] selects
//! clusters; [`view`] adds up what agents report.

pub mod fleet;
pub mod targets;
pub mod view;
