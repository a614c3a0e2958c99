//! A renderer that does what no renderer should do; the path that it is asked to render says what.
//!
//! It stands on the bindings below the SDK, because the SDK itself would not let it.

#[cfg(target_arch = "wasm32")]
mod guest;
