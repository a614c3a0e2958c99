//! Runs sandboxed Wasm components.
