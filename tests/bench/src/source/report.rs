//! What was measured, as tables for people and as JSON.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};

use super::Check;
use super::polling::Polled;
use super::traffic::{Kind, Traffic};
use super::versus::{Row, Sample};
use crate::stats::{median, ms, quantile};

/// All that people want to see of a host that polls.
pub(super) fn polling(polled: &Polled) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: String| {
        let _ = writeln!(text, "{name:28} {value}");
    };
    let args = &polled.args;
    line(
        "polling",
        format!(
            "{} GitRepos of {} repositories, each {} s, for {:.0} s",
            args.gitrepos,
            args.repositories,
            args.interval,
            polled.window.as_secs_f64()
        ),
    );
    line(
        "  applied and rendered",
        format!(
            "{:.1} s, {:.1} s of CPU, {} fetches",
            polled.settled.as_secs_f64(),
            polled.settled_cpu.as_secs_f64(),
            polled.first.count(Kind::Fetch)
        ),
    );
    line(
        "  CPU of the host",
        format!(
            "{:.2} s a minute, {:.2} % of one core, {:.2} ms a GitRepo looked at",
            cpu_a_minute(polled),
            cpu_a_minute(polled) / 0.6,
            ms(polled.cpu) / polled.looks.max(1.0)
        ),
    );
    let mib = |kib: u64| kib as f64 / 1024.0;
    line(
        "  memory of the host",
        format!(
            "{:.1} MiB before, {:.1} MiB after, {:.1} MiB at most",
            mib(polled.memory_before.now),
            mib(polled.memory_after.now),
            mib(polled.memory_after.peak)
        ),
    );
    line(
        "  GitRepos looked at",
        format!(
            "{:.0} of {:.0} expected, {:.0} failed",
            polled.looks,
            polled.expected_looks(),
            polled.failed_looks
        ),
    );
    let steady = &polled.steady;
    let a_minute = |kind| polled.a_minute(steady.count(kind));
    line(
        "  requests a minute",
        format!(
            "{:.0}: {:.0} greetings, {:.0} polls, {:.0} fetches",
            polled.a_minute(steady.len()),
            a_minute(Kind::Greeting),
            a_minute(Kind::Poll),
            a_minute(Kind::Fetch)
        ),
    );
    let seconds = |durations: &[Duration]| -> String {
        let all: Vec<f64> = durations.iter().map(Duration::as_secs_f64).collect();
        let at = |share| quantile(&all, share);
        format!(
            "median {:.1} s, p95 {:.1} s, most {:.1} s",
            at(0.5),
            at(0.95),
            at(1.0)
        )
    };
    line("  between two polls", seconds(&steady.pauses()));
    let pushed = &polled.pushed;
    line(
        "  from push to render",
        format!(
            "{} ({} GitRepos of {} repositories)",
            seconds(&pushed.delays),
            pushed.delays.len(),
            pushed.repos.len()
        ),
    );
    text
}

fn cpu_a_minute(polled: &Polled) -> f64 {
    polled.cpu.as_secs_f64() * 60.0 / polled.window.as_secs_f64()
}

/// The same for programs.
pub(super) fn polling_json(polled: &Polled) -> Value {
    let requests = |traffic: &Traffic| {
        json!({
            "greetings": traffic.count(Kind::Greeting),
            "polls": traffic.count(Kind::Poll),
            "fetches": traffic.count(Kind::Fetch),
            "histories": traffic.count(Kind::History),
            "others": traffic.count(Kind::Other),
        })
    };
    let seconds = |durations: &[Duration]| -> Vec<f64> {
        durations.iter().map(Duration::as_secs_f64).collect()
    };
    json!({
        "gitrepos": polled.args.gitrepos,
        "repositories": polled.args.repositories,
        "interval_seconds": polled.args.interval,
        "settled_seconds": polled.settled.as_secs_f64(),
        "settled_cpu_seconds": polled.settled_cpu.as_secs_f64(),
        "first_requests": requests(&polled.first),
        "window_seconds": polled.window.as_secs_f64(),
        "cpu_seconds": polled.cpu.as_secs_f64(),
        "memory_before_kib": polled.memory_before.now,
        "memory_after_kib": polled.memory_after.now,
        "memory_peak_kib": polled.memory_after.peak,
        "looks": polled.looks,
        "expected_looks": polled.expected_looks(),
        "failed_looks": polled.failed_looks,
        "requests": requests(&polled.steady),
        "pauses_seconds": seconds(&polled.steady.pauses()),
        "push_requests": requests(&polled.pushed.traffic),
        "push_renders": polled.pushed.renders,
        "push_seconds": seconds(&polled.pushed.delays),
        "checks": polled.checks().iter().map(|check| json!({
            "what": check.what,
            "holds": check.holds,
            "seen": check.seen,
        })).collect::<Vec<_>>(),
    })
}

/// One line about something that must hold.
pub(super) fn check(check: &Check) -> String {
    let holds = if check.holds { "holds " } else { "BROKEN" };
    format!("{holds}  {}: {}", check.what, check.seen)
}

/// A table of both, medians.
pub(super) fn versus(rows: &[Row]) -> String {
    let mut text = String::new();
    let n_runs = rows.first().map_or(0, |row| row.git.len());
    let _ = writeln!(
        text,
        "{:38} {:>10} {:>10} {:>6}  {:>10} {:>10}  {:>8} {:>8}  {:>9} {:>9}",
        format!("fleet-source, git; median of {n_runs}"),
        "CPU ms",
        "git",
        "ratio",
        "wall ms",
        "git",
        "MiB",
        "git",
        "read KiB",
        "git"
    );
    for row in rows {
        let of = |samples: &[Sample], value: &dyn Fn(&Sample) -> f64| {
            median(&samples.iter().map(value).collect::<Vec<_>>())
        };
        let both = |value: &dyn Fn(&Sample) -> f64| (of(&row.ours, value), of(&row.git, value));
        let (cpu, git_cpu) = both(&|sample| ms(sample.cost.cpu));
        let (wall, git_wall) = both(&|sample| ms(sample.cost.wall));
        let (peak, git_peak) = both(&|sample| sample.peak as f64 / 1024.0);
        let (read, git_read) = both(&|sample| sample.bytes as f64 / 1024.0);
        let _ = writeln!(
            text,
            "{:38} {cpu:>10.2} {git_cpu:>10.2} {:>6.1}  {wall:>10.2} {git_wall:>10.2}  \
             {peak:>8.1} {git_peak:>8.1}  {read:>9.1} {git_read:>9.1}",
            row.what,
            git_cpu / cpu.max(1e-3)
        );
    }
    text
}

/// The same for programs, each run.
pub(super) fn versus_json(rows: &[Row]) -> Value {
    let samples = |samples: &[Sample]| -> Vec<Value> {
        let one = |sample: &Sample| {
            json!({
                "cpu_ms": ms(sample.cost.cpu),
                "wall_ms": ms(sample.cost.wall),
                "peak_kib": sample.peak,
                "read_bytes": sample.bytes,
            })
        };
        samples.iter().map(one).collect()
    };
    let row = |row: &Row| {
        json!({
            "what": row.what,
            "fleet": samples(&row.ours),
            "git": samples(&row.git),
        })
    };
    rows.iter().map(row).collect()
}
