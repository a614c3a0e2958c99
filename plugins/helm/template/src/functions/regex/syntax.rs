//! The syntax of Go's regular expressions (RE2), read with Go's errors.
//!
//! A pattern becomes the intermediate form of `regex-automata`, which matches with the same rules
//! (leftmost first, linear time). Reading it here, and not with the parser of that library, keeps what differs:
//! `\d`, `\w`, `\s` and `\b` are ASCII only, `\Q..\E`, octal escapes, `{` as a literal, the names of groups,
//! and the errors.

use regex_syntax::hir::{
    Capture, Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Look, Repetition,
};

/// A pattern that has been read.
pub(super) struct Parsed {
    /// What to match.
    pub(super) hir: Hir,
    /// The name of each group, by its number; group 0 is the whole match.
    pub(super) names: Vec<Option<String>>,
}

/// Depth of groups and repetitions beyond which a pattern is refused; Go allows 1000, with a bigger stack.
const MAX_HEIGHT: u32 = 250;

/// Reads `pattern` as `regexp.Compile` does.
pub(super) fn parse(pattern: &str) -> Result<Parsed, String> {
    let mut parser = Parser {
        whole: pattern,
        flags: Flags {
            fold_case: false,
            dot_newline: false,
            one_line: true,
            non_greedy: false,
        },
        frames: vec![Frame::default()],
        names: vec![None],
    };
    let hir = parser.run()?;
    Ok(Parsed {
        hir,
        names: parser.names,
    })
}

#[derive(Clone, Copy, Default)]
struct Flags {
    fold_case: bool,
    dot_newline: bool,
    one_line: bool,
    non_greedy: bool,
}

struct Node {
    hir: Hir,
    height: u32,
    /// How many copies of its innermost part counted repetitions make.
    copies: u32,
}

/// What stands between an opening parenthesis and its end.
#[derive(Default)]
struct Frame {
    alternatives: Vec<Node>,
    current: Vec<Node>,
    capture: Option<u32>,
    /// The flags in force before the parenthesis.
    outer: Flags,
}

struct Parser<'p> {
    whole: &'p str,
    flags: Flags,
    frames: Vec<Frame>,
    names: Vec<Option<String>>,
}

fn fail<T>(what: &str, at: &str) -> Result<T, String> {
    Err(format!("error parsing regexp: {what}: `{at}`"))
}

const BAD_RANGE: &str = "invalid character class range";
const BAD_ESCAPE: &str = "invalid escape sequence";
const BAD_REPEAT_COUNT: &str = "invalid repeat count";

/// The part of `from` in front of its tail `to`.
fn between<'p>(from: &'p str, to: &str) -> &'p str {
    &from[..from.len() - to.len()]
}

fn next_char(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    chars.next().map(|c| (c, chars.as_str()))
}

impl<'p> Parser<'p> {
    fn run(&mut self) -> Result<Hir, String> {
        let mut rest = self.whole;
        let mut last_repeat = "";
        while let Some((c, after)) = next_char(rest) {
            let mut repeat = "";
            match c {
                '(' => {
                    rest = if after.starts_with('?') {
                        self.perl_group(rest)?
                    } else {
                        self.open(Some(None), self.flags);
                        after
                    }
                }
                '|' => {
                    self.end_of_alternative()?;
                    rest = after;
                }
                ')' => {
                    self.close()?;
                    rest = after;
                }
                '^' | '$' => {
                    let look = match (c, self.flags.one_line) {
                        ('^', true) => Look::Start,
                        ('^', false) => Look::StartLF,
                        (_, true) => Look::End,
                        (_, false) => Look::EndLF,
                    };
                    self.push(Hir::look(look));
                    rest = after;
                }
                '.' => {
                    let class = if self.flags.dot_newline {
                        ranges(&[('\0', char::MAX)])
                    } else {
                        ranges(&[('\0', '\t'), ('\u{b}', char::MAX)])
                    };
                    self.push_class(class);
                    rest = after;
                }
                '[' => rest = self.class(rest)?,
                '*' | '+' | '?' => {
                    let (min, max) = match c {
                        '*' => (0, None),
                        '+' => (1, None),
                        _ => (0, Some(1)),
                    };
                    repeat = rest;
                    rest = self.repeat(min, max, false, rest, after, last_repeat)?;
                }
                '{' => match counts(rest) {
                    None => {
                        self.literal('{');
                        rest = after;
                    }
                    Some(counts) => {
                        let Some((min, max)) = counts.range else {
                            return fail(BAD_REPEAT_COUNT, between(rest, counts.rest));
                        };
                        repeat = rest;
                        rest = self.repeat(min, max, true, rest, counts.rest, last_repeat)?;
                    }
                },
                '\\' => rest = self.escape(rest)?,
                c => {
                    self.literal(c);
                    rest = after;
                }
            }
            last_repeat = repeat;
        }
        self.end_of_alternative()?;
        if self.frames.len() > 1 {
            return fail("missing closing )", self.whole);
        }
        let frame = self
            .frames
            .pop()
            .expect("the outermost frame is never closed");
        Ok(alternation(frame.alternatives).hir)
    }

