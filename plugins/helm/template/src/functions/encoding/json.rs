//! JSON, read and written as Go's `encoding/json` does.

use crate::fmt::decode_rune;
use crate::functions::Failure;
use crate::value::{List, MAX_NESTING, Map, Type, Value, visit};
use fleet_yaml::format_float_json;

/// How JSON is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Without any white space.
    Compact,
    /// Two spaces for each level.
    Indented,
}

/// `json.Marshal` or `json.MarshalIndent`; with `escape_html` also `<`, `>` and `&` as `\u003c` and so on.
pub(crate) fn to_json(
    value: &Value,
    layout: Layout,
    escape_html: bool,
) -> Result<Vec<u8>, Failure> {
    let mut writer = Writer {
        out: Vec::new(),
        layout,
        escape_html,
        n_visited: 0,
    };
    writer.value(value, 0)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    layout: Layout,
    escape_html: bool,
    n_visited: usize,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Failure> {
        visit(depth, &mut self.n_visited)?;
        match value {
            Value::Float(f) if f.is_finite() => self.plain(&format_float_json(*f)),
            Value::String(text) => self.text(text.as_bytes()),
            Value::List(list) if !list.is_nil() => {
                self.sequence(b'[', b']', list.items(), depth, Self::value)?;
            }
            Value::Map(map) if !map.is_nil() => {
                self.sequence(b'{', b'}', &map.entries(), depth, |this, entry, depth| {
                    this.key(entry.0.as_bytes());
                    this.value(&entry.1, depth)
                })?;
            }
            Value::Object(object) if !object.json_fields().is_empty() => {
                // The fields of a struct keep their order.
                let fields = object.json_fields();
                self.sequence(b'{', b'}', &fields, depth, |this, field, depth| {
                    this.key(field.0.as_bytes());
                    this.value(&field.1, depth)
                })?;
            }
            other => self.json(&other.to_json()?),
        }
        Ok(())
    }

    /// What a library type says of itself.
    fn json(&mut self, json: &serde_json::Value) {
        let text = match self.layout {
            Layout::Compact => fleet_yaml::to_go_json(json, self.escape_html),
            Layout::Indented => fleet_yaml::to_go_json_indent(json, self.escape_html),
        };
        self.plain(&text);
    }

    fn plain(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn sequence<T>(
        &mut self,
        open: u8,
        close: u8,
        items: &[T],
        depth: usize,
        write: impl Fn(&mut Self, &T, usize) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.out.push(open);
        for (n, item) in items.iter().enumerate() {
            if n > 0 {
                self.out.push(b',');
            }
            self.line(depth + 1);
            write(self, item, depth + 1)?;
        }
        if !items.is_empty() {
            self.line(depth);
        }
        self.out.push(close);
        Ok(())
    }

    fn line(&mut self, depth: usize) {
        if self.layout == Layout::Indented {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * depth, b' ');
        }
    }

    fn key(&mut self, key: &[u8]) {
        self.text(key);
        let colon: &[u8] = match self.layout {
            Layout::Compact => b":",
            Layout::Indented => b": ",
        };
        self.out.extend_from_slice(colon);
    }

    fn text(&mut self, text: &[u8]) {
        self.out.push(b'"');
        let mut rest = text;
        while !rest.is_empty() {
            let (c, length) = decode_rune(rest);
            let (bytes, after) = rest.split_at(length.max(1));
            rest = after;
            let escaped = match c {
                None => "\\ufffd".to_owned(),
                Some('"') => "\\\"".to_owned(),
                Some('\\') => "\\\\".to_owned(),
                Some('\n') => "\\n".to_owned(),
                Some('\r') => "\\r".to_owned(),
                Some('\t') => "\\t".to_owned(),
                Some('\u{8}') => "\\b".to_owned(),
                Some('\u{c}') => "\\f".to_owned(),
                Some(c @ ('<' | '>' | '&')) if self.escape_html => unicode_escape(c),
                Some(c @ ('\0'..='\u{1f}' | '\u{2028}' | '\u{2029}')) => unicode_escape(c),
                Some(_) => {
                    self.out.extend_from_slice(bytes);
                    continue;
                }
            };
            self.plain(&escaped);
        }
        self.out.push(b'"');
    }
}

