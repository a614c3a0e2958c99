//! Content made to do harm: names, links, sizes and shapes.

use std::sync::Arc;

use fleet_core::files::{EntryKind, Files as _, ReadError};
use fleet_source::{Error, Limits, Tree};

use crate::support::{Host, Repo, pairs, texts};

fn tree_of(repo: &Repo, tree: &str, limits: Limits) -> Result<Arc<Tree>, Error> {
    repo.commit_tree("main", tree, "made by hand");
    Host::with(limits).tree(&repo.remote(), "main")
}

#[test]
fn links_lead_inside_only() {
    let repo = Repo::with(&[
        ("app/values.yaml", "v"),
        ("link:app/up", "../shared"),
        ("link:app/file", "../shared/s.yaml"),
        ("link:app/out", "../../etc/passwd"),
        ("link:app/absolute", "/etc/passwd"),
        ("link:app/loop", "loop"),
        ("shared/s.yaml", "s"),
    ]);
    let tree = Host::new().tree(&repo.remote(), "main").unwrap();
    let expected = [
        ("app/absolute", "<dangling>"),
        ("app/file", "s"),
        ("app/loop", "<dangling>"),
        ("app/out", "<dangling>"),
        ("app/up/s.yaml", "s"),
        ("app/values.yaml", "v"),
        ("shared/s.yaml", "s"),
    ];
    assert_eq!(texts(&*tree), pairs(&expected));
    for path in ["app/out", "app/absolute", "../x", "app/../../x"] {
        assert!(
            matches!(tree.read(path), Err(ReadError::Denied(_))),
            "{path}"
        );
    }
    assert_eq!(tree.read("app/up/../up/s.yaml").unwrap(), b"s");
    assert_eq!(
        tree.digest("app/up").unwrap(),
        tree.digest("shared").unwrap()
    );
}

#[test]
fn names_that_trick_are_not_there_and_are_reported() {
    let repo = Repo::empty();
    let blob = repo.blob(b"x");
    let folder = repo.tree(&[("100644", b"config", &blob)]);
    let mut entries: Vec<(&str, &[u8], &str)> = vec![
        ("40000", b".git", &folder),
        ("40000", b".GIT", &folder),
        ("40000", b"git~1", &folder),
        ("40000", ".g\u{200c}it".as_bytes(), &folder),
        ("40000", b".git.", &folder),
        ("40000", b"..", &folder),
        ("40000", b".", &folder),
        ("100644", b"not\xff-utf8", &blob),
        ("100644", b"line\nbreak", &blob),
        ("100644", b"back\\slash", &blob),
        ("100644", b"a/b", &blob),
    ];
    let n_refused = entries.len();
    let long = "n".repeat(5000);
    entries.push(("100644", long.as_bytes(), &blob));
    entries.extend([
        ("100644", b"con".as_slice(), blob.as_str()),
        ("100644", b"a:b.yaml", &blob),
    ]);
    entries.extend([
        ("100644", b".gitignore".as_slice(), blob.as_str()),
        ("100644", b"good", &blob),
    ]);
    let tree = tree_of(&repo, &repo.tree(&entries), Limits::default()).unwrap();
    let names: Vec<_> = tree
        .list("")
        .unwrap()
        .into_iter()
        .map(|entry| entry.name)
        .collect();
    assert_eq!(names, [".gitignore", "a:b.yaml", "con", "good"]);
    assert_eq!(
        tree.problems().len(),
        n_refused + 1,
        "{:#?}",
        tree.problems()
    );
    for problem in tree.problems() {
        assert_eq!(problem.reason.as_str(), "ContentRefused");
        assert!(
            problem.location.is_some() && problem.message.len() < 400,
            "{problem}"
        );
        assert!(!problem.message.contains('\n'), "{problem}");
    }
}

#[test]
fn names_that_differ_in_case_only_are_reported_and_stay() {
    let repo = Repo::with(&[("App.yaml", "1"), ("app.yaml", "2"), ("É", "3"), ("é", "4")]);
    let tree = Host::new().tree(&repo.remote(), "main").unwrap();
    assert_eq!(texts(&*tree).len(), 4);
    let messages: Vec<_> = tree
        .problems()
        .iter()
        .map(|problem| problem.message.clone())
        .collect();
    assert_eq!(
        messages,
        [
            "`app.yaml`: differs from `App.yaml` only in upper and lower case",
            "`é`: differs from `É` only in upper and lower case",
        ]
    );
}

