//! Whether a branch was rewritten: said where it is so, and never where it is not.

use fleet_source::CommitId;

use crate::support::{GO_ON, Host, Repo};

fn descends(repo: &Repo, old: CommitId, new: CommitId) -> Option<bool> {
    let (host, remote) = (Host::new(), repo.remote());
    host.fetch(&remote, &old).unwrap();
    host.fetch(&remote, &new).unwrap();
    host.source.descends(&remote, new, old, &GO_ON).unwrap()
}

fn commits(repo: &Repo, branch: &str, texts: &[&str]) -> Vec<CommitId> {
    let commit = |text: &&str| repo.commit(branch, &[("a", text)], text);
    texts.iter().map(commit).collect()
}

#[test]
fn new_commits_on_top_are_no_rewriting() {
    let repo = Repo::empty();
    let line = commits(&repo, "main", &["1", "2", "3", "4"]);
    assert_eq!(descends(&repo, line[0], line[3]), Some(true));
    assert_eq!(descends(&repo, line[2], line[2]), Some(true));
}

#[test]
fn an_amended_commit_and_one_taken_back_are_rewriting() {
    let repo = Repo::empty();
    let line = commits(&repo, "main", &["1", "2", "3"]);
    repo.git(&["update-ref", "refs/heads/main", &line[1].to_string()]);
    let amended = commits(&repo, "main", &["amended"])[0];
    assert_eq!(descends(&repo, line[2], amended), Some(false));
    assert_eq!(descends(&repo, line[2], line[0]), Some(false));
}

#[test]
fn unrelated_history_is_rewriting() {
    let repo = Repo::empty();
    let old = commits(&repo, "main", &["1", "2"])[1];
    repo.git(&["update-ref", "-d", "refs/heads/main"]);
    let new = commits(&repo, "main", &["other 1", "other 2"])[1];
    assert_eq!(descends(&repo, old, new), Some(false));
}

/// The old commit may be further down than is looked at; then nothing is said.
#[test]
fn beyond_what_is_looked_at_nothing_is_said() {
    let repo = Repo::empty();
    let old = commits(&repo, "main", &["1"])[0];
    let tree = repo.git(&["rev-parse", "main^{tree}"]);
    let mut new = old;
    for n in 0..210 {
        new = repo.commit_tree("main", &tree, &n.to_string());
    }
    assert_eq!(descends(&repo, old, new), None);
}

/// A mirror holds no history: what is brought to look at it goes nowhere near.
#[test]
fn the_mirror_stays_without_history() {
    let repo = Repo::empty();
    let line = commits(&repo, "main", &["1", "2", "3", "4"]);
    let (host, remote) = (Host::new(), repo.remote());
    host.fetch(&remote, &line[0]).unwrap();
    host.fetch(&remote, &line[3]).unwrap();
    host.source
        .descends(&remote, line[3], line[0], &GO_ON)
        .unwrap();
    let git_dir = format!("--git-dir={}", host.mirrors()[0].display());
    let found = repo.git(&[&git_dir, "cat-file", "--batch-all-objects", "--batch-check"]);
    assert!(!found.contains(&line[1].to_string()), "{found}");
}
