//! The renderer for Helm charts.