    fn top(&mut self) -> &mut Frame {
        self.frames
            .last_mut()
            .expect("the outermost frame is never closed")
    }

    fn push(&mut self, hir: Hir) {
        self.top().current.push(Node {
            hir,
            height: 1,
            copies: 1,
        });
    }

    fn push_class(&mut self, class: ClassUnicode) {
        self.push(Hir::class(Class::Unicode(class)));
    }

    fn literal(&mut self, c: char) {
        if self.flags.fold_case {
            let mut class = ranges(&[(c, c)]);
            class.case_fold_simple();
            self.push_class(class);
        } else {
            self.push(Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes()));
        }
    }

    /// Begins a group; `capture` is `Some(name)` for one that captures.
    fn open(&mut self, capture: Option<Option<String>>, outer: Flags) {
        let capture = capture.map(|name| {
            let index = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
            self.names.push(name);
            index
        });
        self.frames.push(Frame {
            capture,
            outer,
            ..Frame::default()
        });
    }

    fn end_of_alternative(&mut self) -> Result<(), String> {
        let whole = self.whole;
        let frame = self.top();
        let node = concat(std::mem::take(&mut frame.current));
        if node.height > MAX_HEIGHT {
            return fail("expression nests too deeply", whole);
        }
        frame.alternatives.push(node);
        Ok(())
    }

    fn close(&mut self) -> Result<(), String> {
        self.end_of_alternative()?;
        if self.frames.len() == 1 {
            return fail("unexpected )", self.whole);
        }
        let frame = self.frames.pop().expect("there is more than one frame");
        self.flags = frame.outer;
        let mut node = alternation(frame.alternatives);
        if let Some(index) = frame.capture {
            node.height += 1;
            node.hir = Hir::capture(Capture {
                index,
                name: None,
                sub: Box::new(node.hir),
            });
        }
        self.top().current.push(node);
        Ok(())
    }

    /// `(?...`: a named group, a group with flags, or flags for the rest of the group.
    fn perl_group(&mut self, text: &'p str) -> Result<&'p str, String> {
        let name_at = if text.len() > 4 && text[2..].starts_with("P<") {
            Some(4)
        } else if text.len() > 3 && text[2..].starts_with('<') {
            Some(3)
        } else {
            None
        };
        if let Some(start) = name_at {
            let Some(end) = text.find('>') else {
                return fail("invalid named capture", text);
            };
            let name = &text[start..end];
            if name.is_empty() || !name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
                return fail("invalid named capture", &text[..=end]);
            }
            self.open(Some(Some(name.to_owned())), self.flags);
            return Ok(&text[end + 1..]);
        }
        let mut flags = self.flags;
        let (mut on, mut saw_flag) = (true, false);
        let mut rest = &text[2..];
        while let Some((c, after)) = next_char(rest) {
            rest = after;
            match c {
                'i' => flags.fold_case = on,
                'm' => flags.one_line = !on,
                's' => flags.dot_newline = on,
                'U' => flags.non_greedy = on,
                '-' if on => {
                    on = false;
                    saw_flag = false;
                    continue;
                }
                ':' | ')' if on || saw_flag => {
                    if c == ':' {
                        self.open(None, self.flags);
                    }
                    self.flags = flags;
                    return Ok(rest);
                }
                _ => break,
            }
            saw_flag = true;
        }
        fail("invalid or unsupported Perl syntax", between(text, rest))
    }

    fn repeat(
        &mut self,
        min: u32,
        max: Option<u32>,
        counted: bool,
        before: &'p str,
        after: &'p str,
        last_repeat: &'p str,
    ) -> Result<&'p str, String> {
        let (after, lazy) = match after.strip_prefix('?') {
            Some(after) => (after, true),
            None => (after, false),
        };
        if !last_repeat.is_empty() {
            let at = between(last_repeat, after);
            return fail("invalid nested repetition operator", at);
        }
        let greedy = lazy == self.flags.non_greedy;
        let Some(node) = self.top().current.last_mut() else {
            let at = between(before, after);
            return fail("missing argument to repetition operator", at);
        };
        if counted {
            node.copies = match max {
                Some(0) => 1,
                None if min == 0 => node.copies,
                _ => node.copies.saturating_mul(max.unwrap_or(min)),
            };
            if node.copies > 1000 && (min >= 2 || max.is_some_and(|max| max >= 2)) {
                return fail(BAD_REPEAT_COUNT, between(before, after));
            }
        }
        node.height += 1;
        let sub = std::mem::replace(&mut node.hir, Hir::empty());
        node.hir = Hir::repetition(Repetition {
            min,
            max,
            greedy,
            sub: Box::new(sub),
        });
        Ok(after)
    }

    /// A backslash outside of a class.
    fn escape(&mut self, text: &'p str) -> Result<&'p str, String> {
        let look = match text.as_bytes().get(1) {
            Some(b'A') => Some(Look::Start),
            Some(b'z') => Some(Look::End),
            Some(b'b') => Some(Look::WordAscii),
            Some(b'B') => Some(Look::WordAsciiNegate),
            _ => None,
        };
        if let Some(look) = look {
            self.push(Hir::look(look));
            return Ok(&text[2..]);
        }
        if let Some(quoted) = text.strip_prefix("\\Q") {
            let (literal, rest) = quoted.split_once("\\E").unwrap_or((quoted, ""));
            for c in literal.chars() {
                self.literal(c);
            }
            return Ok(rest);
        }
        if let Some((class, rest)) = self.class_escape(text)? {
            self.push_class(class);
            return Ok(rest);
        }
        let (c, rest) = char_escape(text)?;
        self.literal_code(c);
        Ok(rest)
    }

    fn literal_code(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(c) => self.literal(c),
            // A surrogate, which no text holds.
            None => self.push(Hir::fail()),
        }
    }

    /// `\d`, `\pL` and their like, in a class or outside.
    fn class_escape(&self, text: &'p str) -> Result<Option<(ClassUnicode, &'p str)>, String> {
        match text.as_bytes() {
            [b'\\', b'p' | b'P', ..] => self.unicode_class(text).map(Some),
            [b'\\', letter, ..] => Ok(perl_class(*letter)
                .map(|(class, negated)| (self.folded(class, negated), &text[2..]))),
            _ => Ok(None),
        }
    }

    fn folded(&self, mut class: ClassUnicode, negated: bool) -> ClassUnicode {
        if self.flags.fold_case {
            class.case_fold_simple();
        }
        if negated {
            class.negate();
        }
        class
    }

    fn unicode_class(&self, text: &'p str) -> Result<(ClassUnicode, &'p str), String> {
        let mut negated = text.as_bytes()[1] == b'P';
        let Some((c, after)) = next_char(&text[2..]) else {
            // Go reads on with an empty name.
            return fail(BAD_RANGE, text);
        };
        let (mut name, rest) = if c == '{' {
            let Some(end) = text.find('}') else {
                return fail(BAD_RANGE, text);
            };
            (&text[3..end], &text[end + 1..])
        } else {
            (between(&text[2..], after), after)
        };
        let whole = between(text, rest);
        if let Some(inner) = name.strip_prefix('^') {
            negated = !negated;
            name = inner;
        }
        match unicode_table(name) {
            Some(class) => Ok((self.folded(class, negated), rest)),
            None => fail(BAD_RANGE, whole),
        }
    }

    /// `[...]`.
    fn class(&mut self, text: &'p str) -> Result<&'p str, String> {
        let mut rest = &text[1..];
        let mut class = ClassUnicode::empty();
        let negated = rest.starts_with('^');
        if negated {
            rest = &rest[1..];
        }
        let mut first = true;
        while first || !rest.starts_with(']') {
            first = false;
            if let Some((name, after)) = posix_name(rest) {
                let Some((part, negated)) = posix_class(name) else {
                    return fail(BAD_RANGE, name);
                };
                class.union(&self.folded(part, negated));
                rest = after;
                continue;
            }
            if let Some((part, after)) = self.class_escape(rest)? {
                class.union(&part);
                rest = after;
                continue;
            }
            let start = rest;
            let (low, mut after) = class_char(rest, text)?;
            let mut high = low;
            if after.starts_with('-') && after.len() >= 2 && !after[1..].starts_with(']') {
                (high, after) = class_char(&after[1..], text)?;
                if high < low {
                    return fail(BAD_RANGE, between(start, after));
                }
            }
            class.union(&self.folded(code_range(low, high), false));
            rest = after;
        }
        if negated {
            class.negate();
        }
        self.push_class(class);
        Ok(&rest[1..])
    }
}

