//! The plugin as the host calls it.

use fleet_sdk::facts::StaticFacts;
use fleet_sdk::test::Harness;

use super::*;

fn chart() -> Harness {
    Harness::default()
        .path("apps/web")
        .file("apps/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n")
        .file("apps/web/values.yaml", "replicas: 1\n")
        .file("apps/web/crds/x.yaml", "kind: CustomResourceDefinition\n")
        .file(
            "apps/web/templates/web.yaml",
            "kind: Deployment\nmetadata: {name: {{ .Release.Name }}, namespace: {{ .Release.Namespace }}}\n\
             spec: {replicas: {{ .Values.replicas }}}\n",
        )
}

fn texts(output: Output) -> Vec<(String, String)> {
    let text = |rendered: Rendered| match rendered.manifest {
        Manifest::Yaml(text) => (rendered.origin.unwrap().to_string(), text),
        Manifest::Json(value) => panic!("{value} is no text"),
    };
    output.manifests.into_iter().map(text).collect()
}

#[test]
fn settings_and_values_reach_the_chart() {
    let output = chart()
        .settings(
            r#"{"releaseName": "shop", "namespace": "ns", "includeCrds": true, "set": ["replicas=3"]}"#,
        )
        .values(r#"{"replicas": 2}"#)
        .render::<Helm>()
        .unwrap();
    assert_eq!(
        texts(output),
        [
            (
                "apps/web/crds/x.yaml:1".to_owned(),
                "# Source: web/crds/x.yaml\nkind: CustomResourceDefinition\n\n".to_owned()
            ),
            (
                "apps/web/templates/web.yaml".to_owned(),
                "# Source: web/templates/web.yaml\nkind: Deployment\nmetadata: {name: shop, namespace: ns}\n\
                 spec: {replicas: 3}\n"
                    .to_owned()
            ),
        ]
    );
}

#[test]
fn what_is_not_set_comes_from_the_target() {
    let output = chart().render::<Helm>().unwrap();
    let (_, text) = texts(output).remove(0);
    assert!(text.contains("name: bundle, namespace: default"), "{text}");
}

#[test]
fn unknown_settings_are_refused() {
    let failure = chart()
        .settings(r#"{"release": "x"}"#)
        .render::<Helm>()
        .unwrap_err();
    assert_eq!(failure.diagnostics[0].code, "settings/invalid");
}

#[test]
fn failures_name_chart_place_and_advice() {
    let failure = chart()
        .file(
            "apps/web/templates/bad.yaml",
            "a: 1\nb: {{ .Values.a.b.c }}\n",
        )
        .render::<Helm>()
        .unwrap_err();
    assert_eq!(
        failure.to_string(),
        "apps/web/templates/bad.yaml:2:14: could not render chart `web`: templates/bad.yaml:2:13: \
         `.Values.a` is not set: nil pointer evaluating interface {}.b\n  \
         hint: set `a` in the values, or let the template ask for it with `(…).field` or `default`"
    );
}

#[test]
fn labels_of_the_cluster_are_offered_where_asked() {
    let facts = StaticFacts {
        labels: [("env".to_owned(), "dev".to_owned())].into(),
        cluster_name: Some("c1".to_owned()),
        ..StaticFacts::default()
    };
    let chart = chart().facts(facts).file(
        "apps/web/templates/labels.yaml",
        "env: {{ .Values.global.fleet.clusterLabels.env }}\nname: {{ .Values.global.fleet.clusterName }}\n",
    );
    let output = chart
        .clone()
        .settings(r#"{"clusterValues": true}"#)
        .render::<Helm>()
        .unwrap();
    assert!(texts(output)[1].1.contains("env: dev\nname: c1\n"));
    assert!(chart.render::<Helm>().is_err());
}
