//! The program `fleet-agent`: reads the command line and starts the loop.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use clap::Parser;
use fleet_agent::apply::directory::Directory;
use fleet_agent::apply::kubernetes::{self, Kubernetes};
use fleet_agent::apply::{Applier, Target};
use fleet_agent::cli::{Cli, Command, HostArgs, LogFormat, RunArgs, TargetArg};
use fleet_agent::drive::{self, Limits};
use fleet_agent::link::Link;
use fleet_agent::state::Disk;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = async {
        start_log(&cli)?;
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        // Only a second call can fail, and there is none.
        let _ = provider.install_default();
        match cli.command {
            Command::Enrol(args) => enrol(&args).await,
            Command::Run(args) => run(&args).await,
        }
    };
    match done.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("fleet-agent: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn enrol(args: &HostArgs) -> anyhow::Result<()> {
    let (_, link) = open(args)?;
    let identity = link.enrol().await.context("could not enrol")?;
    println!("enrolled as cluster {}", identity.cluster());
    Ok(())
}

async fn run(args: &RunArgs) -> anyhow::Result<()> {
    // Before anything else, so that whoever sees the agent at work can end it in peace.
    let mut terminate = signal(SignalKind::terminate()).context("could not listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("could not listen for SIGINT")?;
    let stop = CancellationToken::new();
    let running = work(args, stop.clone());
    tokio::pin!(running);
    let asked = tokio::select! {
        ended = &mut running => return ended,
        _ = terminate.recv() => "SIGTERM",
        _ = interrupt.recv() => "SIGINT",
    };
    tracing::info!(signal = asked, "stopping");
    stop.cancel();
    running.await
}

/// Runs until it is stopped.
async fn work(args: &RunArgs, stop: CancellationToken) -> anyhow::Result<()> {
    let (disk, link) = open(&args.host)?;
    match &args.target {
        TargetArg::Directory(path) => {
            let target = Directory::open(path)
                .with_context(|| format!("could not open the folder `{}`", path.display()))?;
            drive(target, disk, link, args, stop).await
        }
        TargetArg::Kubernetes => {
            let options = kubernetes::Options {
                kubeconfig: args.kubeconfig.clone(),
                context: args.context.clone(),
                service_account_namespace: args.service_account_namespace.clone(),
                n_parallel: args.parallel_objects,
            };
            let target = tokio::select! {
                target = Kubernetes::open(options) => target,
                () = stop.cancelled() => return Ok(()),
            };
            let target = target.context("could not tell which cluster to apply to")?;
            drive(target, disk, link, args, stop).await
        }
    }
}

fn open(args: &HostArgs) -> anyhow::Result<(Arc<Disk>, Link)> {
    let disk = Arc::new(Disk::open(&args.state).context("could not open the state folder")?);
    let link = Link::open(args.settings(), disk.clone()).context("could not prepare the link")?;
    Ok((disk, link))
}

async fn drive<T: Target>(
    target: T,
    disk: Arc<Disk>,
    link: Link,
    args: &RunArgs,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    let applier = Applier::new(Arc::new(target), disk.clone());
    let limits = Limits {
        n_applies: args.parallel_deployments,
        n_looks: args.parallel_deployments,
    };
    Ok(drive::run(applier, disk, link, limits, stop).await?)
}

fn start_log(cli: &Cli) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&cli.log_filter).context("`--log` is no filter")?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    match cli.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}
