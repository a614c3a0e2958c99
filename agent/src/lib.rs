//! The agent that runs in every cluster: it holds a link to the host and applies what the host desires.
//!
//! [`drive`] is the loop; [`link`] speaks with the host, [`state`] with the disk and [`apply`] with the
//! target. What to do is decided by `fleet-agent-plan`; here it is done.

pub mod apply;
pub mod cli;
pub mod drive;
pub mod link;
pub mod state;
