//! Why a kustomization cannot be built.

use std::fmt;

use fleet_core::diagnostic::Diagnostic;

/// Why a kustomization cannot be built, bound to a place in the user's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    code: &'static str,
    message: String,
    file: Option<String>,
    line: u32,
    column: u32,
    field: Option<String>,
    hint: Option<String>,
}

/// What every fallible step of a build gives back.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error without a place.
    pub fn new(code: &'static str, message: impl fmt::Display) -> Self {
        Self(Box::new(Inner {
            code,
            message: message.to_string(),
            file: None,
            line: 0,
            column: 0,
            field: None,
            hint: None,
        }))
    }

    /// The same at a place, unless it has one already.
    #[must_use]
    pub fn at(mut self, file: &str, line: u32, column: u32) -> Self {
        if self.0.file.is_none() && !file.is_empty() {
            self.0.file = Some(file.to_owned());
            self.0.line = line;
            self.0.column = column;
        }
        self
    }

    /// The same about a field; one that it names already is taken to lie within this one.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        let field = field.into();
        self.0.field = Some(match self.0.field.take() {
            Some(inner) if inner.starts_with('[') => format!("{field}{inner}"),
            Some(inner) => format!("{field}.{inner}"),
            None => field,
        });
        self
    }

    /// Whether it has a place.
    pub fn has_place(&self) -> bool {
        self.0.file.is_some()
    }

    /// The field that it is about.
    pub fn field_name(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// The same with advice, unless it has some already.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint.get_or_insert(hint.into());
        self
    }

    /// The same with what was tried in front.
    #[must_use]
    pub fn context(mut self, tried: impl fmt::Display) -> Self {
        self.0.message = format!("{tried}: {}", self.0.message);
        self
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        if let Some(field) = &self.0.field {
            write!(f, " (field `{field}`)")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        let mut diagnostic = Diagnostic::error(error.0.code, error.to_string());
        if let Some(file) = error.0.file {
            diagnostic = diagnostic.at(file, error.0.line, error.0.column);
        }
        if let Some(hint) = error.0.hint {
            diagnostic = diagnostic.hint(hint);
        }
        diagnostic
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_place_stays_and_fields_are_joined() {
        let error = Error::new("kustomize/patch", "no matches")
            .field("path")
            .at("a.yaml", 3, 1)
            .field("[0]")
            .context("cannot apply a patch")
            .at("kustomization.yaml", 1, 1)
            .field("patches");
        let diagnostic = Diagnostic::from(error);
        assert_eq!(
            diagnostic.to_string(),
            "a.yaml:3:1: cannot apply a patch: no matches (field `patches[0].path`)"
        );
    }
}
