//! The agent that runs in every cluster: it holds a link to the host and applies what the host desires.
//!
//! [`drive`] is the loop; [`link`] speaks with the host, [`state`] with the disk and [`apply`] with the
//! target. What to do is decided by `fleet-agent-plan`; here it is done.

pub mod apply;
pub mod cli;
pub mod drive;
pub mod link;
pub mod state;

use std::error::Error;

/// An error and all its causes on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    causes.fold(error.to_string(), |text, cause| {
        let cause = cause.to_string();
        // Some libraries repeat the cause in their own text.
        match text.ends_with(&cause) {
            true => text,
            false => format!("{text}: {cause}"),
        }
    })
}
