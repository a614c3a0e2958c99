//! `fleet delete` and `fleet poll`.

use super::client::{Client, segment};
use super::{Failure, kind, output};
use crate::api::Kind;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Kind: gitrepo, cluster or clustergroup
    #[arg(value_parser = kind)]
    kind: Kind,
    /// Names
    #[arg(required = true)]
    names: Vec<String>,
    /// A name that is not there is no failure
    #[arg(long)]
    ignore_not_found: bool,
}

#[derive(Debug, clap::Args)]
pub(super) struct PollArgs {
    /// Name of the GitRepo
    name: String,
}

pub(super) async fn run(args: Args, client: &Client) -> Result<(), Failure> {
    let derived = match args.kind {
        Kind::GitRepo | Kind::Cluster | Kind::ClusterGroup => None,
        Kind::Bundle => {
            Some("a bundle goes when its path leaves the repository, or with its GitRepo")
        }
        Kind::BundleDeployment => {
            Some("a deployment goes when its bundle does, or when no target selects its cluster")
        }
    };
    if let Some(hint) = derived {
        let error = format!("a {:?} cannot be deleted by itself", args.kind);
        return Err(Failure::usage(error).hint(hint));
    }
    for name in &args.names {
        let path = format!("/v1/{}/{}", args.kind.plural(), segment(name));
        match client.delete(&path).await {
            Err(failure) if args.ignore_not_found && failure.error.starts_with("there is no") => {}
            result => {
                result?;
                let kind = format!("{:?}", args.kind).to_lowercase();
                output::print(&format!("{kind}/{name} deleted\n"))?;
            }
        }
    }
    Ok(())
}

pub(super) async fn poll(args: PollArgs, client: &Client) -> Result<(), Failure> {
    let path = format!("/v1/gitrepos/{}/poll", segment(&args.name));
    let _: serde_json::Value = client.post(&path, &()).await?;
    output::print(&format!("gitrepo/{} is looked at\n", args.name))
}
