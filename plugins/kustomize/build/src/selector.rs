//! Selectors of objects: anchored patterns for kinds and names, label expressions for labels and annotations.

use fleet_template::functions::regex::Regex;
use serde::Deserialize;

use crate::node::Mapping;
use crate::resource::Resource;

/// What a patch or a replacement says about its targets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Selector {
    /// Pattern for the API group.
    pub group: String,
    /// Pattern for the version.
    pub version: String,
    /// Pattern for the kind.
    pub kind: String,
    /// Pattern for the name.
    pub name: String,
    /// Pattern for the namespace.
    pub namespace: String,
    /// Label expression for the annotations.
    pub annotation_selector: String,
    /// Label expression for the labels.
    pub label_selector: String,
}

/// Why a selector cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// A pattern is no regular expression.
    #[error("{0}")]
    Pattern(String),
    /// A label expression cannot be read.
    #[error("unable to parse requirement: {0}")]
    Labels(String),
}

/// A [`Selector`] that is ready to be used.
#[derive(Clone, Debug)]
pub struct Matcher {
    group: Option<Pattern>,
    version: Option<Pattern>,
    kind: Option<Pattern>,
    name: Option<Pattern>,
    namespace: Option<Pattern>,
    annotations: LabelSelector,
    labels: LabelSelector,
}

/// A pattern that must match the whole text.
#[derive(Clone, Debug)]
pub enum Pattern {
    /// No special characters.
    Exact(String),
    /// A regular expression with anchors.
    Regex(Regex),
}

