//! What a guest logs: handed on to the host's own log, and kept within bounds for whoever explains a failure.

use std::fmt;

/// How important a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Every step.
    Trace,
    /// One module's work.
    Debug,
    /// Something worth knowing.
    Info,
    /// Unexpected, and the guest goes on.
    Warn,
    /// The guest failed.
    Error,
}

/// One line that a guest logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// How important it is.
    pub level: Level,
    /// The text.
    pub message: String,
    /// Data beside the text.
    pub fields: Vec<(String, String)>,
}

impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:5} {}",
            format!("{:?}", self.level).to_lowercase(),
            self.message
        )?;
        self.fields
            .iter()
            .try_for_each(|(key, value)| write!(f, " {key}={value}"))
    }
}

/// How the SDK's panic hook begins its line.
const PANIC: &str = "panic: ";

/// The most that is kept of a panic's text, in characters.
const MAX_PANIC: usize = 2000;

/// The lines of one call.
#[derive(Debug)]
pub(crate) struct Log {
    lines: Vec<LogLine>,
    bytes: usize,
    limit: usize,
    truncated: bool,
    panic: Option<String>,
}

impl Log {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            lines: Vec::new(),
            bytes: 0,
            limit,
            truncated: false,
            panic: None,
        }
    }

    /// Takes one line in; beyond the limit nothing but a panic is kept.
    pub(crate) fn push(&mut self, plugin: &str, line: LogLine) {
        if line.level == Level::Error
            && let Some(text) = line.message.strip_prefix(PANIC)
        {
            let place = line
                .fields
                .iter()
                .find(|(key, value)| key == "location" && !value.is_empty());
            let text: String = text.chars().take(MAX_PANIC).collect();
            let place: String = place.map_or(String::new(), |(_, at)| {
                format!(" at {}", at.chars().take(300).collect::<String>())
            });
            self.panic = Some(format!("{text}{place}"));
        }
        if self.truncated {
            return;
        }
        // The constant stands for the line itself, so that empty lines are bounded too.
        let fields = line
            .fields
            .iter()
            .map(|(key, value)| key.len() + value.len() + 48);
        let bytes = line.message.len() + fields.sum::<usize>() + 64;
        if self.bytes + bytes > self.limit {
            self.truncated = true;
            let message = format!("truncated: the log is longer than {} bytes", self.limit);
            self.keep(
                plugin,
                LogLine {
                    level: Level::Warn,
                    message,
                    fields: Vec::new(),
                },
            );
            return;
        }
        self.bytes += bytes;
        self.keep(plugin, line);
    }

    fn keep(&mut self, plugin: &str, line: LogLine) {
        emit(plugin, &line);
        self.lines.push(line);
    }

    /// The text of the last panic, with its place.
    pub(crate) fn panic(&self) -> Option<&str> {
        self.panic.as_deref()
    }

    pub(crate) fn into_lines(self) -> Vec<LogLine> {
        self.lines
    }
}

/// A guest's errors are the guest's: for the host they are at most a warning, and the failure itself is told anyway.
fn emit(plugin: &str, line: &LogLine) {
    let LogLine {
        level,
        message,
        fields,
    } = line;
    match level {
        Level::Trace => tracing::trace!(plugin, ?fields, "{message}"),
        Level::Debug => tracing::debug!(plugin, ?fields, "{message}"),
        Level::Info => tracing::info!(plugin, ?fields, "{message}"),
        Level::Warn | Level::Error => tracing::warn!(plugin, ?fields, "{message}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(level: Level, message: &str) -> LogLine {
        LogLine {
            level,
            message: message.to_owned(),
            fields: vec![("location".to_owned(), "src/lib.rs:1:2".to_owned())],
        }
    }

    #[test]
    fn an_endless_log_ends_with_one_word_about_it_and_a_panic_is_still_known() {
        let mut log = Log::new(1000);
        for _ in 0..100 {
            log.push("p", line(Level::Info, "more"));
        }
        log.push("p", line(Level::Error, "panic: boom"));
        assert_eq!(log.panic(), Some("boom at src/lib.rs:1:2"));
        let lines = log.into_lines();
        assert!(lines.len() < 10);
        assert!(lines.last().unwrap().message.starts_with("truncated"));
    }
}
