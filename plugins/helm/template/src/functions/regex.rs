//! Go's regular expressions and sprig's functions over them.

mod syntax;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use regex_automata::meta;
use regex_automata::util::captures::Captures;
use regex_automata::{Input, Match};

use crate::functions::{Args, Call, Failure, Function};
use crate::text::Text;
use crate::value::{List, Type, Value};

const TWO: &[Type] = &[Type::String, Type::String];
const COUNTED: &[Type] = &[Type::String, Type::String, Type::Int];
const THREE: &[Type] = &[Type::String, Type::String, Type::String];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    // Alone among those without `must`, it takes a wrong pattern for one that does not match.
    Function::new("regexMatch", TWO, |_, args| {
        let Ok(regex) = compiled(&args.str(0)?) else {
            return Ok(Value::Bool(false));
        };
        Ok(Value::Bool(regex.is_match(&args.str(1)?)))
    }),
    Function::new("mustRegexMatch", TWO, |_, args| {
        Ok(Value::Bool(
            compiled(&args.str(0)?)?.is_match(&args.str(1)?),
        ))
    }),
    Function::new("regexFind", TWO, |_, args| {
        find(args).map_err(panic_of(args))
    }),
    Function::new("mustRegexFind", TWO, |_, args| find(args)),
    Function::new("regexFindAll", COUNTED, |_, args| {
        find_all(args).map_err(panic_of(args))
    }),
    Function::new("mustRegexFindAll", COUNTED, |_, args| find_all(args)),
    Function::new("regexSplit", COUNTED, |_, args| {
        split(args).map_err(panic_of(args))
    }),
    Function::new("mustRegexSplit", COUNTED, |_, args| split(args)),
    Function::new("regexReplaceAll", THREE, |call, args| {
        replace_all(call, args).map_err(panic_of(args))
    }),
    Function::new("mustRegexReplaceAll", THREE, |call, args| {
        replace_all(call, args)
    }),
    Function::new("regexReplaceAllLiteral", THREE, |call, args| {
        replace_all_literal(call, args).map_err(panic_of(args))
    }),
    Function::new("mustRegexReplaceAllLiteral", THREE, |call, args| {
        replace_all_literal(call, args)
    }),
    Function::new("regexQuoteMeta", &[Type::String], |_, args| {
        Ok(Value::from(quote_meta(&args.str(0)?)))
    }),
];

/// What `regexp.MustCompile` says of the error.
fn panic_of(args: Args<'_>) -> impl Fn(Failure) -> Failure {
    move |failure| {
        let pattern = args.str(0).unwrap_or_default();
        let quoted = if crate::fmt::can_backquote(pattern.as_bytes()) {
            format!("`{pattern}`")
        } else {
            crate::fmt::quote(&pattern)
        };
        match failure.message.starts_with("error parsing regexp") {
            true => format!("regexp: Compile({quoted}): {}", failure.message).into(),
            false => failure,
        }
    }
}

fn find(args: Args<'_>) -> Result<Value, Failure> {
    let regex = compiled(&args.str(0)?)?;
    Ok(Value::from(regex.find(&args.str(1)?)))
}

fn texts(parts: Option<Vec<&str>>) -> Value {
    Value::List(match parts {
        Some(parts) => List::strings(parts.into_iter().map(Text::from)),
        None => List::nil(Type::String),
    })
}

fn find_all(args: Args<'_>) -> Result<Value, Failure> {
    let regex = compiled(&args.str(0)?)?;
    Ok(texts(regex.find_all(&args.str(1)?, args.int(2)?)))
}

fn split(args: Args<'_>) -> Result<Value, Failure> {
    let regex = compiled(&args.str(0)?)?;
    Ok(texts(regex.split(&args.str(1)?, args.int(2)?)))
}

fn replace_all(call: &Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let regex = compiled(&args.str(0)?)?;
    let fits = |n_bytes| call.check_size(n_bytes);
    let replaced = regex.replace_all(&args.str(1)?, &args.str(2)?, fits)?;
    Ok(Value::from(replaced))
}

fn replace_all_literal(call: &Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let regex = compiled(&args.str(0)?)?;
    let fits = |n_bytes| call.check_size(n_bytes);
    let replaced = regex.replace_all_literal(&args.str(1)?, &args.str(2)?, fits)?;
    Ok(Value::from(replaced))
}