fn concat(mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1
        && let Some(node) = nodes.pop()
    {
        return node;
    }
    let (height, copies) = bounds(&nodes);
    Node {
        hir: Hir::concat(nodes.into_iter().map(|node| node.hir).collect()),
        height: height + 1,
        copies,
    }
}

fn alternation(mut nodes: Vec<Node>) -> Node {
    if nodes.len() == 1
        && let Some(node) = nodes.pop()
    {
        return node;
    }
    let (height, copies) = bounds(&nodes);
    Node {
        hir: Hir::alternation(nodes.into_iter().map(|node| node.hir).collect()),
        height: height + 1,
        copies,
    }
}

fn bounds(nodes: &[Node]) -> (u32, u32) {
    let height = nodes.iter().map(|node| node.height).max().unwrap_or(0);
    let copies = nodes.iter().map(|node| node.copies).max().unwrap_or(1);
    (height, copies)
}

struct Counts<'p> {
    /// `None` if the counts are out of range.
    range: Option<(u32, Option<u32>)>,
    rest: &'p str,
}

/// `{2}`, `{2,}` or `{2,3}`; anything else is no repetition, and its `{` a literal.
fn counts(text: &str) -> Option<Counts<'_>> {
    let (min, rest) = count(&text[1..])?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (Some(min), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => {
            let (max, rest) = count(rest)?;
            (Some(max), rest)
        }
    };
    let rest = rest.strip_prefix('}')?;
    let fits = min <= 1000 && max.is_none_or(|max| max <= 1000 && min <= max);
    Some(Counts {
        range: fits.then_some((min, max)),
        rest,
    })
}

