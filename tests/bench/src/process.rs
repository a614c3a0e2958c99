//! What other processes take: one that runs on, and one from its begin to its end.

use std::ffi::OsString;
use std::fs;
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use nix::sys::resource::{UsageWho, getrusage};
use nix::unistd::{SysconfVar, sysconf};
use serde_json::{Value, json};

use crate::cpu::{self, Cost};

/// User and system time that a running process has taken until now, with that of the children that it waited for.
pub(crate) fn cpu_time(id: u32) -> Result<Duration> {
    let ticks_per_second = sysconf(SysconfVar::CLK_TCK)?.context("the system has no ticks")?;
    let stat = fs::read_to_string(format!("/proc/{id}/stat"))?;
    let ticks = ticks(&stat).context("this is not how the system tells of a process")?;
    Ok(Duration::from_secs_f64(
        ticks as f64 / ticks_per_second as f64,
    ))
}

/// User and system time of a process and its children, in ticks: fields 14 to 17 of proc(5) `stat`.
fn ticks(stat: &str) -> Option<u64> {
    // The name before may hold anything.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let times = fields.get(11..15)?.iter().map(|field| field.parse::<u64>());
    times.sum::<Result<_, _>>().ok()
}

/// Memory of a running process, in KiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Memory {
    /// What is resident now.
    pub(crate) now: u64,
    /// The most that ever was.
    pub(crate) peak: u64,
}

/// Memory of a running process.
pub(crate) fn memory(id: u32) -> Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{id}/status"))?;
    resident(&status).context("this is not how the system tells of memory")
}

fn resident(status: &str) -> Option<Memory> {
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some(Memory {
        now: field("VmRSS:")?,
        peak: field("VmHWM:")?,
    })
}

/// Runs a program and prints what it and its children took, as JSON.
///
/// A process of its own, because the system counts the children of a process together, and a server that answers in
/// between has children too; and because a child is said to have had the memory that its parent had.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Measured {
    /// The program, and what it is given.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    program: Vec<OsString>,
}

impl Measured {
    /// Runs it.
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let (name, args) = self.program.split_first().context("no program was named")?;
        let (output, cost) = cpu::of_program(Command::new(name).args(args))?;
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
        eprint!("{}", String::from_utf8_lossy(&output.stderr));
        if !output.status.success() {
            return Ok(ExitCode::FAILURE);
        }
        let taken = json!({
            "cpu_ns": nanoseconds(cost.cpu),
            "wall_ns": nanoseconds(cost.wall),
            "peak_kib": usage.max_rss(),
            "said": String::from_utf8_lossy(&output.stdout),
        });
        println!("{taken}");
        Ok(ExitCode::SUCCESS)
    }
}

/// What one process took from its begin to its end.
#[derive(Clone, Debug)]
pub(crate) struct Taken {
    /// CPU time with that of its children, and time.
    pub(crate) cost: Cost,
    /// The most memory that it or one of its children had, in KiB.
    pub(crate) peak: u64,
    /// What it printed.
    pub(crate) said: String,
}

/// Runs a program that must succeed, and says what it and its children took.
///
/// # Errors
/// With what it wrote to its standard error, if it fails.
pub(crate) fn measured(program: &Command) -> Result<Taken> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("measured").arg("--").arg(program.get_program());
    command.args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    let output = command.output()?;
    ensure!(
        output.status.success(),
        "{} failed: {}",
        program.get_program().display(),
        String::from_utf8_lossy(&output.stderr)
    );
    let told: Value = serde_json::from_slice(&output.stdout)?;
    Ok(Taken {
        cost: cost(&told)?,
        peak: number(&told, "peak_kib")?,
        said: told["said"].as_str().unwrap_or_default().to_owned(),
    })
}

/// A cost as one of our own processes tells it.
pub(crate) fn told(cost: Cost) -> Value {
    json!({"cpu_ns": nanoseconds(cost.cpu), "wall_ns": nanoseconds(cost.wall)})
}

/// Reads what [`told`] wrote.
pub(crate) fn cost(told: &Value) -> Result<Cost> {
    Ok(Cost {
        cpu: Duration::from_nanos(number(told, "cpu_ns")?),
        wall: Duration::from_nanos(number(told, "wall_ns")?),
    })
}

fn number(told: &Value, name: &str) -> Result<u64> {
    told[name]
        .as_u64()
        .with_context(|| format!("there is no `{name}` in {told}"))
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_process_may_hold_what_parts_fields() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 100 200 0 0 31 4 15 9 20 0 5 0 100 1 1";
        assert_eq!(ticks(stat), Some(31 + 4 + 15 + 9));
        assert_eq!(ticks("7 (a) S 1"), None);
    }

    #[test]
    fn memory_is_what_is_resident() {
        let status = "Name:\ta\nVmPeak:\t  900 kB\nVmHWM:\t  300 kB\nVmRSS:\t  200 kB\n";
        let expected = Memory {
            now: 200,
            peak: 300,
        };
        assert_eq!(resident(status), Some(expected));
        assert_eq!(resident("Name:\ta\n"), None);
    }

    #[test]
    fn this_process_takes_time_and_memory() {
        let id = std::process::id();
        let before = cpu_time(id).unwrap();
        let mut n = 0_u64;
        while cpu_time(id).unwrap() == before {
            n = std::hint::black_box(n + 1);
        }
        let memory = memory(id).unwrap();
        assert!(memory.now > 0 && memory.now <= memory.peak, "{memory:?}");
    }
}
