//! Turns a revision of a Git repository into a tree of files that renderers read.
//!
//! [`Source::poll`] asks the server where a branch or tag stands (no fetch, one reference on the wire),
//! [`Source::fetch`] brings one commit without its history into a bare mirror, and [`Source::tree`] reads
//! that commit's files straight from Git objects: nothing is ever checked out. [`folder::Folder`] gives the
//! same view of a folder on disk.
//!
//! Everything blocks and is bounded: each call takes an interrupt flag, and [`Limits`] bound time, bytes
//! and the shape of what a repository may hold. When to poll is decided by [`schedule`], which is pure.
//!
//! ```no_run
//! use std::sync::atomic::AtomicBool;
//! use fleet_core::files::Files as _;
//! use fleet_source::{Options, Reference, Remote, Source};
//!
//! let source = Source::open("/var/lib/fleet/mirrors".as_ref(), Options::default())?;
//! let remote = Remote::new("https://git.example.org/team/apps")?;
//! let go_on = AtomicBool::new(false);
//! let commit = source.poll(&remote, &Reference::branch("main"), &go_on)?;
//! let revision = source.fetch(&remote, &commit, &go_on)?;
//! let tree = source.tree(&revision)?;
//! println!("{}: {:?}", revision.subject, tree.list(""));
//! # Ok::<(), fleet_source::Error>(())
//! ```

pub mod credentials;
pub mod folder;
pub mod guard;
pub mod http;
pub mod schedule;
pub mod tree;
pub mod verify;

mod budget;
mod connect;
mod error;
mod history;
mod location;
mod mirror;
mod options;
mod reference;
mod resolve;
mod source;
mod submodules;
mod wire;

pub use credentials::{Credentials, TokenSource};
pub use error::Error;
pub use location::Location;
pub use options::{Limits, Options};
pub use reference::{Range, Reference};
pub use source::{CommitId, Position, Remote, Revision, Source, Tag};
pub use tree::Tree;
