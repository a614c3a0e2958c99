//! Whatever a guest does: it is contained, it is named, and the next call is as if nothing had happened.

use std::time::Duration;

use fleet_core::problem::Reason;
use fleet_core::rendered::{Manifest, Output};
use fleet_plugin::{Call, Cause, Context, Limits, Plugin, Request};
use fleet_render::collect::collect;

use crate::support::component;

/// Less fuel than by default, so that an endless loop ends soon, and a deadline that no busy machine misses.
async fn guest() -> Option<Plugin> {
    let limits = Limits {
        fuel: 3_000_000_000,
        wall: Duration::from_secs(600),
        ..Limits::default()
    };
    Some(
        component("guests/misbehave.wasm")
            .await?
            .with_limits(limits),
    )
}

async fn call(plugin: &Plugin, misdeed: &str) -> Call<Output> {
    let request = Request {
        path: misdeed.to_owned(),
        ..Request::default()
    };
    plugin.render(&request, &Context::empty()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_misdeed_is_contained_and_named() {
    let Some(plugin) = guest().await else { return };
    for (misdeed, reason, text) in [
        ("loop", Reason::PluginOutOfFuel, "ran out of fuel"),
        (
            "memory",
            Reason::PluginOutOfMemory,
            "the limit is 268435456",
        ),
        (
            "stack",
            Reason::PluginStackOverflow,
            "overflow at tests/conformance/guests/src/guest.rs:",
        ),
        (
            "panic",
            Reason::PluginTrapped,
            "on purpose at tests/conformance/guests/src/guest.rs:",
        ),
        (
            "index",
            Reason::PluginTrapped,
            "the len is 0 but the index is 7",
        ),
        ("abort", Reason::PluginTrapped, "unreachable"),
        (
            "not-json",
            Reason::PluginOutputInvalid,
            "manifest 0 is not JSON",
        ),
        (
            "json-list",
            Reason::PluginOutputInvalid,
            "manifest 0 is JSON and no object",
        ),
        ("huge", Reason::PluginOutputInvalid, "gave back more than"),
        ("many", Reason::PluginOutputInvalid, "gave back more than"),
        ("many-values", Reason::PluginOutputInvalid, "JSON values"),
        (
            "long-line",
            Reason::PluginOutputInvalid,
            "gave back more than",
        ),
        ("no-reason", Reason::RenderFailed, "gave no error"),
        ("much-entropy", Reason::PluginTrapped, "entropy"),
        (
            "many-questions",
            Reason::PluginTrapped,
            "different questions",
        ),
    ] {
        let error = call(&plugin, misdeed).await.result.unwrap_err();
        let problems = error.problems();
        assert_eq!(problems[0].reason, reason, "{misdeed}: {error}");
        assert!(
            problems[0].message.contains(text),
            "{misdeed}: {}",
            problems[0].message
        );
        assert!(
            error.to_string().contains("misbehave"),
            "{misdeed}: {error}"
        );
        let next = call(&plugin, "well-behaved").await.result.unwrap();
        assert_eq!(next.manifests.len(), 1, "after {misdeed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_misdeed_ends_at_the_same_point() {
    let Some(plugin) = guest().await else { return };
    for misdeed in ["loop", "panic", "memory"] {
        let (first, again) = (call(&plugin, misdeed).await, call(&plugin, misdeed).await);
        assert_eq!(first.usage.fuel, again.usage.fuel, "{misdeed}");
        assert_eq!(first.result, again.result, "{misdeed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_ends_at_its_deadline_and_others_run_meanwhile() {
    let Some(plugin) = guest().await else { return };
    let limits = Limits {
        fuel: u64::MAX,
        wall: Duration::from_millis(300),
        ..Limits::default()
    };
    let slow = plugin.with_limits(limits);
    let (looping, other) = tokio::join!(call(&slow, "loop"), call(&plugin, "well-behaved"));
    assert!(matches!(
        looping.result.unwrap_err().cause,
        Cause::TimedOut { .. }
    ));
    assert!(looping.usage.elapsed >= Duration::from_millis(300));
    assert!(other.result.is_ok());
    assert!(other.usage.elapsed < looping.usage.elapsed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_object_never_gets_into_a_bundle() {
    let Some(plugin) = guest().await else { return };
    for misdeed in ["not-yaml", "not-an-object"] {
        let output = call(&plugin, misdeed).await.result.unwrap();
        let collected = collect(output.manifests);
        assert!(collected.bundle.objects().is_empty());
        assert_eq!(
            collected.problems[0].reason,
            Reason::ObjectInvalid,
            "{misdeed}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_log_is_cut_and_its_panic_still_told() {
    let Some(plugin) = guest().await else { return };
    let call = call(&plugin, "endless-log").await;
    assert!(call.log.len() < 5000, "{}", call.log.len());
    assert!(call.log.last().unwrap().message.starts_with("truncated"));
    let error = call.result.unwrap_err().to_string();
    assert!(error.contains("after a long log"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_above_the_top_can_be_read() {
    let Some(plugin) = guest().await else { return };
    let output = call(&plugin, "outside").await.result.unwrap();
    let Manifest::Yaml(text) = &output.manifests[0].manifest else {
        panic!("not YAML")
    };
    assert!(
        text.contains("read: false") && !text.contains("true"),
        "{text}"
    );
}

/// More than run at the same time, in memory that others have used.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_finds_nothing_of_those_before_it_however_many_there_are() {
    let Some(plugin) = guest().await else { return };
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let plugin = plugin.clone();
        calls.spawn(async move { call(&plugin, "remember").await.result });
    }
    for output in calls.join_all().await {
        let Manifest::Yaml(text) = &output.unwrap().manifests[0].manifest else {
            panic!("not YAML")
        };
        assert_eq!(text, "calls: 0\ndirty: 0\n");
    }
}
