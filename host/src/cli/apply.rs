//! `fleet apply -f`.

use std::path::PathBuf;
use std::process::ExitCode;

use fleet_core::resource::Resource;
use owo_colors::OwoColorize as _;

use super::client::Client;
use super::read::{self, Found, Mistake};
use super::{Failure, output};
use crate::api::{ApplyOutcome, ApplyRequest, ApplyResponse};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File, folder, or `-` for standard input; may be repeated
    #[arg(short, long = "filename", value_name = "FILE", required = true)]
    filename: Vec<PathBuf>,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

pub(super) async fn run(args: Args, client: &Client) -> Result<ExitCode, Failure> {
    let (mut found, mut mistakes) = (Vec::new(), Vec::new());
    for from in &args.filename {
        let content = read::read(from);
        found.extend(content.found);
        mistakes.extend(content.mistakes);
    }
    if !mistakes.is_empty() {
        // Half of what somebody meant is not what they meant.
        let error = format!("nothing was applied\n{}", list(&mistakes));
        return Err(Failure::new(error));
    }
    if found.is_empty() {
        return Err(Failure::new("there is no resource in what was given"));
    }
    let request = ApplyRequest {
        resources: found.iter().map(|found| found.resource.clone()).collect(),
        dry_run: args.dry_run,
    };
    let response: ApplyResponse = client.post("/v1/apply", &request).await?;
    let mut refused = Vec::new();
    let mut text = String::new();
    for (found, outcome) in found.into_iter().zip(response.outcomes) {
        let Found { resource, place } = found;
        let done = match outcome {
            ApplyOutcome::Created => "created".green().to_string(),
            ApplyOutcome::Configured => "configured".yellow().to_string(),
            ApplyOutcome::Unchanged => "unchanged".to_owned(),
            ApplyOutcome::Refused(body) => {
                refused.push(Mistake {
                    place,
                    message: format!("{}: {}", title(&resource), body.error),
                    hint: body.hint,
                });
                continue;
            }
        };
        let dry_run = if args.dry_run { " (dry run)" } else { "" };
        text += &format!("{} {done}{dry_run}\n", title(&resource));
    }
    output::print(&text)?;
    if refused.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let what = if refused.len() == 1 {
        "a resource was refused".to_owned()
    } else {
        format!("{} resources were refused", refused.len())
    };
    Err(Failure::new(format!("{what}\n{}", list(&refused))))
}

fn title(resource: &Resource) -> String {
    match resource {
        Resource::GitRepo(r) => format!("gitrepo/{}", r.metadata.name),
        Resource::Cluster(r) => format!("cluster/{}", r.metadata.name),
        Resource::ClusterGroup(r) => format!("clustergroup/{}", r.metadata.name),
    }
}

fn list(mistakes: &[Mistake]) -> String {
    let lines = mistakes.iter().map(|mistake| {
        let hint = mistake.hint.as_ref();
        let hint = hint.map_or(String::new(), |hint| format!("\n    hint: {hint}"));
        format!("  {}: {}{hint}", mistake.place, mistake.message)
    });
    lines.collect::<Vec<_>>().join("\n")
}
