//! What can go wrong with a plugin, in words for whoever has to do something about it.

use std::fmt;
use std::time::Duration;

use fleet_core::diagnostic::Severity;
use fleet_core::problem::{Problem, Reason};
use fleet_core::rendered::Failure;

/// Why bytes are not a plugin that this host can run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// They are empty or something else altogether.
    #[error("not a WebAssembly file: it begins with {0}")]
    NotWasm(String),
    /// They are WebAssembly, and no component.
    #[error(
        "a core module, not a component: encode it with `fleet plugin build` or `wasm-tools component new`"
    )]
    CoreModule,
    /// They are larger than any plugin may be.
    #[error("too large: {size} bytes, and the limit is {limit}")]
    TooLarge {
        /// Their size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// The component cannot be compiled.
    #[error("not a valid component: {0}")]
    Invalid(String),
    /// It imports what this host does not offer, or not to such a plugin.
    #[error("{}", .0.join("; "))]
    Imports(Vec<String>),
    /// It exports no world of ours, or an incomplete one.
    #[error("{0}")]
    Exports(String),
    /// It could not say what it is.
    #[error("could not be asked for its name and version")]
    Describe(#[source] Box<Error>),
    /// What it says of itself cannot be used.
    #[error("its own description cannot be used: {0}")]
    Description(String),
    /// The compiler's thread ended.
    #[error("could not be compiled: {0}")]
    Compiler(String),
}

impl LoadError {
    /// The same as a problem of the plugin that was asked for under `name`.
    pub fn problem(&self, name: &str) -> Problem {
        let mut message = format!("cannot use plugin `{name}`: {self}");
        let mut reason = Reason::PluginInvalid;
        if let Self::Describe(error) = self {
            message = format!("{message}: {error}");
            reason = error.cause.reason();
        }
        Problem::new(reason, message)
    }
}

/// Why a call gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Name and version of the plugin.
    pub plugin: String,
    /// What happened.
    pub cause: Cause,
}

/// What happened in a call that gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// The plugin says why; at least one diagnostic is an error.
    #[error("{0}")]
    Refused(Failure),
    /// It used up its fuel.
    #[error(
        "ran out of fuel: more than {limit} units, which is an endless loop or far too much work"
    )]
    OutOfFuel {
        /// The limit.
        limit: u64,
    },
    /// It took longer than it may.
    #[error("took longer than {} s", limit.as_secs_f64())]
    TimedOut {
        /// The limit.
        limit: Duration,
    },
    /// It wanted more memory, or larger tables, than it may have.
    #[error("ran out of memory: wants {wanted} {what}, and the limit is {limit}")]
    OutOfMemory {
        /// Bytes of memory, or elements of tables.
        what: &'static str,
        /// How much it wanted.
        wanted: usize,
        /// The limit.
        limit: usize,
    },
    /// It recursed too deep.
    #[error("overflowed its stack{}", frames_of(.frames))]
    StackOverflow {
        /// The innermost frames.
        frames: Vec<Frame>,
    },
    /// It ended with a trap: most often a panic.
    #[error("ended with a trap: {what}{}", frames_of(.frames))]
    Trapped {
        /// The panic's text and place if there was one, else the kind of the trap.
        what: String,
        /// The innermost frames.
        frames: Vec<Frame>,
    },
    /// It was given more than one call may take.
    #[error("was not called: its input has {bytes} bytes, and the limit is {limit}")]
    InputTooLarge {
        /// Size in bytes.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// It gave back more than it may.
    #[error("gave back more than {limit} bytes")]
    OutputTooLarge {
        /// The limit.
        limit: usize,
    },
    /// It gave back something unusable.
    #[error("gave back something unusable: {0}")]
    BadOutput(String),
    /// It asked for something that the host does not do.
    #[error("was stopped: {0}")]
    Stopped(String),
    /// It does not implement what was asked of it.
    #[error("is no {0}")]
    WrongWorld(crate::World),
    /// The host itself failed.
    #[error("could not be run: {0}")]
    Host(String),
}

impl Cause {
    /// The word for it.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Refused(_) => Reason::RenderFailed,
            Self::OutOfFuel { .. } => Reason::PluginOutOfFuel,
            Self::TimedOut { .. } => Reason::PluginTimedOut,
            Self::OutOfMemory { .. } => Reason::PluginOutOfMemory,
            Self::StackOverflow { .. } => Reason::PluginStackOverflow,
            Self::Trapped { .. } | Self::Stopped(_) | Self::Host(_) => Reason::PluginTrapped,
            Self::InputTooLarge { .. } => Reason::ContentRefused,
            Self::OutputTooLarge { .. } | Self::BadOutput(_) => Reason::PluginOutputInvalid,
            Self::WrongWorld(_) => Reason::PluginInvalid,
        }
    }

    /// Whether the same call would end the same way: all but what depends on this machine and this moment.
    pub fn is_repeatable(&self) -> bool {
        !matches!(self, Self::TimedOut { .. } | Self::Host(_))
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::OutOfFuel { .. } | Self::TimedOut { .. } | Self::OutOfMemory { .. } => Some(
                "render less in one path, or raise the plugin's limits if it really needs this much",
            ),
            Self::StackOverflow { .. } => {
                Some("look for a template or overlay that includes itself")
            }
            Self::Trapped { .. } | Self::BadOutput(_) => {
                Some("this is a mistake in the plugin, not in the repository")
            }
            _ => None,
        }
    }
}

impl Error {
    /// One problem for each error that the plugin tells of, else one for what happened to it.
    pub fn problems(&self) -> Vec<Problem> {
        let Cause::Refused(failure) = &self.cause else {
            let mut problem = Problem::new(self.cause.reason(), self.to_string());
            problem.hint = self.cause.hint().map(str::to_owned);
            return vec![problem];
        };
        let errors = failure
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error);
        errors
            .map(|diagnostic| Problem::from_diagnostic(Reason::RenderFailed, diagnostic.clone()))
            .collect()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::Refused(failure) => write!(f, "plugin `{}`: {failure}", self.plugin),
            cause => write!(f, "plugin `{}` {cause}", self.plugin),
        }
    }
}

impl std::error::Error for Error {}

/// One frame of a guest's stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Name of the function.
    pub function: String,
    /// File and line, if the plugin carries them.
    pub place: Option<(String, u32)>,
}

impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.function)?;
        if let Some((file, line)) = &self.place {
            write!(f, " at {file}:{line}")?;
        }
        Ok(())
    }
}

fn frames_of(frames: &[Frame]) -> String {
    frames
        .iter()
        .map(|frame| format!("\n  in {frame}"))
        .collect()
}
