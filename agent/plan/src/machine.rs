//! Decides what the agent does next.
