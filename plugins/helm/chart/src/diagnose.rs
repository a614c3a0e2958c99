//! Errors of templates: in Helm's words, and with place, chain and advice for people.

use std::collections::BTreeMap;

use fleet_template::value::{Map, Value};
use fleet_template::{ExecError, ParseError};

use crate::context::Renderable;
use crate::error::{Error, Place, TemplateError};

type Renderables<'c> = BTreeMap<String, Renderable<'c>>;

/// A template that does not parse.
pub(crate) fn parse_error(error: &ParseError, renderables: &Renderables<'_>) -> Error {
    let at = format!("{}:{}", error.name, error.line);
    // Helm keeps what follows the last colon.
    let message = error.message.rsplit(": ").next().unwrap_or_default();
    Error::Parse {
        place: place(&at, renderables),
        at,
        message: message.to_owned(),
    }
}

/// A template that failed; `outermost` is the one that was to be printed.
pub(crate) fn exec_error(
    error: &ExecError,
    renderables: &Renderables<'_>,
    outermost: &Renderable<'_>,
) -> Error {
    let innermost = error.sites.last();
    let at = innermost.map_or("", |site| site.location.as_str());
    let message = match &error.by_author {
        Some(text) => text.clone(),
        None => error.message.clone(),
    };
    let nil = innermost
        .filter(|_| error.message.contains("nil pointer evaluating"))
        .and_then(|site| missing_value(&site.context, &outermost.values()?));
    let (code, hint) = match (&error.by_author, &nil) {
        (Some(_), _) => ("template/refused", None),
        (None, Some(path)) => (
            "template/nil-pointer",
            Some(format!(
                "set `{path}` in the values, or let the template ask for it with `(…).field` or `default`"
            )),
        ),
        (None, None) => kind_of(&error.message),
    };
    let message = match nil {
        Some(path) => format!("`.Values.{path}` is not set: {message}"),
        None => message,
    };
    let chain = error.sites.iter().map(|site| short(&site.location));
    Error::Template(Box::new(TemplateError {
        text: helm_text(error),
        place: place(at, renderables),
        message,
        code,
        chain: chain.collect(),
        hint,
    }))
}

fn kind_of(message: &str) -> (&'static str, Option<String>) {
    let (code, hint) = if message.contains("nil pointer evaluating") {
        (
            "template/nil-pointer",
            Some(
                "a value on the way is not set: set it, or let the template test it with `if` or `with`",
            ),
        )
    } else if message.contains("incompatible types for comparison") {
        (
            "template/types",
            Some("numbers of values are floats: compare with `1.0`, or convert with `int`"),
        )
    } else if message.contains("nested reference name") {
        (
            "template/recursion",
            Some("a template includes itself without end"),
        )
    } else if message.contains("no template") || message.contains("not defined") {
        (
            "template/missing",
            Some("the template is defined nowhere: a dependency may be missing"),
        )
    } else {
        ("template/failed", None)
    };
    (code, hint.map(str::to_owned))
}

/// Helm's text for an error.
fn helm_text(error: &ExecError) -> String {
    let Some(outermost) = error.sites.first() else {
        return error.to_string();
    };
    if let Some(text) = &error.by_author {
        return format!("execution error at ({}): {text}", outermost.location);
    }
    let (message, cause) = match error.message.split_once(": template: no template ") {
        Some((message, name)) => (
            format!("{message}:"),
            Some(format!("template: no template {name}")),
        ),
        // An error of a function has a cause of its own, which is not of the form that Helm lays out.
        None if error.message.starts_with("error calling ") => return error.to_string(),
        None => (error.message.clone(), None),
    };
    let mut lines = Vec::new();
    for (n, site) in error.sites.iter().enumerate() {
        let message = match n + 1 == error.sites.len() {
            true => message.trim_end(),
            false => site.calling.trim_end(),
        };
        lines.push(format!(
            "{}\n  executing \"{}\" at <{}>:\n    {message}",
            site.location, site.template, site.context
        ));
    }
    lines.extend(cause);
    lines.join("\n")
}

/// The place in the repository of `name:line` or `name:line:column`, where the column counts bytes from 0.
fn place(at: &str, renderables: &Renderables<'_>) -> Place {
    let (name, line, column) = taken_apart(at);
    let Some(renderable) = renderables.get(name) else {
        return Place {
            file: name.to_owned(),
            line,
            column: 0,
        };
    };
    let text = usize::try_from(line).ok().and_then(|line| {
        renderable
            .template
            .text
            .split('\n')
            .nth(line.checked_sub(1)?)
    });
    let column = column.map_or(0, |column| {
        let before = text.and_then(|text| text.get(..column));
        let n_chars = before.map_or(column, |before| before.chars().count());
        u32::try_from(n_chars + 1).unwrap_or(u32::MAX)
    });
    Place {
        file: renderable.origin.clone(),
        line,
        column,
    }
}

fn taken_apart(at: &str) -> (&str, u32, Option<usize>) {
    let Some((rest, last)) = at.rsplit_once(':') else {
        return (at, 0, None);
    };
    if let Some((name, line)) = rest.rsplit_once(':')
        && let (Ok(line), Ok(column)) = (line.parse(), last.parse())
    {
        return (name, line, Some(column));
    }
    match last.parse() {
        Ok(line) => (rest, line, None),
        Err(_) => (at, 0, None),
    }
}

/// A location without the name of the chart before it.
fn short(location: &str) -> String {
    let (_, rest) = location.split_once('/').unwrap_or(("", location));
    rest.to_owned()
}

/// The first part of an expression such as `.Values.a.b.c` that has no value.
fn missing_value(expression: &str, values: &Map) -> Option<String> {
    let path = expression.strip_prefix('$').unwrap_or(expression);
    let path = path.strip_prefix(".Values.")?;
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    if !path.chars().all(plain) {
        return None;
    }
    let mut at = Value::Map(values.clone());
    let mut walked = Vec::new();
    for name in path.split('.') {
        walked.push(name);
        at = match at.as_map()?.get(name) {
            None | Some(Value::Nil) => return Some(walked.join(".")),
            Some(value) => value,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_taken_apart_from_their_end() {
        for (at, expected) in [
            (
                "c/templates/a:b.yaml:14:20",
                ("c/templates/a:b.yaml", 14, Some(20)),
            ),
            ("c/x.yaml:3", ("c/x.yaml", 3, None)),
            ("c/x.yaml", ("c/x.yaml", 0, None)),
        ] {
            assert_eq!(taken_apart(at), expected);
        }
    }

    #[test]
    fn the_value_that_is_missing_is_named() {
        let values = crate::values::parse("a: {b: null, c: {d: 1}}\n").unwrap();
        for (expression, expected) in [
            (".Values.a.b.x", Some("a.b")),
            ("$.Values.a.x.y.z", Some("a.x")),
            (".Values.a.c.d", None),
            (".Release.x", None),
            ("index .Values.a 1", None),
        ] {
            assert_eq!(
                missing_value(expression, &values).as_deref(),
                expected,
                "{expression}"
            );
        }
    }
}
