//! The compiler and its settings, shared by all plugins of a process.

use std::path::PathBuf;
use std::sync::Arc;

use wasmtime::component::{HasSelf, Linker};
use wasmtime::{Cache, CacheConfig, Config, WasmBacktraceDetails};

use crate::Limits;
use crate::bindings::Everything;
use crate::host::State;

/// Stack of a guest's own frames, in bytes. It is address space: only what is used becomes memory.
const STACK_BYTES: usize = 8 << 20;

/// Room on a fiber's stack for the host functions that a guest calls.
const HOST_STACK_BYTES: usize = 2 << 20;

/// Frames that are kept of a trap: enough to see that they repeat.
const MAX_FRAMES: usize = 200;

/// zstd's level for compiled code, the quickest to unpack that the cache takes: it is written once and read at each
/// start. Nor is it packed again, at level 20, when it has been used often: that takes seconds of CPU.
const COMPRESSION_LEVEL: i32 = 1;

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
        let wasmtime = wasmtime::Engine::new(&config).map_err(compiler)?;
        let mut linker = Linker::new(&wasmtime);
        Everything::add_to_linker::<State, HasSelf<State>>(&mut linker, |state| state)
            .map_err(compiler)?;
        Ok(Self(Arc::new(Inner {
            wasmtime,
            linker,
            limits: options.limits,
            cache,
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

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.limits
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
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
