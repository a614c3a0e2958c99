//! From a core module to a component, and onto the disk.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use wit_component::{ComponentEncoder, DecodedWasm};

/// What a component of ours may import: the contract's own interfaces. No WASI, no host functions on the side.
const PACKAGE: &str = "fleet:plugin/";

/// Makes a component of a module, and checks that it imports and exports nothing but `fleet:plugin`.
pub(super) fn component(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let component = ComponentEncoder::default()
        .validate(true)
        .module(module)
        .context("the module does not carry the type of a component")?
        .encode()
        .context("the module does not fit its world")?;
    check(&component)?;
    Ok(component)
}

fn check(component: &[u8]) -> anyhow::Result<()> {
    let DecodedWasm::Component(resolve, world) =
        wit_component::decode(component).context("cannot read the component that was made")?
    else {
        bail!("the encoder made something that is no component");
    };
    let world = &resolve.worlds[world];
    let names = |items: &wit_parser::IndexMap<wit_parser::WorldKey, wit_parser::WorldItem>| {
        let names = items.keys().map(|key| resolve.name_world_key(key));
        names.collect::<Vec<String>>()
    };
    let unexpected: Vec<_> = names(&world.imports)
        .into_iter()
        .filter(|name| !name.starts_with(PACKAGE))
        .collect();
    if !unexpected.is_empty() {
        bail!(
            "it imports {}, and a plugin may import only {PACKAGE}…: find the dependency that asks for it",
            unexpected.join(", ")
        );
    }
    if !names(&world.exports)
        .iter()
        .any(|name| name.starts_with(PACKAGE))
    {
        bail!("it exports no interface of {PACKAGE}…: it has no `fleet_sdk::export_…!` yet");
    }
    Ok(())
}

/// Writes a file through a temporary one beside it; false if the bytes were there already.
///
/// A component that did not change keeps its time, so that nothing that watches it starts again.
pub(super) fn write_if_changed(path: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    let folder = path.parent().context("a component has a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    let temporary = path.with_extension(format!("wasm.{}", std::process::id()));
    fs::write(&temporary, bytes)
        .and_then(|()| fs::rename(&temporary, path))
        .with_context(|| format!("could not write {}", path.display()))?;
    Ok(true)
}
