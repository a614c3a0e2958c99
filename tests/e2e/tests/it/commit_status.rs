//! What forges are told of commits, and with which credential.

use std::time::Duration;

use fleet_test_e2e::wait::{LONG, until};
use fleet_test_forge::{Answer, AppKey, Forge, Mark};
use fleet_test_git::http::{Access, HttpServer, Tls};

use crate::git_stage::{GitStage, key};
use crate::seen::Seen;
use crate::stage::config_map;

/// The GitRepo of the tests.
const SHOP: &str = "shop";

/// Longer than the host takes to look at everything and to tell what is new.
const A_WHILE: Duration = Duration::from_secs(6);

const CHART: &str = "apiVersion: v2\nname: app\nversion: 0.1.0\n";

/// The repository as `git/app`, so that it has an owner and a name.
fn server(stage: &GitStage) -> (HttpServer, String) {
    let identity = stage.authority.server(&["127.0.0.1"]).unwrap();
    let tls = Tls {
        identity,
        clients: None,
    };
    let server = HttpServer::start(stage.dir(), Some(&tls)).unwrap();
    let url = server.url("git/app.git");
    (server, url)
}

/// Waits until the newest mark is as wanted; gives all of them.
fn wait_mark(
    stage: &mut GitStage,
    forge: &Forge,
    what: &str,
    is: impl Fn(&Mark) -> bool,
) -> Vec<Mark> {
    let waited = until(what, LONG, || {
        stage.host.check()?;
        let marks = forge.marks();
        Ok(match marks.last() {
            Some(last) if is(last) => Ok(marks),
            last => Err(format!("{last:?} of {}", marks.len())),
        })
    });
    waited.unwrap_or_else(|error| panic!("{error:#}\nhost:\n{}", stage.host.log()))
}

fn applied(commit: &str) -> impl Fn(&Mark) -> bool {
    move |mark| {
        mark.commit == commit
            && mark.state == "success"
            && mark.description == "Applied on 2/2 clusters"
    }
}

/// The reasons of a GitRepo's warnings.
fn warnings(stage: &GitStage) -> Vec<String> {
    let status = stage.host.gitrepo(SHOP).unwrap();
    let warnings = status["warnings"].as_array().into_iter().flatten();
    let reasons = warnings.map(|warning| warning["reason"].as_str().unwrap().to_owned());
    reasons.collect()
}

fn wait_warnings(stage: &mut GitStage, expected: &[&str]) {
    let waited = until(&format!("the warnings are {expected:?}"), LONG, || {
        stage.host.check()?;
        let seen = warnings(stage);
        Ok(if seen == expected {
            Ok(())
        } else {
            Err(format!("{seen:?}"))
        })
    });
    waited.unwrap_or_else(|error| panic!("{error:#}\nhost:\n{}", stage.host.log()));
}

/// Fails if a planted text is in the log, the store, the status or the metrics.
fn is_nowhere(stage: &GitStage, planted: &[&str]) {
    let mut seen = Seen::default();
    seen.add_host(stage);
    seen.add_commands(stage, &[SHOP]);
    let planted: Vec<_> = planted
        .iter()
        .map(|text| (*text, (*text).to_owned()))
        .collect();
    seen.holds_none_of(&planted);
}

/// Without this whoever pushed a commit that nobody trusts would wait for it for ever.
#[test]
fn a_forge_is_told_of_a_commit_that_nobody_signed() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    stage.join("dev");
    let forge = Forge::start(true, &["planted-token"]).unwrap();
    let (_server, url) = server(&stage);
    stage.secret("git", &[("cacerts", stage.authority.pem())]);
    let secret = [
        ("cacerts", forge.authority()),
        ("password", "planted-token"),
    ];
    stage.secret("forge", &secret);
    let write = |stage: &GitStage, value: &str| {
        let text = config_map("app", value);
        stage.repo.write("app/map.yaml", &text).unwrap();
        stage.repo.commit(value).unwrap()
    };
    let first = write(&stage, "one");
    let status = format!(
        "commitStatus: {{provider: gitea, apiUrl: '{}', secretName: forge}}",
        forge.url()
    );
    stage.watch(SHOP, &url, "app", &["clientSecretName: git", &status]);
    let what = "the first commit is applied";
    wait_mark(&mut stage, &forge, what, |mark| {
        mark.commit == first && mark.state == "success"
    });
    let verify = format!("verify: {{keys: ['{}']}}", key(7).public().unwrap());
    let settings = ["clientSecretName: git", &status, &verify];
    stage.watch(SHOP, &url, "app", &settings);
    let second = write(&stage, "two");
    let what = "the second commit is refused";
    wait_mark(&mut stage, &forge, what, |mark| {
        mark.commit == second && mark.state == "failure" && mark.description == "CommitNotVerified"
    });
    stage.problem(SHOP, "CommitNotVerified");
}

