//! Git servers of every kind under both programs, whole and broken.

use std::collections::BTreeMap;

use fleet_test_e2e::wait::{LONG, until};
use fleet_test_git::http::{Access, Answer, HttpServer, Tls};
use fleet_test_git::line::Fault;

use crate::git_stage::{GitStage, REPO, key};
use crate::stage::config_map;

/// Without this a repository could mean one thing over SSH and another over HTTPS.
#[test]
fn the_same_state_gives_the_same_bundle_over_every_transport() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    let (https, ssh, daemon) = (stage.https(), stage.ssh(2, 1), stage.daemon());
    stage.secret("https", &[("cacerts", stage.authority.pem())]);
    let known_hosts = ssh.known_hosts(&key(2)).unwrap();
    let private = key(1).private().unwrap();
    stage.secret(
        "ssh",
        &[("ssh-privatekey", &private), ("known_hosts", &known_hosts)],
    );
    for name in ["one", "two/three"] {
        let text = config_map(&name.replace('/', "-"), "same");
        stage
            .repo
            .write(&format!("app/{name}.yaml"), &text)
            .unwrap();
    }
    let commit = stage.repo.commit("first").unwrap();
    let urls = [
        ("file", stage.repo.url()),
        ("https", https.url(REPO)),
        ("ssh", ssh.url(REPO)),
        ("git", daemon.url(REPO)),
    ];
    for (name, url) in &urls {
        stage.join(name);
        let target = format!("targets: [{{clusterName: {name}}}]");
        let secret = format!("clientSecretName: {name}");
        let more = [target.as_str(), secret.as_str()];
        let needed = if matches!(*name, "https" | "ssh") {
            2
        } else {
            1
        };
        stage.watch(name, url, "app", &more[..needed]);
    }
    let deployments = stage.ready(&urls.each_ref().map(|(name, _)| *name), &commit);
    let contents: Vec<_> = deployments.iter().map(|one| one.content.clone()).collect();
    assert_eq!(contents.len(), 4, "{deployments:#?}");
    assert!(contents[0].is_some());
    assert!(
        contents.iter().all(|content| *content == contents[0]),
        "{deployments:#?}"
    );
    // What lands names the deployment that owns it, and each cluster has one of its own.
    let landed = |cluster: &str| {
        let owner = format!("{cluster}-app");
        let texts = stage.landed(cluster).into_values();
        texts
            .map(|text| text.replace(&owner, "app"))
            .collect::<Vec<_>>()
    };
    for (name, _) in &urls {
        assert_eq!(landed(name), landed("file"), "{name}");
    }
}

/// All GitRepos of the next test and the folders that they deploy.
const NAMES: [&str; 9] = [
    "whole",
    "gone",
    "password",
    "forbidden",
    "throttled",
    "expired",
    "hostkey",
    "spoilt",
    "cut",
];

