//! Charts of Helm repositories, and archives behind URLs.

use std::time::{Duration, Instant};

use fleet_core::digest::Digest;
use fleet_core::files::{EntryKind, Files as _, ReadError};

use crate::server::{Reply, Server};
use crate::stage::{BASIC, Stage, anonymous, chart, login, pack};

/// An index of one chart; each version with a digest, if it is to have one.
fn index(versions: &[(&str, &str, Option<&[u8]>)]) -> String {
    let mut text = "apiVersion: v1\nentries:\n  web:\n".to_owned();
    for (version, url, content) in versions {
        let digest = content.map_or(String::new(), |content| {
            format!(", digest: {}", Digest::of(content).hex())
        });
        text.push_str(&format!(
            "  - {{version: {version}, urls: ['{url}']{digest}}}\n"
        ));
    }
    text
}

/// A repository with two versions, below `/stable`.
fn repository() -> Server {
    let server = Server::start();
    let (one, two) = (chart("web", "1.0.0"), chart("web", "1.2.0"));
    let text = index(&[
        ("1.0.0", "charts/web-1.0.0.tgz", Some(&one)),
        ("1.2.0", &server.url("/cdn/web-1.2.0.tgz"), Some(&two)),
    ]);
    server.set("/stable/index.yaml", Reply::ok(text));
    server.set("/stable/charts/web-1.0.0.tgz", Reply::ok(one));
    server.set("/cdn/web-1.2.0.tgz", Reply::ok(two));
    server
}

#[test]
fn a_version_is_chosen_and_stays_for_the_commit() {
    let (mut stage, server) = (Stage::new(), repository());
    let base = server.url("/stable");
    let newest = format!("{base}#web@^1");
    assert_eq!(stage.version("c1", &anonymous(), &newest), "1.2.0");
    assert_eq!(
        stage.version("c1", &anonymous(), &format!("{base}#web@1.0.0")),
        "1.0.0"
    );
    server.seen();

    // The repository moves on, and forgets what it had.
    let three = chart("web", "1.3.0");
    server.set(
        "/stable/index.yaml",
        Reply::ok(index(&[("1.3.0", "web-1.3.0.tgz", None)])),
    );
    server.set("/stable/web-1.3.0.tgz", Reply::ok(three));
    server.set("/cdn/web-1.2.0.tgz", Reply::status(404));
    stage.restart();
    assert_eq!(stage.version("c1", &anonymous(), &newest), "1.2.0");
    assert_eq!(server.paths(), [""; 0], "nobody was asked");
    assert_eq!(stage.version("c2", &anonymous(), &newest), "1.3.0");
    assert_eq!(stage.version("c1", &anonymous(), &newest), "1.2.0");
}

/// What was evicted is fetched again by its digest, and anything else is not taken for it.
#[test]
fn a_commit_never_gets_other_bytes_than_before() {
    let (mut stage, server) = (Stage::new(), repository());
    let reference = format!("{}#web@1.2.0", server.url("/stable"));
    assert_eq!(stage.version("c1", &anonymous(), &reference), "1.2.0");
    std::fs::remove_dir_all(stage.dir.path().join("blobs")).unwrap();
    stage.restart();
    assert_eq!(stage.version("c1", &anonymous(), &reference), "1.2.0");
    std::fs::remove_dir_all(stage.dir.path().join("blobs")).unwrap();
    stage.restart();
    server.set("/cdn/web-1.2.0.tgz", Reply::ok(chart("web", "1.2.0-moved")));
    let message = stage.version("c1", &anonymous(), &reference);
    assert!(message.contains("is not what it should be"), "{message}");
}

#[test]
fn a_credential_is_sent_where_its_rule_lets_it_and_nowhere_else() {
    let (server, other) = (repository(), Server::start());
    let one = chart("web", "1.0.0");
    other.set("/web-1.0.0.tgz", Reply::ok(one.clone()));
    let basic = |body: Vec<u8>| Reply::ok(body).wants(BASIC, "Basic realm=\"charts\"");
    server.set(
        "/private/index.yaml",
        basic(
            index(&[
                ("1.0.0", "web.tgz", None),
                ("2.0.0", &other.url("/web-1.0.0.tgz"), None),
            ])
            .into(),
        ),
    );
    server.set("/private/web.tgz", basic(one));
    let own = format!("{}#web@1.0.0", server.url("/private"));
    let rule = server.url("/private").replace('.', "\\.");

    let stage = Stage::new();
    assert_eq!(stage.version("c1", &login(&rule), &own), "1.0.0");
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.authorization.as_deref() == Some(BASIC))
    );
    let elsewhere = format!("{}#web@2.0.0", server.url("/private"));
    assert_eq!(stage.version("c1", &login(&rule), &elsewhere), "1.0.0");
    assert_eq!(
        other.seen()[0].authorization,
        None,
        "the archive lies on another server"
    );

    for (n, rule) in ["", "https://charts\\.example", "private"]
        .into_iter()
        .enumerate()
    {
        let message = stage.version(&format!("r{n}"), &login(rule), &own);
        assert!(
            message.contains("401") && message.contains("no credential was sent"),
            "{rule}: {message}"
        );
        assert!(
            server
                .seen()
                .iter()
                .all(|seen| seen.authorization.is_none()),
            "{rule}"
        );
    }
    // Nor does having been fetched with a credential open it to those without.
    let message = stage.version("c1", &anonymous(), &own);
    assert!(message.contains("401"), "{message}");
}

