//! `cargo xtask bench`: measures Fleet against the tools that it replaces, both in the same run on the same machine.

mod cpu;
mod render;
mod stats;

use std::process::ExitCode;

use clap::Parser;

/// Measures Fleet against the tools that it replaces.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
enum Command {
    /// Charts and kustomizations against `helm template` and `kubectl kustomize`.
    Render(render::Args),
}

fn main() -> anyhow::Result<ExitCode> {
    match Command::parse() {
        Command::Render(args) => render::run(&args),
    }
}
