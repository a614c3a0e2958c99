//! Repositories on disk: what a poll, a fetch and a tree are.

use std::sync::atomic::AtomicBool;

use fleet_core::files::{Files as _, ReadError};
use fleet_source::{Error, Limits, Reference, Remote};

use crate::support::{GO_ON, Host, Repo, pairs, texts};

const FILES: &[(&str, &str)] = &[
    ("a/b/c.yaml", "c"),
    ("a/x.yaml", "x"),
    ("a.yaml", "a"),
    ("z", ""),
];

#[test]
fn a_commit_becomes_a_tree() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    let tip = repo.commit("main", FILES, "subject of it\n\nbody");
    let commit = host.poll(&repo.remote(), "main").unwrap();
    assert_eq!(commit, tip);
    let revision = host.fetch(&repo.remote(), &commit).unwrap();
    assert_eq!(
        (revision.author_time, revision.committer_time),
        (1_700_000_000, 1_700_000_060)
    );
    assert_eq!(revision.subject, "subject of it");
    let tree = host.source.tree(&revision).unwrap();
    // Depth first, each folder in plain bytewise order: `a` before `a.yaml`.
    assert_eq!(
        texts(&*tree),
        pairs(&[
            ("a/b/c.yaml", "c"),
            ("a/x.yaml", "x"),
            ("a.yaml", "a"),
            ("z", "")
        ])
    );
    assert!(tree.problems().is_empty());
    assert_eq!(tree.read("a"), Err(ReadError::NotAFile));
    assert_eq!(tree.list("z"), Err(ReadError::NotADirectory));
    assert_eq!(tree.read("nope"), Err(ReadError::NotFound));
}

#[test]
fn digests_are_those_of_git() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    let tree = host.tree(&repo.remote(), "main").unwrap();
    for path in ["a", "a/b", "a/b/c.yaml", "a.yaml"] {
        assert_eq!(
            tree.digest(path).unwrap().to_string(),
            repo.git(&["rev-parse", &format!("main:{path}")])
        );
    }
    assert_eq!(
        tree.digest("").unwrap().to_string(),
        repo.git(&["rev-parse", "main^{tree}"])
    );
    let listed = tree.walk("").unwrap();
    let lines: Vec<_> = listed
        .iter()
        .map(|file| format!("100644 blob {}\t{}", file.content, file.path))
        .collect();
    assert_eq!(lines.join("\n"), repo.git(&["ls-tree", "-r", "main"]));
}

#[test]
fn only_what_is_new_is_fetched_and_old_trees_stay_readable() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    let old = host.tree(&repo.remote(), "main").unwrap();
    repo.commit("main", &[("a.yaml", "changed"), ("z", "")], "second");
    let new = host.tree(&repo.remote(), "main").unwrap();
    assert_eq!(new.read("a.yaml").unwrap(), b"changed");
    assert_eq!(old.read("a.yaml").unwrap(), b"a");
    // No history: the parent of the second commit is known only because it was fetched itself.
    let shallow = std::fs::read_to_string(host.mirrors()[0].join("shallow")).unwrap();
    assert!(shallow.contains(&new.commit().to_string()), "{shallow}");
}

#[test]
fn a_known_commit_is_not_asked_for_again_even_after_a_restart() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    let remote = repo.remote();
    let commit = host.poll(&remote, "main").unwrap();
    host.fetch(&remote, &commit).unwrap();
    drop(repo);
    host.fetch(&remote, &commit).unwrap();
    let again = fleet_source::Source::open(host.dir.path(), Default::default()).unwrap();
    let revision = again.fetch(&remote, &commit, &GO_ON).unwrap();
    assert_eq!(again.tree(&revision).unwrap().read("a.yaml").unwrap(), b"a");
}