impl Pattern {
    /// Reads a pattern; an empty one matches anything and is `None`.
    ///
    /// # Errors
    /// If it is no regular expression.
    pub fn parse(pattern: &str) -> Result<Option<Self>, SelectorError> {
        if pattern.is_empty() {
            return Ok(None);
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/' | ':');
        if pattern.chars().all(plain) {
            return Ok(Some(Self::Exact(pattern.to_owned())));
        }
        let anchored = format!("^(?:{pattern})$");
        let regex = Regex::new(&anchored).map_err(SelectorError::Pattern)?;
        Ok(Some(Self::Regex(regex)))
    }

    /// Whether the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(pattern) => pattern == text,
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

fn matches(pattern: Option<&Pattern>, text: &str) -> bool {
    pattern.is_none_or(|pattern| pattern.matches(text))
}

impl Selector {
    /// Makes the selector ready to be used.
    ///
    /// # Errors
    /// If a pattern is no regular expression or a label expression cannot be read.
    pub fn compile(&self) -> Result<Matcher, SelectorError> {
        Ok(Matcher {
            group: Pattern::parse(&self.group)?,
            version: Pattern::parse(&self.version)?,
            kind: Pattern::parse(&self.kind)?,
            name: Pattern::parse(&self.name)?,
            namespace: Pattern::parse(&self.namespace)?,
            annotations: LabelSelector::parse(&self.annotation_selector)?,
            labels: LabelSelector::parse(&self.label_selector)?,
        })
    }
}

impl Matcher {
    /// Whether the selector takes an object, by its present or original name and namespace.
    pub fn matches(&self, resource: &Resource) -> bool {
        let gvk = resource.gvk();
        matches(self.kind.as_ref(), &gvk.kind)
            && (matches(self.name.as_ref(), resource.original_name())
                || matches(self.name.as_ref(), resource.name()))
            && (matches(self.namespace.as_ref(), resource.original_namespace())
                || matches(self.namespace.as_ref(), resource.effective_namespace()))
            && matches(self.group.as_ref(), &gvk.group)
            && matches(self.version.as_ref(), &gvk.version)
            && self.labels.matches(resource.labels())
            && self.annotations.matches(resource.annotations())
    }
}

/// A label expression as kubectl takes it: `a=b,c!=d,e in (f,g),!h`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Requirement {
    key: String,
    operator: Operator,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operator {
    Exists,
    DoesNotExist,
    In(Vec<String>),
    NotIn(Vec<String>),
    GreaterThan(i64),
    LessThan(i64),
}

impl LabelSelector {
    /// Reads an expression; an empty one takes everything.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn parse(text: &str) -> Result<Self, SelectorError> {
        let tokens = tokens(text);
        let mut parser = Parser {
            text,
            tokens: &tokens,
            at: 0,
        };
        let mut requirements = Vec::new();
        if tokens.is_empty() {
            return Ok(Self { requirements });
        }
        loop {
            requirements.push(parser.requirement()?);
            match parser.next() {
                None => return Ok(Self { requirements }),
                Some(",") => {}
                Some(other) => return Err(parser.expected("`,` or the end", other)),
            }
        }
    }

    /// Whether all requirements hold for labels or annotations.
    pub fn matches(&self, labels: Option<&Mapping>) -> bool {
        self.requirements.iter().all(|requirement| {
            let value = labels.and_then(|labels| labels.get(&requirement.key));
            let text = value.map(|value| value.as_scalar().map_or("", |scalar| &scalar.text));
            requirement.operator.matches(text)
        })
    }
}

impl Operator {
    fn matches(&self, value: Option<&str>) -> bool {
        let number = || value.and_then(|value| value.parse::<i64>().ok());
        match self {
            Self::Exists => value.is_some(),
            Self::DoesNotExist => value.is_none(),
            Self::In(values) => value.is_some_and(|value| values.iter().any(|v| v == value)),
            Self::NotIn(values) => value.is_none_or(|value| values.iter().all(|v| v != value)),
            Self::GreaterThan(least) => number().is_some_and(|n| n > *least),
            Self::LessThan(most) => number().is_some_and(|n| n < *most),
        }
    }
}

fn tokens(text: &str) -> Vec<&str> {
    // What apimachinery's lexer takes for space; a form feed, say, is part of a word.
    const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];
    let mut tokens = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(SPACE);
        if rest.is_empty() {
            return tokens;
        }
        let special = |c: char| "=!(),><".contains(c);
        let length = if rest.starts_with("==") || rest.starts_with("!=") {
            2
        } else if rest.starts_with(special) {
            1
        } else {
            rest.find(|c: char| special(c) || SPACE.contains(&c))
                .unwrap_or(rest.len())
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after;
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [&'a str],
    at: usize,
}

impl<'a> Parser<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }

    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).copied()
    }

    fn expected(&self, what: &str, found: &str) -> SelectorError {
        SelectorError::Labels(format!(
            "found '{found}' in `{}`, expected: {what}",
            self.text
        ))
    }

    fn word(&mut self, what: &str) -> Result<&'a str, SelectorError> {
        match self.next() {
            Some(word) if !"=!(),><==!=".contains(word) => Ok(word),
            found => Err(self.expected(what, found.unwrap_or_default())),
        }
    }

    fn requirement(&mut self) -> Result<Requirement, SelectorError> {
        if self.peek() == Some("!") {
            self.at += 1;
            let key = self.word("identifier")?.to_owned();
            let operator = Operator::DoesNotExist;
            return Ok(Requirement { key, operator });
        }
        let key = self.word("'!', identifier")?.to_owned();
        let operator = match self.peek() {
            None | Some(",") => Operator::Exists,
            Some("=" | "==") => {
                self.at += 1;
                Operator::In(vec![self.value()])
            }
            Some("!=") => {
                self.at += 1;
                Operator::NotIn(vec![self.value()])
            }
            Some("in") => {
                self.at += 1;
                Operator::In(self.values()?)
            }
            Some("notin") => {
                self.at += 1;
                Operator::NotIn(self.values()?)
            }
            Some(">") => {
                self.at += 1;
                Operator::GreaterThan(self.number()?)
            }
            Some("<") => {
                self.at += 1;
                Operator::LessThan(self.number()?)
            }
            Some(other) => return Err(self.expected("in, notin, =, ==, !=, gt, lt", other)),
        };
        Ok(Requirement { key, operator })
    }

    /// A value may be left out: `a=` asks for an empty one.
    fn value(&mut self) -> String {
        match self.peek() {
            None | Some(",") => String::new(),
            Some(value) => {
                self.at += 1;
                value.to_owned()
            }
        }
    }

    fn number(&mut self) -> Result<i64, SelectorError> {
        let word = self.word("an integer")?;
        word.parse().map_err(|_| {
            SelectorError::Labels(format!(
                "values[0]: Invalid value: \"{word}\": for 'Gt', 'Lt' operators, the value must be an integer"
            ))
        })
    }

    fn values(&mut self) -> Result<Vec<String>, SelectorError> {
        match self.next() {
            Some("(") => {}
            found => return Err(self.expected("'('", found.unwrap_or_default())),
        }
        let mut values = Vec::new();
        loop {
            match self.next() {
                Some(")") => return Ok(values),
                Some(",") => {}
                Some(value) => values.push(value.to_owned()),
                None => return Err(self.expected("',', or ')'", "")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Node;

    fn labels(pairs: &[(&str, &str)]) -> Mapping {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), Node::string(*value)))
            .collect()
    }

    #[test]
    fn patterns_match_whole_texts_by_gos_rules() {
        for (pattern, text, expected) in [
            ("web", "web", true),
            ("we", "web", false),
            ("w.b", "web", true),
            ("w|web", "web", true),
            ("(?i)WEB", "web", true),
            (r"\d+", "12", true),
            // Go's classes are ASCII.
            (r"\d+", "١٢", false),
            (r"\w+", "é", false),
            (r"\W+", "é", true),
            (r"\pL+", "é", true),
            (r"\Qa.b\E", "a.b", true),
            ("a{,2}", "a{,2}", true),
        ] {
            let parsed = Pattern::parse(pattern).unwrap().unwrap();
            assert_eq!(parsed.matches(text), expected, "{pattern} on {text}");
        }
        assert_eq!(
            Pattern::parse("(").unwrap_err().to_string(),
            "error parsing regexp: missing closing ): `^(?:()$`"
        );
    }

    #[test]
    fn label_expressions_are_kubectls() {
        let labels = labels(&[("app", "web"), ("n", "5"), ("empty", "")]);
        for (text, expected) in [
            ("", true),
            ("app", true),
            ("!app", false),
            ("!nope", true),
            ("app=web", true),
            ("app==web,n=5", true),
            ("app = api", false),
            // Found by fuzzing: this space is none to the lexer, and once ended it never.
            ("app\u{c}", false),
            ("app!=api", true),
            ("nope!=x", true),
            ("app in (api, web)", true),
            ("app notin (api,web)", false),
            ("n>4,n<6", true),
            ("n>5", false),
            ("empty=", true),
        ] {
            let selector = LabelSelector::parse(text).unwrap();
            assert_eq!(selector.matches(Some(&labels)), expected, "{text}");
        }
        for text in ["=", "a b", "a in b", "a in (b", ",a", "n > x"] {
            assert!(LabelSelector::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn patterns_match_the_whole_text() {
        for (pattern, text, expected) in [
            ("", "x", true),
            ("web", "web", true),
            ("web", "web2", false),
            ("web.*", "web2", true),
            ("a|b", "ab", false),
            ("a|b", "b", true),
        ] {
            let pattern = Pattern::parse(pattern).unwrap();
            assert_eq!(matches(pattern.as_ref(), text), expected, "{pattern:?}");
        }
        assert!(Pattern::parse("(").is_err());
    }
}
