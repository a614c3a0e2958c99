//! Every form that is known, and what is made of it.

use super::*;

fn shown(text: &str) -> String {
    let git = |git: GitFolder| {
        let revision = git
            .revision
            .map_or(String::new(), |revision| format!(" at {revision}"));
        let submodules = if git.submodules {
            ""
        } else {
            " without submodules"
        };
        let timeout = git
            .timeout
            .map_or(String::new(), |timeout| format!(" in {timeout:?}"));
        format!(
            "git {} : {}{revision}{submodules}{timeout}",
            git.repository, git.folder
        )
    };
    match Reference::parse(text) {
        Ok(Reference::Chart(Chart::Repository {
            repository,
            name,
            version,
        })) => {
            format!("{name} {version} of {repository}")
        }
        Ok(Reference::Chart(Chart::Archive(url))) => format!("archive {url}"),
        Ok(Reference::Chart(Chart::Registry(image))) => {
            let which = match image.which {
                Which::Digest(digest) => format!("@{digest}"),
                Which::Tag(tag) => format!(":{tag}"),
                Which::Version(wanted) => format!(" {wanted}"),
            };
            format!("{} {}{which}", image.registry, image.repository)
        }
        Ok(Reference::Chart(Chart::Git(folder))) => format!("chart in {}", git(folder)),
        Ok(Reference::Base(Base::Git(folder))) => git(folder),
        Ok(Reference::Base(Base::File(url))) => format!("file {url}"),
        Err(error) => error.to_string(),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(shown(text), *expected, "{text}");
    }
}

#[test]
fn charts_are_found_in_repositories_registries_archives_and_git() {
    let digest = format!("sha256:{}", "ab".repeat(32));
    check(&[
        (
            "https://c.example/stable#web@^1.2",
            "web ^1.2 of https://c.example/stable/",
        ),
        ("https://c.example#web", "web * of https://c.example/"),
        (
            "https://c.example/x/web-1.0.tgz#",
            "archive https://c.example/x/web-1.0.tgz",
        ),
        (
            "https://c.example/x/web-1.0.tgz#@2.0",
            "archive https://c.example/x/web-1.0.tgz",
        ),
        (
            "oci://r.example:5000/team/web#@1.2.3",
            "r.example:5000 team/web:1.2.3",
        ),
        (
            "oci://r.example/team/web#@1.2.3+x",
            "r.example team/web:1.2.3_x",
        ),
        ("oci://r.example/team#web@~1.2", "r.example team/web ~1.2"),
        (
            "oci://r.example/team/web#web@~1.2",
            "r.example team/web ~1.2",
        ),
        ("oci://r.example/web", "r.example web *"),
        ("oci://r.example/web:stable", "r.example web:stable"),
        (
            &format!("oci://r.example/web:1@{digest}"),
            &format!("r.example web@{digest}"),
        ),
        (
            "git::https://g.example/o/r//charts/web?ref=v1#",
            "chart in git https://g.example/o/r : charts/web at v1",
        ),
        (
            "github.com/o/r/charts/web#",
            "chart in git https://github.com/o/r : charts/web",
        ),
        ("gitlab.com/o/r#", "chart in git https://gitlab.com/o/r : "),
        (
            "git@g.example:o/r.git//web?ref=x#",
            "chart in git git@g.example:o/r.git : web at x",
        ),
    ]);
}

/// The table of kustomize's own documentation, and what its users write.
#[test]
fn bases_are_found_where_kustomize_finds_them() {
    check(&[
        (
            "https://github.com/o/r//examples/a?ref=v1.0.6",
            "git https://github.com/o/r : examples/a at v1.0.6",
        ),
        (
            "https://github.com/o/r/examples/a?ref=v1",
            "git https://github.com/o/r : examples/a at v1",
        ),
        (
            "github.com/o/r/examples/a?ref=v1",
            "git https://github.com/o/r : examples/a at v1",
        ),
        ("github.com:o/r", "git https://github.com/o/r : "),
        ("gh:o/r//a", "git https://github.com/o/r : a"),
        (
            "https://github.com/o/r?ref=master",
            "git https://github.com/o/r :  at master",
        ),
        (
            "https://github.com/o/r.git/a?version=1",
            "git https://github.com/o/r.git : a at 1",
        ),
        (
            "git@github.com:o/r.git//a?submodules=false&timeout=90s",
            "git git@github.com:o/r.git : a without submodules in 90s",
        ),
        (
            "git@github.com:o/r/a?timeout=2m",
            "git git@github.com:o/r : a in 120s",
        ),
        (
            "ssh://git@g.example:2222/o/r//a",
            "git ssh://git@g.example:2222/o/r : a",
        ),
        (
            "ssh://git@github.com:o/r.git",
            "git git@github.com:o/r.git : ",
        ),
        (
            "https://dev.azure.com/o/p/_git/r/a?ref=x",
            "git https://dev.azure.com/o/p/_git/r : a at x",
        ),
        (
            "https://g.example/group/sub/r//deploy",
            "git https://g.example/group/sub/r : deploy",
        ),
        (
            "file:///srv/git/r//a?ref=main",
            "git file:///srv/git/r : a at main",
        ),
        ("file:///srv/git/r.git", "git file:///srv/git/r.git : "),
        (
            "https://raw.githubusercontent.com/o/r/main/a.yaml",
            "file https://raw.githubusercontent.com/o/r/main/a.yaml",
        ),
        (
            "https://github.com/o/r/releases/download/v1/a.yaml",
            "file https://github.com/o/r/releases/download/v1/a.yaml",
        ),
        (
            "https://x.example/crds.yaml?x=1",
            "file https://x.example/crds.yaml?x=1",
        ),
    ]);
}

#[test]
fn what_cannot_be_meant_is_refused_without_showing_a_credential() {
    for text in [
        "https://u:hunter2@c.example/#web",
        "https://u:hunter2@c.example/x.yaml",
        "git::https://u:hunter2@g.example/o/r//x?ref=1",
        "git::ssh://git@g.example/o/r?sshkey=hunter2",
        "oci://u:hunter2@r.example/web",
        "oci://r.example/UPPER",
        "oci://r.example/../x",
        "oci://r.example",
        "oci://r.example/x@sha256:12",
        "oci://r.example/x:a/b",
        "https://c.example#../x",
        "https://c.example#web@not a version",
        "https://github.com/o/r//../../x?ref=1",
        "ftp://c.example/x#",
        "s3::https://bucket/x#",
        "git::ext::sh -c x",
        "relative/path",
        "a\nb",
        "",
    ] {
        let message = shown(text);
        assert!(
            message.starts_with("cannot use the reference"),
            "{text}: {message}"
        );
        assert!(!message.contains("hunter2"), "{message}");
    }
}
