//! Write a Fleet plugin in Rust.
