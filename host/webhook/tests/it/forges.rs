//! What is read from each forge's webhooks.

use fleet_webhook::{Error, Forge, Kind, Reference, RepoUrl, Update};

use super::support::{ALL, COMMIT, Request, ZERO, push, push_to};

/// Without this a forge would be set up, and nothing would ever be woken.
#[test]
fn a_push_of_each_forge_says_where_and_what() {
    for forge in ALL {
        let delivery = push(forge).parse().unwrap();
        assert_eq!((delivery.forge, delivery.kind), (forge, Kind::Push));
        let main = Update {
            reference: Reference::Branch("main".to_owned()),
            commit: Some(COMMIT.to_owned()),
        };
        assert_eq!(delivery.updates, [main], "{forge}");
        assert!(delivery.id.is_some(), "{forge}");
        let watched: &[&str] = match forge {
            Forge::AzureDevOps => &[
                "git@ssh.dev.azure.com:v3/team/web/shop",
                "https://dev.azure.com/Team/web/_git/Shop",
            ],
            Forge::BitbucketServer => &[
                "ssh://git@forge.example:7999/team/shop.git",
                "https://forge.example/scm/TEAM/shop.git",
            ],
            _ => &[
                "https://forge.example/team/shop",
                "git@forge.example:team/shop.git",
            ],
        };
        for url in watched {
            assert!(
                delivery.is_about(&RepoUrl::parse(url).unwrap()),
                "{forge}: {url}"
            );
        }
        let other = RepoUrl::parse("https://forge.example/team/other").unwrap();
        assert!(!delivery.is_about(&other), "{forge}");
    }
}

#[test]
fn tags_are_told_from_branches() {
    for forge in ALL {
        let delivery = push_to(forge, "refs/tags/v1.2.0", COMMIT).parse().unwrap();
        let tag = Reference::Tag("v1.2.0".to_owned());
        assert_eq!(delivery.updates[0].reference, tag, "{forge}");
    }
}

#[test]
fn what_was_deleted_stands_nowhere() {
    for forge in ALL {
        if matches!(forge, Forge::Generic | Forge::BitbucketCloud) {
            continue;
        }
        let delivery = push_to(forge, "refs/heads/main", ZERO).parse().unwrap();
        assert_eq!(delivery.updates[0].commit, None, "{forge}");
    }
    let mut cloud = push(Forge::BitbucketCloud);
    let text = String::from_utf8(cloud.body).unwrap();
    let (before, _) = text.split_once("\"new\":").unwrap();
    cloud.body = format!("{before}\"new\": null}}]}}}}").into_bytes();
    let gone = Update {
        reference: Reference::Branch("main".to_owned()),
        commit: None,
    };
    assert_eq!(cloud.parse().unwrap().updates, [gone]);
}

/// The poll answers with the commit that an annotated tag points to.
#[test]
fn an_annotated_tag_stands_at_its_commit() {
    let tag = "82b3d5ae55f7080f1e6022629cdb57bfae7cccc7";
    let repository = r#""repository": {"clone_url": "https://forge.example/a/b"}"#;
    let github = Request::new(
        &[("X-GitHub-Event", "push")],
        &format!(
            r#"{{"ref": "refs/tags/v1", "after": "{tag}", "head_commit": {{"id": "{COMMIT}"}}, {repository}}}"#
        ),
    );
    let gitlab = Request::new(
        &[("X-Gitlab-Event", "Tag Push Hook")],
        &format!(
            r#"{{"object_kind": "tag_push", "ref": "refs/tags/v1", "after": "{tag}", "checkout_sha": "{COMMIT}"}}"#
        ),
    );
    for request in [github, gitlab] {
        let found = request.parse().unwrap();
        assert_eq!(found.updates[0].commit.as_deref(), Some(COMMIT));
    }
}

