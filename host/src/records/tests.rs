//! Every record reads back as it was, and its form does not change unnoticed.

use std::collections::BTreeMap;

use fleet_core::digest::Digest;
use fleet_core::options::ApplyOptions;
use fleet_core::resource::{
    Cluster, ClusterGroup, ClusterGroupSpec, ClusterSpec, GitRepo, GitRepoSpec, Metadata,
};
use fleet_core::selector::LabelSelector;
use fleet_core::wire::AgentInfo;
use fleet_host_plan::fleet::{
    Bundle, ClusterRecord, Content, Dependency, Deployment, Removal, RepoRecord,
};
use fleet_store::memory::Memory;

use super::*;

fn content(text: &str) -> Content {
    Content {
        bundle: Digest::of(text.as_bytes()),
        options: ApplyOptions {
            default_namespace: "shop".to_owned(),
            ..ApplyOptions::default()
        },
        n_objects: 3,
    }
}

fn key(bundle: &str) -> DeploymentKey {
    (
        ClusterName::parse("edge-1").unwrap(),
        BundleName::parse(bundle).unwrap(),
    )
}

/// One of each kind, and both forms of a deployment.
fn one_of_each() -> Vec<Change> {
    let repo = RepoName::parse("shop").unwrap();
    let labels = BTreeMap::from([("env".to_owned(), "dev".to_owned())]);
    let selector = LabelSelector {
        match_labels: labels.clone(),
        ..LabelSelector::default()
    };
    let git_repo = RepoRecord {
        resource: GitRepo {
            api_version: "fleet.cattle.io/v1alpha1".to_owned(),
            metadata: Metadata::named(repo.clone()),
            spec: GitRepoSpec {
                repo: "https://git.example.org/shop".to_owned(),
                ..GitRepoSpec::default()
            },
        },
        commit: Some("c0ffee".to_owned()),
    };
    let cluster = ClusterRecord {
        resource: Cluster {
            api_version: "fleet.cattle.io/v1alpha1".to_owned(),
            metadata: Metadata::named(ClusterName::parse("edge-1").unwrap()),
            spec: ClusterSpec::default(),
        },
        about: AgentInfo {
            version: "0.1.0".to_owned(),
            kube_version: "v1.36.3".to_owned(),
            api_versions: vec!["v1/Pod".to_owned()],
        },
        state_revision: 7,
    };
    let group = ClusterGroup {
        api_version: "fleet.cattle.io/v1alpha1".to_owned(),
        metadata: Metadata::named(GroupName::parse("default").unwrap()),
        spec: ClusterGroupSpec {
            selector: Some(selector.clone()),
        },
    };
    let bundle = Bundle {
        repo,
        path: "apps/web".to_owned(),
        labels,
        depends_on: vec![Dependency {
            name: Some("shop-db".to_owned()),
            selector: Some(selector),
            accepted_states: vec!["Modified".to_owned()],
        }],
        paused: true,
        commit: "c0ffee".to_owned(),
    };
    let settled = Deployment {
        generation: 4,
        current: Some(content("new")),
        staged: content("new"),
    };
    let waiting = Deployment {
        generation: 0,
        current: None,
        staged: content("new"),
    };
    let removal = Removal {
        generation: 9,
        options: ApplyOptions::default(),
    };
    vec![
        Change::Repo(git_repo.resource.metadata.name.clone(), Some(git_repo)),
        Change::Cluster(cluster.resource.metadata.name.clone(), Some(cluster)),
        Change::Group(group.metadata.name.clone(), Some(group)),
        Change::Bundle(BundleName::parse("shop-web").unwrap(), Some(bundle)),
        Change::Deployment(key("shop-db"), Some(waiting)),
        Change::Deployment(key("shop-web"), Some(settled)),
        Change::Removal(key("shop-old"), Some(removal)),
    ]
}

#[test]
fn every_record_reads_back_as_it_was() {
    let store = Memory::new([1; 16]);
    let changes = one_of_each();
    store.commit(&writes(&changes)).unwrap();
    assert_eq!(load(&store).unwrap(), changes);
}

/// A changed form would make the stores of running hosts unreadable; bump the version and read both.
#[test]
fn the_form_of_the_records_is_fixed() {
    let text: Vec<String> = writes(&one_of_each())
        .into_iter()
        .map(|write| match write.operation {
            fleet_store::Operation::Put(value) => {
                format!("{} {}", write.key, String::from_utf8(value).unwrap())
            }
            _ => panic!("nothing is deleted"),
        })
        .collect();
    insta::assert_snapshot!(text.join("\n"));
}

#[test]
fn the_last_of_several_changes_counts() {
    let key = key("shop-web");
    let removal = |generation| {
        let options = ApplyOptions::default();
        Change::Removal(
            key.clone(),
            Some(Removal {
                generation,
                options,
            }),
        )
    };
    let store = Memory::new([1; 16]);
    store.commit(&writes(&[removal(1), removal(2)])).unwrap();
    assert_eq!(load(&store).unwrap(), [removal(2)]);
    store
        .commit(&writes(&[removal(3), Change::Removal(key.clone(), None)]))
        .unwrap();
    assert_eq!(load(&store).unwrap(), []);
}

/// Going on without a record that is not understood would overwrite or orphan what it stands for.
#[test]
fn what_is_not_understood_stops_the_host() {
    let check = |key: &str, value: &str, expected: &str| {
        let store = Memory::new([1; 16]);
        store
            .commit(&[Write::put(key, value.as_bytes().to_vec())])
            .unwrap();
        let error = fleet_core::error::chain(&load(&store).unwrap_err());
        assert!(error.contains(expected), "{key}: {error}");
    };
    check(
        "fleet/removal/edge-1/x",
        r#"{"v":2,"record":{}}"#,
        "has version 2",
    );
    check("fleet/removal/edge-1/x", "[]", "cannot be read");
    check(
        "fleet/removal/edge-1/x",
        r#"{"v":1,"record":{}}"#,
        "generation",
    );
    check(
        "fleet/removal/edge-1",
        r#"{"v":1,"record":{}}"#,
        "no key of a record",
    );
    check(
        "fleet/deployment/edge-1/x",
        r#"{"v":1,"record":{"generation":1}}"#,
        "neither `current` nor `staged`",
    );
    check(
        "fleet/repo/UPPER",
        r#"{"v":1,"record":{}}"#,
        "not a valid GitRepo name",
    );
}
