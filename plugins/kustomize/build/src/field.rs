//! How kyaml sets fields: what a new value takes over from the old one.

use fleet_yaml::{Duplicates, Style};

use crate::node::{Mapping, Node, Scalar, Shared, Tag};

/// A node of another kind than is wanted stands somewhere.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("wrong node kind: expected {expected} but got {actual}: node contents:\n{contents}")]
pub struct WrongKind {
    /// The kind that is wanted.
    pub expected: &'static str,
    /// The kind that is there.
    pub actual: &'static str,
    /// What is there, as YAML.
    pub contents: String,
}

impl WrongKind {
    pub(crate) fn new(expected: &'static str, node: &Node) -> Self {
        let contents = match node.to_value() {
            Ok(value) => fleet_yaml::to_string(&value),
            Err(error) => error.to_string(),
        };
        Self {
            expected,
            actual: node.kind_name(),
            contents,
        }
    }

    /// Fails if the node is neither null nor a mapping.
    pub(crate) fn unless_mapping(node: &Node) -> Result<Option<&Mapping>, Self> {
        match node {
            Node::Mapping(mapping) => Ok(Some(mapping)),
            _ if node.is_null() => Ok(None),
            _ => Err(Self::new("MappingNode", node)),
        }
    }
}

/// Whether a plain text is something else than text to a reader of YAML 1.1, such as `yes`, `1` or `a: b`.
pub fn is_ambiguous(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    // The words that mean something begin with one of these letters and are short.
    let word = text.len() > 5 || !"yYnNtTfFoO".contains(first);
    if first.is_ascii_alphabetic() && word && !text.contains([':', '#']) {
        return false;
    }
    if text.contains('\n') {
        return false;
    }
    match fleet_yaml::from_str(text, Duplicates::LastWins) {
        Ok(value) => !value.is_string(),
        Err(_) => false,
    }
}

/// Quotes a plain string that readers of YAML 1.1 would take for something else.
pub(crate) fn quote_ambiguous(node: &mut Node) {
    if let Node::Scalar(scalar) = node
        && scalar.style == Style::Plain
        && scalar.is_string()
        && is_ambiguous(&scalar.text)
    {
        scalar.style = Style::DoubleQuoted;
    }
}

/// Puts a value in the place of another, whose style it takes over: `5` set over `'4'` is the string `'5'`.
pub(crate) fn set_over(old: &mut Node, mut new: Node) {
    if let Node::Scalar(scalar) = &mut new {
        (scalar.style, scalar.shared) = match old {
            Node::Scalar(old) => (old.style, old.shared.changed()),
            Node::Sequence(_) | Node::Mapping(_) => (Style::Plain, Shared::default()),
        };
    }
    *old = new;
}

/// Sets a field (kyaml's `FieldSetter` with a name): null removes it.
pub(crate) fn set_field(mapping: &mut Mapping, name: &str, mut value: Node) {
    if value.is_null() {
        mapping.remove(name);
    } else if let Some(old) = mapping.get_mut(name) {
        set_over(old, value);
    } else {
        quote_ambiguous(&mut value);
        mapping.push(name.to_owned(), value);
    }
}

/// The text of a scalar of any kind; nothing for mappings and sequences (a `yaml.Node`'s `Value`).
pub(crate) fn text(node: &Node) -> &str {
    match node {
        Node::Scalar(scalar) => &scalar.text,
        Node::Sequence(_) | Node::Mapping(_) => "",
    }
}

/// A scalar without a tag, so that its text and the style that it gets decide what it is.
pub(crate) fn untagged(text: impl Into<String>) -> Node {
    Node::Scalar(Scalar::new(text, Tag::None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ambiguous_is_what_yaml_1_1_takes_for_no_text() {
        for text in [
            "yes", "on", "N", "1", "0755", "1e3", ".5", "~", "null", "true", "a: b", "- x", "# x",
            "[]",
        ] {
            assert!(is_ambiguous(text), "{text}");
        }
        for text in [
            "",
            "abc",
            "nginx:1.2",
            "yesterday",
            "on-call",
            "2024-01-02",
            "12:30",
            "a\nb",
            "[",
            "*a",
            "x y",
        ] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }

    #[test]
    fn a_new_value_takes_over_the_style_of_the_old_one() {
        let mut mapping = Mapping::new();
        set_field(&mut mapping, "a", untagged("1"));
        assert_eq!(mapping.get("a").unwrap().to_value().unwrap(), "1");
        mapping.set("b", Node::int(4));
        set_field(&mut mapping, "b", untagged("5"));
        assert_eq!(mapping.get("b").unwrap().to_value().unwrap(), 5);
        set_field(&mut mapping, "b", Node::null());
        assert!(!mapping.contains("b"));
    }
}
