//! What becomes of a folded scalar when kustomize writes it and reads it again.
//!
//! Before kustomize prints an object, it writes it as YAML with goyaml.v3 and reads that. The emitter doubles each line
//! break behind a line that is not indented (`yaml_emitter_write_folded_scalar`), also where the next line is indented
//! and the break is kept as it is: a blank line appears.

use std::borrow::Cow;

/// The text of a folded scalar after it was written and read.
pub(super) fn read_again(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') || !can_be_block(text) {
        return Cow::Borrowed(text);
    }
    let is_blank = |text: &str| text.starts_with([' ', '\t']);
    let body = text.trim_start_matches('\n');
    // The emitter looks at the beginning of the whole text, not at the next line.
    let doubles = !body.is_empty() && !is_blank(body);
    let mut out = String::with_capacity(text.len() + 8);
    out.push_str(&text[..text.len() - body.len()]);
    let mut rest = body;
    while let Some(end) = rest.find('\n') {
        let (line, after) = rest.split_at(end);
        rest = after.trim_start_matches('\n');
        let n_breaks = after.len() - rest.len();
        let n_written = n_breaks + usize::from(doubles && !is_blank(line));
        out.push_str(line);
        let n_read = match (rest.is_empty(), is_blank(line) || is_blank(rest)) {
            (true, _) if n_breaks == 1 => 1,
            (true, _) | (false, true) => n_written,
            (false, false) => n_written - 1,
        };
        if n_read == 0 {
            out.push(' ');
        }
        out.extend(std::iter::repeat_n('\n', n_read));
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether goyaml writes the text as a block; else it is quoted, and nothing is lost.
fn can_be_block(text: &str) -> bool {
    let printable = |c: char| {
        matches!(c, '\n' | '\t' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
            && c != '\u{feff}'
    };
    !text.contains(" \n") && !text.ends_with(' ') && text.chars().all(printable)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What kubectl 1.35 prints for these texts.
    #[test]
    fn breaks_before_indented_lines_are_doubled() {
        for (text, expected) in [
            ("a b", "a b"),
            ("a\nb\n", "a\nb\n"),
            ("a\n  b\n)", "a\n\n  b\n)"),
            ("a\n\n \tq\n\na é", "a\n\n\n \tq\n\na é"),
            ("a\n\n", "a\n\n\n"),
            ("\na\n x\n", "\na\n\n x\n"),
            (" x\na\nb", " x\na b"),
            ("\n\n", "\n\n"),
            ("a \n  b", "a \n  b"),
            ("a\n  😀", "a\n  😀"),
        ] {
            assert_eq!(read_again(text), expected, "{text:?}");
        }
    }
}
