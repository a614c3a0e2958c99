//! Fetches what lies outside a repository: charts of Helm repositories and registries, bases of kustomizations.
//!
//! A renderer never has a network: it asks [`fleet_core::files::Files::resolve`] for a reference and gets a path. A
//! [`View`] answers that question for one commit of one GitRepo: [`Remotes`] fetches, verifies, keeps, and the view
//! shows the files below [`fleet_core::remote::ROOT`]. What a reference stands for is looked up once for each commit
//! and written down, so that a commit renders to the same bytes however often, and whatever was published since.
//!
//! Everything blocks and is bounded by [`Limits`], and everything that was fetched is hostile until it is verified:
//! archives cannot lead out of their folder, and a credential goes to the servers that it is for and nowhere else.
//!
//! ```no_run
//! use std::sync::Arc;
//! use fleet_artifact::{Access, Options, Remotes, Scope};
//! use fleet_core::files::{Files as _, MemoryFiles};
//! use fleet_core::remote;
//!
//! let remotes = Arc::new(Remotes::open("/var/lib/fleet/artifacts".as_ref(), Options::default())?);
//! let scope = Scope::new("fleet-default/shop", "9f3c2a1");
//! let view = remotes.view(Arc::new(MemoryFiles::new()), &scope, Access::default());
//! let chart = remote::chart("oci://registry.example.org/charts/web", None, Some("^1.2"));
//! let path = view.resolve(&chart)?;
//! println!("{}", view.read_text(&format!("{path}/Chart.yaml"))?);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access;
mod archive;
mod cache;
mod choose;
mod error;
mod failures;
mod guard;
mod index;
mod oci;
mod options;
mod pins;
mod reference;
mod remotes;
mod view;
mod web;

pub use access::{Access, Credential, UrlRule};
pub use error::Error;
pub use options::{Limits, Options};
pub use pins::Scope;
pub use reference::{Base, Chart, GitFolder, Image, Reference};
pub use remotes::Remotes;
pub use view::View;
