//! From a tree to a JSON value, as sigs.k8s.io/yaml does it.

use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use crate::error::Error;
use crate::go_syntax::go_syntax;
use crate::node::{Kind, Node, Style};
use crate::number::format_float_g;
use crate::resolve::{Resolved, Schema, resolve};

/// What to do with a key that a mapping has twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// The last one wins, as in Helm.
    LastWins,
    /// It is an error, as in kustomize.
    Refuse,
}

impl Node {
    /// The value of the tree.
    ///
    /// # Errors
    /// With goyaml's text, if aliases multiply the document, or it cannot be said in JSON.
    pub fn to_value(&self, schema: Schema, duplicates: Duplicates) -> Result<Value, Error> {
        let mut reader = Reader {
            schema,
            duplicates,
            n_read: 0,
            n_aliased: 0,
            alias_depth: 0,
            bad_key: None,
            bad_value: None,
        };
        let value = reader.value(self, 0)?;
        match reader.bad_key.or(reader.bad_value) {
            Some(error) => Err(error),
            None => Ok(value),
        }
    }
}

/// Depth of nesting, aliases included, at which reading ends.
const MAX_DEPTH: usize = 1000;

struct Reader {
    schema: Schema,
    duplicates: Duplicates,
    n_read: u64,
    n_aliased: u64,
    alias_depth: u32,
    /// The first key that JSON cannot have: goyaml decodes all of a document before it looks at keys.
    bad_key: Option<Error>,
    /// The first value that JSON cannot have, which is found out last.
    bad_value: Option<Error>,
}

impl Reader {
    fn value(&mut self, node: &Node, depth: usize) -> Result<Value, Error> {
        self.count(node)?;
        if depth > MAX_DEPTH {
            return Err(
                Error::new(format!("yaml: exceeded max depth of {MAX_DEPTH}"))
                    .at(node.line, node.column),
            );
        }
        match &node.kind {
            Kind::Alias(target) => {
                self.alias_depth += 1;
                let value = self.value(target, depth + 1);
                self.alias_depth -= 1;
                value
            }
            Kind::Scalar(_) => {
                let resolved = self.scalar(node)?;
                Ok(json(resolved, node).unwrap_or_else(|error| {
                    self.bad_value.get_or_insert(error);
                    Value::Null
                }))
            }
            Kind::Sequence(items) => {
                let values: Result<_, _> = items
                    .iter()
                    .map(|item| self.value(item, depth + 1))
                    .collect();
                Ok(Value::Array(values?))
            }
            Kind::Mapping(pairs) => {
                let mut map = Map::new();
                self.mapping(pairs, &mut map, depth)?;
                Ok(Value::Object(map))
            }
        }
    }

    /// goyaml's rule against documents that aliases blow up (`decode.go`, `allowedAliasRatio`).
    fn count(&mut self, node: &Node) -> Result<(), Error> {
        self.n_read += 1;
        if self.alias_depth > 0 {
            self.n_aliased += 1;
        }
        const FEW: f64 = 400_000.0;
        const MANY: f64 = 4_000_000.0;
        let n_read = self.n_read as f64;
        let allowed = (0.99 - 0.89 * (n_read - FEW) / (MANY - FEW)).clamp(0.10, 0.99);
        if self.n_aliased > 100 && self.n_read > 1000 && self.n_aliased as f64 / n_read > allowed {
            return Err(
                Error::new("yaml: document contains excessive aliasing").at(node.line, node.column)
            );
        }
        Ok(())
    }

    fn scalar(&self, node: &Node) -> Result<Resolved, Error> {
        let Kind::Scalar(text) = &node.kind else {
            return Ok(Resolved::Null);
        };
        if node.style != Style::Plain && node.tag.is_none() {
            return Ok(Resolved::String(text.clone()));
        }
        resolve(self.schema, node.tag.as_deref(), text)
            .map_err(|error| error.at(node.line, node.column))
    }

