//! Webhooks as forges send them, and as forgers would.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

mod it {
    mod bodies;
    mod forges;
    mod signatures;
    mod support;
    mod urls;
}
