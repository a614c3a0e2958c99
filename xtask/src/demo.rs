//! `cargo xtask demo`: builds everything and runs the main job.

use crate::{check, plugins};

/// Arguments of `cargo xtask demo`.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Args {
    /// Handed to the demo; `cargo xtask demo -- --help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Builds plugins and programs, and runs the demo.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    plugins::run(&plugins::Args::default())?;
    // Over the whole workspace, so that nothing is built with other features than everywhere else.
    check::cargo(&["build", "--workspace", "--bins"])?;
    check::program("fleet-demo", &args.args)
}