#[test]
fn redirects_carry_no_credential_to_another_server_and_never_lead_to_plain_http() {
    let (server, other, plain) = (Server::start(), Server::start(), Server::start_plain());
    let stage = Stage::with(|options| {
        options.plain_http_hosts.insert(plain.address.to_string());
    });
    let access = login("https://");
    other.set("/web.tgz", Reply::ok(chart("web", "1.0.0")));
    server.set("/moved.tgz", Reply::redirect(&other.url("/web.tgz")));
    server.set("/down.tgz", Reply::redirect(&plain.url("/web.tgz")));
    server.set("/loop.tgz", Reply::redirect("/loop.tgz"));
    server.set(
        "/metadata.tgz",
        Reply::redirect("https://169.254.169.254/latest"),
    );
    server.set("/file.tgz", Reply::redirect("file:///etc/passwd"));
    let version = |path: &str| stage.version("c1", &access, &format!("{}#", server.url(path)));
    assert_eq!(version("/moved.tgz"), "1.0.0");
    assert_eq!(server.seen()[0].authorization.as_deref(), Some(BASIC));
    assert_eq!(other.seen()[0].authorization, None);
    for (path, expected) in [
        ("/down.tgz", "less safe"),
        ("/loop.tgz", "redirects too often"),
        ("/metadata.tgz", "link-local"),
        ("/file.tgz", "less safe"),
    ] {
        let message = version(path);
        assert!(message.contains(expected), "{path}: {message}");
    }
    assert_eq!(plain.paths(), [""; 0]);
}

#[test]
fn plain_http_is_for_hosts_that_the_operator_names_and_without_credentials() {
    let plain = Server::start_plain();
    plain.set("/web.tgz", Reply::ok(chart("web", "1.0.0")));
    let reference = format!("{}#", plain.url("/web.tgz"));
    let message = Stage::new().version("c1", &login("http://"), &reference);
    assert!(
        message.starts_with("denied: ") && message.contains("--plain-http-host"),
        "{message}"
    );
    assert_eq!(plain.paths(), [""; 0]);
    let named = Stage::with(|options| {
        options.plain_http_hosts.insert("127.0.0.1".to_owned());
    });
    assert_eq!(named.version("c1", &login("http://"), &reference), "1.0.0");
    assert_eq!(plain.seen()[0].authorization, None);
}

