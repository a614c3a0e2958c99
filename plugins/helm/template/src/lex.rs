//! Splits a template into tokens, as `text/template/parse` does.

use memchr::memchr_iter;
use memchr::memmem::Finder;
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
    pub(crate) line: u32,
    pub(crate) text: &'a str,
}

impl Token<'_> {
    /// The token as Go's errors name it; what an error is only the lexer knows.
    fn describe(&self) -> String {
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Keyword(_) => format!("<{}>", self.text),
            _ if self.text.len() > 10 => {
                let start: String = self.text.chars().take(10).collect();
                format!("{}...", quote(&start))
            }
            _ => quote(self.text),
        }
    }
}

pub(crate) struct Lexer<'a> {
    source: &'a str,
    left: &'a str,
    right: &'a str,
    find_left: Finder<'a>,
    pos: usize,
    start: usize,
    line: u32,
    start_line: u32,
    n_open: usize,
    /// What is wrong, once there was an error.
    error: Option<String>,
    inside_action: bool,
    has_break: bool,
    has_continue: bool,
}

const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];

impl<'a> Lexer<'a> {
    pub(crate) fn new(source: &'a str, left: &'a str, right: &'a str) -> Self {
        Self {
            source,
            left,
            right,
            find_left: Finder::new(left),
            pos: 0,
            start: 0,
            line: 1,
            start_line: 1,
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

    pub(crate) fn next_token(&mut self) -> Token<'a> {
        if self.inside_action {
            return self.inside_action();
        }
        loop {
            if let Some(token) = self.text() {
                return token;
            }
        }
    }

    fn rest(&self) -> &'a str {
        &self.source[self.pos..]
    }

    fn peek(&self) -> Option<char> {
        match self.source.as_bytes().get(self.pos) {
            Some(byte) if byte.is_ascii() => Some((*byte).into()),
            _ => self.rest().chars().next(),
        }
    }

    /// Goes over letters, digits and underscores.
    fn take_name(&mut self) {
        loop {
            let rest = &self.source.as_bytes()[self.pos..];
            let is_plain = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric();
            self.pos += rest.iter().position(|b| !is_plain(b)).unwrap_or(rest.len());
            match self.peek() {
                Some(c) if !c.is_ascii() && is_alphanumeric(c) => self.pos += c.len_utf8(),
                _ => return,
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    /// Ends the token here.
    fn token(&mut self, kind: Kind) -> Token<'a> {
        let token = Token {
            kind,
            pos: position(self.start),
            line: self.start_line,
            text: &self.source[self.start..self.pos],
        };
        self.start = self.pos;
        self.start_line = self.line;
        token
    }

    /// Goes over bytes that belong to no token.
    fn skip(&mut self, n_bytes: usize) {
        self.advance(n_bytes);
        self.start = self.pos;
        self.start_line = self.line;
    }

    fn advance(&mut self, n_bytes: usize) {
        let skipped = &self.source.as_bytes()[self.pos..self.pos + n_bytes];
        self.line += position(memchr_iter(b'\n', skipped).count());
        self.pos += n_bytes;
    }

    /// An error ends the source.
    fn error(&mut self, message: impl Into<String>) -> Token<'a> {
        let token = Token {
            kind: Kind::Error,
            pos: position(self.start),
            line: self.start_line,
            text: "",
        };
        self.error = Some(message.into());
        self.source = "";
        self.pos = 0;
        self.start = 0;
        token
    }

    /// Text up to an action, or the start of the action; `None` after a comment.
    fn text(&mut self) -> Option<Token<'a>> {
        let Some(n_text) = self.find_left.find(self.rest().as_bytes()) else {
            if self.rest().is_empty() {
                return Some(self.token(Kind::Eof));
            }
            self.advance(self.rest().len());
            return Some(self.token(Kind::Text));
        };
        if n_text > 0 {
            let text = &self.rest()[..n_text];
            let after = &self.rest()[n_text + self.left.len()..];
            let n_kept = match has_left_trim(after) {
                true => text.trim_end_matches(SPACES).len(),
                false => n_text,
            };
            self.advance(n_kept);
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
        if after[n_marker..].starts_with("/*") {
            self.skip(self.left.len() + n_marker);
            return self.comment();
        }
        self.advance(self.left.len());
        let token = self.token(Kind::LeftDelim);
        self.skip(n_marker);
        self.inside_action = true;
        self.n_open = 0;
        Some(token)
    }

    fn comment(&mut self) -> Option<Token<'a>> {
        let Some(n_comment) = self.rest()[2..].find("*/") else {
            return Some(self.error("unclosed comment"));
        };
        self.advance(2 + n_comment + 2);
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
        let rest = self.rest();
        self.skip(rest.len() - rest.trim_start_matches(SPACES).len());
    }

    /// Whether a right delimiter comes next, and if so whether it trims.
    fn at_right_delim(&self) -> Option<bool> {
        let rest = &self.source.as_bytes()[self.pos..];
        let right = self.right.as_bytes();
        if let [b' ' | b'\t' | b'\r' | b'\n', b'-', after @ ..] = rest
            && after.starts_with(right)
        {
            return Some(true);
        }
        rest.starts_with(right).then_some(false)
    }

