//! A document as a tree, with the place, style and tag of every node.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use libyaml_safer::{
    EventData, MappingStyle, Parser, ScalarStyle, Scanner, SequenceStyle, TokenData,
};

use crate::error::Error;
use crate::lines;
use crate::mend::Mended;

/// The deepest nesting that is read. goyaml allows 10,000; that many levels would overflow the stack of a Wasm guest.
const MAX_DEPTH: usize = 1000;

/// Bytes that the scanner below us looks ahead at the most, before it hands on what may be a key.
const LOOKAHEAD: usize = 1024;

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
    parse_mended(text, None).or_else(|error| match Mended::new(text, &error) {
        Some(mended) => parse_mended(&mended.text, Some(&mended)),
        None => Err(error),
    })
}

fn parse_mended(text: &str, mended: Option<&Mended>) -> Result<Option<Node>, Error> {
    let ended = ended(text);
    let n_lines = match &ended {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => u64::try_from(text.matches('\n').count()).ok(),
    };
    let text = &*ended;
    // The reader below us takes every text that begins with the byte EF for one with a byte order mark.
    let marked = (text.as_bytes().first() == Some(&0xef))
        .then(|| format!("\u{feff}{}", text.trim_start_matches('\u{feff}')));
    let input = marked.as_deref().unwrap_or(text);
    check_tags(input)?;
    let mut input = input.as_bytes();
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
                let value = match mended {
                    Some(mended) => mended.value(value, style),
                    None => value,
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
/// It tells itself which of the commas stand behind a tag, and not in a text or a comment, from the same document
/// with a blank before each of them: where a tag ends at such a blank. Behind a colon, which a blank would make the
/// end of a key, a letter stands before it, which lengthens a tag or a text and nothing else.
fn check_tags(text: &str) -> Result<(), Error> {
    let commas = tag_commas(text);
    if commas.is_empty() {
        return Ok(());
    }
    let mut spaced = String::with_capacity(text.len() + 2 * commas.len());
    let mut blanks = Vec::with_capacity(commas.len());
    let mut last = 0;
    for at in commas {
        spaced.push_str(&text[last..at]);
        if spaced.ends_with(':') {
            spaced.push('a');
        }
        blanks.push(spaced.len());
        spaced.push(' ');
        last = at;
    }
    spaced.push_str(&text[last..]);
    let blanks = places(&spaced, blanks);
    let mut input = spaced.as_bytes();
    let mut scanner = Scanner::new();
    scanner.set_input_string(&mut input);
    let (mut begun, mut depth) = (false, 0usize);
    for token in scanner {
        let Ok(token) = token else {
            // The text without the blanks has this error as well, unless one before it.
            return refused(&spaced);
        };
        match token.data {
            TokenData::Tag { .. } => {
                let end = (token.end_mark.line, token.end_mark.column);
                if blanks.contains(&end) {
                    // Outside of `[]` and `{}` the scanner says so itself.
                    if depth == 0 {
                        return Ok(());
                    }
                    let count = |n: u64| u32::try_from(n + 1).unwrap_or(u32::MAX);
                    return Err(Error::new("yaml: did not find expected ',' or '}'")
                        .at(count(end.0), count(end.1)));
                }
            }
            // Only the first document is read.
            TokenData::StreamEnd | TokenData::DocumentEnd => return Ok(()),
            TokenData::DocumentStart if begun => return Ok(()),
            TokenData::FlowSequenceStart | TokenData::FlowMappingStart => depth += 1,
            TokenData::FlowSequenceEnd | TokenData::FlowMappingEnd => {
                depth = depth.saturating_sub(1);
            }
            _ => {}
        }
        if depth > MAX_DEPTH + LOOKAHEAD {
            // It is refused for this before anybody looks further.
            return Ok(());
        }
        begun |= !matches!(
            token.data,
            TokenData::StreamStart { .. }
                | TokenData::VersionDirective { .. }
                | TokenData::TagDirective { .. }
        );
    }
    Ok(())
}

/// The first error of the first document of a text that has one.
fn refused(text: &str) -> Result<(), Error> {
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    loop {
        match parser.parse() {
            Err(error) => return Err(Error::from_parser(&error, None)),
            Ok(event) => match event.data {
                EventData::StreamEnd | EventData::DocumentEnd { .. } => return Ok(()),
                _ => {}
            },
        }
    }
}

/// Line and column, 0-based, in characters: of a mark, its index does not always count them.
type Place = (u64, u64);

/// Where some of a text's bytes, given in order, stand in its lines as YAML breaks them.
fn places(text: &str, bytes: impl IntoIterator<Item = usize>) -> BTreeSet<Place> {
    let mut bytes = bytes.into_iter().peekable();
    let mut places = BTreeSet::new();
    let (mut line, mut column) = (0, 0);
    for (at, c) in text.char_indices() {
        if bytes.next_if_eq(&at).is_some() {
            places.insert((line, column));
        }
        let is_half = c == '\r' && text[at + 1..].starts_with('\n');
        if matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}') && !is_half {
            (line, column) = (line + 1, 0);
        } else if at > 0 || c != '\u{feff}' {
            column += 1;
        }
    }
    places
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
        // `!<…>` may have commas within.
        let is_whole = bytes.get(at + 1) == Some(&b'<');
        let last = if is_whole { b'>' } else { b',' };
        let end = bytes[at..]
            .iter()
            .position(|c| matches!(c, b' ' | b'\t' | b'\n' | b'\r') || *c == last);
        let end = end.map(|n| at + n + usize::from(is_whole));
        commas.extend(end.filter(|end| bytes.get(*end) == Some(&b',')));
    }
    commas.sort_unstable();
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
    use serde_json::json;

    use super::*;
    use crate::{Duplicates, Schema};

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
            "[!<a,b>, c]",
            "# !a,b\n[!a,b]",
            "\u{feff}[!a,b]",
            "\"!a,\n\": [!a,b]",
            "x: |\n  !a,\r\n  [!a,\ny: {!<a>,}",
            "[!a:,b]",
            "[!:,b]",
            "x: y !:, z\ny: [!:,b]",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("x: 'a !b,c'\ny: hello !you, there\n# !c,d\n").is_ok());
        assert!(parse("x: hello !you, there\ny: [!c,d]\n").is_err());
        // A colon before the comma ends no key.
        for (text, expected) in [
            ("k: )!:,", ")!:,"),
            ("k: a !:, b", "a !:, b"),
            ("k: '!:,'", "!:,"),
        ] {
            let node = parse(text).unwrap().unwrap();
            assert_eq!(node.get("k").unwrap().as_str(), Some(expected), "{text}");
        }
        // Only the first document is read.
        assert!(parse("x: hello !you, there\n---\ny: [!c,d]\n").is_ok());
        // What is wrong before it comes first.
        let error = parse("a: \"\\q\"\nb: [!c,d]\n").unwrap_err();
        assert_eq!(error.message, "yaml: found unknown escape character");
    }

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
