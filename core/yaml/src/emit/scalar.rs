//! Strings: which style they are written in, and how.

use crate::resolve::{Resolved, Schema, resolve};

use super::{Emitter, INDENT};

/// Columns at which goyaml.v2 folds.
const WIDTH: usize = 80;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// What libyaml's `analyze_scalar` finds out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Analysis {
    plain: bool,
    single: bool,
    block: bool,
}

impl Emitter {
    pub(super) fn string(&mut self, text: &str, indent: usize, is_key: bool) {
        let is_ascii = text.is_ascii();
        self.is_suspicious |= !is_ascii;
        if is_ascii && is_word(text) && can_be_plain(text, self.schema) {
            self.plain_text(text);
            return;
        }
        let analysis = if is_ascii {
            analyze_ascii(text.as_bytes(), self.schema)
        } else {
            analyze(text, self.schema)
        };
        let mut style = if text.contains('\n') {
            Style::Literal
        } else if can_be_plain(text, self.schema) {
            Style::Plain
        } else {
            Style::Double
        };
        if style == Style::Plain && (!analysis.plain || (text.is_empty() && is_key)) {
            style = Style::Single;
        }
        if style == Style::Single && !analysis.single {
            style = Style::Double;
        }
        if style == Style::Literal && (!analysis.block || is_key) {
            style = Style::Double;
        }
        let fold = !is_key && self.schema == Schema::V2;
        match style {
            Style::Plain => self.plain(text, indent, fold),
            Style::Single => self.single(text, indent, fold),
            Style::Double => {
                self.is_suspicious |= text.contains('\u{7f}');
                self.double(text, indent, fold);
            }
            Style::Literal => self.literal(text, indent),
        }
    }

    fn plain(&mut self, text: &str, indent: usize, fold: bool) {
        if !self.whitespace {
            self.put(' ');
        }
        if !fold {
            self.put_str(text);
        } else {
            self.words(text, indent);
        }
        self.whitespace = false;
        self.indention = false;
    }

    /// Writes a text of one line, and goes to the next one at single blanks that are too far to the right.
    fn words(&mut self, text: &str, indent: usize) {
        let mut rest = text;
        while let Some(end) = rest.find(' ') {
            let (word, blanks) = rest.split_at(end);
            if !word.is_empty() {
                self.put_str(word);
                self.indention = false;
            }
            rest = blanks.trim_start_matches(' ');
            let n_blanks = blanks.len() - rest.len();
            if n_blanks == 1 && self.column > WIDTH {
                self.new_line(indent);
            } else {
                self.put_str(&blanks[..n_blanks]);
            }
        }
        self.put_str(rest);
    }

    fn single(&mut self, text: &str, indent: usize, fold: bool) {
        self.indicator("'", true);
        let mut spaces = false;
        let mut breaks = false;
        let last = text.chars().count().saturating_sub(1);
        let mut chars = text.chars().enumerate().peekable();
        while let Some((n, c)) = chars.next() {
            let next_is_space = chars.peek().is_some_and(|(_, next)| *next == ' ');
            if c == ' ' {
                if fold && !spaces && self.column > WIDTH && n > 0 && n < last && !next_is_space {
                    self.new_line(indent);
                } else {
                    self.put(c);
                }
                spaces = true;
            } else if is_break(c) {
                if !breaks && c == '\n' {
                    self.line_break();
                }
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                breaks = true;
            } else {
                if breaks {
                    self.new_line(indent);
                }
                if c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.indention = false;
                spaces = false;
                breaks = false;
            }
        }
        self.indicator("'", false);
    }

