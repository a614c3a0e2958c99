//! Scalars: plain and quoted ones over any number of lines, block scalars.

use std::borrow::Cow;

use super::build::Build;
use super::{Reader, Scalar};
use crate::node::Style;

/// What a plain scalar ends at on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// A `:` that makes it a key.
    Colon,
    Comment,
    Line,
}

impl<'a, B: Build<'a>> Reader<'a, B> {
    /// What a plain scalar has on this line, without blanks at its end. Leaves the reader at the `:`, or behind the
    /// text.
    pub(super) fn plain_line(&mut self) -> Option<(&'a str, End)> {
        let start = self.at;
        let begins = match self.peek()? {
            b'-' | b':' => !matches!(self.peek_second(), None | Some(b' ' | b'\t' | b'\n')),
            b'?' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>'
            | b'\'' | b'"' | b'%' | b'@' | b'`' => false,
            _ => true,
        };
        if !begins {
            return None;
        }
        self.plain_rest(start)
    }

    /// The same for a line that goes on with a scalar, which may begin with anything.
    fn plain_rest(&mut self, start: usize) -> Option<(&'a str, End)> {
        let mut end = start;
        let mut at = start;
        let how = loop {
            match self.bytes.get(at) {
                None | Some(b'\n') => break End::Line,
                Some(b'\t') => return None,
                Some(b' ') => at += 1,
                Some(b'#') if at > end => break End::Comment,
                Some(b':') if matches!(self.bytes.get(at + 1), None | Some(b' ' | b'\n')) => {
                    break End::Colon;
                }
                Some(_) => {
                    at += 1;
                    end = at;
                }
            }
        };
        self.at = match how {
            End::Colon => at,
            End::Comment | End::Line => end,
        };
        Some((&self.text[start..end], how))
    }

    /// A plain scalar, and the lines that it goes on with: those that lie deeper than `parent`.
    pub(super) fn plain(&mut self, parent: usize) -> Option<Scalar<'a>> {
        let place = self.place(self.at);
        let (text, mut end) = self.plain_line()?;
        let mut text = Cow::Borrowed(text);
        while end == End::Line {
            let Some((at, n_breaks)) = self.next_content(parent)? else {
                break;
            };
            match n_breaks {
                1 => text.to_mut().push(' '),
                n => text.to_mut().extend(std::iter::repeat_n('\n', n - 1)),
            }
            for _ in 0..n_breaks {
                self.line += 1;
            }
            self.line_start = self.bytes[..at]
                .iter()
                .rposition(|b| *b == b'\n')
                .map_or(0, |n| n + 1);
            let (more, how) = self.plain_rest(at)?;
            text += more;
            end = how;
        }
        if end == End::Colon {
            return None;
        }
        self.end_line()?;
        Some(Scalar {
            text,
            style: Style::Plain,
            place,
        })
    }

    /// Where a plain scalar goes on, and how many line breaks lie between; the inner `None` if it ends here.
    fn next_content(&self, parent: usize) -> Option<Option<(usize, usize)>> {
        let mut at = self.at;
        let mut n_breaks = 0;
        let mut line_start = at;
        loop {
            match self.bytes.get(at) {
                None => return Some(None),
                Some(b'\t') => return None,
                Some(b' ') => at += 1,
                Some(b'\n') => {
                    n_breaks += 1;
                    at += 1;
                    line_start = at;
                }
                Some(b'#') => return Some(None),
                Some(_) if at - line_start <= parent => return Some(None),
                Some(_) => return Some(Some((at, n_breaks))),
            }
        }
    }

    /// A quoted scalar with the commonest escapes. Leaves the reader behind it, perhaps on another line.
    pub(super) fn quoted(&mut self) -> Option<Scalar<'a>> {
        let quote = self.peek()?;
        let style = match quote {
            b'"' => Style::DoubleQuoted,
            _ => Style::SingleQuoted,
        };
        let place = self.place(self.at);
        let mut text = Cow::Borrowed("");
        self.at += 1;
        loop {
            let from = self.at;
            let special = |b: &u8| {
                *b == quote || matches!(b, b'\n' | b'\t') || (*b == b'\\' && quote == b'"')
            };
            self.at += self.bytes[from..].iter().position(special)?;
            let run = &self.text[from..self.at];
            match self.peek()? {
                b'\n' => {
                    // Blanks at the end of a line say nothing, and neither do those at the beginning.
                    text += run.trim_end_matches(' ');
                    match self.skip_breaks()? {
                        1 => text.to_mut().push(' '),
                        n => text.to_mut().extend(std::iter::repeat_n('\n', n - 1)),
                    }
                    continue;
                }
                b'\t' => return None,
                b'\\' => {
                    text += run;
                    self.at += 1;
                    text.to_mut().push(match self.peek()? {
                        b'n' => '\n',
                        b't' => '\t',
                        b'r' => '\r',
                        b @ (b'"' | b'\\' | b' ') => char::from(b),
                        // The break itself is not meant.
                        b'\n' => {
                            let n_breaks = self.skip_breaks()?;
                            text.to_mut()
                                .extend(std::iter::repeat_n('\n', n_breaks - 1));
                            continue;
                        }
                        _ => return None,
                    });
                }
                _ => {
                    text += run;
                    if quote != b'\'' || self.peek_second() != Some(quote) {
                        break;
                    }
                    text.to_mut().push('\'');
                    self.at += 1;
                }
            }
            self.at += 1;
        }
        self.at += 1;
        Some(Scalar { text, style, place })
    }

    /// From a line break to what comes next, blank lines being nothing: how many line breaks lie before.
    pub(super) fn skip_breaks(&mut self) -> Option<usize> {
        let mut n_breaks = 0;
        loop {
            match self.peek()? {
                b'\n' => {
                    n_breaks += 1;
                    self.next_line();
                }
                b' ' => self.at += 1,
                b'\t' => return None,
                _ => return (!self.is_marker()).then_some(n_breaks),
            }
        }
    }

    /// A block scalar that says nothing of its indentation.
    pub(super) fn block_scalar(&mut self, parent: usize) -> Option<Scalar<'a>> {
        let place = self.place(self.at);
        let is_literal = self.peek() == Some(b'|');
        self.at += 1;
        let chomping = match self.peek() {
            Some(b @ (b'-' | b'+')) => {
                self.at += 1;
                Some(b)
            }
            _ => None,
        };
        let style = match is_literal {
            true => Style::Literal,
            false => Style::Folded,
        };
        if !self.rest_is_empty() {
            return None;
        }
        self.skip_comment();
        // The end of a text without a line break has rules of its own.
        self.peek()?;
        self.next_line();
        // Line breaks that have been read and belong to the text if more of it follows.
        let (indent, mut n_breaks) = self.block_scalar_indent(parent)?;
        let mut text = String::new();
        let mut has_lines = false;
        let mut was_blank = false;
        while let Some(indent) = indent
            && self.at - self.line_start == indent
            && let Some(first) = self.peek()
        {
            let is_blank = first == b' ' || first == b'\t';
            let folds = !is_literal && has_lines && !was_blank && !is_blank;
            match (has_lines, folds) {
                (true, true) if n_breaks == 0 => text.push(' '),
                (true, false) => text.push('\n'),
                _ => {}
            }
            text.extend(std::iter::repeat_n('\n', n_breaks));
            was_blank = is_blank;
            let from = self.at;
            self.skip_comment();
            let line = &self.text[from..self.at];
            text.push_str(line);
            has_lines = true;
            if self.peek().is_none() {
                // Then neither has the scalar one, whatever its head says; unless its last line is blank.
                let has_content = line.bytes().any(|b| !matches!(b, b' ' | b'\t'));
                self.indent = None;
                return has_content.then_some(Scalar {
                    text: Cow::Owned(text),
                    style,
                    place,
                });
            }
            self.next_line();
            n_breaks = self.block_scalar_breaks(indent)?;
        }
        if has_lines && chomping != Some(b'-') {
            text.push('\n');
        }
        if chomping == Some(b'+') {
            text.extend(std::iter::repeat_n('\n', n_breaks));
        }
        self.at = self.line_start;
        self.settle()?;
        if self.indent.is_none() && !self.text.ends_with('\n') {
            return None;
        }
        Some(Scalar {
            text: Cow::Owned(text),
            style,
            place,
        })
    }

    /// Goes to the first content of a block scalar: its column, unless there is none, and the line breaks before it.
    fn block_scalar_indent(&mut self, parent: usize) -> Option<(Option<usize>, usize)> {
        let mut n_breaks = 0;
        let mut widest = 0;
        loop {
            self.skip_spaces();
            let column = self.at - self.line_start;
            match self.peek() {
                None => return Some((None, n_breaks)),
                Some(b'\t') => return None,
                Some(b'\n') => {
                    widest = widest.max(column);
                    n_breaks += 1;
                    self.next_line();
                }
                Some(_) if column <= parent => return Some((None, n_breaks)),
                // What blank lines say of the indentation is for the other reader.
                Some(_) if widest > column => return None,
                Some(_) => return Some((Some(column), n_breaks)),
            }
        }
    }

    /// Goes to the next line that is not blank up to a column, or to that column: how many line breaks lie before.
    fn block_scalar_breaks(&mut self, indent: usize) -> Option<usize> {
        let mut n_breaks = 0;
        loop {
            while self.peek() == Some(b' ') && self.at - self.line_start < indent {
                self.at += 1;
            }
            match self.peek() {
                Some(b'\t') if self.at - self.line_start < indent => return None,
                Some(b'\n') => {
                    n_breaks += 1;
                    self.next_line();
                }
                _ => return Some(n_breaks),
            }
        }
    }
}