#[test]
fn pings_and_other_events_move_nothing() {
    let check = |headers: &[(&str, &str)], body: &str, expected: Kind| {
        let delivery = Request::new(headers, body).parse().unwrap();
        assert_eq!((delivery.kind, delivery.updates.len()), (expected, 0));
    };
    let ping = r#"{"zen": "Keep it simple", "repository": {"html_url": "https://github.com/a/b"}}"#;
    check(&[("X-GitHub-Event", "ping")], ping, Kind::Ping);
    check(&[("X-GitHub-Event", "issues")], "{}", Kind::Other);
    check(
        &[("X-Event-Key", "diagnostics:ping")],
        r#"{"test": true}"#,
        Kind::Ping,
    );
    let edited = r#"{"object_kind": "issue", "changes": {"title": {"previous": "a"}}}"#;
    check(&[("X-Gitlab-Event", "Issue Hook")], edited, Kind::Other);
    let built = r#"{"eventType": "build.complete", "resource": {"id": 2}}"#;
    check(&[("X-VSS-ActivityId", "1")], built, Kind::Other);
}

#[test]
fn a_system_hook_of_gitlab_lists_what_moved() {
    let body = format!(
        r#"{{"event_name": "repository_update", "project": {{"git_http_url": "https://forge.example/team/shop.git"}},
          "changes": [{{"before": "{ZERO}", "after": "{COMMIT}", "ref": "refs/heads/main"}},
                      {{"before": "{ZERO}", "after": "{COMMIT}", "ref": "refs/notes/commits"}}],
          "refs": ["refs/heads/main"]}}"#
    );
    let delivery = Request::new(&[("X-Gitlab-Event", "System Hook")], &body)
        .parse()
        .unwrap();
    assert_eq!(delivery.updates.len(), 1);
    assert_eq!(delivery.kind, Kind::Push);
}

/// GitHub's own default is a form.
#[test]
fn a_form_carries_the_same_as_json() {
    let json = push(Forge::GitHub);
    let encoded: String = form_urlencoded::byte_serialize(&json.body).collect();
    let form = |body: &str| {
        let request = Request::new(&[("X-GitHub-Event", "push")], body);
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        request.with("Content-Type", kind).parse()
    };
    let found = form(&format!("payload={encoded}")).unwrap();
    assert_eq!(found.updates, json.parse().unwrap().updates);
    let twice = form(&format!("payload={encoded}&payload={encoded}"));
    assert!(matches!(twice, Err(Error::Body { .. })));
}

/// Without this a request could be checked as one forge's and read as another's.
#[test]
fn headers_of_two_forges_are_no_webhook() {
    for forge in ALL {
        for (name, value) in [
            ("X-GitHub-Event", "push"),
            ("X-Gitlab-Event", "Push Hook"),
            ("X-Gitlab-Token", "x"),
            ("X-Event-Key", "repo:push"),
            ("X-VSS-ActivityId", "1"),
            ("X-Fleet-Timestamp", "1"),
        ] {
            let own = push(forge);
            let family = |forge| match forge {
                Forge::GitHub | Forge::Gitea | Forge::Gogs => "X-GitHub-Event",
                Forge::GitLab => "X-Gitlab-",
                Forge::BitbucketCloud | Forge::BitbucketServer => "X-Event-Key",
                Forge::AzureDevOps => "X-VSS-ActivityId",
                Forge::Generic => "X-Fleet-Timestamp",
            };
            if name.starts_with(family(forge)) {
                continue;
            }
            let mixed = own.with(name, value).parse();
            assert_eq!(mixed, Err(Error::Ambiguous), "{forge} with {name}");
        }
    }
    assert_eq!(Request::new(&[], "{}").parse(), Err(Error::Unknown));
    let lone = Request::new(&[("X-Gitlab-Token", "x")], "{}");
    assert_eq!(lone.parse(), Err(Error::Unknown));
}

#[test]
fn a_header_that_comes_twice_is_refused() {
    let request = push(Forge::GitHub).with("x-github-event", "ping");
    assert!(matches!(request.parse(), Err(Error::HeaderTwice { .. })));
    let mut request = push(Forge::GitHub).without("X-GitHub-Event");
    request
        .headers
        .push(("X-GitHub-Event".to_owned(), vec![0xff]));
    assert!(matches!(request.parse(), Err(Error::HeaderNotText { .. })));
}
