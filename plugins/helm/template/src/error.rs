//! What can go wrong with a template, in Go's words and with all places that led there.

use std::fmt;

use crate::fmt::quote;

/// A template that does not parse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("template: {name}:{line}: {message}")]
pub struct ParseError {
    /// The name under which the text was parsed.
    pub name: String,
    /// The line, from one.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

/// A template that cannot be executed.
///
/// Its `Display` is the one-line text that Go's `text/template` makes of nested errors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExecError {
    /// Where it happened: the outermost template first, and then each `include` and `tpl`.
    /// Empty if the template does not exist.
    pub sites: Vec<Site>,
    /// What went wrong at the last site.
    pub message: String,
    /// What the author of the templates says, if it was `fail` or `required` that ended them.
    pub by_author: Option<String>,
}

/// A place in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// `name:line:column` of the text; lines count from one, columns in bytes from zero.
    pub location: String,
    /// The name of the template that was executed.
    pub template: String,
    /// The expression, as Go prints it.
    pub context: String,
    /// What stands between this site and the next: `error calling include: `.
    pub calling: String,
}

impl std::error::Error for ExecError {}

impl fmt::Display for ExecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for site in &self.sites {
            write!(f, "{site}: {}", site.calling)?;
        }
        f.write_str(&self.message)
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            location,
            template,
            context,
            ..
        } = self;
        let template = quote(template);
        write!(
            f,
            "template: {location}: executing {template} at <{context}>"
        )
    }
}
