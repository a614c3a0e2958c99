//! Plans what an agent applies and prunes: plain functions over plain data.
//!
//! This crate does no I/O and reads no clock. [`apply`] turns a bundle and an inventory into a plan,
//! [`outcome`] turns what happened into the next inventory, [`deletion`] says what goes and in which order,
//! [`health`] judges live objects, and [`machine`] decides what the agent does next.

pub mod apply;
pub mod deletion;
pub mod health;
pub mod machine;
pub mod order;
pub mod outcome;
pub mod payload;