fn unicode_escape(c: char) -> String {
    format!("\\u{:04x}", u32::from(c))
}

/// `json.Unmarshal` into an `interface{}`.
pub(crate) fn from_json(text: &[u8]) -> Result<Value, String> {
    match read(text)? {
        (value, None) => Ok(value),
        (_, Some(error)) => Err(error),
    }
}

/// A value, and what is wrong with a number in it: such a number is left out, and reading goes on.
fn read(text: &[u8]) -> Result<(Value, Option<String>), String> {
    let mut reader = Reader {
        text,
        at: 0,
        bad_number: None,
    };
    let value = reader.value("looking for beginning of value", 0)?;
    match reader.peek() {
        None => Ok((value, reader.bad_number)),
        Some(b) => Err(reader.unexpected(b, "after top-level value")),
    }
}

/// `json.Unmarshal` into a `map[string]interface{}`: null is the nil map. An error is in the map, as `Error`.
pub(crate) fn map_from_json(text: &[u8]) -> Map {
    let (map, error) = match read(text) {
        Ok((Value::Map(map), error)) => (map, error),
        Ok((Value::Nil, _)) => return Map::nil(Type::Any),
        Ok((other, _)) => {
            let error = wrong_type(&other, "map[string]interface {}");
            (Map::new(), Some(error))
        }
        Err(error) => (Map::new(), Some(error)),
    };
    if let Some(error) = error {
        map.insert("Error", error);
    }
    map
}

/// `json.Unmarshal` into a `[]interface{}`: null is the nil list.
pub(crate) fn list_from_json(text: &[u8]) -> Result<List, String> {
    match from_json(text)? {
        Value::List(list) => Ok(list),
        Value::Nil => Ok(List::nil(Type::Any)),
        other => Err(wrong_type(&other, "[]interface {}")),
    }
}

