//! `cargo xtask bench render`: the whole corpus through the components, and through the real tools.

mod native;
mod oracle;
mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail};
use fleet_test_golden::corpus::{self, Case, Suite};
use fleet_test_golden::ours::{self, Ours};

use crate::cpu::{self, Cost};
use oracle::Oracle;

/// Arguments of `cargo xtask bench render`.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Args {
    /// Helm's program; without it charts are measured alone.
    #[arg(long, env = "FLEET_BENCH_HELM", value_name = "FILE")]
    helm: Option<PathBuf>,
    /// kubectl's program; without it kustomizations are measured alone.
    #[arg(long, env = "FLEET_BENCH_KUBECTL", value_name = "FILE")]
    kubectl: Option<PathBuf>,
    /// Folder of cases [default: $FLEET_CORPUS, else ~/.cache/fleet/corpus/render].
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Only so many cases of each suite, evenly spread.
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    /// Only cases whose id contains this.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// How often each case is rendered warm; the fastest one counts, as with the real tools.
    #[arg(long, default_value_t = 5, value_name = "N")]
    repeat: usize,
    /// For how many cases of each suite whole processes are compared as well.
    #[arg(long, default_value_t = 60, value_name = "N")]
    cold: usize,
    /// Folder of the plugins [default: `target/plugins`].
    #[arg(long, env = "FLEET_PLUGINS", value_name = "DIR")]
    plugins: Option<PathBuf>,
    /// Writes all that was measured to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What one case took.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) suite: Suite,
    pub(crate) id: String,
    /// Of what is printed.
    pub(crate) bytes: usize,
    /// Through the component, in a process that has rendered it before: reading the folder and printing included.
    pub(crate) warm: Cost,
    /// The call of the component alone, with the files in memory.
    pub(crate) call: Cost,
    /// The same engine, not in a component; unless it fails natively.
    pub(crate) native: Option<Cost>,
    /// The real tool's process.
    pub(crate) tool: Option<Cost>,
    /// Our process.
    pub(crate) cold: Option<Cost>,
    /// Memory of the guest, in bytes.
    pub(crate) memory: usize,
    /// Fuel of the guest.
    pub(crate) fuel: u64,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<ExitCode> {
    let Some(corpus) = args.corpus.clone().or_else(corpus::find) else {
        bail!("there is no corpus: name a folder by `--corpus`");
    };
    let ours = Ours::new(args.plugins.clone(), 1)?;
    let mut rows = Vec::new();
    for (suite, tool) in [(Suite::Helm, &args.helm), (Suite::Kustomize, &args.kubectl)] {
        if tool.is_none() {
            let what = suite.as_str();
            eprintln!("{what}: the real tool was not named, so there is nothing to compare with");
        }
        let oracle = tool.as_deref().map(Oracle::new).transpose()?;
        let cases = chosen(args, &corpus, suite)?;
        rows.extend(measure(args, &ours, &cases, oracle.as_ref())?);
    }
    println!("{}", report::table(&rows));
    if let Some(file) = &args.json {
        fs::write(file, report::json(&rows))
            .with_context(|| format!("could not write {}", file.display()))?;
    }
    let slower = report::slower(&rows);
    Ok(if slower == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The cases that must render, or a sample of them.
fn chosen(args: &Args, corpus: &Path, suite: Suite) -> Result<Vec<Case>> {
    let mut cases = corpus::cases(corpus, suite)?;
    let meant = |case: &Case| args.only.as_ref().is_none_or(|only| case.id.contains(only));
    cases.retain(|case| case.expected.is_some() && meant(case));
    Ok(match args.sample {
        Some(n) => spread(&cases, n),
        None => cases,
    })
}

/// So many items, evenly spread.
fn spread<T: Clone>(items: &[T], n: usize) -> Vec<T> {
    let step = items.len().div_ceil(n.max(1)).max(1);
    items.iter().step_by(step).cloned().collect()
}

fn measure(args: &Args, ours: &Ours, cases: &[Case], oracle: Option<&Oracle>) -> Result<Vec<Row>> {
    let every = cases.len().div_ceil(args.cold.max(1)).max(1);
    let mut rows = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        let row = one(args, ours, case, oracle, args.cold > 0 && n % every == 0);
        rows.push(row.with_context(|| format!("case {}", case.id))?);
        if (n + 1) % 50 == 0 {
            eprintln!("{}: {} of {}", case.suite.as_str(), n + 1, cases.len());
        }
    }
    Ok(rows)
}

fn one(
    args: &Args,
    ours: &Ours,
    case: &Case,
    oracle: Option<&Oracle>,
    with_cold: bool,
) -> Result<Row> {
    let options = ours::options(case);
    // Once without a clock: what a host draws and compiles for the first time is there from then on.
    let printed = ours.render(&options).map_err(anyhow::Error::msg)?;
    let warm = least(args.repeat, || {
        let (rendered, cost) = cpu::of(|| ours.render(&options))?;
        rendered.map_err(anyhow::Error::msg)?;
        Ok(cost)
    })?;
    let native = least(args.repeat, || {
        let (rendered, cost) = cpu::of(|| native::render(case))?;
        rendered?;
        Ok(cost)
    });
    let native = native
        .inspect_err(|error| eprintln!("{}: not natively: {error:#}", case.id))
        .ok();
    let ready = ours.ready(case)?;
    let usage = ready.call()?;
    let call = least(args.repeat, || {
        let (called, cost) = cpu::of(|| ready.call())?;
        called?;
        Ok(cost)
    })?;
    Ok(Row {
        suite: case.suite,
        id: case.id.clone(),
        bytes: printed.len(),
        warm,
        call,
        native,
        tool: oracle.map(|oracle| oracle.run(case)).transpose()?,
        cold: with_cold.then(|| cold(args, case)).transpose()?,
        memory: usage.memory_bytes,
        fuel: usage.fuel,
    })
}

/// The least cost, by CPU time: what disturbs only adds.
fn least(repeat: usize, mut run: impl FnMut() -> Result<Cost>) -> Result<Cost> {
    let mut least = run()?;
    for _ in 1..repeat {
        let cost = run()?;
        if cost.cpu < least.cpu {
            least = cost;
        }
    }
    Ok(least)
}

/// `fleet render`, a process of its own that finds its plugins compiled.
fn cold(args: &Args, case: &Case) -> Result<Cost> {
    let here = std::env::current_exe().context("could not find this program's own file")?;
    let mut command = Command::new(here.with_file_name("fleet"));
    command.args(ours::arguments(case));
    if let Some(plugins) = &args.plugins {
        command.arg("--plugins").arg(plugins);
    }
    // The first one may compile.
    cpu::of_success(&mut command)?;
    cpu::least_of_two(&mut command)
}
