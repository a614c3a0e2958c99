//! Why a text is not YAML, in Go's words.

/// Why a text is not YAML, in Go's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What goyaml says, for example `yaml: line 3: did not find expected key`.
    pub message: String,
    /// Line, 1-based; 0 if unknown.
    pub line: u32,
    /// Column, 1-based; 0 if unknown.
    pub column: u32,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            line: 0,
            column: 0,
        }
    }

    pub(crate) fn at(mut self, line: u32, column: u32) -> Self {
        self.line = line;
        self.column = column;
        self
    }

    /// The same error in a stream in which the document begins `lines` lower.
    pub(crate) fn moved(mut self, lines: u32) -> Self {
        if self.line > 0 {
            self.line += lines;
        }
        self
    }

    /// goyaml's text and the true place of a parser's error.
    ///
    /// goyaml names the line of the problem, or else of its context, counted from 0 and one more where the
    /// scanner raised it; the first line is not named at all. Line `added`, if there is one, is not of the text:
    /// a quoted scalar ends before it. Other errors at the end count a further line in any case.
    pub(crate) fn from_parser(error: &libyaml_safer::Error, added: Option<u64>) -> Self {
        use libyaml_safer::ErrorKind;
        let problem = error.problem_mark();
        let context = error.context_mark();
        let added = added.filter(|_| error.problem() == "found unexpected end of stream");
        let in_text = |line: u64| line - u64::from(Some(line) == added);
        let mut named = problem.map_or(0, |mark| in_text(mark.line));
        if named != 0 {
            named += u64::from(error.kind() == ErrorKind::Scanner);
        } else {
            named = context.map_or(0, |mark| mark.line);
        }
        let text = match error.kind() {
            ErrorKind::Io => error.to_string(),
            _ => error.problem().to_owned(),
        };
        let place = if named == 0 {
            String::new()
        } else {
            format!("line {named}: ")
        };
        let mark = problem.or(context);
        Self {
            message: format!("yaml: {place}{text}"),
            line: mark.map_or(0, |mark| one_based(in_text(mark.line))),
            column: mark.map_or(0, |mark| one_based(mark.column)),
        }
    }
}

/// A line or column of the scanner below us, which counts from 0.
pub(crate) fn one_based(n: u64) -> u32 {
    u32::try_from(n + 1).unwrap_or(u32::MAX)
}
