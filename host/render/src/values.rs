//! What is filled into values for each cluster: labels by name, and `${ }` templates.
//!
//! Rancher Fleet writes the merged values as YAML, runs that text through Go templates with the delimiters `${` and
//! `}`, and reads it back. So a whole number that a template writes is a number afterwards, and a template can write
//! keys as well. One difference: there, a cluster without any label is left out of this.

use std::rc::Rc;
use std::sync::Arc;

use fleet_core::entropy::{Entropy, KeyKind};
use fleet_core::facts::Facts;
use fleet_core::problem::{Problem, Reason};
use fleet_template::functions::{self, Environment};
use fleet_template::value::Numbers;
use fleet_template::{Limits, MissingKey, Templates, Value as TemplateValue};
use fleet_yaml::Duplicates;
use serde_json::{Map, Value, json};

use crate::variant::{RenderStep, ValueTemplates, merge_values};

/// How a value begins that stands for a label of the cluster.
const LABEL: &str = "global.fleet.clusterLabels.";

/// The deepest value that is looked at, as in Rancher Fleet.
const MAX_DEPTH: usize = 50;

/// Functions that Helm's templates have and value templates have not.
const NOT_OFFERED: [&str; 6] = [
    "env",
    "expandenv",
    "getHostByName",
    "include",
    "lookup",
    "tpl",
];

/// Whether anything in these steps has to be filled in, so that it may differ from cluster to cluster.
pub fn differ(steps: &[RenderStep], templates: &ValueTemplates) -> bool {
    let marked = |text: &str| text.starts_with(LABEL) || (templates.enabled && text.contains("${"));
    !templates.values.is_empty() || steps.iter().any(|step| any_text(&step.values, &marked, 0))
}

/// The steps with values for one cluster.
///
/// # Errors
/// If a template is none, asks for something that the cluster does not have, or writes what is no YAML.
pub fn fill(
    steps: &[RenderStep],
    templates: &ValueTemplates,
    facts: &dyn Facts,
    entropy: &Arc<dyn Entropy + Send + Sync>,
) -> Result<Vec<RenderStep>, Problem> {
    let mut filled = steps.to_vec();
    let template = |text: &str, what: &str| {
        expand(text, facts, entropy).map_err(|why| {
            let message = format!("cannot fill in {what}: {why}");
            Problem::new(Reason::RecipeInvalid, message)
                .hint("`${` begins a template in values; `helm.disablePreProcess: true` leaves it as it is")
        })
    };
    for step in &mut filled {
        let Value::Object(values) = &mut step.values else {
            continue;
        };
        values
            .values_mut()
            .for_each(|value| labels(value, facts, 0));
        let whole = Value::Object(values.clone());
        if templates.enabled && any_text(&whole, &|text| text.contains("${"), 0) {
            match template(&fleet_yaml::to_string(&whole), "the values")? {
                Value::Object(map) => *values = map,
                Value::Null => *values = Map::new(),
                _ => {
                    let message = "cannot fill in the values: the result is no mapping";
                    return Err(Problem::new(Reason::RecipeInvalid, message));
                }
            }
        }
        // They belong to the chart, which comes first.
        if step.plugin == "helm" && templates.enabled {
            for (key, text) in &templates.values {
                let value = template(text, &format!("`helm.templateValues.{key}`"))?;
                merge_values(values, Map::from_iter([(key.clone(), value)]));
            }
        }
    }
    Ok(filled)
}

fn any_text(value: &Value, marked: &impl Fn(&str) -> bool, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match value {
        Value::String(text) => marked(text),
        Value::Array(items) => items.iter().any(|item| any_text(item, marked, depth + 1)),
        Value::Object(map) => map
            .iter()
            .any(|(key, value)| marked(key) || any_text(value, marked, depth + 1)),
        _ => false,
    }
}

/// Replaces every text `global.fleet.clusterLabels.NAME` by that label; a label that the cluster lacks is empty.
fn labels(value: &mut Value, facts: &dyn Facts, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix(LABEL) {
                *text = facts.label(name).unwrap_or_default();
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| labels(item, facts, depth + 1)),
        Value::Object(map) => map
            .values_mut()
            .for_each(|item| labels(item, facts, depth + 1)),
        _ => {}
    }
}

/// Runs one template and reads what it writes as YAML.
fn expand(
    text: &str,
    facts: &dyn Facts,
    entropy: &Arc<dyn Entropy + Send + Sync>,
) -> Result<Value, String> {
    let mut offered = functions::helm();
    for name in NOT_OFFERED {
        offered.remove(name);
    }
    let mut templates = Templates::new("values", Rc::new(offered))
        .delims("${", "}")
        .missing_key(MissingKey::Error);
    templates
        .parse("values", text)
        .map_err(|error| error.to_string())?;
    let environment = Environment {
        entropy: Rc::new(Shared(Arc::clone(entropy))),
        commit_time: facts.commit_time(),
    };
    let data = TemplateValue::from_json(&data(facts), Numbers::Float);
    let written = templates
        .render("values", data, &environment, Limits::default())
        .map_err(|error| error.to_string())?;
    let written = String::from_utf8_lossy(&written);
    fleet_yaml::from_str(&written, Duplicates::LastWins)
        .map_err(|error| format!("what the templates write is no YAML: {}", error.message))
}

