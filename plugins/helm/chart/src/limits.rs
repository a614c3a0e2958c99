//! What one chart may cost before it is refused.

/// The largest single file, in bytes; Helm's `MaxDecompressedFileSize`.
pub(crate) const MAX_FILE_BYTES: u64 = 5 << 20;

/// All files of a chart and its subcharts together, in bytes; Helm allows as much for each archive.
const MAX_CHART_BYTES: u64 = 100 << 20;

/// The number of files of a chart and its subcharts.
const MAX_FILES: usize = 50_000;

/// How deep folders may nest below a chart. A link into a folder above would nest without end.
pub(crate) const MAX_FOLDERS: usize = 64;

/// How deep charts may nest.
pub(crate) const MAX_CHARTS: usize = 32;

/// What is left of the limits while a chart is loaded.
#[derive(Debug)]
pub(crate) struct Budget {
    bytes_left: u64,
    files_left: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            bytes_left: MAX_CHART_BYTES,
            files_left: MAX_FILES,
        }
    }
}

impl Budget {
    /// How many bytes may still be read.
    pub(crate) fn bytes_left(&self) -> u64 {
        self.bytes_left
    }

    /// Takes one file of `size` bytes.
    ///
    /// # Errors
    /// If that is more than is left.
    pub(crate) fn take(&mut self, size: u64) -> Result<(), String> {
        self.files_left = self
            .files_left
            .checked_sub(1)
            .ok_or_else(|| format!("chart has more than {MAX_FILES} files"))?;
        self.bytes_left = self.bytes_left.checked_sub(size).ok_or_else(|| {
            format!("decompressed chart is larger than the maximum size {MAX_CHART_BYTES}")
        })?;
        Ok(())
    }
}
