//! The embedded store of the host.
