//! Kustomize builds as typed transformations.
