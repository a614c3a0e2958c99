//! Measures applies against the floor: the same server-side applies in a bare loop, on the same API server.
//!
//! `cargo run -p fleet-agent --example floor [OBJECTS]`

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use fleet_agent::apply::Applier;
use fleet_agent::apply::kubernetes::{Kubernetes, Options};
use fleet_agent::state::Disk;
use fleet_core::bundle::Bundle;
use fleet_core::inventory::Inventory;
use fleet_core::name::BundleName;
use fleet_core::object::Object;
use fleet_core::options::ApplyOptions;
use fleet_core::wire::{ApplyStatus, DesiredDeployment, Removed};
use futures::{StreamExt, TryStreamExt, stream};
use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{Api, Patch, PatchParams};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde_json::{Value, json};

/// Objects at once, in the loop and in the agent.
const N_PARALLEL: usize = 16;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let n: usize = std::env::args()
        .nth(1)
        .map_or(Ok(2000), |text| text.parse())?;
    let provider = rustls::crypto::aws_lc_rs::default_provider();
    let _ = provider.install_default();
    let cluster = fleet_test_cluster::shared().context("no control plane")?;

    let bare = cluster.namespace("bare")?;
    let kubeconfig = Kubeconfig::read_from(cluster.kubeconfig())?;
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await?;
    let api: Api<ConfigMap> = Api::namespaced(Client::try_from(config)?, &bare);
    let mut floor = Vec::new();
    for value in ["1", "1", "2"] {
        floor.push(patch_all(&api, n, value).await?);
    }

    let namespace = cluster.namespace("agent")?;
    let folder = tempfile::tempdir()?;
    let disk = Arc::new(Disk::open(folder.path())?);
    let target = Kubernetes::open(Options {
        kubeconfig: Some(cluster.kubeconfig()),
        context: None,
        service_account_namespace: "default".to_owned(),
        n_parallel: N_PARALLEL,
    })
    .await?;
    let applier = Applier::new(Arc::new(target), disk);
    let options = ApplyOptions {
        default_namespace: namespace,
        ..ApplyOptions::default()
    };
    let mut inventory = Inventory::default();
    println!("{n} ConfigMaps, {N_PARALLEL} at once; objects a second");
    println!("{:<12}{:>10}{:>10}{:>8}", "", "loop", "agent", "ratio");
    for ((what, value), floor) in [("created", "1"), ("unchanged", "1"), ("changed", "2")]
        .into_iter()
        .zip(floor)
    {
        let objects = (0..n).map(|n| Object::parse(config_map(n, value)));
        let bundle = Bundle::new(objects.collect::<Result<_, _>>()?);
        let wanted = DesiredDeployment {
            name: BundleName::parse("floor")?,
            generation: 1,
            bundle: bundle.id(),
            options: options.clone(),
        };
        let started = Instant::now();
        let applied = applier.apply(&wanted, &bundle, &inventory).await;
        let elapsed = started.elapsed();
        anyhow::ensure!(
            applied.status == ApplyStatus::Applied,
            "{:?}",
            applied.problems
        );
        inventory = applied.inventory;
        print_row(what, n, floor, elapsed);
    }
    let started = Instant::now();
    let removed = Removed {
        name: BundleName::parse("floor")?,
        generation: 2,
        options,
    };
    let gone = applier.remove(&removed, &inventory, &BTreeSet::new()).await;
    anyhow::ensure!(gone.inventory.entries.is_empty(), "{:?}", gone.problems);
    let rate = per_second(n, started.elapsed());
    println!("{:<12}{:>10}{rate:>10.0}", "deleted", "");
    Ok(())
}

async fn patch_all(api: &Api<ConfigMap>, n: usize, value: &str) -> anyhow::Result<Duration> {
    let params = PatchParams::apply("loop");
    let started = Instant::now();
    stream::iter((0..n).map(|n| (format!("c{n}"), config_map(n, value))))
        .map(|(name, body)| {
            let params = &params;
            async move { api.patch(&name, params, &Patch::Apply(&body)).await }
        })
        .buffer_unordered(N_PARALLEL)
        .try_for_each(|_| async { Ok(()) })
        .await?;
    Ok(started.elapsed())
}

fn config_map(n: usize, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": format!("c{n}")}, "data": {"key": value}})
}

fn print_row(what: &str, n: usize, floor: Duration, agent: Duration) {
    let (floor, agent) = (per_second(n, floor), per_second(n, agent));
    println!("{what:<12}{floor:>10.0}{agent:>10.0}{:>8.2}", agent / floor);
}

fn per_second(n: usize, elapsed: Duration) -> f64 {
    // Counts of objects are far below 2^52.
    f64::from(u32::try_from(n).unwrap_or(u32::MAX)) / elapsed.as_secs_f64()
}
