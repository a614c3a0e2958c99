//! A document as a tree, with the place, style and tag of every node.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use libyaml_safer::{EventData, MappingStyle, Parser, ScalarStyle, SequenceStyle};

use crate::error::Error;
use crate::lines;

/// The deepest nesting that is read. goyaml allows 10,000; that many levels would overflow the stack of a Wasm guest.
const MAX_DEPTH: usize = 1000;

/// One node of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its explicit tag in short form (`!!str`, `!mine`), if it has one.
    pub tag: Option<String>,
    /// How it is written.
    pub style: Style,
    /// Line, 1-based.
    pub line: u32,
    /// Column, 1-based.
    pub column: u32,
}

/// What a [`Node`] is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A scalar with its text.
    Scalar(String),
    /// A sequence.
    Sequence(Vec<Rc<Node>>),
    /// A mapping, in the order of the text; a key may be there twice.
    Mapping(Vec<(Rc<Node>, Rc<Node>)>),
    /// Another node of the same document.
    Alias(Rc<Node>),
}

/// How a node is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A scalar without quotes.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// `|`
    Literal,
    /// `>`
    Folded,
    /// A mapping or sequence by indentation.
    Block,
    /// `[…]` or `{…}`
    Flow,
}

impl Node {
    /// The node itself, or the one that it is an alias for.
    pub fn target(&self) -> &Self {
        let mut node = self;
        while let Kind::Alias(target) = &node.kind {
            node = target;
        }
        node
    }

    /// The value of a key of a mapping; the last one, if the key is there twice.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Kind::Mapping(pairs) = &self.target().kind else {
            return None;
        };
        pairs
            .iter()
            .rev()
            .find(|(name, _)| name.as_str() == Some(key))
            .map(|(_, value)| value.target())
    }

    /// The text of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match &self.target().kind {
            Kind::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// A collection that is still being read.
struct Open {
    anchor: Option<String>,
    node: Node,
    key: Option<Rc<Node>>,
}

/// Reads the first document of a text; `None` if there is none.
///
/// # Errors
/// With goyaml's text, if the document is no YAML.
pub fn parse(text: &str) -> Result<Option<Node>, Error> {
    match lines::parse(text) {
        Some(node) => Ok(node),
        None => parse_events(text),
    }
}