#[test]
fn every_way_to_fail_is_told_with_its_reason() {
    let server = Server::start();
    let stage = Stage::with(|options| {
        options.limits.idle_timeout = Duration::from_millis(300);
        options.limits.max_index_bytes = 10_000;
        options.limits.max_archive_bytes = 50_000;
        options.limits.max_unpacked_bytes = 1 << 20;
    });
    let good = chart("web", "1.0.0");
    let check = |reply: Reply, expected: &str| {
        server.set("/web.tgz", reply);
        let commit = format!("{expected}{:?}", Instant::now());
        let message = stage.version(
            &commit,
            &anonymous(),
            &format!("{}#", server.url("/web.tgz")),
        );
        assert!(
            message.contains(expected),
            "{message} instead of {expected}"
        );
        assert!(!message.starts_with("denied"), "it may pass: {message}");
    };
    check(Reply::status(404), "there is nothing at");
    check(Reply::status(403), "refused access");
    check(Reply::status(500), "HTTP status 500");
    check(Reply::status(429).with("retry-after", "7"), "asked to wait");
    check(Reply::status(302), "redirects to nowhere");
    check(
        Reply {
            delay: Duration::from_secs(5),
            ..Reply::ok("")
        },
        "did not answer",
    );
    check(
        Reply {
            times: 100,
            ..Reply::ok(vec![0; 1000])
        },
        "the chart of",
    );
    check(Reply::ok("not an archive"), "no gzip archive");
    check(
        Reply::ok(pack(&[("web/values.yaml", b"")])),
        "no `Chart.yaml`",
    );
    check(
        Reply::ok(pack(&[("web/../../Chart.yaml", b"")])),
        "out of the archive",
    );
    check(
        Reply::ok(pack(&[("web/Chart.yaml", &vec![0; 2 << 20])])),
        "more than 1048576 bytes",
    );

    let index_of = |text: String| Reply::ok(text);
    let check = |index: Reply, expected: &str| {
        server.set("/index.yaml", index);
        server.set("/web-1.0.0.tgz", Reply::ok(good.clone()));
        let fresh = Stage::with(|options| options.limits.max_index_bytes = 10_000);
        let message = fresh.version("c", &anonymous(), &format!("{}#web@^1", server.url("")));
        assert!(
            message.contains(expected),
            "{message} instead of {expected}"
        );
    };
    check(Reply::status(404), "there is nothing at");
    check(
        Reply {
            times: 100,
            ..Reply::ok(vec![b' '; 1000])
        },
        "the index of",
    );
    check(Reply::ok("<html>"), "could not use");
    check(Reply::ok("apiVersion: v1\nentries: {}\n"), "no chart `web`");
    check(index_of(index(&[])), "no version of chart `web`");
    check(
        index_of(index(&[("2.0.0", "x.tgz", None)])),
        "no version of chart `web` that fits `^1`",
    );
    check(
        index_of(index(&[("1.0.0", "web-1.0.0.tgz", Some(b"other"))])),
        "is not what it should be",
    );
    check(
        index_of(index(&[("1.0.0", "http://c.example/x.tgz", None)])),
        "not protected by TLS",
    );
    check(
        index_of(index(&[("1.0.0", "web-1.0.0.tgz", Some(&good))])),
        "1.0.0",
    );
}

#[test]
fn a_server_that_is_not_trusted_gets_no_request() {
    let server = repository();
    let message = Stage::new().version(
        "c1",
        &fleet_artifact::Access::default(),
        &format!("{}#web", server.url("/stable")),
    );
    assert!(message.contains("could not reach"), "{message}");
    assert_eq!(server.paths(), [""; 0]);
}

#[test]
fn failures_are_tried_again_later_and_not_sooner() {
    let (stage, server) = (Stage::new(), Server::start());
    let reference = format!("{}#", server.url("/web.tgz"));
    let view = stage.view("c1", &anonymous());
    assert!(matches!(view.resolve(&reference), Err(ReadError::Other(_))));
    assert!(view.retry_after().unwrap() <= Duration::from_millis(200));
    server.set("/web.tgz", Reply::ok(chart("web", "1.0.0")));
    assert!(view.resolve(&reference).is_err(), "a view gives one answer");
    assert!(
        stage
            .version("c1", &anonymous(), &reference)
            .contains("there is nothing")
    );
    assert_eq!(server.paths().len(), 1);
    let deadline = Instant::now() + Duration::from_secs(10);
    while stage.version("c1", &anonymous(), &reference) != "1.0.0" {
        assert!(Instant::now() < deadline, "it was not tried again");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(stage.view("c1", &anonymous()).retry_after(), None);
}

#[test]
fn who_wants_the_same_at_the_same_time_waits_for_one_fetch() {
    let (stage, server) = (Stage::new(), repository());
    let slow = Reply {
        delay: Duration::from_millis(300),
        ..Reply::ok(chart("web", "1.0.0"))
    };
    server.set("/slow.tgz", slow);
    let reference = format!("{}#", server.url("/slow.tgz"));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(stage.version("c1", &anonymous(), &reference), "1.0.0"));
        }
    });
    assert_eq!(server.paths(), ["/slow.tgz"]);
}

#[test]
fn nothing_of_the_repository_takes_the_place_of_what_is_fetched() {
    let (stage, server) = (Stage::new(), repository());
    let view = stage.view("c1", &anonymous());
    assert_eq!(view.read(".fleet/remote/x/y"), Err(ReadError::NotFound));
    assert_eq!(view.list(".fleet/remote"), Err(ReadError::NotFound));
    assert!(view.list(".fleet").unwrap().is_empty());
    let path = view
        .resolve(&format!("{}#web@1.0.0", server.url("/stable")))
        .unwrap();
    assert!(view.is_file(&format!("{path}/Chart.yaml")));
    assert_eq!(view.list(&path).unwrap()[0].kind, EntryKind::File);
    assert!(matches!(
        view.read(&format!("{path}/../../../own.yaml")),
        Err(ReadError::Denied(_))
    ));
    assert_eq!(view.read_text("own.yaml").unwrap(), "own");
    let other = stage.view("c1", &anonymous());
    assert_eq!(
        other.list(&path),
        Err(ReadError::NotFound),
        "it was not asked for here"
    );
}
