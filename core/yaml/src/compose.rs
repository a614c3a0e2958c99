//! libyaml's events as a tree.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use libyaml_safer::{Event, EventData, MappingStyle, Parser, ScalarStyle, SequenceStyle};

use crate::error::{Error, one_based};
use crate::mend::Mended;
use crate::node::{Kind, Node, Style};
use crate::tags::check_tags;

/// The deepest nesting that is read. goyaml allows 10,000; that many levels would overflow the stack of a Wasm guest.
pub(crate) const MAX_DEPTH: usize = 1000;

/// Reads as [`parse`](crate::parse) does, by libyaml's events alone: what it does with texts that are not of the common
/// form, and what its tests compare it with.
///
/// # Errors
/// With goyaml's text, if the document is no YAML.
pub fn parse_events(text: &str) -> Result<Option<Node>, Error> {
    compose(text, None).or_else(|error| match Mended::new(text, &error) {
        Some(mended) => compose(&mended.text, Some(&mended)),
        None => Err(error),
    })
}

fn compose(text: &str, mended: Option<&Mended>) -> Result<Option<Node>, Error> {
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
    let mut next = || {
        parser
            .parse()
            .map_err(|error| Error::from_parser(&error, n_lines))
    };
    let mut composer = Composer {
        text,
        n_lines,
        mended,
        open: Vec::new(),
        anchors: HashMap::new(),
    };
    loop {
        match composer.take(next()?)? {
            Step::GoOn => {}
            Step::NoDocument => return Ok(None),
            Step::Done(root) => {
                // goyaml reads on to the end of the document, and so finds what stands behind its root.
                next()?;
                return Ok(Some(Rc::unwrap_or_clone(root)));
            }
        }
    }
}

/// Puts a document together.
struct Composer<'t> {
    text: &'t str,
    /// Lines of the text, if a line break was added to its end.
    n_lines: Option<u64>,
    mended: Option<&'t Mended>,
    /// Collections that are still being read, the outer ones first.
    open: Vec<Open>,
    /// What each anchor stands for; nothing while that is still being read.
    anchors: HashMap<String, Option<Rc<Node>>>,
}

/// A collection that is still being read.
struct Open {
    anchor: Option<String>,
    node: Node,
    key: Option<Rc<Node>>,
}

/// What an event came to.
enum Step {
    GoOn,
    NoDocument,
    /// The root is complete.
    Done(Rc<Node>),
}

/// Line and column, 1-based.
type Place = (u32, u32);

