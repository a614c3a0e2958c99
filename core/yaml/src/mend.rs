//! Texts that goyaml reads and the scanner below us refuses.
//!
//! Two are known: `[a:, b]`, where the colon belongs to the text before it, and the escape `\'` in double quotes. Both
//! are given to the scanner with another character, which is taken out of the values again. A character takes the
//! place of one, so that places stay what they are.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use crate::error::Error;
use crate::node::Style;

/// Unicode's private use area, of which nearly every text leaves some free.
const PRIVATE: RangeInclusive<char> = '\u{e000}'..='\u{f8ff}';

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
        let taken: HashSet<char> = text.chars().filter(|c| PRIVATE.contains(c)).collect();
        let mut free = PRIVATE.filter(|c| !taken.contains(c));
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Duplicates, Schema, parse};

    /// What Helm 4.1.4 reads (`fromYaml`).
    #[test]
    fn what_the_scanner_refuses_and_goyaml_reads_is_mended() {
        for (text, expected) in [
            ("[a:, b]", json!(["a:", "b"])),
            ("{a:, b: c:}", json!({"a:": null, "b": "c:"})),
            (
                "- [http://x::, {\"a\":[b:]}]",
                json!([["http://x::", {"a": ["b:"]}]]),
            ),
            ("a: \"it\\'s \\\\'\"", json!({"a": "it's \\'"})),
            (
                "a: \"\\'\"\nb: c\\'\nd: 'e\\'\nf: |\n  \\':, # \\'\n",
                json!({"a": "'", "b": "c\\'", "d": "e\\", "f": "\\':, # \\'\n"}),
            ),
            // They do not take what the text has itself.
            ("[a:, \u{e000}\u{e002}]", json!(["a:", "\u{e000}\u{e002}"])),
        ] {
            let node = parse(text).unwrap().unwrap();
            let value = node.to_value(Schema::V2, Duplicates::Refuse).unwrap();
            assert_eq!(value, expected, "{text}");
        }
        for (text, message, place) in [
            (
                "[a:, b]: }",
                "yaml: did not find expected node content",
                (1, 10),
            ),
            ("[a:[b]]", "yaml: did not find expected ',' or ']'", (1, 4)),
            (
                "a: \"\\' \\q\"",
                "yaml: found unknown escape character",
                (1, 8),
            ),
        ] {
            let error = parse(text).unwrap_err();
            let at = (error.line, error.column);
            assert_eq!((error.message.as_str(), at), (message, place), "{text}");
        }
    }
}