/// What a value template can look at.
fn data(facts: &dyn Facts) -> Value {
    let shown = |pairs: Vec<(String, String)>| -> Map<String, Value> {
        let shown = pairs.into_iter().filter(|(key, _)| is_shown(key));
        shown
            .map(|(key, value)| (key, Value::String(value)))
            .collect()
    };
    json!({
        "ClusterNamespace": facts.cluster_namespace().unwrap_or_default(),
        "ClusterName": facts.cluster_name().unwrap_or_default(),
        "ClusterLabels": shown(facts.labels()),
        "ClusterAnnotations": shown(facts.annotations()),
        "ClusterValues": facts.template_value("").unwrap_or_else(|| json!({})),
    })
}

/// Rancher's and kubectl's own labels are hidden from templates, those about Fleet are not.
fn is_shown(key: &str) -> bool {
    let Some((domain, _)) = key.split_once('/') else {
        return true;
    };
    matches!(domain, "fleet.cattle.io" | "management.cattle.io")
        || !(domain.ends_with("cattle.io") || domain.contains("kubectl"))
}

/// Entropy that is shared between threads, for templates, which stay on one.
struct Shared(Arc<dyn Entropy + Send + Sync>);

impl Entropy for Shared {
    fn derive(&self, label: &str, len: u32) -> Vec<u8> {
        self.0.derive(label, len)
    }

    fn private_key(&self, label: &str, kind: KeyKind) -> String {
        self.0.private_key(label, kind)
    }

    fn window(&self, label: &str, days: u32) -> u64 {
        self.0.window(label, days)
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::facts::StaticFacts;

    use super::*;

    struct NoEntropy;

    impl Entropy for NoEntropy {
        fn derive(&self, _: &str, len: u32) -> Vec<u8> {
            vec![0; len as usize]
        }

        fn private_key(&self, _: &str, _: KeyKind) -> String {
            String::new()
        }

        fn window(&self, _: &str, _: u32) -> u64 {
            0
        }
    }

    fn filled(values: Value, templates: ValueTemplates) -> Result<Value, Problem> {
        let mut facts = StaticFacts {
            cluster_name: Some("c1".to_owned()),
            ..StaticFacts::default()
        };
        for (key, value) in [("env", "dev"), ("n", "3"), ("cattle.io/hidden", "x")] {
            facts.labels.insert(key.to_owned(), value.to_owned());
        }
        facts
            .template_values
            .insert("size".to_owned(), json!({"replicas": 2}));
        let step = RenderStep {
            plugin: "helm".to_owned(),
            path: String::new(),
            settings: json!({}),
            values,
        };
        let entropy: Arc<dyn Entropy + Send + Sync> = Arc::new(NoEntropy);
        let mut steps = fill(&[step], &templates, &facts, &entropy)?;
        Ok(steps.remove(0).values)
    }

    fn enabled() -> ValueTemplates {
        ValueTemplates {
            enabled: true,
            ..ValueTemplates::default()
        }
    }

    #[test]
    fn templates_see_the_cluster_and_may_write_numbers_and_keys() {
        let check = |values: Value, expected: Value| {
            assert_eq!(filled(values, enabled()).unwrap(), expected);
        };
        check(
            json!({"a": "${ .ClusterLabels.env }-x"}),
            json!({"a": "dev-x"}),
        );
        check(json!({"a": "${ .ClusterLabels.n }"}), json!({"a": 3}));
        check(json!({"${ .ClusterName }": true}), json!({"c1": true}));
        check(
            json!({"a": "${ .ClusterValues.size.replicas }"}),
            json!({"a": 2}),
        );
        check(json!({"a": "${ upper .ClusterName }"}), json!({"a": "C1"}));
        check(
            json!({"a": "{{ .Values.x }}", "b": "$x"}),
            json!({"a": "{{ .Values.x }}", "b": "$x"}),
        );
    }

    #[test]
    fn a_label_can_be_named_without_a_template() {
        let values = json!({"a": {"b": ["global.fleet.clusterLabels.env", "global.fleet.clusterLabels.no"]}});
        let expected = json!({"a": {"b": ["dev", ""]}});
        assert_eq!(filled(values, ValueTemplates::default()).unwrap(), expected);
    }

    #[test]
    fn template_values_win_and_are_yaml() {
        let mut templates = enabled();
        templates
            .values
            .insert("list".to_owned(), "[${ .ClusterLabels.n }, x]".to_owned());
        let values = filled(json!({"list": [], "other": 1}), templates).unwrap();
        assert_eq!(values, json!({"list": [3, "x"], "other": 1}));
    }

    #[test]
    fn disabled_templates_are_text() {
        let values = json!({"a": "${ .ClusterLabels.env }"});
        assert_eq!(
            filled(values.clone(), ValueTemplates::default()).unwrap(),
            values
        );
    }

    #[test]
    fn what_a_cluster_does_not_have_is_an_error() {
        for text in [
            "${ .ClusterLabels.no }",
            "${ index .ClusterLabels \"cattle.io/hidden\" | required \"x\" }",
            "${ include \"x\" . }",
            "${ if }",
        ] {
            let problem = filled(json!({"a": text}), enabled()).unwrap_err();
            assert_eq!(problem.reason, Reason::RecipeInvalid, "{text}");
        }
    }

    #[test]
    fn only_what_has_to_be_filled_in_differs_between_clusters() {
        let step = |values| RenderStep {
            plugin: "helm".to_owned(),
            path: String::new(),
            settings: json!({}),
            values,
        };
        assert!(differ(&[step(json!({"a": "${ x }"}))], &enabled()));
        assert!(!differ(
            &[step(json!({"a": "${ x }"}))],
            &ValueTemplates::default()
        ));
        assert!(!differ(&[step(json!({"a": "x"}))], &enabled()));
        assert!(differ(
            &[step(json!({"a": ["global.fleet.clusterLabels.x"]}))],
            &enabled()
        ));
    }
}
