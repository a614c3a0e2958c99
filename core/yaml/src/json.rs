//! JSON as Go's encoding/json writes it.

use serde_json::Value;

use crate::number::format_float_json;

/// `json.Marshal`: sorted keys, no white space; with `escape_html` also `<`, `>` and `&` as `\u003c` and so on.
pub fn to_go_json(value: &Value, escape_html: bool) -> String {
    let mut out = String::new();
    write(value, escape_html, None, 0, &mut out);
    out
}

/// `json.MarshalIndent(value, "", "  ")` (and with the same escapes).
pub fn to_go_json_indent(value: &Value, escape_html: bool) -> String {
    let mut out = String::new();
    write(value, escape_html, Some("  "), 0, &mut out);
    out
}

fn write(value: &Value, escape_html: bool, indent: Option<&str>, depth: usize, out: &mut String) {
    let line = |depth: usize, out: &mut String| {
        if let Some(indent) = indent {
            out.push('\n');
            for _ in 0..depth {
                out.push_str(indent);
            }
        }
    };
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64() {
            Some(f) if number.is_f64() => out.push_str(&format_float_json(f)),
            _ => out.push_str(&number.to_string()),
        },
        Value::String(text) => string(text, escape_html, out),
        Value::Array(items) if items.is_empty() => out.push_str("[]"),
        Value::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                line(depth + 1, out);
                write(item, escape_html, indent, depth + 1, out);
            }
            line(depth, out);
            out.push(']');
        }
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (n, (key, item)) in entries.into_iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                line(depth + 1, out);
                string(key, escape_html, out);
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write(item, escape_html, indent, depth + 1, out);
            }
            line(depth, out);
            out.push('}');
        }
    }
}

fn string(text: &str, escape_html: bool, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' if escape_html => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_escaped_as_in_go() {
        let value = json!({"b": "<a&\u{1}\u{2028}>", "a": [1.0, 1e-7, []]});
        assert_eq!(
            to_go_json(&value, true),
            r#"{"a":[1,1e-7,[]],"b":"\u003ca\u0026\u0001\u2028\u003e"}"#
        );
        assert_eq!(
            to_go_json(&value, false),
            r#"{"a":[1,1e-7,[]],"b":"<a&\u0001\u2028>"}"#
        );
        assert_eq!(
            to_go_json_indent(&json!({"a": [1]}), true),
            "{\n  \"a\": [\n    1\n  ]\n}"
        );
    }
}