/// That JSON holds something else than was asked for.
pub(super) fn wrong_type(found: &Value, wanted: &str) -> String {
    let found = match found {
        Value::Map(_) => "object",
        Value::List(_) => "array",
        Value::String(_) => "string",
        Value::Bool(_) => "bool",
        _ => "number",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

struct Reader<'t> {
    text: &'t [u8],
    at: usize,
    bad_number: Option<String>,
}

const END: &str = "unexpected end of JSON input";

/// What Go finds behind the end, where it is in the middle of a literal, a number or an escape.
const AT_END: u8 = b' ';

impl Reader<'_> {
    /// The next byte that is not white space; it is not taken.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.text.get(self.at) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    fn unexpected(&self, found: u8, place: &str) -> String {
        // The byte is shown as if it were a character.
        let shown = match char::from(found) {
            '\'' => "\\'".to_owned(),
            '"' => "\"".to_owned(),
            c => {
                let quoted = crate::fmt::quote(&c.to_string());
                quoted[1..quoted.len() - 1].to_owned()
            }
        };
        format!("invalid character '{shown}' {place}")
    }

    fn value(&mut self, place: &str, depth: usize) -> Result<Value, String> {
        if depth > MAX_NESTING {
            return Err("exceeded max depth".to_owned());
        }
        let b = self.peek().ok_or(END)?;
        match b {
            b'{' => self.object(depth),
            b'[' => self.array(depth),
            b'"' => Ok(Value::from(self.string()?)),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Nil),
            b => Err(self.unexpected(b, place)),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let map = Map::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Map(map));
        }
        loop {
            match self.peek().ok_or(END)? {
                b'"' => {}
                b => {
                    return Err(self.unexpected(b, "looking for beginning of object key string"));
                }
            }
            let key = self.string()?;
            match self.peek().ok_or(END)? {
                b':' => self.at += 1,
                b => return Err(self.unexpected(b, "after object key")),
            }
            let value = self.value("looking for beginning of value", depth + 1)?;
            map.insert(key, value);
            match self.peek().ok_or(END)? {
                b',' => self.at += 1,
                b'}' => break,
                b => return Err(self.unexpected(b, "after object key:value pair")),
            }
        }
        self.at += 1;
        Ok(Value::Map(map))
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.at += 1;
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(List::new(items)));
        }
        loop {
            items.push(self.value("looking for beginning of value", depth + 1)?);
            match self.peek().ok_or(END)? {
                b',' => self.at += 1,
                b']' => break,
                b => return Err(self.unexpected(b, "after array element")),
            }
        }
        self.at += 1;
        Ok(Value::List(List::new(items)))
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for (n, &expected) in word.as_bytes().iter().enumerate() {
            match self.text.get(self.at + n).copied().unwrap_or(AT_END) {
                b if b == expected => {}
                b => {
                    let expected = char::from(expected);
                    let place = format!("in literal {word} (expecting '{expected}')");
                    return Err(self.unexpected(b, &place));
                }
            }
        }
        self.at += word.len();
        Ok(value)
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.text.get(self.at) {
            self.at += 1;
        }
    }

    /// One digit at least, or the complaint.
    fn some_digits(&mut self, place: &str) -> Result<(), String> {
        match self.text.get(self.at).copied().unwrap_or(AT_END) {
            b'0'..=b'9' => {
                self.digits();
                Ok(())
            }
            b => Err(self.unexpected(b, place)),
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        if self.text[self.at] == b'-' {
            self.at += 1;
        }
        match self.text.get(self.at) {
            Some(b'0') => self.at += 1,
            _ => self.some_digits("in numeric literal")?,
        }
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits("after decimal point in numeric literal")?;
        }
        if let Some(b'e' | b'E') = self.text.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.text.get(self.at) {
                self.at += 1;
            }
            self.some_digits("in exponent of numeric literal")?;
        }
        let digits = String::from_utf8_lossy(&self.text[start..self.at]);
        match digits.parse::<f64>() {
            Ok(f) if f.is_finite() => Ok(Value::Float(f)),
            _ => {
                let error =
                    format!("json: cannot unmarshal number {digits} into Go value of type float64");
                self.bad_number.get_or_insert(error);
                Ok(Value::Nil)
            }
        }
    }

    fn string(&mut self) -> Result<String, String> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let b = *self.text.get(self.at).ok_or(END)?;
            self.at += 1;
            match b {
                b'"' => break,
                b'\\' => self.escape(&mut out)?,
                b'\0'..=b'\x1f' => return Err(self.unexpected(b, "in string literal")),
                b => out.push(b),
            }
        }
        Ok(String::from_utf8_lossy(&out).into_owned())
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        let b = self.text.get(self.at).copied().unwrap_or(AT_END);
        self.at += 1;
        let c = match b {
            b'"' | b'\\' | b'/' => char::from(b),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.code()?,
            b => return Err(self.unexpected(b, "in string escape code")),
        };
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    /// The four digits after `\u`, and the second half of a surrogate pair.
    fn code(&mut self) -> Result<char, String> {
        let first = self.hex()?;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        let high = (0xd800..0xdc00).contains(&first);
        if high && self.text[self.at..].starts_with(b"\\u") {
            let before = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xdc00..0xe000).contains(&second) {
                let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            self.at = before;
        }
        Ok('\u{fffd}')
    }

    fn hex(&mut self) -> Result<u32, String> {
        let mut code = 0;
        for _ in 0..4 {
            let b = self.text.get(self.at).copied().unwrap_or(AT_END);
            self.at += 1;
            let Some(digit) = char::from(b).to_digit(16) else {
                return Err(self.unexpected(b, "in \\u hexadecimal character escape"));
            };
            code = code * 16 + digit;
        }
        Ok(code)
    }
}

#[cfg(test)]
mod tests;
