//! Our plugins, clusters and commits for tests.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fleet_core::files::MemoryFiles;
use fleet_core::name::ClusterName;
use fleet_core::resource::{Cluster, ClusterSpec, GitRepo, Metadata};
use fleet_core::secret::Secret;
use fleet_core::wire::AgentInfo;
use fleet_host::render::{Commit, Options, PluginSet, Renderer};
use fleet_host_plan::fleet::{ClusterRecord, RenderJob};
use fleet_plugin::{Engine, HostEntropy};
use serde_json::json;

/// The plugins that `cargo xtask plugins` has built; `None`, and a word about it, where it has not.
///
/// Under `CI=true` that is a failure.
pub(crate) fn plugins() -> Option<PluginSet> {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let dir: PathBuf = target.join("plugins");
    let built = |name: &&str| dir.join(format!("{name}.wasm")).exists();
    if !["raw", "baseline", "helm", "kustomize"].iter().all(built) {
        let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(
            !ci,
            "{} does not have all plugins: run `cargo xtask plugins`",
            dir.display()
        );
        eprintln!(
            "SKIPPED: {} does not have all plugins: run `cargo xtask plugins`",
            dir.display()
        );
        return None;
    }
    let options = fleet_plugin::Options {
        cache_dir: Some(target.join("plugin-cache")),
        ..fleet_plugin::Options::default()
    };
    Some(PluginSet::open(Engine::new(options).unwrap(), dir))
}

/// A renderer with the policies of a host.
pub(crate) fn renderer(policies: serde_json::Value) -> Option<Renderer> {
    let options = Options {
        policies: serde_json::from_value(policies).unwrap(),
        entropy: HostEntropy::new(Secret::new([1; 32])),
        parallel: 2,
    };
    Some(Renderer::new(plugins()?, options))
}

/// A cluster with one label.
pub(crate) fn cluster(name: &str, env: &str) -> ClusterRecord {
    let mut metadata = Metadata::named(ClusterName::parse(name).unwrap());
    metadata.labels.insert("env".to_owned(), env.to_owned());
    ClusterRecord {
        resource: Cluster {
            api_version: fleet_core::resource::API_VERSION.to_owned(),
            metadata,
            spec: ClusterSpec::default(),
        },
        about: AgentInfo::default(),
        state_revision: 0,
    }
}

/// A commit to render for these clusters; all of them are meant.
pub(crate) fn job(clusters: Vec<ClusterRecord>) -> RenderJob {
    let repo: GitRepo = serde_json::from_value(json!({
        "metadata": {"name": "shop"},
        "spec": {"repo": "https://git.example/shop", "targets": [{"clusterSelector": {}}]},
    }))
    .unwrap();
    RenderJob {
        repo,
        commit: "0123456789abcdef".to_owned(),
        clusters,
        groups: Vec::new(),
    }
}

/// The files of a commit.
pub(crate) fn commit(files: &[(&str, &str)]) -> Commit {
    let files = files.iter().fold(MemoryFiles::new(), |all, (path, text)| {
        all.with(*path, *text)
    });
    Commit {
        files: Arc::new(files),
        outside: None,
        time: 1_700_000_000,
        now: 1_700_000_100,
    }
}
