//! The YAML that people and tools write, read in one pass over its lines.
//!
//! Charts and kustomizations are read thousands of times, and nearly all of what is read is a small part of YAML:
//! block mappings and sequences, scalars, block scalars, comments, and simple flow collections. This reader knows
//! that part and gives exactly what the whole reader in [`crate::node`] gives, to the column. At the first thing that
//! it does not know (an anchor, a tag, a tab, several documents, anything that could be an error) it gives up, and the
//! text is read as a whole by the other. Errors are therefore never its own.
//!
//! What it reads becomes a tree or, without one, a value: see [`Build`].
//!
//! Unit tests, laws by proptest and the fuzz target `yaml` hold the two against each other.

mod build;
mod flow;
mod scalar;

use std::borrow::Cow;
use std::rc::Rc;

use crate::node::{Node, Style};
use crate::resolve::Schema;
use crate::tags::tag_commas;
use crate::value::Duplicates;
use build::{Build, Nodes, Values};

pub(crate) use build::Json;
pub use build::Make;

/// Nesting beyond which the other reader takes over, which has a limit with an error of its own.
const MAX_DEPTH: usize = 200;

/// Longest key that is read here, in bytes. YAML allows 1024 characters, and an error for more.
const MAX_KEY_BYTES: usize = 1000;

/// Reads the first document, if all of it is of the part that is known here; the inner `None` is a text without one.
pub(crate) fn parse(text: &str) -> Option<Option<Node>> {
    let node = Reader::new(text, Nodes::of(text))?.document()?;
    Some(node.map(Rc::unwrap_or_clone))
}

/// What becomes of the first document, if all of it is of the part that is known here, and JSON can say it; null for a
/// text without one.
pub(crate) fn value<'a, M: Make<'a>>(
    text: &'a str,
    schema: Schema,
    duplicates: Duplicates,
    make: &M,
) -> Option<M::Value> {
    let values = Values {
        schema,
        duplicates,
        make,
    };
    let value = Reader::new(text, values)?.document()?;
    Some(value.unwrap_or_else(|| make.null()))
}

/// A scalar that was read.
struct Scalar<'a> {
    text: Cow<'a, str>,
    style: Style,
    place: Place,
}

/// Where a node begins.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    /// 0-based.
    line: u32,
    line_start: usize,
}

/// A place in the text, and what is made of what was read before it.
///
/// Methods give `None` for what is not known here. Those that read a node leave the reader at the beginning of the
/// next line with content.
struct Reader<'a, B> {
    text: &'a str,
    bytes: &'a [u8],
    /// Byte that is read next.
    at: usize,
    /// Line of `at`, 0-based.
    line: u32,
    /// Where the line of `at` begins.
    line_start: usize,
    /// Blanks before the content of the line that [`Reader::settle`] found; `None` at the end of the text.
    indent: Option<usize>,
    build: B,
}

