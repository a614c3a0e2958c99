//! `cargo xtask test`, `lint` and `ci`: everything that is checked before a change lands.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context as _, ensure};

use crate::plugins;

/// Arguments of `cargo xtask test`.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct TestArgs {
    /// Handed to `cargo test`: a filter, or `--` and what the tests themselves take.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Builds plugins, guests and both programs, then runs every test of the workspace.
pub(crate) fn test(args: &TestArgs) -> anyhow::Result<()> {
    let started = Instant::now();
    plugins::run(&plugins::Args::all())?;
    // End-to-end tests start the programs, which `cargo test` builds only for their own packages.
    cargo(&["build", "--workspace", "--all-targets"])?;
    let mut command = vec!["test", "--workspace"];
    command.extend(args.args.iter().map(String::as_str));
    cargo(&command)?;
    eprintln!("all tests passed in {} s", started.elapsed().as_secs());
    Ok(())
}

/// Formatting, and lints with warnings as errors.
pub(crate) fn lint() -> anyhow::Result<()> {
    cargo(&["fmt", "--all", "--check"])?;
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "--deny",
        "warnings",
    ])
}

/// What CI runs.
pub(crate) fn ci() -> anyhow::Result<()> {
    lint()?;
    test(&TestArgs::default())
}

/// Runs a program of the workspace that has just been built, which lies beside this one, where the caller is.
pub(crate) fn program(name: &str, args: &[String]) -> anyhow::Result<()> {
    let here = std::env::current_exe().context("could not find this program's own file")?;
    start(&here.with_file_name(name), args)
}

/// Runs a program of ours, where the caller is.
pub(crate) fn start(file: &Path, args: &[String]) -> anyhow::Result<()> {
    let status = Command::new(file)
        .args(args)
        .env("FLEET_EXAMPLES", plugins::root().join("examples"))
        .status()
        .with_context(|| format!("could not start {}", file.display()))?;
    ensure!(status.success(), "`{}` failed: {status}", file.display());
    Ok(())
}

/// Runs cargo at the top of the work tree, with its output shown.
pub(crate) fn cargo(args: &[&str]) -> anyhow::Result<()> {
    let shown = format!("cargo {}", args.join(" "));
    eprintln!("$ {shown}");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(args)
        .current_dir(plugins::root())
        .status()
        .with_context(|| format!("could not start `{shown}`"))?;
    ensure!(status.success(), "`{shown}` failed: {status}");
    Ok(())
}
