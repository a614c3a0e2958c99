//! Requests in the shape of each forge, signed with a key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use fleet_webhook::{Delivery, Error, Forge, Headers, Keys, Unverified};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// When everything here happens.
pub(crate) const NOW: u64 = 1_750_000_000;
pub(crate) const KEY: &str = "correct horse";
/// 32 bytes, as GitLab makes them.
pub(crate) const SIGNING_KEY: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
pub(crate) const COMMIT: &str = "9049f1265b7d61be4a8904a9a27120d2064dab3b";
pub(crate) const ZERO: &str = "0000000000000000000000000000000000000000";

/// A request that can be changed before it is judged.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(headers: &[(&str, &str)], body: &str) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), value.as_bytes().to_vec());
        Self {
            headers: headers.iter().map(owned).collect(),
            body: body.as_bytes().to_vec(),
        }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers
            .push((name.to_owned(), value.as_bytes().to_vec()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers
            .retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        self
    }

    pub(crate) fn headers(&self) -> Headers<'_> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.as_str(), value.as_slice()))
            .collect()
    }

    pub(crate) fn parse(&self) -> Result<Delivery, Error> {
        fleet_webhook::parse(&self.headers(), &self.body)
    }

    pub(crate) fn verify(&self, keys: &Keys, now: u64) -> Result<(), Unverified> {
        let delivery = self.parse().unwrap();
        fleet_webhook::verify(&delivery, &self.headers(), &self.body, keys, now)
    }
}

pub(crate) fn keys(entries: &[(&str, &str)]) -> Keys {
    entries.iter().copied().collect()
}

pub(crate) fn mac(key: &[u8], pieces: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    for piece in pieces {
        mac.update(piece);
    }
    mac.finalize().into_bytes().to_vec()
}

pub(crate) fn hex_mac(key: &str, body: &str) -> String {
    hex::encode(mac(key.as_bytes(), &[body.as_bytes()]))
}

/// A push to `main` as each forge sends it, with its signature.
pub(crate) fn push(forge: Forge) -> Request {
    push_to(forge, "refs/heads/main", COMMIT)
}

/// A push as each forge sends it, with its signature.
pub(crate) fn push_to(forge: Forge, reference: &str, commit: &str) -> Request {
    let body = body(forge, reference, commit);
    let signature = hex_mac(KEY, &body);
    let prefixed = format!("sha256={signature}");
    let headers: &[(&str, &str)] = match forge {
        Forge::GitHub => &[
            ("X-GitHub-Event", "push"),
            ("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"),
            ("X-Hub-Signature", "sha1=00"),
            ("X-Hub-Signature-256", &prefixed),
        ],
        Forge::GitLab => &[
            ("X-Gitlab-Event", "Push Hook"),
            (
                "X-Gitlab-Event-UUID",
                "13792a34-cac6-4fda-95a8-c58e00a3954e",
            ),
            ("X-Gitlab-Token", KEY),
        ],
        Forge::Gitea => &[
            ("X-GitHub-Event", "push"),
            ("X-GitHub-Delivery", "f6266f16-1bf3-46a5-9ea4-602e06ead473"),
            ("X-Gogs-Event", "push"),
            ("X-Gogs-Signature", &signature),
            ("X-Gitea-Event", "push"),
            ("X-Gitea-Delivery", "f6266f16-1bf3-46a5-9ea4-602e06ead473"),
            ("X-Gitea-Signature", &signature),
            ("X-Forgejo-Event", "push"),
            ("X-Forgejo-Signature", &signature),
            ("X-Hub-Signature-256", &prefixed),
        ],
        Forge::Gogs => &[
            ("X-GitHub-Event", "push"),
            ("X-Gogs-Event", "push"),
            ("X-Gogs-Delivery", "2d0a5e0b"),
            ("X-Gogs-Signature", &signature),
        ],
        Forge::BitbucketCloud => &[
            ("X-Event-Key", "repo:push"),
            ("X-Hook-UUID", "b6d0a9f8"),
            ("X-Request-UUID", "e1c9"),
            ("X-Hub-Signature", &prefixed),
        ],
        Forge::BitbucketServer => &[
            ("X-Event-Key", "repo:refs_changed"),
            ("X-Request-Id", "a44f5fb0"),
            ("X-Hub-Signature", &prefixed),
        ],
        Forge::AzureDevOps => &[("X-VSS-SubscriptionId", "5f1a"), ("X-VSS-ActivityId", "77")],
        Forge::Generic => &[],
    };
    let request = Request::new(headers, &body).with("Content-Type", "application/json");
    match forge {
        Forge::AzureDevOps => {
            let pair = STANDARD.encode(format!("fleet:{KEY}"));
            request.with("Authorization", &format!("Basic {pair}"))
        }
        Forge::Generic => {
            let signature = keys(&[("secret", KEY)]).sign(NOW, body.as_bytes());
            request
                .with("X-Fleet-Timestamp", &NOW.to_string())
                .with("X-Fleet-Signature", &signature.unwrap())
        }
        _ => request,
    }
}

