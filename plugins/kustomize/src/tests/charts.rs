//! Charts inside kustomizations; what they become is what `kubectl kustomize --enable-helm` 1.35.2 makes of them with
//! Helm 4.1.4, which answers for Helm 3 when it is asked for its version.

use super::*;

/// The objects of a kustomization with the chart `web`, whose config map tells what the chart is told.
fn app(kustomization: &str) -> Harness {
    let values = "{{ toJson .Values | quote }}";
    let template = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{{{ .Release.Name }}}}\n  namespace: {{{{ .Release.Namespace }}}}\n\
         data:\n  values: {values}\n  kube: {{{{ .Capabilities.KubeVersion }}}}\n  \
         has: {{{{ .Capabilities.APIVersions.Has \"x.y/v1\" | quote }}}}\n---\n# only a comment\n"
    );
    let job = |name: &str, hook: &str| {
        format!(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {{name: {name}, annotations: {{helm.sh/hook: {hook}}}}}\n"
        )
    };
    Harness::default()
        .path("app")
        .settings(r#"{"enableHelm": true}"#)
        .file("app/kustomization.yaml", kustomization)
        .file("app/charts/web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.2.3\n")
        .file("app/charts/web/values.yaml", "# c\na: 1\nb: {x: 1, on: yes}\nlist: [1, 2]\nnul: null\nday: 2020-01-02\n")
        .file("app/charts/web/templates/a.yaml", &template)
        .file("app/charts/web/templates/b.yaml", &job("pre", "pre-install"))
        .file("app/charts/web/templates/c.yaml", &job("testing", "test"))
        .file(
            "app/charts/web/crds/c.yaml",
            "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: foos.x.y}\n",
        )
        .file("app/vals.yaml", "b: {x: 7}\nonly: file\n")
        .file("app/more.yaml", "b: {y: more}\n")
}

/// `helmCharts` with the chart `web` and more of its fields.
fn chart(more: &str) -> Harness {
    app(&format!("helmCharts:\n- name: web\n{more}"))
}

fn config(harness: &Harness) -> Value {
    let mut objects = objects(harness).into_iter().map(|(object, _)| object);
    objects
        .find(|object| object["kind"] == "ConfigMap")
        .unwrap()
}

#[test]
fn values_are_put_together_as_the_fields_say() {
    let check = |more: &str, expected: Value| {
        let config = config(&chart(more));
        let values: Value =
            serde_json::from_str(config["data"]["values"].as_str().unwrap()).unwrap();
        assert_eq!(values, expected, "{more}");
    };
    let own = json!({"a": 1, "b": {"x": 1, "true": true}, "list": [1, 2], "day": "2020-01-02"});
    check("", own.clone());
    check("  valuesInline: {}\n", own);
    // What kustomize has merged it writes by the rules of YAML 1.2, where `yes` is a text and a day a point in time.
    check(
        "  valuesInline: {b: {x: 5, n: null}, list: [9], nul: null, f: 1.5, big: 12345678, a: null}\n",
        json!({
            "a": 1, "b": {"x": 5, "on": "yes", "true": true}, "list": [9], "f": 1.5, "big": 12_345_678,
            "day": "2020-01-02T00:00:00Z", "nul": null,
        }),
    );
    check(
        "  valuesMerge: merge\n  valuesInline: {b: {x: 5, q: 1}, list: [9], new: {a: b}}\n",
        json!({
            "a": 1, "b": {"x": 1, "q": 1, "on": "yes", "true": true}, "list": [1, 2], "new": {"a": "b"},
            "day": "2020-01-02T00:00:00Z", "nul": null,
        }),
    );
    check(
        "  valuesMerge: replace\n  valuesInline: {list: [9]}\n",
        json!({"a": 1, "b": {"x": 1, "true": true}, "list": [9], "day": "2020-01-02", "nul": null}),
    );
    check(
        "  valuesFile: vals.yaml\n  additionalValuesFiles: [more.yaml]\n  valuesInline: {b: {x: 8}}\n",
        json!({
            "a": 1, "b": {"x": 8, "true": "more"}, "only": "file", "list": [1, 2], "day": "2020-01-02", "nul": null,
        }),
    );
}

#[test]
fn releases_are_named_and_told_of_the_cluster_as_the_fields_say() {
    let check = |more: &str, name: &str, namespace: &str, kube: &str, has: &str| {
        let config = config(&chart(more));
        let told = [
            &config["metadata"]["name"],
            &config["metadata"]["namespace"],
            &config["data"]["kube"],
            &config["data"]["has"],
        ];
        assert_eq!(told, [name, namespace, kube, has], "{more}");
    };
    check("", "release-name", "default", "v1.35.0", "false");
    check(
        "  releaseName: r\n  namespace: ns1\n",
        "r",
        "ns1",
        "v1.35.0",
        "false",
    );
    check(
        "  nameTemplate: 'x-{{ lower \"AB\" }}'\n",
        "x-ab",
        "default",
        "v1.35.0",
        "false",
    );
    check(
        "  kubeVersion: 1.30.2\n  apiVersions: [x.y/v1]\n",
        "release-name",
        "default",
        "v1.30.2",
        "true",
    );
}

#[test]
fn definitions_and_hooks_are_there_as_the_fields_say() {
    let kinds = |more: &str| {
        let objects = objects(&chart(more)).into_iter();
        let names =
            objects.map(|(object, _)| object["metadata"]["name"].as_str().unwrap().to_owned());
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(kinds(""), "release-name pre testing");
    assert_eq!(
        kinds("  includeCRDs: true\n"),
        "foos.x.y release-name pre testing"
    );
    assert_eq!(kinds("  skipTests: true\n"), "release-name pre");
    assert_eq!(kinds("  skipHooks: true\n"), "release-name");
}

#[test]
fn objects_of_charts_are_changed_like_others_and_say_where_they_come_from() {
    let harness = app(
        "namespace: q\nnamePrefix: p-\nbuildMetadata: [originAnnotations]\nhelmCharts:\n- {name: web, skipHooks: true}\n",
    );
    let [(object, origin)] = &objects(&harness)[..] else {
        panic!("one object is expected");
    };
    assert_eq!(object["metadata"]["name"], "p-release-name");
    assert_eq!(object["metadata"]["namespace"], "q");
    assert_eq!(
        object["metadata"]["annotations"]["config.kubernetes.io/origin"],
        "configuredIn: kustomization.yaml\nconfiguredBy:\n  apiVersion: builtin\n  kind: HelmChartInflationGenerator\n"
    );
    assert_eq!(
        origin.as_ref().unwrap().file,
        "app/charts/web/templates/a.yaml"
    );
}

#[test]
fn older_forms_and_generators_inflate_charts_too() {
    let harness = app(
        "helmChartInflationGenerator:\n- {chartName: web, releaseName: old, valuesLocal: {a: 7}}\n",
    );
    assert_eq!(config(&harness)["metadata"]["name"], "old");
    let harness = app("generators: [g.yaml]\n").file(
        "app/g.yaml",
        "apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: g}\nname: web\nreleaseName: gen\n",
    );
    assert_eq!(config(&harness)["metadata"]["name"], "gen");
}

#[test]
fn what_is_wrong_is_said_in_kustomizes_words() {
    let check = |harness: Harness, expected: &str| {
        let failure = harness.render::<Kustomize>().unwrap_err();
        assert_eq!(failure.to_string(), expected);
    };
    check(
        chart("").settings("{}"),
        "app/kustomization.yaml:2:3: must specify --enable-helm (field `helmCharts[0]`)\n  \
         hint: charts inside kustomizations are off; `--enable-helm` of `fleet render`, or `spec.kustomize.enableHelm` of \
         the GitRepo, turns them on",
    );
    check(
        app("helmCharts:\n- releaseName: r\n"),
        "app/kustomization.yaml:2:3: chart name cannot be empty (field `helmCharts[0].name`)",
    );
    check(
        app("helmCharts:\n- name: nope\n"),
        "app/kustomization.yaml:2:3: no repo specified for pull, no chart found at 'app/charts/nope' (field \
         `helmCharts[0].repo`)\n  hint: put the chart there, or say in `repo` where it is got from",
    );
    check(
        chart("  valuesMerge: x\n"),
        "app/kustomization.yaml:3:3: valuesMerge must be one of [merge override replace] (field \
         `helmCharts[0].valuesMerge`)",
    );
    check(
        chart("  releaseName: a\n  nameTemplate: b\n"),
        "app/kustomization.yaml:4:3: cannot set --name-template and also specify a name (field \
         `helmCharts[0].nameTemplate`)",
    );
    check(
        chart("  valuesInline: {a: {b: c}}\n"),
        "app/kustomization.yaml:2:3: could not merge values: wrong node kind: expected ScalarNode but got MappingNode: \
         node contents:\nb: c\n (field `helmCharts[0]`)",
    );
    check(
        chart("- name: web\n"),
        "app/charts/web/templates/a.yaml: id ConfigMap.v1.[noGrp]/release-name.default exists; behavior must be merge or \
         replace",
    );
    check(
        chart("").file("app/charts/web/templates/d.yaml", "{{ fail \"no\" }}"),
        "app/charts/web/templates/d.yaml:1:4: could not render chart `web`: templates/d.yaml:1:3: no",
    );
    check(
        chart("  repo: https://charts.example.com\n  version: 1.0.0\n"),
        "app/kustomization.yaml:3:3: cannot use the remote resource `https://charts.example.com#web@1.0.0`: access denied: \
         `https://charts.example.com#web@1.0.0` is outside the repository, and nothing fetches here (field \
         `helmCharts[0].repo`)\n  hint: copy it into the repository, or have the operator allow remote bases",
    );
}
