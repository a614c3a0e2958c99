//! Private keys from a stream of bytes.
//!
//! Every rule here says which bytes are taken and which candidate wins, and whether a number is prime is a fact, so a
//! key never changes with a library. Primes are the first good candidate of the stream, drawn afresh each time.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, NonZero, Odd, Resize as _};
use crypto_primes::{Flavor, is_prime};
use fleet_core::entropy::KeyKind;
use p256::pkcs8::{EncodePrivateKey as _, LineEnding};

use super::der;
use super::stream::Stream;

/// Public exponent of every RSA key.
const EXPONENT: u32 = 65537;

/// Keys of different kinds have different seeds, even for one label.
pub(super) fn purpose(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Rsa2048 => "key/rsa2048",
        KeyKind::Rsa4096 => "key/rsa4096",
        KeyKind::EcdsaP256 => "key/ecdsa-p256",
        KeyKind::Ed25519 => "key/ed25519",
        KeyKind::Dsa2048 => "key/dsa2048",
    }
}

/// A key as PKCS#8 PEM.
pub(super) fn private_key(stream: &mut Stream, kind: KeyKind) -> String {
    match kind {
        KeyKind::Rsa2048 => rsa(stream, 2048),
        KeyKind::Rsa4096 => rsa(stream, 4096),
        KeyKind::EcdsaP256 => p256(stream),
        KeyKind::Ed25519 => ed25519(stream),
        KeyKind::Dsa2048 => dsa(stream),
    }
}

fn rsa(stream: &mut Stream, bits: u32) -> String {
    let coprime = |prime: &[u8]| remainder(prime, EXPONENT) != 1;
    loop {
        let p = prime(stream, bits / 2, coprime);
        let q = prime(stream, bits / 2, coprime);
        // Both have their two highest bits set, so their product has exactly `bits` bits.
        let Ok(key) = rsa::PrivateKey::from_p_q(p, q, BoxedUint::from(EXPONENT)) else {
            // The same prime twice: this happens to nobody, and the next pair does as well.
            continue;
        };
        if let Ok(pem) = key.to_pkcs8_pem(LineEnding::LF) {
            return pem.to_string();
        }
    }
}

fn p256(stream: &mut Stream) -> String {
    loop {
        let mut bytes = [0; 32];
        stream.fill(&mut bytes);
        // Zero and what is above the order of the curve are not keys: one candidate in 2^32.
        if let Ok(key) = p256::SecretKey::from_slice(&bytes)
            && let Ok(pem) = key.to_pkcs8_pem(LineEnding::LF)
        {
            return pem.to_string();
        }
    }
}

fn ed25519(stream: &mut Stream) -> String {
    let mut bytes = [0; 32];
    stream.fill(&mut bytes);
    // 1.3.101.112, RFC 8410.
    let algorithm = der::sequence(&[der::identifier(&[0x2b, 0x65, 0x70])]);
    der::private_key_pem(algorithm, &der::octets(&bytes))
}

/// DSA with primes of 2048 and 256 bits (FIPS 186-4, A.1.1.2, with this stream in place of its hash).
fn dsa(stream: &mut Stream) -> String {
    const BITS: u32 = 2048;
    let q = prime(stream, 256, |_| true);
    let wide_q = q.clone().resize(BITS);
    let two_q = NonZero::new(wide_q.wrapping_add(&wide_q)).expect("a prime is not zero");
    let one = BoxedUint::one_with_precision(BITS);
    let p = loop {
        let mut bytes = vec![0; BITS as usize / 8];
        stream.fill(&mut bytes);
        bytes[0] |= 0xc0;
        let candidate = number(&bytes);
        // The greatest number up to the candidate that is 1 modulo 2q.
        let p = candidate
            .wrapping_sub(candidate.rem_vartime(&two_q).resize(BITS))
            .wrapping_add(&one);
        let bytes = p.to_be_bytes();
        if bytes[0] >= 0x80 && !has_small_factor(&bytes) && is_prime(Flavor::Any, &p) {
            break p;
        }
    };
    let odd = Odd::new(p.clone()).expect("a prime of 2048 bits is odd");
    let parameters = BoxedMontyParams::new_vartime(odd);
    let power = |base: BoxedUint, exponent: &BoxedUint| {
        BoxedMontyForm::new(base.resize(BITS), &parameters)
            .pow(exponent)
            .retrieve()
    };
    let non_zero = NonZero::new(wide_q).expect("a prime is not zero");
    let cofactor = p.wrapping_sub(&one).div_rem_vartime(&non_zero).0;
    let g = (2u32..)
        .map(|base| power(BoxedUint::from(base), &cofactor))
        .find(|g| *g != one)
        .expect("most bases generate the subgroup");
    let x = loop {
        let mut bytes = [0; 32];
        stream.fill(&mut bytes);
        let x = number(&bytes);
        if x < q && x != BoxedUint::zero_with_precision(256) {
            break x;
        }
    };
    let parameters = [&p, &q, &g].map(|value| der::integer(&value.to_be_bytes()));
    // 1.2.840.10040.4.1, RFC 3279.
    let oid = der::identifier(&[0x2a, 0x86, 0x48, 0xce, 0x38, 0x04, 0x01]);
    let algorithm = der::sequence(&[oid, der::sequence(&parameters)]);
    der::private_key_pem(algorithm, &der::integer(&x.to_be_bytes()))
}

/// The first candidate of the stream that is prime and good; its two highest bits are set.
fn prime(stream: &mut Stream, bits: u32, good: impl Fn(&[u8]) -> bool) -> BoxedUint {
    let mut bytes = vec![0; bits as usize / 8];
    let last = bytes.len() - 1;
    loop {
        stream.fill(&mut bytes);
        bytes[0] |= 0xc0;
        bytes[last] |= 1;
        if has_small_factor(&bytes) || !good(&bytes) {
            continue;
        }
        let candidate = number(&bytes);
        if is_prime(Flavor::Any, &candidate) {
            return candidate;
        }
    }
}

/// A number as wide as its bytes.
fn number(bytes: &[u8]) -> BoxedUint {
    let bits = u32::try_from(bytes.len() * 8).expect("keys are far below 2^32 bits");
    BoxedUint::from_be_slice(bytes, bits).expect("the width is that of the bytes")
}

/// Whether a large odd number (big-endian) has a factor below 2000. It spares nine of ten real tests.
fn has_small_factor(number: &[u8]) -> bool {
    small_primes().any(|prime| remainder(number, prime) == 0)
}

fn small_primes() -> impl Iterator<Item = u32> {
    (3..2000u32).step_by(2).filter(|n| {
        (3..*n)
            .step_by(2)
            .take_while(|divisor| divisor * divisor <= *n)
            .all(|divisor| n % divisor != 0)
    })
}

/// A big-endian number modulo a small one.
fn remainder(number: &[u8], divisor: u32) -> u32 {
    let words = number.chunks(4).map(|word| {
        word.iter()
            .fold(0u64, |all, byte| all << 8 | u64::from(*byte))
    });
    let rest = words.fold(0u64, |rest, word| (rest << 32 | word) % u64::from(divisor));
    u32::try_from(rest).expect("a remainder is below its divisor")
}
