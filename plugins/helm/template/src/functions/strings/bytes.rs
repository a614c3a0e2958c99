//! Searching, splitting and replacing in texts that need not be UTF-8.

use memchr::memmem;

/// Takes a text apart at each `separator`, into at most `n` parts if that is not negative.
///
/// An empty separator stands between any two characters. `None`, which is Go's nil, for zero parts.
pub(super) fn split<'t>(text: &'t [u8], separator: &[u8], n: i64) -> Option<Vec<&'t [u8]>> {
    if n == 0 {
        return None;
    }
    let most = usize::try_from(n).unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = text;
    while parts.len() + 1 < most {
        let (end, skipped) = if separator.is_empty() {
            match first_char(rest) {
                length if length < rest.len() => (length, 0),
                _ => break,
            }
        } else {
            match memmem::find(rest, separator) {
                Some(end) => (end, separator.len()),
                None => break,
            }
        };
        parts.push(&rest[..end]);
        rest = &rest[end + skipped..];
    }
    if !(separator.is_empty() && rest.is_empty()) {
        parts.push(rest);
    }
    Some(parts)
}

/// `strings.ReplaceAll`.
pub(super) fn replace(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    if from.is_empty() {
        while !rest.is_empty() {
            let (first, after) = rest.split_at(first_char(rest));
            out.extend_from_slice(to);
            out.extend_from_slice(first);
            rest = after;
        }
        out.extend_from_slice(to);
        return out;
    }
    for start in memmem::find_iter(text, from) {
        out.extend_from_slice(&rest[..start - (text.len() - rest.len())]);
        out.extend_from_slice(to);
        rest = &text[start + from.len()..];
    }
    out.extend_from_slice(rest);
    out
}

/// How many bytes the first character has; what is no UTF-8 counts by bytes.
fn first_char(text: &[u8]) -> usize {
    let start = &text[..text.len().min(4)];
    match start.utf8_chunks().next() {
        Some(chunk) => chunk.valid().chars().next().map_or(1, char::len_utf8),
        None => 0,
    }
}

/// Cuts characters off both ends.
///
/// In a text that is not UTF-8, what is cut off ends at the first byte that is not.
pub(super) fn trim(text: &[u8], unwanted: impl Fn(char) -> bool) -> &[u8] {
    let mut text = text;
    loop {
        let length = first_char(text);
        let first = std::str::from_utf8(&text[..length]);
        match first.ok().and_then(|first| first.chars().next()) {
            Some(c) if unwanted(c) => text = &text[length..],
            _ => break,
        }
    }
    while let Some(length) = last_char(text)
        && let Ok(last) = std::str::from_utf8(&text[text.len() - length..])
        && last.chars().all(&unwanted)
    {
        text = &text[..text.len() - length];
    }
    text
}

/// How many bytes the last character has, if there is one.
fn last_char(text: &[u8]) -> Option<usize> {
    let n_trailing = text
        .iter()
        .rev()
        .take(3)
        .take_while(|&&b| b & 0xc0 == 0x80)
        .count();
    (!text.is_empty()).then_some((n_trailing + 1).min(text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::strings::unicode::is_space;

    #[test]
    fn texts_are_taken_apart_as_in_go() {
        let check = |text: &str, separator: &str, n, expected: &[&str]| {
            let parts = split(text.as_bytes(), separator.as_bytes(), n).unwrap_or_default();
            let parts: Vec<_> = parts.into_iter().map(String::from_utf8_lossy).collect();
            assert_eq!(parts, expected, "{text} {separator} {n}");
        };
        check("a,b,,c", ",", -1, &["a", "b", "", "c"]);
        check("a,b,c", ",", 2, &["a", "b,c"]);
        check("a,b,c", ",", 0, &[]);
        check("aéb", "", -1, &["a", "é", "b"]);
        check("aéb", "", 2, &["a", "éb"]);
        check("", "", -1, &[]);
        check("", ",", -1, &[""]);
        assert_eq!(split(b"\xff\xfe", b"", -1).unwrap().len(), 2);
    }

    #[test]
    fn texts_are_replaced_and_trimmed_by_bytes() {
        assert_eq!(replace(b"banana", b"a", b"bb"), b"bbbnbbnbb");
        assert_eq!(replace("aé".as_bytes(), b"", b"-"), "-a-é-".as_bytes());
        assert_eq!(replace(b"\xff,", b",", b""), b"\xff");
        assert_eq!(trim("\u{a0} a \n".as_bytes(), is_space), b"a");
        assert_eq!(trim(b" \xff ", is_space), b"\xff");
        assert_eq!(trim(b"  ", is_space), b"");
        assert_eq!(trim("é".as_bytes(), |c| c == 'é'), b"");
    }
}
