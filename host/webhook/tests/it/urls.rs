//! Which URLs are the same repository.

use fleet_webhook::RepoUrl;
use proptest::prelude::*;

#[test]
fn every_way_to_name_a_repository_is_read() {
    for (text, expected) in [
        (
            "https://Git.Example.org/Team/App.git",
            "https://git.example.org/team/app",
        ),
        (
            "https://user:token@git.example.org:443/team/app/",
            "https://git.example.org/team/app",
        ),
        (
            "http://git.example.org:8080//team//app.git/",
            "http://git.example.org:8080/team/app",
        ),
        (
            "git@git.example.org:team/app.git",
            "ssh://git.example.org/team/app",
        ),
        ("git.example.org:team/app", "ssh://git.example.org/team/app"),
        (
            "ssh://git@git.example.org:22/team/app",
            "ssh://git.example.org/team/app",
        ),
        (
            "ssh://git@git.example.org:2222/~/team/app",
            "ssh://git.example.org:2222/team/app",
        ),
        (
            "git+ssh://git.example.org/team/app",
            "ssh://git.example.org/team/app",
        ),
        (
            "git://git.example.org:9418/team/app",
            "git://git.example.org/team/app",
        ),
        ("https://[::1]:8443/x", "https://[::1]:8443/x"),
        ("[::1]:x", "ssh://[::1]/x"),
        ("git@[::1]:x.git", "ssh://[::1]/x"),
        ("file:///srv/git/app.git", "file:///srv/git/app"),
        ("/srv/git/app.git", "file:///srv/git/app"),
        (
            "https://git.example.org/a%20b/c%25d",
            "https://git.example.org/a%20b/c%25d",
        ),
        (
            "https://git.example.org./x?tab=1#top",
            "https://git.example.org/x",
        ),
        (
            "https://dev.azure.com/org/My%20Project/_git/repo",
            "https://dev.azure.com/org/my%20project/repo",
        ),
        (
            "https://org@dev.azure.com/org/_git/repo",
            "https://dev.azure.com/org/repo/repo",
        ),
        (
            "git@ssh.dev.azure.com:v3/org/project/repo",
            "ssh://dev.azure.com/org/project/repo",
        ),
        (
            "https://org.visualstudio.com/DefaultCollection/project/_git/repo",
            "https://dev.azure.com/org/project/repo",
        ),
        (
            "https://vs-ssh.visualstudio.com/v3/~/_git/_git",
            "https://dev.azure.com/_git/_git",
        ),
        (
            "https://org.visualstudio.com/_git/repo",
            "https://dev.azure.com/org/repo/repo",
        ),
        (
            "org@vs-ssh.visualstudio.com:v3/org/project/repo",
            "ssh://dev.azure.com/org/project/repo",
        ),
        (
            "https://tfs.corp/tfs/Main/Web/_git/Shop",
            "https://tfs.corp/tfs/main/web/_git/shop",
        ),
        (
            "ssh://git@ssh.github.com:443/team/app.git",
            "ssh://github.com/team/app",
        ),
    ] {
        let found = RepoUrl::parse(text).map(|url| url.to_string());
        assert_eq!(found.as_deref(), Some(expected), "{text}");
    }
    for text in [
        "",
        "https://",
        "https://host",
        "https://host/",
        "https://host:port/x",
        "ftp://host/x",
        "relative/path",
        "file://host/x",
        "host",
        "a\nb:c",
        "https://host/%00",
        "#:{",
        "a?b:c",
        "https://host/%ff",
        "https://ho st/x",
        &format!("https://host/{}", "x".repeat(3000)),
    ] {
        assert_eq!(RepoUrl::parse(text), None, "{text}");
    }
}

#[test]
fn a_repository_is_known_by_all_its_names() {
    let check = |a: &str, b: &str, expected: bool| {
        let (a, b) = (RepoUrl::parse(a).unwrap(), RepoUrl::parse(b).unwrap());
        assert_eq!(a.same_repository(&b), expected, "{a} and {b}");
        assert_eq!(b.same_repository(&a), expected, "{b} and {a}");
    };
    check("https://h/a/b", "git@h:a/b.git", true);
    check("https://h/a/b", "ssh://git@h:2222/a/b", true);
    check("https://h:8443/a/b", "https://h/a/b", false);
    check("ssh://h:2222/a/b", "ssh://h:2223/a/b", false);
    check("https://h/a/b", "https://h/a/c", false);
    check("https://h/a/b", "https://h/b", false);
    check("https://h/a/b", "https://evil-h/a/b", false);
    check("https://h/a/b", "https://h.evil/a/b", false);
    check("https://evil/h/a/b", "https://h/a/b", false);
    check("https://h@evil/a/b", "https://h/a/b", false);
    check("/srv/a", "https://srv/a", false);
    check(
        "https://dev.azure.com/o/p/_git/r",
        "git@ssh.dev.azure.com:v3/o/p/r",
        true,
    );
}

/// Texts that look like URLs, with the pieces that have a meaning.
fn urls() -> impl Strategy<Value = String> {
    let scheme = prop_oneof![
        Just("https://"),
        Just("http://"),
        Just("ssh://"),
        Just("git://"),
        Just("file://"),
        Just("")
    ];
    let host = prop_oneof![
        Just("host".to_owned()),
        Just("[::1]".to_owned()),
        Just("dev.azure.com".to_owned()),
        Just("ssh.dev.azure.com".to_owned()),
        Just("o.visualstudio.com".to_owned()),
        Just("vs-ssh.visualstudio.com".to_owned()),
        Just("ssh.github.com".to_owned()),
        "[a-zA-Z@:.%0-9]{0,8}",
    ];
    let segment = prop_oneof![
        Just("_git".to_owned()),
        Just("v3".to_owned()),
        Just("DefaultCollection".to_owned()),
        Just("~".to_owned()),
        Just(".git".to_owned()),
        Just("~.git".to_owned()),
        Just("a.git.git".to_owned()),
        "[a-zA-Z.%#? @:é\u{a0}0-9]{0,6}",
    ];
    let path = proptest::collection::vec(segment, 0..6);
    (
        scheme,
        host,
        prop_oneof![Just("/"), Just(":"), Just(":22/"), Just(":443/")],
        path,
    )
        .prop_map(|(scheme, host, glue, path)| format!("{scheme}{host}{glue}{}", path.join("/")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_was_reduced_is_not_reduced_further(text in urls()) {
        if let Some(url) = RepoUrl::parse(&text) {
            let again = RepoUrl::parse(&url.to_string());
            prop_assert_eq!(again.as_ref(), Some(&url), "{} became {}", text, url);
            prop_assert!(url.same_repository(&url));
        }
    }

    #[test]
    fn nothing_panics(text in any::<String>()) {
        let _ = RepoUrl::parse(&text);
    }

    #[test]
    fn spelling_does_not_matter(name in "[a-z]{1,8}", port in 1u16..) {
        let upper = name.to_ascii_uppercase();
        let plain = RepoUrl::parse(&format!("ssh://h:{port}/t/{name}")).unwrap();
        for other in [
            format!("ssh://git@H:{port}/T/{upper}.git"),
            format!("ssh://h:{port}//t/{name}/"),
            format!("ssh://h:{port}/~/t/{name}.GIT/"),
        ] {
            let other = RepoUrl::parse(&other).unwrap();
            prop_assert_eq!(&plain, &other);
        }
    }
}
