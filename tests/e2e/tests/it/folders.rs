//! Agents that apply to folders: the whole path without Kubernetes.

use std::path::Path;

use fleet_test_e2e::host::plugins;
use fleet_test_e2e::wait::LONG;

use crate::stage::{Stage, TEAM, config_map};

const CHART: &str = "apiVersion: v2\nname: app\nversion: 0.1.0\n";

/// Without this nothing else counts: the whole path, with a chart whose values differ by cluster.
#[test]
fn a_commit_lands_on_every_cluster_with_its_own_values_and_the_next_one_prunes() {
    let mut stage = Stage::new();
    stage.join("dev", &["env=dev"]);
    stage.join("prod", &["env=prod"]);
    stage.repo.write("app/Chart.yaml", CHART).unwrap();
    let template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  size: {{ .Values.size | quote }}\n";
    stage
        .repo
        .write("app/templates/map.yaml", template)
        .unwrap();
    stage
        .repo
        .write(
            "app/fleet.yaml",
            "defaultNamespace: app\nhelm: {releaseName: app, values: {size: small}}\ntargetCustomizations:\n- name: prod\n  clusterSelector: {matchLabels: {env: prod}}\n  helm: {values: {size: large}}\n",
        )
        .unwrap();
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "one"))
        .unwrap();
    stage
        .repo
        .write("plain/b.yaml", &config_map("b", "one"))
        .unwrap();
    let commit = stage.repo.commit("first").unwrap();
    stage.watch(&["app", "plain"]);
    stage.ready(&commit, 4);
    let size = |stage: &Stage, cluster: &str, size: &str| {
        let found = stage
            .landed(cluster)
            .values()
            .filter(|text| text.contains(size))
            .count();
        assert_eq!(found, 1, "{cluster}: {:?}", stage.landed(cluster));
    };
    size(&stage, "dev", "size: small");
    size(&stage, "prod", "size: large");
    assert_eq!(stage.landed("dev").len(), 3);

    stage.repo.remove("plain/b.yaml").unwrap();
    let commit = stage.repo.commit("second").unwrap();
    stage.ready(&commit, 4);
    for cluster in ["dev", "prod"] {
        let landed = stage.landed(cluster);
        assert!(
            landed.keys().all(|name| !name.contains("-b")) && landed.len() == 2,
            "{landed:?}"
        );
    }
}

/// Without this one broken chart would stop a whole team.
#[test]
fn a_broken_chart_leaves_the_other_paths_applied_and_is_shown_with_file_and_line() {
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    stage.repo.write("app/Chart.yaml", CHART).unwrap();
    let template = |value: &str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: app\ndata:\n  tag: {value}\n")
    };
    stage
        .repo
        .write("app/templates/map.yaml", &template("one"))
        .unwrap();
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "one"))
        .unwrap();
    let commit = stage.repo.commit("good").unwrap();
    stage.watch(&["app", "plain"]);
    stage.ready(&commit, 2);

    stage
        .repo
        .write(
            "app/templates/map.yaml",
            &template("{{ .Values.image.tag }}"),
        )
        .unwrap();
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "two"))
        .unwrap();
    stage.repo.commit("the chart is broken").unwrap();
    let problem = stage
        .host
        .wait_problem(TEAM, &["RenderFailed"], LONG)
        .unwrap();
    assert_eq!(problem.place, "app/templates/map.yaml:6", "{problem:?}");
    assert!(problem.message.contains("nil pointer"), "{problem:?}");
    let landed = stage.wait_landed("dev", "the good path goes on", |files| {
        files.values().any(|text| text.contains("value: two"))
    });
    assert!(
        landed.values().any(|text| text.contains("tag: one")),
        "{landed:?}"
    );
    let shown = stage.host.run(&["describe", "gitrepo", TEAM]).unwrap();
    assert!(shown.contains("app/templates/map.yaml:6"), "{shown}");
}

