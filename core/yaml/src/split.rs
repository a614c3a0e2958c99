//! A stream taken apart into documents, as Kubernetes and Helm do it: by lines, before anything is parsed.

/// One document of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Document<'a> {
    /// The line (1-based) on which its text starts.
    pub line: u32,
    /// Its text, without the separator.
    pub text: &'a str,
}

/// Splits a stream at the lines that begin with `---`.
///
/// What follows the three dashes on their line belongs to the document (a tag, a comment, or a flow mapping).
pub fn split_documents(text: &str) -> Vec<Document<'_>> {
    let mut documents = Vec::new();
    let (mut start, mut start_line) = (0, 1);
    let mut at = 0;
    for (n, line) in (0u32..).zip(text.split_inclusive('\n')) {
        let rest = line.strip_prefix("---");
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n'])) {
            documents.push(Document {
                line: start_line,
                text: &text[start..at],
            });
            (start, start_line) = (at + 3, n + 1);
        }
        at += line.len();
    }
    documents.push(Document {
        line: start_line,
        text: &text[start..],
    });
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_start_behind_their_separator() {
        let split: Vec<_> = split_documents("a: 1\n---\nb: 2\n--- # c\nc: |\n  ---\n---x: 1\n");
        let split: Vec<_> = split.iter().map(|d| (d.line, d.text)).collect();
        assert_eq!(
            split,
            [
                (1, "a: 1\n"),
                (2, "\nb: 2\n"),
                (4, " # c\nc: |\n  ---\n---x: 1\n")
            ]
        );
    }
}
