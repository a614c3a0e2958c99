//! Texts: cutting, joining, quoting, changing case.

mod bytes;
pub(crate) mod unicode;
mod words;

use memchr::memmem;

use crate::fmt;
use crate::functions::{Args, Call, Failure, Function};
use crate::text::Text;
use crate::value::{List, Map, Type, Value};
use unicode::{is_space, to_lower, to_upper};

const TEXT: &[Type] = &[Type::String];
const TWO: &[Type] = &[Type::String, Type::String];
const NUMBER: &[Type] = &[Type::Int, Type::String];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("hello", &[], |_, _| Ok(Value::from("Hello!"))),
    Function::new("upper", TEXT, |_, args| {
        mapped(args, str::to_ascii_uppercase, to_upper)
    }),
    Function::new("lower", TEXT, |_, args| {
        mapped(args, str::to_ascii_lowercase, to_lower)
    }),
    Function::new("title", TEXT, |_, args| text(words::title(&args.str(0)?))),
    Function::new("untitle", TEXT, |_, args| {
        text(words::untitle(&args.str(0)?))
    }),
    Function::new("swapcase", TEXT, |_, args| {
        text(words::swap_case(&args.str(0)?))
    }),
    Function::new("snakecase", TEXT, |_, args| {
        text(words::lower_case_words(&args.str(0)?, '_'))
    }),
    Function::new("kebabcase", TEXT, |_, args| {
        text(words::lower_case_words(&args.str(0)?, '-'))
    }),
    Function::new("camelcase", TEXT, |_, args| {
        text(words::pascal_case(&args.str(0)?))
    }),
    Function::new("initials", TEXT, |_, args| {
        text(words::initials(args.text(0)?.as_bytes()))
    }),
    Function::new("nospace", TEXT, |_, args| {
        text(words::delete_white_space(args.text(0)?.as_bytes()))
    }),
    Function::new("trim", TEXT, |_, args| {
        let trimmed = bytes::trim(args.text(0)?.as_bytes(), is_space);
        part(args.text(0)?, trimmed)
    }),
    Function::new("trimAll", TWO, trim_all),
    Function::new("trimall", TWO, trim_all),
    Function::new("trimPrefix", TWO, |_, args| {
        let (prefix, whole) = (args.text(0)?, args.text(1)?);
        let rest = whole.as_bytes().strip_prefix(prefix.as_bytes());
        part(whole, rest.unwrap_or(whole.as_bytes()))
    }),
    Function::new("trimSuffix", TWO, |_, args| {
        let (suffix, whole) = (args.text(0)?, args.text(1)?);
        let rest = whole.as_bytes().strip_suffix(suffix.as_bytes());
        part(whole, rest.unwrap_or(whole.as_bytes()))
    }),
    Function::new("trunc", NUMBER, trunc),
    Function::new("substr", &[Type::Int, Type::Int, Type::String], substr),
    Function::new("abbrev", NUMBER, |_, args| {
        let (width, whole) = (args.int(0)?, args.text(1)?);
        if width < 4 {
            return Ok(Value::from(whole.clone()));
        }
        text(words::abbreviate(whole.as_bytes(), 0, width))
    }),
    Function::new(
        "abbrevboth",
        &[Type::Int, Type::Int, Type::String],
        |_, args| {
            let (left, right, whole) = (args.int(0)?, args.int(1)?, args.text(2)?);
            if right < 4 || (left > 0 && right < 7) {
                return Ok(Value::from(whole.clone()));
            }
            text(words::abbreviate(whole.as_bytes(), left, right))
        },
    ),
    Function::new("wrap", NUMBER, |_, args| {
        let whole = args.text(1)?.as_bytes();
        text(words::wrap(whole, args.int(0)?, b"", false))
    }),
    Function::new(
        "wrapWith",
        &[Type::Int, Type::String, Type::String],
        |call, args| {
            let (newline, whole) = (args.text(1)?.as_bytes(), args.text(2)?.as_bytes());
            let n_lines = whole.len() / usize::try_from(args.int(0)?).unwrap_or(1).max(1) + 1;
            call.check_size(n_lines.saturating_mul(newline.len() + 1))?;
            text(words::wrap(whole, args.int(0)?, newline, true))
        },
    ),
    Function::new("contains", TWO, |_, args| {
        let (part, whole) = (args.text(0)?.as_bytes(), args.text(1)?.as_bytes());
        Ok(Value::Bool(memmem::find(whole, part).is_some()))
    }),
    Function::new("hasPrefix", TWO, |_, args| {
        let (part, whole) = (args.text(0)?.as_bytes(), args.text(1)?.as_bytes());
        Ok(Value::Bool(whole.starts_with(part)))
    }),
    Function::new("hasSuffix", TWO, |_, args| {
        let (part, whole) = (args.text(0)?.as_bytes(), args.text(1)?.as_bytes());
        Ok(Value::Bool(whole.ends_with(part)))
    }),
    Function::new("repeat", NUMBER, |call, args| {
        text(repeated(call, args.text(1)?.as_bytes(), args.int(0)?)?)
    }),
    Function::new(
        "replace",
        &[Type::String, Type::String, Type::String],
        replace,
    ),
    Function::new("indent", NUMBER, |call, args| {
        text(indented(call, args, Vec::new())?)
    }),
    Function::new("nindent", NUMBER, |call, args| {
        text(indented(call, args, b"\n".to_vec())?)
    }),
    Function::new(
        "plural",
        &[Type::String, Type::String, Type::Int],
        |_, args| Ok(args.any(usize::from(args.int(2)? != 1)).clone()),
    ),
    Function::variadic("quote", &[], Type::Any, |_, args| {
        joined(args, |value| {
            Ok(fmt::quote_bytes(to_text(value)?.as_bytes()).into_bytes())
        })
    }),
    Function::variadic("squote", &[], Type::Any, |_, args| {
        joined(args, |value| {
            let printed = fmt::sprint(std::slice::from_ref(value))?;
            Ok([b"'", printed.as_slice(), b"'"].concat())
        })
    }),
    Function::variadic("cat", &[], Type::Any, |_, args| {
        joined(args, |value| fmt::sprint(std::slice::from_ref(value)))
    }),
    Function::new("toString", &[Type::Any], |_, args| {
        text(to_text(args.any(0))?)
    }),
    Function::new("toStrings", &[Type::Any], |_, args| {
        Ok(Value::List(to_texts(args.any(0))?))
    }),
    Function::new("join", &[Type::String, Type::Any], join),
    Function::new("sortAlpha", &[Type::Any], sort_alpha),
    Function::new("split", TWO, |_, args| {
        numbered(args.text(0)?, args.text(1)?, -1)
    }),
    Function::new(
        "splitn",
        &[Type::String, Type::Int, Type::String],
        |_, args| numbered(args.text(0)?, args.text(2)?, args.int(1)?),
    ),
    Function::new("splitList", TWO, |_, args| {
        let parts = bytes::split(args.text(1)?.as_bytes(), args.text(0)?.as_bytes(), -1);
        let parts = parts.unwrap_or_default().into_iter();
        Ok(Value::List(List::strings(parts.map(Text::from))))
    }),
];

