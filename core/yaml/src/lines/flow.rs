//! Flow collections of scalars that mean nothing else.

use std::rc::Rc;

use super::Reader;
use crate::node::{Kind, Node, Style};

/// Nesting beyond which the other reader takes over.
const MAX_DEPTH: usize = 50;

impl Reader<'_> {
    /// A collection, the reader being at its bracket; leaves it behind the closing one.
    pub(super) fn flow(&mut self, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut node = self.node(self.at, Kind::Scalar(String::new()), Style::Flow);
        let is_sequence = self.peek()? == b'[';
        let close = if is_sequence { b']' } else { b'}' };
        let (mut items, mut pairs) = (Vec::new(), Vec::new());
        self.at += 1;
        self.skip_flow_blanks()?;
        while self.peek()? != close {
            if is_sequence {
                items.push(Rc::new(self.flow_item(depth)?));
            } else {
                let key = Rc::new(self.flow_scalar()?);
                self.skip_spaces();
                let is_key = (self.peek(), self.peek_second()) == (Some(b':'), Some(b' '));
                // A key stands on one line.
                if !is_key || key.line != self.line + 1 {
                    return None;
                }
                self.at += 1;
                self.skip_spaces();
                pairs.push((key, Rc::new(self.flow_item(depth)?)));
            }
            self.skip_flow_blanks()?;
            match self.peek()? {
                b',' => {
                    self.at += 1;
                    self.skip_flow_blanks()?;
                    if self.peek()? == close {
                        return None;
                    }
                }
                b if b == close => {}
                _ => return None,
            }
        }
        self.at += 1;
        node.kind = match is_sequence {
            true => Kind::Sequence(items),
            false => Kind::Mapping(pairs),
        };
        Some(node)
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

    fn flow_item(&mut self, depth: usize) -> Option<Node> {
        match self.peek()? {
            b'[' | b'{' => self.flow(depth + 1),
            _ => self.flow_scalar(),
        }
    }

    /// A quoted scalar, or a plain one of characters that mean nothing else.
    fn flow_scalar(&mut self) -> Option<Node> {
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
        let text = self.text[start..end].to_owned();
        Some(self.node(start, Kind::Scalar(text), Style::Plain))
    }
}
