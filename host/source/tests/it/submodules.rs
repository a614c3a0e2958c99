//! Submodules: their files in the tree of the repository that names them, by the same rules.

use fleet_core::files::Files as _;
use fleet_source::{CommitId, Error, Limits, Remote};

use crate::support::{GO_ON, Host, Repo, pairs, texts};

/// Puts files and submodules on the branch `main`.
fn commit_with(repo: &Repo, files: &[(&str, &str)], submodules: &[(&str, CommitId)]) -> CommitId {
    let index = repo.path().join("index");
    let _ = std::fs::remove_file(&index);
    let add = |mode: &str, id: &str, path: &str| {
        let entry = format!("{mode},{id},{path}");
        repo.git(&["update-index", "--add", "--cacheinfo", &entry]);
    };
    for (path, content) in files {
        add("100644", &repo.blob(content.as_bytes()), path);
    }
    for (path, commit) in submodules {
        add("160000", &commit.to_string(), path);
    }
    let tree = repo.git(&["write-tree"]);
    repo.commit_tree("main", &tree, "with submodules")
}

fn gitmodules(modules: &[(&str, &str)]) -> String {
    let section = |(path, url): &(&str, &str)| {
        format!("[submodule \"{path}\"]\n\tpath = {path}\n\turl = {url}\n")
    };
    modules.iter().map(section).collect()
}

fn tip(repo: &Repo) -> CommitId {
    CommitId::parse(&repo.git(&["rev-parse", "main"])).unwrap()
}

fn whole(host: &Host, remote: &Remote) -> Result<std::sync::Arc<fleet_source::Tree>, Error> {
    let commit = host.poll(remote, "main")?;
    let revision = host.fetch(remote, &commit)?;
    host.source.tree_with_submodules(remote, &revision, &GO_ON)
}

#[test]
fn the_files_of_submodules_are_at_their_paths() {
    let inner = Repo::with(&[("deep.yaml", "deep")]);
    let lib = Repo::empty();
    let modules = gitmodules(&[("in", &relative(&inner, &lib))]);
    let at = commit_with(
        &lib,
        &[(".gitmodules", &modules), ("a/lib.yaml", "lib")],
        &[("in", tip(&inner))],
    );
    // The branch has moved on; the commit that is named is meant.
    lib.commit("main", &[("a/lib.yaml", "newer")], "newer");
    let repo = Repo::empty();
    let modules = gitmodules(&[("vendor/lib", lib.path().to_str().unwrap())]);
    commit_with(
        &repo,
        &[(".gitmodules", &modules), ("z.yaml", "z")],
        &[("vendor/lib", at)],
    );
    let (host, remote) = (Host::new(), repo.remote());
    let tree = whole(&host, &remote).unwrap();
    let files: Vec<_> = texts(&*tree)
        .into_iter()
        .filter(|(path, _)| !path.ends_with(".gitmodules"))
        .collect();
    let expected = [
        ("vendor/lib/a/lib.yaml", "lib"),
        ("vendor/lib/in/deep.yaml", "deep"),
        ("z.yaml", "z"),
    ];
    assert_eq!(files, pairs(&expected));
    assert!(tree.problems().is_empty(), "{:?}", tree.problems());
    assert!(tree.submodules().is_empty());
    assert_eq!(tree.walk("vendor").unwrap().len(), 3);
    tree.digest("vendor/lib/in").unwrap();

    // Their mirrors stay with that of the repository, also for a process that begins anew, and need no server then.
    assert_eq!(
        host.mirrors().iter().filter(|path| path.is_dir()).count(),
        3
    );
    drop((inner, lib));
    let again = fleet_source::Source::open(host.dir.path(), Default::default()).unwrap();
    again.retain([&remote]);
    let commit = again
        .poll(&remote, &fleet_source::Reference::branch("main"), &GO_ON)
        .unwrap();
    let revision = again.fetch(&remote, &commit, &GO_ON).unwrap();
    let tree = again
        .tree_with_submodules(&remote, &revision, &GO_ON)
        .unwrap();
    assert_eq!(tree.read("vendor/lib/in/deep.yaml").unwrap(), b"deep");
    again.retain([]);
    assert!(host.mirrors().is_empty());
}

/// The way to one repository from another.
fn relative(to: &Repo, from: &Repo) -> String {
    let up = "../".repeat(from.path().components().count() - 1);
    let to = to.path();
    format!("{up}{}", to.to_str().unwrap().trim_start_matches('/'))
}

#[test]
fn without_being_asked_for_they_are_reported_and_left_out() {
    let lib = Repo::with(&[("a", "a")]);
    let repo = Repo::empty();
    let modules = gitmodules(&[("lib", lib.path().to_str().unwrap())]);
    commit_with(&repo, &[(".gitmodules", &modules)], &[("lib", tip(&lib))]);
    let host = Host::new();
    let tree = host.tree(&repo.remote(), "main").unwrap();
    let problem = tree.problems()[0].to_string();
    assert!(
        problem.contains("`lib`: a submodule is not fetched"),
        "{problem}"
    );
    assert!(
        tree.list("")
            .unwrap()
            .iter()
            .all(|entry| entry.name != "lib")
    );
    assert_eq!(tree.submodules(), [("lib".to_owned(), tip(&lib))]);
}

