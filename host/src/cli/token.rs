//! `fleet token create`: the whole command with which a cluster joins.

use std::time::Duration;

use super::client::Client;
use super::{Failure, output, pair};
use crate::api::{TokenRequest, TokenResponse};
use crate::duration;
use crate::identity::token::DEFAULT_LIFE;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Make a token with which one agent registers one cluster, once
    Create(Create),
}

#[derive(Debug, clap::Args)]
struct Create {
    /// Name that the cluster gets
    #[arg(long, value_name = "NAME")]
    cluster: String,
    /// Label that the cluster gets; may be repeated
    #[arg(short, long = "label", value_name = "KEY=VALUE", value_parser = pair)]
    labels: Vec<(String, String)>,
    /// Also give the cluster the labels that its agent asks for
    #[arg(long)]
    accept_labels: bool,
    /// Workspace of the cluster
    #[arg(long, value_name = "NAME", default_value = fleet_core::resource::DEFAULT_NAMESPACE)]
    namespace: String,
    /// How long the token holds, at most 30d [default: 1h]
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    ttl: Option<Duration>,
    /// Print the token, or everything about it as JSON, rather than the command
    #[arg(short, long, value_name = "FORMAT")]
    output: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// The token alone.
    Token,
    /// The token, where to dial, and what to pin, as JSON.
    Json,
}

pub(super) async fn run(args: Args, client: &Client) -> Result<(), Failure> {
    let Command::Create(args) = args.command;
    let request = TokenRequest {
        cluster: args.cluster.clone(),
        namespace: args.namespace,
        labels: args.labels.into_iter().collect(),
        accept_labels: args.accept_labels,
        ttl_seconds: args.ttl.unwrap_or(DEFAULT_LIFE).as_secs(),
    };
    let made: TokenResponse = client.post("/v1/tokens", &request).await?;
    let text = match args.output {
        Some(Format::Token) => format!("{}\n", made.token),
        Some(Format::Json) => output::to_text(&made, false)?,
        None => command(&args.cluster, &made),
    };
    output::print(&text)
}

fn command(cluster: &str, made: &TokenResponse) -> String {
    let TokenResponse {
        token,
        expires,
        agents_url,
        ca_pin,
        known,
    } = made;
    let known = if *known {
        "# The cluster is registered already: an agent that joins with this token replaces the one it has.\n"
    } else {
        ""
    };
    format!(
        "# Registers cluster `{cluster}`, once, until {expires}:\n{known}fleet-agent run \\\n  --host {agents_url} \\\n  --ca-pin {ca_pin} \\\n  --token {token}\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_can_be_pasted() {
        let made = TokenResponse {
            token: "fleet-0.s".to_owned(),
            expires: "2026-01-01T00:00:00Z".to_owned(),
            agents_url: "https://h:1".to_owned(),
            ca_pin: "sha256:00".to_owned(),
            known: false,
        };
        insta::assert_snapshot!(command("edge-1", &made), @r"
        # Registers cluster `edge-1`, once, until 2026-01-01T00:00:00Z:
        fleet-agent run \
          --host https://h:1 \
          --ca-pin sha256:00 \
          --token fleet-0.s
        ");
    }
}
