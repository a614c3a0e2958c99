//! The host: watches repositories, renders them in sandboxed plugins, and tells agents what to run.
//!
//! Decisions are made in `fleet_host_plan`; this crate carries them out. [`host::Host`] puts the parts together:
//! one loop ([`drive`]) owns the state machine, and everything else sends it events or asks it questions through a
//! [`drive::Handle`]. [`cli`] is the program `fleet`, the server and the operator's commands alike.

pub mod api;
pub mod cli;
pub mod control;
pub mod drive;
pub mod host;
pub mod identity;
pub mod records;
pub mod render;
pub mod watch;
pub mod webhook;

mod bundles;
mod clock;
mod commit_status;
mod duration;
mod listen;
mod logs;
mod metrics;
mod random;
mod secrets;
mod stream;
mod tasks;
