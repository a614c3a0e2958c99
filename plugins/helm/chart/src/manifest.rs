//! What templates printed, taken apart into manifests and put into Helm's order.

use std::borrow::Cow;

use fleet_yaml::{Duplicates, Make};

use crate::decode::{DecodeError, Fields, document};

/// One manifest as a template printed it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Manifest {
    /// The template, as Helm names it.
    pub(crate) template: String,
    /// The text, without white space around it.
    pub(crate) text: String,
    /// Whether it is a hook that tests the release.
    pub(crate) is_test: bool,
    kind: String,
}

/// Manifests and hooks, each in the order of installation.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sorted {
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) hooks: Vec<Manifest>,
}

/// A text that is no manifest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NotAManifest {
    /// The template, as Helm names it.
    pub(crate) template: String,
    pub(crate) error: DecodeError,
    /// The line of the text that the error names.
    pub(crate) excerpt: Option<String>,
}

/// Sorts what templates printed, given by name in any order.
pub(crate) fn sort(printed: Vec<(String, String)>) -> Result<Sorted, NotAManifest> {
    let mut printed = printed;
    printed.sort();
    let mut sorted = Sorted::default();
    for (template, text) in printed {
        for document in split(&text) {
            take(&template, document, &mut sorted)?;
        }
    }
    sorted.manifests.sort_by_cached_key(order);
    sorted.hooks.sort_by_cached_key(order);
    Ok(sorted)
}

