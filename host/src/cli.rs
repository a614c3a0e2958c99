//! The command line: `fleet host` serves, everything else talks to a host that runs, or needs none.

mod apply;
mod client;
mod describe;
mod get;
mod output;
mod read;
mod remove;
pub mod render;
mod serve;
mod status;
mod table;
mod token;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use owo_colors::OwoColorize as _;

use crate::api::Kind;
use client::Client;

pub use read::resources;

/// GitOps for thousands of Kubernetes clusters
#[derive(Debug, Parser)]
#[command(
    name = "fleet",
    version,
    max_term_width = 100,
    arg_required_else_help = true
)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where the host is.
#[derive(Clone, Debug, Args)]
struct Place {
    /// Data directory of the host [default: $XDG_STATE_HOME/fleet, else ~/.local/state/fleet, else /var/lib/fleet]
    #[arg(
        long,
        global = true,
        help_heading = "Global options",
        env = "FLEET_DATA_DIR",
        value_name = "DIR",
        hide_env_values = true
    )]
    data_dir: Option<PathBuf>,
    /// Socket of the host [default: control.sock in the data directory]
    #[arg(
        long,
        global = true,
        help_heading = "Global options",
        env = "FLEET_SOCKET",
        value_name = "PATH",
        hide_env_values = true
    )]
    socket: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the host: watch repositories, render them, and tell agents what to run
    Host(Box<serve::Args>),
    /// Create or change GitRepos, Clusters and ClusterGroups from files
    Apply(apply::Args),
    /// Delete a GitRepo (what it deployed goes too), a Cluster or a ClusterGroup
    Delete(remove::Args),
    /// Show resources as a table, as JSON or as YAML
    Get(get::Args),
    /// Show one resource with all that is wrong with it, and where
    Describe(describe::Args),
    /// Look at the repository of a GitRepo at once
    Poll(remove::PollArgs),
    /// Make registration tokens for agents
    Token(token::Args),
    /// Render a folder of manifests, a chart or an overlay, without a host
    Render(Box<render::Args>),
    /// Show the host that runs: its addresses, its clusters, its state
    Status(status::Args),
    /// Show the version of this program
    Version,
}

/// Why a command failed.
#[derive(Debug, PartialEq, Eq)]
struct Failure {
    /// What is wrong; several lines if several things are.
    error: String,
    /// What to do next.
    hint: Option<String>,
    /// Whether the command line itself is wrong.
    usage: bool,
}

impl Failure {
    fn new(error: impl Into<String>) -> Self {
        Self {
            error: error.into(),
            hint: None,
            usage: false,
        }
    }

    fn usage(error: impl Into<String>) -> Self {
        Self {
            usage: true,
            ..Self::new(error)
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Runs the program: 0 if it did what it was asked, 1 if not, 2 if it was asked wrongly.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let result = match runtime {
        Ok(runtime) => {
            let result = runtime.block_on(run(cli));
            // Nothing that still blocks (a look at a server that does not answer) is worth waiting for.
            runtime.shutdown_background();
            result
        }
        Err(error) => Err(Failure::new(format!("cannot start: {error}"))),
    };
    match result {
        Ok(code) => code,
        Err(failure) => {
            report(&failure);
            ExitCode::from(if failure.usage { 2 } else { 1 })
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let Cli { place, command } = cli;
    match command {
        Command::Host(args) => serve::run(*args, place.data_dir()).await?,
        Command::Apply(args) => return apply::run(args, &place.client()).await,
        Command::Delete(args) => remove::run(args, &place.client()).await?,
        Command::Get(args) => get::run(args, &place.client()).await?,
        Command::Describe(args) => describe::run(args, &place.client()).await?,
        Command::Poll(args) => remove::poll(args, &place.client()).await?,
        Command::Token(args) => token::run(args, &place.client()).await?,
        Command::Render(args) => return Ok(render::run(*args).await),
        Command::Status(args) => status::run(args, &place.client()).await?,
        Command::Version => output::print(&format!("fleet {}\n", env!("CARGO_PKG_VERSION")))?,
    }
    Ok(ExitCode::SUCCESS)
}

impl Place {
    fn data_dir(&self) -> PathBuf {
        self.data_dir.clone().unwrap_or_else(default_data_dir)
    }

    fn client(&self) -> Client {
        let socket = self.socket.clone();
        Client::new(socket.unwrap_or_else(|| self.data_dir().join("control.sock")))
    }
}

fn default_data_dir() -> PathBuf {
    let folder = |name: &str| {
        let value = std::env::var_os(name).filter(|value| !value.is_empty())?;
        Some(PathBuf::from(value))
    };
    folder("XDG_STATE_HOME")
        .or_else(|| Some(folder("HOME")?.join(".local/state")))
        .map_or_else(
            || PathBuf::from("/var/lib/fleet"),
            |state| state.join("fleet"),
        )
}

/// A kind, as clap reads it.
fn kind(word: &str) -> Result<Kind, String> {
    Kind::parse(word).ok_or_else(|| {
        let all: Vec<_> = Kind::ALL.iter().map(|kind| kind.plural()).collect();
        format!("there are {}", all.join(", "))
    })
}

/// `key=value`, as clap reads it.
fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or_else(|| "write it like `env=dev`".to_owned())?;
    Ok((key.to_owned(), value.to_owned()))
}

fn report(failure: &Failure) {
    let mut err = anstream::stderr();
    // There is nowhere left to say that standard error is closed.
    use std::io::Write as _;
    let _ = writeln!(err, "{} {}", "error:".red().bold(), failure.error);
    if let Some(hint) = &failure.hint {
        let _ = writeln!(err, "  {} {hint}", "hint:".cyan().bold());
    }
}

#[cfg(test)]
mod tests;
