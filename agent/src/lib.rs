//! The agent that runs in every cluster.