/// Without this a pipeline could not wait for what it has pushed, or would be told things that are not so.
#[test]
fn a_forge_is_told_how_each_commit_fares_and_nothing_twice() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    stage.join("dev");
    stage.join("prod");
    let forge = Forge::start(true, &["planted-token"]).unwrap();
    let (_server, url) = server(&stage);
    stage.secret("git", &[("cacerts", stage.authority.pem())]);
    let secret = [
        ("cacerts", forge.authority()),
        ("password", "planted-token\n"),
    ];
    stage.secret("forge", &secret);
    stage.repo.write("app/Chart.yaml", CHART).unwrap();
    let template = |value: &str| config_map("app", value);
    let file = "app/templates/map.yaml";
    stage.repo.write(file, &template("one")).unwrap();
    let first = stage.repo.commit("good").unwrap();
    let status = format!(
        "commitStatus: {{provider: gitea, apiUrl: '{}', secretName: forge, targetUrl: 'https://fleet.example.org/shop'}}",
        forge.url()
    );
    let settings = ["clientSecretName: git", &status];
    // One cluster is away for a while.
    let joined = until("both clusters listen", LONG, || {
        let list = stage.host.run(&["get", "clusters", "-o", "json"])?;
        let value: serde_json::Value = serde_json::from_str(&list)?;
        let items = value["items"].as_array().into_iter().flatten();
        let listening = items.filter(|item| item["status"]["agent"]["connected"] == true);
        Ok((listening.count() == 2).then_some(()).ok_or(list))
    });
    joined.unwrap();
    stage.agents.get_mut("prod").unwrap().kill().unwrap();
    stage.watch(SHOP, &url, "app", &settings);
    wait_mark(
        &mut stage,
        &forge,
        "the first commit is on its way",
        |mark| mark.state == "pending",
    );
    stage.agents.get_mut("prod").unwrap().restart().unwrap();
    let what = "the first commit is applied";
    let marks = wait_mark(&mut stage, &forge, what, applied(&first));
    assert_eq!(marks[0].state, "pending", "{marks:?}");
    for mark in &marks {
        let Mark {
            api,
            project,
            commit,
            context,
            target_url,
            ..
        } = mark;
        assert_eq!(
            (*api, project.as_str(), commit),
            ("gitea", "git/app", &first)
        );
        assert_eq!(context, "fleet/shop");
        assert_eq!(
            target_url.as_deref(),
            Some("https://fleet.example.org/shop")
        );
    }

    stage
        .repo
        .write(file, &template("{{ .Values.image.tag }}"))
        .unwrap();
    let broken = stage.repo.commit("broken").unwrap();
    wait_mark(&mut stage, &forge, "the second commit has failed", |mark| {
        mark.commit == broken
            && mark.state == "failure"
            && mark.description == "RenderFailed on 2/2 clusters: app/templates/map.yaml:4"
    });

    // A crash, and everything known again: the forge hears nothing that it knows.
    let before = forge.n_requests();
    stage.host.restart().unwrap();
    let rendered = until("it is known again what is wrong", LONG, || {
        let problems = stage.host.deployments()?;
        let wrong = |one: &fleet_test_e2e::host::Deployment| !one.problems.is_empty();
        Ok(if problems.len() == 2 && problems.iter().all(wrong) {
            Ok(())
        } else {
            Err(format!("{problems:?}"))
        })
    });
    rendered.unwrap();
    std::thread::sleep(A_WHILE);
    assert_eq!(forge.n_requests(), before, "{:?}", forge.marks());

    // A forge that refuses, and gives away what it was sent: a warning, and deployments go on.
    forge.set_answer(Answer::refuse(403, "planted-token may not do this"));
    stage.repo.write(file, &template("three")).unwrap();
    let third = stage.repo.commit("good again").unwrap();
    wait_warnings(&mut stage, &["CommitStatusFailed"]);
    stage.ready(&[SHOP], &third);
    stage.lands("dev", "value: three");
    let shown = stage.host.run(&["describe", "gitrepo", SHOP]).unwrap();
    assert!(shown.contains("*** may not do this"), "{shown}");
    forge.set_answer(Answer::Take);
    wait_mark(
        &mut stage,
        &forge,
        "the third commit is applied",
        applied(&third),
    );
    wait_warnings(&mut stage, &[]);
    let counted = stage.host.metrics().unwrap();
    for outcome in ["ok", "refused"] {
        let line = format!("fleet_commit_statuses_total{{outcome=\"{outcome}\"}}");
        assert!(counted.contains(&line), "{counted}");
    }

    let before = forge.n_requests();
    stage.host.restart().unwrap();
    stage.ready(&[SHOP], &third);
    std::thread::sleep(A_WHILE);
    assert_eq!(forge.n_requests(), before, "{:?}", forge.marks());
    let text = forge
        .marks()
        .into_iter()
        .map(|mark| mark.description.clone() + "\n");
    let text: String = text.collect();
    for name in ["dev", "prod", "value", "nil"] {
        assert!(!text.contains(name), "{text}");
    }
    is_nowhere(&stage, &["planted-token", "cGxhbnRlZC10b2tlb"]);
}

