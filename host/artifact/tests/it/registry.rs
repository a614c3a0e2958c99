//! Charts in registries.

use fleet_core::digest::Digest;

use crate::server::{Reply, Server};
use crate::stage::{BASIC, Stage, anonymous, chart, login};

const CHART: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";

/// A registry that wants a token, which it gives to whoever has the password.
struct Registry {
    server: Server,
    tokens: Server,
}

impl Registry {
    fn start() -> Self {
        let registry = Self {
            server: Server::start(),
            tokens: Server::start(),
        };
        let token = "/token?service=registry&scope=repository%3Ateam%2Fweb%3Apull";
        let reply = Reply::ok(r#"{"token":"t0ken"}"#).wants(BASIC, "Basic realm=\"tokens\"");
        registry.tokens.set(token, reply);
        registry
    }

    fn wants_token(&self, reply: Reply) -> Reply {
        let realm = self.tokens.url("/token");
        let challenge = format!(
            r#"Bearer realm="{realm}",service="registry",scope="repository:team/web:pull,push""#
        );
        reply.wants("Bearer t0ken", &challenge)
    }

    /// Publishes a chart and answers the digest of its manifest.
    fn publish(&self, tag: &str, version: &str) -> String {
        let content = chart("web", version);
        let layer = Digest::of(&content);
        let manifest = format!(
            r#"{{"schemaVersion":2,"config":{{"mediaType":"{CONFIG}","digest":"{layer}","size":2}},"layers":[{{"mediaType":"{CHART}","digest":"{layer}","size":{}}},{{"mediaType":"application/vnd.cncf.helm.chart.provenance.v1.prov","digest":"{layer}","size":1}}]}}"#,
            content.len()
        );
        let digest = Digest::of(manifest.as_bytes()).to_string();
        for name in [tag, &digest] {
            self.server.set(
                &format!("/v2/team/web/manifests/{name}"),
                self.wants_token(Reply::ok(manifest.clone())),
            );
        }
        self.server.set(
            &format!("/v2/team/web/blobs/{layer}"),
            self.wants_token(Reply::ok(content)),
        );
        digest
    }

    fn tags(&self, tags: &str) {
        self.server.set(
            "/v2/team/web/tags/list?n=1000",
            self.wants_token(Reply::ok(format!(r#"{{"tags":[{tags}]}}"#))),
        );
    }

    fn reference(&self, rest: &str) -> String {
        format!("oci://{}/team/web{rest}", self.server.address)
    }
}

#[test]
fn charts_are_pulled_with_a_token_for_the_password() {
    let registry = Registry::start();
    registry.publish("1.0.0", "1.0.0");
    let digest = registry.publish("1.2.0_build", "1.2.0");
    registry.tags(r#""1.0.0","1.2.0_build","latest""#);
    let stage = Stage::new();
    let version = |rest: &str| stage.version("c1", &login("oci://"), &registry.reference(rest));
    assert_eq!(version("#@1.0.0"), "1.0.0");
    let seen = registry.tokens.seen();
    assert_eq!(seen[0].authorization.as_deref(), Some(BASIC));
    assert!(
        registry.server.seen().iter().all(|seen| seen
            .authorization
            .as_deref()
            .is_none_or(|sent| sent == "Bearer t0ken")),
        "the password goes to the token service only"
    );
    assert_eq!(version("#@^1"), "1.2.0");
    assert_eq!(version("#@1.2.0+build"), "1.2.0");
    assert_eq!(version(":1.0.0"), "1.0.0");
    assert_eq!(version(&format!("@{digest}")), "1.2.0");

    registry.publish("1.0.0", "1.0.0-moved");
    assert_eq!(
        version("#@1.0.0"),
        "1.0.0",
        "a tag that moves does not move a commit"
    );
    assert_eq!(
        stage.version("c2", &login("oci://"), &registry.reference(":1.0.0")),
        "1.0.0-moved"
    );
}

#[test]
fn without_a_rule_a_registry_gets_no_password() {
    let registry = Registry::start();
    registry.publish("1.0.0", "1.0.0");
    let message = Stage::new().version("c1", &login("https://"), &registry.reference(":1.0.0"));
    assert!(message.contains("401"), "{message}");
    assert!(
        registry
            .tokens
            .seen()
            .iter()
            .all(|seen| seen.authorization.is_none())
    );
}

#[test]
fn a_registry_may_want_the_password_itself_and_may_keep_layers_elsewhere() {
    let registry = Registry::start();
    let storage = Server::start();
    registry.publish("1.0.0", "1.0.0");
    let content = chart("web", "1.0.0");
    let layer = Digest::of(&content);
    storage.set("/layer", Reply::ok(content));
    let blob = format!("/v2/team/web/blobs/{layer}");
    registry.server.set(
        &blob,
        registry.wants_token(Reply::redirect(&storage.url("/layer"))),
    );
    assert_eq!(
        Stage::new().version("c1", &login("oci://"), &registry.reference(":1.0.0")),
        "1.0.0"
    );
    assert_eq!(storage.seen()[0].authorization, None);
}

#[test]
fn what_is_no_chart_or_not_what_was_announced_is_refused() {
    let registry = Registry::start();
    let digest = registry.publish("1.0.0", "1.0.0");
    let manifests = "/v2/team/web/manifests";
    let check = |reply: Reply, name: &str, expected: &str| {
        registry.server.set(&format!("{manifests}/{name}"), reply);
        let separator = if name.starts_with("sha256") { '@' } else { ':' };
        let message = Stage::new().version(
            "c1",
            &anonymous(),
            &registry.reference(&format!("{separator}{name}")),
        );
        assert!(
            message.contains(expected),
            "{message} instead of {expected}"
        );
    };
    check(Reply::ok("{}"), &digest, "is not what it should be");
    check(Reply::ok("{}"), "x", "none of OCI's");
    check(Reply::ok("no json"), "x", "not JSON");
    check(Reply::ok(r#"{"manifests":[]}"#), "x", "list of images");
    check(
        Reply::ok(
            r#"{"config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":""},"layers":[]}"#,
        ),
        "x",
        "no chart, but",
    );
    check(
        Reply::ok(format!(
            r#"{{"config":{{"mediaType":"{CONFIG}","digest":""}},"layers":[]}}"#
        )),
        "x",
        "one layer",
    );
    let layer = Digest::of(b"announced");
    registry.server.set(
        &format!("/v2/team/web/blobs/{layer}"),
        Reply::ok("something else"),
    );
    let of = |size: u64| {
        Reply::ok(format!(
            r#"{{"config":{{"mediaType":"{CONFIG}","digest":""}},"layers":[{{"mediaType":"{CHART}","digest":"{layer}","size":{size}}}]}}"#
        ))
    };
    check(of(1), "x", "is not what it should be");
    check(of(1 << 40), "x", "larger than allowed");
    check(Reply::status(404), "x", "there is nothing");
}

/// As Bitnami does: an index of the old kind whose charts are in a registry.
#[test]
fn an_index_may_lead_to_a_registry() {
    let registry = Registry::start();
    registry.publish("1.0.0", "1.0.0");
    let index = format!(
        "apiVersion: v1\nentries:\n  web:\n  - {{version: 1.0.0, urls: ['{}']}}\n",
        registry.reference(":1.0.0")
    );
    registry.server.set("/index.yaml", Reply::ok(index));
    let reference = format!("{}#web", registry.server.url(""));
    assert_eq!(
        Stage::new().version("c1", &login("oci://"), &reference),
        "1.0.0"
    );
}

#[test]
fn lists_of_tags_are_read_to_their_end_and_not_for_ever() {
    let registry = Registry::start();
    registry.publish("2.0.0", "2.0.0");
    let next = "</v2/team/web/tags/list?n=1000&last=1>; rel=\"next\"";
    let list = "/v2/team/web/tags/list?n=1000";
    registry
        .server
        .set(list, Reply::ok(r#"{"tags":["1.0.0"]}"#).with("link", next));
    registry.server.set(
        &format!("{list}&last=1"),
        Reply::ok(r#"{"tags":["2.0.0"]}"#),
    );
    let version = |stage: &Stage| stage.version("c1", &login("oci://"), &registry.reference("#@*"));
    assert_eq!(version(&Stage::new()), "2.0.0");
    registry.server.set(
        &format!("{list}&last=1"),
        Reply::ok(r#"{"tags":[]}"#).with("link", next),
    );
    let stage = Stage::with(|options| options.limits.max_tag_pages = 5);
    let message = version(&stage);
    assert!(message.contains("list of tags"), "{message}");
}
