//! Reading TOML, with the complaints of BurntSushi/toml.

use std::collections::{BTreeMap, HashSet};

use super::scalar;
use crate::fmt;
use crate::value::{List, MAX_NESTING, Map, Type, Value};

/// `toml.Unmarshal` into a map.
pub(in super::super) fn from_toml(text: &str) -> Result<Map, String> {
    let mut reader = Reader {
        text: text.strip_prefix('\u{feff}').unwrap_or(text),
        at: 0,
        context: Vec::new(),
        key: String::new(),
        key_line: 1,
        root: Table::new(),
        implicit: HashSet::new(),
    };
    reader.document()?;
    Ok(to_map(reader.root))
}

type Table = BTreeMap<String, Node>;

/// What a key holds while a text is read.
enum Node {
    Value(Value),
    Table(Table),
    /// `[[key]]`
    Tables(Vec<Table>),
}

fn to_map(table: Table) -> Map {
    let entries = table.into_iter();
    entries.map(|(key, node)| (key, to_value(node))).collect()
}

fn to_value(node: Node) -> Value {
    match node {
        Node::Value(value) => value,
        Node::Table(table) => Value::Map(to_map(table)),
        Node::Tables(tables) => {
            let tables = tables.into_iter().map(|table| Value::Map(to_map(table)));
            Value::List(List::of(Type::MAP, tables.collect()))
        }
    }
}

/// A key as Go prints it in messages.
fn shown(path: &[String]) -> String {
    let quoted = |key: &String| {
        let bare = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
        if !key.is_empty() && key.bytes().all(bare) {
            return key.clone();
        }
        String::from_utf8_lossy(&super::quoted(key.as_bytes())).into_owned()
    };
    path.iter().map(quoted).collect::<Vec<_>>().join(".")
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    /// Where reading is; one more than the length where the end was met.
    pub(super) at: usize,
    /// The table that keys belong to.
    context: Vec<String>,
    key: String,
    key_line: usize,
    root: Table,
    /// Tables that were only made because others are in them.
    implicit: HashSet<Vec<String>>,
}

/// A character as `%q` prints it; the end of the text is a zero.
pub(super) fn quoted_char(c: Option<char>) -> String {
    match c.unwrap_or('\0') {
        '\'' => "'\\''".to_owned(),
        '"' => "'\"'".to_owned(),
        c => {
            let quoted = fmt::quote(&c.to_string());
            format!("'{}'", &quoted[1..quoted.len() - 1])
        }
    }
}

