//! What one call may use. The limits are part of the contract, the same on every host and in every test.

use std::time::Duration;

use wasmtime::ResourceLimiter;

/// Memories that a component may have.
pub(crate) const MAX_MEMORIES: u32 = 50;

/// Tables that a component may have.
pub(crate) const MAX_TABLES: u32 = 200;

/// Bounds of one call of a plugin; an operator may change them for each plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Memory of the guest, in bytes, all its memories together.
    pub memory_bytes: usize,
    /// Fuel: one unit for most instructions, about 9 G units in a second. Running out is exactly repeatable.
    pub fuel: u64,
    /// Time from the start of the call to its end.
    pub wall: Duration,
    /// Size of a file that the guest may read, in bytes.
    pub file_bytes: u64,
    /// What the host gives to a call besides files, in bytes: settings, values, inputs, objects.
    pub input_bytes: usize,
    /// What the guest may give back, in bytes, and hand to the host in one call.
    pub output_bytes: usize,
    /// What is kept of the guest's log, in bytes; one line then says that it was truncated.
    pub log_bytes: usize,
    /// Elements of all the guest's tables together.
    pub table_elements: usize,
    /// Different questions about files, facts and entropy that the guest may ask.
    pub questions: usize,
    /// Bytes of entropy for one label.
    pub entropy_bytes: u32,
}

impl Default for Limits {
    /// The defaults of the contract: 256 MiB, 50 G fuel (about 5.5 CPU seconds), 60 s, files of 16 MiB, output of
    /// 64 MiB, log of 256 KiB.
    fn default() -> Self {
        Self {
            memory_bytes: 256 << 20,
            fuel: 50_000_000_000,
            wall: Duration::from_secs(60),
            file_bytes: 16 << 20,
            input_bytes: 64 << 20,
            output_bytes: 64 << 20,
            log_bytes: 256 << 10,
            table_elements: 100_000,
            questions: 200_000,
            entropy_bytes: 1 << 20,
        }
    }
}

/// The guest wanted more memory than it may have.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{what}: wants {wanted}, and the limit is {limit}")]
pub(crate) struct Exceeded {
    pub(crate) what: &'static str,
    pub(crate) wanted: usize,
    pub(crate) limit: usize,
}

/// Counts what a store's memories and tables hold, together.
#[derive(Debug)]
pub(crate) struct Limiter {
    memory_limit: usize,
    table_limit: usize,
    memory: usize,
    elements: usize,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory_limit: limits.memory_bytes,
            table_limit: limits.table_elements,
            memory: 0,
            elements: 0,
        }
    }

    /// Bytes of memory that the guest has; memories never shrink, so it is also the most that it had.
    pub(crate) fn memory(&self) -> usize {
        self.memory
    }
}

/// The new total, unless it is above `limit`. An error here traps the guest and carries this text; answering
/// `false` would leave only the guest's own abort.
fn grow(
    what: &'static str,
    total: usize,
    current: usize,
    desired: usize,
    limit: usize,
) -> wasmtime::Result<usize> {
    let wanted = total.saturating_add(desired.saturating_sub(current));
    if wanted > limit {
        return Err(wasmtime::Error::new(Exceeded {
            what,
            wanted,
            limit,
        }));
    }
    Ok(wanted)
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let what = "bytes of memory";
        self.memory = grow(what, self.memory, current, desired, self.memory_limit)?;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let what = "elements of tables";
        self.elements = grow(what, self.elements, current, desired, self.table_limit)?;
        Ok(true)
    }

    fn instances(&self) -> usize {
        // A component of Python has more than 32.
        200
    }

    fn tables(&self) -> usize {
        MAX_TABLES as usize
    }

    fn memories(&self) -> usize {
        MAX_MEMORIES as usize
    }
}
