//! Texts, numbers, dates and booleans of TOML.

use super::read::{Reader, quoted_char};
use crate::fmt;
use crate::functions::cast::{parse_float, parse_int};
use crate::functions::dates::layout;
use crate::value::Value;

/// A scalar that is no text.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<Value, String> {
    let rest = reader.rest();
    let Some(c) = rest.chars().next() else {
        reader.next()?;
        return Err(reader.wrong("unexpected EOF; expected value"));
    };
    for name in ["inf", "nan"] {
        if rest.starts_with(name) {
            return float(reader, name.len());
        }
    }
    match c {
        '.' => {
            reader.next()?;
            Err(reader.wrong("floats must start with a digit, not '.'"))
        }
        '+' | '-' => signed(reader),
        '0'..='9' => number_or_date(reader),
        c if c.is_alphabetic() => {
            let end = rest.find(|c: char| !c.is_alphabetic());
            let word = rest[..end.unwrap_or(rest.len())].to_owned();
            reader.at += word.len();
            match word.as_str() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                word => {
                    let found = fmt::quote(word);
                    Err(reader.wrong(&format!("expected value but found {found} instead")))
                }
            }
        }
        c => {
            reader.next()?;
            let message = format!("expected value but found {} instead", quoted_char(Some(c)));
            Err(match c {
                '\n' => reader.wrong_before(&message),
                _ => reader.wrong(&message),
            })
        }
    }
}

fn signed(reader: &mut Reader<'_>) -> Result<Value, String> {
    let digits = &reader.rest()[1..];
    for name in ["inf", "nan"] {
        if digits.starts_with(name) {
            return float(reader, 1 + name.len());
        }
    }
    let mut chars = digits.chars();
    let (first, second) = (chars.next(), chars.next());
    let start = reader.at;
    match first {
        Some('0') if matches!(second, Some('b' | 'o' | 'x')) => {
            let shown = reader.text[start..start + 3].to_owned();
            Err(reader.wrong(&format!(
                "cannot use sign with non-decimal numbers: '{shown}'"
            )))
        }
        Some('0'..='9') => {
            let length = 1 + run(digits, |b| b.is_ascii_digit() || b == b'_');
            number(reader, length)
        }
        Some('.') => Err(reader.wrong("floats must start with a digit, not '.'")),
        Some('i' | 'n') => {
            let shown = reader.text[start..start + 2].to_owned();
            Err(reader.wrong(&format!("invalid float: '{shown}'")))
        }
        other => {
            let found = quoted_char(other);
            Err(reader.wrong(&format!("expected a digit but got {found}")))
        }
    }
}

fn run(text: &str, wanted: impl Fn(u8) -> bool) -> usize {
    let end = text.bytes().position(|b| !wanted(b));
    end.unwrap_or(text.len())
}

fn number_or_date(reader: &mut Reader<'_>) -> Result<Value, String> {
    let rest = reader.rest();
    for (prefix, name, radix) in [
        ("0b", "a binary", 2),
        ("0o", "an octal", 8),
        ("0x", "a hexadecimal", 16),
    ] {
        if let Some(digits) = rest.strip_prefix(prefix) {
            let first = digits.chars().next();
            if !first.is_some_and(|c| c.is_digit(radix)) {
                let shown = first.unwrap_or('\0');
                return Err(reader.wrong(&format!("not {name} number: '{prefix}{shown}'")));
            }
            let length = run(digits, |b| b == b'_' || char::from(b).is_digit(radix));
            return integer(reader, 2 + length);
        }
    }
    let n_digits = run(rest, |b| b.is_ascii_digit());
    if matches!(rest.as_bytes().get(n_digits), Some(b'-' | b':')) {
        let in_date = |b: u8| b.is_ascii_digit() || b"-:Tt .Zz+".contains(&b);
        return date(reader, run(rest, in_date));
    }
    let length = run(rest, |b| b.is_ascii_digit() || b == b'_');
    number(reader, length)
}

/// A float, if a point or an exponent follows the digits.
fn number(reader: &mut Reader<'_>, n_digits: usize) -> Result<Value, String> {
    let tail = &reader.rest()[n_digits..];
    if tail.starts_with(['.', 'e', 'E']) {
        let length = run(tail, |b| b.is_ascii_digit() || b"_.-+eE".contains(&b));
        return float(reader, n_digits + length);
    }
    integer(reader, n_digits)
}

