//! The policy plugin for a pod-security baseline.
