//! Marks beside commits, and everything that a forge may say instead of taking one.

use std::time::Duration;

use fleet_core::resource::ForgeKind;
use fleet_core::secret::Secret;
use fleet_forge::{Credential, Error, State, Status, Told};
use fleet_test_forge::{Answer, Forge, Mark};

use crate::support::{COMMIT, client, project};

fn status(state: State) -> Status {
    Status {
        state,
        context: "fleet/app".to_owned(),
        description: "Applied on 1/2 clusters".to_owned(),
        target_url: Some("https://fleet.example.org/app".to_owned()),
    }
}

fn token(text: &str) -> Credential {
    Credential::Token(Secret::new(text.to_owned()))
}

fn basic(text: &str) -> Credential {
    Credential::Basic {
        username: "bot".to_owned(),
        password: Secret::new(text.to_owned()),
    }
}

#[tokio::test]
async fn each_forge_takes_a_mark_by_its_own_api_over_tls_with_a_private_authority() {
    for (kind, api, path, words) in [
        (
            ForgeKind::GitHub,
            "github",
            "team/app.git",
            ["pending", "success"],
        ),
        (
            ForgeKind::GitLab,
            "gitlab",
            "team/sub/app.git",
            ["running", "success"],
        ),
        (
            ForgeKind::Gitea,
            "gitea",
            "team/app",
            ["pending", "success"],
        ),
    ] {
        let forge = Forge::start(true, &["good"]).unwrap();
        let (client, project) = (client(&forge), project(kind, &forge, path));
        for (state, credential) in [
            (State::Running, token("good")),
            (State::Success, basic("good")),
        ] {
            let told = status(state)
                .tell(&client, &project, COMMIT, &credential)
                .await;
            assert_eq!(told, Ok(Told { pause: None }), "{api}");
        }
        let mark = |word: &str| Mark {
            api,
            project: path.trim_end_matches(".git").to_owned(),
            commit: COMMIT.to_owned(),
            state: word.to_owned(),
            context: "fleet/app".to_owned(),
            description: "Applied on 1/2 clusters".to_owned(),
            target_url: Some("https://fleet.example.org/app".to_owned()),
        };
        assert_eq!(forge.marks(), words.map(mark));
    }
}

/// GitLab's machine of states has no step from a state to itself.
#[tokio::test]
async fn the_same_state_twice_is_no_failure_with_gitlab() {
    let forge = Forge::start(false, &["good"]).unwrap();
    let project = project(ForgeKind::GitLab, &forge, "team/app");
    for _ in 0..2 {
        let told = status(State::Running)
            .tell(&client(&forge), &project, COMMIT, &token("good"))
            .await;
        assert_eq!(told, Ok(Told { pause: None }));
    }
    assert_eq!(forge.marks().len(), 1);
}

#[tokio::test]
async fn what_a_forge_says_instead_is_told_apart() {
    let forge = Forge::start(false, &["good"]).unwrap();
    let project = project(ForgeKind::GitHub, &forge, "team/app");
    let limited = |retry_after| Error::RateLimited {
        host: "127.0.0.1".to_owned(),
        status: 403,
        retry_after,
    };
    let refused = |status, why: &str| Error::Refused {
        host: "127.0.0.1".to_owned(),
        status,
        why: why.to_owned(),
    };
    let cases = [
        (
            Answer::refuse(403, "Resource not accessible"),
            refused(403, "Resource not accessible"),
        ),
        (Answer::refuse(404, "Not Found"), refused(404, "Not Found")),
        (
            Answer::refuse(422, "No commit found for SHA"),
            refused(422, "No commit found for SHA"),
        ),
        // A server that gives away what it was sent.
        (
            Answer::refuse(422, "what is good?"),
            refused(422, "what is ***?"),
        ),
        (
            Answer::refuse(403, "wait").with("retry-after", "30"),
            limited(Some(Duration::from_secs(30))),
        ),
        (
            Answer::refuse(403, "You have exceeded a secondary rate limit"),
            limited(None),
        ),
        (
            Answer::refuse(502, "Bad Gateway"),
            Error::Broken {
                host: "127.0.0.1".to_owned(),
                status: 502,
            },
        ),
    ];
    for (answer, expected) in cases {
        forge.set_answer(answer.clone());
        let told = status(State::Success)
            .tell(&client(&forge), &project, COMMIT, &token("good"))
            .await;
        assert_eq!(told, Err(expected), "{answer:?}");
    }
    forge.set_answer(Answer::Take);
    let told = status(State::Success)
        .tell(&client(&forge), &project, COMMIT, &token("other"))
        .await;
    assert_eq!(told, Err(refused(401, "Bad credentials")));
    let limited = Answer::Status(
        201,
        vec![
            ("x-ratelimit-remaining".to_owned(), "0".to_owned()),
            ("x-ratelimit-reset".to_owned(), "1040".to_owned()),
            (
                "date".to_owned(),
                "Thu, 01 Jan 1970 00:16:40 GMT".to_owned(),
            ),
        ],
        String::new(),
    );
    forge.set_answer(limited);
    let told = status(State::Success)
        .tell(&client(&forge), &project, COMMIT, &token("good"))
        .await;
    let pause = Some(Duration::from_secs(40));
    assert_eq!(told, Ok(Told { pause }));
}

/// Without this whoever controls one server could collect the tokens for another.
#[tokio::test]
async fn a_redirect_is_followed_within_the_server_only() {
    let (forge, other) = (
        Forge::start(false, &["good"]).unwrap(),
        Forge::start(false, &["good"]).unwrap(),
    );
    let project = project(ForgeKind::Gitea, &forge, "team/app");
    for server in [other.url(), forge.url()] {
        forge.set_answer(Answer::Redirect(server));
        let told = status(State::Success)
            .tell(&client(&forge), &project, COMMIT, &token("good"))
            .await;
        assert!(matches!(told, Err(Error::Unusable { .. })), "{told:?}");
    }
    assert_eq!(other.n_requests(), 0);
    assert_eq!(
        forge.n_requests(),
        4,
        "its own are followed, and not for ever"
    );
}

#[tokio::test]
async fn a_forge_that_is_gone_or_not_the_one_it_says_is_named() {
    let forge = Forge::start(true, &["good"]).unwrap();
    let project = project(ForgeKind::Gitea, &forge, "team/app");
    let stranger = Forge::start(true, &[]).unwrap();
    let told = status(State::Success)
        .tell(&client(&stranger), &project, COMMIT, &token("good"))
        .await;
    assert!(matches!(told, Err(Error::NotTrusted { .. })), "{told:?}");
    let client = client(&forge);
    drop(forge);
    let told = status(State::Success)
        .tell(&client, &project, COMMIT, &token("good"))
        .await;
    assert!(matches!(told, Err(Error::Unreachable { .. })), "{told:?}");
}

/// Takes ten seconds, the limit for one answer.
#[tokio::test]
async fn a_forge_that_does_not_answer_is_not_waited_for_long() {
    let forge = Forge::start(false, &["good"]).unwrap();
    let project = project(ForgeKind::Gitea, &forge, "team/app");
    forge.set_answer(Answer::Slow(Duration::from_secs(60)));
    let told = status(State::Success)
        .tell(&client(&forge), &project, COMMIT, &token("good"))
        .await;
    assert!(matches!(told, Err(Error::TimedOut { .. })), "{told:?}");
}
