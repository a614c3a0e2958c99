//! `--set` and `--set-string`: the grammar of Helm's `strvals`.
//!
//! `a.b=1,list[0].x=y,names={a,b},dotted\.key=v`; `null` removes a default, whole numbers are `int64`.

use fleet_template::value::{List, Map, Value};

/// The largest index of a list; Helm's `MaxIndex`.
const MAX_INDEX: usize = 65_536;

/// How deep keys may nest; Helm's `MaxNestedNameLevel`.
const MAX_LEVEL: usize = 30;

/// What values become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Booleans, `null` and whole numbers are told by their look.
    Typed,
    /// Everything is a string.
    Strings,
}

/// Sets values in `values`, which changes.
///
/// # Errors
/// In Helm's words; what comes before the mistake is set.
pub(crate) fn set(values: &Map, text: &str, kind: Kind) -> Result<(), String> {
    let mut parser = Parser {
        chars: text.chars().collect(),
        at: 0,
        kind,
    };
    loop {
        match parser.key(values, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Error(message)) => return Err(message),
        }
    }
}

/// Why parsing does not go on.
enum Stop {
    /// The text is at its end.
    End,
    /// It is wrong.
    Error(String),
}

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
    kind: Kind,
}

/// What ended a word: one of the characters asked for, or the end of the text.
type Ended = Option<char>;

impl Parser {
    fn next(&mut self) -> Option<char> {
        let c = self.chars.get(self.at).copied();
        self.at += usize::from(c.is_some());
        c
    }

    /// What comes before one of `stops`; a backslash makes the next character ordinary.
    fn until(&mut self, stops: &[char]) -> (String, Ended) {
        let mut word = String::new();
        while let Some(c) = self.next() {
            if stops.contains(&c) {
                return (word, Some(c));
            }
            match c {
                '\\' => match self.next() {
                    Some(c) => word.push(c),
                    None => break,
                },
                c => word.push(c),
            }
        }
        (word, None)
    }

    /// One `key=value` and the comma after it.
    fn key(&mut self, values: &Map, level: usize) -> Result<(), Stop> {
        let (key, ended) = self.until(&['=', '[', ',', '.']);
        match ended {
            None if key.is_empty() => Err(Stop::End),
            None => Err(format!("key {key:?} has no value").into()),
            Some('[') => {
                let index = self.index()?;
                let mut list = match values.get(&key) {
                    None => Vec::new(),
                    Some(value) => items(&value)?,
                };
                let result = self.item(&mut list, index, level);
                put(values, &key, Value::List(List::new(list)));
                result
            }
            Some('=') => match self.list()? {
                Listed::List(list) => {
                    put(values, &key, list);
                    Ok(())
                }
                Listed::End => {
                    put(values, &key, Value::from(""));
                    Err(Stop::End)
                }
                Listed::No => {
                    let (text, _) = self.until(&[',']);
                    put(values, &key, self.typed(text));
                    Ok(())
                }
            },
            Some(',') => Err(format!("key {key:?} has no value (cannot end with ,)").into()),
            Some(_) => {
                let level = level + 1;
                if level > MAX_LEVEL {
                    return Err(format!(
                        "value name nested level is greater than maximum supported nested level of {MAX_LEVEL}"
                    )
                    .into());
                }
                let inner = match values.get(&key) {
                    None => Map::new(),
                    Some(Value::Map(map)) => map,
                    Some(other) => return Err(conversion(&other, "map[string]interface {}")),
                };
                let result = self.key(&inner, level);
                if result.is_ok() && inner.is_empty() {
                    return Err(format!("key map {key:?} has no value").into());
                }
                if !inner.is_empty() {
                    put(values, &key, Value::Map(inner));
                }
                result
            }
        }
    }

    fn index(&mut self) -> Result<usize, Stop> {
        let wrong = |message: String| Stop::from(format!("error parsing index: {message}"));
        let (text, ended) = self.until(&[']']);
        if ended.is_none() {
            return Err(wrong("EOF".to_owned()));
        }
        let index: i64 = text
            .parse()
            .map_err(|_| wrong(format!("strconv.Atoi: parsing {text:?}: invalid syntax")))?;
        usize::try_from(index)
            .map_err(|_| Stop::from(format!("negative {index} index not allowed")))
    }

    /// What follows an index.
    fn item(&mut self, list: &mut Vec<Value>, index: usize, level: usize) -> Result<(), Stop> {
        let (word, ended) = self.until(&['[', '.', '=']);
        if !word.is_empty() {
            return Err(format!("unexpected data at end of array index: {word:?}").into());
        }
        match ended {
            None => Err(Stop::End),
            Some('=') => {
                let value = match self.list()? {
                    Listed::List(list) => list,
                    Listed::End => Value::from(""),
                    Listed::No => {
                        let (text, _) = self.until(&[',']);
                        self.typed(text)
                    }
                };
                put_item(list, index, value)
            }
            Some('[') => {
                let next = self.index()?;
                let mut inner = match list.get(index) {
                    None | Some(Value::Nil) => Vec::new(),
                    Some(value) => items(value)?,
                };
                self.item(&mut inner, next, level)?;
                put_item(list, index, Value::List(List::new(inner)))
            }
            Some(_) => {
                let inner = match list.get_mut(index) {
                    None => Map::new(),
                    Some(Value::Map(map)) => map.clone(),
                    Some(other) => {
                        let inner = Map::new();
                        *other = Value::Map(inner.clone());
                        inner
                    }
                };
                self.key(&inner, level)?;
                put_item(list, index, Value::Map(inner))
            }
        }
    }

