//! The renderer for kustomizations.
