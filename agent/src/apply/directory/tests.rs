//! What a folder looks like after applies and prunes, and what is never touched.

use std::os::unix::fs::symlink;

use fleet_core::bundle::Bundle;
use fleet_core::wire::{ApplyStatus, DesiredDeployment, Removed};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::apply::Applier;
use crate::state::Disk;

fn object(kind: &str, name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name}})
}

fn reference(value: &Value) -> ObjectRef {
    let mut object = Object::parse(value.clone()).unwrap();
    object.set_namespace("default");
    object.reference()
}

struct World {
    _temp: TempDir,
    folder: PathBuf,
    disk: Arc<Disk>,
    applier: Applier<Directory>,
    inventory: Inventory,
}

impl World {
    fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("manifests");
        let disk = Arc::new(Disk::open(&temp.path().join("state")).unwrap());
        let target = Arc::new(Directory::open(&folder).unwrap());
        Self {
            folder,
            applier: Applier::new(target, disk.clone()),
            disk,
            inventory: Inventory::default(),
            _temp: temp,
        }
    }

    async fn apply(&mut self, name: &str, objects: &[Value]) -> crate::apply::Applied {
        let objects = objects.iter().cloned().map(|v| Object::parse(v).unwrap());
        let bundle = Bundle::new(objects.collect());
        let wanted = DesiredDeployment {
            name: BundleName::parse(name).unwrap(),
            generation: self.inventory.generation + 1,
            bundle: bundle.id(),
            options: ApplyOptions::default(),
        };
        let applied = self.applier.apply(&wanted, &bundle, &self.inventory).await;
        self.inventory = applied.inventory.clone();
        applied
    }

    async fn remove(&mut self, options: ApplyOptions) -> crate::apply::Applied {
        let removed = Removed {
            name: BundleName::parse("shop").unwrap(),
            generation: 99,
            options,
        };
        let in_use = Default::default();
        self.applier
            .remove(&removed, &self.inventory, &in_use)
            .await
    }

    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn path(&self, value: &Value) -> PathBuf {
        self.folder.join(file_name(&reference(value)))
    }
}

#[test]
fn file_names_are_dns_labels_and_never_the_same() {
    let check = |group: &str, kind: &str, namespace: &str, name: &str, start: &str| {
        let file = file_name(&ObjectRef {
            group: group.to_owned(),
            kind: kind.to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        });
        let label = file.strip_suffix(".yaml").unwrap();
        assert!(label.starts_with(start), "{file}");
        assert!(label.len() <= 63 && !label.contains('.'), "{file}");
        BundleName::parse(label).unwrap();
        file
    };
    let names = [
        check("", "ConfigMap", "shop", "web", "shop-configmap-web-"),
        check(
            "example.com",
            "ConfigMap",
            "shop",
            "web",
            "shop-configmap-web-",
        ),
        check("", "ConfigMap", "", "shop-web", "configmap-shop-web-"),
        check("", "ConfigMap", "shop", "Web", "shop-configmap-web-"),
        check(
            "rbac.authorization.k8s.io",
            "ClusterRole",
            "",
            "system:a.b",
            "clusterrole-system-a-b-",
        ),
        check("", "Secret", "shop", &"x".repeat(250), "shop-secret-xxx"),
    ];
    let distinct: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(distinct.len(), names.len());
}

#[tokio::test]
async fn a_second_apply_writes_nothing_and_a_smaller_bundle_prunes() {
    let mut world = World::new();
    let (a, b) = (object("ConfigMap", "a"), object("Secret", "b"));
    let first = world.apply("shop", &[a.clone(), b.clone()]).await;
    assert_eq!(
        (first.status, first.changes.created),
        (ApplyStatus::Applied, 2)
    );
    let text = fs::read_to_string(world.path(&a)).unwrap();
    assert!(text.contains("fleet.cattle.io/deployment: shop"), "{text}");
    assert!(text.contains("namespace: default"), "{text}");
    let again = world.apply("shop", &[a.clone(), b.clone()]).await;
    assert_eq!(again.changes.unchanged, 2);
    let less = world.apply("shop", &[a]).await;
    assert_eq!((less.changes.unchanged, less.changes.deleted), (1, 1));
    assert_eq!(world.files().len(), 1);
    assert_eq!(world.disk.load().inventories.len(), 1);
    let gone = world.remove(ApplyOptions::default()).await;
    assert_eq!(
        (gone.status, gone.inventory.entries.len()),
        (ApplyStatus::Applied, 0)
    );
    assert!(world.files().is_empty());
}

