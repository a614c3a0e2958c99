//! Finds a compiler that has, or can build, the standard library for `wasm32-unknown-unknown`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::bail;

/// The target of every plugin.
pub(super) const TARGET: &str = "wasm32-unknown-unknown";

/// How long rustup may take to fetch the target. A network that swallows packets would hold it for minutes.
const RUSTUP_TIMEOUT: Duration = Duration::from_secs(90);

/// Settings of the cargo that runs us, which mean nothing or harm in one that we start.
const CLEARED: [&str; 11] = [
    "CARGO_BIN_",
    "CARGO_BUILD_",
    "CARGO_CRATE_",
    "CARGO_ENCODED_",
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_PRIMARY_",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "RUSTC",
    "RUSTFLAGS",
];

/// A cargo and a rustc, and how to call them.
pub(super) struct Toolchain {
    /// For people.
    pub(super) what: String,
    cargo: PathBuf,
    rustc: Option<PathBuf>,
    /// Where its standard library's sources are, if they are compiled here.
    pub(super) sysroot: Option<PathBuf>,
    /// Further arguments of cargo.
    pub(super) cargo_args: Vec<&'static str>,
    /// Further flags of rustc.
    pub(super) rustflags: Vec<String>,
}

impl Toolchain {
    /// The first that works: the target as it is installed, as rustup can install it, a distribution's compiler with
    /// the sources of its standard library, rustup's own with such sources.
    pub(super) fn find(root: &Path, offline: bool) -> anyhow::Result<Self> {
        if has_std(root) {
            return Ok(Self::ours("the standard library that is installed"));
        }
        if !offline && rustup_adds_target(root) && has_std(root) {
            return Ok(Self::ours("the standard library that rustup has fetched"));
        }
        let named = std::env::var_os("FLEET_WASM_RUSTC").map(PathBuf::from);
        let candidates = named.into_iter().chain([PathBuf::from("/usr/bin/rustc")]);
        let distribution = candidates
            .filter(|rustc| rustc.exists())
            .find_map(|rustc| Self::from_sources(root, Some(rustc)));
        if let Some(found) = distribution.or_else(|| Self::from_sources(root, None)) {
            return Ok(found);
        }
        bail!(
            "no compiler here has a standard library for {TARGET}. Any one of these is enough:\n  \
             rustup target add {TARGET}\n  \
             rustup component add rust-src\n  \
             apt install rustc-web cargo-web rust-web-src lld    # Debian; version {} or newer\n\
             Another compiler with the sources of its standard library can be named by FLEET_WASM_RUSTC=/path/to/rustc.",
            env!("CARGO_PKG_RUST_VERSION")
        )
    }

    fn ours(what: &str) -> Self {
        Self {
            what: what.to_owned(),
            cargo: std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from),
            rustc: None,
            sysroot: None,
            cargo_args: Vec::new(),
            rustflags: Vec::new(),
        }
    }

    /// A compiler whose standard library is built from the sources that came with it; `None` stands for our own.
    fn from_sources(root: &Path, rustc: Option<PathBuf>) -> Option<Self> {
        let program = rustc.clone().unwrap_or_else(|| PathBuf::from("rustc"));
        let ask = |arguments: &[&str]| {
            let mut command = Command::new(&program);
            clear(&mut command, rustc.is_some());
            command.args(arguments).current_dir(root);
            text(command)
        };
        let sysroot = PathBuf::from(ask(&["--print", "sysroot"])?);
        let sources = sysroot.join("lib/rustlib/src/rust/library/Cargo.lock");
        let version = ask(&["--version"])?;
        if !sources.exists() || !is_new_enough(&version) {
            return None;
        }
        let mut found = Self::ours(&format!("{version}, its standard library from sources"));
        if let Some(rustc) = rustc {
            found.cargo = rustc.with_file_name("cargo");
            let linker = linker(root)?;
            found.rustflags.push("-Clinker-flavor=wasm-ld".to_owned());
            found.rustflags.push(format!("-Clinker={linker}"));
            found.rustc = Some(rustc);
        }
        found.cargo_args = vec!["-Zbuild-std=std,panic_abort"];
        found.sysroot = Some(sysroot);
        Some(found)
    }

    /// A call of this toolchain's cargo, free of what the cargo above us has set.
    pub(super) fn cargo(&self, root: &Path) -> Command {
        let mut command = Command::new(&self.cargo);
        clear(&mut command, self.rustc.is_some());
        if let Some(rustc) = &self.rustc {
            command.env("RUSTC", rustc);
        }
        if !self.cargo_args.is_empty() {
            // Stable compilers build their own standard library only so. It is set for this one call; build scripts
            // of dependencies see it, which is why installed libraries come first.
            command.env("RUSTC_BOOTSTRAP", "1");
        }
        command.current_dir(root);
        command
    }
}

