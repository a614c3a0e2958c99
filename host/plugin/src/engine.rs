//! The compiler and its settings, shared by all plugins of a process.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{Semaphore, SemaphorePermit};
use wasmtime::component::{HasSelf, Linker};
use wasmtime::{
    Cache, CacheConfig, Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig,
    WasmBacktraceDetails,
};

use crate::Limits;
use crate::bindings::Everything;
use crate::host::State;
use crate::limits::{MAX_MEMORIES, MAX_TABLES};

/// Stack of a guest's own frames, in bytes. It is address space: only what is used becomes memory.
const STACK_BYTES: usize = 8 << 20;

/// Room on a fiber's stack for the host functions that a guest calls.
const HOST_STACK_BYTES: usize = 2 << 20;

/// Frames that are kept of a trap: enough to see that they repeat.
const MAX_FRAMES: usize = 200;

/// zstd's level for compiled code, the quickest to unpack that the cache takes: it is written once and read at each
/// start. Nor is it packed again, at level 20, when it has been used often: that takes seconds of CPU.
const COMPRESSION_LEVEL: i32 = 1;

/// Calls that run at the same time; more wait for their turn.
const MAX_CALLS: u32 = 64;

/// What stays mapped of a guest's memory for the next guest, zeroed: most need less. A process keeps it for each of the
/// calls that ever ran at the same time.
const KEPT_BYTES: usize = 4 << 20;

/// How an [`Engine`] is made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where compiled code is kept; without it, every start compiles. Nobody else may be able to write there: what is
    /// in it runs.
    pub cache_dir: Option<PathBuf>,
    /// Limits of every plugin that has none of its own.
    pub limits: Limits,
}

/// Why there is no engine.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The folder for compiled code cannot be used.
    #[error("cannot keep compiled plugins in `{}`: {why}", path.display())]
    CacheDir {
        /// The folder.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// The compiler does not work on this machine.
    #[error("cannot run plugins on this machine: {0}")]
    Compiler(String),
}

/// Compiles and runs plugins. Cheap to clone; one for each process is enough.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    wasmtime: wasmtime::Engine,
    linker: Linker<State>,
    limits: Limits,
    cache: Option<Cache>,
    calls: Semaphore,
}

impl Engine {
    /// Makes an engine.
    ///
    /// # Errors
    /// If the folder for compiled code cannot be made or written, or this machine has no compiler.
    pub fn new(options: Options) -> Result<Self, EngineError> {
        let mut config = Config::new();
        config
            .wasm_component_model(true)
            .consume_fuel(true)
            .max_wasm_stack(STACK_BYTES)
            .async_stack_size(STACK_BYTES + HOST_STACK_BYTES)
            // The same bits on every machine: no NaN payloads, no instruction whose result the hardware chooses.
            .cranelift_nan_canonicalization(true)
            .wasm_relaxed_simd(false)
            .wasm_backtrace_details(WasmBacktraceDetails::Enable)
            .wasm_backtrace_max_frames(std::num::NonZeroUsize::new(MAX_FRAMES));
        let cache = options.cache_dir.map(open_cache).transpose()?;
        config.cache(cache.clone());
        let compiler = |error: wasmtime::Error| EngineError::Compiler(format!("{error:#}"));
        let wasmtime = engine(&mut config, &options.limits).map_err(compiler)?;
        let mut linker = Linker::new(&wasmtime);
        Everything::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)
            .map_err(compiler)?;
        Ok(Self(Arc::new(Inner {
            wasmtime,
            linker,
            limits: options.limits,
            cache,
            calls: Semaphore::new(MAX_CALLS as usize),
        })))
    }

    /// How many plugins were found compiled, and how many had to be compiled; none without a folder for them.
    pub fn cache_hits_and_misses(&self) -> (usize, usize) {
        let counts = |cache: &Cache| (cache.cache_hits(), cache.cache_misses());
        self.0.cache.as_ref().map_or((0, 0), counts)
    }

    pub(crate) fn wasmtime(&self) -> &wasmtime::Engine {
        &self.0.wasmtime
    }

    pub(crate) fn linker(&self) -> &Linker<State> {
        &self.0.linker
    }

    /// Waits until a call may run.
    pub(crate) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // It is never closed.
        self.0.calls.acquire().await.ok()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// Memory of guests comes from a pool where the kernel tells which pages of a guest were written (Linux 6.7): only
/// these are zeroed for the next one, and mapping and faulting in memory for each call is saved. Elsewhere, or where
/// so much address space is not to be had, each call has a mapping of its own.
fn engine(config: &mut Config, limits: &Limits) -> wasmtime::Result<wasmtime::Engine> {
    if PoolingAllocationConfig::is_pagemap_scan_available() {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
        if let Ok(engine) = wasmtime::Engine::new(config) {
            return Ok(engine);
        }
        config.allocation_strategy(InstanceAllocationStrategy::OnDemand);
    }
    wasmtime::Engine::new(config)
}

/// A pool that [`MAX_CALLS`] calls cannot exhaust, as what each may have is bounded.
fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(MAX_CALLS)
        .total_stacks(MAX_CALLS)
        .total_memories(MAX_CALLS * MAX_MEMORIES)
        .total_tables(MAX_CALLS * MAX_TABLES)
        // These are only counted, and a component of Python has many.
        .total_core_instances(MAX_CALLS * 1000)
        .max_core_instances_per_component(1000)
        .max_memories_per_component(MAX_MEMORIES)
        .max_memories_per_module(MAX_MEMORIES)
        .max_tables_per_component(MAX_TABLES)
        .max_tables_per_module(MAX_TABLES)
        .max_core_instance_size(16 << 20)
        .max_component_instance_size(16 << 20)
        .table_elements(limits.table_elements)
        .pagemap_scan(Enabled::Auto)
        .linear_memory_keep_resident(KEPT_BYTES)
        .max_unused_warm_slots(0);
    pool
}

/// Wasmtime's own cache: it keys by component, compiler and settings, and keeps `unsafe` out of our code.
fn open_cache(path: PathBuf) -> Result<Cache, EngineError> {
    let fail = |why: String| EngineError::CacheDir {
        path: path.clone(),
        why,
    };
    let absolute = std::path::absolute(&path).map_err(|error| fail(error.to_string()))?;
    std::fs::create_dir_all(&absolute).map_err(|error| fail(error.to_string()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let ours_alone = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(&absolute, ours_alone).map_err(|error| fail(error.to_string()))?;
    }
    let mut config = CacheConfig::new();
    config
        .with_directory(absolute)
        .with_baseline_compression_level(COMPRESSION_LEVEL)
        .with_optimized_compression_level(COMPRESSION_LEVEL)
        .with_optimized_compression_usage_counter_threshold(u64::MAX);
    Cache::new(config).map_err(|error| fail(format!("{error:#}")))
}