#[tokio::test]
async fn what_others_put_there_is_never_touched() {
    let mut world = World::new();
    let (mine, other, linked) = (
        object("ConfigMap", "a"),
        object("ConfigMap", "b"),
        object("ConfigMap", "c"),
    );
    world
        .apply("shop", &[mine.clone(), other.clone(), linked.clone()])
        .await;

    // Somebody replaces one file by another deployment's, and one by a link out of the folder.
    let foreign = fs::read_to_string(world.path(&other))
        .unwrap()
        .replace("deployment: shop", "deployment: blog");
    fs::write(world.path(&other), &foreign).unwrap();
    let outside = world.folder.parent().unwrap().join("outside");
    fs::write(&outside, "precious").unwrap();
    fs::remove_file(world.path(&linked)).unwrap();
    symlink(&outside, world.path(&linked)).unwrap();
    fs::write(world.folder.join("foreign.yaml"), "hands: off").unwrap();

    let applied = world
        .apply("shop", &[mine.clone(), other.clone(), linked.clone()])
        .await;
    assert_eq!(applied.changes.failed, 2);
    assert!(
        applied
            .problems
            .iter()
            .all(|problem| problem.reason == Reason::NotOwned)
    );
    let gone = world.remove(ApplyOptions::default()).await;
    assert_eq!((gone.changes.deleted, gone.changes.skipped), (1, 2));
    assert_eq!(fs::read_to_string(outside).unwrap(), "precious");
    assert_eq!(fs::read_to_string(world.path(&other)).unwrap(), foreign);
    assert_eq!(world.files().len(), 3);
}

#[tokio::test]
async fn files_that_were_changed_or_deleted_are_counted() {
    let mut world = World::new();
    let (a, b) = (object("ConfigMap", "a"), object("ConfigMap", "b"));
    world.apply("shop", &[a.clone(), b.clone()]).await;
    let name = BundleName::parse("shop").unwrap();
    let target = world.applier.target();
    let observed = target.observe(&name, &world.inventory).await.unwrap();
    assert_eq!(observed, Observed::default());
    let text = fs::read_to_string(world.path(&a)).unwrap();
    fs::write(world.path(&a), format!("{text}data: {{}}\n")).unwrap();
    fs::remove_file(world.path(&b)).unwrap();
    let observed = target.observe(&name, &world.inventory).await.unwrap();
    assert_eq!((observed.n_modified, observed.not_ready.len()), (2, 1));
}

#[tokio::test]
async fn kept_resources_stay_without_an_owner_and_can_be_taken_over() {
    let mut world = World::new();
    let a = object("ConfigMap", "a");
    world.apply("shop", std::slice::from_ref(&a)).await;
    let options = ApplyOptions {
        keep_resources: true,
        ..ApplyOptions::default()
    };
    let gone = world.remove(options).await;
    assert_eq!(
        (gone.status, gone.inventory.entries.len()),
        (ApplyStatus::Applied, 0)
    );
    assert!(
        !fs::read_to_string(world.path(&a))
            .unwrap()
            .contains(OWNER_LABEL)
    );
    world.inventory = Inventory::default();
    let taken = world.apply("blog", std::slice::from_ref(&a)).await;
    assert_eq!(
        (taken.status, taken.changes.configured),
        (ApplyStatus::Applied, 1)
    );
}

#[tokio::test]
async fn hooks_that_run_are_left_out_and_a_folder_that_is_gone_stops_all() {
    let mut world = World::new();
    let mut job = json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "j"}});
    job["metadata"]["annotations"] = json!({"helm.sh/hook": "pre-install"});
    let mut secret = object("Secret", "s");
    secret["metadata"]["annotations"] = json!({"helm.sh/hook": "pre-install"});
    let applied = world.apply("shop", &[job, secret.clone()]).await;
    assert_eq!((applied.changes.created, applied.changes.skipped), (1, 1));
    assert!(applied.status == ApplyStatus::Applied && world.path(&secret).exists());

    fs::remove_dir_all(&world.folder).unwrap();
    let before = world.inventory.clone();
    let away = world.apply("shop", &[]).await;
    assert_eq!(away.problems[0].reason, Reason::ClusterUnreachable);
    assert_eq!(away.inventory, before, "nothing is known to be gone");
}

#[tokio::test]
async fn a_lost_inventory_is_drawn_up_anew_from_the_files() {
    let mut world = World::new();
    let (a, b) = (object("ConfigMap", "a"), object("Secret", "b"));
    world.apply("shop", &[a.clone(), b]).await;
    let stray = fs::read_to_string(world.path(&a)).unwrap();
    fs::write(world.folder.join("copy.yaml"), stray).unwrap();
    world.inventory = Inventory::default();
    let name = BundleName::parse("shop").unwrap();
    world.applier.set_lost([name].into());
    let applied = world.apply("shop", &[a]).await;
    assert_eq!((applied.changes.unchanged, applied.changes.deleted), (1, 1));
    assert!(
        world.folder.join("copy.yaml").exists(),
        "it is no file of ours"
    );
}
