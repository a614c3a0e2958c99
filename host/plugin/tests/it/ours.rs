//! `raw` and `baseline` as components: what they give, what is recorded of them, and when it is used again.

use std::sync::Arc;

use fleet_core::diagnostic::Severity;
use fleet_core::facts::StaticFacts;
use fleet_core::problem::Reason;
use fleet_core::rendered::Manifest;
use fleet_plugin::{
    Cause, Checked, Context, Limits, Prepared, Question, RenderCache, Request, World,
};
use serde_json::json;

use crate::support::{context, plugin};

const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n";

fn request(path: &str) -> Request {
    Request {
        path: path.to_owned(),
        ..Request::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_renders_what_its_crate_renders() {
    let Some(raw) = plugin("raw").await else {
        return;
    };
    assert_eq!(raw.identity().name, "raw");
    assert_eq!(raw.worlds(), [World::Renderer]);
    let context = context(&[("app/x.yaml", CONFIG_MAP), ("other/y.yaml", "a: [")]);
    let call = raw.render(&request("app"), &context).await;
    let output = call.result.unwrap();
    let Manifest::Json(value) = &output.manifests[0].manifest else {
        panic!("not JSON")
    };
    assert_eq!(value["metadata"]["name"], "x");
    assert_eq!(
        output.manifests[0].origin.as_ref().unwrap().file,
        "app/x.yaml"
    );
    let asked: Vec<&Question> = call
        .trace
        .observations()
        .iter()
        .map(|seen| &seen.question)
        .collect();
    assert!(
        asked.contains(&&Question::Read("app/x.yaml".to_owned())),
        "{asked:?}"
    );
    assert!(
        !asked.contains(&&Question::Read("other/y.yaml".to_owned())),
        "{asked:?}"
    );
    assert!(call.usage.fuel > 0 && call.usage.memory_bytes > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_plugin_refuses_comes_with_file_and_line() {
    let Some(raw) = plugin("raw").await else {
        return;
    };
    let call = raw
        .render(&request(""), &context(&[("x.yaml", "a: 1\nb: [\n")]))
        .await;
    let problems = call.result.unwrap_err().problems();
    assert_eq!(problems[0].reason, Reason::RenderFailed);
    let place = problems[0].location.as_ref().unwrap();
    assert_eq!((place.file.as_str(), place.line), ("x.yaml", 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_judges_and_cannot_render() {
    let Some(baseline) = plugin("baseline").await else {
        return;
    };
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"},
        "spec": {"hostNetwork": true, "containers": []}});
    let objects = [Checked {
        json: pod.to_string(),
        origin: None,
    }];
    let call = baseline
        .check(&objects, &json!({}), &Context::empty())
        .await;
    let findings = call.result.unwrap();
    assert_eq!(findings[0].severity, Severity::Error);
    let call = baseline.render(&request(""), &Context::empty()).await;
    assert_eq!(
        call.result.unwrap_err().cause,
        Cause::WrongWorld(World::Renderer)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_is_used_again_until_something_that_was_read_changes() {
    let Some(raw) = plugin("raw").await else {
        return;
    };
    let cache = RenderCache::new(1 << 20);
    let render = async |context: &Context| {
        let before = cache.hits_and_misses().1;
        let prepared = Prepared::render(raw.clone(), request("app"));
        let cached = cache.render(&prepared, context).await;
        let ran = cache.hits_and_misses().1 > before;
        (cached.result.is_ok(), ran)
    };
    let first = context(&[("app/x.yaml", CONFIG_MAP), ("other", "1")]);
    assert_eq!(render(&first).await, (true, true));
    assert_eq!(render(&first).await, (true, false));
    // Another commit that changes another path, and another cluster.
    let other = context(&[("app/x.yaml", CONFIG_MAP), ("other", "2")]);
    assert_eq!(render(&other).await, (true, false));
    let cluster = StaticFacts {
        cluster_name: Some("c".to_owned()),
        ..StaticFacts::default()
    };
    assert_eq!(
        render(&other.with_facts(Arc::new(cluster))).await,
        (true, false)
    );
    let changed = context(&[("app/x.yaml", "a: [")]);
    assert_eq!(render(&changed).await, (false, true));
    assert_eq!(render(&changed).await, (false, false));
    // The first answers are still known.
    assert_eq!(render(&first).await, (true, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_holds_where_the_answers_are_the_same() {
    let Some(raw) = plugin("raw").await else {
        return;
    };
    let files = [("app/x.yaml", CONFIG_MAP)];
    let trace = raw.render(&request("app"), &context(&files)).await.trace;
    assert!(trace.holds(&context(&files)));
    assert!(!trace.holds(&context(&[("app/x.yaml", "changed")])));
    assert!(!trace.holds(&context(&[("app/x.yaml", CONFIG_MAP), ("app/y.yaml", "")])));
    assert_eq!(trace.renew_at(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_ends_the_call_and_names_itself() {
    let Some(raw) = plugin("raw").await else {
        return;
    };
    let context = context(&[("x.yaml", CONFIG_MAP)]);
    let cause = async |change: fn(&mut Limits)| {
        let mut limits = Limits::default();
        change(&mut limits);
        let call = raw.with_limits(limits).render(&request(""), &context).await;
        call.result.unwrap_err().cause
    };
    assert!(matches!(
        cause(|l| l.fuel = 1000).await,
        Cause::OutOfFuel { limit: 1000 }
    ));
    assert!(matches!(
        cause(|l| l.memory_bytes = 1 << 20).await,
        Cause::OutOfMemory { .. }
    ));
    assert!(matches!(
        cause(|l| l.output_bytes = 40).await,
        Cause::OutputTooLarge { limit: 40 }
    ));
    assert!(matches!(
        cause(|l| l.input_bytes = 3).await,
        Cause::InputTooLarge { .. }
    ));
    let Cause::Refused(failure) = cause(|l| l.file_bytes = 10).await else {
        panic!("a file that is too large is the plugin's to tell")
    };
    assert!(failure.to_string().contains("too large"), "{failure}");
}
