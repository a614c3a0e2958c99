//! `fleet status`.

use super::client::Client;
use super::{Failure, output};
use crate::api::Host;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Format, instead of text
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
}

pub(super) async fn run(args: Args, client: &Client) -> Result<(), Failure> {
    let host: Host = client.get("/v1/host").await?;
    let text = match args.output {
        Some(format) => output::to_text(&host, format == Format::Yaml)?,
        None => text(&host),
    };
    output::print(&text)
}

fn text(host: &Host) -> String {
    let summary = &host.summary;
    let states = [
        ("ErrApplied", summary.err_applied),
        ("WaitApplied", summary.wait_applied),
        ("Modified", summary.modified),
        ("OutOfSync", summary.out_of_sync),
        ("Pending", summary.pending),
        ("NotReady", summary.not_ready),
        ("Ready", summary.ready),
    ];
    let states: Vec<String> = states
        .iter()
        .filter(|(_, n)| *n > 0)
        .map(|(state, n)| format!("{n} {}", output::state(state)))
        .collect();
    let states = if states.is_empty() {
        "none".to_owned()
    } else {
        states.join(", ")
    };
    let none = "none".to_owned();
    let lines = [
        ("Version", host.version.clone()),
        ("Agents", host.agents_url.clone()),
        ("CA pin", host.ca_pin.clone()),
        (
            "Metrics",
            host.metrics_url.clone().unwrap_or_else(|| none.clone()),
        ),
        ("Data", host.data_dir.clone()),
        ("Plugins", host.plugins.clone().unwrap_or(none)),
        ("Store", host.incarnation.clone()),
        (
            "Clusters",
            format!("{} connected of {}", host.connected, host.clusters),
        ),
        ("Deployments", states),
    ];
    let line = |(name, value): &(&str, String)| format!("{:13}{value}\n", format!("{name}:"));
    lines.iter().map(line).collect()
}
