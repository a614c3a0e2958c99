//! Checksums, in hexadecimal or decimal digits.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use crate::functions::{Args, Failure, Function};
use crate::value::{Type, Value};

const TEXT: &[Type] = &[Type::String];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("sha1sum", TEXT, |_, args| digest::<Sha1>(args)),
    Function::new("sha256sum", TEXT, |_, args| digest::<Sha256>(args)),
    Function::new("sha512sum", TEXT, |_, args| digest::<Sha512>(args)),
    Function::new("adler32sum", TEXT, |_, args| {
        Ok(Value::from(adler32(args.text(0)?.as_bytes()).to_string()))
    }),
];

fn digest<D: Digest>(args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::from(hexadecimal(&D::digest(args.text(0)?))))
}

fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes
        .iter()
        .flat_map(|b| [DIGITS[usize::from(b >> 4)], DIGITS[usize::from(b & 15)]]);
    digits.map(char::from).collect()
}

/// Adler-32 (RFC 1950).
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    // So many sums fit into 32 bits before they must be reduced (zlib's `NMAX`).
    const MOST: usize = 5552;
    let (mut a, mut b) = (1, 0);
    for chunk in bytes.chunks(MOST) {
        for &byte in chunk {
            a += u32::from(byte);
            b += a;
        }
        a %= MODULUS;
        b %= MODULUS;
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_are_those_of_the_standards() {
        assert_eq!(adler32(b"Hello world!"), 487_130_206);
        assert_eq!(adler32(&[0xff; 20_000]), 2672940644);
        assert_eq!(hexadecimal(&[0, 0xab, 0x10]), "00ab10");
    }
}