    fn double(&mut self, text: &str, indent: usize, fold: bool) {
        self.indicator("\"", true);
        let mut spaces = false;
        let last = text.chars().count().saturating_sub(1);
        // goyaml looks for the byte order mark at the start of the text, whichever character it is at.
        let all = text.starts_with('\u{feff}');
        let mut chars = text.chars().enumerate().peekable();
        while let Some((n, c)) = chars.next() {
            if all || !is_printable(c) || is_break(c) || c == '"' || c == '\\' {
                self.escape(c);
                spaces = false;
            } else if c == ' ' {
                if fold && !spaces && self.column > WIDTH && n > 0 && n < last {
                    self.new_line(indent);
                    if chars.peek().is_some_and(|(_, next)| *next == ' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
        }
        self.indicator("\"", false);
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => Some('0'),
            '\u{7}' => Some('a'),
            '\u{8}' => Some('b'),
            '\t' => Some('t'),
            '\n' => Some('n'),
            '\u{b}' => Some('v'),
            '\u{c}' => Some('f'),
            '\r' => Some('r'),
            '\u{1b}' => Some('e'),
            '"' => Some('"'),
            '\\' => Some('\\'),
            '\u{85}' => Some('N'),
            '\u{a0}' => Some('_'),
            '\u{2028}' => Some('L'),
            '\u{2029}' => Some('P'),
            _ => None,
        };
        let code = u32::from(c);
        let text = match short {
            Some(short) => {
                self.put('\\');
                self.put(short);
                return;
            }
            None if code <= 0xff => format!("\\x{code:02X}"),
            None if code <= 0xffff => format!("\\u{code:04X}"),
            None => format!("\\U{code:08X}"),
        };
        self.put_str(&text);
    }

    fn literal(&mut self, text: &str, indent: usize) {
        self.indicator("|", true);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.put_str(&INDENT.to_string());
        }
        let mut ends = text.chars().rev();
        match (ends.next().is_some_and(is_break), ends.next()) {
            (false, _) => self.put('-'),
            (true, None) => self.put('+'),
            (true, Some(c)) if is_break(c) => self.put('+'),
            (true, Some(_)) => {}
        }
        self.line_break();
        self.whitespace = true;
        self.indention = true;
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let end = if is_break(c) {
                self.out.push(c);
                self.column = 0;
                self.indention = true;
                c.len_utf8()
            } else {
                let end = rest.find(is_break).unwrap_or(rest.len());
                self.new_line(indent);
                self.put_str(&rest[..end]);
                self.indention = false;
                end
            };
            rest = &rest[end..];
        }
    }
}

/// Whether there is nothing but letters, digits and what may stand anywhere in a plain scalar of ASCII.
fn is_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().all(
            |c| matches!(c, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'/' | b'_'),
        )
}

/// Whether a text without quotes would be read back as the same text by everybody.
fn can_be_plain(text: &str, schema: Schema) -> bool {
    // What begins in another way is text to everybody, and need not be copied to find that out.
    let may_be_more = matches!(
        text.as_bytes().first(),
        None | Some(
            b'0'..=b'9'
                | b'+'
                | b'-'
                | b'.'
                | b'~'
                | b'n'
                | b'N'
                | b't'
                | b'T'
                | b'f'
                | b'F'
                | b'y'
                | b'Y'
                | b'o'
                | b'O'
        )
    );
    if !may_be_more {
        return true;
    }
    let is_text = matches!(resolve(schema, None, text), Ok(Resolved::String(_)));
    let old_bool = || {
        matches!(
            text,
            "y" | "Y"
                | "yes"
                | "Yes"
                | "YES"
                | "on"
                | "On"
                | "ON"
                | "n"
                | "N"
                | "no"
                | "No"
                | "NO"
                | "off"
                | "Off"
                | "OFF"
        )
    };
    is_text && !is_base_60(text) && !(schema == Schema::V3 && old_bool())
}

/// goyaml's `isBase60Float`: numbers like `12:30` meant something in YAML 1.1.
fn is_base_60(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c == '+' || c == '-' || c.is_ascii_digit());
    if !starts || !text.contains(':') {
        return false;
    }
    let rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    let mut parts = rest.split(':');
    let digits_or_underscore = |part: &str| part.bytes().all(|c| c.is_ascii_digit() || c == b'_');
    if !parts.next().is_some_and(|first| {
        first.starts_with(|c: char| c.is_ascii_digit()) && digits_or_underscore(first)
    }) {
        return false;
    }
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let (part, fraction) = match part.split_once('.') {
            Some((part, fraction)) if parts.peek().is_none() => (part, Some(fraction)),
            Some(_) => return false,
            None => (part, None),
        };
        let two = match part.as_bytes() {
            [d] => d.is_ascii_digit(),
            [t, d] => (b'0'..=b'5').contains(t) && d.is_ascii_digit(),
            _ => false,
        };
        if !two || fraction.is_some_and(|fraction| !digits_or_underscore(fraction)) {
            return false;
        }
    }
    true
}

/// Whether a character ends a line for libyaml.
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// goyaml's idea of printable: no control character, no tab, nothing beyond the basic plane.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && c != '\u{feff}'
}