/// The same by libyaml's events alone: what [`parse`] does with texts that are not of the common form, and what its
/// tests compare it with.
///
/// # Errors
/// With goyaml's text, if the document is no YAML.
pub fn parse_events(text: &str) -> Result<Option<Node>, Error> {
    let ended = ended(text);
    let n_lines = match &ended {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => u64::try_from(text.matches('\n').count()).ok(),
    };
    let text = &*ended;
    check_tags(text)?;
    // The reader below us takes every text that begins with the byte EF for one with a byte order mark.
    let marked = (text.as_bytes().first() == Some(&0xef))
        .then(|| format!("\u{feff}{}", text.trim_start_matches('\u{feff}')));
    let mut input = marked.as_deref().unwrap_or(text).as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    let mut open: Vec<Open> = Vec::new();
    let mut anchors: HashMap<String, Option<Rc<Node>>> = HashMap::new();
    loop {
        let event = parser
            .parse()
            .map_err(|error| Error::from_parser(&error, n_lines))?;
        let mark = event.start_mark;
        let count = |n: u64| u32::try_from(n + 1).unwrap_or(u32::MAX);
        let (line, column) = (count(mark.line), count(mark.column));
        let done = match event.data {
            EventData::DocumentStart {
                version_directive: Some(version),
                ..
            } if (version.major, version.minor) != (1, 1) => {
                return Err(Error::new("yaml: found incompatible YAML document").at(line, column));
            }
            EventData::StreamStart { .. } | EventData::DocumentStart { .. } => continue,
            EventData::StreamEnd | EventData::DocumentEnd { .. } => return Ok(None),
            EventData::Alias { anchor } => {
                let target = match anchors.get(&anchor) {
                    Some(Some(target)) => Rc::clone(target),
                    Some(None) => {
                        return Err(Error::new(format!(
                            "yaml: anchor '{anchor}' value contains itself"
                        ))
                        .at(line, column));
                    }
                    None => {
                        return Err(Error::new(format!(
                            "yaml: unknown anchor '{anchor}' referenced"
                        ))
                        .at(line, column));
                    }
                };
                Node {
                    kind: Kind::Alias(target),
                    tag: None,
                    style: Style::Plain,
                    line,
                    column,
                }
            }
            EventData::Scalar {
                anchor,
                tag,
                value,
                style,
                plain_implicit,
                quoted_implicit,
            } => {
                let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
                let value = if is_block && n_lines == Some(event.end_mark.line) {
                    without_last_break(value, text)
                } else {
                    value
                };
                let style = match style {
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                    _ => Style::Plain,
                };
                // `! text` has no tag and is not implicit either: a string.
                let untagged = tag.as_deref().is_none_or(|tag| tag == "!");
                let tag = match (untagged, plain_implicit || quoted_implicit) {
                    (true, true) => None,
                    (true, false) => Some("!!str".to_owned()),
                    (false, _) => tag.map(short_tag),
                };
                let node = Node {
                    kind: Kind::Scalar(value),
                    tag,
                    style,
                    line,
                    column,
                };
                if let Some(anchor) = anchor {
                    anchors.insert(anchor, Some(Rc::new(node.clone())));
                }
                node
            }
            EventData::SequenceStart {
                anchor, tag, style, ..
            } => {
                let style = if style == SequenceStyle::Flow {
                    Style::Flow
                } else {
                    Style::Block
                };
                let node = Node {
                    kind: Kind::Sequence(Vec::new()),
                    tag: tag.map(short_tag),
                    style,
                    line,
                    column,
                };
                begin(&mut open, &mut anchors, anchor, node)?;
                continue;
            }
            EventData::MappingStart {
                anchor, tag, style, ..
            } => {
                let style = if style == MappingStyle::Flow {
                    Style::Flow
                } else {
                    Style::Block
                };
                let node = Node {
                    kind: Kind::Mapping(Vec::new()),
                    tag: tag.map(short_tag),
                    style,
                    line,
                    column,
                };
                begin(&mut open, &mut anchors, anchor, node)?;
                continue;
            }
            EventData::SequenceEnd | EventData::MappingEnd => {
                let Some(Open { anchor, node, .. }) = open.pop() else {
                    continue;
                };
                if let Some(anchor) = anchor {
                    anchors.insert(anchor, Some(Rc::new(node.clone())));
                }
                node
            }
        };
        match open.last_mut() {
            None => {
                // goyaml reads on to the end of the document, and so finds what stands behind its root.
                parser
                    .parse()
                    .map_err(|error| Error::from_parser(&error, n_lines))?;
                return Ok(Some(done));
            }
            Some(Open {
                node:
                    Node {
                        kind: Kind::Sequence(items),
                        ..
                    },
                ..
            }) => items.push(Rc::new(done)),
            Some(Open {
                node:
                    Node {
                        kind: Kind::Mapping(pairs),
                        ..
                    },
                key,
                ..
            }) => match key.take() {
                None => *key = Some(Rc::new(done)),
                Some(key) => pairs.push((key, Rc::new(done))),
            },
            Some(_) => {}
        }
    }
}

fn begin(
    open: &mut Vec<Open>,
    anchors: &mut HashMap<String, Option<Rc<Node>>>,
    anchor: Option<String>,
    node: Node,
) -> Result<(), Error> {
    if open.len() >= MAX_DEPTH {
        return Err(
            Error::new(format!("yaml: exceeded max depth of {MAX_DEPTH}"))
                .at(node.line, node.column),
        );
    }
    if let Some(anchor) = &anchor {
        anchors.insert(anchor.clone(), None);
    }
    open.push(Open {
        anchor,
        node,
        key: None,
    });
    Ok(())
}

/// The text with a line break at its end, if a block scalar or an escape may end it: the scanner below us would panic.
fn ended(text: &str) -> Cow<'_, str> {
    let ends = text.ends_with(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
    if ends || !(text.contains(['|', '>']) || text.ends_with('\\')) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("{text}\n"))
    }
}

