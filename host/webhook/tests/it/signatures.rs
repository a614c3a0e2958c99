//! Who is believed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fleet_webhook::{Forge, Keys, Unverified, WINDOW};

use super::support::{ALL, KEY, NOW, Request, SIGNING_KEY, hex_mac, keys, mac, push};

/// The name of a forge's own key.
fn own(forge: Forge) -> &'static str {
    match forge {
        Forge::GitHub => "github",
        Forge::GitLab => "gitlab",
        Forge::Gitea => "gitea",
        Forge::Gogs => "gogs",
        Forge::BitbucketCloud => "bitbucket",
        Forge::BitbucketServer => "bitbucket-server",
        Forge::AzureDevOps => "azure-password",
        Forge::Generic => "fleet",
    }
}

#[test]
fn who_has_the_key_is_believed_and_nobody_else() {
    for forge in ALL {
        let request = push(forge);
        let with = |entries: &[(&str, &str)]| request.verify(&keys(entries), NOW);
        assert_eq!(with(&[(own(forge), KEY)]), Ok(()), "{forge}");
        assert_eq!(with(&[("secret", KEY)]), Ok(()), "{forge}");
        let newline = format!("{KEY}\n");
        assert_eq!(with(&[("secret", &newline)]), Ok(()), "{forge}");
        let wrong = with(&[(own(forge), "battery staple")]);
        assert_eq!(wrong, Err(Unverified::Wrong), "{forge}");
        // A forge's own key rules out the one for all.
        let wrong = with(&[(own(forge), "battery staple"), ("secret", KEY)]);
        assert_eq!(wrong, Err(Unverified::Wrong), "{forge}");
        for none in [&[][..], &[("secret", "")], &[("secret", "\n")]] {
            assert_eq!(with(none), Err(Unverified::NoKey(forge)), "{forge}");
        }
        for other in ALL {
            let gogs_for_gitea = forge == Forge::Gitea && other == Forge::Gogs;
            if own(other) != own(forge) && !gogs_for_gitea {
                let entries = [(own(other), KEY)];
                assert_eq!(with(&entries), Err(Unverified::NoKey(forge)));
            }
        }
    }
}

#[test]
fn a_body_that_was_changed_is_not_believed() {
    for forge in ALL {
        if matches!(forge, Forge::GitLab | Forge::AzureDevOps) {
            // Token and password do not cover the body.
            continue;
        }
        let mut request = push(forge);
        let text = String::from_utf8(request.body).unwrap();
        request.body = text.replace("shop", "shed").into_bytes();
        let verified = request.verify(&keys(&[("secret", KEY)]), NOW);
        assert_eq!(verified, Err(Unverified::Wrong), "{forge}");
    }
}

#[test]
fn what_is_not_signed_is_not_believed() {
    for (forge, headers) in [
        (Forge::GitHub, &["X-Hub-Signature-256"][..]),
        (Forge::GitLab, &["X-Gitlab-Token"]),
        (Forge::Gitea, &["X-Gitea-Signature", "X-Forgejo-Signature"]),
        (Forge::Gogs, &["X-Gogs-Signature"]),
        (Forge::BitbucketCloud, &["X-Hub-Signature"]),
        (Forge::BitbucketServer, &["X-Hub-Signature"]),
        (Forge::AzureDevOps, &["Authorization"]),
        (Forge::Generic, &["X-Fleet-Signature"]),
    ] {
        let request = headers
            .iter()
            .fold(push(forge), |request, name| request.without(name));
        let verified = request.verify(&keys(&[("secret", KEY)]), NOW);
        assert_eq!(verified, Err(Unverified::Unsigned), "{forge}");
    }
}

/// The weaker of two signatures must not count.
#[test]
fn sha1_is_no_signature() {
    let request = push(Forge::GitHub).without("X-Hub-Signature-256");
    let request = request.without("X-Hub-Signature").with(
        "X-Hub-Signature",
        &format!("sha256={}", hex_mac(KEY, "anything")),
    );
    let verified = request.verify(&keys(&[("secret", KEY)]), NOW);
    assert_eq!(verified, Err(Unverified::Unsigned));

    let server = push(Forge::BitbucketServer).without("X-Hub-Signature");
    for value in ["sha1=00", "sha256=", "sha256=zz", "00", ""] {
        let request = server.clone().with("X-Hub-Signature", value);
        let verified = request.verify(&keys(&[("secret", KEY)]), NOW);
        assert_eq!(verified, Err(Unverified::Wrong), "{value}");
    }
}

