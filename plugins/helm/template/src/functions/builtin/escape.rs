//! `html`, `js` and `urlquery`: text made safe for where it is to stand.

use crate::fmt::{self, decode_rune, is_print};
use crate::functions::{Args, Call, Failure};
use crate::text::Text;
use crate::value::Value;

/// The arguments as one text; here nil is `<no value>`, as where actions print.
fn joined(args: Args<'_>) -> Result<Vec<u8>, Failure> {
    if let [Value::String(text)] = args.all() {
        return Ok(text.as_bytes().to_vec());
    }
    let printed = args.all().iter().map(|value| match value {
        Value::Nil => Value::from("<no value>"),
        other => other.clone(),
    });
    fmt::sprint(&printed.collect::<Vec<_>>())
}

pub(super) fn html(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = joined(args)?;
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(byte),
        }
    }
    Ok(Text::from(out).into())
}

pub(super) fn js(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let text = joined(args)?;
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        let (c, width) = decode_rune(&text[i..]);
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        match c {
            '\\' => out.extend_from_slice(b"\\\\"),
            '\'' => out.extend_from_slice(b"\\'"),
            '"' => out.extend_from_slice(b"\\\""),
            '<' | '>' | '&' | '=' | '\0'..'\x20' => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes());
            }
            c if c.is_ascii() || is_print(c) => out.extend_from_slice(&text[i..i + width]),
            c => out.extend_from_slice(format!("\\u{:04X}", u32::from(c)).as_bytes()),
        }
        i += width;
    }
    Ok(Text::from(out).into())
}

pub(super) fn urlquery(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let mut out = String::new();
    for byte in joined(args)? {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into());
            }
            b' ' => out.push('+'),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(out.into())
}
