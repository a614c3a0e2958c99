//! `cargo xtask bench source`: many repositories polled by a host, and one large repository against the `git` program.

mod large;
mod operation;
mod polling;
mod report;
mod server;
mod teams;
mod traffic;
mod versus;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::ValueEnum;
use serde_json::json;

pub(crate) use operation::Operation;

/// What to measure.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    /// Measures only this part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    #[command(flatten)]
    polling: polling::Args,
    #[command(flatten)]
    versus: versus::Args,
    /// Writes all that was measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// A part of what is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// A host that polls many repositories.
    Polling,
    /// One large repository, against the `git` program.
    Git,
}

/// Something that must hold, whatever the machine.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    /// What must hold.
    pub(crate) what: &'static str,
    /// Whether it does.
    pub(crate) holds: bool,
    /// What was seen.
    pub(crate) seen: String,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let wanted = |part| args.only.is_none_or(|only| only == part);
    let (mut json, mut checks) = (json!({}), Vec::new());
    if wanted(Part::Polling) {
        let polled = polling::measure(&args.polling)?;
        println!("{}", report::polling(&polled));
        json["polling"] = report::polling_json(&polled);
        checks.extend(polled.checks());
    }
    if wanted(Part::Git) {
        let rows = versus::measure(&args.versus)?;
        println!("{}", report::versus(&rows));
        json["git"] = report::versus_json(&rows);
    }
    for check in &checks {
        println!("{}", report::check(check));
    }
    let holds = checks.iter().all(|check| check.holds);
    json["holds"] = holds.into();
    if let Some(file) = &args.json {
        fs::write(file, format!("{json:#}\n"))
            .with_context(|| format!("could not write {}", file.display()))?;
    }
    Ok(if holds {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
