//! Tags that the scanner below us cannot take.

use std::collections::BTreeSet;

use libyaml_safer::{EventData, Parser, Scanner, TokenData};

use crate::compose::MAX_DEPTH;
use crate::error::{Error, one_based};

/// Bytes that the scanner looks ahead at the most, before it hands on what may be a key.
const LOOKAHEAD: usize = 1024;

/// Refuses a tag with a comma right behind it, as in `[!mine, x]`.
///
/// goyaml takes the comma for a part of the tag and stumbles over what follows; the scanner below us would panic.
/// It tells itself which of the commas stand behind a tag, and not in a text or a comment, from the same document
/// with a blank before each of them: where a tag ends at such a blank. Behind a colon, which a blank would make the
/// end of a key, a letter stands before it, which lengthens a tag or a text and nothing else.
pub(crate) fn check_tags(text: &str) -> Result<(), Error> {
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
                    return Err(Error::new("yaml: did not find expected ',' or '}'")
                        .at(one_based(end.0), one_based(end.1)));
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

#[cfg(test)]
mod tests {
    use crate::parse;

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
}