fn take(reader: &mut Reader<'_>, length: usize) -> String {
    let token = reader.rest()[..length].to_owned();
    reader.at += length;
    token
}

fn integer(reader: &mut Reader<'_>, length: usize) -> Result<Value, String> {
    let token = take(reader, length);
    check_number(reader, "integer", &token, &token)?;
    parse_int(&token)
        .map(Value::Int64)
        .ok_or_else(|| reader.wrong(&format!("{token} is out of range for int64")))
}

fn float(reader: &mut Reader<'_>, length: usize) -> Result<Value, String> {
    let token = take(reader, length);
    let shown = fmt::quote(&token);
    let parts: Vec<&str> = token
        .split(['.', 'e', 'E'])
        .filter(|part| !part.is_empty())
        .collect();
    for part in &parts {
        check_underscores(reader, "float", &token, part)?;
    }
    if parts.first().is_some_and(|part| has_leading_zero(part)) {
        return Err(reader.wrong(&format!(
            "Invalid float {shown}: cannot have leading zeroes"
        )));
    }
    let point_is_right = token.match_indices('.').all(|(n, _)| {
        let after = token[n + 1..].chars().next();
        after.is_some_and(|c| c.is_ascii_digit())
    });
    if !point_is_right {
        return Err(reader.wrong(&format!(
            "Invalid float {shown}: '.' must be followed by one or more digits"
        )));
    }
    let plain = token.replace('_', "");
    match plain.as_str() {
        "nan" | "+nan" | "-nan" => Ok(Value::Float(f64::NAN)),
        plain => match parse_float(plain) {
            Some(f) => Ok(Value::Float(f)),
            None if plain.parse::<f64>().is_ok() => {
                Err(reader.wrong(&format!("{token} is out of range for float64")))
            }
            None => Err(reader.wrong(&format!("Invalid float value: {shown}"))),
        },
    }
}

fn check_number(reader: &Reader<'_>, kind: &str, token: &str, part: &str) -> Result<(), String> {
    check_underscores(reader, kind, token, part)?;
    if has_leading_zero(part) {
        let shown = fmt::quote(token);
        return Err(reader.wrong(&format!(
            "Invalid {kind} {shown}: cannot have leading zeroes"
        )));
    }
    Ok(())
}

fn check_underscores(
    reader: &Reader<'_>,
    kind: &str,
    token: &str,
    part: &str,
) -> Result<(), String> {
    let named = matches!(part.trim_start_matches(['+', '-']), "nan" | "inf");
    let mut after_digit = false;
    let mut right = true;
    for c in part.chars() {
        right &= c != '_' || after_digit;
        after_digit = c.is_ascii_hexdigit();
    }
    if named || (right && after_digit) {
        return Ok(());
    }
    let shown = fmt::quote(token);
    Err(reader.wrong(&format!(
        "Invalid {kind} {shown}: underscores must be surrounded by digits"
    )))
}

fn has_leading_zero(number: &str) -> bool {
    let digits = number.trim_start_matches(['+', '-']).as_bytes();
    matches!(digits, [b'0', second, ..] if !matches!(second, b'b' | b'o' | b'x'))
}

fn date(reader: &mut Reader<'_>, length: usize) -> Result<Value, String> {
    let token = take(reader, length);
    let text = token.trim().replace('z', "Z").replace(['t', ' '], "T");
    for (layout, zone) in [
        ("2006-01-02T15:04:05.999999999Z07:00", None),
        ("2006-01-02T15:04:05.999999999", Some("datetime-local")),
        ("2006-01-02", Some("date-local")),
        ("15:04:05.999999999", Some("time-local")),
        ("2006-01-02T15:04Z07:00", None),
        ("2006-01-02T15:04", Some("datetime-local")),
        ("15:04", Some("time-local")),
    ] {
        let Ok(mut time) = layout::parse(layout, &text) else {
            continue;
        };
        if lacks_leading_zero(&text, layout) {
            break;
        }
        if let Some(zone) = zone {
            zone.clone_into(&mut time.zone.name);
        }
        return Ok(Value::object(time));
    }
    Err(reader.wrong(&format!("invalid datetime: {}", fmt::quote(&text))))
}

