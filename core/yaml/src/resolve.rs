//! What a plain scalar means.

use std::borrow::Cow;

use crate::error::Error;

/// Whose rules decide what a plain scalar means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schema {
    /// goyaml.v2, as in sigs.k8s.io/yaml: Helm, kubectl and the API server.
    V2,
    /// goyaml.v3, as in kustomize's kyaml: `yes`, `on` and `y` are strings.
    V3,
}

/// What a scalar turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    /// Null.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number that fits into 64 bits with sign.
    Int(i64),
    /// A larger whole number that fits into 64 bits without sign.
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// Text.
    String(String),
    /// Text that looks like a timestamp: read as text, and quoted when written.
    Timestamp(String),
    /// Bytes, from `!!binary`.
    Binary(Vec<u8>),
}

impl Resolved {
    /// The tag that goyaml names in messages.
    fn tag(&self) -> &'static str {
        match self {
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Int(_) | Self::UInt(_) => "!!int",
            Self::Float(_) => "!!float",
            Self::String(_) => "!!str",
            Self::Timestamp(_) => "!!timestamp",
            Self::Binary(_) => "!!binary",
        }
    }
}

/// Resolves a plain scalar; `tag` is its explicit tag in short form.
///
/// # Errors
/// If the tag promises something else than the text is.
pub fn resolve(schema: Schema, tag: Option<&str>, text: &str) -> Result<Resolved, Error> {
    let string = || Resolved::String(text.to_owned());
    match tag {
        Some("!!str") => return Ok(string()),
        Some("!!binary") => {
            let clean: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
            let bytes = decode_base64(&clean)
                .ok_or_else(|| Error::new("yaml: !!binary value contains invalid base64 data"))?;
            return Ok(Resolved::Binary(bytes));
        }
        None | Some("!!bool" | "!!int" | "!!float" | "!!null" | "!!timestamp") => {}
        // Tags of one's own are ignored.
        Some(_) => return Ok(string()),
    }
    let resolved = match plain(schema, tag, text) {
        Plain::Null => Resolved::Null,
        Plain::Bool(b) => Resolved::Bool(b),
        Plain::Int(n) => Resolved::Int(n),
        Plain::UInt(n) => Resolved::UInt(n),
        Plain::Float(f) => Resolved::Float(f),
        Plain::Text => string(),
        Plain::Timestamp => Resolved::Timestamp(text.to_owned()),
    };
    match (tag, &resolved) {
        (None, _) => Ok(resolved),
        (Some("!!float"), Resolved::Int(n)) => Ok(Resolved::Float(*n as f64)),
        (Some("!!float"), Resolved::UInt(n)) => Ok(Resolved::Float(*n as f64)),
        (Some(tag), resolved) if tag == resolved.tag() => Ok(resolved.clone()),
        (Some(tag), resolved) => Err(Error::new(format!(
            "yaml: cannot decode {} `{text}` as a {tag}",
            resolved.tag()
        ))),
    }
}

/// What a plain scalar means, of which the text is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plain {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Float(f64),
    Text,
    Timestamp,
}

/// As [`resolve`], for a scalar without a tag or with that of something else than text.
pub(crate) fn plain(schema: Schema, tag: Option<&str>, text: &str) -> Plain {
    let Some(first) = text.as_bytes().first() else {
        return Plain::Null;
    };
    if let Some(word) = word(schema, text) {
        return word;
    }
    match first {
        b'.' if is_float(text) => text.parse().map_or(Plain::Text, Plain::Float),
        b'0'..=b'9' | b'+' | b'-' => {
            if matches!(tag, None | Some("!!timestamp")) && is_timestamp(text) {
                return Plain::Timestamp;
            }
            let digits = match text.contains('_') {
                true => Cow::Owned(text.replace('_', "")),
                false => Cow::Borrowed(text),
            };
            number(&digits).unwrap_or(Plain::Text)
        }
        _ => Plain::Text,
    }
}