/// Bytes that the patterns which are kept compiled may take together.
const MAX_KEPT_BYTES: usize = 16 << 20;

#[derive(Default)]
struct Kept {
    by_pattern: HashMap<String, Rc<Regex>>,
    n_bytes: usize,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

/// The pattern, compiled once for the many calls that a loop makes.
fn compiled(pattern: &str) -> Result<Rc<Regex>, Failure> {
    if let Some(regex) = KEPT.with_borrow(|kept| kept.by_pattern.get(pattern).cloned()) {
        return Ok(regex);
    }
    let regex = Rc::new(Regex::new(pattern)?);
    KEPT.with_borrow_mut(|kept| {
        let n_bytes = regex.program.memory_usage() + SEARCH_CACHE_BYTES + pattern.len();
        if kept.n_bytes + n_bytes > MAX_KEPT_BYTES {
            *kept = Kept::default();
        }
        kept.n_bytes += n_bytes;
        kept.by_pattern.insert(pattern.to_owned(), regex.clone());
    });
    Ok(regex)
}

/// Bytes that a compiled pattern may take; what is larger is refused.
const MAX_COMPILED_BYTES: usize = 4 << 20;

/// Bytes that a search may take to remember the states that it meets.
const SEARCH_CACHE_BYTES: usize = 256 << 10;

/// A compiled pattern of Go's.
#[derive(Clone, Debug)]
pub struct Regex {
    program: meta::Regex,
    names: Vec<Option<String>>,
    pattern_is_empty: bool,
}

impl Regex {
    /// `regexp.Compile`.
    ///
    /// # Errors
    /// In Go's words.
    pub fn new(pattern: &str) -> Result<Self, String> {
        let parsed = syntax::parse(pattern)?;
        let config = meta::Config::new()
            .nfa_size_limit(Some(MAX_COMPILED_BYTES))
            .hybrid_cache_capacity(SEARCH_CACHE_BYTES);
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
    pub fn is_match(&self, text: &str) -> bool {
        self.program.is_match(text)
    }

    /// `FindString`: the first match, or an empty text.
    fn find<'t>(&self, text: &'t str) -> &'t str {
        match self.program.find(text) {
            Some(found) => &text[found.range()],
            None => "",
        }
    }

    /// `FindAllString`: up to `n` matches, all if it is negative; `None`, which is Go's nil, if there are none.
    fn find_all<'t>(&self, text: &'t str, n: i64) -> Option<Vec<&'t str>> {
        let found: Vec<_> = self
            .matches(text, n)
            .map(|found| &text[found.range()])
            .collect();
        (!found.is_empty()).then_some(found)
    }

    /// `Split`: the parts between matches, at most `n`; `None`, which is Go's nil, for zero of them.
    fn split<'t>(&self, text: &'t str, n: i64) -> Option<Vec<&'t str>> {
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
    fn replace_all_literal(
        &self,
        text: &str,
        with: &str,
        fits: impl Fn(usize) -> Result<(), Failure>,
    ) -> Result<String, Failure> {
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for found in self.program.find_iter(text) {
            out.push_str(&text[done..found.start()]);
            out.push_str(with);
            fits(out.len())?;
            done = found.end();
        }
        out.push_str(&text[done..]);
        Ok(out)
    }

    /// `ReplaceAllString`: `$1`, `${1}`, `$name` and `${name}` in `template` stand for groups, `$$` for a dollar.
    fn replace_all(
        &self,
        text: &str,
        template: &str,
        fits: impl Fn(usize) -> Result<(), Failure>,
    ) -> Result<String, Failure> {
        if !template.contains('$') {
            return self.replace_all_literal(text, template, fits);
        }
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for captures in self.program.captures_iter(Input::new(text)) {
            let found = captures
                .get_match()
                .expect("each item of the iterator is a match");
            out.push_str(&text[done..found.start()]);
            self.expand(template, text, &captures, &mut out);
            fits(out.len())?;
            done = found.end();
        }
        out.push_str(&text[done..]);
        Ok(out)
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
    let rest = if braced {
        rest.strip_prefix('}')?
    } else {
        rest
    };
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
fn quote_meta(text: &str) -> String {
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
