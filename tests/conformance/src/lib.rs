//! The suite that any plugin must pass.