/// What a word means that is not text.
fn word(schema: Schema, text: &str) -> Option<Plain> {
    // The longest are `false` and `+.inf`.
    if text.len() > 5 {
        return None;
    }
    Some(match text {
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" if schema == Schema::V2 => {
            Plain::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" if schema == Schema::V2 => {
            Plain::Bool(false)
        }
        ".nan" | ".NaN" | ".NAN" => Plain::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Plain::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Plain::Float(f64::NEG_INFINITY),
        _ => return None,
    })
}

/// A number without underscores.
fn number(text: &str) -> Option<Plain> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = digits.len() < text.len();
    if let Some(magnitude) = magnitude(digits) {
        if !negative {
            match i64::try_from(magnitude) {
                Ok(n) => return Some(Plain::Int(n)),
                // Go's ParseUint takes no sign.
                Err(_) if !signed => return Some(Plain::UInt(magnitude)),
                Err(_) => {}
            }
        } else if magnitude <= 1 << 63 {
            return Some(Plain::Int((magnitude as i64).wrapping_neg()));
        }
    }
    if !is_float(text) {
        return None;
    }
    text.trim_start_matches('+')
        .parse()
        .ok()
        .filter(|f: &f64| f.is_finite())
        .map(Plain::Float)
}

/// Go's `strconv.ParseUint(text, 0, 64)`.
fn magnitude(digits: &str) -> Option<u64> {
    let radix = |rest: &str, radix| {
        if rest.starts_with(['+', '-']) {
            None
        } else {
            u64::from_str_radix(rest, radix).ok()
        }
    };
    let prefix = |lower: &str, upper: &str| {
        digits
            .strip_prefix(lower)
            .or_else(|| digits.strip_prefix(upper))
    };
    if let Some(rest) = prefix("0x", "0X") {
        return radix(rest, 16);
    }
    if let Some(rest) = prefix("0b", "0B") {
        return radix(rest, 2);
    }
    if let Some(rest) = prefix("0o", "0O") {
        return radix(rest, 8);
    }
    match digits.strip_prefix('0') {
        Some("") => Some(0),
        Some(rest) => radix(rest, 8),
        _ => radix(digits, 10),
    }
}

/// goyaml's `yamlStyleFloat`: sign, digits with or without a point, exponent.
fn is_float(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(n) => (&rest[..n], Some(&rest[n + 1..])),
        None => (rest, None),
    };
    let digits = |text: &str| text.bytes().all(|c| c.is_ascii_digit());
    let mantissa_ok = match mantissa.split_once('.') {
        Some(("", fraction)) => !fraction.is_empty() && digits(fraction),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => !mantissa.is_empty() && digits(mantissa),
    };
    let exponent_ok = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    mantissa_ok && exponent_ok
}

/// Whether goyaml reads the text as a timestamp: a date, or a date with a time in one of its layouts.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |from: usize, most: usize| {
        bytes[from.min(bytes.len())..]
            .iter()
            .take(most)
            .take_while(|c| c.is_ascii_digit())
            .count()
    };
    if digits(0, 5) != 4 || bytes.get(4) != Some(&b'-') {
        return false;
    }
    let number = |from: usize, n: usize| text[from..from + n].parse::<u32>().unwrap_or(0);
    let month = digits(5, 2);
    let mut at = 5 + month;
    if month == 0 || bytes.get(at) != Some(&b'-') {
        return false;
    }
    let day = digits(at + 1, 2);
    if day == 0 || !date_exists(number(0, 4), number(5, month), number(at + 1, day)) {
        return false;
    }
    at += 1 + day;
    if at == bytes.len() {
        // `2006-1-2` is a layout too, `2006-01-2` matches it.
        return true;
    }
    let blank = match bytes[at] {
        b'T' | b't' => false,
        b' ' => true,
        _ => return false,
    };
    let hour = digits(at + 1, 2);
    if hour == 0 || number(at + 1, hour) > 23 || bytes.get(at + 1 + hour) != Some(&b':') {
        return false;
    }
    at += 2 + hour;
    for last in [false, true] {
        let n = digits(at, 2);
        if n == 0 || number(at, n) > 59 {
            return false;
        }
        at += n;
        if !last {
            if bytes.get(at) != Some(&b':') {
                return false;
            }
            at += 1;
        }
    }
    if bytes.get(at) == Some(&b'.') {
        let fraction = digits(at + 1, usize::MAX);
        if fraction == 0 {
            return false;
        }
        at += 1 + fraction;
    }
    // With `T` a zone must follow; with a blank there is none.
    match (blank, &text[at..]) {
        (true, rest) => rest.is_empty(),
        (false, "Z") => true,
        (false, zone) => is_zone(zone),
    }
}