/// Without this a policy would be advice.
#[test]
fn a_bundle_that_a_policy_refuses_is_held_back_and_the_old_state_stays() {
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "one"))
        .unwrap();
    stage
        .repo
        .write("plain/fleet.yaml", "policies: [{plugin: baseline}]\n")
        .unwrap();
    let commit = stage.repo.commit("good").unwrap();
    stage.watch(&["plain"]);
    stage.ready(&commit, 1);
    let before = stage.landed("dev");

    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: spy}\nspec:\n  hostNetwork: true\n  containers: [{name: a, image: 'x:1'}]\n";
    stage.repo.write("plain/pod.yaml", pod).unwrap();
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "two"))
        .unwrap();
    stage.repo.commit("let me in").unwrap();
    let problem = stage
        .host
        .wait_problem(TEAM, &["PolicyDenied"], LONG)
        .unwrap();
    assert!(problem.place.starts_with("plain/pod.yaml"), "{problem:?}");
    assert_eq!(stage.landed("dev"), before);

    stage.repo.remove("plain/pod.yaml").unwrap();
    let commit = stage.repo.commit("sorry").unwrap();
    stage.ready(&commit, 1);
    assert!(
        stage
            .landed("dev")
            .values()
            .any(|text| text.contains("value: two"))
    );
}

/// Without this deleting a GitRepo would leave things behind, or take what is not ours.
#[test]
fn deleting_a_gitrepo_removes_what_it_applied_and_nothing_else() {
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    let foreign = stage.folder("dev").join("foreign.yaml");
    std::fs::write(&foreign, config_map("foreign", "stays")).unwrap();
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "one"))
        .unwrap();
    let commit = stage.repo.commit("first").unwrap();
    stage.watch(&["plain"]);
    stage.ready(&commit, 1);
    assert_eq!(stage.landed("dev").len(), 2);
    stage.host.run(&["delete", "gitrepo", TEAM]).unwrap();
    let landed = stage.wait_landed("dev", "ours goes", |files| files.len() == 1);
    assert!(landed.contains_key("foreign.yaml"), "{landed:?}");
}

/// Without this a restart of the host could disturb what runs, or forget what it knew.
#[test]
fn a_host_that_is_killed_disturbs_nothing_and_goes_on_when_it_is_back() {
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "one"))
        .unwrap();
    let commit = stage.repo.commit("first").unwrap();
    stage.watch(&["plain"]);
    stage.ready(&commit, 1);
    let before = stage.landed("dev");
    stage.host.kill().unwrap();
    // An agent that starts with no host at all goes on with what its disk holds.
    stage.agents.get_mut("dev").unwrap().restart().unwrap();
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "two"))
        .unwrap();
    let commit = stage.repo.commit("while the host is away").unwrap();
    assert_eq!(stage.landed("dev"), before);
    stage.host.restart().unwrap();
    stage.ready(&commit, 1);
    assert!(
        stage
            .landed("dev")
            .values()
            .any(|text| text.contains("value: two"))
    );
}

/// Without this a host with an empty disk would be taken for one that wants nothing to run.
#[test]
fn a_host_that_lost_its_data_deletes_nothing_and_adopts_what_it_desires_again() {
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    for path in ["kept", "forgotten"] {
        stage
            .repo
            .write(&format!("{path}/a.yaml"), &config_map(path, "one"))
            .unwrap();
    }
    let commit = stage.repo.commit("first").unwrap();
    stage.watch(&["kept", "forgotten"]);
    stage.ready(&commit, 2);
    let before = stage.landed("dev");

    stage.host.lose_data().unwrap();
    stage.host.restart().unwrap();
    let join = stage.host.token("dev", &[]).unwrap();
    let agent = stage.agents.get_mut("dev").unwrap();
    agent.rejoin(join);
    agent.restart().unwrap();
    // The new host is told of one path only.
    stage.watch(&["kept"]);
    stage.ready(&commit, 1);
    assert_eq!(stage.landed("dev"), before, "absence never deletes");
    let clusters = stage.host.run(&["get", "clusters", "-o", "json"]).unwrap();
    assert!(
        clusters.contains("forgotten"),
        "what it does not know is shown as an orphan: {clusters}"
    );

    stage
        .repo
        .write("kept/a.yaml", &config_map("kept", "two"))
        .unwrap();
    let commit = stage.repo.commit("second").unwrap();
    stage.ready(&commit, 1);
    let landed = stage.landed("dev");
    assert!(
        landed.values().any(|text| text.contains("value: two")),
        "{landed:?}"
    );
    assert_eq!(landed.len(), 2, "adopted, not added: {landed:?}");
}

