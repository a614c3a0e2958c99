//! Words in texts: wrapping, abbreviating, cases.

use super::unicode::{
    is_digit, is_letter, is_lower, is_number, is_punct, is_space, is_title, is_upper, to_lower,
    to_title, to_upper,
};

/// Go's `strings.Title`: each letter that begins a word in title case.
pub(crate) fn title(text: &str) -> String {
    let mut previous = ' ';
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        out.push(if is_separator(previous) {
            to_title(c)
        } else {
            c
        });
        previous = c;
    }
    out
}

fn is_separator(c: char) -> bool {
    if c.is_ascii() {
        return !c.is_ascii_alphanumeric() && c != '_';
    }
    !is_letter(c) && !is_digit(c) && is_space(c)
}

/// The first character of each word in lower case.
pub(crate) fn untitle(text: &str) -> String {
    let mut first = true;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_space(c) {
            first = true;
            out.push(c);
        } else {
            out.push(if first { to_lower(c) } else { c });
            first = false;
        }
    }
    out
}

/// Upper case to lower and back; a lower-case letter after white space gets its title case.
pub(crate) fn swap_case(text: &str) -> String {
    let mut after_space = true;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_upper(c) || is_title(c) {
            out.push(to_lower(c));
            after_space = false;
        } else if is_lower(c) {
            out.push(if after_space {
                to_title(c)
            } else {
                to_upper(c)
            });
            after_space = false;
        } else {
            out.push(c);
            after_space = is_space(c);
        }
    }
    out
}

/// A byte as the character of the same number: goutils takes texts apart by bytes.
fn byte_is_space(b: u8) -> bool {
    is_space(char::from(b))
}

/// The first *byte* of each word, as a character.
pub(crate) fn initials(text: &[u8]) -> String {
    let mut out = String::new();
    let mut gap = true;
    for &b in text {
        if byte_is_space(b) {
            gap = true;
        } else if gap {
            out.push(char::from(b));
            gap = false;
        }
    }
    out
}

/// Without white space; where some is left out, the rest goes through one character for each *byte*.
pub(crate) fn delete_white_space(text: &[u8]) -> Vec<u8> {
    if !text.iter().any(|&b| byte_is_space(b)) {
        return text.to_vec();
    }
    let kept = text.iter().filter(|&&b| !byte_is_space(b));
    kept.map(|&b| char::from(b))
        .collect::<String>()
        .into_bytes()
}

/// `goutils.WrapCustom`: lines of at most `width` bytes, broken at spaces; long words only if `break_words`.
pub(crate) fn wrap(text: &[u8], width: i64, newline: &[u8], break_words: bool) -> Vec<u8> {
    let newline: &[u8] = if newline.is_empty() { b"\n" } else { newline };
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while rest.len() > width {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        let fitting = rest[..=width].iter().rposition(|&b| b == b' ');
        let end = match fitting {
            Some(end) => Some(end),
            None if break_words => {
                out.extend_from_slice(&rest[..width]);
                out.extend_from_slice(newline);
                rest = &rest[width..];
                continue;
            }
            None => rest[width..]
                .iter()
                .position(|&b| b == b' ')
                .map(|end| end + width),
        };
        match end {
            Some(end) => {
                out.extend_from_slice(&rest[..end]);
                out.extend_from_slice(newline);
                rest = &rest[end + 1..];
            }
            None => break,
        }
    }
    out.extend_from_slice(rest);
    out
}

/// `goutils.AbbreviateFull`: at most `width` bytes, with dots where something is left out; `offset` stays in it.
pub(crate) fn abbreviate(text: &[u8], offset: i64, width: i64) -> Vec<u8> {
    let length = i64::try_from(text.len()).unwrap_or(i64::MAX);
    if text.is_empty() || width < 4 {
        return Vec::new();
    }
    if length <= width {
        return text.to_vec();
    }
    let part = |from: i64, to: i64| {
        let at = |n: i64| usize::try_from(n.clamp(0, length)).unwrap_or(0);
        &text[at(from)..at(to)]
    };
    let mut offset = offset.min(length);
    if length.saturating_sub(offset) < width - 3 {
        offset = length - (width - 3);
    }
    if offset <= 4 {
        return [part(0, width - 3), b"..."].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if offset + width - 3 < length {
        let tail = part(offset, length);
        return [b"...".as_slice(), &abbreviate(tail, 0, width - 3)].concat();
    }
    [b"...".as_slice(), part(length - (width - 3), length)].concat()
}

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || is_space(c)
}

