//! Components that `cargo xtask plugins` has built.

use std::path::{Path, PathBuf};

use fleet_plugin::{Engine, Limits, Options, Plugin};

/// The top of the work tree.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A component below `target`; `None`, and a word about it, where it is not built.
///
/// Under `CI=true` that is a failure.
pub(crate) async fn component(path: &str) -> Option<Plugin> {
    let path = top().join("target").join(path);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
            panic!(
                "{}: {error}: run `cargo xtask plugins --guests`",
                path.display()
            )
        }
        Err(_) => {
            let path = path.display();
            eprintln!("SKIPPED: {path} is not built: run `cargo xtask plugins --guests`");
            return None;
        }
    };
    let options = Options {
        cache_dir: Some(top().join("target/plugin-cache")),
        limits: Limits::default(),
    };
    let engine = Engine::new(options).unwrap();
    Some(Plugin::load(&engine, bytes).await.unwrap())
}