/// Without this one bad server could stop the others, disturb what runs, or need a person when it is well again.
#[test]
fn broken_servers_are_told_change_nothing_and_are_used_again_when_they_are_well() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    stage.join("dev");
    let servers: BTreeMap<&str, HttpServer> = NAMES.map(|name| (name, stage.https())).into();
    let (ssh, daemon) = (stage.ssh(2, 1), stage.daemon());
    let authority = stage.authority.pem().to_owned();
    let password = |stage: &GitStage, password: &str| {
        let files = [
            ("cacerts", authority.as_str()),
            ("username", "ada"),
            ("password", password),
        ];
        stage.secret("password", &files);
        servers["password"].set_access(Access::Basic {
            user: "ada".to_owned(),
            password: "one".to_owned(),
        });
    };
    let private = key(1).private().unwrap();
    let known_hosts = |stage: &GitStage, n: u8| {
        let known_hosts = ssh.known_hosts(&key(n)).unwrap();
        stage.secret(
            "hostkey",
            &[("ssh-privatekey", &private), ("known_hosts", &known_hosts)],
        );
    };
    let write = |stage: &GitStage, value: &str| {
        for name in NAMES {
            stage
                .repo
                .write(&format!("{name}/map.yaml"), &config_map(name, value))
                .unwrap();
        }
        // So that a pack is long enough to be cut.
        stage.repo.write("noise", &noise(value)).unwrap();
        stage.repo.commit(value).unwrap()
    };
    let first = write(&stage, "one");
    password(&stage, "one");
    known_hosts(&stage, 2);
    for name in NAMES {
        if !matches!(name, "password" | "hostkey" | "cut") {
            stage.secret(name, &[("cacerts", &authority)]);
        }
        let url = match name {
            "hostkey" => ssh.url(REPO),
            "cut" => daemon.url(REPO),
            _ => servers[name].url(REPO),
        };
        let secret = format!("clientSecretName: {name}");
        let more = [secret.as_str()];
        stage.watch(name, &url, name, if name == "cut" { &[] } else { &more });
    }
    stage.ready(&NAMES, &first);
    let before = stage.landed("dev");
    assert_eq!(before.len(), NAMES.len());

    let identity = stage.authority.expired_server(&["127.0.0.1"]).unwrap();
    servers["gone"].line().close().unwrap();
    servers["password"].set_access(Access::Basic {
        user: "ada".to_owned(),
        password: "two".to_owned(),
    });
    servers["forbidden"].set_answer(Answer::status(403));
    servers["throttled"].set_answer(Answer::retry_after(429, "2"));
    servers["expired"]
        .set_tls(&Tls {
            identity,
            clients: None,
        })
        .unwrap();
    ssh.set_host_key(key(3));
    servers["spoilt"].set_answer(Answer::SpoiltPack);
    daemon.line().set(Fault::CutAfter(100_000));
    let second = write(&stage, "two");
    for (name, reason, message) in [
        (
            "gone",
            "GitUnreachable",
            "could not reach `URL`: Connection refused (os error 111)",
        ),
        (
            "password",
            "GitAuthenticationFailed",
            "`URL` refused access: it does not take the credential (HTTP status 401)",
        ),
        (
            "forbidden",
            "GitAuthenticationFailed",
            "`URL` refused access: HTTP status 403",
        ),
        (
            "throttled",
            "GitRateLimited",
            "`URL` asked to wait (HTTP status 429)",
        ),
        (
            "expired",
            "GitServerNotTrusted",
            "the certificate of `URL` is not trusted: ",
        ),
        (
            "hostkey",
            "GitServerNotTrusted",
            "the host key of `URL` is not trusted: it is not the one in `known_hosts`",
        ),
        (
            "spoilt",
            "GitFetchFailed",
            "could not use what `URL` sent: ",
        ),
        (
            "cut",
            "GitUnreachable",
            "could not reach `URL`: the connection broke off",
        ),
    ] {
        let problem = stage.problem(name, reason);
        let url = match name {
            "hostkey" => ssh.url(REPO),
            "cut" => daemon.url(REPO),
            _ => servers[name].url(REPO),
        };
        let seen = problem.message.replace(&url, "URL");
        assert!(seen.starts_with(message), "{name}: {seen}");
        let shown = stage.host.run(&["describe", "gitrepo", name]).unwrap();
        assert!(shown.contains(reason), "{name}: {shown}");
    }
    stage.lands("dev", "value: two");
    let others = |landed: BTreeMap<String, String>| {
        let kept = landed
            .into_iter()
            .filter(|(file, _)| !file.contains("whole"));
        kept.collect::<BTreeMap<_, _>>()
    };
    assert_eq!(
        others(stage.landed("dev")),
        others(before),
        "not one byte of the others changes"
    );
    assert_eq!(
        stage.host.gitrepo("gone").unwrap()["commit"],
        first.as_str()
    );

    let host = stage.host.id();
    servers["gone"].line().open().unwrap();
    // A secret that is rotated: the next look takes it.
    let files = [
        ("cacerts", authority.as_str()),
        ("username", "ada"),
        ("password", "two"),
    ];
    stage.secret("password", &files);
    servers["forbidden"].set_answer(Answer::Git);
    servers["throttled"].set_answer(Answer::Git);
    let identity = stage.authority.server(&["127.0.0.1"]).unwrap();
    servers["expired"]
        .set_tls(&Tls {
            identity,
            clients: None,
        })
        .unwrap();
    known_hosts_rotated(&stage, &private, &ssh.known_hosts(&key(3)).unwrap());
    servers["spoilt"].set_answer(Answer::Git);
    daemon.line().set(Fault::None);
    stage.ready(&NAMES, &second);
    let landed = stage.landed("dev");
    assert!(
        landed.values().all(|text| text.contains("value: two")),
        "{landed:?}"
    );
    assert_eq!(stage.host.id(), host, "without a restart");
}

fn known_hosts_rotated(stage: &GitStage, private: &str, known_hosts: &str) {
    stage.secret(
        "hostkey",
        &[("ssh-privatekey", private), ("known_hosts", known_hosts)],
    );
}

/// Text of a small generator, so that it does not compress to nothing.
fn noise(seed: &str) -> String {
    let mut state = seed.bytes().fold(7_u32, |state, byte| {
        state.wrapping_mul(31) + u32::from(byte)
    });
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b' ' + (state >> 26) as u8)
    };
    std::iter::repeat_with(next).take(300_000).collect()
}

