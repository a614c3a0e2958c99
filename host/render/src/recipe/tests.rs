//! What `fleet.yaml` files mean, as tables.

use fleet_core::files::MemoryFiles;

use super::*;

fn read_text(text: &str) -> Result<(Recipe, Vec<Problem>), Problem> {
    let files = MemoryFiles::new().with("apps/web/fleet.yaml", text);
    let dir = BundleDir {
        path: "apps/web".to_owned(),
        recipe: Some("apps/web/fleet.yaml".to_owned()),
    };
    read(&files, &RepoName::parse("shop").unwrap(), &dir)
}

#[test]
fn an_empty_file_means_the_defaults() {
    for text in ["", "---\n", "# nothing\n"] {
        let (recipe, problems) = read_text(text).unwrap();
        assert_eq!(recipe.name.as_str(), "shop-apps-web");
        assert_eq!(recipe.options, Options::default());
        assert_eq!(problems, []);
    }
}

#[test]
fn keys_are_read_whatever_their_case() {
    let (recipe, problems) =
        read_text("HELM:\n  disablePreprocess: true\n  values: {Keep: {Case: 1}}\n").unwrap();
    assert!(recipe.options.helm.disable_pre_process);
    assert_eq!(recipe.options.helm.values["Keep"]["Case"], 1);
    assert_eq!(problems, []);
}

/// Existing repositories go on working; their authors learn what is ignored, and where.
#[test]
fn an_unknown_key_is_told_with_its_line_and_the_nearest_key() {
    let (recipe, problems) = read_text("helm:\n  releasName: x\ndefaultNamespace: web\n").unwrap();
    assert_eq!(recipe.options.default_namespace.as_deref(), Some("web"));
    let [problem] = problems.as_slice() else {
        panic!("{problems:?}")
    };
    assert_eq!(problem.reason, Reason::RecipeUnknownKey);
    assert!(problem.message.contains("helm.releasName"), "{problem}");
    assert_eq!(problem.hint.as_deref(), Some("did you mean `releaseName`?"));
    assert_eq!(
        problem.location.as_ref().map(|location| location.line),
        Some(2)
    );
}

#[test]
fn customisations_keep_their_order_and_get_a_name() {
    let text = "targetCustomizations:\n- clusterName: a\n  helm: {values: {x: 1}}\n- name: b\n  clusterSelector: {}\n  doNotDeploy: true\n";
    let (recipe, _) = read_text(text).unwrap();
    let names: Vec<_> = recipe
        .customizations
        .iter()
        .map(|c| c.target.name.as_deref().unwrap())
        .collect();
    assert_eq!(names, ["target000", "b"]);
    assert_eq!(recipe.customizations[0].options.helm.values["x"], 1);
    assert!(recipe.customizations[1].target.do_not_deploy);
}

#[test]
fn a_wrong_type_names_the_key_and_its_line() {
    for (text, key, line) in [
        ("name: x\nhelm:\n  values: 3\n", "helm", 2),
        ("keepResources: maybe\n", "keepResources", 1),
        (
            "dependsOn:\n- acceptedStates: [Ready]\n",
            "must specify either 'name' or 'selector'",
            1,
        ),
        (
            "dependsOn:\n- name: a\n  acceptedStates: [Redy]\n",
            "dependsOn[0].acceptedStates[0]: invalid state \"Redy\"",
            3,
        ),
        ("name: Not/Valid\n", "name", 1),
    ] {
        let problem = read_text(text).unwrap_err();
        assert_eq!(problem.reason, Reason::RecipeInvalid);
        assert!(problem.message.contains(key), "{problem}");
        assert_eq!(problem.location.unwrap().line, line, "{text}");
    }
}

#[test]
fn text_that_is_no_yaml_is_an_error_with_a_place() {
    let problem = read_text("a: [1\nb: }\n").unwrap_err();
    assert_eq!(problem.reason, Reason::RecipeInvalid);
    assert!(problem.location.unwrap().line > 0);
}
