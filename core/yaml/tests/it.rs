//! The crate against what the real tools printed, and laws that hold for every value.

mod it {
    mod laws;
    mod probes;
}
