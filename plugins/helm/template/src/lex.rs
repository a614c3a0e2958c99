//! Splits a template into tokens, as `text/template/parse` does.

use memchr::{memchr, memchr_iter};
use unicode_general_category::{GeneralCategory, get_general_category};

use crate::fmt::{is_print, quote, quote_bytes};

/// The kinds of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Error,
    Bool,
    /// A character that means something by itself: the comma.
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    /// `.a.b`: all fields that follow each other at once.
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    Keyword(Keyword),
}

/// The words that are not functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyword {
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// A token: a piece of the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub(crate) kind: Kind,
    /// Byte offset in the source.
    pub(crate) pos: u32,
    pub(crate) text: &'a str,
}

impl Token<'_> {
    /// The byte offset behind it.
    pub(crate) fn end(&self) -> u32 {
        self.pos + position(self.text.len())
    }

    /// What Go has as one token: of fields behind each other the first.
    pub(crate) fn first(&self) -> &str {
        match self.kind {
            Kind::Field => {
                let after = memchr(b'.', &self.text.as_bytes()[1..]);
                &self.text[..after.map_or(self.text.len(), |at| at + 1)]
            }
            _ => self.text,
        }
    }

    /// The token as Go's errors name it; what an error is only the lexer knows.
    fn describe(&self) -> String {
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Keyword(_) => format!("<{}>", self.text),
            _ if self.first().len() > 10 => {
                let start: String = self.first().chars().take(10).collect();
                format!("{}...", quote(&start))
            }
            _ => quote(self.first()),
        }
    }
}

