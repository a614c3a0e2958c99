//! The same engines without a sandbox around them: what the sandbox costs.

use std::fs;
use std::rc::Rc;

use anyhow::{Context as _, Result, anyhow};
use fleet_core::entropy::Entropy;
use fleet_core::facts::StaticFacts;
use fleet_core::secret::Secret;
use fleet_kustomize::loader::Restriction;
use fleet_kustomize::{Order, build};
use fleet_plugin::HostEntropy;
use fleet_source::folder::Folder;
use fleet_test_golden::corpus::{Case, Suite};
use fleet_test_golden::ours;

thread_local! {
    /// One for all, as in a host: keys are made once.
    static ENTROPY: Rc<dyn Entropy> = {
        let host = HostEntropy::new(Secret::new([0; 32]));
        Rc::new(host.bundle("", ours::TIME))
    };
}

/// Renders a case, and gives how many bytes came of it.
pub(super) fn render(case: &Case) -> Result<usize> {
    let root = case.root();
    let folder = Folder::open(&root)?;
    let path = folder
        .relative(&case.input())
        .context("the case lies below its root")?;
    match case.suite {
        Suite::Helm => chart(case, folder, &path),
        Suite::Kustomize | Suite::Krusty => {
            let options = fleet_kustomize::Options {
                order: Order::Legacy,
                restriction: if ours::unrestricted(case) {
                    Restriction::None
                } else {
                    Restriction::RootOnly
                },
                ..fleet_kustomize::Options::default()
            };
            let built = build(&folder, &path, &options, Vec::new())?;
            Ok(built.to_yaml().len())
        }
    }
}

fn chart(case: &Case, folder: Folder, path: &str) -> Result<usize> {
    let args = &case.args;
    let mut texts = Vec::new();
    for file in case.values() {
        let text = fs::read_to_string(&file)?;
        texts.push((file.display().to_string(), text));
    }
    let texts = texts
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let values = fleet_chart::read_values(texts)?;
    let options = fleet_chart::Options {
        release: args.release.clone(),
        namespace: args.namespace.clone(),
        include_crds: args.include_crds,
        is_upgrade: args.is_upgrade,
        skip_schema_validation: args.skip_schema_validation,
        api_versions: args.api_versions.clone(),
        ..fleet_chart::Options::default()
    };
    let mut facts = StaticFacts {
        commit_time: ours::TIME,
        ..StaticFacts::default()
    };
    if let Some(version) = &args.kube_version {
        facts.kube_version.clone_from(version);
    }
    let surroundings = fleet_chart::Surroundings {
        files: Rc::new(folder),
        facts: Rc::new(facts),
        entropy: ENTROPY.with(Rc::clone),
    };
    let release = fleet_chart::render(path, &values, &options, &surroundings)
        .map_err(|failed| anyhow!("{failed}"))?;
    Ok(release.to_stream().len())
}