fn is_zone(zone: &str) -> bool {
    let bytes = zone.as_bytes();
    bytes.len() == 6
        && matches!(bytes[0], b'+' | b'-')
        && bytes[3] == b':'
        && [1, 2, 4, 5].iter().all(|n| bytes[*n].is_ascii_digit())
}

fn date_exists(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Standard base64 with padding.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.as_bytes();
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for (n, chunk) in text.chunks_exact(4).enumerate() {
        let last = (n + 1) * 4 == text.len();
        let padding = if last {
            chunk.iter().rev().take_while(|c| **c == b'=').count()
        } else {
            0
        };
        if padding > 2 {
            return None;
        }
        let mut bits = 0u32;
        for (m, c) in chunk.iter().enumerate() {
            let six = match c {
                b'A'..=b'Z' => c - b'A',
                b'a'..=b'z' => c - b'a' + 26,
                b'0'..=b'9' => c - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b'=' if m >= 4 - padding => 0,
                _ => return None,
            };
            bits = bits << 6 | u32::from(six);
        }
        out.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_scalars_mean_what_they_mean_in_go() {
        let text = |t: &str| Resolved::String(t.to_owned());
        for (input, expected) in [
            ("", Resolved::Null),
            ("y", Resolved::Bool(true)),
            ("OFF", Resolved::Bool(false)),
            ("oFF", text("oFF")),
            ("0755", Resolved::Int(493)),
            ("0o17", Resolved::Int(15)),
            ("08", Resolved::Float(8.0)),
            ("0b11", Resolved::Int(3)),
            ("-0x1f", Resolved::Int(-31)),
            ("1_000", Resolved::Int(1000)),
            ("1e3", Resolved::Float(1000.0)),
            ("+1", Resolved::Int(1)),
            ("18446744073709551615", Resolved::UInt(u64::MAX)),
            ("-9223372036854775808", Resolved::Int(i64::MIN)),
            ("100000000000000000000", Resolved::Float(1e20)),
            (".5", Resolved::Float(0.5)),
            (".", text(".")),
            ("12:30", text("12:30")),
            ("1.2.3", text("1.2.3")),
            ("2001-01-01", Resolved::Timestamp("2001-01-01".to_owned())),
            ("2001-13-01", text("2001-13-01")),
            (
                "2001-12-14T21:59:43.10-05:00",
                Resolved::Timestamp("2001-12-14T21:59:43.10-05:00".to_owned()),
            ),
        ] {
            assert_eq!(
                resolve(Schema::V2, None, input).unwrap(),
                expected,
                "{input}"
            );
        }
        assert_eq!(resolve(Schema::V3, None, "yes").unwrap(), text("yes"));
    }

    #[test]
    fn tags_win_or_say_why_not() {
        assert_eq!(
            resolve(Schema::V2, Some("!!float"), "1").unwrap(),
            Resolved::Float(1.0)
        );
        assert_eq!(
            resolve(Schema::V2, Some("!!str"), "1").unwrap(),
            Resolved::String("1".to_owned())
        );
        assert_eq!(
            resolve(Schema::V2, Some("!mine"), "1").unwrap(),
            Resolved::String("1".to_owned())
        );
        assert_eq!(
            resolve(Schema::V2, Some("!!binary"), "aGk=").unwrap(),
            Resolved::Binary(b"hi".to_vec())
        );
        let error = resolve(Schema::V2, Some("!!int"), "x").unwrap_err();
        assert_eq!(error.message, "yaml: cannot decode !!str `x` as a !!int");
    }
}
