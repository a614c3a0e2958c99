//! Helm charts rendered as `helm template` of Helm 4.1.4 renders them, without Helm and without a network.
//!
//! [`render`] loads a chart through [`fleet_core::files::Files`], puts values together, runs the templates
//! and gives the manifests in Helm's order, each with the file that it comes from.

mod archive;
mod capabilities;
mod chart;
mod cluster;
mod context;
mod decode;
mod dependencies;
mod diagnose;
mod error;
mod files_object;
mod glob;
mod gopath;
mod ignore;
mod limits;
mod load;
mod manifest;
mod metadata;
mod release;
mod render;
mod schema;
mod values;

pub use error::{Error, Place, TemplateError};
pub use load::default_values;
pub use release::{Part, Release, Role};
pub use render::{Failed, Hooks, Options, Surroundings, release_name, render, render_last};
pub use values::read_values;