#[test]
fn tags_versions_and_commits_are_found() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    let first = host.poll(&repo.remote(), "main").unwrap();
    repo.git(&["tag", "v1.0.0", "main"]);
    let second = repo.commit("main", &[("a", "2")], "second");
    repo.git(&["tag", "-a", "-m", "annotated", "v1.1.0", "main"]);
    repo.git(&["branch", "main2", "main"]);
    repo.commit("main", &[("a", "3")], "third");
    let poll = |revision: &str| {
        let reference = Reference::of_repo(None, Some(revision)).unwrap();
        host.source.poll(&repo.remote(), &reference, &GO_ON)
    };
    assert_eq!(poll("v1.0.0").unwrap(), first);
    assert_eq!(
        poll("v1.1.0").unwrap(),
        second,
        "an annotated tag is peeled"
    );
    assert_eq!(poll("^1.0").unwrap(), second);
    assert_eq!(poll(&first.to_string()).unwrap(), first);
    assert!(
        matches!(poll("v1.1"), Err(Error::RefNotFound { .. })),
        "a prefix of a name is not the name"
    );
    let default = host
        .source
        .poll(&repo.remote(), &Reference::Default, &GO_ON)
        .unwrap();
    assert_eq!(default, host.poll(&repo.remote(), "main").unwrap());
    for commit in [first, second] {
        assert_eq!(host.fetch(&repo.remote(), &commit).unwrap().commit, commit);
    }
}

#[test]
fn what_is_missing_is_named() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    let message = |error: Error| {
        error
            .to_string()
            .replace(repo.path().to_str().unwrap(), "REPO")
    };
    let error = host.poll(&repo.remote(), "gone").unwrap_err();
    assert_eq!(message(error), "`REPO` has no branch `gone`");
    let unknown = fleet_source::CommitId::parse(&"1".repeat(40)).unwrap();
    let error = host.fetch(&repo.remote(), &unknown).unwrap_err();
    assert!(matches!(error, Error::RefNotFound { .. }), "{error:?}");
    let blob = fleet_source::CommitId::parse(&repo.git(&["rev-parse", "main:a.yaml"])).unwrap();
    let error = host.fetch(&repo.remote(), &blob).unwrap_err();
    assert!(matches!(error, Error::RefNotFound { .. }), "{error:?}");
    let nothing = Remote::new("/nonexistent/repository").unwrap();
    let error = host.poll(&nothing, "main").unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    let error = host.poll(&Repo::empty().remote(), "main").unwrap_err();
    assert!(
        matches!(error, Error::RefNotFound { .. }),
        "an empty repository has no branch: {error:?}"
    );
}

#[test]
fn rewritten_and_unrelated_histories_are_followed() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    host.tree(&repo.remote(), "main").unwrap();
    repo.git(&["update-ref", "-d", "refs/heads/main"]);
    assert!(matches!(
        host.poll(&repo.remote(), "main"),
        Err(Error::RefNotFound { .. })
    ));
    repo.commit("main", &[("other", "o")], "unrelated");
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["gc", "--quiet", "--prune=now"]);
    assert_eq!(
        texts(&*host.tree(&repo.remote(), "main").unwrap()),
        pairs(&[("other", "o")])
    );
}

#[test]
fn a_mirror_is_made_anew_after_many_packs_and_old_trees_keep_the_old_one() {
    let limits = Limits {
        max_packs: 3,
        ..Limits::default()
    };
    let (repo, host) = (Repo::with(FILES), Host::with(limits));
    let oldest = host.tree(&repo.remote(), "main").unwrap();
    for i in 0..7 {
        repo.commit("main", &[("a.yaml", &i.to_string())], "next");
        let tree = host.tree(&repo.remote(), "main").unwrap();
        assert_eq!(tree.read("a.yaml").unwrap(), i.to_string().as_bytes());
        let packs = host.mirrors().last().unwrap().join("objects/pack");
        let n_packs = std::fs::read_dir(packs).unwrap().filter(|entry| {
            entry
                .as_ref()
                .unwrap()
                .path()
                .extension()
                .is_some_and(|extension| extension == "pack")
        });
        assert!(n_packs.count() <= 3);
    }
    assert_eq!(oldest.read("a.yaml").unwrap(), b"a");
    assert_eq!(
        host.mirrors().len(),
        2,
        "the first is still read, the second is gone"
    );
    drop(oldest);
    assert_eq!(host.mirrors().len(), 1);
}