    fn mapping(
        &mut self,
        pairs: &[(std::rc::Rc<Node>, std::rc::Rc<Node>)],
        map: &mut Map<String, Value>,
        depth: usize,
    ) -> Result<(), Error> {
        let mut seen = HashSet::new();
        let mut merges = Vec::new();
        for (key, value) in pairs {
            if is_merge(key) {
                merges.push(value);
                continue;
            }
            let name = self.key(key, value, depth)?;
            if self.duplicates == Duplicates::Refuse && !seen.insert(name.clone()) {
                let message = format!(
                    "yaml: unmarshal errors:\n  line {}: mapping key {name:?} already defined",
                    key.line
                );
                return Err(Error::new(message).at(key.line, key.column));
            }
            let value = self.value(value, depth + 1)?;
            map.insert(name, value);
        }
        for merge in merges {
            self.merge(merge, map, depth)?;
        }
        Ok(())
    }

    /// `<<: *other`: what the mapping does not say itself comes from the others.
    fn merge(
        &mut self,
        node: &Node,
        map: &mut Map<String, Value>,
        depth: usize,
    ) -> Result<(), Error> {
        let wrong = || {
            Error::new("yaml: map merge requires map or sequence of maps as the value")
                .at(node.line, node.column)
        };
        if depth > MAX_DEPTH {
            return Err(
                Error::new(format!("yaml: exceeded max depth of {MAX_DEPTH}"))
                    .at(node.line, node.column),
            );
        }
        match &node.target().kind {
            Kind::Mapping(_) => {
                let Value::Object(other) = self.value(node, depth + 1)? else {
                    return Err(wrong());
                };
                for (key, value) in other {
                    map.entry(key).or_insert(value);
                }
                Ok(())
            }
            Kind::Sequence(items) => {
                for item in items {
                    if !matches!(item.target().kind, Kind::Mapping(_)) {
                        return Err(wrong());
                    }
                    self.merge(item, map, depth + 1)?;
                }
                Ok(())
            }
            _ => Err(wrong()),
        }
    }

