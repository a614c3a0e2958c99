//! `cargo xtask golden`: runs a corpus through the components and compares with the real tools.

use crate::{check, plugins};

/// Arguments of `cargo xtask golden`.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Args {
    /// Handed to the runner; `cargo xtask golden -- --help` lists them.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Builds the plugins and the runner, and runs it.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    plugins::run(&plugins::Args::default())?;
    // Over the whole workspace, so that nothing is built with other features than everywhere else.
    let features = ["--features", "fleet-test-golden/components"];
    check::cargo(&[&["build", "--workspace", "--bin", "golden"][..], &features].concat())?;
    check::program("golden", &args.args)
}
