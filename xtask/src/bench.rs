//! `cargo xtask bench`: measures Fleet, built as it ships, against the tools that it replaces.

use crate::{check, plugins};

/// Arguments of `cargo xtask bench`.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Args {
    /// Handed to the runner: `render` or `source`, and what that takes; `render --help` lists it.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Builds the plugins, the host and the runner, and runs it.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    plugins::run(&plugins::Args::default())?;
    check::cargo(&[
        "build",
        "--release",
        "--package",
        "fleet-bench",
        "--package",
        "fleet-host",
        "--bins",
    ])?;
    let program = plugins::root().join("target/release/fleet-bench");
    check::start(&program, &args.args)
}