#[test]
fn what_is_wrong_with_a_submodule_is_said_with_its_path_and_url() {
    let lib = Repo::with(&[("a", "a")]);
    let check = |modules: &str, commit: CommitId, expected: &[&str]| {
        let repo = Repo::empty();
        commit_with(&repo, &[(".gitmodules", modules)], &[("lib", commit)]);
        let error = whole(&Host::new(), &repo.remote()).unwrap_err();
        let problem = error.to_problem().to_string();
        for part in expected {
            assert!(problem.contains(part), "{problem}");
        }
    };
    let url = lib.path();
    let url = url.to_str().unwrap();
    let nowhere = CommitId::parse(&"1".repeat(40)).unwrap();
    check(
        &gitmodules(&[("lib", url)]),
        nowhere,
        &["RevisionNotFound", "`lib`", url, "has no commit"],
    );
    check(
        &gitmodules(&[("lib", "/nowhere/at-all")]),
        tip(&lib),
        &["GitRepositoryNotFound", "`lib`", "/nowhere/at-all"],
    );
    check(
        &gitmodules(&[("lib", "https://user:hunter2@h/x?y")]),
        tip(&lib),
        &["`lib` from `https://h/x"],
    );
    check(
        &gitmodules(&[("../lib", url)]),
        tip(&lib),
        &["`.gitmodules`", "cannot be the name"],
    );
}

#[test]
fn a_submodule_without_an_entry_is_only_reported() {
    let lib = Repo::with(&[("a", "a")]);
    let repo = Repo::empty();
    commit_with(&repo, &[("b", "b")], &[("lib", tip(&lib))]);
    let tree = whole(&Host::new(), &repo.remote()).unwrap();
    let problem = tree.problems()[0].to_string();
    assert!(problem.contains("`.gitmodules` does not name"), "{problem}");
    assert_eq!(tree.read("b").unwrap(), b"b");
}

#[test]
fn gitmodules_that_is_a_symlink_is_refused() {
    let lib = Repo::with(&[("a", "a")]);
    let repo = Repo::empty();
    let modules = gitmodules(&[("lib", lib.path().to_str().unwrap())]);
    let (target, content) = (repo.blob(b"modules"), repo.blob(modules.as_bytes()));
    let tree = repo.tree(&[
        ("120000", b".gitmodules", &target),
        ("160000", b"lib", &tip(&lib).to_string()),
        ("100644", b"modules", &content),
    ]);
    repo.commit_tree("main", &tree, "linked");
    let error = whole(&Host::new(), &repo.remote()).unwrap_err();
    assert!(error.to_string().contains("it is a symlink"), "{error}");
}

#[test]
fn submodules_are_bounded_in_number_and_depth() {
    let limits = Limits {
        max_submodules: 2,
        max_submodule_depth: 2,
        max_entries: 10,
        ..Limits::default()
    };
    let refused = |repo: &Repo, expected: &str| {
        let error = whole(&Host::with(limits), &repo.remote()).unwrap_err();
        let problem = error.to_problem();
        assert_eq!(problem.reason.as_str(), "ContentRefused", "{problem}");
        assert!(problem.message.contains(expected), "{problem}");
    };
    let lib = Repo::with(&[("a", "a"), ("b", "b")]);
    let url = lib.path();
    let url = url.to_str().unwrap();
    let many = ["one", "two", "three"];
    let repo = Repo::empty();
    let modules = gitmodules(&many.map(|path| (path, url)));
    commit_with(
        &repo,
        &[(".gitmodules", &modules)],
        &many.map(|path| (path, tip(&lib))),
    );
    refused(&repo, "the number of submodules");

    let mut inner = Repo::with(&[("a", "a")]);
    let mut all = Vec::new();
    for _ in 0..3 {
        let outer = Repo::empty();
        let modules = gitmodules(&[("in", inner.path().to_str().unwrap())]);
        commit_with(&outer, &[(".gitmodules", &modules)], &[("in", tip(&inner))]);
        all.push(std::mem::replace(&mut inner, outer));
    }
    refused(&inner, "the number of submodules inside each other");

    let files: Vec<String> = (0..9).map(|n| n.to_string()).collect();
    let files: Vec<_> = files.iter().map(|path| (path.as_str(), "x")).collect();
    let large = Repo::with(&files);
    let repo = Repo::empty();
    let modules = gitmodules(&[("large", large.path().to_str().unwrap())]);
    commit_with(
        &repo,
        &[(".gitmodules", &modules)],
        &[("large", tip(&large))],
    );
    refused(&repo, "the number of files");
}
