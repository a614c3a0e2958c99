//! Base 64 and base 32, with Go's complaints about what is neither.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// `base64.StdEncoding.EncodeToString`.
pub(crate) fn to_base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// `base64.StdEncoding.DecodeString`: line ends are skipped, padding is demanded.
pub(crate) fn from_base64(text: &[u8]) -> Result<Vec<u8>, String> {
    let wrong = |at: usize| Err(format!("illegal base64 data at input byte {at}"));
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let line_end = |at: usize| matches!(text.get(at), Some(b'\n' | b'\r'));
    let mut at = 0;
    loop {
        let (mut bits, mut n_digits) = (0_u32, 0);
        while n_digits < 4 {
            let Some(&b) = text.get(at) else {
                return if n_digits == 0 {
                    Ok(out)
                } else {
                    wrong(at - n_digits)
                };
            };
            at += 1;
            if let Some(digit) = base64_digit(b) {
                bits = bits << 6 | digit;
                n_digits += 1;
            } else if b == b'=' {
                break;
            } else if !matches!(b, b'\n' | b'\r') {
                return wrong(at - 1);
            }
        }
        let three = (bits << (6 * (4 - n_digits))).to_be_bytes();
        if n_digits == 4 {
            out.extend_from_slice(&three[1..]);
            continue;
        }
        // At the padding.
        if n_digits < 2 {
            return wrong(at - 1);
        }
        if n_digits == 2 {
            while line_end(at) {
                at += 1;
            }
            match text.get(at) {
                None => return wrong(text.len()),
                Some(b'=') => at += 1,
                Some(_) => return wrong(at - 1),
            }
        }
        while line_end(at) {
            at += 1;
        }
        if at < text.len() {
            return wrong(at);
        }
        out.extend_from_slice(&three[1..n_digits]);
        return Ok(out);
    }
}

fn base64_digit(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    }))
}

/// `base32.StdEncoding.EncodeToString`.
pub(crate) fn to_base32(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut bits = [0; 8];
        bits[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(bits);
        let n_digits = (chunk.len() * 8).div_ceil(5);
        for n in 0..8 {
            let digit = (bits >> (35 - 5 * n)) as usize & 31;
            out.push(if n < n_digits {
                char::from(BASE32[digit])
            } else {
                '='
            });
        }
    }
    out
}

/// `base32.StdEncoding.DecodeString`: line ends are skipped, padding is demanded.
pub(crate) fn from_base32(text: &[u8]) -> Result<Vec<u8>, String> {
    let text: Vec<u8> = text
        .iter()
        .copied()
        .filter(|b| !matches!(b, b'\n' | b'\r'))
        .collect();
    let wrong = |at: usize| Err(format!("illegal base32 data at input byte {at}"));
    let mut out = Vec::with_capacity(text.len() / 8 * 5);
    let mut at = 0;
    while at < text.len() {
        let (mut bits, mut n_digits) = (0_u64, 0);
        while n_digits < 8 {
            let Some(&b) = text.get(at) else {
                return wrong(text.len() - n_digits);
            };
            at += 1;
            let rest = &text[at..];
            if b == b'=' && n_digits >= 2 && rest.len() < 8 {
                if rest.len() + n_digits < 7 {
                    return wrong(text.len());
                }
                let padding = rest.iter().take(7 - n_digits);
                if let Some(n) = padding.clone().position(|&b| b != b'=') {
                    return wrong(at + n - 1);
                }
                if matches!(n_digits, 3 | 6) {
                    return wrong(at - 1);
                }
                at = text.len();
                break;
            }
            let Some(digit) = BASE32.iter().position(|&digit| digit == b) else {
                return wrong(at - 1);
            };
            bits = bits << 5 | digit as u64;
            n_digits += 1;
        }
        let five = (bits << (5 * (8 - n_digits))).to_be_bytes();
        out.extend_from_slice(&five[3..3 + n_digits * 5 / 8]);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Decode = fn(&[u8]) -> Result<Vec<u8>, String>;

    fn check(decode: Decode, cases: &[(&str, Result<&str, &str>)]) {
        for (text, expected) in cases {
            let got = decode(text.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
            let got = got.as_deref().map_err(String::as_str);
            assert_eq!(got, *expected, "{text:?}");
        }
    }

    #[test]
    fn base64_is_read_as_in_go() {
        check(
            from_base64,
            &[
                ("aGVsbG8=", Ok("hello")),
                ("aGVs\nbG8=\r\n", Ok("hello")),
                ("aA=\n=", Ok("h")),
                ("", Ok("")),
                ("!!!", Err("illegal base64 data at input byte 0")),
                ("aGVsbG8", Err("illegal base64 data at input byte 4")),
                ("aGVsbG8=x", Err("illegal base64 data at input byte 8")),
                ("aA=x", Err("illegal base64 data at input byte 2")),
                ("aA=", Err("illegal base64 data at input byte 3")),
                ("a===", Err("illegal base64 data at input byte 1")),
                ("=", Err("illegal base64 data at input byte 0")),
            ],
        );
    }

    #[test]
    fn base32_is_read_and_written_as_in_go() {
        check(
            from_base32,
            &[
                ("NBUQ====", Ok("hi")),
                ("MNXW\nMZTFMU======", Ok("coffee")),
                ("", Ok("")),
                ("nbuq====", Err("illegal base32 data at input byte 0")),
                ("NBUQ", Err("illegal base32 data at input byte 0")),
                ("NBU=====", Err("illegal base32 data at input byte 3")),
                ("NBUQ=x==", Err("illegal base32 data at input byte 4")),
            ],
        );
        for text in ["", "c", "co", "cof", "coff", "coffe", "coffee"] {
            let encoded = to_base32(text.as_bytes());
            assert_eq!(from_base32(encoded.as_bytes()).unwrap(), text.as_bytes());
        }
        assert_eq!(to_base32(b"coffee"), "MNXWMZTFMU======");
    }
}