/// The same as [`analyze`] for ASCII, where most characters need no second look.
fn analyze_ascii(bytes: &[u8], schema: Schema) -> Analysis {
    let (Some(&head), Some(&tail)) = (bytes.first(), bytes.last()) else {
        return analyze("", schema);
    };
    let is_break = |c: u8| matches!(c, b'\n' | b'\r');
    let followed_by_blank =
        |at: usize| matches!(bytes.get(at + 1), None | Some(b'\n' | b'\r' | b' ' | b'\t'));
    let mut indicators = bytes.starts_with(b"---")
        || bytes.starts_with(b"...")
        || match head {
            b'#' | b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
            | b'"' | b'%' | b'@' | b'`' => true,
            b'?' | b'-' => followed_by_blank(0),
            _ => false,
        };
    let (mut line_breaks, mut special, mut tabs) = (false, false, false);
    let (mut break_space, mut space_break) = (false, false);
    for (at, &c) in bytes.iter().enumerate() {
        match c {
            b' ' => break_space |= at > 0 && is_break(bytes[at - 1]),
            b':' => indicators |= followed_by_blank(at),
            b'#' => {
                indicators |=
                    at > 0 && matches!(bytes[at - 1], b'\n' | b'\r' | b' ' | b'\t' | b'\0');
            }
            b'!'..=b'~' => {}
            _ => {
                if is_break(c) {
                    line_breaks = true;
                    space_break |= at > 0 && bytes[at - 1] == b' ';
                }
                match c {
                    b'\n' => {}
                    b'\t' if schema == Schema::V3 => tabs = true,
                    _ => special = true,
                }
            }
        }
    }
    let at_edge = |c: u8| c == b' ' || is_break(c);
    let plain = !(at_edge(head) || at_edge(tail) || line_breaks || indicators || break_space);
    let odd = space_break || special;
    Analysis {
        plain: plain && !odd && !tabs,
        single: !break_space && !odd && !tabs,
        block: tail != b' ' && !odd,
    }
}

fn analyze(text: &str, schema: Schema) -> Analysis {
    if text.is_empty() {
        return Analysis {
            plain: true,
            single: true,
            block: false,
        };
    }
    let mut indicators = text.starts_with("---") || text.starts_with("...");
    let mut line_breaks = false;
    let mut special = false;
    let mut tabs = false;
    let (mut leading, mut trailing_space, mut trailing_break) = (false, false, false);
    let (mut break_space, mut space_break) = (false, false);
    let (mut previous_space, mut previous_break) = (false, false);
    let mut preceded_by_blank = true;
    let mut chars = text.chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        let followed_by_blank = chars
            .peek()
            .is_none_or(|next| is_break(*next) || *next == ' ' || *next == '\t');
        indicators |= match c {
            '#' if first || preceded_by_blank => true,
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
            | '`' => first,
            '?' => first && followed_by_blank,
            ':' => followed_by_blank,
            '-' => first && followed_by_blank,
            _ => false,
        };
        if c == '\t' && schema == Schema::V3 {
            tabs = true;
        } else {
            special |= !is_printable(c);
        }
        line_breaks |= is_break(c);
        if c == ' ' {
            leading |= first;
            trailing_space |= chars.peek().is_none();
            break_space |= previous_break;
            (previous_space, previous_break) = (true, false);
        } else if is_break(c) {
            leading |= first;
            trailing_break |= chars.peek().is_none();
            space_break |= previous_space;
            (previous_space, previous_break) = (false, true);
        } else {
            (previous_space, previous_break) = (false, false);
        }
        preceded_by_blank = is_break(c) || c == ' ' || c == '\t' || c == '\0';
        first = false;
    }
    let mut analysis = Analysis {
        plain: !(leading
            || trailing_space
            || trailing_break
            || line_breaks
            || indicators
            || break_space),
        single: !break_space,
        block: !trailing_space,
    };
    if space_break || special || tabs {
        analysis.plain = false;
        analysis.single = false;
    }
    if space_break || special {
        analysis.block = false;
    }
    analysis
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ascii_is_analysed_as_any_text(text in "[ \n\r\t\0a-c0:#?.,'\"\\[{&*!|>%@`\x7f-]{0,8}") {
            for schema in [Schema::V2, Schema::V3] {
                prop_assert_eq!(analyze_ascii(text.as_bytes(), schema), analyze(&text, schema));
            }
        }

        #[test]
        fn a_word_can_be_plain(text in "[a-zA-Z0-9./_-]{1,6}") {
            if is_word(&text) {
                prop_assert!(analyze(&text, Schema::V2).plain && analyze(&text, Schema::V3).plain);
            }
        }
    }
}
