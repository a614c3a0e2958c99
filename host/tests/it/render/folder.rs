//! `fleet render` as a library.

use std::path::Path;

use fleet_core::problem::Reason;
use fleet_host::render::dir::{As, Format, Options, Renderer};

use super::support::plugins;

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n";

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    dir
}

fn options(dir: &Path) -> Options {
    Options {
        dir: dir.to_owned(),
        root: Some(dir.to_owned()),
        ..Options::default()
    }
}

async fn rendered(renderer: &Renderer, options: &Options) -> String {
    let printed = renderer.render(options).await.unwrap();
    String::from_utf8(printed.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn manifests_are_printed_as_yaml_or_as_one_list() {
    let Some(plugins) = plugins() else { return };
    let renderer = Renderer::new(plugins, 1);
    let dir = folder(&[("a.yaml", SECRET), ("b.yaml", SECRET)]);
    let yaml = rendered(&renderer, &options(dir.path())).await;
    assert_eq!(yaml, format!("{SECRET}---\n{SECRET}"));
    let json = Options {
        format: Format::Json,
        ..options(dir.path())
    };
    let list: serde_json::Value = serde_json::from_str(&rendered(&renderer, &json).await).unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_told_with_its_place() {
    let Some(plugins) = plugins() else { return };
    let renderer = Renderer::new(plugins, 1);
    let dir = folder(&[("app/a.yaml", "a: [\n"), ("app/fleet.yaml", "")]);
    let app = Options {
        dir: dir.path().join("app"),
        ..options(dir.path())
    };
    let problems = renderer.render(&app).await.unwrap_err();
    assert_eq!(problems[0].location.as_ref().unwrap().file, "app/a.yaml");
    let missing = Options {
        dir: dir.path().join("nope"),
        ..options(dir.path())
    };
    assert_eq!(
        renderer.render(&missing).await.unwrap_err()[0].reason,
        Reason::PathNotFound
    );
    let above = Options {
        root: Some(dir.path().join("app")),
        ..options(dir.path())
    };
    assert_eq!(
        renderer.render(&above).await.unwrap_err()[0].reason,
        Reason::PathNotFound
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_select_customisations_and_the_recipes_policies_count() {
    let Some(plugins) = plugins() else { return };
    let renderer = Renderer::new(plugins, 1);
    let dir = folder(&[
        (
            "fleet.yaml",
            "policies: [{plugin: baseline}]\ntargetCustomizations:\n- clusterSelector: {matchLabels: {env: prod}}\n  yaml: {overlays: [prod]}\n",
        ),
        ("a.yaml", SECRET),
        (
            "overlays/prod/pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {hostPID: true, containers: []}\n",
        ),
    ]);
    assert_eq!(rendered(&renderer, &options(dir.path())).await, SECRET);
    let prod = Options {
        cluster_labels: vec![("env".to_owned(), "prod".to_owned())],
        ..options(dir.path())
    };
    assert_eq!(
        renderer.render(&prod).await.unwrap_err()[0].reason,
        Reason::PolicyDenied
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_can_be_taken_for_something_else() {
    let Some(plugins) = plugins() else { return };
    let renderer = Renderer::new(plugins, 1);
    let dir = folder(&[
        ("kustomization.yaml", "resources: [a.yaml]\n"),
        ("a.yaml", SECRET),
    ]);
    let raw = Options {
        kind: As::Raw,
        ..options(dir.path())
    };
    // The kustomization is no object, and is left out.
    assert_eq!(rendered(&renderer, &raw).await, SECRET);
}
