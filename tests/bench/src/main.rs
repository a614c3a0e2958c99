//! `cargo xtask bench`: measures Fleet against the tools that it replaces, both in the same run on the same machine.

mod cpu;
mod process;
mod render;
mod source;
mod stats;

use std::process::ExitCode;

use clap::Parser;

/// Measures Fleet against the tools that it replaces.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
enum Command {
    /// Charts and kustomizations against `helm template` and `kubectl kustomize`.
    Render(render::Args),
    /// How repositories are polled and fetched: many of them by a host, and one large one against `git`.
    Source(source::Args),
    /// One thing that the source does, as a process of its own.
    #[command(hide = true)]
    SourceOperation(source::Operation),
    /// Runs a program and says what it and its children took.
    #[command(hide = true)]
    Measured(process::Measured),
}

fn main() -> anyhow::Result<ExitCode> {
    match Command::parse() {
        Command::Render(args) => render::run(&args),
        Command::Source(args) => source::run(&args),
        Command::SourceOperation(operation) => operation.run(),
        Command::Measured(program) => program.run(),
    }
}
