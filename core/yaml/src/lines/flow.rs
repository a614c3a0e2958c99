//! Flow collections of scalars that mean nothing else.

use std::borrow::Cow;

use super::build::Build;
use super::{Reader, Scalar};
use crate::node::Style;

/// Nesting beyond which the other reader takes over.
const MAX_DEPTH: usize = 50;

impl<'a, B: Build<'a>> Reader<'a, B> {
    /// A collection, the reader being at its bracket; leaves it behind the closing one.
    pub(super) fn flow(&mut self, depth: usize) -> Option<B::Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let place = self.place(self.at);
        let is_sequence = self.peek()? == b'[';
        let close = if is_sequence { b']' } else { b'}' };
        let (mut items, mut pairs) = (Vec::new(), B::Pairs::default());
        self.at += 1;
        self.skip_flow_blanks()?;
        while self.peek()? != close {
            if is_sequence {
                items.push(self.flow_item(depth)?);
            } else {
                let key = self.flow_scalar()?;
                self.skip_spaces();
                let is_key = (self.peek(), self.peek_second()) == (Some(b':'), Some(b' '));
                // A key stands on one line.
                if !is_key || key.place.line != self.line {
                    return None;
                }
                self.at += 1;
                self.skip_spaces();
                let key = self.build.key(key)?;
                let value = self.flow_item(depth)?;
                self.build.pair(&mut pairs, key, value);
            }
            self.skip_flow_blanks()?;
            match self.peek()? {
                b',' => {
                    self.at += 1;
                    self.skip_flow_blanks()?;
                }
                b if b == close => {}
                _ => return None,
            }
        }
        self.at += 1;
        match is_sequence {
            true => Some(self.build.sequence(items, Style::Flow, place)),
            false => self.build.mapping(pairs, Style::Flow, place),
        }
    }

    /// Blanks, line breaks and comments between the parts of a collection.
    fn skip_flow_blanks(&mut self) -> Option<()> {
        let mut is_behind_blank = false;
        loop {
            match self.peek()? {
                b' ' => self.at += 1,
                b'\n' => {
                    self.skip_breaks()?;
                }
                b'#' if is_behind_blank => self.skip_comment(),
                b'\t' => return None,
                _ => return Some(()),
            }
            is_behind_blank = true;
        }
    }

    fn flow_item(&mut self, depth: usize) -> Option<B::Node> {
        match self.peek()? {
            b'[' | b'{' => self.flow(depth + 1),
            _ => {
                let scalar = self.flow_scalar()?;
                self.build.scalar(scalar)
            }
        }
    }

    /// A quoted scalar, or a plain one of characters that mean nothing else.
    fn flow_scalar(&mut self) -> Option<Scalar<'a>> {
        let start = self.at;
        let begins = match self.peek()? {
            b'"' | b'\'' => return self.quoted(),
            b'-' => matches!(self.peek_second(), Some(b) if b.is_ascii_alphanumeric() || b == b'-'),
            b => b.is_ascii_alphanumeric() || matches!(b, b'_' | b'/' | b'.' | b'~' | b'$'),
        };
        if !begins {
            return None;
        }
        let mut end = start;
        let mut at = start;
        loop {
            match *self.bytes.get(at)? {
                b' ' => at += 1,
                b',' | b']' | b'}' | b'\n' => break,
                b'#' if at > end => break,
                b':' => match self.bytes.get(at + 1)? {
                    b' ' => break,
                    b if b.is_ascii_alphanumeric() || *b == b'/' => {
                        at += 1;
                        end = at;
                    }
                    _ => return None,
                },
                b if b.is_ascii_alphanumeric() || b"_-./~$+=@()<>^\\".contains(&b) => {
                    at += 1;
                    end = at;
                }
                _ => return None,
            }
        }
        self.at = end;
        Some(Scalar {
            text: Cow::Borrowed(&self.text[start..end]),
            style: Style::Plain,
            place: self.place(start),
        })
    }
}
