//! What a run of libFuzzer wrote: its state, its totals, and the input that it stopped at, made as small as it can be.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use anyhow::Context as _;

use super::Target;

/// How long a finding is made smaller.
const MINIMISE_SECONDS: u32 = 60;

/// A log, with bytes that are no UTF-8 replaced: inputs stand in it.
pub(super) fn read(log: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(log).with_context(|| format!("could not read {}", log.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The last line of progress: `#1234 NEW cov: 56 ft: 78 corp: …`.
pub(super) fn state(log: &str) -> String {
    let counted = |line: &&str| {
        let number = line.strip_prefix('#');
        number.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    let line = log.lines().rfind(counted);
    let words: Vec<&str> = line.unwrap_or("starting").split_whitespace().collect();
    words.join(" ")
}

/// The totals at the end of a run.
pub(super) fn stats(log: &str) -> String {
    let stat = |name: &str| {
        let begin = format!("stat::{name}:");
        log.lines()
            .rev()
            .find_map(|line| line.strip_prefix(&begin))
            .map_or("?", str::trim)
    };
    let state = state(log);
    let coverage = state
        .split_once("cov: ")
        .and_then(|(_, rest)| rest.split(' ').next());
    format!(
        "{} inputs run, {} a second; {} edges; slowest {} s; {} MiB",
        stat("number_of_executed_units"),
        stat("average_exec_per_sec"),
        coverage.unwrap_or("?"),
        stat("slowest_unit_time_sec"),
        stat("peak_rss_mb"),
    )
}

/// What a run stopped at: why, the input, and how to run it again.
pub(super) fn describe(target: &Target, log: &str, status: ExitStatus) -> String {
    let why: Vec<&str> = {
        let mut lines = log
            .lines()
            .skip_while(|line| !(line.contains("panicked at") || line.contains("ERROR: ")));
        lines.by_ref().take(4).collect()
    };
    let mut text = format!("FINDING in {}: {status}\n", target.name);
    for line in why {
        text += &format!("    {line}\n");
    }
    let written = "Test unit written to ";
    let Some(input) = log.lines().find_map(|line| {
        line.split_once(written)
            .map(|(_, path)| PathBuf::from(path))
    }) else {
        return text + &format!("    no input was written; see {}", target.log.display());
    };
    let input = minimised(target, &input).unwrap_or(input);
    text += &format!("    input: {}\n", input.display());
    text += &format!(
        "    again: ASAN_OPTIONS=detect_leaks=0 {} {}",
        target.program.display(),
        input.display()
    );
    text
}

/// A smaller input that fails as well, if there is one. Slow and large inputs are left as they are: each try would
/// take as long as the finding itself.
fn minimised(target: &Target, input: &Path) -> Option<PathBuf> {
    let name = input.file_name()?.to_string_lossy().into_owned();
    if !name.starts_with("crash-") {
        return None;
    }
    let smaller = input.with_file_name(format!("small-{name}"));
    let log = fs::File::create(target.log.with_extension("minimise.log")).ok()?;
    target
        .command()
        .arg("-minimize_crash=1")
        .arg(format!("-max_total_time={MINIMISE_SECONDS}"))
        .arg(format!("-exact_artifact_path={}", smaller.display()))
        .arg(input)
        .stdout(Stdio::null())
        .stderr(log)
        .status()
        .ok()?;
    smaller.exists().then_some(smaller)
}