/// The value of a block scalar that ends the text without the line break that [`ended`] added.
///
/// Blanks on the last line count as content where they go beyond the indentation.
fn without_last_break(mut value: String, text: &str) -> String {
    let raw = text.strip_suffix('\n').unwrap_or(text);
    let last = raw.rsplit('\n').next().unwrap_or(raw);
    let is_content = !last.trim_matches(' ').is_empty() || {
        let full = |line: &&str| !line.trim_matches(' ').is_empty();
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let written = raw.rsplit('\n').find(full).unwrap_or_default();
        let read = value.rsplit('\n').find(full).unwrap_or_default();
        // In a folded scalar the line may stand behind others, without its indentation.
        let kept = match written.trim_start_matches(' ') == read.trim_start_matches(' ') {
            true => indent(read),
            false => 0,
        };
        !read.is_empty() && last.len() > indent(written).saturating_sub(kept)
    };
    let kept_breaks = value.ends_with("\n\n") || value == "\n";
    if (is_content || kept_breaks) && value.ends_with('\n') {
        value.pop();
    }
    value
}

/// Refuses a tag with a comma right behind it, as in `[!mine, x]`.
///
/// goyaml takes the comma for a part of the tag and stumbles over what follows; the scanner below us would panic.
/// What lies within a scalar is only text: the same document with blanks before those commas tells which do.
fn check_tags(text: &str) -> Result<(), Error> {
    let commas = tag_commas(text);
    if commas.is_empty() {
        return Ok(());
    }
    let mut spaced = String::with_capacity(text.len() + commas.len());
    let mut last = 0;
    for at in &commas {
        spaced.push_str(&text[last..*at]);
        spaced.push(' ');
        last = *at;
    }
    spaced.push_str(&text[last..]);
    let blanks = commas.iter().enumerate().map(|(n, at)| at + n);
    let (lines, mut open) = places(&spaced, &blanks.collect());
    let mut ends = Vec::new();
    let mut input = spaced.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    while let Ok(event) = parser.parse() {
        // Of a mark, the line and the column count characters; the index does not always.
        let place = |mark: libyaml_safer::Mark| {
            let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
            (count(mark.line), count(mark.column))
        };
        match event.data {
            EventData::StreamEnd => break,
            EventData::Scalar { .. } => {
                let (start, end) = (place(event.start_mark), place(event.end_mark));
                let first = lines.get(start.0).and_then(|line| line.get(start.1));
                // The range of a scalar with a tag begins with the tag.
                if first != Some(&'!') {
                    open.retain(|at| !(start..end).contains(at));
                    ends.push(end);
                }
            }
            _ => {}
        }
    }
    // What follows a `#` on its line, behind the last scalar, is a comment.
    open.retain(|at| {
        let on_line = |end: &&Place| end.0 == at.0 && **end <= *at;
        let scalar = ends.iter().filter(on_line).max().map_or(0, |end| end.1);
        let line = &lines[at.0];
        // Behind anything else it is a part of a scalar.
        let begins = |n: usize| n == 0 || " \t[]{},:?'\"".contains(line[n - 1]);
        !(scalar..at.1).any(|n| line[n] == '#' && begins(n))
    });
    match open.first() {
        None => Ok(()),
        Some((line, column)) => {
            let count = |n: usize| u32::try_from(n + 1).unwrap_or(u32::MAX);
            Err(Error::new("yaml: did not find expected ',' or '}'")
                .at(count(*line), count(*column)))
        }
    }
}

/// Line and column, 0-based, in characters.
type Place = (usize, usize);

/// The lines of a text as YAML breaks them, and where in them some of its bytes stand.
fn places(text: &str, bytes: &BTreeSet<usize>) -> (Vec<Vec<char>>, Vec<Place>) {
    let (mut lines, mut places) = (vec![Vec::new()], Vec::new());
    for (at, c) in text.char_indices() {
        let n_lines = lines.len();
        let line = &mut lines[n_lines - 1];
        if bytes.contains(&at) {
            places.push((n_lines - 1, line.len()));
        }
        let is_half = c == '\r' && text[at + 1..].starts_with('\n');
        if matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') && !is_half {
            lines.push(Vec::new());
        } else {
            line.push(c);
        }
    }
    (lines, places)
}

