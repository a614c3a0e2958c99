//! Engines and plugins for tests.

use std::path::PathBuf;
use std::sync::Arc;

use fleet_core::facts::StaticFacts;
use fleet_core::files::MemoryFiles;
use fleet_plugin::{Context, Engine, Options, Plugin};

/// A plugin that `cargo xtask plugins` has built; `None`, and a word about it, where it has not.
///
/// Under `CI=true` that is a failure.
pub(crate) async fn plugin(name: &str) -> Option<Plugin> {
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = top.join(format!("target/plugins/{name}.wasm"));
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
            panic!("{}: {error}: run `cargo xtask plugins`", path.display())
        }
        Err(_) => {
            eprintln!(
                "SKIPPED: {} is not built: run `cargo xtask plugins`",
                path.display()
            );
            return None;
        }
    };
    let options = Options {
        cache_dir: Some(top.join("target/plugin-cache")),
        ..Options::default()
    };
    let engine = Engine::new(options).unwrap();
    Some(Plugin::load(&engine, bytes).await.unwrap())
}

/// A context of these files and no cluster.
pub(crate) fn context(files: &[(&str, &str)]) -> Context {
    let files = files.iter().fold(MemoryFiles::new(), |all, (path, text)| {
        all.with(*path, *text)
    });
    Context::new(Arc::new(files), Arc::new(StaticFacts::default()))
}