/// Whether our own compiler has the target's standard library.
fn has_std(root: &Path) -> bool {
    let mut command = Command::new("rustc");
    clear(&mut command, false);
    command
        .args(["--print", "target-libdir", "--target", TARGET])
        .current_dir(root);
    let Some(folder) = text(command) else {
        return false;
    };
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            name.starts_with("libstd-") && name.ends_with(".rlib")
        })
    })
}

fn rustup_adds_target(root: &Path) -> bool {
    let mut command = Command::new("rustup");
    clear(&mut command, false);
    command
        .args(["target", "add", TARGET])
        .current_dir(root)
        .stdin(Stdio::null());
    let Ok(mut child) = command.spawn() else {
        return false;
    };
    let end = Instant::now() + RUSTUP_TIMEOUT;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < end => std::thread::sleep(Duration::from_millis(100)),
            _ => {
                eprintln!(
                    "rustup did not fetch {TARGET} within {} s",
                    RUSTUP_TIMEOUT.as_secs()
                );
                // It may have ended by itself just now, which is as good.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// LLVM's linker: the distribution's, else the one that comes with our compiler.
fn linker(root: &Path) -> Option<String> {
    let mut command = Command::new("wasm-ld");
    command.arg("--version");
    if text(command).is_some() {
        return Some("wasm-ld".to_owned());
    }
    let mut command = Command::new("rustc");
    clear(&mut command, false);
    command.args(["--print", "sysroot"]).current_dir(root);
    let rustlib = PathBuf::from(text(command)?).join("lib/rustlib");
    let hosts = std::fs::read_dir(rustlib).ok()?;
    hosts
        .flatten()
        .map(|host| host.path().join("bin/gcc-ld/wasm-ld"))
        .find(|linker| linker.exists())
        .map(|linker| linker.display().to_string())
}

/// Removes what the cargo above us has set. A compiler of another origin must not see rustup's choice either.
fn clear(command: &mut Command, foreign: bool) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let cleared = CLEARED.iter().any(|prefix| text.starts_with(prefix));
        let of_rustup = matches!(&*text, "CARGO" | "LD_LIBRARY_PATH" | "RUSTUP_TOOLCHAIN");
        if cleared || (foreign && of_rustup) {
            command.env_remove(&name);
        }
    }
}

/// What a program prints, if it ends well.
fn text(mut command: Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// Whether `rustc 1.96.0 (…)` is at least the version that the workspace asks for.
fn is_new_enough(version: &str) -> bool {
    let numbers = |text: &str| {
        let mut parts = text.split(['.', '-']).map(|part| part.parse::<u32>().ok());
        Some((parts.next()??, parts.next()??))
    };
    let wanted = numbers(env!("CARGO_PKG_RUST_VERSION"));
    version.split_whitespace().nth(1).and_then(numbers) >= wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        for (version, expected) in [
            ("rustc 1.85.1 (4eb161250 2025-03-15)", false),
            ("rustc 1.95.0 (0 2026-04-16)", true),
            ("rustc 1.100.0-nightly (0 2027-01-01)", true),
            ("rustc", false),
        ] {
            assert_eq!(is_new_enough(version), expected, "{version}");
        }
    }
}