#[test]
fn damage_on_the_hosts_disk_is_noticed_and_healed() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    let remote = repo.remote();
    let commit = host.poll(&remote, "main").unwrap();
    host.fetch(&remote, &commit).unwrap();
    let packs = host.mirrors()[0].join("objects/pack");
    for entry in std::fs::read_dir(packs).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "pack")
        {
            let mut bytes = std::fs::read(&path).unwrap();
            let middle = bytes.len() / 2;
            bytes[12..middle].fill(0x55);
            let mut permissions = std::fs::metadata(&path).unwrap().permissions();
            #[expect(
                clippy::permissions_set_readonly_false,
                reason = "the file is removed with the test"
            )]
            permissions.set_readonly(false);
            std::fs::set_permissions(&path, permissions).unwrap();
            std::fs::write(&path, bytes).unwrap();
        }
    }
    let again = fleet_source::Source::open(host.dir.path(), Default::default()).unwrap();
    let damaged = again
        .fetch(&remote, &commit, &GO_ON)
        .and_then(|revision| again.tree(&revision));
    assert!(damaged.is_err(), "{damaged:?}");
    let revision = again.fetch_anew(&remote, &commit, &GO_ON).unwrap();
    assert_eq!(texts(&*again.tree(&revision).unwrap()).len(), 4);
}

#[test]
fn mirrors_of_others_are_removed() {
    let (one, two, host) = (Repo::with(FILES), Repo::with(FILES), Host::new());
    host.tree(&one.remote(), "main").unwrap();
    host.tree(&two.remote(), "main").unwrap();
    assert_eq!(host.mirrors().len(), 2);
    host.source.retain([&two.remote()]);
    assert_eq!(host.mirrors().len(), 1);
    host.tree(&one.remote(), "main").unwrap();
}

#[test]
fn local_repositories_can_be_turned_off() {
    let repo = Repo::with(FILES);
    let dir = tempfile::tempdir().unwrap();
    let options = fleet_source::Options {
        local: false,
        ..Default::default()
    };
    let source = fleet_source::Source::open(dir.path(), options).unwrap();
    let error = source
        .poll(&repo.remote(), &Reference::branch("main"), &GO_ON)
        .unwrap_err();
    assert!(matches!(error, Error::Url { .. }), "{error:?}");
}

#[test]
fn an_interrupt_ends_a_poll() {
    let (repo, host) = (Repo::with(FILES), Host::new());
    let halt = AtomicBool::new(true);
    let error = host
        .source
        .poll(&repo.remote(), &Reference::branch("main"), &halt)
        .unwrap_err();
    assert!(matches!(error, Error::Interrupted), "{error:?}");
}

#[test]
fn sha256_repositories_are_refused_clearly() {
    let repo = Repo::unborn();
    repo.git(&[
        "init",
        "--quiet",
        "--bare",
        "--object-format=sha256",
        "--initial-branch=main",
        ".",
    ]);
    repo.commit_tree_any("main");
    let error = Host::new().poll(&repo.remote(), "main").unwrap_err();
    assert!(matches!(error, Error::Unsupported { .. }), "{error:?}");
    assert!(error.to_string().contains("sha256"), "{error}");
}

impl Repo {
    /// A commit with an empty tree, whatever names its objects.
    fn commit_tree_any(&self, branch: &str) {
        let tree = self.git(&["mktree"]);
        let commit = self.git(&["commit-tree", &tree, "-m", "x"]);
        self.git(&["update-ref", &format!("refs/heads/{branch}"), &commit]);
    }
}
