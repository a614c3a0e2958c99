//! CPU time of this process and of the processes that it waited for.

use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// What something took.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// User and system time.
    pub(crate) cpu: Duration,
    /// From begin to end.
    pub(crate) wall: Duration,
}

/// Runs `work` and says what CPU time all threads of this process took meanwhile.
pub(crate) fn of<T>(work: impl FnOnce() -> T) -> Result<(T, Cost)> {
    measure(UsageWho::RUSAGE_SELF, work)
}

/// Runs a program to its end, and says what CPU time it and its children took.
///
/// Nothing else may wait for a child meanwhile.
pub(crate) fn of_program(command: &mut Command) -> Result<(Output, Cost)> {
    command.stdin(Stdio::null());
    let (output, cost) = measure(UsageWho::RUSAGE_CHILDREN, || command.output())?;
    let output =
        output.with_context(|| format!("could not run {}", command.get_program().display()))?;
    Ok((output, cost))
}

/// Runs a program that must succeed, twice: the least of each kind of time.
///
/// # Errors
/// With what it wrote to its standard error, if it fails.
pub(crate) fn least_of_two(command: &mut Command) -> Result<Cost> {
    let (one, other) = (of_success(command)?, of_success(command)?);
    Ok(Cost {
        cpu: one.cpu.min(other.cpu),
        wall: one.wall.min(other.wall),
    })
}

/// Runs a program that must succeed.
///
/// # Errors
/// With what it wrote to its standard error, if it fails.
pub(crate) fn of_success(command: &mut Command) -> Result<Cost> {
    let (output, cost) = of_program(command)?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(cost)
}

fn measure<T>(who: UsageWho, work: impl FnOnce() -> T) -> Result<(T, Cost)> {
    let before = spent(who)?;
    let begin = Instant::now();
    let made = work();
    let wall = begin.elapsed();
    let cpu = spent(who)?.saturating_sub(before);
    Ok((made, Cost { cpu, wall }))
}

fn spent(who: UsageWho) -> Result<Duration> {
    let usage = getrusage(who).context("the system does not tell what was used")?;
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Ok(Duration::from_micros(
        u64::try_from(microseconds).unwrap_or(0),
    ))
}
