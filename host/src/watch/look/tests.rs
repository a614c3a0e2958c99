//! Looks at repositories that the `git` program made.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use fleet_core::name::RepoName;
use fleet_core::resource::{GitRepoSpec, Metadata};
use fleet_source::Options;

use super::*;

struct World {
    dir: tempfile::TempDir,
    source: Arc<Source>,
    shared: Arc<Shared>,
}

fn git(dir: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(args)
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl World {
    /// A repository with one commit, behind a program that counts how often it is asked.
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let repo = dir.path().join("repo");
        std::fs::create_dir(&repo).unwrap();
        git(&repo, &["init", "--quiet", "--initial-branch=main"]);
        let program = dir.path().join("counting-git");
        let log = dir.path().join("asked");
        let script = format!("#!/bin/sh\necho >> '{}'\nexec git \"$@\"\n", log.display());
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
        let options = Options {
            git: program,
            ..Options::default()
        };
        let source = Source::open(&dir.path().join("mirrors"), options).unwrap();
        let world = Self {
            dir,
            source: Arc::new(source),
            shared: Arc::default(),
        };
        world.commit();
        world
    }

    fn commit(&self) -> CommitId {
        let repo = self.dir.path().join("repo");
        git(&repo, &["commit", "--quiet", "--allow-empty", "-m", "x"]);
        CommitId::parse(&git(&repo, &["rev-parse", "HEAD"])).unwrap()
    }

    /// How many conversations there were.
    fn n_asked(&self) -> usize {
        let log = std::fs::read_to_string(self.dir.path().join("asked"));
        log.unwrap_or_default().lines().count()
    }

    fn look(&self, name: &str, spec: GitRepoSpec) -> Look {
        let repo = GitRepo {
            api_version: String::new(),
            metadata: Metadata::named(RepoName::parse(name).unwrap()),
            spec: GitRepoSpec {
                repo: self.dir.path().join("repo").to_str().unwrap().to_owned(),
                branch: Some("main".to_owned()),
                ..spec
            },
        };
        Look {
            source: self.source.clone(),
            credentials: Credentials::default(),
            interrupt: Arc::default(),
            shared: self.shared.clone(),
            repo: Arc::new(repo),
            last: None,
            fetched: None,
            verified: None,
            not_before: Instant::now(),
        }
    }
}

#[test]
fn gitrepos_of_one_branch_ask_the_server_once() {
    let world = World::new();
    let looks: Vec<_> = ["a", "b", "c"]
        .map(|name| world.look(name, GitRepoSpec::default()))
        .into();
    for look in looks {
        look.run().unwrap();
    }
    assert_eq!(world.n_asked(), 2, "one poll and one fetch");
    // Somebody who was woken since then wants to know how it is now.
    let new = world.commit();
    let seen = world.look("a", GitRepoSpec::default()).run().unwrap();
    assert_eq!((seen.commit, world.n_asked()), (new, 4));
    let mut other = world.look("b", GitRepoSpec::default());
    other.repo = Arc::new(GitRepo {
        spec: GitRepoSpec {
            branch: Some("other".to_owned()),
            ..other.repo.spec.clone()
        },
        ..(*other.repo).clone()
    });
    let failure = other.run().unwrap_err();
    assert_eq!(failure.problem.reason, Reason::RevisionNotFound);
    assert_eq!(world.n_asked(), 5);
}

#[test]
fn what_is_not_verified_any_more_is_withdrawn() {
    let world = World::new();
    let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ me";
    let verify = Verify {
        keys: vec![key.to_owned()],
        ..Verify::default()
    };
    let spec = GitRepoSpec {
        verify: Some(verify),
        ..GitRepoSpec::default()
    };
    let commit = world
        .look("a", GitRepoSpec::default())
        .run()
        .unwrap()
        .commit;
    let other = CommitId::parse(&"1".repeat(40)).unwrap();
    for (fetched, withdrawn) in [(None, false), (Some(other), false), (Some(commit), true)] {
        let mut look = world.look("a", spec.clone());
        look.fetched = fetched;
        look.last = Some(commit.to_string());
        let failure = look.run().unwrap_err();
        assert_eq!(failure.problem.reason, Reason::CommitNotVerified);
        assert!(failure.problem.message.contains("it is not signed"));
        assert_eq!(failure.withdrawn, withdrawn, "{fetched:?}");
        assert_eq!(
            failure.last, None,
            "what was rendered last is not signed either"
        );
    }
}

/// After a restart with the server away, what was rendered last is rendered again from the mirror.
#[test]
fn without_a_server_the_mirror_has_what_was_rendered_last() {
    let world = World::new();
    let commit = world
        .look("a", GitRepoSpec::default())
        .run()
        .unwrap()
        .commit;
    std::fs::remove_dir_all(world.dir.path().join("repo")).unwrap();
    let mut look = world.look("a", GitRepoSpec::default());
    look.last = Some(commit.to_string());
    let failure = look.run().unwrap_err();
    assert_eq!(failure.last, Some(commit.to_string()));
}
