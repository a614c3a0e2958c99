//! Label selectors, as in `metav1.LabelSelector`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Selects things by their labels; an empty selector selects everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LabelSelector {
    /// Labels that must have exactly these values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub match_labels: BTreeMap<String, String>,
    /// Further requirements; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub match_expressions: Vec<Requirement>,
}

/// One requirement of a [`LabelSelector`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The label.
    pub key: String,
    /// How its value is judged.
    pub operator: Operator,
    /// The values for `In` and `NotIn`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

/// How a [`Requirement`] judges a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// The label exists and has one of the values.
    In,
    /// The label has none of the values, or does not exist.
    NotIn,
    /// The label exists.
    Exists,
    /// The label does not exist.
    DoesNotExist,
}

impl LabelSelector {
    /// Whether `labels` fulfil all requirements.
    pub fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        self.match_labels
            .iter()
            .all(|(key, value)| labels.get(key) == Some(value))
            && self
                .match_expressions
                .iter()
                .all(|requirement| requirement.matches(labels))
    }
}

impl Requirement {
    fn matches(&self, labels: &BTreeMap<String, String>) -> bool {
        let value = labels.get(&self.key);
        match self.operator {
            Operator::In => value.is_some_and(|value| self.values.contains(value)),
            Operator::NotIn => value.is_none_or(|value| !self.values.contains(value)),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_follow_kubernetes() {
        let labels = BTreeMap::from([("env".to_owned(), "dev".to_owned())]);
        let check = |json: &str, expected: bool| {
            let selector: LabelSelector = serde_json::from_str(json).unwrap();
            assert_eq!(selector.matches(&labels), expected, "{json}");
        };
        check("{}", true);
        check(r#"{"matchLabels":{"env":"dev"}}"#, true);
        check(r#"{"matchLabels":{"env":"prod"}}"#, false);
        check(
            r#"{"matchExpressions":[{"key":"env","operator":"In","values":["dev","test"]}]}"#,
            true,
        );
        check(
            r#"{"matchExpressions":[{"key":"env","operator":"NotIn","values":["dev"]}]}"#,
            false,
        );
        check(
            r#"{"matchExpressions":[{"key":"zone","operator":"NotIn","values":["a"]}]}"#,
            true,
        );
        check(
            r#"{"matchExpressions":[{"key":"zone","operator":"Exists"}]}"#,
            false,
        );
        check(
            r#"{"matchExpressions":[{"key":"zone","operator":"DoesNotExist"}]}"#,
            true,
        );
    }
}
