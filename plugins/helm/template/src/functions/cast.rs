//! Any value as a number, by the rules of spf13/cast: what is no number is zero.

use crate::functions::dates::Ordinal;
use crate::value::Value;

/// `cast.ToInt64`; `cast.ToInt` is the same here, where `int` has 64 bits.
pub(crate) fn to_int64(value: &Value) -> i64 {
    match value {
        Value::Int(n) | Value::Int64(n) => *n,
        Value::Int32(n) => i64::from(*n),
        Value::Uint8(n) => i64::from(*n),
        // Go's conversions wrap around.
        Value::Uint64(n) => *n as i64,
        Value::Float(f) => float_to_int(*f),
        Value::Bool(b) => i64::from(*b),
        Value::String(text) => text
            .as_str()
            .and_then(|text| parse_int(without_zero_decimals(text)))
            .unwrap_or(0),
        Value::Object(_) => value.downcast::<Ordinal>().map_or(0, Ordinal::number),
        Value::Nil | Value::Bytes(_) | Value::List(_) | Value::Map(_) => 0,
    }
}

/// `cast.ToFloat64`.
pub(crate) fn to_float64(value: &Value) -> f64 {
    match value {
        Value::Float(f) => *f,
        Value::Uint64(n) => *n as f64,
        Value::String(text) => text.as_str().and_then(parse_float).unwrap_or(0.0),
        other => to_int64(other) as f64,
    }
}

/// Go's conversion on amd64: what does not fit is the smallest number.
fn float_to_int(f: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&f) {
        f as i64
    } else {
        i64::MIN
    }
}

/// `5.0` without the `.0`.
fn without_zero_decimals(text: &str) -> &str {
    let shorter = text.trim_end_matches('0');
    match shorter.strip_suffix('.') {
        Some(whole) if shorter.len() < text.len() => whole,
        _ => text,
    }
}

/// `strconv.ParseInt(text, 0, 64)`: with prefixes (`0x`, `0o`, `0b`, `0`) and underscores.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = signed(text);
    let lower = digits.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', _, ..] => (16, &lower[2..]),
        [b'0', b'o', _, ..] => (8, &lower[2..]),
        [b'0', b'b', _, ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    if !underscores_are_right(text) {
        return None;
    }
    parse_digits(negative, &digits.replace('_', ""), radix).ok()
}

/// Why digits are no number.
pub(crate) enum Wrong {
    Syntax,
    /// What is nearest to it.
    Range(i64),
}

/// `strconv.ParseInt(text, radix, 64)`.
pub(crate) fn parse_int_radix(text: &str, radix: u32) -> Result<i64, Wrong> {
    let (negative, digits) = signed(text);
    parse_digits(negative, digits, radix)
}

fn parse_digits(negative: bool, digits: &str, radix: u32) -> Result<i64, Wrong> {
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err(Wrong::Syntax);
    }
    let nearest = if negative { i64::MIN } else { i64::MAX };
    let magnitude = u64::from_str_radix(digits, radix).map_err(|_| Wrong::Range(nearest))?;
    let number = if negative {
        0_i64.checked_sub_unsigned(magnitude)
    } else {
        i64::try_from(magnitude).ok()
    };
    number.ok_or(Wrong::Range(nearest))
}

fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Underscores stand between digits, or between a prefix and a digit.
fn underscores_are_right(text: &str) -> bool {
    let (_, text) = signed(text);
    let bytes = text.as_bytes();
    let prefixed = bytes.len() >= 2
        && bytes[0] == b'0'
        && matches!(bytes[1].to_ascii_lowercase(), b'b' | b'o' | b'x');
    let hex = prefixed && bytes[1].eq_ignore_ascii_case(&b'x');
    let digits = if prefixed { &bytes[2..] } else { bytes };
    // What came last: a digit (or the prefix), an underscore, or something else.
    let mut last = if prefixed { b'0' } else { b'^' };
    for &b in digits {
        let class = match b {
            b'0'..=b'9' => b'0',
            b'a'..=b'f' | b'A'..=b'F' if hex => b'0',
            b'_' if last == b'0' => b'_',
            b'_' => return false,
            _ if last == b'_' => return false,
            _ => b'!',
        };
        last = class;
    }
    last != b'_'
}

/// `strconv.ParseFloat(text, 64)`; `None` also for what is out of range.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    if text.contains('_') {
        if !underscores_are_right(text) {
            return None;
        }
        return parse_float(&text.replace('_', ""));
    }
    let (negative, magnitude) = signed(text);
    let hex = magnitude
        .strip_prefix("0x")
        .or_else(|| magnitude.strip_prefix("0X"));
    let f = match hex {
        Some(hex) => hex_float(hex)?,
        None => magnitude.parse::<f64>().ok()?,
    };
    let named = magnitude.starts_with(|c: char| c.is_ascii_alphabetic());
    if magnitude.starts_with(['+', '-']) || (f.is_infinite() && !named) {
        return None;
    }
    Some(if negative { -f } else { f })
}

/// `1.8p3`: hexadecimal digits and a binary exponent.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let mut exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value: u64 = 0;
    for (c, in_fraction) in whole
        .chars()
        .map(|c| (c, false))
        .chain(fraction.chars().map(|c| (c, true)))
    {
        let digit = u64::from(c.to_digit(16)?);
        if value >> 58 == 0 {
            value = value << 4 | digit;
            exponent = exponent.checked_sub(if in_fraction { 4 } else { 0 })?;
        } else {
            // Too many digits: what is dropped only matters for rounding.
            value |= u64::from(digit != 0);
            exponent = exponent.checked_add(if in_fraction { 0 } else { 4 })?;
        }
    }
    let half = exponent / 2;
    Some(value as f64 * 2_f64.powi(half) * 2_f64.powi(exponent - half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_whole_numbers_as_in_cast() {
        for (text, expected) in [
            ("5", 5),
            ("5.9", 0),
            ("5.0", 5),
            ("5.", 0),
            ("0x10", 16),
            ("010", 8),
            ("0o17", 15),
            ("0b11", 3),
            ("08", 0),
            ("1_000", 1000),
            ("1__0", 0),
            ("0x_1f", 31),
            ("-3", -3),
            ("+3", 3),
            ("100", 100),
            ("0", 0),
            (" 4", 0),
            ("1e3", 0),
            ("9223372036854775808", 0),
            ("-9223372036854775808", i64::MIN),
            ("", 0),
        ] {
            assert_eq!(to_int64(&Value::from(text)), expected, "{text}");
        }
        assert_eq!(to_int64(&Value::Float(-5.9)), -5);
        assert_eq!(to_int64(&Value::Float(1e19)), i64::MIN);
        assert_eq!(to_int64(&Value::Float(f64::NAN)), i64::MIN);
        assert_eq!(to_int64(&Value::Bool(true)), 1);
        assert_eq!(to_int64(&Value::Nil), 0);
    }

    #[test]
    fn texts_become_floats_as_in_cast() {
        for (text, expected) in [
            ("1.5", 1.5),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1_0.5", 10.5),
            ("0x1p4", 16.0),
            ("0x1.8p1", 3.0),
            ("0x10", 0.0),
            ("inf", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("1e400", 0.0),
            ("+-1", 0.0),
            ("x", 0.0),
            ("", 0.0),
        ] {
            assert_eq!(to_float64(&Value::from(text)), expected, "{text}");
        }
    }
}