/// Forgejo sends both.
#[test]
fn of_two_signatures_both_must_fit() {
    for name in ["X-Gitea-Signature", "X-Forgejo-Signature"] {
        let forged = push(Forge::Gitea).without(name);
        let request = forged.clone().with(name, &hex_mac("x", "y"));
        let key = keys(&[("secret", KEY)]);
        assert_eq!(request.verify(&key, NOW), Err(Unverified::Wrong), "{name}");
        assert_eq!(forged.verify(&key, NOW), Ok(()), "{name}");
    }
}

#[test]
fn a_signature_that_comes_twice_is_not_believed() {
    let signature = hex_mac(KEY, "x");
    let request = push(Forge::Gogs).with("X-Gogs-Signature", &signature);
    let verified = request.verify(&keys(&[("secret", KEY)]), NOW);
    assert!(matches!(verified, Err(Unverified::Headers(_))));
}

fn signed_by_gitlab(now: u64) -> Request {
    let request = push(Forge::GitLab).without("X-Gitlab-Token");
    let sent = now.to_string();
    let pieces = [
        b"msg_1",
        b".".as_slice(),
        sent.as_bytes(),
        b".",
        &request.body,
    ];
    let key = STANDARD.decode(SIGNING_KEY.strip_prefix("whsec_").unwrap());
    let signature = STANDARD.encode(mac(&key.unwrap(), &pieces));
    let old = STANDARD.encode(mac(b"old", &pieces));
    request
        .with("webhook-id", "msg_1")
        .with("webhook-timestamp", &sent)
        .with("webhook-signature", &format!("v1,{old} v1,{signature}"))
}

/// Without this whoever reads the plain token once could go on after the operator changed to signatures.
#[test]
fn a_signing_key_of_gitlab_rules_the_plain_token_out() {
    let signing = keys(&[("gitlab", SIGNING_KEY)]);
    let signed = signed_by_gitlab(NOW);
    assert_eq!(signed.verify(&signing, NOW), Ok(()));
    assert_eq!(signed.parse().unwrap().id.as_deref(), Some("msg_1"));
    let both = signed.clone().with("X-Gitlab-Token", "whatever");
    assert_eq!(both.verify(&signing, NOW), Ok(()));

    let token = push(Forge::GitLab).without("X-Gitlab-Token");
    let token = token.with("X-Gitlab-Token", SIGNING_KEY);
    let verified = token.verify(&signing, NOW);
    assert_eq!(verified, Err(Unverified::Unsigned));

    let other_id = signed.clone().without("webhook-id");
    let other_id = other_id.with("webhook-id", "msg_2");
    assert_eq!(other_id.verify(&signing, NOW), Err(Unverified::Wrong));
    let broken = keys(&[("gitlab", "whsec_***")]);
    let verified = signed.verify(&broken, NOW);
    assert_eq!(verified, Err(Unverified::NoKey(Forge::GitLab)));
}

#[test]
fn a_signed_time_must_be_near() {
    let key = keys(&[("secret", KEY), ("gitlab", SIGNING_KEY)]);
    for request in [push(Forge::Generic), signed_by_gitlab(NOW)] {
        for (now, expected) in [
            (NOW - WINDOW, Ok(())),
            (NOW + WINDOW, Ok(())),
            (NOW + WINDOW + 1, Err(Unverified::Stale)),
            (NOW - WINDOW - 1, Err(Unverified::Stale)),
            (0, Err(Unverified::Stale)),
        ] {
            assert_eq!(request.verify(&key, now), expected, "{now}");
        }
    }
    // Who changes the time breaks the signature.
    let request = push(Forge::Generic).without("X-Fleet-Timestamp");
    let request = request.with("X-Fleet-Timestamp", &(NOW + 1000).to_string());
    assert_eq!(request.verify(&key, NOW + 1000), Err(Unverified::Wrong));
}

#[test]
fn azure_devops_names_user_and_password() {
    let request = push(Forge::AzureDevOps);
    let both = |user: &str, password: &str| {
        let entries = [("azure-username", user), ("azure-password", password)];
        request.verify(&keys(&entries), NOW)
    };
    assert_eq!(both("fleet", KEY), Ok(()));
    assert_eq!(both("other", KEY), Err(Unverified::Wrong));
    assert_eq!(both("fleet", "other"), Err(Unverified::Wrong));
    for value in ["Bearer x", "Basic", "Basic !!", "Basic eA=="] {
        let request = request.clone().without("Authorization");
        let request = request.with("Authorization", value);
        let verified = request.verify(&keys(&[("secret", KEY)]), NOW);
        assert_eq!(verified, Err(Unverified::Wrong), "{value}");
    }
}

#[test]
fn keys_are_not_shown() {
    let shown = format!(
        "{:?}",
        keys(&[("github", "hunter2"), ("secret", "hunter2")])
    );
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(Keys::names().any(|name| name == "github"));
    assert!(keys(&[("unknown", "x"), ("github", "")]).is_empty());
}
