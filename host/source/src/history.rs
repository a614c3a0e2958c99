//! Whether one commit descends from another, although mirrors keep no history.
//!
//! Some history of both commits is fetched into a folder of its own, commits only, and thrown away. A commit is
//! found not to descend from another only where that is proven; where the history that was fetched does not reach,
//! nothing is said.

use std::collections::HashSet;
use std::num::NonZeroU32;
use std::sync::atomic::AtomicBool;

use gix::ObjectId;

use crate::budget::Budget;
use crate::source::{Remote, Source};
use crate::{CommitId, Error, wire};

/// How many commits of each line of history are looked at.
const DEPTH: NonZeroU32 = NonZeroU32::new(200).expect("it is not zero");

/// Bytes that this may cost; a commit has about 300.
const MAX_BYTES: u64 = 16 << 20;

impl Source {
    /// Whether `new` is `old` or has it among its ancestors; `None` if that cannot be told: the server cannot give
    /// commits without their files, or the history is longer than is looked at.
    ///
    /// Asks the server, so it is for a commit that was just found.
    ///
    /// # Errors
    /// Whatever keeps the server from answering.
    pub fn descends(
        &self,
        remote: &Remote,
        new: CommitId,
        old: CommitId,
        interrupt: &AtomicBool,
    ) -> Result<Option<bool>, Error> {
        if new == old {
            return Ok(Some(true));
        }
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| {
            crate::mirror::mirror_error(remote, "look at history", error)
        };
        let folder = tempfile::Builder::new()
            .prefix("fleet-history-")
            .tempdir()
            .map_err(|error| failed(error.into()))?;
        let kind = gix::create::Kind::Bare;
        gix::ThreadSafeRepository::init(folder.path(), kind, gix::create::Options::default())
            .map_err(|error| failed(error.into()))?;
        let open = gix::open::Options::isolated();
        let repo = gix::open_opts(folder.path(), open).map_err(|error| failed(error.into()))?;
        let limits = self.limits();
        let bring = |wants: Vec<ObjectId>| {
            let budget = Budget::new(limits, limits.poll_timeout, MAX_BYTES, interrupt);
            let request = wire::Request {
                wants,
                known: Vec::new(),
                depth: DEPTH,
                commits_only: true,
            };
            self.talk(remote, &repo, &request, &budget)
        };
        let brought = match bring(vec![new.0, old.0]) {
            // Some servers give out only what can be reached from a branch or tag.
            Err(Error::RefNotFound { .. }) => bring(vec![new.0]),
            brought => brought,
        };
        match brought {
            Ok(()) => {}
            Err(
                Error::Unsupported { .. } | Error::LimitExceeded { .. } | Error::RefNotFound { .. },
            ) => return Ok(None),
            Err(error) => return Err(error),
        }
        // The old commit itself is in the mirror, whatever the server says of it.
        let mirrored = self.known_revision(remote, old)?;
        let parents = |id: ObjectId| {
            let own = parents(&repo, id);
            own.or_else(|| mirrored.as_ref().filter(|_| id == old.0)?.parents())
        };
        Ok(reaches(new.0, old.0, parents))
    }
}

fn parents(repo: &gix::Repository, id: ObjectId) -> Option<Vec<ObjectId>> {
    let commit = repo.find_commit(id).ok()?;
    Some(commit.parent_ids().map(gix::Id::detach).collect())
}

/// Whether `old` is among the ancestors of `new`, as far as `parents` knows them.
///
/// An ancestor of `old` cannot descend from it, so the search ends there: where two lines of history part is enough.
fn reaches<Id: Copy + Eq + std::hash::Hash>(
    new: Id,
    old: Id,
    parents: impl Fn(Id) -> Option<Vec<Id>>,
) -> Option<bool> {
    let mut before_old = HashSet::new();
    let mut open = parents(old).unwrap_or_default();
    while let Some(id) = open.pop() {
        if before_old.insert(id) {
            open.extend(parents(id).unwrap_or_default());
        }
    }
    let (mut seen, mut complete) = (HashSet::new(), true);
    let mut open = vec![new];
    while let Some(id) = open.pop() {
        if id == old {
            return Some(true);
        }
        if before_old.contains(&id) || !seen.insert(id) {
            continue;
        }
        match parents(id) {
            Some(more) => open.extend(more),
            None => complete = false,
        }
    }
    complete.then_some(false)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn only_what_is_proven_is_said() {
        let check = |known: &[(u32, &[u32])], new, old, expected: Option<bool>| {
            let known: HashMap<u32, &[u32]> = known.iter().copied().collect();
            let found = reaches(new, old, |id| known.get(&id).map(|ids| ids.to_vec()));
            assert_eq!(found, expected, "{known:?}: {old} to {new}");
        };
        let line: &[(u32, &[u32])] = &[(1, &[]), (2, &[1]), (3, &[2]), (4, &[3])];
        check(line, 4, 2, Some(true));
        check(line, 4, 4, Some(true));
        check(line, 2, 4, Some(false));
        // An amended commit: where history begins is not known, and does not matter.
        check(&[(3, &[2]), (30, &[2])], 30, 3, Some(false));
        // Rebased onto something older.
        let rebased: &[(u32, &[u32])] = &[(4, &[3]), (3, &[2]), (40, &[30]), (30, &[2])];
        check(rebased, 40, 4, Some(false));
        // Unrelated, with all of its history or only some.
        check(&[(3, &[2]), (9, &[8]), (8, &[])], 9, 3, Some(false));
        check(&[(3, &[2]), (9, &[8])], 9, 3, None);
        // Many new commits: the old one may be further down.
        check(&[(3, &[2]), (9, &[8]), (8, &[7])], 9, 3, None);
        // A merge of the old line.
        check(&[(3, &[2]), (9, &[8, 3]), (8, &[2])], 9, 3, Some(true));
    }
}