impl Composer<'_> {
    fn take(&mut self, event: Event) -> Result<Step, Error> {
        let mark = event.start_mark;
        let place = (one_based(mark.line), one_based(mark.column));
        let (anchor, node) = match event.data {
            EventData::DocumentStart {
                version_directive: Some(version),
                ..
            } if (version.major, version.minor) != (1, 1) => {
                let error = Error::new("yaml: found incompatible YAML document");
                return Err(error.at(place.0, place.1));
            }
            EventData::StreamStart { .. } | EventData::DocumentStart { .. } => {
                return Ok(Step::GoOn);
            }
            EventData::StreamEnd | EventData::DocumentEnd { .. } => return Ok(Step::NoDocument),
            EventData::Alias { anchor } => {
                let kind = Kind::Alias(self.target(&anchor, place)?);
                (None, node(kind, None, Style::Plain, place))
            }
            EventData::Scalar {
                anchor,
                tag,
                value,
                style,
                plain_implicit,
                quoted_implicit,
            } => {
                let style = match style {
                    ScalarStyle::SingleQuoted => Style::SingleQuoted,
                    ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
                    ScalarStyle::Literal => Style::Literal,
                    ScalarStyle::Folded => Style::Folded,
                    _ => Style::Plain,
                };
                let value = self.value(value, style, event.end_mark.line);
                let tag = scalar_tag(tag, plain_implicit || quoted_implicit);
                (anchor, node(Kind::Scalar(value), tag, style, place))
            }
            EventData::SequenceStart {
                anchor, tag, style, ..
            } => {
                let is_flow = style == SequenceStyle::Flow;
                return self.begin(Kind::Sequence(Vec::new()), is_flow, anchor, tag, place);
            }
            EventData::MappingStart {
                anchor, tag, style, ..
            } => {
                let is_flow = style == MappingStyle::Flow;
                return self.begin(Kind::Mapping(Vec::new()), is_flow, anchor, tag, place);
            }
            EventData::SequenceEnd | EventData::MappingEnd => match self.open.pop() {
                Some(Open { anchor, node, .. }) => (anchor, node),
                None => return Ok(Step::GoOn),
            },
        };
        let node = Rc::new(node);
        if let Some(anchor) = anchor {
            self.anchors.insert(anchor, Some(Rc::clone(&node)));
        }
        Ok(self.put(node))
    }

    /// What an alias stands for.
    fn target(&self, anchor: &str, (line, column): Place) -> Result<Rc<Node>, Error> {
        let why = match self.anchors.get(anchor) {
            Some(Some(target)) => return Ok(Rc::clone(target)),
            Some(None) => format!("yaml: anchor '{anchor}' value contains itself"),
            None => format!("yaml: unknown anchor '{anchor}' referenced"),
        };
        Err(Error::new(why).at(line, column))
    }

    /// The text of a scalar that ends on a line (0-based), as its author wrote it.
    fn value(&self, read: String, style: Style, end_line: u64) -> String {
        let is_block = matches!(style, Style::Literal | Style::Folded);
        let value = match is_block && self.n_lines == Some(end_line) {
            true => without_last_break(read, self.text),
            false => read,
        };
        match self.mended {
            Some(mended) => mended.value(value, style),
            None => value,
        }
    }

    /// Begins a collection.
    fn begin(
        &mut self,
        empty: Kind,
        is_flow: bool,
        anchor: Option<String>,
        tag: Option<String>,
        place: Place,
    ) -> Result<Step, Error> {
        if self.open.len() >= MAX_DEPTH {
            let error = Error::new(format!("yaml: exceeded max depth of {MAX_DEPTH}"));
            return Err(error.at(place.0, place.1));
        }
        if let Some(anchor) = &anchor {
            self.anchors.insert(anchor.clone(), None);
        }
        let style = match is_flow {
            true => Style::Flow,
            false => Style::Block,
        };
        self.open.push(Open {
            anchor,
            node: node(empty, tag.map(short_tag), style, place),
            key: None,
        });
        Ok(Step::GoOn)
    }

    /// Puts a node that is complete where it belongs.
    fn put(&mut self, node: Rc<Node>) -> Step {
        let Some(Open {
            node: parent, key, ..
        }) = self.open.last_mut()
        else {
            return Step::Done(node);
        };
        match &mut parent.kind {
            Kind::Sequence(items) => items.push(node),
            Kind::Mapping(pairs) => match key.take() {
                None => *key = Some(node),
                Some(key) => pairs.push((key, node)),
            },
            Kind::Scalar(_) | Kind::Alias(_) => {}
        }
        Step::GoOn
    }
}

fn node(kind: Kind, tag: Option<String>, style: Style, (line, column): Place) -> Node {
    Node {
        kind,
        tag,
        style,
        line,
        column,
    }
}

/// `! text` has no tag and is not implicit either: a string.
fn scalar_tag(tag: Option<String>, is_implicit: bool) -> Option<String> {
    let untagged = tag.as_deref().is_none_or(|tag| tag == "!");
    match (untagged, is_implicit) {
        (true, true) => None,
        (true, false) => Some("!!str".to_owned()),
        (false, _) => tag.map(short_tag),
    }
}

fn short_tag(tag: String) -> String {
    match tag.strip_prefix("tag:yaml.org,2002:") {
        Some(rest) => format!("!!{rest}"),
        None => tag,
    }
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

#[cfg(test)]
mod tests {
    use crate::parse;

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