fn text(text: impl Into<Text>) -> Result<Value, Failure> {
    Ok(Value::String(text.into()))
}

/// A part of a text; the text itself where nothing is left out.
fn part(whole: &Text, part: &[u8]) -> Result<Value, Failure> {
    if part.len() == whole.len() {
        return Ok(Value::String(whole.clone()));
    }
    text(part)
}

fn mapped(
    args: Args<'_>,
    ascii: fn(&str) -> String,
    each: fn(char) -> char,
) -> Result<Value, Failure> {
    let whole = args.str(0)?;
    if whole.is_ascii() {
        return text(ascii(&whole));
    }
    text(whole.chars().map(each).collect::<String>())
}

/// Any value as text, as sprig's `strval` makes it.
pub(crate) fn to_text(value: &Value) -> Result<Text, Failure> {
    Ok(match value {
        Value::String(text) => text.clone(),
        Value::Bytes(bytes) => Text::from(&**bytes),
        other => Text::from(fmt::sprint(std::slice::from_ref(other))?),
    })
}

/// The items as texts, without nil; a single value is one item.
pub(crate) fn to_texts(value: &Value) -> Result<List, Failure> {
    Ok(match value {
        Value::Nil => List::strings([] as [Text; 0]),
        Value::List(list) if list.element() == Type::String => list.clone(),
        Value::List(list) => {
            let items = list.iter().filter(|item| !matches!(item, Value::Nil));
            List::strings(items.map(to_text).collect::<Result<Vec<_>, _>>()?)
        }
        Value::Bytes(bytes) => List::strings(bytes.iter().map(u8::to_string)),
        other => List::strings([to_text(other)?]),
    })
}

fn texts(list: &List) -> impl Iterator<Item = &Text> {
    list.iter().filter_map(Value::as_text)
}

