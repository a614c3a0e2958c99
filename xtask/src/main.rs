//! The only runner: `cargo xtask COMMAND`, one module for each command.

mod bench;
mod check;
mod demo;
mod fuzz;
mod golden;
mod kustomize_schema;
mod plugins;

use clap::Parser;

/// Builds and checks Fleet.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Measures Fleet against Helm, kubectl and Git.
    Bench(bench::Args),
    /// Runs the main job: a real Git repository, plugins, bundles, two agents.
    Demo(demo::Args),
    /// Runs every test, with all that they need built first.
    Test(check::TestArgs),
    /// Checks formatting and lints.
    Lint,
    /// Runs what CI runs: `lint`, then `test`.
    Ci,
    /// Runs the fuzz targets: each for a while, until something breaks.
    Fuzz(fuzz::Args),
    /// Compares the renderers with the recorded output of the real tools.
    Golden(golden::Args),
    /// Writes the table of merge keys of the kustomize renderer from OpenAPI documents.
    KustomizeSchema {
        /// `/openapi/v2` of Kubernetes v1.21.2, then the document of kustomize's own kinds.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<std::path::PathBuf>,
    },
    /// Builds the plugins as components into `target/plugins`.
    Plugins(plugins::Args),
}

fn main() -> anyhow::Result<()> {
    match Command::parse() {
        Command::Bench(args) => bench::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::Test(args) => check::test(&args),
        Command::Lint => check::lint(),
        Command::Ci => check::ci(),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Golden(args) => golden::run(&args),
        Command::KustomizeSchema { files } => kustomize_schema::write(&files, &plugins::root()),
        Command::Plugins(args) => plugins::run(&args),
    }
}