impl<'a, B: Build<'a>> Reader<'a, B> {
    /// Begins, unless the text has characters that count as line breaks or are no text.
    fn new(text: &'a str, build: B) -> Option<Self> {
        let bytes = text.as_bytes();
        let odd = |b: &u8| (*b < b' ' && *b != b'\n' && *b != b'\t') || *b == 0x7f;
        // Many at a time, for which there are instructions.
        let any_odd = |bytes: &[u8]| bytes.iter().fold(false, |any, b| any | odd(b));
        if bytes.chunks(64).any(any_odd) || !tag_commas(text).is_empty() {
            return None;
        }
        if !text.is_ascii() {
            let odd = |c: char| {
                matches!(
                    c,
                    '\u{80}'
                        ..='\u{9f}'
                            | '\u{2028}'
                            | '\u{2029}'
                            | '\u{feff}'
                            | '\u{fffe}'
                            | '\u{ffff}'
                )
            };
            // The other reader has its own rule for what begins with the byte EF.
            if bytes[0] >= 0x80 || text.contains(odd) {
                return None;
            }
        }
        Some(Self {
            text,
            bytes,
            at: 0,
            line: 0,
            line_start: 0,
            indent: None,
            build,
        })
    }

    /// All of the text; the inner `None` if there is no document.
    fn document(mut self) -> Option<Option<B::Node>> {
        if self.text.starts_with("---\n") {
            self.at = 3;
            self.next_line();
            self.settle()?;
            // `---` alone is a document: an empty one.
            self.indent?;
        } else {
            self.settle()?;
            if self.indent.is_none() {
                return Some(None);
            }
        }
        let node = self.block_node(None, 0)?;
        match self.indent {
            None => Some(Some(node)),
            Some(_) => None,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_second(&self) -> Option<u8> {
        self.bytes.get(self.at + 1).copied()
    }

    /// Whether there is a `-` that begins an entry.
    fn is_entry(&self) -> bool {
        self.peek() == Some(b'-') && matches!(self.peek_second(), None | Some(b' ' | b'\n'))
    }

    /// Whether a line begins here that may part documents.
    fn is_marker(&self) -> bool {
        let rest = &self.bytes[self.at..];
        self.at == self.line_start && (rest.starts_with(b"---") || rest.starts_with(b"..."))
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
    }

    /// Goes to the line after the line break at `at`.
    fn next_line(&mut self) {
        self.at += 1;
        self.line += 1;
        self.line_start = self.at;
    }

    /// From the beginning of a line to the next one with content.
    fn settle(&mut self) -> Option<()> {
        loop {
            self.skip_spaces();
            match self.peek() {
                None => {
                    self.indent = None;
                    return Some(());
                }
                Some(b'\n') => self.next_line(),
                Some(b'#') => {
                    self.skip_comment();
                    if self.peek().is_some() {
                        self.next_line();
                    }
                }
                Some(b'\t') => return None,
                Some(_) => {
                    let indent = self.at - self.line_start;
                    if self.is_marker() || (indent == 0 && self.peek() == Some(b'%')) {
                        return None;
                    }
                    self.indent = Some(indent);
                    return Some(());
                }
            }
        }
    }

    fn skip_comment(&mut self) {
        while self.peek().is_some_and(|b| b != b'\n') {
            self.at += 1;
        }
    }

    /// From behind a node to the next line with content: nothing but a comment may stand on the rest of the line.
    fn end_line(&mut self) -> Option<()> {
        let end = self.at;
        self.skip_spaces();
        match self.peek() {
            None => {
                self.indent = None;
                return Some(());
            }
            Some(b'\n') => {}
            Some(b'#') if self.at > end => self.skip_comment(),
            Some(_) => return None,
        }
        if self.peek().is_some() {
            self.next_line();
        }
        self.settle()
    }

    /// A byte of this line.
    fn place(&self, at: usize) -> Place {
        Place {
            at,
            line: self.line,
            line_start: self.line_start,
        }
    }

    /// A node on a line of its own or behind a `-`, where a collection may begin; `parent` is the column of the
    /// collection around it.
    fn block_node(&mut self, parent: Option<usize>, depth: usize) -> Option<B::Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        if self.is_entry() {
            return self.sequence(depth);
        }
        let (start, line, line_start) = (self.at, self.line, self.line_start);
        if let Some(key) = self.key()? {
            return self.mapping(key, start - line_start, depth);
        }
        (self.at, self.line, self.line_start) = (start, line, line_start);
        // A scalar that is a document goes on where others end.
        self.leaf(parent?)
    }

    /// Anything but a block collection.
    fn leaf(&mut self, parent: usize) -> Option<B::Node> {
        let scalar = match self.peek()? {
            b'|' | b'>' => self.block_scalar(parent)?,
            b'[' | b'{' => {
                let node = self.flow(0)?;
                self.end_line()?;
                return Some(node);
            }
            b'"' | b'\'' => {
                let scalar = self.quoted()?;
                self.end_line()?;
                scalar
            }
            _ => self.plain(parent)?,
        };
        self.build.scalar(scalar)
    }

    /// A block sequence, the reader being at its first `-`.
    fn sequence(&mut self, depth: usize) -> Option<B::Node> {
        let column = self.at - self.line_start;
        let place = self.place(self.at);
        let mut items = Vec::new();
        loop {
            self.at += 1;
            let item = match self.rest_is_empty() {
                true => self.below(column, false, depth)?,
                false => {
                    self.skip_spaces();
                    self.block_node(Some(column), depth + 1)?
                }
            };
            items.push(item);
            if self.indent != Some(column) || !self.is_entry() {
                break;
            }
        }
        if self.indent.is_some_and(|indent| indent > column) {
            return None;
        }
        Some(self.build.sequence(items, Style::Block, place))
    }

    /// A block mapping, the reader being behind the `:` of its first key.
    fn mapping(&mut self, first: Scalar<'a>, column: usize, depth: usize) -> Option<B::Node> {
        let place = first.place;
        let mut pairs = B::Pairs::default();
        let mut key = self.build.key(first)?;
        loop {
            let value = match self.rest_is_empty() {
                true => self.below(column, true, depth)?,
                false => {
                    self.skip_spaces();
                    self.leaf(column)?
                }
            };
            self.build.pair(&mut pairs, key, value);
            match self.indent {
                Some(indent) if indent == column => {
                    let next = self.key()??;
                    key = self.build.key(next)?;
                }
                Some(indent) if indent > column => return None,
                _ => break,
            }
        }
        self.build.mapping(pairs, Style::Block, place)
    }

    /// What belongs to a `-` or a key at `column` with nothing behind it on its line: the node below, or nothing.
    fn below(&mut self, column: usize, is_key: bool, depth: usize) -> Option<B::Node> {
        let place = self.place(self.at);
        self.end_line()?;
        match self.indent {
            Some(indent) if indent > column => self.block_node(Some(column), depth + 1),
            // The entries of a sequence may stand right below their key.
            Some(indent) if is_key && indent == column && self.is_entry() => {
                self.sequence(depth + 1)
            }
            _ => self.build.scalar(Scalar {
                text: Cow::Borrowed(""),
                style: Style::Plain,
                place,
            }),
        }
    }

    /// Whether nothing but blanks and a comment stands on the rest of the line.
    fn rest_is_empty(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let n_spaces = rest.iter().take_while(|b| **b == b' ').count();
        match rest.get(n_spaces) {
            None | Some(b'\n') => true,
            Some(b'#') => n_spaces > 0,
            Some(_) => false,
        }
    }

    /// A key and its `:`; the inner `None` if there is no key here, but perhaps a scalar.
    fn key(&mut self) -> Option<Option<Scalar<'a>>> {
        let start = self.at;
        let key = match self.peek()? {
            b'"' | b'\'' => {
                let key = self.quoted()?;
                self.skip_spaces();
                let is_key = self.peek() == Some(b':')
                    && matches!(self.peek_second(), None | Some(b' ' | b'\n'));
                if !is_key {
                    return Some(None);
                }
                // A key stands on one line.
                if key.place.line != self.line {
                    return None;
                }
                key
            }
            b'[' | b'{' | b'|' | b'>' => return Some(None),
            _ => {
                let (text, end) = self.plain_line()?;
                if end != scalar::End::Colon {
                    return Some(None);
                }
                Scalar {
                    text: Cow::Borrowed(text),
                    style: Style::Plain,
                    place: self.place(start),
                }
            }
        };
        if self.at - start > MAX_KEY_BYTES {
            return None;
        }
        self.at += 1;
        Some(Some(key))
    }
}

#[cfg(test)]
mod tests;