/// `xstrings.ToPascalCase`.
pub(crate) fn pascal_case(text: &str) -> String {
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next_if(|&c| is_connector(c)) {
        out.push(c);
    }
    let Some(first) = chars.next() else {
        // The last connector is written once more, as in the original.
        out.extend(text.chars().next_back());
        return out;
    };
    let mut first_is_upper = is_upper(first);
    let mut previous = to_upper(first);
    let last_of_text = chars.peek().is_none();
    if last_of_text {
        // A text that ends with its first word's first letter has it written once.
        out.push(previous);
        return out;
    }
    for c in chars {
        let mut c = c;
        if is_connector(c) && is_connector(previous) {
            out.push(previous);
            previous = c;
            continue;
        }
        if is_connector(previous) {
            first_is_upper = is_upper(c);
            c = to_upper(c);
        } else {
            if first_is_upper {
                if is_upper(c) {
                    c = to_lower(c);
                } else {
                    first_is_upper = false;
                }
            }
            out.push(previous);
        }
        previous = c;
    }
    out.push(previous);
    out
}

/// `xstrings.ToSnakeCase` and `ToKebabCase`: words in lower case with `connector` between them.
pub(crate) fn lower_case_words(text: &str, connector: char) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut words = Words { rest: text };
    let mut word = words.next();
    while !words.rest.is_empty() {
        if word.kind != WordKind::Connector {
            write_word(&mut out, word, connector);
        }
        let last = word;
        word = words.next();
        match last.kind {
            WordKind::Number => {
                while matches!(word.kind, WordKind::Alphabet | WordKind::Number) {
                    write_word(&mut out, word, connector);
                    word = words.next();
                }
                if !matches!(
                    word.kind,
                    WordKind::End | WordKind::Punct | WordKind::Connector
                ) {
                    out.push(connector);
                }
            }
            WordKind::Connector => write_word(&mut out, last, connector),
            WordKind::Punct => {}
            _ if word.kind != WordKind::Number => {
                if !matches!(word.kind, WordKind::Connector | WordKind::Punct) {
                    out.push(connector);
                }
            }
            _ if words.rest.is_empty() => {}
            _ => {
                let number = word;
                word = words.next();
                if word.kind != WordKind::Alphabet {
                    write_word(&mut out, number, connector);
                    if !matches!(word.kind, WordKind::Connector | WordKind::Punct) {
                        out.push(connector);
                    }
                    continue;
                }
                out.push(connector);
                write_word(&mut out, number, connector);
                while matches!(word.kind, WordKind::Alphabet | WordKind::Number) {
                    write_word(&mut out, word, connector);
                    word = words.next();
                }
                if !matches!(
                    word.kind,
                    WordKind::End | WordKind::Punct | WordKind::Connector
                ) {
                    out.push(connector);
                }
            }
        }
    }
    write_word(&mut out, word, connector);
    out
}

fn write_word(out: &mut String, word: Word<'_>, connector: char) {
    if !matches!(word.kind, WordKind::Upper | WordKind::Connector) {
        out.push_str(word.text);
        return;
    }
    for c in word.text.chars() {
        out.push(match c {
            c if is_connector(c) => connector,
            c if is_upper(c) => to_lower(c),
            c => c,
        });
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum WordKind {
    End,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punct,
    Other,
}

#[derive(Clone, Copy)]
struct Word<'t> {
    kind: WordKind,
    text: &'t str,
}

struct Words<'t> {
    rest: &'t str,
}

/// Letters, but for the ideographs of Chinese, Japanese and Korean.
fn is_alphabet(c: char) -> bool {
    let ideograph = matches!(c,
        '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}');
    is_letter(c) && !ideograph
}