    /// `{a,b}`, if that is what follows.
    fn list(&mut self) -> Result<Listed, Stop> {
        match self.chars.get(self.at) {
            None => return Ok(Listed::End),
            Some('{') => self.at += 1,
            Some(_) => return Ok(Listed::No),
        }
        let mut list = Vec::new();
        loop {
            let (text, ended) = self.until(&[',', '}']);
            match ended {
                None => return Err("list must terminate with '}'".to_owned().into()),
                Some(',') => list.push(self.typed(text)),
                Some(_) => {
                    list.push(self.typed(text));
                    if self.chars.get(self.at) == Some(&',') {
                        self.at += 1;
                    }
                    return Ok(Listed::List(Value::List(List::new(list))));
                }
            }
        }
    }

    fn typed(&self, text: String) -> Value {
        if self.kind == Kind::Strings {
            return Value::from(text);
        }
        match text.to_ascii_lowercase().as_str() {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            "null" => return Value::Nil,
            "0" => return Value::Int64(0),
            _ => {}
        }
        match text.parse() {
            Ok(n) if !text.starts_with('0') => Value::Int64(n),
            _ => Value::from(text),
        }
    }
}

enum Listed {
    List(Value),
    End,
    No,
}

fn put(values: &Map, key: &str, value: Value) {
    if !key.is_empty() {
        values.insert(key, value);
    }
}

fn put_item(list: &mut Vec<Value>, index: usize, value: Value) -> Result<(), Stop> {
    if index > MAX_INDEX {
        return Err(format!(
            "index of {index} is greater than maximum supported index of {MAX_INDEX}"
        )
        .into());
    }
    if list.len() <= index {
        list.resize(index + 1, Value::Nil);
    }
    list[index] = value;
    Ok(())
}

fn items(value: &Value) -> Result<Vec<Value>, Stop> {
    match value {
        Value::List(list) => Ok(list.items().to_vec()),
        other => Err(conversion(other, "[]interface {}")),
    }
}

fn conversion(value: &Value, wanted: &str) -> Stop {
    let found = match value {
        Value::Nil => "nil".to_owned(),
        other => other.type_name(),
    };
    format!("unable to parse key: interface conversion: interface {{}} is {found}, not {wanted}")
        .into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::values::parse;

    fn check(base: &str, kind: Kind, text: &str, expected: Result<serde_json::Value, &str>) {
        let values = parse(base).unwrap();
        let result = set(&values, text, kind).map(|()| Value::Map(values).to_json().unwrap());
        assert_eq!(
            result.as_ref().map_err(String::as_str),
            expected.as_ref().map_err(|e| *e),
            "{text}"
        );
    }

    #[test]
    fn keys_lists_and_escapes_are_read_as_helm_does() {
        for (text, expected) in [
            ("a=1,b=x", json!({"a": 1, "b": "x"})),
            (
                "a.b.c=true,a.d=null",
                json!({"a": {"b": {"c": true}, "d": null}}),
            ),
            ("a={x,1,y z}", json!({"a": ["x", 1, "y z"]})),
            ("a={},b=1", json!({"a": [""], "b": 1})),
            ("a[0].b=1,a[2]=x", json!({"a": [{"b": 1}, null, "x"]})),
            ("a[0][1]=2", json!({"a": [[null, 2]]})),
            ("a\\.b=c\\,d,e=\\\\", json!({"a.b": "c,d", "e": "\\"})),
            ("a=", json!({"a": ""})),
            ("a=,b=", json!({"a": "", "b": ""})),
            (
                "a=00,b=0,c=-5,d=1e3,e=+7",
                json!({"a": "00", "b": 0, "c": -5, "d": "1e3", "e": 7}),
            ),
            ("a=TRUE,b=Null", json!({"a": true, "b": null})),
            ("a=b=c", json!({"a": "b=c"})),
            ("a[0]={b,c}", json!({"a": [["b", "c"]]})),
            ("", json!({})),
        ] {
            check("", Kind::Typed, text, Ok(expected));
        }
        check(
            "",
            Kind::Strings,
            "a=1,b={true,2}",
            Ok(json!({"a": "1", "b": ["true", "2"]})),
        );
    }

    #[test]
    fn what_is_there_is_changed_in_place() {
        check(
            "a: {b: [1, {c: 2}], d: 3}\n",
            Kind::Typed,
            "a.b[1].c=x,a.b[0]=null",
            Ok(json!({"a": {"b": [null, {"c": "x"}], "d": 3.0}})),
        );
    }

    #[test]
    fn mistakes_are_told_in_helms_words() {
        for (base, text, expected) in [
            ("", "a", "key \"a\" has no value"),
            ("", "a,b=1", "key \"a\" has no value (cannot end with ,)"),
            ("", "a.b.=1", "key map \"b\" has no value"),
            ("", "a={x", "list must terminate with '}'"),
            (
                "",
                "a[x]=1",
                "error parsing index: strconv.Atoi: parsing \"x\": invalid syntax",
            ),
            ("", "a[-1]=1", "negative -1 index not allowed"),
            (
                "",
                "a[0]x=1",
                "unexpected data at end of array index: \"x\"",
            ),
            (
                "",
                "a[65537]=1",
                "index of 65537 is greater than maximum supported index of 65536",
            ),
            (
                "a: x\n",
                "a.b=1",
                "unable to parse key: interface conversion: interface {} is string, not map[string]interface {}",
            ),
            (
                "a:\n",
                "a[0]=1",
                "unable to parse key: interface conversion: interface {} is nil, not []interface {}",
            ),
        ] {
            check(base, Kind::Typed, text, Err(expected));
        }
        let deep = format!("{}=1", vec!["a"; 40].join("."));
        check(
            "",
            Kind::Typed,
            &deep,
            Err("value name nested level is greater than maximum supported nested level of 30"),
        );
    }
}
