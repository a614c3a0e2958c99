//! The program itself: killed in the middle, restarted, with no host at all.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fleet_agent::state::Disk;
use fleet_core::digest::Digest;
use fleet_core::wire::{Desired, DesiredDeployment, Incarnation, Removed};

use crate::world::{World, bundle, config_map};

/// How long something may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Starts the program on a state folder; its host does not exist.
fn start(world: &World<'_>, state: &Path) -> Child {
    let kubeconfig = world.cluster.kubeconfig();
    Command::new(env!("CARGO_BIN_EXE_fleet-agent"))
        .args([
            "run",
            "--host",
            "https://127.0.0.1:1",
            "--target",
            "kubernetes",
        ])
        .args(["--ca-pin", &Digest::of(b"nobody").to_string()])
        .args(["--parallel-objects", "2"])
        .arg("--kubeconfig")
        .arg(kubeconfig)
        .arg("--state")
        .arg(state)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} has not come to pass");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn kill(mut agent: Child) {
    agent.kill().unwrap();
    agent.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_killed_in_mid_apply_leaves_nothing_unowned() {
    let Some(world) = World::shared("killed").await else {
        return;
    };
    let state = world.file("agent");
    let objects: Vec<_> = (0..400)
        .map(|n| config_map(&format!("c{n}"), "1"))
        .collect();
    let bundle = bundle(&objects);
    let mut desired = Desired {
        incarnation: Incarnation("one".to_owned()),
        state_revision: 1,
        deployments: vec![DesiredDeployment {
            name: world.name.clone(),
            generation: 1,
            bundle: bundle.id(),
            options: world.options.clone(),
        }],
        removed: vec![],
    };
    {
        let disk = Disk::open(&state).unwrap();
        disk.save_bundle(&bundle).unwrap();
        disk.save_desired(&desired).unwrap();
    }
    let agent = start(&world, &state);
    wait_for("the first objects", || !world.owned("configmap").is_empty());
    kill(agent);

    let live = world.owned("configmap");
    eprintln!("killed after {} of {} objects", live.len(), objects.len());
    let owned: BTreeSet<String> = {
        let loaded = Disk::open(&state).unwrap().load();
        let entries = &loaded.inventories[&world.name].entries;
        entries
            .iter()
            .map(|entry| entry.object.name.clone())
            .collect()
    };
    assert!(
        live.is_subset(&owned),
        "unowned: {:?}",
        live.difference(&owned)
    );

    // Started again, it finishes what it began, without a host.
    let agent = start(&world, &state);
    wait_for("all objects", || {
        world.owned("configmap").len() == objects.len()
    });
    kill(agent);

    // Told to remove it, and killed in the middle of that, it removes all of it after the next start.
    desired.state_revision = 2;
    desired.removed = vec![Removed {
        name: world.name.clone(),
        generation: 2,
        options: world.options.clone(),
    }];
    desired.deployments.clear();
    Disk::open(&state).unwrap().save_desired(&desired).unwrap();
    let agent = start(&world, &state);
    wait_for("the first deletions", || {
        world.owned("configmap").len() < objects.len()
    });
    kill(agent);
    let agent = start(&world, &state);
    wait_for("the last deletion", || world.owned("configmap").is_empty());
    wait_for("the inventory", || {
        let files = std::fs::read_dir(state.join("inventories")).unwrap();
        files.count() == 0
    });
    kill(agent);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_ends_in_peace_when_it_is_asked_to() {
    let Some(world) = World::shared("peace").await else {
        return;
    };
    let state = world.file("agent");
    let mut agent = start(&world, &state);
    wait_for("the lock", || state.join("lock").exists());
    let pid = agent.id().to_string();
    Command::new("kill").args(["-TERM", &pid]).status().unwrap();
    assert!(agent.wait().unwrap().success());
}