/// The bodies have the fields that matter, in their place among some that do not.
fn body(forge: Forge, reference: &str, commit: &str) -> String {
    let short = reference.rsplit('/').next().unwrap();
    let bitbucket_kind = if reference.starts_with("refs/tags/") {
        "tag"
    } else {
        "branch"
    };
    match forge {
        Forge::GitHub | Forge::Gitea | Forge::Gogs => format!(
            r#"{{"ref": "{reference}", "before": "{ZERO}", "after": "{commit}", "forced": false,
              "repository": {{"id": 1, "name": "shop", "full_name": "team/shop",
                "html_url": "https://forge.example/team/shop", "clone_url": "https://forge.example/team/shop.git",
                "ssh_url": "git@forge.example:team/shop.git", "git_url": "git://forge.example/team/shop.git",
                "default_branch": "main"}},
              "commits": [{{"id": "{commit}", "message": "a", "added": ["x"], "author": {{"name": "Ada"}}}}],
              "pusher": {{"name": "ada"}}}}"#
        ),
        Forge::GitLab => format!(
            r#"{{"object_kind": "push", "event_name": "push", "before": "{ZERO}", "after": "{commit}",
              "ref": "{reference}", "checkout_sha": "{commit}", "user_name": "Ada",
              "project": {{"id": 15, "name": "Shop", "web_url": "https://forge.example/team/shop",
                "git_ssh_url": "git@forge.example:team/shop.git", "git_http_url": "https://forge.example/team/shop.git",
                "namespace": "Team", "default_branch": "main"}},
              "repository": {{"name": "Shop", "url": "git@forge.example:team/shop.git"}},
              "commits": [], "total_commits_count": 1}}"#
        ),
        Forge::BitbucketCloud => format!(
            r#"{{"actor": {{"type": "user"}}, "repository": {{"full_name": "team/shop", "scm": "git",
                "links": {{"html": {{"href": "https://forge.example/team/shop"}}, "self": {{"href": "https://api.forge.example/team/shop"}}}}}},
              "push": {{"changes": [{{"forced": false, "created": false, "closed": false,
                "old": {{"type": "branch", "name": "{short}", "target": {{"type": "commit", "hash": "{ZERO}"}}}},
                "new": {{"type": "{bitbucket_kind}", "name": "{short}", "target": {{"type": "commit", "hash": "{commit}"}}}}}}]}}}}"#
        ),
        Forge::BitbucketServer => format!(
            r#"{{"eventKey": "repo:refs_changed", "date": "2026-01-13T22:26:25+1100", "actor": {{"name": "ada"}},
              "repository": {{"slug": "shop", "id": 84, "project": {{"key": "TEAM"}}, "links": {{"clone": [
                {{"href": "ssh://git@forge.example:7999/team/shop.git", "name": "ssh"}},
                {{"href": "https://forge.example/scm/team/shop.git", "name": "http"}}], "self": []}}}},
              "changes": [{{"ref": {{"id": "{reference}", "displayId": "{short}", "type": "BRANCH"}},
                "refId": "{reference}", "fromHash": "{ZERO}", "toHash": "{commit}", "type": "UPDATE"}}]}}"#
        ),
        Forge::AzureDevOps => format!(
            r#"{{"subscriptionId": "0", "notificationId": 3, "id": "03c164c2-8912-4d5e-8009-3707d5f83734",
              "eventType": "git.push", "publisherId": "tfs", "message": {{"text": "Ada pushed"}},
              "resource": {{"commits": [], "refUpdates": [{{"name": "{reference}", "oldObjectId": "{ZERO}", "newObjectId": "{commit}"}}],
                "repository": {{"id": "278d", "name": "shop", "url": "https://dev.azure.com/team/_apis/git/repositories/278d",
                  "defaultBranch": "refs/heads/main", "remoteUrl": "https://team@dev.azure.com/team/web/_git/shop"}},
                "pushId": 14}}, "resourceVersion": "1.0"}}"#
        ),
        Forge::Generic => format!(
            r#"{{"repo": "https://forge.example/team/shop", "ref": "{reference}", "commit": "{commit}"}}"#
        ),
    }
}

pub(crate) const ALL: [Forge; 8] = [
    Forge::GitHub,
    Forge::GitLab,
    Forge::Gitea,
    Forge::Gogs,
    Forge::BitbucketCloud,
    Forge::BitbucketServer,
    Forge::AzureDevOps,
    Forge::Generic,
];
