//! What a commit becomes for the clusters of a fleet.

use fleet_core::name::ClusterName;
use fleet_core::problem::{Problem, Reason};
use fleet_host::render::Rendered;
use fleet_host_plan::fleet::BundleResult;
use serde_json::json;

use super::support::{cluster, commit, job, renderer};

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostNetwork: true\n  containers: []\n";

fn bundle<'a>(rendered: &'a Rendered, name: &str) -> &'a BundleResult {
    let bundles = &rendered.result.bundles;
    bundles
        .iter()
        .find(|bundle| bundle.name.as_str() == name)
        .unwrap()
}

fn problems<'a>(bundle: &'a BundleResult, cluster: &str) -> &'a [Problem] {
    bundle.targets[&ClusterName::parse(cluster).unwrap()]
        .as_ref()
        .unwrap_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_broken_path_leaves_the_others_alone() {
    let Some(renderer) = renderer(json!([])) else {
        return;
    };
    let files = commit(&[
        ("good/fleet.yaml", "defaultNamespace: shop\n"),
        ("good/a.yaml", SECRET),
        ("broken/fleet.yaml", ""),
        ("broken/a.yaml", "a: 1\nb: [\n"),
        ("unread/fleet.yaml", "helm: 3\n"),
        ("no-plugin/fleet.yaml", "plugin: {name: nobody}\n"),
        ("outside/fleet.yaml", "plugin: {name: ../../etc}\n"),
    ]);
    let rendered = renderer
        .render(job(vec![cluster("one", "dev")]), files)
        .await;
    let good = bundle(&rendered, "shop-good");
    let content = good.targets.values().next().unwrap().as_ref().unwrap();
    assert_eq!(content.n_objects, 1);
    assert_eq!(content.options.default_namespace, "shop");
    let origin = &good.origins[0].1;
    assert_eq!(origin.files["Secret/s"].file, "good/a.yaml");
    assert_eq!(rendered.bundles.len(), 1);
    assert_eq!(rendered.bundles[0].id(), content.bundle);
    let broken = problems(bundle(&rendered, "shop-broken"), "one");
    assert_eq!(broken[0].reason, Reason::RenderFailed);
    assert_eq!(
        broken[0].location.as_ref().unwrap().to_string(),
        "broken/a.yaml:3:1"
    );
    assert_eq!(rendered.result.unread, ["unread"]);
    assert_eq!(rendered.result.problems[0].reason, Reason::RecipeInvalid);
    for name in ["shop-no-plugin", "shop-outside"] {
        assert_eq!(
            problems(bundle(&rendered, name), "one")[0].reason,
            Reason::PluginNotFound,
            "{name}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clusters_that_ask_for_the_same_share_a_bundle() {
    let Some(renderer) = renderer(json!([])) else {
        return;
    };
    let files = commit(&[
        (
            "fleet.yaml",
            "targetCustomizations:\n- clusterSelector: {matchLabels: {env: prod}}\n  yaml: {overlays: [prod]}\n",
        ),
        ("a.yaml", SECRET),
        (
            "overlays/prod/b.yaml",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: more}\n",
        ),
    ]);
    let clusters = vec![
        cluster("one", "dev"),
        cluster("two", "dev"),
        cluster("three", "prod"),
    ];
    let rendered = renderer.render(job(clusters), files).await;
    let shop = bundle(&rendered, "shop");
    let content = |name: &str| {
        shop.targets[&ClusterName::parse(name).unwrap()]
            .as_ref()
            .unwrap()
    };
    assert_eq!(content("one").bundle, content("two").bundle);
    assert_eq!(
        (content("one").n_objects, content("three").n_objects),
        (1, 2)
    );
    assert_eq!(rendered.bundles.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_clusters_that_a_plugin_does_not_look_at_run_it_once() {
    let Some(renderer) = renderer(json!([{"plugin": "baseline"}])) else {
        return;
    };
    let clusters: Vec<_> = (0..1000)
        .map(|n| cluster(&format!("c{n}"), &format!("env{n}")))
        .collect();
    let files = || commit(&[("app/fleet.yaml", ""), ("app/a.yaml", SECRET)]);
    let rendered = renderer.render(job(clusters.clone()), files()).await;
    assert_eq!(rendered.result.bundles[0].targets.len(), 1000);
    assert_eq!(rendered.bundles.len(), 1);
    assert_eq!(renderer.hits_and_misses(), (999, 1));
    // The same content in another commit runs nothing at all.
    renderer.render(job(clusters), files()).await;
    assert_eq!(renderer.hits_and_misses(), (1999, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_policy_of_the_host_blocks_a_bundle_and_names_the_object() {
    let Some(renderer) = renderer(json!([{"plugin": "baseline"}])) else {
        return;
    };
    let files = commit(&[
        ("bad/fleet.yaml", ""),
        ("bad/pod.yaml", POD),
        (
            "good/fleet.yaml",
            "policies: [{plugin: baseline, settings: {hostNamespaces: info}}]\n",
        ),
        ("good/a.yaml", SECRET),
        (
            "failing/fleet.yaml",
            "policies: [{plugin: baseline, settings: {nonsense: 1}}]\n",
        ),
        ("failing/a.yaml", SECRET),
    ]);
    let rendered = renderer
        .render(job(vec![cluster("one", "dev")]), files)
        .await;
    let denied = problems(bundle(&rendered, "shop-bad"), "one");
    assert_eq!(denied[0].reason, Reason::PolicyDenied);
    assert_eq!(denied[0].object.as_ref().unwrap().to_string(), "Pod/p");
    assert_eq!(
        denied[0].location.as_ref().unwrap().to_string(),
        "bad/pod.yaml:1"
    );
    assert!(
        bundle(&rendered, "shop-good")
            .targets
            .values()
            .all(Result::is_ok)
    );
    let failed = problems(bundle(&rendered, "shop-failing"), "one");
    assert_eq!(failed[0].reason, Reason::PolicyDenied);
    assert!(
        failed[0].message.contains("could not judge"),
        "{}",
        failed[0].message
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_changes_nothing_is_the_same_bundle() {
    let Some(renderer) = renderer(json!([])) else {
        return;
    };
    let render = async |other: &str| {
        let files = commit(&[
            ("app/fleet.yaml", ""),
            ("app/a.yaml", SECRET),
            ("README.md", other),
        ]);
        let rendered = renderer
            .render(job(vec![cluster("one", "dev")]), files)
            .await;
        rendered.bundles[0].id()
    };
    assert_eq!(render("1").await, render("2").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_filled_in_for_each_cluster() {
    let Some(renderer) = renderer(json!([])) else {
        return;
    };
    let recipe = "helm:\n  values: {env: \"${ .ClusterLabels.env }\"}\n";
    let missing = "helm:\n  values: {env: \"${ .ClusterLabels.nope }\"}\n";
    let chart = "apiVersion: v2\nname: c\nversion: 1.0.0\n";
    let files = commit(&[
        ("missing/fleet.yaml", missing),
        ("missing/Chart.yaml", chart),
        ("plain/fleet.yaml", recipe),
        ("plain/Chart.yaml", chart),
        (
            "plain/templates/x.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: \"{{ .Values.env }}\"}\n",
        ),
    ]);
    let clusters = vec![cluster("one", "dev"), cluster("two", "prod")];
    let rendered = renderer.render(job(clusters), files).await;
    let failed = problems(bundle(&rendered, "shop-missing"), "one");
    assert_eq!(failed[0].reason, Reason::RecipeInvalid);
    assert_eq!(
        failed[0].location.as_ref().unwrap().file,
        "missing/fleet.yaml"
    );
    let names: Vec<_> = rendered
        .bundles
        .iter()
        .map(|bundle| bundle.objects()[0].name())
        .collect();
    assert!(
        names.contains(&"dev") && names.contains(&"prod"),
        "{names:?}"
    );
}
