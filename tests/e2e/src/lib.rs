//! Both programs as an operator runs them: real processes, real Git repositories, real folders and clusters.
//!
//! The tests of this crate and the demo stand on the same few pieces: a [`repo::Repo`] to commit to, a
//! [`host::Host`], [`agent::Agent`]s, and [`wait::until`], which bounds every wait.

pub mod agent;
pub mod host;
pub mod http;
pub mod process;
pub mod repo;
pub mod wait;
pub mod webhook;
pub mod world;
