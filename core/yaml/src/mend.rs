//! Texts that goyaml reads and the scanner below us refuses.
//!
//! Two are known: `[a:, b]`, where the colon belongs to the text before it, and the escape `\'` in double quotes. Both
//! are given to the scanner with another character, which is taken out of the values again. A character takes the
//! place of one, so that places stay what they are.

use crate::error::Error;
use crate::node::Style;

/// Unicode's private use area, of which nearly every text leaves some free.
const PRIVATE: std::ops::RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';

/// A text with other characters for those that the scanner would stumble over.
pub(crate) struct Mended {
    /// What the scanner gets.
    pub(crate) text: String,
    colon: char,
    backslash: char,
}

impl Mended {
    /// The text that the scanner refused with this error, if it can be helped.
    pub(crate) fn new(text: &str, error: &Error) -> Option<Self> {
        let is_ours = ["found unexpected ':'", "found unknown escape character"]
            .iter()
            .any(|message| error.message.ends_with(message));
        if !is_ours {
            return None;
        }
        let mut free = PRIVATE.filter(|c| !text.contains(*c));
        let (colon, backslash) = (free.next()?, free.next()?);
        let mut mended = String::with_capacity(text.len() + text.len() / 8);
        let mut chars = text.chars().peekable();
        let (mut is_in_scalar, mut is_escaped) = (false, false);
        while let Some(c) = chars.next() {
            let next = chars.peek().copied();
            mended.push(match (c, next) {
                (':', Some(',' | '?' | '[' | ']' | '{' | '}')) if is_in_scalar => colon,
                ('\\', Some('\'')) if !is_escaped => backslash,
                _ => c,
            });
            is_escaped = c == '\\' && !is_escaped;
            // Behind these a colon stands by itself; behind another one it goes on with what that is.
            is_in_scalar = match c {
                ':' => is_in_scalar,
                '"' | '\'' | '[' | ']' | '{' | '}' | ',' | '?' => false,
                c => !c.is_whitespace(),
            };
        }
        let is_changed = mended != text;
        is_changed.then_some(Self {
            text: mended,
            colon,
            backslash,
        })
    }

    /// What a scalar says, with the characters that its author wrote.
    pub(crate) fn value(&self, read: String, style: Style) -> String {
        if !read.contains([self.colon, self.backslash]) {
            return read;
        }
        let mut value = String::with_capacity(read.len());
        for c in read.chars() {
            let written = match c {
                c if c == self.colon => Some(':'),
                // In double quotes it was there for the quote behind it, elsewhere for itself.
                c if c == self.backslash => (style != Style::DoubleQuoted).then_some('\\'),
                c => Some(c),
            };
            value.extend(written);
        }
        value
    }
}