impl<'t> Words<'t> {
    fn next(&mut self) -> Word<'t> {
        let Some(first) = self.rest.chars().next() else {
            return Word {
                kind: WordKind::End,
                text: "",
            };
        };
        let (kind, end) = if is_connector(first) {
            (WordKind::Connector, self.run(is_connector))
        } else if is_punct(first) {
            (WordKind::Punct, self.run(is_punct))
        } else if is_upper(first) {
            (WordKind::Upper, self.upper(first))
        } else if is_alphabet(first) {
            let word = |c| is_alphabet(c) && !is_upper(c);
            (WordKind::Alphabet, self.run(word))
        } else if is_number(first) {
            (WordKind::Number, self.run(is_number))
        } else {
            let other = |c| !(is_connector(c) || is_alphabet(c) || is_number(c) || is_punct(c));
            (WordKind::Other, self.run(other))
        };
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        Word { kind, text }
    }

    /// Where the characters end that are `wanted` after the first one.
    fn run(&self, wanted: impl Fn(char) -> bool) -> usize {
        let mut chars = self.rest.char_indices().skip(1);
        chars
            .find(|&(_, c)| !wanted(c))
            .map_or(self.rest.len(), |(n, _)| n)
    }

    /// `Word` or `ABBREVIATION`; of `HTTPServer` the `S` belongs to the next word.
    fn upper(&self, first: char) -> usize {
        let after = first.len_utf8();
        match self.rest[after..].chars().next() {
            Some(c) if is_upper(c) => {
                let end = self.run(is_upper);
                let next = self.rest[end..].chars().next();
                if next.is_some_and(is_alphabet) {
                    let last = self.rest[..end].chars().next_back();
                    return end - last.map_or(0, char::len_utf8);
                }
                end
            }
            Some(c) if is_alphabet(c) => self.run(|c| is_alphabet(c) && !is_upper(c)),
            _ => after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(function: impl Fn(&str) -> String, cases: &[(&str, &str)]) {
        for (text, expected) in cases {
            assert_eq!(function(text), *expected, "{text}");
        }
    }

    #[test]
    fn words_are_joined_in_lower_case() {
        check(
            |text| lower_case_words(text, '_'),
            &[
                ("FirstName", "first_name"),
                ("HTTPServer", "http_server"),
                ("NoHTTPS", "no_https"),
                ("GO_PATH", "go_path"),
                ("GO PATH", "go_path"),
                ("GO-PATH", "go_path"),
                ("http2xx", "http_2xx"),
                ("HTTP20xOK", "http_20x_ok"),
                ("Duration2m3s", "duration_2m3s"),
                ("Bld4Floor3rd", "bld4_floor_3rd"),
                (
                    "FirstName someThing HTTPServer",
                    "first_name_some_thing_http_server",
                ),
                ("", ""),
                ("a", "a"),
                ("_a_", "_a_"),
                ("a.B", "a.b"),
            ],
        );
    }

    #[test]
    fn words_are_joined_in_pascal_case() {
        check(
            pascal_case,
            &[
                ("http_server", "HttpServer"),
                ("_complex__case_", "_Complex_Case_"),
                ("no_https", "NoHttps"),
                ("all", "All"),
                ("HELLO_WORLD", "HelloWorld"),
                ("http_server foo-bar", "HttpServerFooBar"),
                ("", ""),
            ],
        );
    }

    #[test]
    fn cases_are_changed_by_words() {
        check(
            title,
            &[
                ("hello wORLD foo-bar", "Hello WORLD Foo-Bar"),
                ("a_b c.d", "A_b C.D"),
            ],
        );
        check(untitle, &[("Hello World", "hello world")]);
        check(swap_case, &[("This Is A.Test", "tHIS iS a.tEST")]);
    }

    #[test]
    fn lines_are_wrapped_at_spaces() {
        let wrapped = |text: &str, width, newline: &str, break_words| {
            let out = wrap(text.as_bytes(), width, newline.as_bytes(), break_words);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(wrapped("aaa bbb ccc", 5, "", false), "aaa\nbbb\nccc");
        assert_eq!(wrapped("Hello World", 5, "\t", true), "Hello\tWorld");
        assert_eq!(wrapped("Helloworld x", 4, "", false), "Helloworld\nx");
        assert_eq!(wrapped("Helloworld x", 4, "|", true), "Hell|owor|ld x");
    }

    #[test]
    fn texts_are_abbreviated_by_bytes() {
        let short = |text: &str, offset, width| {
            String::from_utf8(abbreviate(text.as_bytes(), offset, width)).unwrap()
        };
        assert_eq!(short("hello world", 0, 5), "he...");
        assert_eq!(short("1234 5678 9123", 5, 10), "...5678...");
        assert_eq!(short("hello", 0, 10), "hello");
    }
}
