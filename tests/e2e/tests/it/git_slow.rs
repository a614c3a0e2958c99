//! Git servers that take connections and then say nothing, or too little.

use std::time::Instant;

use fleet_test_git::line::Fault;

use crate::git_stage::{GitStage, REPO, key};
use crate::stage::config_map;

/// The GitRepos whose servers become slow, and one whose server does not.
const NAMES: [&str; 6] = [
    "fine",
    "https-silent",
    "ssh-silent",
    "git-silent",
    "https-drips",
    "git-drips",
];

/// Without this one server that hangs could hold up all the others, or nobody would know why nothing comes.
#[test]
fn servers_that_say_nothing_or_drip_are_told_hold_up_nobody_and_are_used_again() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    stage.join("dev");
    let https = ["fine", "https-silent", "https-drips"].map(|_| stage.https());
    let [fine, https_silent, https_drips] = &https;
    let ssh_silent = stage.ssh(2, 1);
    let daemons = ["git-silent", "git-drips"].map(|_| stage.daemon());
    let [git_silent, git_drips] = &daemons;
    stage.secret("https", &[("cacerts", stage.authority.pem())]);
    let private = key(1).private().unwrap();
    let known_hosts = ssh_silent.known_hosts(&key(2)).unwrap();
    stage.secret(
        "ssh",
        &[("ssh-privatekey", &private), ("known_hosts", &known_hosts)],
    );
    let write = |stage: &GitStage, value: &str| {
        for name in NAMES {
            let text = config_map(name, value);
            stage
                .repo
                .write(&format!("{name}/map.yaml"), &text)
                .unwrap();
        }
        stage.repo.commit(value).unwrap()
    };
    let first = write(&stage, "one");
    let urls = [
        fine.url(REPO),
        https_silent.url(REPO),
        ssh_silent.url(REPO),
        git_silent.url(REPO),
        https_drips.url(REPO),
        git_drips.url(REPO),
    ];
    for (name, url) in NAMES.iter().zip(&urls) {
        let secret = match url.split_once("://") {
            Some(("git", _)) => None,
            Some((scheme, _)) => Some(format!("clientSecretName: {scheme}")),
            None => unreachable!("it is a URL"),
        };
        let more: Vec<&str> = secret.as_deref().into_iter().collect();
        stage.watch(name, url, name, &more);
    }
    stage.ready(&NAMES, &first);
    let before = stage.landed("dev");
    // So much to list that it cannot drip within the time of a poll, 60 s: 62 bytes each, 50 in a second.
    for n in 0..80 {
        let branch = format!("main-{n:02}");
        stage.repo.bare_git(&["branch", &branch, "main"]).unwrap();
    }

    let lines = [
        (https_silent.line(), Fault::Silent),
        (ssh_silent.line(), Fault::Silent),
        (git_silent.line(), Fault::Silent),
        (https_drips.line(), Fault::DripAfter(0)),
        (git_drips.line(), Fault::DripAfter(0)),
    ];
    for (line, fault) in &lines {
        line.set(*fault);
    }
    let second = write(&stage, "two");
    let began = Instant::now();
    stage.lands("dev", "value: two");
    let took = began.elapsed();
    assert!(took.as_secs() < 10, "the one that is well took {took:?}");
    let silent = |url: &String, what: &str| format!("`{url}` did not answer: {what}");
    for (name, expected) in [
        (
            "https-silent",
            silent(&urls[1], "the connection took longer than 10s"),
        ),
        // The words are those of `ssh`, which goes on with the port.
        (
            "ssh-silent",
            format!(
                "could not reach `{}`: Connection to 127.0.0.1 port ",
                urls[2]
            ),
        ),
        (
            "git-silent",
            silent(&urls[3], "the next byte took longer than 30s"),
        ),
        // Within TLS nothing has come until a whole record has: how far that gets depends on what is resumed.
        ("https-drips", silent(&urls[4], "")),
        (
            "git-drips",
            silent(&urls[5], "the whole conversation took longer than 60s"),
        ),
    ] {
        // What was under way is cut when the line becomes slow, and told of first.
        let problem = stage.told(name, "GitUnreachable", &expected);
        assert!(
            problem.message.starts_with(&expected),
            "{name}: {}",
            problem.message
        );
    }
    let kept = |landed: std::collections::BTreeMap<String, String>| {
        let kept = landed
            .into_iter()
            .filter(|(file, _)| !file.contains("fine"));
        kept.collect::<Vec<_>>()
    };
    assert_eq!(kept(stage.landed("dev")), kept(before), "what runs stays");
    // While the others hang, the one that is well goes on being looked at.
    stage
        .repo
        .write("fine/map.yaml", &config_map("fine", "three"))
        .unwrap();
    let third = stage.repo.commit("three").unwrap();
    stage.lands("dev", "value: three");
    assert_eq!(
        stage.host.gitrepo("https-silent").unwrap()["commit"],
        first.as_str()
    );
    assert_ne!(second, third);

    for (line, _) in &lines {
        line.set(Fault::None);
    }
    stage.ready(&NAMES, &third);
}
