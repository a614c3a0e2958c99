//! One look at a repository, on a blocking thread: where it stands, whether that is signed, and its content.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::{GitRepo, Verify, VerifyMode};
use fleet_source::verify::{self, Keys};
use fleet_source::{CommitId, Error, Position, Reference, Remote, Source};

use super::answers::Answers;
use super::credentials::Credentials;
use crate::clock;

/// What looks share, so that the server is asked once for all GitRepos that follow the same.
#[derive(Debug, Default)]
pub(super) struct Shared {
    positions: Answers<(String, String), Result<Position, Unanswered>>,
    histories: Answers<(String, CommitId, CommitId), Option<bool>>,
}

/// Why a server gave no answer.
#[derive(Clone, Debug)]
pub(super) struct Unanswered {
    problem: Problem,
    retry_after: Option<Duration>,
}

impl From<Error> for Unanswered {
    fn from(error: Error) -> Self {
        Self {
            problem: error.to_problem(),
            retry_after: error.retry_after(),
        }
    }
}

/// One look at a repository.
pub(super) struct Look {
    pub(super) source: Arc<Source>,
    pub(super) credentials: Credentials,
    pub(super) interrupt: Arc<AtomicBool>,
    pub(super) shared: Arc<Shared>,
    pub(super) repo: Arc<GitRepo>,
    /// The commit that was rendered last, before this process.
    pub(super) last: Option<String>,
    /// The newest commit that is in the mirror.
    pub(super) fetched: Option<CommitId>,
    /// What was verified the last time.
    pub(super) verified: Option<Checked>,
    /// What others were told since then will do.
    pub(super) not_before: Instant,
}

/// What a look found.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) commit: CommitId,
    pub(super) verified: Option<Checked>,
}

/// What was verified, so that it need not be verified at each look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    position: Position,
    mode: VerifyMode,
    /// Names the keys.
    keys: [u8; 32],
    /// When a key expires.
    until: Option<u64>,
}

/// Why a look found nothing.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) problem: Problem,
    pub(super) retry_after: Option<Duration>,
    /// The commit that was rendered last, if the mirror still has it.
    pub(super) last: Option<String>,
    /// Whether what was fetched before is not trusted any more.
    pub(super) withdrawn: bool,
    /// The commit that nobody who is trusted has signed.
    pub(super) refused: Option<CommitId>,
}

impl Failure {
    pub(super) fn new(problem: Problem) -> Self {
        Self {
            problem,
            retry_after: None,
            last: None,
            withdrawn: false,
            refused: None,
        }
    }
}

impl From<Unanswered> for Failure {
    fn from(unanswered: Unanswered) -> Self {
        Self {
            retry_after: unanswered.retry_after,
            ..Self::new(unanswered.problem)
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Unanswered::from(error).into()
    }
}

impl Look {
    pub(super) fn run(self) -> Result<Seen, Failure> {
        self.look().map_err(|mut failure| {
            failure.last = self.last_in_mirror();
            failure
        })
    }

    fn look(&self) -> Result<Seen, Failure> {
        let (remote, reference) = self.credentials.remote(&self.repo)?;
        let position = self.position(&remote, &reference)?;
        let commit = position.commit;
        let is_new = self.fetched != Some(commit);
        let revision = match is_new {
            true => Some(self.source.fetch(&remote, &commit, &self.interrupt)?),
            false => None,
        };
        let verified = match &self.repo.spec.verify {
            Some(verify) => Some(self.verify(&remote, position, verify)?),
            None => None,
        };
        if let Some(revision) = revision.filter(|_| self.repo.spec.recurse_submodules) {
            let source = &self.source;
            source.tree_with_submodules(&remote, &revision, &self.interrupt)?;
        }
        Ok(Seen { commit, verified })
    }

