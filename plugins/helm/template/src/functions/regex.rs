//! Go's regular expressions and sprig's functions over them.

mod syntax;

use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::{Input, Match};

/// Bytes that a compiled pattern may take; what is larger is refused.
const MAX_COMPILED_BYTES: usize = 4 << 20;

/// A compiled pattern.
pub(crate) struct Regex {
    program: meta::Regex,
    names: Vec<Option<String>>,
    pattern_is_empty: bool,
}

impl Regex {
    /// `regexp.Compile`.
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        let parsed = syntax::parse(pattern)?;
        let config = meta::Config::new()
            .nfa_size_limit(Some(MAX_COMPILED_BYTES))
            .hybrid_cache_capacity(MAX_COMPILED_BYTES);
        let program = meta::Builder::new()
            .configure(config)
            .build_from_hir(&parsed.hir)
            .map_err(|_| format!("error parsing regexp: expression too large: `{pattern}`"))?;
        Ok(Self {
            program,
            names: parsed.names,
            pattern_is_empty: pattern.is_empty(),
        })
    }

    /// `MatchString`.
    pub(crate) fn is_match(&self, text: &str) -> bool {
        self.program.is_match(text)
    }

    /// `FindString`: the first match, or an empty text.
    pub(crate) fn find<'t>(&self, text: &'t str) -> &'t str {
        match self.program.find(text) {
            Some(found) => &text[found.range()],
            None => "",
        }
    }

    /// `FindAllString`: up to `n` matches, all if it is negative; `None`, which is Go's nil, if there are none.
    pub(crate) fn find_all<'t>(&self, text: &'t str, n: i64) -> Option<Vec<&'t str>> {
        let found: Vec<_> = self
            .matches(text, n)
            .map(|found| &text[found.range()])
            .collect();
        (!found.is_empty()).then_some(found)
    }

    /// `Split`: the parts between matches, at most `n`; `None`, which is Go's nil, for zero of them.
    pub(crate) fn split<'t>(&self, text: &'t str, n: i64) -> Option<Vec<&'t str>> {
        if n == 0 {
            return None;
        }
        if !self.pattern_is_empty && text.is_empty() {
            return Some(vec![""]);
        }
        let most = usize::try_from(n).unwrap_or(usize::MAX);
        let mut parts = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for found in self.matches(text, n) {
            if parts.len() >= most - 1 {
                break;
            }
            end = found.start();
            if found.end() != 0 {
                parts.push(&text[begin..end]);
            }
            begin = found.end();
        }
        if end != text.len() {
            parts.push(&text[begin..]);
        }
        Some(parts)
    }

    /// `ReplaceAllLiteralString`.
    pub(crate) fn replace_all_literal(&self, text: &str, with: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for found in self.program.find_iter(text) {
            out.push_str(&text[done..found.start()]);
            out.push_str(with);
            done = found.end();
        }
        out.push_str(&text[done..]);
        out
    }

    /// `ReplaceAllString`: `$1`, `${1}`, `$name` and `${name}` in `template` stand for groups, `$$` for a dollar.
    pub(crate) fn replace_all(&self, text: &str, template: &str) -> String {
        if !template.contains('$') {
            return self.replace_all_literal(text, template);
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for captures in self.program.captures_iter(Input::new(text)) {
            let found = captures
                .get_match()
                .expect("each item of the iterator is a match");
            out.push_str(&text[done..found.start()]);
            self.expand(template, text, &captures, &mut out);
            done = found.end();
        }
        out.push_str(&text[done..]);
        out
    }

    fn matches(&self, text: &str, n: i64) -> impl Iterator<Item = Match> {
        let most = usize::try_from(n).unwrap_or(usize::MAX);
        self.program.find_iter(text).take(most)
    }

    fn expand(&self, template: &str, text: &str, captures: &Captures, out: &mut String) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            rest = after;
            if let Some(after) = rest.strip_prefix('$') {
                out.push('$');
                rest = after;
                continue;
            }
            let Some((name, after)) = group_name(rest) else {
                out.push('$');
                continue;
            };
            rest = after;
            let span = match group_number(name) {
                Some(number) => captures.get_group(number),
                None => (0..self.names.len())
                    .filter(|&number| self.names[number].as_deref() == Some(name))
                    .find_map(|number| captures.get_group(number)),
            };
            if let Some(span) = span {
                out.push_str(&text[span.range()]);
            }
        }
        out.push_str(rest);
    }
}

/// `name` or `{name}` at the beginning of `text`: `$1W` is the group `1W`, `${1}W` the group `1`.
fn group_name(text: &str) -> Option<(&str, &str)> {
    let (inner, braced) = match text.strip_prefix('{') {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let rest = inner.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
    let name = &inner[..inner.len() - rest.len()];
    if name.is_empty() {
        return None;
    }
    let rest = if braced { rest.strip_prefix('}')? } else { rest };
    Some((name, rest))
}

fn group_number(name: &str) -> Option<usize> {
    let leading_zero = name.len() > 1 && name.starts_with('0');
    if leading_zero || name.len() > 9 || !name.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    name.parse().ok()
}

/// `regexp.QuoteMeta`.
pub(crate) fn quote_meta(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "\\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests;
