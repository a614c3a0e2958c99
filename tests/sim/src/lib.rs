//! A host and its agents in one process, driven by a seed: no sleep, no clock, no thread.
//!
//! Both state machines are the real ones; only what carries their effects out is simulated. [`World::chaos`] lets
//! commits land, streams break, agents crash in the middle of an apply, and the host restart or lose its store.
//! [`World::calm`] then repairs everything and lets it settle. Rules that must hold at every moment are checked at
//! every step; a broken one panics with the seed.

pub mod agent;
pub mod host;
pub mod rng;
pub mod world;

pub use world::{Faults, World};