/// Without this a long-lived token of a person would be needed where GitHub has something better.
#[test]
fn a_github_app_reads_the_repository_and_tells_the_forge() {
    if !fleet_test_git::available() {
        return;
    }
    let mut stage = GitStage::new(&[]);
    stage.join("dev");
    stage.join("prod");
    let forge = Forge::start(true, &[]).unwrap();
    let key = AppKey::generate().unwrap();
    let hour = Duration::from_secs(3600);
    forge.set_app(&key, "12", "34", "planted-token-", hour);
    let (server, url) = server(&stage);
    server.set_access(Access::Basic {
        user: "x-access-token".to_owned(),
        password: "planted-token-1".to_owned(),
    });
    let authorities = format!("{}{}", stage.authority.pem(), forge.authority());
    let base_url = format!("{}/api/v3", forge.url());
    let pem = key.pkcs1_pem();
    let app = |installation: &'static str| {
        [
            ("cacerts", authorities.clone()),
            ("github_app_id", "12".to_owned()),
            ("github_app_installation_id", installation.to_owned()),
            ("github_app_private_key", pem.clone()),
            ("github_app_base_url", base_url.clone()),
        ]
    };
    let secret = |stage: &GitStage, files: &[(&str, String)]| {
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        stage.secret("app", &files);
    };
    secret(&stage, &app("99"));
    stage
        .repo
        .write("app/map.yaml", &config_map("app", "one"))
        .unwrap();
    let first = stage.repo.commit("good").unwrap();
    let status = format!(
        "commitStatus: {{provider: github, apiUrl: '{}'}}",
        forge.url()
    );
    stage.watch(SHOP, &url, "app", &["clientSecretName: app", &status]);
    let problem = stage.problem(SHOP, "GitAuthenticationFailed");
    assert!(
        problem.message.contains("no installation 99"),
        "{problem:?}"
    );

    secret(&stage, &app("34"));
    stage.ready(&[SHOP], &first);
    let marks = wait_mark(&mut stage, &forge, "the commit is applied", applied(&first));
    assert!(marks.iter().all(|mark| mark.api == "github"), "{marks:?}");
    let exchanges = forge.exchanges();
    let given: Vec<_> = exchanges
        .iter()
        .map(|one| one.permissions.as_str())
        .collect();
    assert_eq!(given, [r#"{"contents":"read"}"#, r#"{"statuses":"write"}"#]);
    assert!(
        exchanges.iter().all(|one| one.repositories == ["app"]),
        "{exchanges:?}"
    );
    let mirrors = std::fs::read_dir(stage.dir().join("host/data/mirrors")).unwrap();
    assert_eq!(mirrors.count(), 1);
    let inside = pem.lines().nth(3).unwrap();
    is_nowhere(&stage, &["planted-token", "eC1hY2Nlc3MtdG9rZW46", inside]);
}
