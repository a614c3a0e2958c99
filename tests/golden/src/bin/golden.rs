//! `cargo xtask golden`: puts a corpus through the components in one warm process and compares.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Parser;
use fleet_host::render::dir::{As, Options};
use fleet_test_golden::corpus::{self, Suite};
use fleet_test_golden::ours::{self, Ours};
use fleet_test_golden::probes::{self, Probe};
use fleet_test_golden::run;
use regex::Regex;

/// Compares the renderers with the recorded output of the real tools.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask golden", bin_name = "cargo xtask golden")]
struct Args {
    /// Folder of cases [default: $FLEET_CORPUS, else ~/.cache/fleet/corpus/render]
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
    /// Only this suite
    #[arg(long, value_enum)]
    suite: Option<SuiteArg>,
    /// Only cases whose id this pattern finds
    #[arg(long, value_name = "REGEX")]
    only: Option<Regex>,
    /// Renders each case a second time: other bytes are a failure
    #[arg(long)]
    twice: bool,
    /// Folder of the plugins [default: `target/plugins`]
    #[arg(long, env = "FLEET_PLUGINS", value_name = "DIR")]
    plugins: Option<PathBuf>,
    /// Cases at the same time [default: one for each processor]
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum SuiteArg {
    Helm,
    Kustomize,
    Krusty,
    Probes,
}

fn main() -> Result<ExitCode> {
    let args = Args::parse();
    let Some(corpus) = args.corpus.clone().or_else(corpus::find) else {
        bail!("there is no corpus: name a folder by `--corpus`");
    };
    let jobs = args
        .jobs
        .or_else(|| std::thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1);
    let golden = Golden::new(&args, jobs)?;
    let started = Instant::now();
    let mut good = true;
    for (suite, name) in [
        (Suite::Helm, SuiteArg::Helm),
        (Suite::Kustomize, SuiteArg::Kustomize),
        (Suite::Krusty, SuiteArg::Krusty),
    ] {
        if args.suite.is_none_or(|wanted| wanted == name) {
            good &= golden.suite(&args, &corpus, suite, jobs)?;
        }
    }
    if args.suite.is_none_or(|wanted| wanted == SuiteArg::Probes) {
        good &= golden.probes(&args, &corpus, jobs)?;
    }
    eprintln!("done in {:.1} s", started.elapsed().as_secs_f64());
    Ok(if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

struct Golden {
    ours: Ours,
}

impl Golden {
    fn new(args: &Args, jobs: usize) -> Result<Self> {
        let ours = Ours::new(args.plugins.clone(), jobs)?;
        Ok(Self { ours })
    }

    /// Whether all cases are as they should be.
    fn suite(&self, args: &Args, corpus: &Path, suite: Suite, jobs: usize) -> Result<bool> {
        let mut cases = corpus::cases(corpus, suite)?;
        cases.retain(|case| meant(args, &case.id));
        if cases.is_empty() {
            return Ok(true);
        }
        let report = run::suite(&cases, jobs, args.twice, |case| {
            self.ours.render(&ours::options(case))
        });
        report.print(suite.as_str());
        Ok(report.failures.iter().all(|failure| failure.only_bytes))
    }

    fn probes(&self, args: &Args, corpus: &Path, jobs: usize) -> Result<bool> {
        let mut probes = probes::read(corpus)?;
        probes.retain(|probe| meant(args, &probe.id));
        if probes.is_empty() {
            return Ok(true);
        }
        let chart = corpus.join("probes/chart");
        let next = std::sync::atomic::AtomicUsize::new(0);
        let failures = std::sync::Mutex::new(Vec::new());
        let work = || -> Result<()> {
            let dir = tempfile::tempdir()?;
            copy(&chart, dir.path())?;
            let n_next = || next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            while let Some(probe) = probes.get(n_next()) {
                if let Err(why) = probe.judge(&self.probe(probe, dir.path())?) {
                    let failure = format!("FAIL probes/{}: {why} in {}", probe.id, probe.template);
                    failures
                        .lock()
                        .expect("no thread panics with the list")
                        .push(failure);
                }
            }
            Ok(())
        };
        std::thread::scope(|scope| -> Result<()> {
            let threads: Vec<_> = (0..jobs.max(1)).map(|_| scope.spawn(work)).collect();
            threads
                .into_iter()
                .try_for_each(|thread| thread.join().expect("the thread does not panic"))
        })?;
        let mut failures = failures.into_inner().expect("all threads are done");
        failures.sort();
        for failure in &failures {
            eprintln!("{failure}");
        }
        eprintln!(
            "probes: {}/{} as the real tool",
            probes.len() - failures.len(),
            probes.len()
        );
        Ok(failures.is_empty())
    }

    /// Renders the chart with one more template, and takes what that template printed.
    fn probe(&self, probe: &Probe, chart: &Path) -> Result<Result<String, String>> {
        let template = format!("out: {}\n", probe.template);
        fs::write(chart.join("templates/a.yaml"), template)?;
        let rendered = self.ours.render(&Options {
            dir: chart.to_owned(),
            root: Some(chart.to_owned()),
            kind: As::Helm,
            release: Some("rel".to_owned()),
            namespace: Some("ns".to_owned()),
            time: ours::TIME,
            ..Options::default()
        });
        Ok(rendered.map(|bytes| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            text.split_once("\nout: ")
                .map(|(_, out)| out.to_owned())
                .unwrap_or(text)
        }))
    }
}

fn meant(args: &Args, id: &str) -> bool {
    args.only.as_ref().is_none_or(|only| only.is_match(id))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