fn count(text: &str) -> Option<(u32, &str)> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = between(text, rest);
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(u32::MAX), rest))
}

/// An escape that names one character: `\n`, `\x41`, `\.`.
fn char_escape(text: &str) -> Result<(u32, &str), String> {
    let Some((c, after)) = next_char(&text[1..]) else {
        return fail("trailing backslash at end of expression", "");
    };
    let mut rest = after;
    match c {
        '0'..='7' if c == '0' || after.starts_with(|c| ('0'..='7').contains(&c)) => {
            let mut code = u32::from(c) - u32::from('0');
            for _ in 0..2 {
                let Some(digit) = rest.chars().next().and_then(|c| c.to_digit(8)) else {
                    break;
                };
                code = code * 8 + digit;
                rest = &rest[1..];
            }
            return Ok((code, rest));
        }
        'x' => {
            if let Some((found, after)) = hex_escape(&mut rest) {
                return Ok((found, after));
            }
        }
        'a' => return Ok((7, rest)),
        'f' => return Ok((12, rest)),
        'n' => return Ok((10, rest)),
        'r' => return Ok((13, rest)),
        't' => return Ok((9, rest)),
        'v' => return Ok((11, rest)),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => return Ok((u32::from(c), rest)),
        _ => {}
    }
    fail(BAD_ESCAPE, between(text, rest))
}

