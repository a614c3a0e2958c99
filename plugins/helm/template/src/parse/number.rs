//! Number constants, as Go's `strconv` reads them with base zero.

use crate::ast::Number;
use crate::fmt::{quote, unquote_char};
use crate::lex::Kind;

/// The constant under each type that can hold it.
///
/// # Errors
/// In Go's words.
pub(super) fn parse(text: &str, kind: Kind) -> Result<Number, String> {
    let mut number = Number {
        text: text.to_owned(),
        ..Number::default()
    };
    if let Some(n) = small(text) {
        number.uint = Some(n.into());
        number.int = Some(n.into());
        number.float = Some(n.into());
        return Ok(number);
    }
    match kind {
        Kind::CharConstant => {
            let Some((c, tail)) = unquote_char(text) else {
                return Err("invalid syntax".to_owned());
            };
            if tail != "'" {
                return Err(format!("malformed character constant: {text}"));
            }
            number.int = Some(c.into());
            number.uint = Some(c.into());
            number.float = Some(c.into());
            return Ok(number);
        }
        Kind::Complex => {
            number.is_complex = true;
            return Ok(number);
        }
        _ => {}
    }
    if let Some(imaginary) = text.strip_suffix('i').and_then(parse_float) {
        number.is_complex = true;
        if imaginary == 0.0 {
            number.set_float(imaginary);
        }
        return Ok(number);
    }
    number.uint = parse_uint(text);
    number.int = parse_int(text);
    if number.int == Some(0) {
        number.uint = Some(0);
    }
    if let Some(n) = number.int {
        number.float = Some(n as f64);
    } else if let Some(n) = number.uint {
        number.float = Some(n as f64);
    } else if let Some(f) = parse_float(text) {
        if !text.contains(['.', 'e', 'E', 'p', 'P']) {
            return Err(format!("integer overflow: {}", quote(text)));
        }
        number.set_float(f);
    } else {
        return Err(format!("illegal number syntax: {}", quote(text)));
    }
    Ok(number)
}

/// A whole number of few decimal digits, as most are.
fn small(text: &str) -> Option<u32> {
    let is_decimal = text == "0" || (text.len() < 10 && !text.starts_with('0'));
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    (is_decimal && digits).then(|| text.parse().ok())?
}

impl Number {
    /// A float, and what it is as a whole number if it is one.
    fn set_float(&mut self, f: f64) {
        const INT_END: f64 = 9_223_372_036_854_775_808.0;
        self.float = Some(f);
        if f.fract() == 0.0 && (-INT_END..INT_END).contains(&f) {
            self.int = Some(f as i64);
        }
        if f.fract() == 0.0 && (0.0..2.0 * INT_END).contains(&f) {
            self.uint = Some(f as u64);
        }
    }
}

fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = i128::from(parse_uint(digits)?);
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

fn parse_uint(text: &str) -> Option<u64> {
    if !underscores_are_good(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let (digits, base) = match lower.as_bytes() {
        [b'0', b'x', ..] => (&lower[2..], 16),
        [b'0', b'o', ..] => (&lower[2..], 8),
        [b'0', b'b', ..] => (&lower[2..], 2),
        [b'0', _, ..] => (&lower[1..], 8),
        _ => (&lower[..], 10),
    };
    let digits: String = digits.chars().filter(|c| *c != '_').collect();
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(&digits, base).ok()
}

/// Go's rule: underscores stand between digits, or between the prefix and a digit.
fn underscores_are_good(text: &str) -> bool {
    if !text.contains('_') {
        return true;
    }
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = text.to_ascii_lowercase();
    let (rest, hex) = match lower.as_bytes() {
        [b'0', b'x', ..] => (&lower[2..], true),
        [b'0', b'o' | b'b', ..] => (&lower[2..], false),
        _ => (&lower[..], false),
    };
    let mut before = if rest.len() < lower.len() { '0' } else { '^' };
    for c in rest.chars() {
        let is_digit = c.is_ascii_digit() || (hex && c.is_ascii_hexdigit());
        match c {
            '_' if before != '0' => return false,
            _ if !is_digit && c != '_' && before == '_' => return false,
            _ => {}
        }
        before = match c {
            '_' => '_',
            _ if is_digit => '0',
            _ => '!',
        };
    }
    before != '_'
}

fn parse_float(text: &str) -> Option<f64> {
    if !underscores_are_good(text) {
        return None;
    }
    let digits = text.replace('_', "");
    let unsigned = digits.strip_prefix(['+', '-']).unwrap_or(&digits);
    let f = match unsigned.get(..2) {
        Some("0x" | "0X") => {
            let magnitude = parse_hex_float(&unsigned[2..])?;
            if digits.starts_with('-') {
                -magnitude
            } else {
                magnitude
            }
        }
        // Rust would read the words for infinity too.
        _ if unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            digits.parse().ok()?
        }
        _ => return None,
    };
    f.is_finite().then_some(f)
}

/// `1.8p-3`; the exponent must be there.
fn parse_hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let mut exponent: i64 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut bits: u64 = 0;
    for (i, c) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(c.to_digit(16)?);
        let in_fraction = i >= whole.len();
        if bits >> 58 == 0 {
            bits = bits << 4 | digit;
            exponent -= if in_fraction { 4 } else { 0 };
        } else {
            // Only whether there is anything matters to the rounding.
            bits |= u64::from(digit != 0);
            exponent += if in_fraction { 0 } else { 4 };
        }
    }
    // In two steps, so that neither factor leaves the range.
    let exponent = i32::try_from(exponent.clamp(-3000, 3000)).unwrap_or(0);
    let half = exponent / 2;
    Some(bits as f64 * 2f64.powi(half) * 2f64.powi(exponent - half))
}
