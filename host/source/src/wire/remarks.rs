//! What a server says beside a pack that it sends, of which only complaints count.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

use gix::progress::{Id, MessageLevel, Step, StepShared, UNKNOWN, Unit};
use gix::{Count, NestedProgress, Progress};

/// Keeps what a server complains about, and nothing of how far it is.
#[derive(Clone, Default)]
pub(super) struct Remarks(Arc<Mutex<String>>);

impl Remarks {
    /// Most that is kept, in bytes.
    const MAX_BYTES: usize = 4 << 10;

    /// What the server says of damage in its own repository, if that is why it broke off.
    pub(super) fn damage(&self) -> Option<String> {
        let said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = said.lines();
        let line = lines.find(|line| line.contains("repository corruption"))?;
        let end = |c: char| c == '.' || c.is_whitespace() || c.is_control();
        Some(line.trim_matches(end).to_owned())
    }
}

impl Progress for Remarks {
    fn init(&mut self, _max: Option<Step>, _unit: Option<Unit>) {}

    fn set_name(&mut self, _name: String) {}

    fn name(&self) -> Option<String> {
        None
    }

    fn id(&self) -> Id {
        UNKNOWN
    }

    fn message(&self, level: MessageLevel, message: String) {
        if level != MessageLevel::Failure {
            return;
        }
        let mut said = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() + message.len() < Self::MAX_BYTES {
            said.push_str(&message);
            said.push('\n');
        }
    }
}

impl NestedProgress for Remarks {
    type SubProgress = Self;

    fn add_child(&mut self, _name: impl Into<String>) -> Self {
        self.clone()
    }

    fn add_child_with_id(&mut self, _name: impl Into<String>, _id: Id) -> Self {
        self.clone()
    }
}

impl Count for Remarks {
    fn set(&self, _step: Step) {}

    fn step(&self) -> Step {
        0
    }

    fn inc_by(&self, _step: Step) {}

    fn counter(&self) -> StepShared {
        Arc::new(AtomicUsize::default())
    }
}
