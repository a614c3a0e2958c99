//! Content that lies in a submodule.

use std::path::Path;
use std::process::Command;

use fleet_test_e2e::repo::Repo;

use crate::stage::{Stage, config_map, gitrepo};

fn git(dir: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command
        .args(["-c", "protocol.file.allow=always"])
        .args(args);
    command
        .current_dir(dir)
        .env("GIT_CONFIG_GLOBAL", "/dev/null");
    assert!(command.status().unwrap().success(), "git {args:?}");
}

#[test]
fn what_lies_in_a_submodule_is_deployed_at_the_commit_that_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let lib = Repo::create(dir.path(), "lib").unwrap();
    lib.write("app/app.yaml", &config_map("app", "one"))
        .unwrap();
    lib.commit("one").unwrap();
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    git(
        stage.repo.work(),
        &["submodule", "--quiet", "add", &lib.url(), "vendor"],
    );
    stage
        .repo
        .write("own/own.yaml", &config_map("own", "own"))
        .unwrap();
    stage.repo.commit("with a submodule").unwrap();
    let paths = ["own", "vendor/app"];
    stage
        .host
        .apply(&gitrepo(&stage.repo.url(), &paths))
        .unwrap();
    // Not asked for, it is left out and named.
    let reasons = ["ContentRefused"];
    let limit = fleet_test_e2e::wait::LONG;
    let problem = stage.host.wait_problem(crate::stage::TEAM, &reasons, limit);
    let problem = problem.unwrap();
    assert!(problem.message.contains("vendor"), "{problem:?}");

    let yaml = gitrepo(&stage.repo.url(), &paths) + "  recurseSubmodules: true\n";
    stage.host.apply(&yaml).unwrap();
    let holds = |text: &'static str| {
        move |files: &std::collections::BTreeMap<String, String>| {
            files.values().any(|content| content.contains(text))
        }
    };
    stage.wait_landed("dev", "the submodule", holds("one"));

    // The submodule's branch moves; what is deployed does only when the repository names the new commit.
    lib.write("app/app.yaml", &config_map("app", "two"))
        .unwrap();
    lib.commit("two").unwrap();
    stage
        .repo
        .write("own/own.yaml", &config_map("own", "changed"))
        .unwrap();
    stage.repo.commit("something else").unwrap();
    let landed = stage.wait_landed("dev", "the change", holds("changed"));
    assert!(holds("one")(&landed), "{landed:?}");
    git(
        stage.repo.work(),
        &["submodule", "--quiet", "update", "--remote", "vendor"],
    );
    let named = stage.repo.commit("the new commit").unwrap();
    stage.ready(&named, 2);
    stage.wait_landed("dev", "the new commit", holds("two"));
}
