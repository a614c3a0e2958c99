//! Go's quoting of strings and characters, and its reverse.

use unicode_general_category::{GeneralCategory, get_general_category};

/// One character and its length in bytes; `None` and 1 where the bytes are not UTF-8.
pub(crate) fn decode_rune(bytes: &[u8]) -> (Option<char>, usize) {
    let Some(&first) = bytes.first() else {
        return (None, 1);
    };
    let width = match first {
        0..0x80 => return (Some(first.into()), 1),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return (None, 1),
    };
    let text = bytes
        .get(..width)
        .and_then(|bytes| std::str::from_utf8(bytes).ok());
    match text.and_then(|text| text.chars().next()) {
        Some(c) => (Some(c), width),
        None => (None, 1),
    }
}

/// Go's `unicode.IsPrint`: letters, marks, numbers, punctuation, symbols, and the ASCII space.
pub fn is_print(c: char) -> bool {
    use GeneralCategory as Category;
    if c.is_ascii() {
        return (' '..='~').contains(&c);
    }
    !matches!(
        get_general_category(c),
        Category::Control
            | Category::Format
            | Category::Surrogate
            | Category::PrivateUse
            | Category::Unassigned
            | Category::SpaceSeparator
            | Category::LineSeparator
            | Category::ParagraphSeparator
    )
}

/// Go's `strconv.Quote`.
pub fn quote(text: &str) -> String {
    quote_with(text.as_bytes(), '"', false)
}

/// Go's `strconv.Quote` of a string that may hold invalid UTF-8.
pub fn quote_bytes(bytes: &[u8]) -> String {
    quote_with(bytes, '"', false)
}

/// Go's `strconv.QuoteToASCII`.
pub fn quote_to_ascii(bytes: &[u8]) -> String {
    quote_with(bytes, '"', true)
}

pub(super) fn quote_char(c: char, only_ascii: bool) -> String {
    quote_with(c.encode_utf8(&mut [0; 4]).as_bytes(), '\'', only_ascii)
}

fn quote_with(bytes: &[u8], mark: char, only_ascii: bool) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push(mark);
    let mut i = 0;
    while i < bytes.len() {
        let (c, width) = decode_rune(&bytes[i..]);
        match c {
            None => text.push_str(&format!("\\x{:02x}", bytes[i])),
            Some(c) if c == mark || c == '\\' => {
                text.push('\\');
                text.push(c);
            }
            Some(c) if (c.is_ascii() || !only_ascii) && is_print(c) => text.push(c),
            Some('\x07') => text.push_str("\\a"),
            Some('\x08') => text.push_str("\\b"),
            Some('\x0c') => text.push_str("\\f"),
            Some('\n') => text.push_str("\\n"),
            Some('\r') => text.push_str("\\r"),
            Some('\t') => text.push_str("\\t"),
            Some('\x0b') => text.push_str("\\v"),
            Some(c) if c < ' ' || c == '\x7f' => {
                text.push_str(&format!("\\x{:02x}", u32::from(c)));
            }
            Some(c) if u32::from(c) < 0x10000 => {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            Some(c) => text.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
        i += width;
    }
    text.push(mark);
    text
}

/// Go's `strconv.CanBackquote`: whether the string can stand unchanged between backquotes.
pub fn can_backquote(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    !text
        .chars()
        .any(|c| (c < ' ' && c != '\t') || matches!(c, '`' | '\x7f' | '\u{feff}'))
}

/// Go's `strconv.Unquote` of a string constant; `None` if it is not well formed.
pub(crate) fn unquote(source: &str) -> Option<Vec<u8>> {
    let mut chars = source.chars();
    let (first, last) = (chars.next()?, chars.next_back()?);
    let inner = chars.as_str();
    match (first, last) {
        ('`', '`') if !inner.contains('`') => {
            Some(inner.bytes().filter(|byte| *byte != b'\r').collect())
        }
        ('"', '"') if !inner.contains('\n') => {
            let mut bytes = Vec::with_capacity(inner.len());
            let mut rest = inner;
            while let Some(c) = rest.chars().next() {
                match c {
                    '"' => return None,
                    '\\' => rest = unescape(rest, '"', &mut bytes)?.1,
                    _ => {
                        bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                        rest = &rest[c.len_utf8()..];
                    }
                }
            }
            Some(bytes)
        }
        _ => None,
    }
}

/// A character constant: its number, and what stands behind it up to the closing mark.
pub(crate) fn unquote_char(source: &str) -> Option<(u32, &str)> {
    let rest = source.strip_prefix('\'')?;
    match rest.chars().next()? {
        '\'' => None,
        '\\' => unescape(rest, '\'', &mut Vec::new()),
        c => Some((c.into(), &rest[c.len_utf8()..])),
    }
}

/// One escape sequence, at its backslash: appends what it stands for.
fn unescape<'a>(source: &'a str, mark: char, out: &mut Vec<u8>) -> Option<(u32, &'a str)> {
    let rest = source.strip_prefix('\\')?;
    let c = rest.chars().next()?;
    let rest = &rest[c.len_utf8()..];
    let simple = match c {
        'a' => Some('\x07'),
        'b' => Some('\x08'),
        'f' => Some('\x0c'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'v' => Some('\x0b'),
        '\\' => Some('\\'),
        '\'' | '"' if c == mark => Some(c),
        _ => None,
    };
    if let Some(c) = simple {
        out.push(c as u8);
        return Some((c.into(), rest));
    }
    let (n_digits, base) = match c {
        'x' => (2, 16),
        'u' => (4, 16),
        'U' => (8, 16),
        '0'..='7' => (3, 8),
        _ => return None,
    };
    let from = if base == 8 { &source[1..] } else { rest };
    let digits = from.get(..n_digits)?;
    if !digits.chars().all(|c| c.is_digit(base)) {
        return None;
    }
    let number = u32::from_str_radix(digits, base).ok()?;
    let rest = &from[n_digits..];
    match c {
        'u' | 'U' => {
            let c = char::from_u32(number)?;
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        _ => out.push(u8::try_from(number).ok()?),
    }
    Some((number, rest))
}
