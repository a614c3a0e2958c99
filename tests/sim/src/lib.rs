//! Seeded simulation of a host and many agents.
