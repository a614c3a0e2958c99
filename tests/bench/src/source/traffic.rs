//! What a Git server was asked, request by request.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use fleet_test_git::http::Received;

/// What one request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// What the server can do: the first request of each conversation.
    Greeting,
    /// Where references stand.
    Poll,
    /// Objects of a commit.
    Fetch,
    /// Commits without their files, to see whether a branch was rewritten.
    History,
    /// Anything else.
    Other,
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// The repository, as it is named in the URL.
    pub(super) repo: String,
    pub(super) kind: Kind,
    pub(super) at: Instant,
}

impl Request {
    fn read(received: &Received) -> Self {
        let path = received.target.split('?').next().unwrap_or_default();
        let says = |text: &str| received.packets.iter().any(|packet| packet == text);
        let (repo, kind) = if let Some(repo) = path.strip_suffix("/info/refs") {
            (repo, Kind::Greeting)
        } else if let Some(repo) = path.strip_suffix("/git-upload-pack") {
            let kind = match () {
                () if says("command=ls-refs") => Kind::Poll,
                () if says("command=fetch") && says("filter tree:0") => Kind::History,
                () if says("command=fetch") => Kind::Fetch,
                () => Kind::Other,
            };
            (repo, kind)
        } else {
            (path, Kind::Other)
        };
        Self {
            repo: repo.trim_start_matches('/').to_owned(),
            kind,
            at: received.at,
        }
    }
}

/// All requests of a while.
#[derive(Clone, Debug, Default)]
pub(super) struct Traffic(Vec<Request>);

impl Traffic {
    /// Reads what came in.
    pub(super) fn read(received: &[Received]) -> Self {
        Self(received.iter().map(Request::read).collect())
    }

    /// How many requests there were in all.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many requests of a kind there were.
    pub(super) fn count(&self, kind: Kind) -> usize {
        self.of(kind).count()
    }

    /// How many requests of a kind there were for each repository that had any.
    pub(super) fn by_repo(&self, kind: Kind) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for request in self.of(kind) {
            *counts.entry(request.repo.as_str()).or_default() += 1;
        }
        counts
    }

    /// The times between a poll and the next one of the same repository.
    pub(super) fn pauses(&self) -> Vec<Duration> {
        let mut last: BTreeMap<&str, Instant> = BTreeMap::new();
        let mut pauses = Vec::new();
        for request in self.of(Kind::Poll) {
            if let Some(before) = last.insert(&request.repo, request.at) {
                pauses.push(request.at.saturating_duration_since(before));
            }
        }
        pauses
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Request> {
        self.0.iter().filter(move |request| request.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn received(target: &str, packets: &[&str], at: Instant) -> Received {
        Received {
            method: "POST".to_owned(),
            target: target.to_owned(),
            headers: BTreeMap::new(),
            client_certificate: false,
            packets: packets.iter().map(|&packet| packet.to_owned()).collect(),
            at,
        }
    }

    #[test]
    fn requests_are_told_apart_by_what_they_ask() {
        let now = Instant::now();
        let check = |target: &str, packets: &[&str], repo: &str, kind| {
            let request = Request::read(&received(target, packets, now));
            assert_eq!((request.repo.as_str(), request.kind), (repo, kind));
        };
        let greeting = "/a.git/info/refs?service=git-upload-pack";
        check(greeting, &[], "a.git", Kind::Greeting);
        let pack = "/b/a.git/git-upload-pack";
        check(pack, &["command=ls-refs"], "b/a.git", Kind::Poll);
        check(pack, &["command=fetch", "deepen 1"], "b/a.git", Kind::Fetch);
        let history = ["command=fetch", "filter tree:0"];
        check(pack, &history, "b/a.git", Kind::History);
        check(pack, &[], "b/a.git", Kind::Other);
        check("/", &[], "", Kind::Other);
    }

    #[test]
    fn pauses_are_between_polls_of_the_same_repository() {
        let begin = Instant::now();
        let second = Duration::from_secs(1);
        let poll = |repo: &str, seconds: u32| {
            let target = format!("/{repo}/git-upload-pack");
            received(&target, &["command=ls-refs"], begin + second * seconds)
        };
        let all = [poll("a", 0), poll("b", 1), poll("a", 3), poll("b", 9)];
        let traffic = Traffic::read(&all);
        assert_eq!(traffic.pauses(), [second * 3, second * 8]);
        assert_eq!(traffic.by_repo(Kind::Poll), [("a", 2), ("b", 2)].into());
        assert_eq!((traffic.len(), traffic.count(Kind::Fetch)), (4, 0));
    }
}
