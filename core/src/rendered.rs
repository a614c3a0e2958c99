//! What a renderer gives back.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Location};

/// One manifest as a renderer wrote it.
#[derive(Clone, Debug, PartialEq)]
pub enum Manifest {
    /// One JSON object.
    Json(Value),
    /// One YAML document, parsed by the host with Kubernetes' rules.
    Yaml(String),
}

/// One manifest with where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The manifest.
    pub manifest: Manifest,
    /// The file that it came from.
    pub origin: Option<Location>,
}

/// What a renderer made: manifests in the order in which they are to be installed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// The manifests.
    pub manifests: Vec<Rendered>,
    /// What somebody should look at.
    pub warnings: Vec<Diagnostic>,
}

/// Why nothing was made; at least one diagnostic is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self {
            diagnostics: vec![diagnostic],
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (n, diagnostic) in self.diagnostics.iter().enumerate() {
            if n > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{diagnostic}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