#[test]
fn the_same_name_twice_is_damage() {
    let repo = Repo::empty();
    let (one, two) = (repo.blob(b"1"), repo.blob(b"2"));
    let twice = repo.tree(&[("100644", b"a", &one), ("100644", b"a", &two)]);
    let error = tree_of(&repo, &twice, Limits::default()).unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
}

/// Ten folders of ten, ten deep: 10^10 files in a few hundred bytes.
#[test]
fn a_tree_bomb_is_stopped_by_the_number_of_files() {
    let repo = Repo::empty();
    let mut id = repo.tree(&[("100644", b"f", &repo.blob(b"x"))]);
    let names: Vec<String> = (0..10).map(|i| i.to_string()).collect();
    for _ in 0..10 {
        let entries: Vec<_> = names
            .iter()
            .map(|name| ("40000", name.as_bytes(), id.as_str()))
            .collect();
        id = repo.tree(&entries);
    }
    let limits = Limits {
        max_entries: 10_000,
        ..Limits::default()
    };
    let error = tree_of(&repo, &id, limits).unwrap_err();
    assert!(
        matches!(
            error,
            Error::LimitExceeded {
                limit: 10_000,
                path: Some(_),
                ..
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_deep_tree_is_stopped_by_its_depth() {
    let repo = Repo::empty();
    let mut id = repo.tree(&[("100644", b"f", &repo.blob(b"x"))]);
    for _ in 0..150 {
        id = repo.tree(&[("40000", b"d", &id)]);
    }
    let error = tree_of(&repo, &id, Limits::default()).unwrap_err();
    assert!(
        matches!(
            error,
            Error::LimitExceeded {
                limit: 100,
                path: Some(_),
                ..
            }
        ),
        "{error:?}"
    );
}

#[test]
fn a_large_file_is_listed_and_not_read() {
    let repo = Repo::with(&[("big", &"x".repeat(5000)), ("small", "s")]);
    let limits = Limits {
        max_file_bytes: 1000,
        ..Limits::default()
    };
    let tree = Host::with(limits).tree(&repo.remote(), "main").unwrap();
    assert_eq!(tree.read("big"), Err(ReadError::TooLarge(5000)));
    assert_eq!(tree.list("").unwrap()[0].size, 5000);
    assert_eq!(tree.read("small").unwrap(), b"s");
}

/// 64 MiB of zeros are 64 KiB in a pack; unpacking such things must not take the host's memory.
#[test]
fn a_compression_bomb_is_stopped_while_unpacking() {
    let repo = Repo::empty();
    let tree = repo.tree(&[("100644", b"zeros", &repo.blob(&vec![0; 64 << 20]))]);
    let limits = Limits {
        max_object_bytes: 8 << 20,
        ..Limits::default()
    };
    let error = tree_of(&repo, &tree, limits).unwrap_err();
    assert!(matches!(error, Error::LimitExceeded { .. }), "{error:?}");
}

#[test]
fn too_many_bytes_are_not_taken() {
    let repo = Repo::empty();
    // Noise of a small generator, so that it does not compress.
    let mut seed = 1_u32;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 24) as u8
    })
    .take(1 << 20)
    .collect();
    let tree = repo.tree(&[("100644", b"noise", &repo.blob(&noise))]);
    let limits = Limits {
        max_fetch_bytes: 100_000,
        ..Limits::default()
    };
    let error = tree_of(&repo, &tree, limits).unwrap_err();
    assert!(
        matches!(error, Error::LimitExceeded { limit: 100_000, .. }),
        "{error:?}"
    );
}

#[test]
fn lfs_pointers_are_refused_and_submodules_reported() {
    let repo = Repo::empty();
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n";
    let lfs = repo.blob(pointer.as_bytes());
    let other = "1".repeat(40);
    let made = repo.tree(&[("100644", b"big.bin", &lfs), ("160000", b"sub", &other)]);
    let tree = tree_of(&repo, &made, Limits::default()).unwrap();
    assert!(matches!(tree.read("big.bin"), Err(ReadError::Denied(why)) if why.contains("LFS")));
    assert!(matches!(tree.read("sub/x"), Err(ReadError::Denied(why)) if why.contains("submodule")));
    assert_eq!(tree.list("").unwrap().len(), 1);
    assert_eq!(tree.submodules()[0].0, "sub");
    assert_eq!(tree.problems().len(), 1);
    assert!(
        tree.list("")
            .unwrap()
            .iter()
            .all(|entry| entry.kind == EntryKind::File)
    );
}
