//! What becomes of folders with manifests.

use fleet_sdk::test::Harness;

use super::*;

fn names(harness: &Harness) -> Vec<String> {
    let output = harness.render::<Raw>().unwrap();
    let name = |rendered: &Rendered| match &rendered.manifest {
        Manifest::Json(value) => value["metadata"]["name"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        Manifest::Yaml(text) => text.clone(),
    };
    output.manifests.iter().map(name).collect()
}

fn config_map(name: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata: {{a: \"1\", b: \"2\"}}\n"
    )
}

#[test]
fn files_are_read_in_the_order_of_their_names() {
    let harness = Harness::default()
        .path("app")
        .file(
            "app/b.yaml",
            &format!("{}---\n{}", config_map("b1"), config_map("b2")),
        )
        .file("app/a/x.yml", &config_map("a"))
        .file(
            "app/c.json",
            r#"{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "c"}}"#,
        )
        .file("app/fleet.yaml", "defaultNamespace: x\n")
        .file("app/README.md", "text")
        .file("app/.hidden.yaml", "x: [")
        .file("app/chart/Chart.yaml", "name: other")
        .file("app/nested/fleet.yaml", "")
        .file("app/nested/y.yaml", "x: [")
        .file("other/z.yaml", "x: [");
    assert_eq!(names(&harness), ["a", "b1", "b2", "c"]);
}

#[test]
fn ignored_and_excluded_files_are_left_out() {
    let harness = Harness::default()
        .settings(r#"{"exclude": ["values.yaml"]}"#)
        .file(".fleetignore", "skip.yaml\nfolder/*\n")
        .file("skip.yaml", "x: [")
        .file("folder/x.yaml", "x: [")
        .file("values.yaml", "x: [")
        .file("keep.yaml", &config_map("keep"));
    assert_eq!(names(&harness), ["keep"]);
}

#[test]
fn lists_are_taken_apart_and_other_documents_are_told() {
    let list = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: in-list}}\n";
    let harness = Harness::default().file("a.yaml", &format!("{list}---\nreplicas: 3\n"));
    assert_eq!(names(&harness), ["in-list"]);
    let warnings = harness.render::<Raw>().unwrap().warnings;
    assert_eq!(
        warnings[0].location.as_ref().map(|place| place.line),
        Some(5)
    );
}

#[test]
fn overlays_replace_add_and_patch() {
    let harness = Harness::default()
        .settings(r#"{"overlays": ["prod"]}"#)
        .file("a.yaml", &config_map("a"))
        .file("b.yaml", &config_map("b"))
        .file(
            "overlays/prod/a_patch.yaml",
            "data: {a: changed, b: null}\n",
        )
        .file("overlays/prod/b.yaml", &config_map("replaced"))
        .file("overlays/prod/c.yaml", &config_map("added"))
        .file("overlays/dev/a.yaml", "x: [");
    assert_eq!(names(&harness), ["a", "replaced", "added"]);
    let output = harness.render::<Raw>().unwrap();
    let Manifest::Json(value) = &output.manifests[0].manifest else {
        panic!("not JSON")
    };
    assert_eq!(value["data"], serde_json::json!({"a": "changed"}));
}

#[test]
fn every_broken_file_is_named_with_its_line() {
    let harness = Harness::default()
        .file("a.yaml", "a: 1\nb: [\n")
        .file("b.yaml", "x: *nope\n")
        .file("c.yaml", "");
    let failure = harness.render::<Raw>().unwrap_err();
    let places: Vec<_> = failure
        .diagnostics
        .iter()
        .map(|d| d.location.as_ref().unwrap().file.as_str())
        .collect();
    assert_eq!(places, ["a.yaml", "b.yaml"]);
    assert!(failure.diagnostics[0].location.as_ref().unwrap().line >= 2);
}

#[test]
fn unknown_settings_are_refused() {
    let failure = Harness::default()
        .settings(r#"{"overlay": []}"#)
        .render::<Raw>()
        .unwrap_err();
    assert!(
        failure.to_string().contains("unknown field `overlay`"),
        "{failure}"
    );
}