    fn right_delim(&mut self, trims: bool) -> Token<'a> {
        if trims {
            self.skip(2);
        }
        self.advance(self.right.len());
        let token = self.token(Kind::RightDelim);
        if trims {
            self.skip_spaces();
        }
        self.inside_action = false;
        token
    }

    fn inside_action(&mut self) -> Token<'a> {
        if let Some(trims) = self.at_right_delim() {
            if self.n_open == 0 {
                return self.right_delim(trims);
            }
            return self.error("unclosed left paren");
        }
        let Some(c) = self.peek() else {
            return self.error("unclosed action");
        };
        if is_space(c) {
            return self.space();
        }
        if matches!(c, '+' | '-' | '0'..='9') {
            return self.number();
        }
        if is_alphanumeric(c) {
            return self.identifier();
        }
        self.next();
        match c {
            '=' => self.token(Kind::Assign),
            ':' => match self.next() {
                Some('=') => self.token(Kind::Declare),
                _ => self.error("expected :="),
            },
            '|' => self.token(Kind::Pipe),
            '"' => self.quoted('"', "unterminated quoted string", Kind::String),
            '\'' => self.quoted('\'', "unterminated character constant", Kind::CharConstant),
            '`' => self.raw_string(),
            '$' => self.name(Kind::Variable),
            '.' => match self.peek() {
                // A point can start a number; at the end of the source it is taken for one too.
                Some('0'..='9') | None => {
                    self.pos -= 1;
                    self.number()
                }
                Some(_) => self.name(Kind::Field),
            },
            '(' => {
                self.n_open += 1;
                self.token(Kind::LeftParen)
            }
            ')' if self.n_open == 0 => self.error("unexpected right paren"),
            ')' => {
                self.n_open -= 1;
                self.token(Kind::RightParen)
            }
            c if c.is_ascii() && is_print(c) => self.token(Kind::Char),
            c => self.error(format!(
                "unrecognized character in action: {}",
                describe_char(Some(c))
            )),
        }
    }

    fn space(&mut self) -> Token<'a> {
        let rest = self.rest();
        let n_spaces = rest.len() - rest.trim_start_matches(SPACES).len();
        // The last space may belong to a right delimiter with a trim marker.
        let last = &rest[n_spaces - 1..];
        if has_right_trim(last) && last[2..].starts_with(self.right) {
            if n_spaces == 1 {
                // Go does not ask for open parentheses here: the parser finds them.
                return self.right_delim(true);
            }
            self.advance(n_spaces - 1);
        } else {
            self.advance(n_spaces);
        }
        self.token(Kind::Space)
    }

    fn identifier(&mut self) -> Token<'a> {
        self.take_name();
        if !self.at_terminator() {
            let c = self.peek();
            return self.error(format!("bad character {}", describe_char(c)));
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
            let c = self.peek();
            return self.error(format!("bad character {}", describe_char(c)));
        }
        self.token(kind)
    }

    /// Whether what comes next may follow a name.
    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(c) => is_space(c) || self.rest().starts_with(self.right),
        }
    }

    fn quoted(&mut self, mark: char, message: &str, kind: Kind) -> Token<'a> {
        loop {
            match self.next() {
                Some('\\') if !matches!(self.peek(), None | Some('\n')) => {
                    self.next();
                }
                Some('\\' | '\n') | None => return self.error(message),
                Some(c) if c == mark => return self.token(kind),
                Some(_) => {}
            }
        }
    }

    fn raw_string(&mut self) -> Token<'a> {
        let Some(n_bytes) = self.rest().find('`') else {
            return self.error("unterminated raw quoted string");
        };
        self.advance(n_bytes + 1);
        self.token(Kind::RawString)
    }

    fn number(&mut self) -> Token<'a> {
        let mut kind = Kind::Number;
        let mut good = self.scan_number();
        if good && matches!(self.peek(), Some('+' | '-')) {
            kind = Kind::Complex;
            good = self.scan_number() && self.source[..self.pos].ends_with('i');
        }
        if good {
            return self.token(kind);
        }
        let text = &self.source.as_bytes()[self.start..self.pos];
        self.error(format!("bad number syntax: {}", quote_bytes(text)))
    }

    fn accept(&mut self, valid: &str) -> bool {
        let accepted = self.peek().is_some_and(|c| valid.contains(c));
        if accepted {
            self.next();
        }
        accepted
    }

    fn accept_run(&mut self, valid: &str) {
        while self.accept(valid) {}
    }

    /// What may be a number; the parser finds out whether it is one.
    fn scan_number(&mut self) -> bool {
        const DECIMAL: &str = "0123456789_";
        const HEX: &str = "0123456789abcdefABCDEF_";
        self.accept("+-");
        let mut digits = DECIMAL;
        if self.accept("0") {
            if self.accept("xX") {
                digits = HEX;
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        if (digits == DECIMAL && self.accept("eE")) || (digits == HEX && self.accept("pP")) {
            self.accept("+-");
            self.accept_run(DECIMAL);
        }
        self.accept("i");
        if self.peek().is_some_and(is_alphanumeric) {
            self.next();
            return false;
        }
        true
    }
}

fn position(pos: usize) -> u32 {
    u32::try_from(pos).unwrap_or(u32::MAX)
}

fn is_space(c: char) -> bool {
    SPACES.contains(&c)
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

fn has_left_trim(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('-') && chars.next().is_some_and(is_space)
}

fn has_right_trim(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_space) && chars.next() == Some('-')
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
