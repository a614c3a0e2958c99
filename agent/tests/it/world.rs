//! One deployment on the shared control plane, in a namespace of its own.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use fleet_agent::apply::Applier;
use fleet_agent::apply::kubernetes::{Kubernetes, Options};
use fleet_agent::state::Disk;
use fleet_agent_plan::outcome::Applied;
use fleet_core::bundle::Bundle;
use fleet_core::inventory::Inventory;
use fleet_core::name::BundleName;
use fleet_core::object::Object;
use fleet_core::options::ApplyOptions;
use fleet_core::wire::{ApplyStatus, DesiredDeployment, Removed};
use fleet_test_cluster::ControlPlane;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The label that says whose an object is.
pub(crate) const OWNER: &str = "fleet.cattle.io/deployment";

pub(crate) struct World<'a> {
    pub(crate) cluster: &'a ControlPlane,
    pub(crate) namespace: String,
    pub(crate) name: BundleName,
    pub(crate) options: ApplyOptions,
    pub(crate) inventory: Inventory,
    pub(crate) applier: Applier<Kubernetes>,
    pub(crate) disk: Arc<Disk>,
    pub(crate) temp: TempDir,
    generation: u64,
}

impl World<'static> {
    /// A deployment on the shared control plane, if there is one.
    pub(crate) async fn shared(name: &str) -> Option<Self> {
        let cluster = tokio::task::spawn_blocking(fleet_test_cluster::shared)
            .await
            .unwrap()?;
        Some(World::on(cluster, name).await)
    }
}

impl<'a> World<'a> {
    pub(crate) async fn on(cluster: &'a ControlPlane, name: &str) -> Self {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let _ = provider.install_default();
        let temp = tempfile::tempdir().unwrap();
        let disk = Arc::new(Disk::open(&temp.path().join("state")).unwrap());
        let options = Options {
            kubeconfig: Some(cluster.kubeconfig()),
            context: None,
            service_account_namespace: "default".to_owned(),
            n_parallel: 16,
        };
        let target = Kubernetes::open(options).await.unwrap();
        let namespace = cluster.namespace(name).unwrap();
        Self {
            cluster,
            name: BundleName::parse(namespace.clone()).unwrap(),
            options: ApplyOptions {
                default_namespace: namespace.clone(),
                ..ApplyOptions::default()
            },
            namespace,
            inventory: Inventory::default(),
            applier: Applier::new(Arc::new(target), disk.clone()),
            disk,
            temp,
            generation: 0,
        }
    }

    /// Another deployment in the same namespace, with its own state.
    pub(crate) async fn neighbour(&self, name: &str) -> Self {
        let mut other = World::on(self.cluster, name).await;
        other.namespace = self.namespace.clone();
        other.options = self.options.clone();
        other
    }

    pub(crate) async fn apply(&mut self, objects: &[Value]) -> Applied {
        let bundle = bundle(objects);
        self.generation += 1;
        let wanted = DesiredDeployment {
            name: self.name.clone(),
            generation: self.generation,
            bundle: bundle.id(),
            options: self.options.clone(),
        };
        let applied = self.applier.apply(&wanted, &bundle, &self.inventory).await;
        self.inventory = applied.inventory.clone();
        applied
    }

    /// Applies, and expects that all went well.
    pub(crate) async fn applied(&mut self, objects: &[Value]) -> Applied {
        let applied = self.apply(objects).await;
        assert_eq!(
            applied.status,
            ApplyStatus::Applied,
            "{:#?}",
            applied.problems
        );
        applied
    }

    pub(crate) async fn remove(&mut self) -> Applied {
        let removed = Removed {
            name: self.name.clone(),
            generation: self.generation + 1,
            options: self.options.clone(),
        };
        let removed = self
            .applier
            .remove(&removed, &self.inventory, &BTreeSet::new())
            .await;
        self.inventory = removed.inventory.clone();
        removed
    }

    /// A live object, if it is there.
    pub(crate) fn live(&self, kind: &str, name: &str) -> Option<Value> {
        let found = self.cluster.get(&["-n", &self.namespace, kind, name]);
        match found {
            Ok(object) => Some(object),
            Err(error) if error.to_string().contains("NotFound") => None,
            Err(error) => panic!("{error:#}"),
        }
    }

    /// The names of all live objects of a kind that carry an owner label.
    pub(crate) fn owned(&self, kind: &str) -> BTreeSet<String> {
        let found = self
            .cluster
            .get(&["-n", &self.namespace, kind, "-l", OWNER])
            .unwrap();
        let items = found["items"].as_array().unwrap().iter();
        items
            .map(|item| item["metadata"]["name"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn kubectl(&self, args: &[&str]) -> String {
        let args = [&["-n", self.namespace.as_str()], args].concat();
        self.cluster.kubectl(&args).unwrap()
    }

    /// A file below a folder of the test.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }
}

pub(crate) fn bundle(objects: &[Value]) -> Bundle {
    let objects = objects.iter().cloned();
    Bundle::new(objects.map(|value| Object::parse(value).unwrap()).collect())
}

pub(crate) fn config_map(name: &str, value: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"key": value}})
}