/// Goes over the bytes of a source. All that has a meaning is ASCII: other characters are only looked at where they
/// may belong to a name.
pub(crate) struct Lexer<'a> {
    source: &'a str,
    left: &'a [u8],
    right: &'a [u8],
    pos: usize,
    start: usize,
    n_open: usize,
    /// What is wrong, once there was an error.
    error: Option<String>,
    inside_action: bool,
    has_break: bool,
    has_continue: bool,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(source: &'a str, left: &'a str, right: &'a str) -> Self {
        Self {
            source,
            left: left.as_bytes(),
            right: right.as_bytes(),
            pos: 0,
            start: 0,
            n_open: 0,
            error: None,
            inside_action: false,
            has_break: true,
            has_continue: true,
        }
    }

    /// Takes `break` and `continue` for what they are, or for functions of those names.
    pub(crate) fn set_words(&mut self, has_break: bool, has_continue: bool) {
        self.has_break = has_break;
        self.has_continue = has_continue;
    }

    /// The token as Go's errors name it.
    pub(crate) fn describe(&self, token: &Token<'_>) -> String {
        match token.kind {
            Kind::Error => self.error.clone().unwrap_or_default(),
            _ => token.describe(),
        }
    }

    // What is rare stays a call: within, it would cost each token registers.
    pub(crate) fn next_token(&mut self) -> Token<'a> {
        match self.inside_action {
            true => self.inside_action(),
            false => self.outside(),
        }
    }

    #[inline(never)]
    fn outside(&mut self) -> Token<'a> {
        loop {
            if let Some(token) = self.text() {
                return token;
            }
        }
    }

    fn rest(&self) -> &'a [u8] {
        &self.source.as_bytes()[self.pos..]
    }

    fn byte(&self) -> Option<u8> {
        self.source.as_bytes().get(self.pos).copied()
    }

    /// The character that comes next.
    fn peek(&self) -> Option<char> {
        match self.byte() {
            Some(byte) if byte.is_ascii() => Some(byte.into()),
            _ => self.source[self.pos..].chars().next(),
        }
    }

    /// Goes over letters, digits and underscores.
    fn take_name(&mut self) {
        loop {
            let bytes = self.source.as_bytes();
            while bytes.get(self.pos).is_some_and(|byte| is_word(*byte)) {
                self.pos += 1;
            }
            let is_ascii = self.byte().is_none_or(|byte| byte.is_ascii());
            if is_ascii || !self.take_letter() {
                return;
            }
        }
    }

    /// Goes over a letter or digit that is not ASCII, if one is next.
    #[cold]
    fn take_letter(&mut self) -> bool {
        let letter = self.peek().filter(|c| is_alphanumeric(*c));
        self.pos += letter.map_or(0, char::len_utf8);
        letter.is_some()
    }

    /// Ends the token here.
    fn token(&mut self, kind: Kind) -> Token<'a> {
        let token = Token {
            kind,
            pos: position(self.start),
            text: &self.source[self.start..self.pos],
        };
        self.start = self.pos;
        token
    }

    /// Goes over bytes that belong to no token.
    fn skip(&mut self, n_bytes: usize) {
        self.pos += n_bytes;
        self.start = self.pos;
    }

    /// An error ends the source.
    #[cold]
    fn error(&mut self, message: impl Into<String>) -> Token<'a> {
        self.error = Some(message.into());
        self.source = &self.source[..self.start];
        self.pos = self.start;
        Token {
            kind: Kind::Error,
            pos: position(self.start),
            text: "",
        }
    }

    /// How far away the next action is.
    fn find_left(&self) -> Option<usize> {
        let rest = self.rest();
        let Some(first) = self.left.first() else {
            return Some(0);
        };
        memchr_iter(*first, rest).find(|at| begins_with(&rest[*at..], self.left))
    }

    /// Text up to an action, or the start of the action; `None` after a comment.
    fn text(&mut self) -> Option<Token<'a>> {
        let Some(n_text) = self.find_left() else {
            self.pos = self.source.len();
            let kind = match self.start == self.pos {
                true => Kind::Eof,
                false => Kind::Text,
            };
            return Some(self.token(kind));
        };
        if n_text > 0 {
            let (text, after) = self.rest().split_at(n_text);
            let n_kept = match has_left_trim(&after[self.left.len()..]) {
                true => n_text - text.iter().rev().take_while(|b| is_space(**b)).count(),
                false => n_text,
            };
            self.pos += n_kept;
            let token = self.token(Kind::Text);
            self.skip(n_text - n_kept);
            if !token.text.is_empty() {
                return Some(token);
            }
        }
        self.left_delim()
    }

    fn left_delim(&mut self) -> Option<Token<'a>> {
        let after = &self.rest()[self.left.len()..];
        let n_marker = if has_left_trim(after) { 2 } else { 0 };
        if after[n_marker..].starts_with(b"/*") {
            self.skip(self.left.len() + n_marker);
            return self.comment();
        }
        self.pos += self.left.len();
        let token = self.token(Kind::LeftDelim);
        self.skip(n_marker);
        self.inside_action = true;
        self.n_open = 0;
        Some(token)
    }

    #[inline(never)]
    fn comment(&mut self) -> Option<Token<'a>> {
        let inside = &self.rest()[2..];
        let mut stars = memchr_iter(b'*', inside);
        let Some(n_comment) = stars.find(|at| inside.get(at + 1) == Some(&b'/')) else {
            return Some(self.error("unclosed comment"));
        };
        self.pos += 2 + n_comment + 2;
        let Some(trims) = self.at_right_delim() else {
            return Some(self.error("comment ends before closing delimiter"));
        };
        self.skip(self.right.len() + if trims { 2 } else { 0 });
        if trims {
            self.skip_spaces();
        }
        None
    }

    fn skip_spaces(&mut self) {
        self.skip(n_spaces(self.rest()));
    }

    /// Whether a right delimiter comes next, and if so whether it trims.
    fn at_right_delim(&self) -> Option<bool> {
        let rest = self.rest();
        // Most bytes begin neither.
        if let (Some(byte), Some(first)) = (rest.first(), self.right.first())
            && byte != first
            && !is_space(*byte)
        {
            return None;
        }
        if let [space, b'-', after @ ..] = rest
            && is_space(*space)
            && begins_with(after, self.right)
        {
            return Some(true);
        }
        begins_with(rest, self.right).then_some(false)
    }

    fn right_delim(&mut self, trims: bool) -> Token<'a> {
        if trims {
            self.skip(2);
        }
        self.pos += self.right.len();
        let token = self.token(Kind::RightDelim);
        if trims {
            self.skip_spaces();
        }
        self.inside_action = false;
        token
    }

    #[inline(never)]
    fn inside_action(&mut self) -> Token<'a> {
        if let Some(trims) = self.at_right_delim() {
            if self.n_open == 0 {
                return self.right_delim(trims);
            }
            return self.error("unclosed left paren");
        }
        let Some(byte) = self.byte() else {
            return self.error("unclosed action");
        };
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => return self.space(),
            b'+' | b'-' | b'0'..=b'9' => return self.number(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => return self.identifier(),
            0x80.. => return self.not_ascii(),
            _ => self.pos += 1,
        }
        match byte {
            b'=' => self.token(Kind::Assign),
            b':' if self.byte() == Some(b'=') => {
                self.pos += 1;
                self.token(Kind::Declare)
            }
            b':' => self.error("expected :="),
            b'|' => self.token(Kind::Pipe),
            b'"' => self.quoted(b'"', "unterminated quoted string", Kind::String),
            b'\'' => self.quoted(b'\'', "unterminated character constant", Kind::CharConstant),
            b'`' => self.raw_string(),
            b'$' => self.name(Kind::Variable),
            b'.' => match self.byte() {
                // A point can start a number; at the end of the source it is taken for one too.
                Some(b'0'..=b'9') | None => {
                    self.pos -= 1;
                    self.number()
                }
                Some(_) => self.name(Kind::Field),
            },
            b'(' => {
                self.n_open += 1;
                self.token(Kind::LeftParen)
            }
            b')' if self.n_open == 0 => self.error("unexpected right paren"),
            b')' => {
                self.n_open -= 1;
                self.token(Kind::RightParen)
            }
            byte if is_print(byte.into()) => self.token(Kind::Char),
            byte => self.unrecognized(Some(byte.into())),
        }
    }

    #[cold]
    fn not_ascii(&mut self) -> Token<'a> {
        let c = self.peek();
        match c.is_some_and(is_alphanumeric) {
            true => self.identifier(),
            false => self.unrecognized(c),
        }
    }

    #[cold]
    fn bad_character(&mut self) -> Token<'a> {
        let c = describe_char(self.peek());
        self.error(format!("bad character {c}"))
    }

    #[cold]
    fn unrecognized(&mut self, c: Option<char>) -> Token<'a> {
        let c = describe_char(c);
        self.error(format!("unrecognized character in action: {c}"))
    }

    fn space(&mut self) -> Token<'a> {
        let rest = self.rest();
        let n_spaces = n_spaces(rest);
        // The last space may belong to a right delimiter with a trim marker.
        let after = &rest[n_spaces..];
        if after.first() == Some(&b'-') && begins_with(&after[1..], self.right) {
            if n_spaces == 1 {
                // Go does not ask for open parentheses here: the parser finds them.
                return self.right_delim(true);
            }
            self.pos += n_spaces - 1;
        } else {
            self.pos += n_spaces;
        }
        self.token(Kind::Space)
    }

    fn identifier(&mut self) -> Token<'a> {
        self.take_name();
        if !self.at_terminator() {
            return self.bad_character();
        }
        let word = &self.source[self.start..self.pos];
        let keyword = match word {
            "true" | "false" => return self.token(Kind::Bool),
            "block" => Keyword::Block,
            "break" if self.has_break => Keyword::Break,
            "continue" if self.has_continue => Keyword::Continue,
            "define" => Keyword::Define,
            "else" => Keyword::Else,
            "end" => Keyword::End,
            "if" => Keyword::If,
            "nil" => Keyword::Nil,
            "range" => Keyword::Range,
            "template" => Keyword::Template,
            "with" => Keyword::With,
            _ => return self.token(Kind::Identifier),
        };
        self.token(Kind::Keyword(keyword))
    }

    /// A field or a variable, after its first character.
    fn name(&mut self, kind: Kind) -> Token<'a> {
        if self.at_terminator() {
            return match kind {
                Kind::Variable => self.token(Kind::Variable),
                _ => self.token(Kind::Keyword(Keyword::Dot)),
            };
        }
        self.take_name();
        if !self.at_terminator() {
            return self.bad_character();
        }
        if kind == Kind::Field {
            self.take_fields();
        }
        self.token(kind)
    }

    /// Goes over the fields behind a field. What is wrong begins a token of its own.
    fn take_fields(&mut self) {
        while self.byte() == Some(b'.') {
            let before = self.pos;
            self.pos += 1;
            let is_field = !self.at_terminator() && !matches!(self.byte(), Some(b'0'..=b'9'));
            self.take_name();
            if !is_field || self.pos == before + 1 || !self.at_terminator() {
                self.pos = before;
                return;
            }
        }
    }

    /// Whether what comes next may follow a name.
    fn at_terminator(&self) -> bool {
        match self.byte() {
            None => true,
            Some(byte) => ENDS_NAME[usize::from(byte)] || begins_with(self.rest(), self.right),
        }
    }

    #[inline(never)]
    fn quoted(&mut self, mark: u8, message: &str, kind: Kind) -> Token<'a> {
        loop {
            let byte = self.byte();
            self.pos += 1;
            match byte {
                Some(b'\\') if !matches!(self.byte(), None | Some(b'\n')) => self.pos += 1,
                Some(b'\\' | b'\n') | None => return self.error(message),
                Some(byte) if byte == mark => return self.token(kind),
                Some(_) => {}
            }
        }
    }

    #[inline(never)]
    fn raw_string(&mut self) -> Token<'a> {
        let Some(n_bytes) = memchr(b'`', self.rest()) else {
            return self.error("unterminated raw quoted string");
        };
        self.pos += n_bytes + 1;
        self.token(Kind::RawString)
    }

    #[inline(never)]
    fn number(&mut self) -> Token<'a> {
        let mut kind = Kind::Number;
        let mut good = self.scan_number();
        if good && matches!(self.byte(), Some(b'+' | b'-')) {
            kind = Kind::Complex;
            good = self.scan_number() && self.source[..self.pos].ends_with('i');
        }
        if good {
            return self.token(kind);
        }
        let text = &self.source.as_bytes()[self.start..self.pos];
        self.error(format!("bad number syntax: {}", quote_bytes(text)))
    }

    fn accept(&mut self, is_valid: impl Fn(u8) -> bool) -> bool {
        let accepted = self.byte().is_some_and(is_valid);
        self.pos += usize::from(accepted);
        accepted
    }

    fn accept_digits(&mut self, radix: u32) {
        while self.accept(|byte| byte == b'_' || char::from(byte).is_digit(radix)) {}
    }

    /// What may be a number; the parser finds out whether it is one.
    fn scan_number(&mut self) -> bool {
        let is_sign = |byte| matches!(byte, b'+' | b'-');
        self.accept(is_sign);
        let mut radix = 10;
        if self.accept(|byte| byte == b'0') {
            if self.accept(|byte| matches!(byte, b'x' | b'X')) {
                radix = 16;
            } else if self.accept(|byte| matches!(byte, b'o' | b'O')) {
                radix = 8;
            } else if self.accept(|byte| matches!(byte, b'b' | b'B')) {
                radix = 2;
            }
        }
        self.accept_digits(radix);
        if self.accept(|byte| byte == b'.') {
            self.accept_digits(radix);
        }
        let has_exponent = match radix {
            10 => self.accept(|byte| matches!(byte, b'e' | b'E')),
            16 => self.accept(|byte| matches!(byte, b'p' | b'P')),
            _ => false,
        };
        if has_exponent {
            self.accept(is_sign);
            self.accept_digits(10);
        }
        self.accept(|byte| byte == b'i');
        match self.peek() {
            Some(c) if is_alphanumeric(c) => {
                self.pos += c.len_utf8();
                false
            }
            _ => true,
        }
    }
}

