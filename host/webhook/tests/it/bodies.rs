//! Bodies that nobody should send.

use fleet_webhook::{Error, Forge, Headers, Kind};
use proptest::prelude::*;

use super::support::{ALL, COMMIT, Request, push};

fn generic(body: &str) -> Result<fleet_webhook::Delivery, Error> {
    Request::new(&[("X-Fleet-Timestamp", "1")], body).parse()
}

#[test]
fn what_is_not_the_forges_json_is_refused() {
    for forge in ALL {
        for body in ["", "{", "null", "17", "[]", "\"x\"", "{} {}"] {
            let mut request = push(forge);
            request.body = body.as_bytes().to_vec();
            let outcome = request.parse();
            assert_eq!(outcome, Err(Error::Body { forge }), "{forge}: {body:?}");
        }
    }
}

/// Our own format is ours to be strict about.
#[test]
fn the_generic_webhook_has_three_fields() {
    let full = format!(r#"{{"repo": "https://a/b", "ref": "refs/heads/x", "commit": "{COMMIT}"}}"#);
    assert!(generic(&full).is_ok());
    assert!(generic(r#"{"repo": "https://a/b", "ref": "refs/tags/x"}"#).is_ok());
    for bad in [
        r#"{"repo": "https://a/b"}"#,
        r#"{"repo": "https://a/b", "ref": "main"}"#,
        r#"{"repo": "https://a/b", "ref": "refs/heads/x", "commit": "HEAD"}"#,
        r#"{"repo": "https://a/b", "ref": "refs/heads/x", "branch": "x"}"#,
        r#"{"repo": "https://a/b", "repo": "https://a/c", "ref": "refs/heads/x"}"#,
    ] {
        assert!(generic(bad).is_err(), "{bad}");
    }
}

#[test]
fn depth_and_number_are_bounded() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let request = |key: &str| {
        let body = format!(r#"{{"object_kind": "push", "{key}": {deep}}}"#);
        Request::new(&[("X-Gitlab-Event", "Push Hook")], &body)
    };
    // What is read stops at a depth; what is skipped takes neither stack nor memory.
    assert!(matches!(
        request("changes").parse(),
        Err(Error::Body { .. })
    ));
    assert!(request("commits").parse().is_ok());

    let change = format!(r#"{{"name": "refs/heads/b", "newObjectId": "{COMMIT}"}}"#);
    let many = vec![change; 10_000].join(",");
    let body = format!(r#"{{"eventType": "git.push", "resource": {{"refUpdates": [{many}]}}}}"#);
    let request = Request::new(&[("X-VSS-ActivityId", "1")], &body);
    let delivery = request.parse().unwrap();
    assert_eq!((delivery.updates.len(), delivery.cut), (64, true));
}

#[test]
fn lists_that_are_null_or_missing_are_empty() {
    for body in [
        r#"{"repository": null, "changes": null}"#,
        r#"{"repository": {"links": {"clone": null}}}"#,
        "{}",
    ] {
        let request = Request::new(&[("X-Event-Key", "repo:refs_changed")], body);
        let delivery = request.parse().unwrap();
        assert_eq!(delivery.kind, Kind::Push);
        assert!(delivery.urls.is_empty() && delivery.updates.is_empty());
    }
}

#[test]
fn names_that_no_reference_has_are_left_out() {
    for name in [
        "main",
        "refs/pull/1/head",
        "refs/heads/",
        "refs/heads/a\\nb",
    ] {
        let body = format!(r#"{{"ref": "{name}", "after": "{COMMIT}"}}"#);
        let request = Request::new(&[("X-GitHub-Event", "push")], &body);
        assert!(request.parse().unwrap().updates.is_empty(), "{name}");
    }
}

proptest! {
    /// Whatever comes, an answer comes back.
    #[test]
    fn nothing_panics(body in proptest::collection::vec(any::<u8>(), 0..200), which in 0..ALL.len()) {
        let mut request = push(ALL[which]);
        request.body = body;
        let _ = request.parse();
    }

    #[test]
    fn cut_bodies_are_refused(share in 0.0..1.0f64, which in 0..ALL.len()) {
        let mut request = push(ALL[which]);
        let keep = (request.body.len() as f64 * share) as usize;
        request.body.truncate(keep);
        prop_assert!(request.parse().is_err());
    }

    #[test]
    fn no_headers_panic(name in "[xX]-[a-zA-Z-]{0,20}", value in proptest::collection::vec(any::<u8>(), 0..50)) {
        let headers: Headers = [(name.as_str(), value.as_slice())].into_iter().collect();
        let _ = fleet_webhook::parse(&headers, b"{}");
    }
}

#[test]
fn a_delivery_without_a_usable_name_has_none() {
    let long = "x".repeat(300);
    let request = push(Forge::GitHub).without("X-GitHub-Delivery");
    assert_eq!(request.clone().parse().unwrap().id, None);
    let request = request.with("X-GitHub-Delivery", &long);
    assert_eq!(request.parse().unwrap().id, None);
}
