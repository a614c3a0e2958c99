//! `cargo xtask plugins`: compiles the plugins for `wasm32-unknown-unknown` and makes components of them.

mod encode;
mod toolchain;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, bail};

use toolchain::Toolchain;

/// The plugins that we ship, by folder below `plugins/`.
const PLUGINS: [&str; 4] = ["raw", "helm", "kustomize", "baseline"];

/// Bytes of the guests' own stack. Templates and overlays recurse; untouched pages cost nothing.
const STACK_BYTES: u32 = 8 << 20;

/// What LLVM inlines, in its own measure, of which 250 is usual at this level of optimisation: charts need less fuel
/// (`cargo xtask bench render --json`), for more code.
const INLINE_THRESHOLD: u32 = 600;

/// Arguments of `cargo xtask plugins`.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Args {
    /// Builds only these.
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Builds the guests of `tests/conformance` as well, into `target/guests`.
    #[arg(long)]
    guests: bool,
    /// Fetches nothing.
    #[arg(long, env = "FLEET_OFFLINE", value_parser = clap::builder::FalseyValueParser::new())]
    offline: bool,
}

impl Args {
    /// The plugins and the guests of the tests.
    pub(crate) fn all() -> Self {
        Self {
            guests: true,
            offline: std::env::var_os("FLEET_OFFLINE").is_some(),
            ..Self::default()
        }
    }
}

/// A crate that becomes a component.
struct Guest {
    /// Name of the file, without `.wasm`.
    name: String,
    /// Name of the package.
    package: String,
    /// Folder for the component.
    out: PathBuf,
    /// Whether it keeps the lines of its source, which a trap then names. They are nine tenths of a component, and
    /// each start of a host reads them; what we ship says in which function it trapped.
    lines: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let root = root();
    let toolchain = Toolchain::find(&root, args.offline)?;
    eprintln!("plugins are compiled with {}", toolchain.what);
    let mut failed = Vec::new();
    for guest in guests(&root, args)? {
        if let Err(error) = build(&root, &toolchain, args.offline, &guest) {
            eprintln!("plugin {}: {error:#}", guest.name);
            failed.push(guest.name);
        }
    }
    if !failed.is_empty() {
        bail!("could not build {}", failed.join(", "));
    }
    Ok(())
}

/// The top of the work tree.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

fn guests(root: &Path, args: &Args) -> anyhow::Result<Vec<Guest>> {
    let target = root.join("target");
    let mut guests: Vec<Guest> = PLUGINS
        .iter()
        .map(|name| Guest {
            name: (*name).to_owned(),
            package: format!("fleet-plugin-{name}"),
            out: target.join("plugins"),
            lines: false,
        })
        .collect();
    if args.guests || args.names.iter().any(|name| name == "misbehave") {
        guests.push(Guest {
            name: "misbehave".to_owned(),
            package: "fleet-test-guest-misbehave".to_owned(),
            out: target.join("guests"),
            lines: true,
        });
    }
    for name in &args.names {
        if !guests.iter().any(|guest| guest.name == *name) {
            bail!(
                "there is no plugin `{name}`; there are {}",
                PLUGINS.join(", ")
            );
        }
    }
    if !args.names.is_empty() {
        guests.retain(|guest| args.names.contains(&guest.name));
    }
    Ok(guests)
}

/// Compiles one crate and writes its component, if that differs from the one that is there.
///
/// Each crate has a compiler call of its own: together, they would be given the union of the features that they ask
/// of the SDK, and each component would claim to implement every world.
fn build(root: &Path, toolchain: &Toolchain, offline: bool, guest: &Guest) -> anyhow::Result<()> {
    let mut command = toolchain.cargo(root);
    command
        .args([
            "build",
            "--lib",
            "--package",
            &guest.package,
            "--profile",
            "plugin",
        ])
        .args(["--target", toolchain::TARGET, "--target-dir"])
        .arg(root.join("target/wasm"))
        .args(["--message-format", "json-render-diagnostics"])
        .args(&toolchain.cargo_args)
        .env("CARGO_ENCODED_RUSTFLAGS", rustflags(root, toolchain))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    if !guest.lines {
        command.args(["--config", "profile.plugin.strip=\"debuginfo\""]);
    }
    if offline {
        command.arg("--offline");
    }
    let output = command
        .output()
        .with_context(|| format!("could not run {:?}", command.get_program()))?;
    if !output.status.success() {
        bail!(
            "`{}` does not compile for {}",
            guest.package,
            toolchain::TARGET
        );
    }
    let module = module_of(&output.stdout, &guest.package)
        .with_context(|| format!("cargo names no `.wasm` file of `{}`", guest.package))?;
    let module =
        std::fs::read(&module).with_context(|| format!("could not read {}", module.display()))?;
    let component = encode::component(&module)?;
    let path = guest.out.join(format!("{}.wasm", guest.name));
    let written = encode::write_if_changed(&path, &component)?;
    println!(
        "{:12} {:>6} KiB  {}  {}",
        guest.name,
        component.len().div_ceil(1024),
        path.strip_prefix(root).unwrap_or(&path).display(),
        if written { "written" } else { "unchanged" },
    );
    Ok(())
}

/// What cargo says that it has built: one JSON message a line.
fn module_of(messages: &[u8], package: &str) -> Option<PathBuf> {
    let library = package.replace('-', "_");
    let artifacts = messages
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<serde_json::Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter(|message| message["target"]["name"] == library);
    let mut files = artifacts.flat_map(|message| {
        let files = message["filenames"].as_array().cloned().unwrap_or_default();
        files
            .into_iter()
            .filter_map(|file| file.as_str().map(PathBuf::from))
    });
    files.rfind(|file| file.extension().is_some_and(|ending| ending == "wasm"))
}

/// Flags for reproducible bytes (no path of this machine), a stack that is deep enough, and speed.
fn rustflags(root: &Path, toolchain: &Toolchain) -> String {
    let mut flags = Vec::new();
    let mut remap = |from: &Path, to: &str| {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    };
    // Of several that match, the last one counts.
    if let Some(home) = cargo_home() {
        remap(&home, "/cargo");
    }
    if let Some(sysroot) = &toolchain.sysroot {
        remap(sysroot, "/rust");
    }
    remap(root, "/fleet");
    for argument in ["-z", &format!("stack-size={STACK_BYTES}")] {
        flags.push(format!("-Clink-arg={argument}"));
    }
    flags.push("-Ctarget-feature=+simd128".to_owned());
    // A call costs a guest more than a native program: it puts its fuel away and looks at the end of its stack.
    flags.push(format!("-Cllvm-args=-inline-threshold={INLINE_THRESHOLD}"));
    flags.extend(toolchain.rustflags.iter().cloned());
    flags.join("\x1f")
}

fn cargo_home() -> Option<PathBuf> {
    std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}