fn take(template: &str, text: &str, sorted: &mut Sorted) -> Result<(), NotAManifest> {
    let head = head(text).map_err(|error| NotAManifest {
        template: template.to_owned(),
        excerpt: excerpt(text, error.line),
        error,
    })?;
    let manifest = Manifest {
        template: template.to_owned(),
        text: text.to_owned(),
        is_test: head.hook.as_deref().is_some_and(tests),
        kind: head.kind,
    };
    match head.hook {
        None => sorted.manifests.push(manifest),
        Some(events) if events.split(',').all(is_event) => sorted.hooks.push(manifest),
        Some(_) => {}
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
struct Head {
    kind: String,
    /// The annotation `helm.sh/hook`.
    hook: Option<String>,
}

fn head(text: &str) -> Result<Head, DecodeError> {
    common_head(text).map_or_else(|| whole_head(text), Ok)
}

/// The head of any manifest, read as Helm reads it.
fn whole_head(text: &str) -> Result<Head, DecodeError> {
    let value = document(text)?;
    let fields = Fields::of(&value, "util.SimpleHead")?;
    fields.string("apiVersion")?;
    let kind = fields.string("kind")?;
    let mut hook = None;
    if let Some(metadata) = fields.fields("metadata", "struct { Name string \"json:\\\"name\\\"\"; Annotations map[string]string \"json:\\\"annotations\\\"\" }")? {
        metadata.string("name")?;
        let annotations = metadata.string_map("annotations")?.unwrap_or_default();
        hook = annotations
            .into_iter()
            .find_map(|(key, value)| (key == "helm.sh/hook").then_some(value));
    }
    Ok(Head { kind, hook })
}

/// The head of a manifest as most are: written as most are, with each field once, by its own name and with text.
fn common_head(text: &str) -> Option<Head> {
    let Skim::Mapping(fields) = fleet_yaml::read_common(text, Duplicates::LastWins, &Skimmer)?
    else {
        return None;
    };
    field(&fields, "apiVersion", Skim::text)?;
    let kind = field(&fields, "kind", Skim::text)?;
    let metadata = field(&fields, "metadata", Skim::mapping)?.unwrap_or_default();
    field(metadata, "name", Skim::text)?;
    let annotations = field(metadata, "annotations", Skim::mapping)?.unwrap_or_default();
    let mut hook = None;
    for (key, value) in annotations {
        let text = value.text()?;
        if key == "helm.sh/hook" && hook.replace(text).is_some() {
            return None;
        }
    }
    Some(Head {
        kind: kind.unwrap_or_default().to_owned(),
        hook: hook.map(str::to_owned),
    })
}

/// A field, if there is one; `None` if there is more to think about.
fn field<'s, 'a, T>(
    fields: &'s [(Cow<'a, str>, Skim<'a>)],
    name: &str,
    read: impl Fn(&'s Skim<'a>) -> Option<T>,
) -> Option<Option<T>> {
    let mut found = None;
    for (key, value) in fields {
        if key.eq_ignore_ascii_case(name) {
            if found.is_some() || key != name {
                return None;
            }
            found = Some(read(value)?);
        }
    }
    Some(found)
}

/// What is kept of a manifest to find its head.
enum Skim<'a> {
    Text(Cow<'a, str>),
    Mapping(Vec<(Cow<'a, str>, Self)>),
    Other,
}

impl<'a> Skim<'a> {
    fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    fn mapping(&self) -> Option<&[(Cow<'a, str>, Self)]> {
        match self {
            Self::Mapping(fields) => Some(fields),
            _ => None,
        }
    }
}

struct Skimmer;

impl<'a> Make<'a> for Skimmer {
    type Value = Skim<'a>;

    fn null(&self) -> Skim<'a> {
        Skim::Other
    }

    fn bool(&self, _: bool) -> Skim<'a> {
        Skim::Other
    }

    fn int(&self, _: i64) -> Skim<'a> {
        Skim::Other
    }

    fn uint(&self, _: u64) -> Skim<'a> {
        Skim::Other
    }

    fn float(&self, _: f64) -> Skim<'a> {
        Skim::Other
    }

    fn string(&self, text: Cow<'a, str>) -> Skim<'a> {
        Skim::Text(text)
    }

    fn array(&self, _: Vec<Skim<'a>>) -> Skim<'a> {
        Skim::Other
    }

    fn object(&self, entries: Vec<(Cow<'a, str>, Skim<'a>)>) -> Skim<'a> {
        Skim::Mapping(entries)
    }
}

fn excerpt(text: &str, line: u32) -> Option<String> {
    let line = text
        .lines()
        .nth(usize::try_from(line.checked_sub(1)?).ok()?)?;
    let line = line.trim();
    (!line.is_empty()).then(|| line.chars().take(120).collect())
}

/// Whether one of the events is a test.
fn tests(events: &str) -> bool {
    events.split(',').any(|event| {
        let event = event.trim();
        event.eq_ignore_ascii_case("test") || event.eq_ignore_ascii_case("test-success")
    })
}

fn is_event(event: &str) -> bool {
    matches!(
        &*event.trim().to_lowercase(),
        "pre-install"
            | "post-install"
            | "pre-delete"
            | "post-delete"
            | "pre-upgrade"
            | "post-upgrade"
            | "pre-rollback"
            | "post-rollback"
            | "test"
            | "test-success"
    )
}

/// Takes a text apart at lines that begin with `---`.
///
/// The separator is Helm's `(?:^|\s*\n)---\s*`: white space around it goes with it, and what else stands on
/// its line begins the next document.
fn split(text: &str) -> Vec<&str> {
    let text = text.trim_matches(is_space);
    let mut documents = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find("---").map(|n| n + at) {
        let begins_line = found == 0 || text[..found].ends_with('\n');
        if !begins_line || found < start {
            at = found + 3;
            continue;
        }
        let before = &text[start..found];
        documents.push(before);
        let rest = &text[found + 3..];
        start = text.len() - rest.trim_start_matches(is_re_space).len();
        // A second separator that follows at once is content: its line feed is already taken.
        at = start + usize::from(text[start..].starts_with("---"));
    }
    documents.push(&text[start..]);
    documents
        .into_iter()
        .filter(|document| !document.is_empty())
        .map(|document| document.trim_matches(is_space))
        .filter(|document| !document.is_empty())
        .collect()
}

/// What `strings.TrimSpace` removes.
fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// What `\s` matches in Go.
fn is_re_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

/// Helm's order of installation.
const INSTALL_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Known kinds come in their order, then the others by name; equal kinds stay as they are.
fn order(manifest: &Manifest) -> (usize, String) {
    let kind = &manifest.kind;
    match INSTALL_ORDER.iter().position(|known| known == kind) {
        Some(rank) => (rank, String::new()),
        None => (INSTALL_ORDER.len(), kind.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_split_as_helm_splits_them() {
        for (text, expected) in [
            ("a: 1\n---\nb: 2\n", vec!["a: 1", "b: 2"]),
            ("---\na: 1\n---\n---\nb: 2", vec!["a: 1", "---\nb: 2"]),
            ("---a: 1\n--- # c\nb: 2", vec!["a: 1", "# c\nb: 2"]),
            ("a: |\n  ---\n  x\n", vec!["a: |\n  ---\n  x"]),
            ("  \n---  \n", vec![]),
            ("a\n\n  \n---\n\n\nb", vec!["a", "b"]),
            ("a: x---\nb: 1", vec!["a: x---\nb: 1"]),
            ("------\na: 1", vec!["---\na: 1"]),
        ] {
            assert_eq!(split(text), expected, "{text:?}");
        }
    }

    fn order(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let files = files
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let sorted = sort(files.collect()).unwrap();
        let names = |all: Vec<Manifest>| {
            all.into_iter()
                .map(|m| format!("{}:{}", m.template, m.kind))
                .collect()
        };
        (names(sorted.manifests), names(sorted.hooks))
    }

    #[test]
    fn manifests_are_in_order_of_kind_then_file_then_place() {
        let (manifests, hooks) = order(&[
            ("b", "kind: Zebra\n---\nkind: Service\n---\nkind: Ant\n"),
            (
                "a",
                "kind: Deployment\n---\nkind: Service\n---\n# only a comment\n",
            ),
            (
                "c",
                "kind: Job\nmetadata: {annotations: {helm.sh/hook: 'pre-install, Test'}}\n",
            ),
            (
                "d",
                "kind: Job\nmetadata: {annotations: {helm.sh/hook: no-such-event}}\n",
            ),
            ("e", "kind: Namespace\nmetadata: {annotations: {x: 1}}\n"),
        ]);
        assert_eq!(
            manifests,
            [
                "e:Namespace",
                "a:Service",
                "b:Service",
                "a:Deployment",
                "a:",
                "b:Ant",
                "b:Zebra"
            ]
        );
        assert_eq!(hooks, ["c:Job"]);
    }

    #[test]
    fn common_heads_are_those_of_the_whole() {
        for (text, is_common) in [
            ("", false),
            ("# c", false),
            (
                "apiVersion: v1\nkind: A\nmetadata:\n  name: x\ndata:\n  a: |\n    b",
                true,
            ),
            (
                "kind: A\nmetadata:\n  annotations:\n    helm.sh/hook: pre-install\n    x: 'y'",
                true,
            ),
            (
                "kind: A\nmetadata:\n  annotations:\n    helm.sh/hook: |\n      test",
                true,
            ),
            (
                "kind: A\nmetadata:\n  annotations:\n    helm.sh/hook: test\n    x: 1",
                false,
            ),
            (
                "kind: A\nmetadata: {annotations: {helm.sh/hook: a, helm.sh/hook: b}}",
                false,
            ),
            ("kind: A\nmetadata:", false),
            ("kind: A\nkind: B", false),
            ("Kind: A", false),
            ("kind: 1", false),
            ("- kind: A", false),
            ("data: {}", true),
        ] {
            let common = common_head(text);
            assert_eq!(common.is_some(), is_common, "{text:?}");
            if let Some(common) = common {
                assert_eq!(Ok(common), whole_head(text), "{text:?}");
            }
        }
    }

    #[test]
    fn what_is_no_manifest_is_told_as_helm_does() {
        for (text, expected) in [
            (
                "plain text",
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal string into Go value of type \
                 util.SimpleHead",
            ),
            (
                "- a",
                "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type \
                 util.SimpleHead",
            ),
            (
                "a: [",
                "error converting YAML to JSON: yaml: line 1: did not find expected node content",
            ),
        ] {
            let error = sort(vec![("t".to_owned(), text.to_owned())]).unwrap_err();
            assert_eq!(error.error.message, expected, "{text}");
        }
    }
}