/// What follows `\x`; where it is wrong, `rest` is moved to where Go stops reading.
fn hex_escape<'p>(rest: &mut &'p str) -> Option<(u32, &'p str)> {
    let (c, after) = next_char(rest)?;
    *rest = after;
    if c != '{' {
        let (low, after) = next_char(rest)?;
        *rest = after;
        return Some((c.to_digit(16)? * 16 + low.to_digit(16)?, after));
    }
    let (mut code, mut n_digits) = (0, 0);
    loop {
        let (c, after) = next_char(rest)?;
        *rest = after;
        if c == '}' {
            return (n_digits > 0).then_some((code, after));
        }
        code = code * 16 + c.to_digit(16)?;
        n_digits += 1;
        if code > u32::from(char::MAX) {
            return None;
        }
    }
}

fn class_char<'p>(text: &'p str, whole: &str) -> Result<(u32, &'p str), String> {
    if text.starts_with('\\') {
        return char_escape(text);
    }
    match next_char(text) {
        Some((c, rest)) => Ok((u32::from(c), rest)),
        None => fail("missing closing ]", whole),
    }
}

/// `[:name:]` at the beginning of `text`.
fn posix_name(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix("[:")?;
    let end = inner.find(":]")? + 4;
    Some((&text[..end], &text[end..]))
}

fn ranges(list: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(
        list.iter()
            .map(|&(low, high)| ClassUnicodeRange::new(low, high)),
    )
}

/// The characters between two code points; surrogates, which no text holds, are left out.
fn code_range(low: u32, high: u32) -> ClassUnicode {
    let low = char::from_u32(low).unwrap_or('\u{e000}');
    let high = char::from_u32(high).unwrap_or('\u{d7ff}');
    if low > high {
        return ClassUnicode::empty();
    }
    ranges(&[(low, high)])
}

const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

/// The class of `\d` and so on, and whether it is to be inverted.
fn perl_class(letter: u8) -> Option<(ClassUnicode, bool)> {
    let list: &[(char, char)] = match letter.to_ascii_lowercase() {
        b'd' => &[('0', '9')],
        b's' => &[('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')],
        b'w' => WORD,
        _ => return None,
    };
    Some((ranges(list), letter.is_ascii_uppercase()))
}

fn posix_class(name: &str) -> Option<(ClassUnicode, bool)> {
    let name = name.strip_prefix("[:")?.strip_suffix(":]")?;
    let (name, negated) = match name.strip_prefix('^') {
        Some(name) => (name, true),
        None => (name, false),
    };
    let list: &[(char, char)] = match name {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" => &[('\0', '\u{7f}')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')],
        "digit" => &[('0', '9')],
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[('A', 'Z')],
        "word" => WORD,
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    };
    Some((ranges(list), negated))
}

/// The characters of a general category or a script.
fn unicode_table(name: &str) -> Option<ClassUnicode> {
    if name.is_empty()
        || !name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_- ".contains(c))
    {
        return None;
    }
    ["gc", "sc"].iter().find_map(|property| {
        let hir = regex_syntax::parse(&format!("\\p{{{property}={name}}}")).ok()?;
        match hir.into_kind() {
            HirKind::Class(Class::Unicode(class)) => Some(class),
            HirKind::Literal(literal) => {
                let c = std::str::from_utf8(&literal.0).ok()?.chars().next()?;
                Some(ranges(&[(c, c)]))
            }
            _ => None,
        }
    })
}
