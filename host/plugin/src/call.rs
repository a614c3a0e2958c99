//! One call of a guest: a fresh store, the limits, and what comes of it.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use wasmtime::component::{Instance, InstancePre};
use wasmtime::{Store, Trap, WasmBacktrace};

use crate::error::{Cause, Error, Frame};
use crate::host::{State, Stop};
use crate::limits::Exceeded;
use crate::pause;
use crate::{Context, Engine, Limits, LogLine, Trace};

/// After so much fuel (about a millisecond) a guest lets other tasks run, and its deadline is looked at.
const YIELD_INTERVAL: u64 = 10_000_000;

/// How many frames of a trap are told.
const TOLD_FRAMES: usize = 8;

/// What a call came to.
#[derive(Clone, Debug)]
pub struct Call<T> {
    /// What the plugin gave.
    pub result: Result<T, Error>,
    /// What it asked, and what it was answered.
    pub trace: Trace,
    /// What it used.
    pub usage: Usage,
    /// What it logged, within bounds.
    pub log: Vec<LogLine>,
}

/// What a call used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Fuel; the same in every call with the same inputs.
    pub fuel: u64,
    /// Memory of the guest, in bytes.
    pub memory_bytes: usize,
    /// Time.
    pub elapsed: Duration,
}

/// The part of a call that differs between worlds.
pub(crate) type Guest<'a, T> =
    Pin<Box<dyn Future<Output = wasmtime::Result<Result<T, Cause>>> + Send + 'a>>;

/// Instantiates a component and calls it.
pub(crate) async fn run<T>(
    engine: &Engine,
    pre: &InstancePre<State>,
    plugin: &str,
    context: &Context,
    limits: &Limits,
    guest: impl for<'a> FnOnce(&'a mut Store<State>, Instance) -> Guest<'a, T>,
) -> Call<T> {
    let _turn = engine.turn().await;
    let begin = Instant::now();
    let mut store = Store::new(engine.wasmtime(), State::new(plugin, context, limits));
    store.limiter(|state| &mut state.limiter);
    let pause = Arc::clone(&store.data().pause);
    // What a guest hands over in one call, its result included; the exact check of an output is on its parts.
    store.set_hostcall_fuel(limits.output_bytes.saturating_add(limits.output_bytes / 4));
    let fueled = store
        .set_fuel(limits.fuel)
        .and_then(|()| store.fuel_async_yield_interval(Some(YIELD_INTERVAL)));
    let result = match fueled {
        Err(error) => Err(Cause::Host(format!("{error:#}"))),
        Ok(()) => {
            let call = async {
                let instance = pre.instantiate_async(&mut store).await?;
                guest(&mut store, instance).await
            };
            match pause::within(limits.wall, &pause, call).await {
                Some(Ok(result)) => result,
                Some(Err(error)) => Err(classify(&error, store.data())),
                None => Err(Cause::TimedOut { limit: limits.wall }),
            }
        }
    };
    let left = store.get_fuel().unwrap_or(0);
    let state = store.into_data();
    Call {
        result: result.map_err(|cause| Error {
            plugin: plugin.to_owned(),
            cause,
        }),
        trace: state.trace,
        usage: Usage {
            fuel: limits.fuel.saturating_sub(left),
            memory_bytes: state.limiter.memory(),
            elapsed: begin.elapsed(),
        },
        log: state.log.into_lines(),
    }
}

impl<T> Call<T> {
    /// A call that did not happen.
    pub(crate) fn refused(plugin: &str, cause: Cause) -> Self {
        Self {
            result: Err(Error {
                plugin: plugin.to_owned(),
                cause,
            }),
            trace: Trace::default(),
            usage: Usage::default(),
            log: Vec::new(),
        }
    }
}

/// What an error of wasmtime means.
fn classify(error: &wasmtime::Error, state: &State) -> Cause {
    if let Some(exceeded) = error.downcast_ref::<Exceeded>() {
        return Cause::OutOfMemory {
            what: exceeded.what,
            wanted: exceeded.wanted,
            limit: exceeded.limit,
        };
    }
    if let Some(stop) = error.downcast_ref::<Stop>() {
        return Cause::Stopped(stop.to_string());
    }
    let text = format!("{error:#}");
    if text.contains("fuel allocated for hostcalls") {
        return Cause::OutputTooLarge {
            limit: state.limits.output_bytes,
        };
    }
    let backtrace = error.downcast_ref::<WasmBacktrace>();
    let trap = error.downcast_ref::<Trap>();
    match trap {
        Some(Trap::OutOfFuel) => Cause::OutOfFuel {
            limit: state.limits.fuel,
        },
        Some(Trap::StackOverflow) => Cause::StackOverflow {
            frames: frames(backtrace),
        },
        // The guest's own stack comes first in its memory, so what overflows it is an access below 0.
        Some(Trap::MemoryOutOfBounds) if backtrace.is_some_and(repeats) => Cause::StackOverflow {
            frames: frames(backtrace),
        },
        Some(trap) => Cause::Trapped {
            what: state
                .log
                .panic()
                .map_or_else(|| trap_text(*trap), str::to_owned),
            frames: frames(backtrace),
        },
        None => Cause::BadOutput(error.root_cause().to_string()),
    }
}

fn trap_text(trap: Trap) -> String {
    let text = trap.to_string();
    text.strip_prefix("wasm trap: ").unwrap_or(&text).to_owned()
}

/// Whether the same few functions stand on the stack again and again.
fn repeats(backtrace: &WasmBacktrace) -> bool {
    let frames = backtrace.frames();
    let mut counts: HashMap<u32, usize> = HashMap::new();
    for frame in frames {
        *counts.entry(frame.func_index()).or_default() += 1;
    }
    frames.len() >= 64 && counts.values().any(|count| *count >= 8)
}

/// The innermost frames that are the plugin's own, not those of the machinery of panics and allocation.
fn frames(backtrace: Option<&WasmBacktrace>) -> Vec<Frame> {
    let all = backtrace
        .into_iter()
        .flat_map(|backtrace| backtrace.frames());
    let frames = all.flat_map(|frame| {
        let symbols: Vec<Frame> = frame
            .symbols()
            .iter()
            .filter_map(|symbol| {
                Some(Frame {
                    function: demangle(symbol.name().or_else(|| frame.func_name())?),
                    place: symbol
                        .file()
                        .map(|file| (short(file), symbol.line().unwrap_or(0))),
                })
            })
            .collect();
        match (symbols.is_empty(), frame.func_name()) {
            (true, Some(name)) => vec![Frame {
                function: demangle(name),
                place: None,
            }],
            _ => symbols,
        }
    });
    frames
        .skip_while(|frame| is_machinery(&frame.function))
        .take(TOLD_FRAMES)
        .collect()
}

fn is_machinery(function: &str) -> bool {
    const PREFIXES: [&str; 8] = [
        "core::", "std::", "alloc::", "__rust", "__rustc", "rust_", "<alloc::", "<core::",
    ];
    PREFIXES.iter().any(|prefix| function.starts_with(prefix)) || function == "abort"
}

fn demangle(name: &str) -> String {
    let name = format!("{:#}", rustc_demangle::demangle(name));
    name.chars().take(200).collect()
}

/// A path as our build writes it (`cargo xtask plugins` replaces the top of the work tree by `/fleet`), relative again.
fn short(file: &str) -> String {
    let file = file.strip_prefix("/fleet/").unwrap_or(file);
    file.chars().take(200).collect()
}
