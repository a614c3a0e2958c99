//! The one place that draws random bytes.

/// `N` random bytes that nobody can guess.
pub(crate) fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the system's random number generator always answers");
    bytes
}

/// A number from 0 up to, and without, 1.
pub(crate) fn unit() -> f64 {
    let drawn = u32::from_le_bytes(bytes());
    f64::from(drawn) / (f64::from(u32::MAX) + 1.0)
}