fn char_or_end(c: Option<char>) -> String {
    c.map_or_else(|| "end of file".to_owned(), |c| format!("'{c}'"))
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

fn is_newline(c: char) -> bool {
    matches!(c, '\n' | '\r')
}

impl Reader<'_> {
    pub(super) fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the next character; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<char>, String> {
        let Some(c) = self.peek() else {
            self.at = self.text.len() + 1;
            return Ok(None);
        };
        let lone_return = c == '\r' && !self.rest().starts_with("\r\n");
        let control = c.is_ascii_control() && !is_blank(c) && !is_newline(c);
        if control || lone_return {
            let code = u32::from(c);
            let message = format!("TOML files cannot contain control characters: '0x{code:02x}'");
            return Err(self.wrong(&message));
        }
        self.at += c.len_utf8();
        Ok(Some(c))
    }

    fn skip(&mut self, unwanted: fn(char) -> bool) -> Result<(), String> {
        while self.peek().is_some_and(unwanted) {
            self.next()?;
        }
        Ok(())
    }

    pub(super) fn line(&self) -> usize {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        before.bytes().filter(|&b| b == b'\n').count() + 1
    }

    /// A message with the line and the last key.
    pub(super) fn on_line(&self, line: usize, message: &str) -> String {
        let mut path = self.context.clone();
        let last = if self.key.is_empty() {
            shown(&path)
        } else if path.is_empty() {
            self.key.clone()
        } else {
            path.truncate(self.context.len());
            format!("{}.{}", shown(&path), self.key)
        };
        if last.is_empty() {
            return format!("toml: line {line}: {message}");
        }
        format!(
            "toml: line {line} (last key {}): {message}",
            fmt::quote(&last)
        )
    }

    pub(super) fn wrong(&self, message: &str) -> String {
        let at_end = self.at > self.text.len();
        let after_newline = at_end && self.text.ends_with('\n');
        self.on_line(self.line() - usize::from(after_newline), message)
    }

    /// For a line break that was taken and does not belong there.
    pub(super) fn wrong_before(&self, message: &str) -> String {
        self.on_line(self.line() - 1, message)
    }

    fn defined(&self, path: &[String]) -> String {
        let message = format!("Key '{}' has already been defined.", shown(path));
        self.on_line(self.key_line, &message)
    }

    fn document(&mut self) -> Result<(), String> {
        loop {
            self.skip(|c| is_blank(c) || is_newline(c))?;
            match self.peek() {
                None => return Ok(()),
                Some('#') => self.comment()?,
                Some('[') => {
                    self.header()?;
                    self.end_of_line()?;
                }
                Some(_) => {
                    self.entry(0)?;
                    self.key.clear();
                    self.end_of_line()?;
                }
            }
        }
    }

    fn comment(&mut self) -> Result<(), String> {
        while self.peek().is_some_and(|c| !is_newline(c)) {
            self.next()?;
        }
        Ok(())
    }

    fn end_of_line(&mut self) -> Result<(), String> {
        self.skip(is_blank)?;
        match self.next()? {
            Some('#') => self.comment(),
            Some(c) if is_newline(c) => Ok(()),
            None => Ok(()),
            other => Err(self.wrong(&format!(
                "expected a top-level item to end with a newline, comment, or EOF, but got {} instead",
                quoted_char(other)
            ))),
        }
    }

    /// `[a.b]` or `[[a.b]]`.
    fn header(&mut self) -> Result<(), String> {
        self.next()?;
        let array = self.peek() == Some('[');
        if array {
            self.next()?;
        }
        let mut path = Vec::new();
        self.key_line = self.line();
        loop {
            self.skip(is_blank)?;
            match self.peek() {
                None | Some(']') => {
                    return Err(
                        self.wrong("unexpected end of table name (table names cannot be empty)")
                    );
                }
                Some('.') => {
                    return Err(
                        self.wrong("unexpected table separator (table names cannot be empty)")
                    );
                }
                _ => path.push(self.name()?),
            }
            self.skip(is_blank)?;
            match self.next()? {
                Some('.') => {}
                Some(']') => break,
                other => {
                    let found = quoted_char(other);
                    return Err(self.wrong(&format!(
                        "expected '.' or ']' to end table name, but got {found} instead"
                    )));
                }
            }
        }
        if array {
            let found = self.next()?;
            if found != Some(']') {
                let found = quoted_char(found);
                return Err(self.wrong(&format!(
                    "expected end of table array name delimiter ']', but got {found} instead"
                )));
            }
        }
        self.open(&path, array)
    }

    /// A bare or a quoted part of a key.
    fn name(&mut self) -> Result<String, String> {
        match self.peek() {
            Some(quote @ ('"' | '\'')) => {
                self.next()?;
                self.string(quote)
            }
            _ => {
                let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                let rest = self.rest();
                let end = rest.find(|c| !bare(c)).unwrap_or(rest.len());
                let name = rest[..end].to_owned();
                self.at += end;
                Ok(name)
            }
        }
    }

    fn key(&mut self) -> Result<Vec<String>, String> {
        self.skip(is_blank)?;
        match self.peek() {
            None | Some('=') => return Err(self.wrong("unexpected '=': key name appears blank")),
            Some('.') => return Err(self.wrong("unexpected '.': keys cannot start with a '.'")),
            Some(_) => {}
        }
        self.key_line = self.line();
        let mut path = Vec::new();
        loop {
            self.skip(is_blank)?;
            match self.peek() {
                None | Some('=') => return Err(self.wrong("unexpected '='")),
                Some('.') => return Err(self.wrong("unexpected '.'")),
                Some(_) => path.push(self.name()?),
            }
            self.skip(is_blank)?;
            match self.next()? {
                Some('.') => {}
                Some('=') => return Ok(path),
                None => {
                    return Err(self.wrong("unexpected EOF; expected key separator '='"));
                }
                other => {
                    let found = quoted_char(other);
                    let message = format!("expected '.' or '=', but got {found} instead");
                    return Err(match other {
                        Some('\n') => self.wrong_before(&message),
                        _ => self.wrong(&message),
                    });
                }
            }
        }
    }

    /// `a.b = value`, into the table of the context.
    fn entry(&mut self, depth: usize) -> Result<(), String> {
        let outer = self.context.clone();
        let mut path = self.key()?;
        let last = path.pop().unwrap_or_default();
        self.key.clone_from(&last);
        for part in path {
            let mut inner = self.context.clone();
            inner.push(part);
            self.implicit.insert(inner.clone());
            self.open(&inner, false)?;
        }
        let value = self.value(depth)?;
        self.define(last, value)?;
        self.context = outer;
        Ok(())
    }

    /// The table of a path; the last of those in an array.
    fn table(&mut self, path: &[String]) -> Result<&mut Table, usize> {
        let mut table = &mut self.root;
        for (n, part) in path.iter().enumerate() {
            table = match table.get_mut(part) {
                Some(Node::Table(table)) => table,
                Some(Node::Tables(tables)) => tables.last_mut().ok_or(n)?,
                Some(Node::Value(_)) | None => return Err(n),
            };
        }
        Ok(table)
    }

    /// Makes a table the one that keys belong to.
    fn open(&mut self, path: &[String], array: bool) -> Result<(), String> {
        let Some((last, parents)) = path.split_last() else {
            return Ok(());
        };
        for n in 0..parents.len() {
            let (part, before) = (&parents[n], &parents[..n]);
            let missing = self
                .table(before)
                .is_ok_and(|table| !table.contains_key(part));
            if missing {
                self.implicit.insert(parents[..=n].to_vec());
                if let Ok(table) = self.table(before) {
                    table.insert(part.clone(), Node::Table(Table::new()));
                }
            }
            if self.table(&parents[..=n]).is_err() {
                let key = shown(&parents[..=n]);
                let message = format!("Key '{key}' was already created as a hash.");
                return Err(self.on_line(self.key_line, &message));
            }
        }
        self.context = parents.to_vec();
        if array {
            let table = self.table(parents).ok();
            let entry = table.map(|table| {
                table
                    .entry(last.clone())
                    .or_insert_with(|| Node::Tables(Vec::new()))
            });
            let Some(Node::Tables(tables)) = entry else {
                let key = shown(path);
                let message =
                    format!("Key '{key}' was already created and cannot be used as an array.");
                return Err(self.on_line(self.key_line, &message));
            };
            tables.push(Table::new());
        } else {
            self.define(last.clone(), Node::Table(Table::new()))?;
        }
        self.context.push(last.clone());
        Ok(())
    }

    fn define(&mut self, key: String, node: Node) -> Result<(), String> {
        let mut path = self.context.clone();
        let parents = path.clone();
        let exists = match self.table(&parents) {
            Ok(table) => table.contains_key(&key),
            Err(n) => return Err(self.defined(&parents[..=n])),
        };
        path.push(key.clone());
        if exists {
            if self.implicit.remove(&path) {
                return Ok(());
            }
            return Err(self.defined(&path));
        }
        if let Ok(table) = self.table(&parents) {
            table.insert(key, node);
        }
        Ok(())
    }

    fn value(&mut self, depth: usize) -> Result<Node, String> {
        if depth > MAX_NESTING {
            return Err(self.wrong("value nests too deeply"));
        }
        self.skip(is_blank)?;
        match self.peek() {
            Some('[') => {
                self.next()?;
                let items = self.array(depth)?;
                Ok(Node::Value(Value::List(List::new(items))))
            }
            Some('{') => {
                self.next()?;
                self.inline_table(depth).map(Node::Table)
            }
            Some(quote @ ('"' | '\'')) => {
                self.next()?;
                let marks = quote.to_string().repeat(2);
                let text = if self.rest().starts_with(&marks) {
                    self.at += marks.len();
                    self.multiline_string(quote)?
                } else {
                    self.string(quote)?
                };
                Ok(Node::Value(Value::from(text)))
            }
            _ => scalar::read(self).map(Node::Value),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Vec<Value>, String> {
        let mut items = Vec::new();
        loop {
            self.skip(|c| is_blank(c) || is_newline(c))?;
            match self.peek() {
                Some('#') => {
                    self.comment()?;
                    continue;
                }
                Some(',') => {
                    self.next()?;
                    return Err(self.wrong("unexpected comma"));
                }
                Some(']') => break,
                _ => items.push(to_value(self.value(depth + 1)?)),
            }
            loop {
                self.skip(|c| is_blank(c) || is_newline(c))?;
                if self.peek() != Some('#') {
                    break;
                }
                self.comment()?;
            }
            match self.peek() {
                Some(']') => break,
                found => {
                    self.next()?;
                    if found != Some(',') {
                        let found = char_or_end(found);
                        return Err(self.wrong(&format!(
                            "expected a comma (',') or array terminator (']'), but got {found}"
                        )));
                    }
                }
            }
        }
        self.next()?;
        Ok(items)
    }

    /// Reads into a table of its own; messages name the keys around it all the same.
    fn inline_table(&mut self, depth: usize) -> Result<Table, String> {
        let (outer_context, outer_key) = (self.context.clone(), std::mem::take(&mut self.key));
        let outer_implicit = std::mem::take(&mut self.implicit);
        let outer_root = std::mem::take(&mut self.root);
        self.context.push(outer_key.clone());
        // The tables that lead to this one.
        for n in 0..self.context.len() {
            let (part, before) = (self.context[n].clone(), self.context[..n].to_vec());
            if let Ok(table) = self.table(&before) {
                table.insert(part, Node::Table(Table::new()));
            }
        }
        self.inline_entries(depth)?;
        let path = self.context.clone();
        let table = self.table(&path).map(std::mem::take).unwrap_or_default();
        self.root = outer_root;
        self.implicit = outer_implicit;
        self.context = outer_context;
        self.key = outer_key;
        Ok(table)
    }

    fn inline_entries(&mut self, depth: usize) -> Result<(), String> {
        loop {
            self.skip(|c| is_blank(c) || is_newline(c))?;
            match self.peek() {
                Some('#') => {
                    self.comment()?;
                    continue;
                }
                Some(',') => {
                    self.next()?;
                    return Err(self.wrong("unexpected comma"));
                }
                Some('}') => break,
                _ => self.entry(depth + 1)?,
            }
            loop {
                self.skip(|c| is_blank(c) || is_newline(c))?;
                if self.peek() != Some('#') {
                    break;
                }
                self.comment()?;
            }
            match self.peek() {
                Some('}') => break,
                found => {
                    self.next()?;
                    if found != Some(',') {
                        let found = char_or_end(found);
                        return Err(self.wrong(&format!(
                            "expected a comma or an inline table terminator '}}', but got {found} instead"
                        )));
                    }
                }
            }
        }
        self.next()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
