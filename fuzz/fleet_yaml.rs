//! Any folder as bundles: `fleet.yaml` is read or refused with its line, and gives each cluster the same each time.
//!
//! The text is one or more files, see [`fleet_fuzz::files`]; the first is `app/fleet.yaml`.
#![no_main]

use std::sync::Arc;

use fleet_core::entropy::Entropy;
use fleet_core::facts::Facts;
use fleet_core::name::RepoName;
use fleet_core::problem::Problem;
use fleet_core::resource::GitRepoSpec;
use fleet_fuzz::{Derived, files, n_lines};
use fleet_render::discover::discover;
use fleet_render::recipe::{self, Options};
use fleet_render::values;
use fleet_render::variant::variant;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// A cluster with labels, annotations and values.
struct Cluster;

impl Facts for Cluster {
    fn bundle_name(&self) -> String {
        "app".to_owned()
    }

    fn default_namespace(&self) -> String {
        "default".to_owned()
    }

    fn kube_version(&self) -> String {
        "v1.35.0".to_owned()
    }

    fn has_api(&self, _: &str) -> bool {
        false
    }

    fn api_versions(&self) -> Vec<String> {
        Vec::new()
    }

    fn label(&self, key: &str) -> Option<String> {
        (key == "env").then(|| "dev".to_owned())
    }

    fn labels(&self) -> Vec<(String, String)> {
        vec![("env".to_owned(), "dev".to_owned())]
    }

    fn annotation(&self, _: &str) -> Option<String> {
        None
    }

    fn annotations(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    fn template_value(&self, key: &str) -> Option<Value> {
        match key {
            "" => Some(json!({"a": 1})),
            "a" => Some(json!(1)),
            _ => None,
        }
    }

    fn cluster_name(&self) -> Option<String> {
        Some("c".to_owned())
    }

    fn cluster_namespace(&self) -> Option<String> {
        Some("fleet-default".to_owned())
    }

    fn commit_time(&self) -> u64 {
        1_700_000_000
    }
}

/// Everything that comes of the folder, as far as it goes.
fn run(text: &str) -> Vec<String> {
    let files = files(text, "app/fleet.yaml");
    let n_lines = n_lines(text) + 1;
    let repo = RepoName::parse("repo").expect("it is a name");
    let entropy: Arc<dyn Entropy + Send + Sync> = Arc::new(Derived);
    let mut seen = Vec::new();
    let see = |problem: &Problem| {
        if let Some(location) = &problem.location {
            assert!(location.line as usize <= n_lines, "{problem:?}");
        }
        format!("{problem:?}")
    };
    let found = discover(&files, &[]);
    seen.extend(found.problems.iter().map(see));
    for folder in &found.bundles {
        let (recipe, problems) = match recipe::read(&files, &repo, folder) {
            Ok(read) => read,
            Err(problem) => {
                seen.push(see(&problem));
                continue;
            }
        };
        seen.extend(problems.iter().map(see));
        let written = serde_json::to_value(&recipe.options).expect("options are JSON");
        let again: Options = serde_json::from_value(written).expect("options read back");
        assert_eq!(again, recipe.options);
        let all: Vec<_> = recipe.customizations.iter().collect();
        for selected in [&[][..], &all] {
            match variant(&files, &recipe, selected, &GitRepoSpec::default()) {
                Ok(variant) => {
                    let filled =
                        values::fill(&variant.steps, &variant.templates, &Cluster, &entropy);
                    seen.push(format!("{variant:?} {filled:?}"));
                }
                Err(problem) => seen.push(see(&problem)),
            }
        }
    }
    seen
}

fuzz_target!(|text: &str| {
    assert_eq!(run(text), run(text), "a second run differs");
});