    fn position(&self, remote: &Remote, reference: &Reference) -> Result<Position, Unanswered> {
        let key = (remote.identity(), reference.to_string());
        self.shared.positions.ask(key, self.not_before, || {
            let position = self.source.locate(remote, reference, &self.interrupt)?;
            Ok(position)
        })
    }

    fn verify(
        &self,
        remote: &Remote,
        position: Position,
        verify: &Verify,
    ) -> Result<Checked, Failure> {
        let texts = self.credentials.keys(verify)?;
        let now = clock::now();
        let checked = Checked {
            position,
            mode: verify.mode,
            keys: verify::fingerprint(&texts),
            until: None,
        };
        if let Some(known) = &self.verified {
            let same = Checked {
                until: known.until,
                ..checked.clone()
            } == *known;
            if same && known.until.is_none_or(|until| now < until) {
                return Ok(known.clone());
            }
        }
        let keys = Keys::parse(&texts)?;
        let position = &checked.position;
        let found = self
            .source
            .verify(remote, position, verify.mode, &keys, now, &self.interrupt);
        match found {
            Ok(found) => Ok(Checked {
                until: found.until,
                ..checked
            }),
            Err(error) => {
                let other_keys = |known: &Checked| known.keys != checked.keys;
                let old = self.fetched == Some(position.commit)
                    || self.verified.as_ref().is_some_and(other_keys);
                let unsigned = error.reason() == Reason::CommitNotVerified;
                Err(Failure {
                    withdrawn: old && unsigned,
                    refused: unsigned.then_some(position.commit),
                    ..error.into()
                })
            }
        }
    }

    /// After a restart with the server away, the mirror still has what was rendered last: rendering it again tells
    /// what is wrong with it and where its objects come from. It must be trusted still.
    fn last_in_mirror(&self) -> Option<String> {
        let last = self.last.as_ref().filter(|_| self.fetched.is_none())?;
        let (remote, _) = self.credentials.remote(&self.repo).ok()?;
        let commit = CommitId::parse(last).ok()?;
        let revision = self.source.fetch(&remote, &commit, &self.interrupt).ok()?;
        if let Some(verify) = &self.repo.spec.verify {
            self.verify(&remote, commit.into(), verify).ok()?;
        }
        if self.repo.spec.recurse_submodules {
            let source = &self.source;
            source
                .tree_with_submodules(&remote, &revision, &self.interrupt)
                .ok()?;
        }
        Some(last.clone())
    }
}

/// One look at the history of a branch that has moved.
pub(super) struct History {
    pub(super) source: Arc<Source>,
    pub(super) credentials: Credentials,
    pub(super) interrupt: Arc<AtomicBool>,
    pub(super) shared: Arc<Shared>,
    pub(super) repo: Arc<GitRepo>,
    pub(super) old: CommitId,
    pub(super) new: CommitId,
    /// What others were told since then will do: for ever, as history does not change.
    pub(super) not_before: Instant,
}

impl History {
    /// What to say of it: that the branch was rewritten, if that is proven.
    pub(super) fn run(self) -> Option<Problem> {
        let (remote, reference) = self.credentials.remote(&self.repo).ok()?;
        if !matches!(reference, Reference::Branch(_) | Reference::Default) {
            return None;
        }
        let (new, old) = (self.new, self.old);
        let key = (remote.identity(), new, old);
        let descends = self.shared.histories.ask(key, self.not_before, || {
            // Nobody waits for it, and a server that does not answer says so at the next poll.
            let found = self.source.descends(&remote, new, old, &self.interrupt);
            found.unwrap_or_else(|error| {
                tracing::debug!(
                    error = fleet_core::error::chain(&error),
                    "could not look at history"
                );
                None
            })
        });
        (descends == Some(false)).then(|| {
            let message = format!(
                "{reference} was rewritten: commit {new} does not descend from {old}, which it stood at before; it is followed"
            );
            Problem::new(Reason::HistoryRewritten, message)
                .hint("if nobody meant to, look at who may force a push to it")
        })
    }
}

#[cfg(test)]
mod tests;
