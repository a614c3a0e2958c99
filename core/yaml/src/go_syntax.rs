//! Values as Go's `%#v` prints them, for errors that quote one.

use crate::node::{Kind, Node, Style};
use crate::number::format_float_g;
use crate::resolve::{Resolved, Schema, resolve};

/// Bytes after which nothing more of a value is shown.
const MAX_SHOWN: usize = 1000;

/// A node, decoded into an `interface{}` and printed with `%#v`.
pub(crate) fn go_syntax(node: &Node, schema: Schema) -> String {
    let mut out = String::new();
    write(node, schema, &mut out);
    if out.is_empty() {
        "<nil>".clone_into(&mut out);
    }
    out
}

/// Writes nothing for nil: how that is shown depends on where it is.
fn write(node: &Node, schema: Schema, out: &mut String) {
    let inner = |node: &Node, out: &mut String| {
        let before = out.len();
        write(node, schema, out);
        if out.len() == before {
            out.push_str("interface {}(nil)");
        }
    };
    if out.len() > MAX_SHOWN {
        out.push('…');
        return;
    }
    match &node.target().kind {
        Kind::Sequence(items) => {
            out.push_str("[]interface {}{");
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                inner(item, out);
            }
            out.push('}');
        }
        Kind::Mapping(pairs) => {
            out.push_str("map[interface {}]interface {}{");
            for (n, (key, item)) in pairs.iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                inner(key, out);
                out.push(':');
                inner(item, out);
            }
            out.push('}');
        }
        Kind::Scalar(text) => scalar(node.target(), text, schema, out),
        Kind::Alias(_) => {}
    }
}

fn scalar(node: &Node, text: &str, schema: Schema, out: &mut String) {
    let resolved = if node.style == Style::Plain || node.tag.is_some() {
        resolve(schema, node.tag.as_deref(), text)
    } else {
        Ok(Resolved::String(text.to_owned()))
    };
    let shown = match resolved {
        Ok(Resolved::Null) => return,
        Ok(Resolved::Bool(b)) => b.to_string(),
        Ok(Resolved::Int(n)) => n.to_string(),
        Ok(Resolved::UInt(n)) => format!("{n:#x}"),
        Ok(Resolved::Float(f)) => format_float_g(f),
        Ok(Resolved::String(text) | Resolved::Timestamp(text)) => quoted(&text),
        Ok(Resolved::Binary(bytes)) => quoted(&String::from_utf8_lossy(&bytes)),
        Err(_) => quoted(text),
    };
    out.push_str(&shown);
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