    fn key(&mut self, key: &Node, value: &Node, depth: usize) -> Result<String, Error> {
        self.count(key)?;
        let node = key.target();
        let resolved = self.scalar(node)?;
        let schema = self.schema;
        let mut unsupported = |kind: &str| {
            let (shown, value) = (go_syntax(node, schema), go_syntax(value, schema));
            let message =
                format!("unsupported map key of type: {kind}, key: {shown}, value: {value}");
            let error = Error::new(message).at(key.line, key.column);
            self.bad_key.get_or_insert(error);
            String::new()
        };
        match (&node.kind, resolved) {
            (Kind::Scalar(_), resolved) => match resolved {
                Resolved::Null => Ok(unsupported("%!s(<nil>)")),
                Resolved::Bool(b) => Ok(b.to_string()),
                Resolved::Int(n) => Ok(n.to_string()),
                Resolved::UInt(_) => Ok(unsupported("uint64")),
                Resolved::Float(f) => Ok(float_key(f)),
                Resolved::String(text) | Resolved::Timestamp(text) => Ok(text),
                Resolved::Binary(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            },
            _ => {
                // What is wrong inside of the key comes first.
                self.value(node, depth + 1)?;
                let shown = go_syntax(node, self.schema);
                let message = format!("yaml: invalid map key: {shown}");
                Err(Error::new(message).at(key.line, key.column))
            }
        }
    }
}

fn is_merge(key: &Node) -> bool {
    let implicit = key.style == Style::Plain && key.tag.is_none();
    matches!(&key.kind, Kind::Scalar(text) if text == "<<")
        && (implicit || key.tag.as_deref() == Some("!!merge"))
}

/// A float as a key: `strconv.FormatFloat(f, 'g', -1, 32)`, so `685230.15` becomes `685230.1`.
pub(crate) fn float_key(f: f64) -> String {
    let single = f as f32;
    if f.is_nan() {
        return ".nan".to_owned();
    }
    if single.is_infinite() {
        return if f > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    // The shortest digits of the 32-bit number are also the shortest of the 64-bit number that they name.
    format_float_g(single.to_string().parse().unwrap_or(f))
}

fn json(resolved: Resolved, node: &Node) -> Result<Value, Error> {
    Ok(match resolved {
        Resolved::Null => Value::Null,
        Resolved::Bool(b) => Value::Bool(b),
        Resolved::Int(n) => Value::Number(n.into()),
        Resolved::UInt(n) => Value::Number(n.into()),
        Resolved::Float(f) => match Number::from_f64(f) {
            Some(number) => Value::Number(number),
            None => {
                let text = if f.is_nan() {
                    "NaN"
                } else if f > 0.0 {
                    "+Inf"
                } else {
                    "-Inf"
                };
                return Err(Error::new(format!("json: unsupported value: {text}"))
                    .at(node.line, node.column));
            }
        },
        Resolved::String(text) | Resolved::Timestamp(text) => Value::String(text),
        Resolved::Binary(bytes) => Value::String(String::from_utf8_lossy(&bytes).into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::from_str;

    #[test]
    fn documents_become_what_go_makes_of_them() {
        for (text, expected) in [
            ("a: 1\nb: [x, 1.5]\n", json!({"a": 1, "b": ["x", 1.5]})),
            (
                "1: a\ntrue: b\n1.5: c\n",
                json!({"1": "a", "true": "b", "1.5": "c"}),
            ),
            (
                "base: &b {x: 1, z: 2}\nother:\n  <<: *b\n  z: 3\n",
                json!({"base": {"x": 1, "z": 2}, "other": {"x": 1, "z": 3}}),
            ),
            ("a: 1\na: 2\n", json!({"a": 2})),
            ("a: !!str 1\nb: !mine x\n", json!({"a": "1", "b": "x"})),
            ("a: |\n  x\n  y\n", json!({"a": "x\ny\n"})),
            ("\"on\": 'yes'\n", json!({"on": "yes"})),
        ] {
            assert_eq!(
                from_str(text, Duplicates::LastWins).unwrap(),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn keys_that_json_cannot_have_are_shown_as_go_shows_them() {
        for (text, expected) in [
            (
                "k: {{ x }}",
                r#"yaml: invalid map key: map[interface {}]interface {}{"x":interface {}(nil)}"#,
            ),
            (
                "[a, 1]: 1",
                r#"yaml: invalid map key: []interface {}{"a", 1}"#,
            ),
            (
                "{[{}]: 1}: 2",
                "yaml: invalid map key: []interface {}{map[interface {}]interface {}{}}",
            ),
            (
                "~: x",
                r#"unsupported map key of type: %!s(<nil>), key: <nil>, value: "x""#,
            ),
            (
                "~: {{ x }}",
                r#"yaml: invalid map key: map[interface {}]interface {}{"x":interface {}(nil)}"#,
            ),
            (
                "9223372036854775808: 1",
                "unsupported map key of type: uint64, key: 0x8000000000000000, value: 1",
            ),
        ] {
            let error = from_str(text, Duplicates::LastWins).unwrap_err();
            assert_eq!(error.message, expected, "{text}");
        }
    }

    #[test]
    fn errors_at_the_end_name_a_line_of_the_text() {
        for (text, expected) in [
            ("a: \"b|", "yaml: found unexpected end of stream"),
            ("\na: \"b|", "yaml: line 2: found unexpected end of stream"),
        ] {
            let error = from_str(text, Duplicates::LastWins).unwrap_err();
            assert_eq!(error.message, expected, "{text}");
        }
    }

    #[test]
    fn a_key_that_is_there_twice_is_refused_where_asked() {
        let error = from_str("a: 1\nb: 2\na: 3\n", Duplicates::Refuse).unwrap_err();
        assert_eq!(
            error.message,
            "yaml: unmarshal errors:\n  line 3: mapping key \"a\" already defined"
        );
        assert_eq!(error.line, 3);
    }

    #[test]
    fn aliases_cannot_blow_a_document_up() {
        let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..10 {
            let previous = format!("*a{}, ", n - 1).repeat(10);
            text.push_str(&format!("a{n}: &a{n} [{previous}]\n"));
        }
        let error = from_str(&text, Duplicates::LastWins).unwrap_err();
        assert_eq!(error.message, "yaml: document contains excessive aliasing");
    }
}