fn position(pos: usize) -> u32 {
    u32::try_from(pos).unwrap_or(u32::MAX)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// How many bytes of space come first.
fn n_spaces(text: &[u8]) -> usize {
    let n_spaces = text.iter().position(|byte| !is_space(*byte));
    n_spaces.unwrap_or(text.len())
}

/// The ASCII letters and digits, and the underscore.
fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}

/// What [`is_word`] says, looked up: it is asked for most bytes.
const WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        table[byte as usize] = byte == b'_' || byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// The bytes that may follow a name.
const ENDS_NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &[u8] = b".,|:)( \t\r\n";
    while let [byte, after @ ..] = rest {
        table[*byte as usize] = true;
        rest = after;
    }
    table
};

/// As `starts_with`, and quicker for a delimiter of the usual length.
fn begins_with(text: &[u8], delim: &[u8]) -> bool {
    match (text, delim) {
        ([a, b, ..], [x, y]) => a == x && b == y,
        _ => text.starts_with(delim),
    }
}

/// Go's letters and digits, and the underscore.
fn is_alphanumeric(c: char) -> bool {
    use GeneralCategory as Category;
    if c.is_ascii() {
        return c == '_' || c.is_ascii_alphanumeric();
    }
    matches!(
        get_general_category(c),
        Category::UppercaseLetter
            | Category::LowercaseLetter
            | Category::TitlecaseLetter
            | Category::ModifierLetter
            | Category::OtherLetter
            | Category::DecimalNumber
    )
}

fn has_left_trim(text: &[u8]) -> bool {
    matches!(text, [b'-', space, ..] if is_space(*space))
}

/// Go's `%#U`, where the end of the source is the number -1.
fn describe_char(c: Option<char>) -> String {
    match c {
        None => "U+FFFFFFFFFFFFFFFF".to_owned(),
        Some(c) if is_print(c) => format!("U+{:04X} '{c}'", u32::from(c)),
        Some(c) => format!("U+{:04X}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests;