/// The commas that stand right behind what could be a tag.
pub(crate) fn tag_commas(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    // A token may begin right behind a quote, a bracket, a blank or, in a flow collection, `?` and `:`; never behind
    // these.
    let starts_token =
        |at: usize| at == 0 || !(bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'!');
    let mut commas: Vec<usize> = Vec::new();
    for (at, _) in text.match_indices('!').filter(|(at, _)| starts_token(*at)) {
        let end = bytes[at..]
            .iter()
            .position(|c| matches!(c, b' ' | b'\t' | b'\n' | b'\r' | b','));
        commas.extend(end.map(|n| at + n).filter(|end| bytes[*end] == b','));
    }
    commas.dedup();
    commas
}

fn short_tag(tag: String) -> String {
    match tag.strip_prefix("tag:yaml.org,2002:") {
        Some(rest) => format!("!!{rest}"),
        None => tag,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What kubectl 1.35 reads.
    #[test]
    fn a_block_scalar_may_end_the_text() {
        for (text, expected) in [
            ("a: |\n    b", "b"),
            ("a: |+\n    b", "b"),
            ("a: |\n    b\n    ", "b\n"),
            ("a: |+\n    b\n    ", "b\n"),
            ("a: |\n    b\n      ", "b\n  "),
            ("a: |+\n    b\n      ", "b\n  "),
            ("a: >\n    b\n    c", "b c"),
            ("a: |-\n    b\n      ", "b\n  "),
            ("a: |+\n    b\n  ", "b\n"),
            ("a: |", ""),
            ("a: |+\n    ", ""),
            ("a: |+\n    b\n\n    ", "b\n\n"),
            ("a: |\n    b \n    ", "b \n"),
            ("a: |\n    b\n    # c", "b\n# c"),
            ("a: |\n    b\n# c", "b\n"),
            ("a: >\n    b\n      ", "b\n  "),
        ] {
            let node = parse(text).unwrap().unwrap();
            assert_eq!(node.get("a").unwrap().as_str(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn nodes_know_their_place() {
        let node = parse("a:\n  b: &x [1]\n  c: *x\n").unwrap().unwrap();
        let b = node.get("a").unwrap().get("b").unwrap();
        assert_eq!((b.line, b.column, b.style), (2, 6, Style::Flow));
        assert_eq!(node.get("a").unwrap().get("c").unwrap().kind, b.kind);
    }

    #[test]
    fn errors_have_gos_text_and_a_place() {
        for (text, message, line) in [
            ("a: *x\n", "yaml: unknown anchor 'x' referenced", 1),
            ("a: &x [*x]\n", "yaml: anchor 'x' value contains itself", 1),
            (
                "a: [1\nb: }\n",
                "yaml: line 1: did not find expected ',' or ']'",
                2,
            ),
            (": 1", "yaml: did not find expected key", 1),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(
                (error.message.as_str(), error.line),
                (message, line),
                "{text}"
            );
        }
    }

    #[test]
    fn a_tag_before_a_comma_is_refused_and_text_stays_text() {
        for text in [
            "[!a,b]",
            "{?!,",
            "{a:!,",
            "['b'!c,d]",
            "[[]!a,b]",
            "{\u{1f600}{!,",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("x: 'a !b,c'\ny: hello !you, there\n# !c,d\n").is_ok());
        assert!(parse("x: hello !you, there\ny: [!c,d]\n").is_err());
    }

    #[test]
    fn deep_nesting_is_refused() {
        let error = parse(&"[".repeat(100_000)).unwrap_err();
        assert!(error.message.contains("max depth"), "{error}");
        let error = parse(&"- ".repeat(100_000)).unwrap_err();
        assert!(error.message.contains("depth"), "{error}");
    }

    /// Found by `plugins/kustomize/build/tests/laws.rs`: the scanner looked behind the end of the text.
    #[test]
    fn an_escape_that_ends_the_text_is_refused() {
        for text in ["\"\\", "a: \"b\\", "- |\n  x\n- \"\\"] {
            let error = parse(text).unwrap_err();
            assert!(error.message.contains("end of stream"), "{text}: {error}");
        }
        assert_eq!(parse("a\\").unwrap().unwrap().as_str(), Some("a\\"));
    }
}
