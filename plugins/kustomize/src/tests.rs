//! What becomes of kustomizations.

use fleet_sdk::test::Harness;
use serde_json::{Value, json};

use super::*;

mod charts;

fn objects(harness: &Harness) -> Vec<(Value, Option<Location>)> {
    let output = harness.render::<Kustomize>().unwrap();
    let object = |rendered: Rendered| match rendered.manifest {
        Manifest::Json(value) => (value, rendered.origin),
        Manifest::Yaml(text) => (Value::String(text), rendered.origin),
    };
    output.manifests.into_iter().map(object).collect()
}

fn names(harness: &Harness) -> Vec<String> {
    let name = |(value, _): (Value, _)| {
        let name = value["metadata"]["name"].as_str();
        name.unwrap_or_default().to_owned()
    };
    objects(harness).into_iter().map(name).collect()
}

fn app() -> Harness {
    Harness::default()
        .path("over")
        .file(
            "base/kustomization.yaml",
            "resources: [deploy.yaml]\nconfigMapGenerator:\n- name: config\n  literals: [a=b]\n",
        )
        .file(
            "base/deploy.yaml",
            "# a comment\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      \
             volumes:\n      - configMap: {name: config}\n",
        )
        .file(
            "over/kustomization.yaml",
            "namePrefix: dev-\nresources: [../base]\n",
        )
}

#[test]
fn names_change_with_what_refers_to_them_and_origins_are_kept() {
    let objects = objects(&app());
    let [(config, config_origin), (deployment, origin)] = objects.as_slice() else {
        panic!("{objects:?}");
    };
    assert_eq!(config["metadata"]["name"], "dev-config-4h2mbtbbt6");
    assert_eq!(
        deployment["spec"]["template"]["spec"]["volumes"][0]["configMap"]["name"],
        config["metadata"]["name"]
    );
    let at = |file: &str, line| {
        Some(Location {
            file: file.to_owned(),
            line,
            column: 0,
        })
    };
    assert_eq!(*origin, at("base/deploy.yaml", 2));
    assert_eq!(*config_origin, at("base/kustomization.yaml", 3));
}

#[test]
fn the_order_is_kubectls_or_that_of_the_files() {
    let harness = app().settings(r#"{"order": "fifo"}"#);
    assert_eq!(names(&harness), ["dev-web", "dev-config-4h2mbtbbt6"]);
    assert_eq!(names(&app()), ["dev-config-4h2mbtbbt6", "dev-web"]);
}

#[test]
fn what_an_earlier_renderer_made_goes_first() {
    let input = Rendered {
        manifest: Manifest::Json(json!({
            "apiVersion": "v1", "kind": "Service", "metadata": {"name": "chart"},
        })),
        origin: None,
    };
    let harness = app().settings(r#"{"order": "fifo"}"#).inputs(vec![input]);
    assert_eq!(
        names(&harness),
        ["dev-chart", "dev-web", "dev-config-4h2mbtbbt6"]
    );
}

#[test]
fn failures_say_where_and_what_to_do() {
    let check = |harness: Harness, expected: &str| {
        let failure = harness.render::<Kustomize>().unwrap_err();
        assert_eq!(failure.to_string(), expected);
    };
    let broken = |text: &str| app().file("over/kustomization.yaml", text);
    check(
        broken("resources:\n- ../base\n- ../base\n"),
        "base/deploy.yaml:2:1: may not add resource with an already registered id: Deployment.v1.apps/web.[noNs]\n  \
         hint: the other one is in `base/deploy.yaml`, line 2",
    );
    check(
        broken("resources: [../base]\npatches:\n- path: nope.yaml\n"),
        "over/kustomization.yaml:3:3: failed to get the patch file from path(nope.yaml): cannot read `nope.yaml`: no such \
         file or directory (field `patches[0].path`)",
    );
    check(
        broken("resources: [../base]\nnamePrefx: x\n"),
        "over/kustomization.yaml:2:1: invalid Kustomization: json: unknown field \"namePrefx\" (field `namePrefx`)\n  \
         hint: did you mean `namePrefix`?",
    );
    check(
        broken("resources: [https://example.com/base]\n"),
        "over/kustomization.yaml:1:13: cannot use the remote resource `https://example.com/base`: access denied: \
         `https://example.com/base` is outside the repository, and nothing fetches here (field `resources[0]`)\n  \
         hint: copy it into the repository, or have the operator allow remote bases",
    );
    check(
        broken("resources: [../base/deploy.yaml]\n"),
        "over/kustomization.yaml:1:13: security; file `base/deploy.yaml` is not in or below `over` (field `resources[0]`)\n  \
         hint: move the file, make a kustomization of its folder, or set the load restrictor to `LoadRestrictionsNone`",
    );
}

#[test]
fn the_load_restriction_can_be_lifted() {
    let harness = app()
        .file(
            "over/kustomization.yaml",
            "resources: [../base/deploy.yaml]\n",
        )
        .settings(r#"{"loadRestrictor": "LoadRestrictionsNone", "enableAlphaPlugins": true}"#);
    assert_eq!(names(&harness), ["web"]);
}

#[test]
fn deprecated_fields_are_warned_about() {
    let harness = app().file("over/kustomization.yaml", "bases:\n- ../base\n");
    let output = harness.render::<Kustomize>().unwrap();
    let warnings: Vec<String> = output.warnings.iter().map(ToString::to_string).collect();
    assert_eq!(
        warnings,
        ["over/kustomization.yaml:1:1: 'bases' is deprecated. Please use 'resources' instead"]
    );
}
