//! Looks at a component before it runs: what it is, what it wants, what it offers.

use wasmtime::component::Component;

use crate::World;
use crate::error::LoadError;

/// The package of the contract.
const PACKAGE: &str = "fleet:plugin/";

/// The versions that this host speaks; before 1.0, a minor version is a major one.
const VERSION: (u64, u64, u64) = (0, 1, 0);

/// The largest component, in bytes: Python with its interpreter is 18 MB.
const MAX_BYTES: usize = 128 << 20;

/// The interfaces that a plugin of each world may import. What is not here is not offered to it.
const OFFERED: [(World, &[&str]); 4] = [
    (
        World::Renderer,
        &["types", "source", "context", "entropy", "log"],
    ),
    (
        World::Transformer,
        &["types", "source", "context", "secrets", "log"],
    ),
    (World::Policy, &["types", "context", "log"]),
    (World::Health, &["types", "log"]),
];

/// Tells what bytes are by their beginning.
///
/// # Errors
/// If they are no component: eight bytes tell, and wasmtime's own words would fill a page.
pub(crate) fn sniff(bytes: &[u8]) -> Result<(), LoadError> {
    if bytes.len() > MAX_BYTES {
        return Err(LoadError::TooLarge {
            size: bytes.len(),
            limit: MAX_BYTES,
        });
    }
    match bytes {
        [b'\0', b'a', b's', b'm', 1, 0, 0, 0, ..] => Err(LoadError::CoreModule),
        [b'\0', b'a', b's', b'm', _, _, 1, 0, ..] => Ok(()),
        [] => Err(LoadError::NotWasm("nothing, it is empty".to_owned())),
        other => {
            let beginning: String = other
                .iter()
                .take(16)
                .map(|byte| byte.escape_ascii().to_string())
                .collect();
            Err(LoadError::NotWasm(format!("`{beginning}`")))
        }
    }
}

/// The worlds that a component implements, and what it imports, sorted.
///
/// # Errors
/// If it imports what this host does not offer to it, or exports no world of ours.
pub(crate) fn check(
    engine: &wasmtime::Engine,
    component: &Component,
) -> Result<(Vec<World>, Vec<String>), LoadError> {
    let component = component.component_type();
    let mut imports: Vec<String> = component
        .imports(engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    imports.sort();
    let wrong_version: Vec<String> = imports.iter().filter_map(|name| refuse(name)).collect();
    if !wrong_version.is_empty() {
        return Err(LoadError::Imports(wrong_version));
    }
    let exports: Vec<String> = component
        .exports(engine)
        .map(|(name, _)| name.to_owned())
        .collect();
    let worlds = worlds(&exports)?;
    let offered = |interface: &str| {
        OFFERED
            .iter()
            .any(|(world, offered)| worlds.contains(world) && offered.contains(&interface))
    };
    let denied: Vec<String> = imports
        .iter()
        .filter_map(|name| {
            let (interface, _) = parts(name)?;
            let what = worlds.first()?;
            (!offered(interface)).then(|| format!("wants `{name}`, which no {what} is given"))
        })
        .collect();
    if denied.is_empty() {
        Ok((worlds, imports))
    } else {
        Err(LoadError::Imports(denied))
    }
}

/// Why an import cannot be given to anybody.
fn refuse(name: &str) -> Option<String> {
    let (major, minor, _) = VERSION;
    let Some((interface, version)) = parts(name) else {
        let hint = if name.starts_with("wasi:") {
            ": build it for wasm32-unknown-unknown"
        } else {
            ""
        };
        return Some(format!(
            "needs `{name}`, which this host does not offer{hint}"
        ));
    };
    let known = OFFERED
        .iter()
        .any(|(_, offered)| offered.contains(&interface));
    if !known {
        return Some(format!(
            "needs `{name}`, which this host does not have: it offers {major}.{minor} of the contract"
        ));
    }
    (!is_spoken(version)).then(|| {
        format!(
            "needs {name}, this host offers {major}.{minor} (built with the SDK of another version of fleet?)"
        )
    })
}

fn worlds(exports: &[String]) -> Result<Vec<World>, LoadError> {
    let has = |wanted: &str| {
        exports.iter().any(|name| {
            parts(name)
                .is_some_and(|(interface, version)| interface == wanted && is_spoken(version))
        })
    };
    let worlds: Vec<World> = World::ALL
        .into_iter()
        .filter(|world| has(world.interface()))
        .collect();
    let (major, minor, _) = VERSION;
    if worlds.is_empty() {
        let exports = match exports {
            [] => "nothing".to_owned(),
            names => names.join(", "),
        };
        return Err(LoadError::Exports(format!(
            "exports {exports}, and none of renderer, transformer, policy, health of {PACKAGE}…@{major}.{minor}"
        )));
    }
    if !has("metadata") {
        return Err(LoadError::Exports(format!(
            "does not export {PACKAGE}metadata@{major}.{minor}, so it has no name"
        )));
    }
    Ok(worlds)
}

/// `fleet:plugin/source@0.1.0` → `source`, `0.1.0`.
fn parts(name: &str) -> Option<(&str, &str)> {
    let name = name.strip_prefix(PACKAGE)?;
    Some(name.split_once('@').unwrap_or((name, "")))
}

/// Whether a version is compatible with ours: wasmtime matches both directions inside a minor version of 0.x.
fn is_spoken(version: &str) -> bool {
    let mut numbers = version
        .split(['.', '-', '+'])
        .map(|part| part.parse::<u64>().ok());
    let (major, minor, _) = VERSION;
    (numbers.next().flatten(), numbers.next().flatten()) == (Some(major), Some(minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_of_a_file_tells_what_it_is() {
        let check = |bytes: &[u8], expected: &str| {
            let error = sniff(bytes).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(b"", "empty");
        check(b"#!/bin/sh\n", "`#!/bin/sh\\n`");
        check(b"\0asm\x01\0\0\0", "core module");
        assert_eq!(sniff(b"\0asm\x0d\0\x01\0"), Ok(()));
    }

    #[test]
    fn an_import_that_is_not_offered_is_named_with_what_is() {
        let check = |name: &str, expected: Option<&str>| {
            let refused = refuse(name);
            match expected {
                None => assert_eq!(refused, None),
                Some(text) => assert!(refused.clone().unwrap().contains(text), "{refused:?}"),
            }
        };
        check("fleet:plugin/source@0.1.0", None);
        check("fleet:plugin/source@0.1.7", None);
        check(
            "fleet:plugin/source@2.0.0",
            Some("needs fleet:plugin/source@2.0.0, this host offers 0.1"),
        );
        check("fleet:plugin/network@0.1.0", Some("does not have"));
        check("wasi:cli/environment@0.2.0", Some("wasm32-unknown-unknown"));
        check("host", Some("does not offer"));
    }
}
