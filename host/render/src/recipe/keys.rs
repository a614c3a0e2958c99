//! The keys of `fleet.yaml`: case does not matter, and one that nobody knows is told.

use serde_json::{Map, Value};

/// Keys that are kept and that nothing acts on yet.
pub(super) const KEPT: &[&str] = &[
    "rolloutStrategy",
    "imageScans",
    "diff",
    "ignore",
    "downstreamResources",
    "bundleSpec",
];

/// What stands below a key.
enum Shape {
    /// Whatever the user likes, or something that is checked elsewhere.
    Any,
    /// A mapping with these keys.
    Map(&'static [(&'static str, Shape)]),
    /// A list of mappings with these keys.
    List(&'static [(&'static str, Shape)]),
    /// A list of mappings that have the keys of a customisation.
    Customizations,
}

const SELECTOR: Shape = Shape::Map(&[
    ("matchLabels", Shape::Any),
    (
        "matchExpressions",
        Shape::List(&[
            ("key", Shape::Any),
            ("operator", Shape::Any),
            ("values", Shape::Any),
        ]),
    ),
]);

const TARGET: &[(&str, Shape)] = &[
    ("name", Shape::Any),
    ("clusterName", Shape::Any),
    ("clusterSelector", SELECTOR),
    ("clusterGroup", Shape::Any),
    ("clusterGroupSelector", SELECTOR),
    ("doNotDeploy", Shape::Any),
];

const OPTIONS: &[(&str, Shape)] = &[
    ("defaultNamespace", Shape::Any),
    ("namespace", Shape::Any),
    ("namespaceLabels", Shape::Any),
    ("namespaceAnnotations", Shape::Any),
    ("createNamespace", Shape::Any),
    ("serviceAccount", Shape::Any),
    (
        "helm",
        Shape::Map(&[
            ("chart", Shape::Any),
            ("repo", Shape::Any),
            ("version", Shape::Any),
            ("releaseName", Shape::Any),
            ("values", Shape::Any),
            ("valuesFiles", Shape::Any),
            ("valuesFrom", Shape::Any),
            ("templateValues", Shape::Any),
            ("timeoutSeconds", Shape::Any),
            ("waitForJobs", Shape::Any),
            ("atomic", Shape::Any),
            ("force", Shape::Any),
            ("takeOwnership", Shape::Any),
            ("maxHistory", Shape::Any),
            ("disablePreProcess", Shape::Any),
            ("disableDNS", Shape::Any),
            ("skipSchemaValidation", Shape::Any),
            ("disableDependencyUpdate", Shape::Any),
        ]),
    ),
    ("kustomize", Shape::Map(&[("dir", Shape::Any)])),
    ("yaml", Shape::Map(&[("overlays", Shape::Any)])),
    (
        "plugin",
        Shape::Map(&[("name", Shape::Any), ("settings", Shape::Any)]),
    ),
    ("diff", Shape::Any),
    ("ignore", Shape::Any),
    (
        "correctDrift",
        Shape::Map(&[
            ("enabled", Shape::Any),
            ("force", Shape::Any),
            ("keepFailHistory", Shape::Any),
        ]),
    ),
    ("keepResources", Shape::Any),
    ("deleteNamespace", Shape::Any),
    ("deleteCRDResources", Shape::Any),
    ("forceSyncGeneration", Shape::Any),
    ("downstreamResources", Shape::Any),
];

const TOP: &[(&str, Shape)] = &[
    ("name", Shape::Any),
    ("labels", Shape::Any),
    ("paused", Shape::Any),
    ("rolloutStrategy", Shape::Any),
    ("targetCustomizationMode", Shape::Any),
    ("targetCustomizations", Shape::Customizations),
    ("targets", Shape::Customizations),
    (
        "dependsOn",
        Shape::List(&[
            ("name", Shape::Any),
            ("selector", SELECTOR),
            ("acceptedStates", Shape::Any),
        ]),
    ),
    ("overrideTargets", Shape::List(TARGET)),
    ("imageScans", Shape::Any),
    (
        "policies",
        Shape::List(&[("plugin", Shape::Any), ("settings", Shape::Any)]),
    ),
];

/// A key that nobody reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown {
    /// Dotted path from the top.
    pub(super) path: String,
    /// The known key that looks most like it.
    pub(super) nearest: Option<&'static str>,
}

/// Writes the keys of `fleet.yaml` as they are documented and takes out those that nobody knows.
///
/// Rancher Fleet reads through `encoding/json`, which does not mind case: `disablePreprocess` works there.
/// A key whose value is null is taken out as well, as if it were not written.
pub(super) fn normalise(map: &mut Map<String, Value>) -> Vec<Unknown> {
    let mut unknown = Vec::new();
    keys(map, &[TOP, OPTIONS], "", &mut unknown);
    unknown
}

fn keys(
    map: &mut Map<String, Value>,
    known: &[&'static [(&'static str, Shape)]],
    above: &str,
    unknown: &mut Vec<Unknown>,
) {
    for (key, mut value) in std::mem::take(map) {
        let path = if above.is_empty() {
            key.clone()
        } else {
            format!("{above}.{key}")
        };
        let all = known.iter().flat_map(|table| table.iter());
        let exact = all.clone().find(|(name, _)| *name == key);
        let Some((name, shape)) = exact.or_else(|| {
            all.clone()
                .find(|(name, _)| name.eq_ignore_ascii_case(&key))
        }) else {
            let nearest = all
                .map(|(name, _)| (distance(&key.to_lowercase(), &name.to_lowercase()), *name))
                .min();
            unknown.push(Unknown {
                path,
                nearest: nearest
                    .filter(|(n, name)| *n <= name.len() / 3)
                    .map(|(_, name)| name),
            });
            continue;
        };
        if value.is_null() {
            continue;
        }
        below(&mut value, shape, &path, unknown);
        map.insert((*name).to_owned(), value);
    }
}

fn below(value: &mut Value, shape: &Shape, path: &str, unknown: &mut Vec<Unknown>) {
    let each = |value: &mut Value,
                known: &[&'static [(&'static str, Shape)]],
                unknown: &mut Vec<Unknown>| {
        for (n, item) in value.as_array_mut().into_iter().flatten().enumerate() {
            if let Value::Object(map) = item {
                keys(map, known, &format!("{path}[{n}]"), unknown);
            }
        }
    };
    match shape {
        Shape::Any => {}
        Shape::Map(known) => {
            if let Value::Object(map) = value {
                keys(map, &[known], path, unknown);
            }
        }
        Shape::List(known) => each(value, &[known], unknown),
        Shape::Customizations => each(value, &[TARGET, OPTIONS], unknown),
    }
}

/// How many insertions, deletions and replacements turn `a` into `b` (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (n, x) in a.chars().enumerate() {
        let mut above_left = row[0];
        row[0] = n + 1;
        for (m, y) in b.iter().enumerate() {
            let replaced = above_left + usize::from(x != *y);
            above_left = row[m + 1];
            row[m + 1] = replaced.min(row[m] + 1).min(above_left + 1);
        }
    }
    row[b.len()]
}