/// Without this a slip with `git push --force` would take everything down.
#[test]
fn a_branch_that_goes_away_changes_nothing_and_is_followed_when_it_is_back() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    stage.join("dev");
    let server = stage.https();
    stage.secret("git", &[("cacerts", stage.authority.pem())]);
    stage
        .repo
        .write("app/map.yaml", &config_map("app", "one"))
        .unwrap();
    let first = stage.repo.commit("first").unwrap();
    stage.watch("team", &server.url(REPO), "app", &["clientSecretName: git"]);
    stage.ready(&["team"], &first);
    let before = stage.landed("dev");

    stage
        .repo
        .bare_git(&["update-ref", "-d", "refs/heads/main"])
        .unwrap();
    let problem = stage.problem("team", "RevisionNotFound");
    assert_eq!(
        problem.message,
        format!("`{}` has no branch `main`", server.url(REPO))
    );
    stage
        .repo
        .bare_git(&["gc", "--quiet", "--prune=now"])
        .unwrap();
    assert_eq!(
        stage.landed("dev"),
        before,
        "an empty repository deletes nothing"
    );

    let again = stage
        .repo
        .restart("app/map.yaml", &config_map("app", "two"))
        .unwrap();
    stage.ready(&["team"], &again);
    stage.lands("dev", "value: two");

    let unrelated = stage
        .repo
        .restart("app/map.yaml", &config_map("app", "three"))
        .unwrap();
    stage.lands("dev", "value: three");
    assert_eq!(
        stage.host.gitrepo("team").unwrap()["commit"],
        unrelated.as_str()
    );
    let rewritten = format!(
        "branch `main` was rewritten: commit {unrelated} does not descend from {again}, which it stood at before; it is followed"
    );
    warned(&mut stage, "team", Some(&rewritten));

    // What goes on from there is no surprise any more.
    stage
        .repo
        .write("app/map.yaml", &config_map("app", "four"))
        .unwrap();
    let fourth = stage.repo.commit("fourth").unwrap();
    stage.ready(&["team"], &fourth);
    warned(&mut stage, "team", None);
}

/// GitRepos of one branch share what the server said: what one of them sees, all of them have.
#[test]
fn a_push_that_one_gitrepo_sees_is_deployed_by_all_of_the_same_branch() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    stage.join("dev");
    let server = stage.https();
    stage.secret("git", &[("cacerts", stage.authority.pem())]);
    let with = "clientSecretName: git";
    let all = ["often", "seldom", "never"];
    let push = |stage: &GitStage, value: &str| {
        for name in all {
            let file = format!("{name}/map.yaml");
            stage.repo.write(&file, &config_map(name, value)).unwrap();
        }
        stage.repo.commit(value).unwrap()
    };
    let first = push(&stage, "one");
    // Whoever disables polling wants to be asked first.
    let polled = [
        None,
        Some("pollingInterval: 1h"),
        Some("disablePolling: true"),
    ];
    for (name, polled) in all.into_iter().zip(polled) {
        let more: Vec<_> = [with].into_iter().chain(polled).collect();
        stage.watch(name, &server.url(REPO), name, &more);
    }
    stage.ready(&all, &first);

    let second = push(&stage, "two");
    stage.ready(&["often", "seldom"], &second);
    assert_eq!(
        stage.host.gitrepo("never").unwrap()["commit"],
        first.as_str()
    );
}

/// Waits until a GitRepo warns that its branch was rewritten, with this message, or does not.
fn warned(stage: &mut GitStage, name: &str, message: Option<&str>) {
    let waited = until(&format!("{name} warns: {message:?}"), LONG, || {
        stage.host.check()?;
        let status = stage.host.gitrepo(name)?;
        let mut warnings = status["warnings"].as_array().into_iter().flatten();
        let found = warnings.find(|warning| warning["reason"] == "HistoryRewritten");
        let found = found.map(|warning| warning["message"].as_str().unwrap_or_default());
        Ok((found == message)
            .then_some(())
            .ok_or_else(|| status.to_string()))
    });
    waited.unwrap_or_else(|error| panic!("{error:#}\nhost:\n{}", stage.host.log()));
}

/// Without this nobody would remember that one repository is read from whoever answers.
#[test]
fn a_server_that_is_not_verified_is_said_aloud() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    stage.join("dev");
    let server = stage.https();
    stage
        .repo
        .write("app/map.yaml", &config_map("app", "one"))
        .unwrap();
    let first = stage.repo.commit("first").unwrap();
    stage.watch("team", &server.url(REPO), "app", &[]);
    stage.problem("team", "GitServerNotTrusted");
    stage.watch(
        "team",
        &server.url(REPO),
        "app",
        &["insecureSkipTLSVerify: true"],
    );
    stage.ready(&["team"], &first);
    let status = stage.host.gitrepo("team").unwrap();
    assert!(
        status["warnings"]
            .to_string()
            .contains("GitServerNotVerified"),
        "{status}"
    );
    let shown = stage.host.run(&["describe", "gitrepo", "team"]).unwrap();
    assert!(shown.contains("GitServerNotVerified"), "{shown}");
}