/// The arguments that are not nil, each written by `write`, with spaces between.
fn joined(
    args: Args<'_>,
    write: impl Fn(&Value) -> Result<Vec<u8>, Failure>,
) -> Result<Value, Failure> {
    let values = args.all().iter();
    let parts: Result<Vec<_>, _> = values
        .filter(|value| !matches!(value, Value::Nil))
        .map(write)
        .collect();
    text(parts?.join(b" ".as_slice()))
}

fn join(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let separator = args.text(0)?.as_bytes();
    let items = to_texts(args.any(1))?;
    let length: usize = texts(&items).map(|item| item.len() + separator.len()).sum();
    call.check_size(length)?;
    let items: Vec<_> = texts(&items).map(Text::as_bytes).collect();
    text(items.join(separator))
}

fn sort_alpha(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let value = args.any(0);
    if !matches!(value, Value::List(_) | Value::Bytes(_)) {
        return Ok(Value::List(List::strings([to_text(value)?])));
    }
    let items = to_texts(value)?;
    let mut sorted: Vec<_> = texts(&items).cloned().collect();
    sorted.sort();
    Ok(Value::List(List::strings(sorted)))
}

/// The parts of a text as a map with the keys `_0`, `_1` …
fn numbered(separator: &Text, whole: &Text, n: i64) -> Result<Value, Failure> {
    let parts = bytes::split(whole.as_bytes(), separator.as_bytes(), n).unwrap_or_default();
    let map = Map::of(Type::String);
    for (n, part) in parts.into_iter().enumerate() {
        map.insert(format!("_{n}"), Text::from(part));
    }
    Ok(Value::Map(map))
}

fn trim_all(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (unwanted, whole) = (args.str(0)?, args.text(1)?);
    let rest = bytes::trim(whole.as_bytes(), |c| unwanted.contains(c));
    part(whole, rest)
}

/// The first bytes, or with a negative number the last ones.
fn trunc(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (n, whole) = (args.int(0)?, args.text(1)?);
    let wanted = usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX);
    let bytes = whole.as_bytes();
    let cut = match n {
        _ if wanted >= bytes.len() => bytes,
        0.. => &bytes[..wanted],
        _ => &bytes[bytes.len() - wanted..],
    };
    part(whole, cut)
}

fn substr(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (start, end, whole) = (args.int(0)?, args.int(1)?, args.text(2)?);
    let length = whole.len() as i64;
    let out_of_range =
        |range: String| Err(format!("runtime error: slice bounds out of range {range}").into());
    let to_end = end < 0 || end > length;
    let (start, end) = match (start, end) {
        (..0, ..0) => return out_of_range(format!("[:{end}]")),
        (..0, _) if end > length => {
            return out_of_range(format!("[:{end}] with length {length}"));
        }
        (..0, _) => (0, end),
        (_, _) if to_end => (start, length),
        range => range,
    };
    if start > end {
        return out_of_range(format!("[{start}:{end}]"));
    }
    // Both lie between zero and the length.
    part(whole, &whole.as_bytes()[start as usize..end as usize])
}

fn repeated(call: &Call<'_>, part: &[u8], n: i64) -> Result<Vec<u8>, Failure> {
    if n < 0 {
        return Err("strings: negative Repeat count".into());
    }
    let n = usize::try_from(n).unwrap_or(usize::MAX);
    call.check_size(part.len().saturating_mul(n))?;
    Ok(part.repeat(if part.is_empty() { 0 } else { n }))
}

fn indented(call: &Call<'_>, args: Args<'_>, mut out: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let pad = repeated(call, b" ", args.int(0)?)?;
    let whole = args.text(1)?.as_bytes();
    let n_lines = memchr::memchr_iter(b'\n', whole).count() + 1;
    let length = whole
        .len()
        .saturating_add(n_lines.saturating_mul(pad.len()));
    call.check_size(length)?;
    out.reserve(length);
    for line in whole.split_inclusive(|&b| b == b'\n') {
        out.extend_from_slice(&pad);
        out.extend_from_slice(line);
    }
    if whole.is_empty() || whole.ends_with(b"\n") {
        out.extend_from_slice(&pad);
    }
    Ok(out)
}

fn replace(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let (from, to, whole) = (args.text(0)?, args.text(1)?, args.text(2)?);
    let (from, to, bytes) = (from.as_bytes(), to.as_bytes(), whole.as_bytes());
    if to.len() > from.len() {
        let n_found = if from.is_empty() {
            bytes.len() + 1
        } else {
            memmem::find_iter(bytes, from).count()
        };
        let longer = n_found.saturating_mul(to.len() - from.len());
        call.check_size(bytes.len().saturating_add(longer))?;
    }
    text(bytes::replace(bytes, from, to))
}
