//! Bases and resources of kustomizations.

use std::path::Path;

use fleet_artifact::Access;
use fleet_core::files::{Files as _, ReadError};
use fleet_test_git::objects::Objects;

use crate::server::{Reply, Server};
use crate::stage::{Stage, anonymous, told};

fn git(dir: &Path, args: &[&str]) -> String {
    Objects::of(dir).git(args).unwrap()
}

fn commit(dir: &Path, text: &str) -> String {
    std::fs::create_dir_all(dir.join("deploy/base")).unwrap();
    std::fs::write(dir.join("deploy/base/kustomization.yaml"), text).unwrap();
    git(dir, &["add", "."]);
    git(dir, &["commit", "--quiet", "--message", text]);
    git(dir, &["rev-parse", "HEAD"])
}

fn local() -> Stage {
    Stage::with(|options| options.local = true)
}

#[test]
fn a_base_stays_for_the_commit_whatever_becomes_of_its_branch() {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "--quiet", "--initial-branch=main"]);
    let first = commit(dir.path(), "first");
    git(dir.path(), &["tag", "v1"]);
    let mut stage = local();
    let base = format!("file://{}//deploy/base", dir.path().display());
    let read = |stage: &Stage, commit: &str, reference: &str| {
        let view = stage.view(commit, &anonymous());
        match view.resolve(reference) {
            Ok(path) => view
                .read_text(&format!("{path}/kustomization.yaml"))
                .unwrap(),
            Err(error) => told(&error),
        }
    };
    for rest in [
        "",
        "?ref=main",
        "?ref=v1",
        "?ref=refs/heads/main",
        &format!("?ref={first}"),
    ] {
        assert_eq!(
            read(&stage, "c1", &format!("{base}{rest}")),
            "first",
            "{rest}"
        );
    }
    commit(dir.path(), "second");
    stage.restart();
    assert_eq!(read(&stage, "c1", &format!("{base}?ref=main")), "first");
    assert_eq!(read(&stage, "c2", &format!("{base}?ref=main")), "second");
    assert_eq!(read(&stage, "c2", &format!("{base}?ref=v1")), "first");
    let message = read(&stage, "c2", &format!("{base}?ref=nope"));
    assert!(message.contains("no tag or branch `nope`"), "{message}");
    let path = stage
        .view("c1", &anonymous())
        .resolve(&format!("{base}?ref=main"))
        .unwrap();
    assert_eq!(path, format!(".fleet/remote/{first}/deploy/base"));
}

#[test]
fn bases_are_fetched_only_where_they_are_allowed() {
    let dir = tempfile::tempdir().unwrap();
    git(dir.path(), &["init", "--quiet", "--initial-branch=main"]);
    commit(dir.path(), "x");
    let base = format!("file://{}//deploy/base", dir.path().display());
    let refused = |stage: &Stage, access: &Access, reference: &str| match stage
        .view("c", access)
        .resolve(reference)
    {
        Err(ReadError::Denied(why)) => why,
        other => panic!("{other:?}"),
    };
    let why = refused(&local(), &Access::default(), &base);
    assert!(why.contains("spec.kustomize.remoteBases"), "{why}");
    let why = refused(&Stage::new(), &anonymous(), &base);
    assert!(why.contains("disk"), "{why}");
    for (reference, expected) in [
        ("http://g.example/o/r//x?ref=1", "not protected by TLS"),
        ("https://169.254.169.254/o/r//x?ref=1", "link-local"),
        ("ssh://git@[fe80::1]/o/r//x", "link-local"),
        ("https://169.254.169.254/x.yaml", "link-local"),
    ] {
        let why = refused(&Stage::new(), &anonymous(), reference);
        assert!(why.contains(expected), "{reference}: {why}");
    }
}

#[test]
fn a_file_behind_a_url_is_a_resource() {
    let (mut stage, server) = (Stage::new(), Server::start());
    server.set("/crds.yaml?x=1", Reply::ok("kind: A"));
    let reference = server.url("/crds.yaml?x=1");
    let read = |stage: &Stage, commit: &str, reference: &str| {
        let view = stage.view(commit, &anonymous());
        match view.resolve(reference) {
            Ok(path) => {
                assert!(path.ends_with("/crds.yaml"), "{path}");
                view.read_text(&path).unwrap()
            }
            Err(error) => told(&error),
        }
    };
    assert_eq!(read(&stage, "c1", &reference), "kind: A");
    assert_eq!(server.seen()[0].authorization, None);
    server.set("/crds.yaml?x=1", Reply::ok("kind: B"));
    stage.restart();
    assert_eq!(read(&stage, "c1", &reference), "kind: A");
    assert_eq!(read(&stage, "c2", &reference), "kind: B");
    server.set("/page.yaml", Reply::ok("\n<!DOCTYPE html><html>"));
    let message = read(&stage, "c1", &server.url("/page.yaml"));
    assert!(message.contains("web page"), "{message}");
}
