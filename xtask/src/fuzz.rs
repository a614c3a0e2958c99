//! `cargo xtask fuzz`: builds the fuzz targets for libFuzzer, runs them, and says what they found.

mod finding;
mod seeds;

use std::collections::VecDeque;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use crate::plugins;

/// The targets, each a file in `fuzz/`, with the feature of that package that it needs.
const TARGETS: [(&str, Option<&str>); 8] = [
    ("template", None),
    ("yaml", None),
    ("kustomization", None),
    ("patch", None),
    ("replacements", None),
    ("fleet_yaml", None),
    ("webhook", None),
    ("gitrepo", Some("host")),
];

/// Coverage and the address sanitizer, as `cargo fuzz` sets them; a stable compiler takes them with
/// `RUSTC_BOOTSTRAP=1`.
const RUSTFLAGS: [&str; 8] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
    "-Zsanitizer=address",
    "-Ccodegen-units=1",
];

/// Seconds that one input may take; the slowest that is right takes some tenths.
const TIMEOUT_SECONDS: u32 = 10;

/// Memory that one input may take, in MiB, sanitizer included.
const MEMORY_MIB: u32 = 2048;

/// The longest input, in bytes.
const MAX_INPUT: usize = 4096;

/// How often the state of all that runs is printed.
const PROGRESS: Duration = Duration::from_secs(60);

/// Arguments of `cargo xtask fuzz`.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct Args {
    /// Runs only these targets.
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// How long each target runs; 0 runs the seeds and what earlier runs kept, and no more.
    #[arg(long, default_value_t = 30.0)]
    minutes: f64,
    /// How many targets run at the same time.
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Where inputs that reached something new, logs and findings are kept; `~/.cache/fleet/fuzz` if not set.
    #[arg(long, env = "FLEET_FUZZ_DIR", value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Only builds.
    #[arg(long)]
    build: bool,
}

/// One target and its places on disk.
struct Target {
    name: &'static str,
    program: PathBuf,
    /// Kept in the repository.
    seeds: PathBuf,
    dictionary: PathBuf,
    /// What earlier runs kept.
    corpus: PathBuf,
    findings: PathBuf,
    log: PathBuf,
}

/// How a target's run ended.
struct Run {
    status: ExitStatus,
    elapsed: Duration,
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let targets = chosen(&args.targets)?;
    let root = plugins::root();
    let dir = match &args.dir {
        Some(dir) => std::path::absolute(dir)?,
        None => std::env::home_dir()
            .context("there is no home directory; say where with `--dir`")?
            .join(".cache/fleet/fuzz"),
    };
    let triple = host_triple()?;
    for feature in [None, Some("host")] {
        let names: Vec<&str> = targets
            .iter()
            .filter(|(_, needs)| *needs == feature)
            .map(|(name, _)| *name)
            .collect();
        if !names.is_empty() {
            build(&root, &triple, &names, feature)?;
        }
    }
    if args.build {
        return Ok(());
    }
    let targets: VecDeque<Target> = targets
        .iter()
        .map(|(name, _)| Target::new(&root, &triple, &dir, name))
        .collect::<anyhow::Result<_>>()?;
    run_all(targets, args)
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<(&'static str, Option<&'static str>)>> {
    for name in names {
        let known = TARGETS.map(|(known, _)| known);
        ensure!(
            known.contains(&name.as_str()),
            "there is no fuzz target `{name}`; there are {}",
            known.join(", ")
        );
    }
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    Ok(TARGETS
        .into_iter()
        .filter(|(name, _)| wanted(name))
        .collect())
}

/// The sanitizer's flags must not reach build scripts and macros, so the triple is named even though it is the host's.
fn host_triple() -> anyhow::Result<String> {
    let output = Command::new("rustc")
        .arg("-vV")
        .output()
        .context("could not run `rustc -vV`")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let triple = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(triple
        .context("`rustc -vV` names no host")?
        .trim()
        .to_owned())
}

fn target_dir(root: &Path) -> PathBuf {
    root.join("target/fuzz")
}

fn build(root: &Path, triple: &str, names: &[&str], feature: Option<&str>) -> anyhow::Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["build", "--release", "--target", triple, "--target-dir"])
        .arg(target_dir(root))
        .arg("--manifest-path")
        .arg(root.join("fuzz/Cargo.toml"))
        .args(names.iter().flat_map(|name| ["--bin", name]))
        .args(feature.into_iter().flat_map(|name| ["--features", name]))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\x1f"));
    eprintln!("building {}", names.join(", "));
    let status = command.status().context("could not run cargo")?;
    ensure!(status.success(), "the fuzz targets do not build: {status}");
    Ok(())
}

