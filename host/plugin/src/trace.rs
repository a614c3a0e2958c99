//! What a call has observed: the questions that it asked and the answers that it got, in order.

use std::collections::HashSet;

use fleet_core::digest::Digest;
use fleet_core::entropy::KeyKind;

use crate::Context;
use crate::entropy;

/// Something that a plugin can ask the host.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Question {
    /// The content of a file, by its normalised path.
    Read(String),
    /// The entries of a folder, by its normalised path.
    List(String),
    /// Where something outside of the repository can be read.
    Resolve(String),
    /// Something about the target.
    Fact(Fact),
    /// Bytes for a label.
    Derive {
        /// The label.
        label: String,
        /// How many bytes.
        len: u32,
    },
    /// A private key for a label.
    PrivateKey {
        /// The label.
        label: String,
        /// Its kind.
        kind: KeyKind,
    },
    /// The start of the current window for a label.
    Window {
        /// The label.
        label: String,
        /// Length of the window.
        days: u32,
    },
    /// A secret that the operator has granted.
    Secret(String),
}

/// One getter of the interface `context`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fact {
    /// Name of the bundle.
    BundleName,
    /// Namespace for objects that name none.
    DefaultNamespace,
    /// Kubernetes version.
    KubeVersion,
    /// Whether an API is served.
    HasApi(String),
    /// All APIs that are served.
    ApiVersions,
    /// One label.
    Label(String),
    /// All labels.
    Labels,
    /// One annotation.
    Annotation(String),
    /// All annotations.
    Annotations,
    /// One template value, or all of them.
    TemplateValue(String),
    /// Name of the cluster.
    ClusterName,
    /// Workspace of the cluster.
    ClusterNamespace,
    /// Time of the commit.
    CommitTime,
}

/// What the host answered: the digest of it, or why there was none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// This.
    Is(Digest),
    /// Nothing, because of this.
    Refused(String),
}

impl Answer {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self::Is(Digest::of(bytes))
    }
}

/// A question with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What was asked.
    pub question: Question,
    /// What was answered.
    pub answer: Answer,
}

/// Everything that a call has observed, each question once, in the order in which they were first asked.
///
/// A plugin is a function of its request and of these answers, so an output is right wherever they are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    observations: Vec<Observation>,
    windows: Vec<(u64, u32)>,
    asked: HashSet<Question>,
}

impl Trace {
    /// The observations.
    pub fn observations(&self) -> &[Observation] {
        &self.observations
    }

    /// Whether `context` gives the same answers.
    pub fn holds(&self, context: &Context) -> bool {
        self.observations
            .iter()
            .all(|seen| context.answer(&seen.question) == seen.answer)
    }

    /// When the first of the windows that were asked for ends, in seconds since the epoch: time to render again.
    pub fn renew_at(&self) -> Option<u64> {
        let ends = self
            .windows
            .iter()
            .map(|(start, days)| start.saturating_add(entropy::period(*days)));
        ends.min()
    }

    /// Whether there is room for one more question, or this one was asked before.
    pub(crate) fn has_room(&self, question: &Question, limit: usize) -> bool {
        self.observations.len() < limit || self.asked.contains(question)
    }

    pub(crate) fn record(&mut self, question: Question, answer: impl FnOnce() -> Answer) {
        if self.asked.insert(question.clone()) {
            let answer = answer();
            self.observations.push(Observation { question, answer });
        }
    }

    pub(crate) fn record_window(&mut self, start: u64, days: u32) {
        self.windows.push((start, days));
    }
}
