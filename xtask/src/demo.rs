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
    let packages = ["fleet-host", "fleet-agent", "fleet-test-e2e"];
    let mut build = vec!["build", "--bins"];
    build.extend(packages.iter().flat_map(|name| ["--package", *name]));
    check::cargo(&build)?;
    let mut run = vec!["run", "--quiet"];
    run.extend(packages.iter().flat_map(|name| ["--package", *name]));
    run.extend(["--bin", "fleet-demo", "--"]);
    run.extend(args.args.iter().map(String::as_str));
    check::cargo(&run)
}