impl Target {
    fn new(root: &Path, triple: &str, dir: &Path, name: &'static str) -> anyhow::Result<Self> {
        let target = Self {
            name,
            program: target_dir(root).join(triple).join("release").join(name),
            seeds: root.join("fuzz/seeds").join(name),
            dictionary: root.join("fuzz/dictionaries").join(format!("{name}.dict")),
            corpus: dir.join("corpus").join(name),
            findings: dir.join("findings").join(name),
            log: dir.join(format!("{name}.log")),
        };
        for folder in [&target.corpus, &target.findings] {
            fs::create_dir_all(folder)
                .with_context(|| format!("could not make {}", folder.display()))?;
        }
        seeds::from_recorded(name, &target.corpus, MAX_INPUT)?;
        Ok(target)
    }

    /// The program with the flags of every run.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        // What a template puts into itself is never freed; that is Rc's nature, and the sandbox ends with its memory.
        command
            .env("ASAN_OPTIONS", "detect_leaks=0")
            .args([
                format!("-timeout={TIMEOUT_SECONDS}"),
                format!("-rss_limit_mb={MEMORY_MIB}"),
            ])
            .stdin(Stdio::null());
        command
    }

    fn run(&self, minutes: f64) -> anyhow::Result<Run> {
        let log = File::create(&self.log)
            .with_context(|| format!("could not write {}", self.log.display()))?;
        let mut command = self.command();
        command.args([
            "-print_final_stats=1".to_owned(),
            format!("-max_len={MAX_INPUT}"),
        ]);
        if minutes > 0.0 {
            // Whole seconds, and never 0, which means for ever.
            let seconds = (minutes * 60.0).ceil().max(1.0);
            command.arg(format!("-max_total_time={seconds}"));
        } else {
            command.arg("-runs=0");
        }
        if self.dictionary.exists() {
            command.arg(format!("-dict={}", self.dictionary.display()));
        }
        command
            .arg(format!("-artifact_prefix={}/", self.findings.display()))
            .arg(&self.corpus)
            .args(self.seeds.exists().then_some(&self.seeds))
            .stdout(log.try_clone()?)
            .stderr(log);
        let started = Instant::now();
        let mut child = command
            .spawn()
            .with_context(|| format!("could not start {}", self.program.display()))?;
        let mut shown = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Run {
                    status,
                    elapsed: started.elapsed(),
                });
            }
            thread::sleep(Duration::from_millis(200));
            if shown.elapsed() >= PROGRESS {
                shown = Instant::now();
                let log = finding::read(&self.log)?;
                let minutes = started.elapsed().as_secs() / 60;
                println!(
                    "{:14} {minutes:>3} min  {}",
                    self.name,
                    finding::state(&log)
                );
            }
        }
    }
}

/// Runs the targets, so many at a time, and says of each how it ended.
fn run_all(targets: VecDeque<Target>, args: &Args) -> anyhow::Result<()> {
    let n_jobs = args.jobs.clamp(1, targets.len().max(1));
    let queue = Mutex::new(targets);
    let failed = Mutex::new(Vec::new());
    let work = || -> anyhow::Result<()> {
        loop {
            let next = queue
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            let Some(target) = next else { return Ok(()) };
            let run = target.run(args.minutes)?;
            let log = finding::read(&target.log)?;
            println!(
                "{:14} {:>3} s    {}",
                target.name,
                run.elapsed.as_secs(),
                finding::stats(&log)
            );
            if !run.status.success() {
                let text = finding::describe(&target, &log, run.status);
                println!("{text}");
                failed
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .push(target.name);
            }
        }
    };
    thread::scope(|scope| -> anyhow::Result<()> {
        let workers: Vec<_> = (0..n_jobs).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            match worker.join() {
                Ok(done) => done?,
                Err(_) => bail!("a worker panicked"),
            }
        }
        Ok(())
    })?;
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    ensure!(failed.is_empty(), "findings in {}", failed.join(", "));
    Ok(())
}