/// Without this a crash would leave objects that nobody ever deletes.
#[test]
fn an_agent_that_is_killed_while_it_applies_leaves_nothing_unowned() {
    const N_OBJECTS: usize = 400;
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    for n in 0..N_OBJECTS {
        let name = format!("map-{n:03}");
        stage
            .repo
            .write(&format!("many/{name}.yaml"), &config_map(&name, "one"))
            .unwrap();
    }
    stage
        .repo
        .write("few/a.yaml", &config_map("few", "one"))
        .unwrap();
    let commit = stage.repo.commit("many").unwrap();
    stage.watch(&["many", "few"]);
    stage.wait_landed("dev", "the apply has begun", |files| files.len() > 3);
    stage.agents.get_mut("dev").unwrap().kill().unwrap();
    stage.agents.get_mut("dev").unwrap().restart().unwrap();
    stage.ready(&commit, 2);
    assert_eq!(stage.landed("dev").len(), N_OBJECTS + 1);

    stage.repo.remove("many").unwrap();
    stage.repo.commit("none of them").unwrap();
    stage.watch(&["few"]);
    stage.wait_landed("dev", "all of them go", |files| files.len() == 1);
}

/// Without this a plugin could take the host down with it.
#[test]
fn a_plugin_that_misbehaves_is_named_and_everything_else_goes_on() {
    let with_guest = |dir: &Path| {
        let ours = plugins().unwrap();
        let folder = dir.join("plugins");
        std::fs::create_dir_all(&folder).unwrap();
        for entry in std::fs::read_dir(&ours).unwrap() {
            let file = entry.unwrap().path();
            std::fs::copy(&file, folder.join(file.file_name().unwrap())).unwrap();
        }
        let guest = ours.with_file_name("guests").join("misbehave.wasm");
        std::fs::copy(guest, folder.join("misbehave.wasm")).unwrap();
        Some(folder)
    };
    let mut stage = Stage::with_plugins(with_guest);
    stage.join("dev", &[]);
    let ways = [
        ("panic", &["PluginTrapped"][..]),
        ("memory", &["PluginOutOfMemory"]),
        ("stack", &["PluginStackOverflow"]),
        ("not-an-object", &["ObjectInvalid"]),
        // On a machine with much else to do the clock may end it before the fuel does.
        ("loop", &["PluginOutOfFuel", "PluginTimedOut"]),
    ];
    let mut paths = vec!["plain"];
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "one"))
        .unwrap();
    for (way, _) in ways {
        stage
            .repo
            .write(&format!("{way}/fleet.yaml"), "plugin: {name: misbehave}\n")
            .unwrap();
        paths.push(way);
    }
    stage.repo.commit("a zoo").unwrap();
    stage.watch(&paths);
    stage.wait_landed("dev", "the good path goes on", |files| files.len() == 1);
    for (way, reasons) in ways {
        let problem = stage.host.wait_problem(TEAM, reasons, LONG).unwrap();
        let named = problem.message.contains("misbehave") && problem.place == way;
        assert!(named || way == "not-an-object", "{way}: {problem:?}");
    }
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "two"))
        .unwrap();
    stage.repo.commit("still here").unwrap();
    stage.wait_landed("dev", "the next commit lands", |files| {
        files.values().any(|text| text.contains("value: two"))
    });
}
