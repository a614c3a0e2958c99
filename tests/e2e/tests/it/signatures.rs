//! Commits that must be signed: what is not stays out, and what runs stays.

use std::path::Path;
use std::process::Command;

use fleet_test_e2e::wait::{LONG, until};

use crate::stage::{Stage, TEAM, config_map, gitrepo};

fn run(program: &str, args: &[&str], dir: &Path) {
    let mut command = Command::new(program);
    command.args(args).current_dir(dir);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null");
    let status = command.status();
    assert!(status.unwrap().success(), "{program} {args:?}");
}

/// A new key: the private file's path, and the public line.
fn key(dir: &Path, name: &str) -> (String, String) {
    let file = dir.join(name);
    let path = file.to_str().unwrap();
    let args = ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", path];
    run("ssh-keygen", &args, dir);
    let public = std::fs::read_to_string(file.with_extension("pub")).unwrap();
    (path.to_owned(), public.trim().to_owned())
}

/// Whose commits are signed from now on; nobody's without a key.
fn sign_with(stage: &Stage, key: Option<&str>) {
    let git = |args: &[&str]| run("git", args, stage.repo.work());
    git(&["config", "gpg.format", "ssh"]);
    git(&["config", "user.signingkey", key.unwrap_or_default()]);
    let sign = if key.is_some() { "true" } else { "false" };
    git(&["config", "commit.gpgsign", sign]);
}

fn watch(stage: &Stage, key: &str) {
    let mut yaml = gitrepo(&stage.repo.url(), &["app"]);
    yaml += &format!("  verify:\n    mode: HEAD\n    keys: [\"{key}\"]\n");
    stage.host.apply(&yaml).unwrap();
}

fn not_verified(stage: &mut Stage, commit: &str, why: &str) {
    let waited = until("the commit is not verified", LONG, || {
        stage.host.check()?;
        let problems = stage.host.gitrepo_problems(TEAM)?;
        let found = problems.iter().any(|problem| {
            problem.reason == "CommitNotVerified"
                && problem.message.contains(commit)
                && problem.message.contains(why)
        });
        Ok(if found {
            Ok(())
        } else {
            Err(format!("{problems:?}"))
        })
    });
    waited.unwrap_or_else(|error| panic!("{error:#}\nhost:\n{}", stage.host.log()));
}

#[test]
fn only_signed_commits_are_deployed() {
    if Command::new("ssh-keygen").arg("-?").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "CI must have ssh-keygen");
        eprintln!("SKIPPED: the program `ssh-keygen` is missing");
        return;
    }
    let keys = tempfile::tempdir().unwrap();
    let (ada, ada_public) = key(keys.path(), "ada");
    let (eve, eve_public) = key(keys.path(), "eve");
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    let commit = |stage: &Stage, value: &str| {
        let object = config_map("app", value);
        stage.repo.write("app/app.yaml", &object).unwrap();
        stage.repo.commit(value).unwrap()
    };
    let lands = |stage: &mut Stage, cluster: &str, value: &str| {
        stage.wait_landed(cluster, value, |files| {
            files.values().any(|text| text.contains(value))
        });
    };
    sign_with(&stage, Some(&ada));
    let first = commit(&stage, "by-ada");
    watch(&stage, &ada_public);
    stage.ready(&first, 1);
    lands(&mut stage, "dev", "by-ada");

    sign_with(&stage, None);
    let unsigned = commit(&stage, "by-nobody");
    not_verified(&mut stage, &unsigned, "it is not signed");
    sign_with(&stage, Some(&eve));
    let foreign = commit(&stage, "by-eve");
    not_verified(&mut stage, &foreign, "not among the trusted keys");
    // A process that begins anew knows no more than the one before.
    stage.host.restart().unwrap();
    not_verified(&mut stage, &foreign, "not among the trusted keys");
    // What a new cluster gets is what was verified last.
    stage.join("new", &[]);
    for cluster in ["dev", "new"] {
        lands(&mut stage, cluster, "by-ada");
    }
    assert_eq!(stage.host.gitrepo(TEAM).unwrap()["commit"], first.as_str());

    sign_with(&stage, Some(&ada));
    let again = commit(&stage, "by-ada-again");
    stage.ready(&again, 2);
    lands(&mut stage, "dev", "by-ada-again");
    assert!(stage.host.gitrepo_problems(TEAM).unwrap().is_empty());

    // Whose key is taken away, has signed nothing that is trusted any more.
    watch(&stage, &eve_public);
    not_verified(&mut stage, &again, "not among the trusted keys");
    lands(&mut stage, "dev", "by-ada-again");
}
