//! From a tree to recipes, and from a recipe and a cluster to the inputs of a render.
//!
//! Everything here is a plain function over plain data: [`discover`] finds the folders that become
//! bundles, [`recipe`] reads their `fleet.yaml`, [`variant`] merges what a cluster's customisations say,
//! [`values`] fills in what a cluster's labels say, and [`collect`] turns what plugins returned into the objects of a
//! bundle.

pub mod collect;
pub mod discover;
pub mod ignore;
pub mod recipe;
pub mod values;
pub mod variant;