/// Whether separators are not where they are in the layout, up to the fraction or the zone.
fn lacks_leading_zero(text: &str, layout: &str) -> bool {
    let fixed = layout.bytes().take_while(|b| !matches!(b, b'.' | b'Z'));
    let mut text = text.bytes();
    fixed
        .map(|b| (b, text.next()))
        .any(|(b, found)| !b.is_ascii_digit() && found != Some(b))
}

impl Reader<'_> {
    /// The rest of a text on one line.
    pub(super) fn string(&mut self, quote: char) -> Result<String, String> {
        let mut out = String::new();
        loop {
            match self.next()? {
                None => {
                    let expected = if quote == '"' { "'\"'" } else { "\"'\"" };
                    return Err(self.wrong(&format!("unexpected EOF; expected {expected}")));
                }
                Some('\n' | '\r') => {
                    return Err(self.wrong_before("strings cannot contain newlines"));
                }
                Some('\\') if quote == '"' => out.push(self.escape()?),
                Some(c) if c == quote => return Ok(out),
                Some(c) => out.push(c),
            }
        }
    }

    /// The rest of a text between three quotes.
    pub(super) fn multiline_string(&mut self, quote: char) -> Result<String, String> {
        for newline in ["\r\n", "\n"] {
            if self.rest().starts_with(newline) {
                self.at += newline.len();
                break;
            }
        }
        let mut out = String::new();
        loop {
            let n_quotes = self.rest().chars().take_while(|&c| c == quote).count();
            match n_quotes {
                0 => {}
                // Up to two quotes may stand in front of the last three.
                3..=5 => {
                    out.extend(std::iter::repeat_n(quote, n_quotes - 3));
                    self.at += n_quotes;
                    return Ok(out);
                }
                1 | 2 => {
                    out.extend(std::iter::repeat_n(quote, n_quotes));
                    self.at += n_quotes;
                }
                _ => {
                    let shown = if quote == '"' {
                        "'\"\"\"\"\"\"'"
                    } else {
                        "\"''''''\""
                    };
                    return Err(self.wrong(&format!("unexpected {shown}")));
                }
            }
            match self.next()? {
                None => {
                    let shown = if quote == '"' { "'\"\"\"'" } else { "\"'''\"" };
                    return Err(self.wrong(&format!("unexpected EOF; expected {shown}")));
                }
                Some('\\') if quote == '"' => {
                    let rest = self.rest();
                    let after = rest.trim_start_matches([' ', '\t', '\r', '\n']);
                    let n_blanks = rest.len() - after.len();
                    if rest[..n_blanks].contains('\n') {
                        self.at += n_blanks;
                    } else {
                        out.push(self.escape()?);
                    }
                }
                Some(c) => out.push(c),
            }
        }
    }

    /// What follows a backslash.
    fn escape(&mut self) -> Result<char, String> {
        let found = self.next()?;
        Ok(match found {
            Some('b') => '\u{8}',
            Some('t') => '\t',
            Some('n') => '\n',
            Some('f') => '\u{c}',
            Some('r') => '\r',
            Some('e') => '\u{1b}',
            Some(c @ ('"' | '\\')) => c,
            Some('x') => self.code(2, "two hexadecimal digits after '\\x'")?,
            Some('u') => self.code(4, "four hexadecimal digits after '\\u'")?,
            Some('U') => self.code(8, "eight hexadecimal digits after '\\U'")?,
            Some(c @ (' ' | '\t')) => return Err(self.wrong(&format!("invalid escape: '\\{c}'"))),
            other => {
                let c = other.unwrap_or('\0');
                return Err(self.wrong(&format!("invalid escape in string '\\{c}'")));
            }
        })
    }

    fn code(&mut self, n_digits: usize, expected: &str) -> Result<char, String> {
        let start = self.at;
        for _ in 0..n_digits {
            let found = self.next()?;
            if !found.is_some_and(|c| c.is_ascii_hexdigit()) {
                // Go quotes the text from its beginning; what matters is the escape.
                let end = self.at.min(self.text.len());
                let shown = fmt::quote(&self.text[start - 2..end]);
                return Err(self.wrong(&format!("expected {expected}, but got {shown} instead")));
            }
        }
        let digits = self.text[start..self.at].to_owned();
        let code = u32::from_str_radix(&digits, 16)
            .ok()
            .and_then(char::from_u32);
        code.ok_or_else(|| {
            self.wrong(&format!(
                "Escaped character '\\u{digits}' is not valid UTF-8."
            ))
        })
    }
}
